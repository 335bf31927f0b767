"""Inquiries for tests: an intervention, questions, an officer who was invited, and the way in."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.answering import keys, services
from mystery_shopper.answering.models import Inquiry
from mystery_shopper.answering.policy import Contact, Person
from mystery_shopper.answering.queries import OpenPage, find_page, get_inquiry, list_requests
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.core.db import new_id
from mystery_shopper.interventions.policy import InterventionKind
from mystery_shopper.interventions.services import NewIntervention, record_intervention
from tests.factories.staff import token_in

OFFICER = Person(name="Olive Officer", role="Head of Procurement", email="olive@barchester.example")
QUESTIONS = ("Why is the bond set at this level?", "Which rule of yours asks for it?")
RULE = "FIN-BOND"


@dataclass(frozen=True)
class Way:
    """How an officer comes in."""

    officer_id: str
    inquiry_id: str
    intervention_id: str
    question_id: str
    token: str
    code: str


def add_inquiry(case: Case, *, by: StaffMember, person: Person = OFFICER, due_in: int = 20) -> Way:
    """Ask an authority two questions about a case and invite an officer. Call inside a transaction."""
    now, today = clock.utc_now(), clock.today()
    asked = NewIntervention(
        submission_id=uuid4(),
        kind=InterventionKind.LETTER,
        made_on=today,
        summary="We asked about the bond.",
        asked_for=today + timedelta(days=due_in),
    )
    row = record_intervention(case, asked, version=case.version, maker=by, now=now)
    contact = Contact(name="Case Team", reach="020 7946 0000")
    inquiry: Inquiry = services.start_inquiry(case, row, contact, by=by, now=now)
    ids = [new_id() for _question in QUESTIONS]
    for question_id, text in zip(ids, QUESTIONS, strict=True):
        services.add_question(case, inquiry, text, rule_id=RULE, question_id=question_id, actor=by.actor, now=now)
    invited = services.invite(case, inquiry, person, actor=by.actor, now=now)
    token = keys.token_of(invited.officer.id, invited.officer.issue)
    return Way(str(invited.officer.id), str(inquiry.id), str(row.id), str(ids[0]), token, invited.code)


def invite_more(case: Case, way: Way, person: Person, *, by: StaffMember) -> Way:
    """Invite one more officer to an inquiry. Call inside a transaction."""
    inquiry = get_inquiry(case, UUID(way.inquiry_id))
    invited = services.invite(case, inquiry, person, actor=by.actor, now=clock.utc_now())
    token = keys.token_of(invited.officer.id, invited.officer.issue)
    return replace(way, officer_id=str(invited.officer.id), token=token, code=invited.code)


def open_page(way: Way) -> OpenPage:
    """Return what an officer who came in has open. Call inside a transaction."""
    token = services.open_inquiry(way.token, way.code, now=clock.utc_now())
    assert token
    page = find_page(token, clock.utc_now(), lock=True)
    assert page
    return page


def ask_for_time(way: Way) -> UUID:
    """Let the officer ask for more time, and return the request. Call inside a transaction."""
    page = open_page(way)
    services.ask_for_time(page, clock.today() + timedelta(days=90), "We need the lawyer.", now=clock.utc_now())
    return list_requests(page.case, page.inquiry)[0].row.id


def enter(browser: FlaskClient, token: str, code: str) -> TestResponse:
    """Follow a link and send a code."""
    page = browser.get(f"/answer/open/{token}").text
    return browser.post(f"/answer/open/{token}", data={"csrf_token": token_in(page), "code": code})


def send(browser: FlaskClient, path: str, fields: dict[str, object], *, source: str = "") -> TestResponse:
    """Fill in the form of an officer's page and send it."""
    page = browser.get(source or path).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    carried = {"csrf_token": token_in(page), **({"version": version.group(1)} if version else {})}
    return browser.post(path, data={**carried, **fields}, content_type="multipart/form-data")
