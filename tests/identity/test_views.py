"""Looking at who reported: a reason and a fresh proof, minutes and not for ever, and the reporter is told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.models import IdentityChoice, Report
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.identity.policy import Figure, figures, reasons
from mystery_shopper.intake.queries import reporter_timeline
from mystery_shopper.notifications.models import Letter, OutboxMessage
from tests.casework.pages import Desk
from tests.factories.reports import IDENTITY, Filed
from tests.factories.staff import Member, sign_in_member

FIELDS = {"reason": "safety", "words": "Ring them at once, they wrote that they are threatened"}
TRACES = (IDENTITY.name, IDENTITY.organisation, IDENTITY.email, IDENTITY.phone)


@pytest.fixture
def owner(app: Flask, file_report: Callable[..., Filed], make_user: Callable[..., Member]) -> tuple[Filed, Member]:
    filed, member = file_report(), make_user(Role.CASEWORKER, name="Ada Example")
    give(app, filed, member)
    return filed, member


def give(app: Flask, filed: Filed, member: Member) -> None:
    with app.app_context(), transaction():
        assign(get_case_for_update(filed.case_id), get_user(member.id), actor="system", now=clock.utc_now())


def desk_of(app: Flask, member: Member, filed: Filed) -> Desk:
    browser = app.test_client()
    sign_in_member(browser, member)
    return Desk(browser, filed.case_reference)


def place(filed: Filed) -> str:
    return f"reports/{filed.report_id}/identity"


def traces(page: str) -> list[str]:
    return [trace for trace in TRACES if trace in page]


def test_who_reported_is_shown_for_minutes_with_a_reason_and_everybody_is_told(
    app: Flask, owner: tuple[Filed, Member], make_user: Callable[..., Member]
) -> None:
    filed, member = owner
    senior, other = make_user(Role.SENIOR_CASEWORKER), make_user(Role.CASEWORKER)
    desk = desk_of(app, member, filed)
    assert "Confidential: sealed" in desk.see()
    for missing, words in (
        ({"reason": ""}, "Select why you need to know"),
        ({"words": ""}, "Enter what you will do with it"),
        ({"words": "I want to"}, "Enter at least 20 characters"),
        ({"reason": "curious"}, "Select why you need to know"),
        ({"reason": "access"}, "Select why you need to know"),
    ):
        answer = desk.send(place(filed), {**FIELDS, **missing})
        assert (answer.status_code, traces(answer.text)) == (400, [])
        assert words in answer.text
    answer = desk.send(place(filed), FIELDS)
    assert answer.status_code == 302
    shown = desk.client.get(answer.location)
    assert traces(shown.text) == list(TRACES)
    assert shown.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r"(8\d\d|900); url=/cases/MS-\d{4}-\d{5}", shown.headers["Refresh"])

    assert traces(desk.see()) == traces(desk.see("timeline")) == []
    assert "Looked at 1 time" in desk.see()
    assert "Looked at who reported: Somebody&#39;s safety is at risk. Ring them" in desk.see("timeline")
    assert traces(desk.client.get("/cases.csv?state=all").text) == []
    over = desk_of(app, senior, filed)
    assert traces(over.see(place(filed))) == [], "a look is for the one who opened it"
    assert "Only whoever owns the case" in over.see(place(filed))
    looks = over.client.get("/identity-looks").text
    assert "Ada Example" in looks
    assert traces(looks) == []
    with app.app_context():
        report = db.session.get_one(Report, filed.report_id)
        (told,) = [entry for entry in reporter_timeline(report) if "looked at who you are" in entry.sentence]
        assert told.sentence.endswith("because somebody's safety was at risk. Nobody else saw it.")
        letters = select(OutboxMessage.user_id).where(OutboxMessage.letter == Letter.ACCESS_ALERT)
        assert set(db.session.scalars(letters)) == {senior.id}
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("identity:%")))
        assert sorted(actions) == ["identity:revealed", "identity:viewed"]

    with clock.frozen(clock.utc_now() + timedelta(minutes=figures()[Figure.OPEN])):
        assert traces(desk_of(app, member, filed).see(place(filed))) == []
    give(app, filed, other)
    assert desk.client.get(desk.url(place(filed))).status_code == 404


def test_it_closes_when_told_so_and_when_the_case_goes_to_somebody_else(
    app: Flask, owner: tuple[Filed, Member], make_user: Callable[..., Member]
) -> None:
    filed, member = owner
    desk = desk_of(app, member, filed)
    desk.send(place(filed), FIELDS)
    carried = desk.carried(desk.url(place(filed)))
    assert desk.client.post(desk.url(f"{place(filed)}/close"), data=carried).status_code == 302
    assert traces(desk.see(place(filed))) == []
    desk.send(place(filed), FIELDS)
    assert traces(desk.see(place(filed))) == list(TRACES)
    with app.app_context(), transaction():
        assign(get_case_for_update(filed.case_id), None, actor="system", now=clock.utc_now())
    assert traces(desk.see(place(filed))) == [], "nobody owns the case any more"


def test_a_proof_that_is_too_old_is_asked_for_anew_and_what_was_typed_goes_on(
    app: Flask, owner: tuple[Filed, Member]
) -> None:
    filed, member = owner
    desk = desk_of(app, member, filed)
    carried = desk.carried(desk.url(place(filed)))
    with clock.frozen(clock.utc_now() + timedelta(minutes=20)):
        asked = desk.client.get(desk.url(place(filed)))
        assert asked.location.startswith("/account/confirm?")
        kept = desk.client.post(desk.url(place(filed)), data={**carried, **FIELDS})
        assert traces(kept.text) == []
        assert FIELDS["words"] in kept.text


def test_of_an_anonymous_reporter_there_is_nothing_to_see(
    app: Flask, file_report: Callable[..., Filed], make_user: Callable[..., Member]
) -> None:
    filed, member = file_report(identity_choice=IdentityChoice.ANONYMOUS), make_user(Role.CASEWORKER)
    give(app, filed, member)
    desk = desk_of(app, member, filed)
    assert "Anonymous: the service does not know who it is" in desk.see()
    page = desk.see(place(filed))
    assert "This reporter is anonymous" in page
    assert 'name="words"' not in page
    answer = desk.client.post(desk.url(place(filed)), data={**desk.carried(desk.url("note")), **FIELDS})
    assert "This reporter is anonymous" in answer.text


def test_every_reason_can_end_the_sentence_the_reporter_reads() -> None:
    assert len(reasons()) >= 3
    for reason in reasons().values():
        assert reason.reporter_words[0].islower()
        assert not reason.reporter_words.endswith(".")
