from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.cases.policy import (
    BEFORE_OUTCOME,
    Due,
    DueKind,
    clocks,
    new_public_reference,
    next_due,
    staff_reference,
)
from mystery_shopper.cases.states import CaseState

DAYS = st.dates(date(2015, 1, 1), date(2040, 1, 1))
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("state", "ends_on"),
    [
        (CaseState.RECEIVED, date(2026, 3, 4)),
        (CaseState.TRIAGE, date(2026, 3, 9)),
        (CaseState.AUTHORITY_CONTACTED, date(2026, 3, 16)),
        (CaseState.FORMAL_NOTICE, date(2026, 3, 31)),
        (CaseState.FOLLOW_UP_DUE, date(2026, 9, 2)),
    ],
)
def test_each_state_has_its_own_clock(state: CaseState, ends_on: date) -> None:
    assert clocks()[state].ends_on(TODAY, frozenset()) == ends_on


def test_a_state_without_a_clock_has_none() -> None:
    assert CaseState.ASSESSMENT not in clocks()


def test_every_clock_says_who_set_it() -> None:
    assert {clock.basis for clock in clocks().values()} <= {"law", "policy", "project-assumption"}
    assert all(clock.source for clock in clocks().values())


@given(
    state=st.sampled_from(CaseState),
    step=st.none() | DAYS,
    target=st.none() | DAYS,
    closes=st.none() | DAYS,
    today=DAYS,
)
def test_what_is_due_next_is_the_earliest_clock_that_still_runs(
    state: CaseState, step: date | None, target: date | None, closes: date | None, today: date
) -> None:
    due = next_due(
        state,
        step=Due(step, DueKind.STEP) if step else None,
        target_on=target,
        tender_closes_on=closes,
        today=today,
    )
    running = [step] if step else []
    if state in BEFORE_OUTCOME:
        running += [day for day in (target,) if day]
        running += [day for day in (closes,) if day and day >= today]
    assert (due.on if due else None) == min(running, default=None)


def test_the_tender_s_own_clock_wins_over_others_of_the_same_day() -> None:
    due = next_due(
        CaseState.TRIAGE, step=Due(TODAY, DueKind.STEP), target_on=TODAY, tender_closes_on=TODAY, today=TODAY
    )
    assert due == Due(TODAY, DueKind.TENDER)


def test_a_tender_that_has_closed_no_longer_drives_the_case() -> None:
    yesterday = TODAY - timedelta(days=1)
    due = next_due(CaseState.TRIAGE, step=None, target_on=TODAY, tender_closes_on=yesterday, today=TODAY)
    assert due == Due(TODAY, DueKind.TARGET)


def test_references_read_well_and_public_ones_tell_nothing() -> None:
    assert staff_reference(2026, 417) == "MS-2026-00417"
    made = {new_public_reference() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(reference) == 13 and reference.startswith("PR-") for reference in made)
