"""Which power, by when, which step follows, and what an outcome may claim."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.cases.states import CaseState, can_move
from mystery_shopper.interventions.policy import (
    FORMAL_NOTICES,
    WITHOUT_FINDING,
    InterventionKind,
    NoticeNotAllowedError,
    OutcomeCode,
    OutcomeNotAllowedError,
    Upheld,
    check_change,
    check_outcome,
    possible_steps,
    power_for,
    powers_open,
    response_due,
    step_after,
)

S40, S108 = InterventionKind.FORMAL_NOTICE_S40, InterventionKind.FORMAL_NOTICE_S108
DAYS = st.dates(date(2010, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("opened_on", "kind"),
    [
        (date(2015, 5, 25), None),
        (date(2015, 5, 26), S40),
        (date(2025, 2, 23), S40),
        (date(2025, 2, 24), S108),
        (date(2030, 1, 1), S108),
    ],
)
def test_power_follows_the_day_the_investigation_opened(opened_on: date, kind: InterventionKind | None) -> None:
    power = power_for(opened_on)
    assert (power.kind if power else None) is kind


@given(opened_on=DAYS, started_on=st.none() | DAYS)
def test_first_power_offered_is_the_usual_one_and_none_comes_twice(opened_on: date, started_on: date | None) -> None:
    offered = powers_open(opened_on, started_on)
    assert (offered[0] if offered else None) is power_for(opened_on)
    assert len({power.kind for power in offered}) == len(offered)


def test_older_power_is_offered_too_for_a_procurement_started_under_it() -> None:
    offered = powers_open(date(2025, 6, 1), date(2024, 6, 1))
    assert [power.kind for power in offered] == [S108, S40]
    assert [power.kind for power in powers_open(date(2025, 6, 1), date(2025, 6, 1))] == [S108]


def test_thirty_days_of_section_40_begin_with_the_day_of_the_notice() -> None:
    available = powers_open(date(2020, 1, 1), None)
    assert response_due(S40, date(2020, 3, 1), None, available) == date(2020, 3, 30)
    for other in (date(2020, 3, 29), date(2020, 3, 31)):
        with pytest.raises(NoticeNotAllowedError, match="exactly 30 March 2020"):
            response_due(S40, date(2020, 3, 1), other, available)


def test_section_108_gives_at_least_thirty_days() -> None:
    available = powers_open(date(2025, 6, 1), None)
    given_on = date(2025, 6, 1)
    assert response_due(S108, given_on, None, available) == date(2025, 7, 1)
    assert response_due(S108, given_on, date(2025, 8, 1), available) == date(2025, 8, 1)
    with pytest.raises(NoticeNotAllowedError, match="no earlier than 1 July 2025"):
        response_due(S108, given_on, date(2025, 6, 30), available)
    with pytest.raises(NoticeNotAllowedError, match="within a year"):
        response_due(S108, given_on, date(2027, 6, 1), available)


def test_notice_without_a_power_is_refused() -> None:
    with pytest.raises(NoticeNotAllowedError, match="Ask the authority informally"):
        response_due(S40, date(2014, 1, 1), None, powers_open(date(2014, 1, 1), None))
    with pytest.raises(NoticeNotAllowedError, match="section 108"):
        response_due(S40, date(2025, 6, 1), None, powers_open(date(2025, 6, 1), None))


@given(made_on=DAYS, days=st.none() | st.integers(-30, 30))
def test_other_interventions_are_due_when_asked_for(made_on: date, days: int | None) -> None:
    asked_for = None if days is None else made_on + timedelta(days=days)
    if days is not None and days < 0:
        with pytest.raises(NoticeNotAllowedError):
            response_due(InterventionKind.LETTER, made_on, asked_for, ())
    else:
        assert response_due(InterventionKind.LETTER, made_on, asked_for, ()) == asked_for


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("kind", list(InterventionKind))
def test_step_after_an_intervention_is_one_the_machine_allows(state: CaseState, kind: InterventionKind) -> None:
    step = step_after(kind, state)
    assert step is None or can_move(state, step)
    assert step is None or step in possible_steps(state)
    assert step is not CaseState.FORMAL_NOTICE or kind in FORMAL_NOTICES


def check(
    code: OutcomeCode, upheld: Upheld, *, positive: bool = False, basis: str | None = None, money: int = 0
) -> None:
    check_outcome(code, upheld, positive=positive, basis_fact_id=basis, money_freed_pence=money)


def test_positive_outcome_needs_a_fact() -> None:
    with pytest.raises(OutcomeNotAllowedError, match="Select the fact"):
        check(OutcomeCode.LIVE_PROCUREMENT_CHANGED, Upheld.YES, positive=True)
    check(OutcomeCode.LIVE_PROCUREMENT_CHANGED, Upheld.YES, positive=True, basis="bond_gbp")


@pytest.mark.parametrize("upheld", [Upheld.YES, Upheld.PARTLY, Upheld.NO])
@pytest.mark.parametrize("positive", [True, False])
def test_upheld_and_positive_are_apart(upheld: Upheld, positive: bool) -> None:
    check(OutcomeCode.ADVICE_TO_SUPPLIER, upheld, positive=positive, basis="bond_gbp" if positive else None)


@pytest.mark.parametrize("code", sorted(WITHOUT_FINDING))
@pytest.mark.parametrize("upheld", [Upheld.YES, Upheld.PARTLY, Upheld.NO])
def test_nothing_is_found_of_a_case_that_ended_early(code: OutcomeCode, upheld: Upheld) -> None:
    with pytest.raises(OutcomeNotAllowedError):
        check(code, upheld)
    check(code, Upheld.NOT_APPLICABLE)


def test_not_upheld_means_no() -> None:
    with pytest.raises(OutcomeNotAllowedError):
        check(OutcomeCode.NOT_UPHELD, Upheld.YES)


def test_payment_released_names_the_money() -> None:
    with pytest.raises(OutcomeNotAllowedError, match="how much"):
        check(OutcomeCode.PAYMENT_RELEASED, Upheld.YES)
    check(OutcomeCode.PAYMENT_RELEASED, Upheld.YES, money=1)


def test_a_changed_procurement_is_something_better() -> None:
    with pytest.raises(OutcomeNotAllowedError, match="Select yes"):
        check(OutcomeCode.LIVE_PROCUREMENT_CHANGED, Upheld.YES, positive=False)


def test_positive_outcome_rests_on_a_value_that_changed() -> None:
    with pytest.raises(OutcomeNotAllowedError, match="same as before"):
        check_change(5, 5, positive=True)
    check_change(5, 5, positive=False)
    with pytest.raises(OutcomeNotAllowedError, match="before the change"):
        check_change(None, 5, positive=True)
    check_change(None, 5, positive=True, money_freed_pence=1_240_000)
    check_change(5, 4, positive=True)
