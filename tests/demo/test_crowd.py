"""A large demonstration: drawn the same each time, skewed as real work is, and as whole as what the services make."""

from collections import Counter
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.verification import verify
from mystery_shopper.cases.cli import folded_state
from mystery_shopper.cases.models import Case, CaseEventRecord, Report
from mystery_shopper.cases.queries import list_flags, list_reports
from mystery_shopper.cases.search import matching_serials
from mystery_shopper.cases.states import FINISHED, CaseState, can_move
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.demo import crowding, people, services
from mystery_shopper.demo.crowd import Scale, draw, invented_bodies, scale_of, walking_table
from mystery_shopper.triage.services import triage_case
from tests.factories.reports import add_report
from tests.factories.staff import add_member, sign_in_member

TODAY = date(2026, 11, 26)
CASES = 24


def draw_all(count: int) -> list:
    scale = scale_of(count)
    return [draw(number, seed=3, scale=scale, today=TODAY) for number in range(count)]


def test_the_same_cases_are_drawn_from_the_same_seed_and_they_are_skewed_as_work_is():
    drawn = draw_all(1000)
    assert drawn[:50] == draw_all(1000)[:50]
    assert [one.received_on for one in drawn] == sorted(one.received_on for one in drawn)
    assert all(can_move(step.old, step.new) and step.on <= TODAY for one in drawn for step in one.steps)
    finished = sum(one.state in FINISHED for one in drawn)
    assert 0.5 < finished / len(drawn) < 0.97
    most = Counter(one.authority for one in drawn if one.authority is not None).most_common()
    assert sum(count for _, count in most[:10]) > len(drawn) * 0.4
    assert set(walking_table()) == set(CaseState) - {CaseState.JOINED, CaseState.REOPENED}


def test_bodies_of_a_crowd_are_all_different():
    names = [body["name"] for body in invented_bodies(160)]
    assert len(set(names)) == len(names) == 160


@pytest.mark.both
def test_cases_in_bulk_are_as_whole_as_those_of_the_services(app: Flask, client: FlaskClient):
    with app.app_context():
        with transaction():
            people.add_staff(now=clock.utc_now())
            senior = add_member(Role.SENIOR_CASEWORKER)
        told: list[int] = []
        scale = Scale(reports=CASES, owners=6, authorities=20, days=500)
        for first, count in ((0, 10), (10, 14)):
            crowding.fill(
                count,
                from_number=first,
                seed=5,
                scale=scale,
                today=clock.today(),
                now=clock.utc_now(),
                tell=told.append,
            )
        assert told == [10, 14]
        cases = db.session.scalars(select(Case).order_by(Case.serial)).all()
        assert [case.serial for case in cases] == list(range(1, CASES + 1))
        assert all(folded_state(case) is case.state for case in cases)
        assert all(row.to_event(row_key(row)).sentence() for row in db.session.scalars(select(CaseEventRecord)))
        assert verify(db.session(), keyring().audit_key()).is_whole
        shown = next(case for case in cases if case.owner_id and list_flags(case))
        words = list_reports(shown)[0].content.narrative.split(".")[0]
        found = matching_serials(db.session(), words)
        assert found is not None
        assert shown.serial in db.session.scalars(select(Case.serial).where(found)).all()
        check_rules_say_the_same(shown)
        reference = shown.reference
        db.session.rollback()
    sign_in_member(client, senior)
    page = client.get(f"/cases/{reference}")
    assert page.status_code == 200
    assert client.get(f"/cases/{reference}/timeline").status_code == 200


def row_key(row: CaseEventRecord):
    case = db.session.get(Case, row.case_id)
    assert case
    return case.data_key


def check_rules_say_the_same(case: Case) -> None:
    """Applying the rules to the stored facts changes no flag: what was written in bulk is what they say."""
    before = [(flag.id, flag.outcome) for flag in list_flags(case)]
    with transaction():
        triage_case(case, actor="system", now=clock.utc_now())
    assert [(flag.id, flag.outcome) for flag in list_flags(case)] == before


def test_a_load_that_was_stopped_goes_on_and_never_beside_real_cases(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "TOLD", 2)
    monkeypatch.setattr(crowding, "BATCH", 3)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            services.load_demonstration(reports=8, say=str, tell=stop)
        assert services.count_missing(8) == 3
        assert services.load_demonstration(reports=8, say=str) == 3
        assert services.count_missing(8) == 0
        assert db.session.query(Report).count() == 8
        with transaction():
            add_report()
        with pytest.raises(ConfigurationError, match="not of the demonstration"):
            services.count_missing(20)
