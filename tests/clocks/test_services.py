"""Pauses, counting again and escalation: what moves, what is on record, and what is never done twice."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.app import ROOT
from mystery_shopper.cases import services
from mystery_shopper.cases.models import Case, CasePause
from mystery_shopper.cases.pauses import PauseKind
from mystery_shopper.cases.queries import get_case_for_update, list_events
from mystery_shopper.cases.states import CaseState
from mystery_shopper.clocks.cli import clocks_cli
from mystery_shopper.clocks.models import CaseEscalation
from mystery_shopper.clocks.queries import list_escalated, show_clocks
from mystery_shopper.clocks.services import escalate, list_overdue, recompute
from mystery_shopper.clocks.worker import escalation_round
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.notifications.models import Letter, OutboxMessage
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
ME = "user:1"


def at(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


def filed_on_monday() -> Filed:
    with clock.frozen(MONDAY), transaction():
        return add_report()


def case_in(state: CaseState) -> Case:
    """Return a case filed and brought to a state on one Monday."""
    case = get_case_for_update(filed_on_monday().case_id)
    road = [CaseState.ACKNOWLEDGED, CaseState.TRIAGE, CaseState.ACCEPTED, CaseState.AUTHORITY_CONTACTED]
    road.append(CaseState.FORMAL_NOTICE)
    with transaction():
        for step in road[: road.index(state) + 1]:
            services.move(case, step, actor=ME, now=MONDAY)
    return case


def pause(case: Case, kind: PauseKind, *, day: int, again: int = 30) -> None:
    look_again_on = at(again).date()
    with transaction():
        services.pause_clock(case, kind, look_again_on=look_again_on, reason="We wait", actor=ME, now=at(day))


def resume(case: Case, *, day: int) -> None:
    with transaction():
        services.resume_clock(case, reason="It came", actor=ME, now=at(day))


def tags(case: Case) -> list[str]:
    return [row.tag for row in list_events(case)]


def last_event(case: Case) -> Any:
    return list_events(case)[-1].to_event(case.data_key)


@pytest.mark.usefixtures("app_context")
class TestPauses:
    def test_a_pause_for_the_reporter_moves_step_and_target_by_the_days_it_stood(self) -> None:
        case = case_in(CaseState.TRIAGE)
        step, target = case.step_due_on, case.target_on
        assert step == date(2026, 3, 9)
        assert target is not None
        pause(case, PauseKind.REPORTER, day=1)
        assert (case.waiting, case.due_on, case.due_kind) == ("reporter", at(30).date(), "pause")
        resume(case, day=8)

        assert case.step_due_on == date(2026, 3, 16), "five working days were left out"
        assert case.target_on == target + timedelta(days=7)
        assert (case.waiting, case.due_kind, case.paused_since) == ("us", "step", None)
        assert tags(case)[-4:] == ["clock:paused", "clock:resumed", "clock:due-moved", "clock:due-moved"]
        assert last_event(case).sentence().startswith("Target of the outcome moved from ")

    def test_a_pause_for_the_authority_leaves_the_target_promised_to_the_reporter(self) -> None:
        case = case_in(CaseState.AUTHORITY_CONTACTED)
        step, target = case.step_due_on, case.target_on
        pause(case, PauseKind.AUTHORITY, day=2)
        resume(case, day=6)
        assert step is not None
        assert (case.step_due_on, case.target_on) == (step + timedelta(days=4), target)

    def test_a_pause_that_ends_on_the_day_it_began_moves_nothing(self) -> None:
        case = case_in(CaseState.TRIAGE)
        before = (case.step_due_on, case.target_on)
        pause(case, PauseKind.REPORTER, day=1)
        resume(case, day=1)
        assert (case.step_due_on, case.target_on) == before
        assert tags(case)[-1] == "clock:resumed"

    def test_a_clock_of_the_machine_set_back_ends_a_pause_on_the_day_it_began(self) -> None:
        case = case_in(CaseState.TRIAGE)
        before = case.step_due_on
        pause(case, PauseKind.REPORTER, day=3)
        resume(case, day=1)
        assert case.step_due_on == before
        assert last_event(case).days == 0

    def test_the_next_step_ends_a_pause_and_keeps_its_days_in_the_target(self) -> None:
        case = case_in(CaseState.TRIAGE)
        target = case.target_on
        pause(case, PauseKind.STATUTORY_PERIOD, day=1)
        assert case.waiting == "nobody"
        with transaction():
            services.move(case, CaseState.ACCEPTED, actor=ME, now=at(11))
        assert target is not None
        assert (case.paused_since, case.target_on, case.waiting) == (None, target + timedelta(days=10), "us")

    def test_a_period_set_by_law_is_not_stopped_by_the_authority(self) -> None:
        case = case_in(CaseState.FORMAL_NOTICE)
        assert case.step_due_on == date(2026, 3, 31), "30 days beginning with the day of the notice"
        with pytest.raises(DomainError, match="would stop no clock"):
            pause(case, PauseKind.AUTHORITY, day=1)
        pause(case, PauseKind.REPORTER, day=1, again=60)
        assert (case.due_on, case.due_kind) == (date(2026, 3, 31), "statutory")
        resume(case, day=9)
        assert case.step_due_on == date(2026, 3, 31)

    def test_one_pause_at_a_time_and_never_without_an_end_in_sight(self) -> None:
        case = case_in(CaseState.TRIAGE)
        with pytest.raises(DomainError, match="in the future"):
            pause(case, PauseKind.REPORTER, day=1, again=1)
        pause(case, PauseKind.REPORTER, day=1)
        with pytest.raises(DomainError, match="stands still already"):
            pause(case, PauseKind.REPORTER, day=2)
        resume(case, day=3)
        with pytest.raises(DomainError, match="runs already"):
            resume(case, day=4)
        assert len(db.session.scalars(select(CasePause)).all()) == 1

    def test_the_page_says_so_when_bank_holidays_are_not_known(self) -> None:
        case = case_in(CaseState.TRIAGE)
        assert show_clocks(case, at(1).date()).is_sure
        with transaction():
            services.move(case, CaseState.MORE_INFORMATION, actor=ME, now=datetime(2028, 12, 27, 9, tzinfo=UTC))
        assert case.step_due_on == date(2029, 1, 10), "weekends are left out, and nothing is guessed"
        assert not show_clocks(case, date(2028, 12, 28)).is_sure


class TestCountingAgain:
    def test_a_date_that_moved_is_shown_dry_and_put_on_record_when_applied(self, app: Flask) -> None:
        with app.app_context():
            case = case_in(CaseState.TRIAGE)
            reference, case_id = case.reference, case.id
            with transaction():
                case.step_due_on = case.due_on = date(2026, 3, 10)  # as if 3 March had been a holiday when it began
            db.session.remove()
        runner = app.test_cli_runner()
        dry = runner.invoke(clocks_cli, ["recompute"])
        assert dry.exit_code == 0
        assert f"{reference}: step 2026-03-10 -> 2026-03-09" in dry.output
        assert "nothing was changed" in dry.output
        with app.app_context():
            assert get_case_for_update(case_id).step_due_on == date(2026, 3, 10)
            db.session.remove()

        applied = runner.invoke(clocks_cli, ["recompute", "--apply", "--why", "3 March is no holiday"])
        assert applied.exit_code == 0
        with app.app_context():
            case = get_case_for_update(case_id)
            assert (case.step_due_on, case.due_on) == (date(2026, 3, 9), date(2026, 3, 9))
            assert last_event(case).sentence() == (
                "Date of this step moved from 10 March 2026 to 9 March 2026: 3 March is no holiday"
            )
            db.session.remove()
        again = runner.invoke(clocks_cli, ["recompute", "--apply"])
        assert "0 moved" in again.output

    @pytest.mark.usefixtures("app_context")
    def test_a_clock_that_stands_is_left_alone(self) -> None:
        case = case_in(CaseState.TRIAGE)
        pause(case, PauseKind.REPORTER, day=1)
        with transaction():
            assert recompute(case.id, why="a test", apply=True, now=at(9)) == (case.reference, [])
        assert tags(case)[-1] == "clock:paused"

    @pytest.mark.usefixtures("app_context")
    def test_a_date_that_a_notice_names_is_not_counted_again(self) -> None:
        case = case_in(CaseState.AUTHORITY_CONTACTED)
        with transaction():
            services.set_step(case, date(2026, 5, 1), MONDAY.date())
            moved = services.recount(case, why="a test", actor=ME, now=at(1))
        assert (case.step_due_on, moved) == (date(2026, 5, 1), [])


@pytest.mark.usefixtures("app_context")
class TestEscalation:
    def test_what_is_overdue_by_rule_is_put_before_a_senior_once(self, make_user: Callable[..., Member]) -> None:
        senior = make_user("senior-caseworker")
        make_user("caseworker")
        case = case_in(CaseState.TRIAGE)  # due on Monday 9 March, three working days more are Thursday 12
        with clock.frozen(at(9)):
            assert escalation_round() == 0
        for _ in range(2):
            with clock.frozen(at(10)):
                escalation_round()
        rows = db.session.scalars(select(CaseEscalation)).all()
        assert [(row.case_id, row.due_on, row.due_kind) for row in rows] == [(case.id, date(2026, 3, 9), "step")]
        assert tags(case).count("clock:escalated") == 1
        letters = db.session.scalars(select(OutboxMessage).where(OutboxMessage.letter == Letter.NEEDS_YOU)).all()
        assert [letter.user_id for letter in letters] == [senior.id]

    def test_the_next_date_that_passes_is_another_one(self) -> None:
        case = case_in(CaseState.TRIAGE)
        with transaction():
            assert escalate(case.id, now=at(10))
            services.move(case, CaseState.MORE_INFORMATION, actor=ME, now=at(10))
        assert list_overdue(at(11).date()) == []
        with transaction():
            assert escalate(case.id, now=at(40))

    def test_a_stopped_clock_is_overdue_once_it_was_not_looked_at(self, make_user: Callable[..., Member]) -> None:
        senior = get_user(make_user("senior-caseworker").id).to_staff_member()
        case = case_in(CaseState.TRIAGE)
        pause(case, PauseKind.REPORTER, day=1, again=20)
        assert list_overdue(at(19).date()) == []
        with transaction():
            assert not escalate(case.id, now=at(22))
            assert escalate(case.id, now=at(25))
        assert [one.id for one in list_escalated(senior, at(25).date())] == [case.id]
        resume(case, day=26)
        assert list_escalated(senior, at(26).date()) == []


def test_the_letter_says_nothing_of_the_case() -> None:
    text = (ROOT / "templates" / "letters" / "needs-you.txt").read_text()
    assert re.findall(r"{[{%].*?[}%]}", text) == ["{{ settings.base_url }}"]
