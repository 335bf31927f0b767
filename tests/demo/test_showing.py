"""The demonstration shows every feature filled, told through the services, however few cases there are."""

import io
from datetime import datetime

import pytest
from flask import Flask

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.answering.models import Inquiry
from mystery_shopper.answering.queries import list_officers, list_questions
from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.services import add_demonstration_authorities
from mystery_shopper.cases.asking import asked_of, facts_stated_by
from mystery_shopper.cases.models import Case, Interest
from mystery_shopper.cases.queries import get_case_for_update, list_reports
from mystery_shopper.casework.queries.saved_views import list_views
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.demo import papers, people
from mystery_shopper.demo.showing import QUESTIONS, show_the_rest
from mystery_shopper.demo.telling import Cast
from mystery_shopper.evidence.formats.copying import write_copy
from mystery_shopper.evidence.formats.recognising import recognise
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import CopyState, Kind
from mystery_shopper.guidance.models import Referral
from mystery_shopper.guidance.states import ReferralState
from mystery_shopper.letters.queries import list_letters
from tests.demo.test_teaming import cases_of

KINDS = 7


def told(count: int, now: datetime, made: list) -> tuple[Cast, list[Case]]:
    with transaction():
        cast = people.add_staff(now=now)
        rows = [{"name": "Nowhere Borough Council", "type": "local"}]
        bodies: dict[str, Authority] = add_demonstration_authorities(rows, actor="system", now=now)
        cases = cases_of(get_user(cast.caseworkers[0].id), count)
        show_the_rest(cast, [*bodies.values()], made, now.date(), now)
    return cast, [get_case_for_update(case.id) for case in cases]


def test_every_feature_is_used_once(app_context: Flask) -> None:
    now = clock.utc_now()
    with papers.papers_made_beside(now, wanted=True) as made:
        cast, cases = told(KINDS, now, list(made))
    files = db.session.query(EvidenceFile).all()
    assert {file.kind for file in files} == {Kind.PDF, Kind.PNG, Kind.TEXT}
    assert {file.copy_state for file in files} == {CopyState.CLEANED}
    reports = [list_reports(case)[0] for case in cases]
    assert [len(asked_of(report)) for report in reports].count(1) == 1
    assert [facts_stated_by(report).get("published_on_portal") for report in reports].count(True) == 1
    inquiries = db.session.query(Inquiry).order_by(Inquiry.sent_at.is_(None)).all()
    assert [inquiry.sent_at is None for inquiry in inquiries] == [False, True]
    for inquiry in inquiries:
        case = get_case_for_update(inquiry.case_id)
        assert len(list_questions(case, inquiry)) == len(QUESTIONS)
        assert len(list_officers(case, inquiry, now.date())) == 1
    assert sum(len(list_letters(case)) for case in cases) == 2
    assert {row.state for row in db.session.query(Referral)} == {ReferralState.AGREED, ReferralState.ASKED}
    assert {row.user_id for row in db.session.query(Interest)} == {cast.away.id}
    assert len(list_views(cast.caseworkers[0].to_staff_member())) == 2
    db.session.rollback()


def test_it_does_as_much_as_there_are_cases(app_context: Flask) -> None:
    now = clock.utc_now()
    with papers.papers_made_beside(now, wanted=False) as made:
        told(1, now, list(made))
    assert db.session.query(EvidenceFile).count() == 0
    assert db.session.query(Interest).count() == 2


@pytest.mark.parametrize(("draw", "kind"), [(papers._tender, Kind.PDF), (papers._portal, Kind.PNG)])
def test_its_files_are_the_same_each_time(draw, kind: Kind) -> None:
    content = draw()
    assert content == draw()
    assert recognise(io.BytesIO(content)) is kind
    write_copy(kind, io.BytesIO(content), out := io.BytesIO())
    assert out.getvalue()
