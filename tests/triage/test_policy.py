"""The routing table, row by row and in every combination; scope, tender clock and decisions carried over."""

import csv
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.cases.policy import Priority
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.triage.policy import (
    AboutPayment,
    Conditions,
    ScopeFinding,
    Sector,
    Strength,
    TenderClock,
    carries_over,
    every_combination,
    load_table,
    route,
    routing_table,
    scope_finding,
    sector_of,
    tender_clock,
)

TODAY = date(2026, 3, 2)
NO_HOLIDAYS: frozenset[date] = frozenset()
DATA = files("mystery_shopper.triage") / "data"


def expected_rows() -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / "routing_expected.csv").read_text().splitlines()))


def test_every_combination_meets_exactly_one_row() -> None:
    for conditions in every_combination():
        assert sum(row.meets(conditions) for row in routing_table()) == 1


def test_expected_file_names_every_combination_once_and_holds() -> None:
    rows = expected_rows()
    found = {}
    for row in rows:
        conditions = Conditions(
            scope=ScopeFinding(row["scope"]),
            sector=Sector(row["sector"]),
            tender=TenderClock(row["tender"]),
            strength=Strength(row["strength"]),
            payment=AboutPayment(row["payment"]),
        )
        given_route = route(conditions)
        found[conditions] = (given_route.queue, given_route.priority.value, str(given_route.target_months))
        assert found[conditions] == (row["queue"], row["priority"], row["target_months"]), conditions
    assert set(found) == set(every_combination())
    assert len(rows) == len(found)


def test_targets_are_two_months_for_central_government_and_three_for_the_wider_public_sector() -> None:
    months = {(row["sector"], row["target_months"]) for row in expected_rows()}
    assert months == {("central", "2"), ("wider", "3"), ("prime", "2"), ("unknown", "2")}


def test_tender_that_closes_soon_is_never_less_urgent_than_one_that_does_not() -> None:
    order = list(Priority)
    for conditions in every_combination():
        urgency = {
            clock: order.index(
                route(
                    Conditions(
                        scope=conditions.scope,
                        sector=conditions.sector,
                        tender=clock,
                        strength=conditions.strength,
                        payment=conditions.payment,
                    )
                ).priority
            )
            for clock in TenderClock
        }
        assert urgency[TenderClock.CLOSES_SOON] <= urgency[TenderClock.OPEN] <= urgency[TenderClock.NOT_LIVE]


def table(change: str = "", to: str = "") -> list[str]:
    text = (DATA / "routing.csv").read_text()
    assert change in text
    return text.replace(change, to, 1).splitlines()


@pytest.mark.parametrize(
    ("change", "to", "message"),
    [
        (",live-tender,urgent,2", ",nowhere,urgent,2", "line 6: there is no queue 'nowhere'"),
        (",urgent,2", ",soonish,2", "line 6: 'soonish'"),
        (",urgent,2", ",urgent,99", "line 6: target_months must be 1 to 12"),
        (",urgent,2", ",urgent,two", "line 6: invalid literal"),
        ("in|check,wider,not-live,weak|none,no", "in,wider,not-live,weak|none,no", "meets no line"),
        ("in|check,wider,not-live,weak|none,no", "in|check,wider,not-live,*,no", "meets lines 21, 23"),
        ("in|check,wider,closes-soon", "in|check,widest,closes-soon", "line 7: 'widest'"),
    ],
)
def test_table_with_a_fault_is_refused_naming_the_place(change: str, to: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=r"routing\.csv") as caught:
        load_table(table(change, to))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("closes_on", "expected"),
    [
        (None, TenderClock.NOT_LIVE),
        (TODAY - timedelta(days=1), TenderClock.NOT_LIVE),
        (TODAY, TenderClock.CLOSES_SOON),
        (date(2026, 3, 16), TenderClock.CLOSES_SOON),
        (date(2026, 3, 17), TenderClock.OPEN),
    ],
)
def test_tender_clock_counts_ten_working_days(closes_on: date | None, expected: TenderClock) -> None:
    assert tender_clock(closes_on, TODAY, NO_HOLIDAYS) is expected


def test_holiday_makes_soon_a_day_longer() -> None:
    assert tender_clock(date(2026, 3, 17), TODAY, frozenset({date(2026, 3, 9)})) is TenderClock.CLOSES_SOON


@given(days=st.integers(-400, 400))
def test_tender_never_becomes_less_pressing_as_it_comes_nearer(days: int) -> None:
    order = [TenderClock.OPEN, TenderClock.CLOSES_SOON]
    closes_on = TODAY + timedelta(days=abs(days))
    now = tender_clock(closes_on, TODAY, NO_HOLIDAYS)
    nearer = tender_clock(closes_on, min(TODAY + timedelta(days=1), closes_on), NO_HOLIDAYS)
    assert order.index(now) <= order.index(nearer)


class TestScope:
    def find(self, register: str | None = "in", **changes: object) -> ScopeFinding:
        details = {"facts": {}, "answers": {}, "started_on": None} | changes
        return scope_finding(
            register,
            details["facts"],  # type: ignore[arg-type]
            details["answers"],  # type: ignore[arg-type]
            received_on=TODAY,
            started_on=details["started_on"],  # type: ignore[arg-type]
        )

    def test_body_of_the_register_is_in(self) -> None:
        assert self.find() is ScopeFinding.IN

    @pytest.mark.parametrize("register", ["out-devolved", "out-school"])
    def test_body_the_register_puts_out_is_out(self, register: str) -> None:
        assert self.find(register) is ScopeFinding.OUT

    @pytest.mark.parametrize("register", [None, "check"])
    def test_body_nobody_knows_is_checked(self, register: str | None) -> None:
        assert self.find(register) is ScopeFinding.CHECK

    @pytest.mark.parametrize("fact", ["is_devolved_authority", "is_school", "is_private_utility"])
    def test_stated_fact_puts_a_case_out(self, fact: str) -> None:
        assert self.find(facts={fact: True}) is ScopeFinding.OUT
        assert self.find(facts={fact: False}) is ScopeFinding.IN

    @pytest.mark.parametrize(
        ("started_on", "expected"),
        [
            (date(2023, 12, 31), ScopeFinding.CHECK),
            (date(2024, 1, 1), ScopeFinding.OUT),
            (None, ScopeFinding.OUT),
        ],
    )
    def test_health_care_left_on_the_first_of_january_2024(
        self, started_on: date | None, expected: ScopeFinding
    ) -> None:
        assert self.find(facts={"is_healthcare_service": True}, started_on=started_on) is expected

    @pytest.mark.parametrize(
        ("started_on", "expected"),
        [(date(2024, 3, 1), ScopeFinding.CHECK), (date(2024, 3, 2), ScopeFinding.IN)],
    )
    def test_procurement_of_more_than_two_years_ago_is_checked(self, started_on: date, expected: ScopeFinding) -> None:
        assert self.find(started_on=started_on) is expected

    @pytest.mark.parametrize(
        ("answers", "expected"),
        [
            ({"body": "school"}, ScopeFinding.OUT),
            ({"specific": "no"}, ScopeFinding.OUT),
            ({"legal": "yes"}, ScopeFinding.OUT),
            ({"recent": "unsure"}, ScopeFinding.CHECK),
            ({"body": "english-public-body", "specific": "yes", "legal": "no"}, ScopeFinding.IN),
        ],
    )
    def test_answers_of_the_reporter_count(self, answers: dict[str, str], expected: ScopeFinding) -> None:
        assert self.find(answers=answers) is expected


@pytest.mark.parametrize(
    ("authority_type", "is_main_contractor", "expected"),
    [
        ("central-government", False, Sector.CENTRAL),
        ("local-authority", False, Sector.WIDER),
        ("nhs", False, Sector.WIDER),
        (None, False, Sector.UNKNOWN),
        (None, True, Sector.PRIME),
        ("central-government", True, Sector.PRIME),
    ],
)
def test_sector_follows_the_register(authority_type: str | None, is_main_contractor: bool, expected: Sector) -> None:
    assert sector_of(authority_type, is_main_contractor) is expected


@pytest.mark.parametrize(
    ("new_version", "new_outcome", "expected"),
    [("1", "raised", True), ("2", "raised", False), ("1", "cleared", False), ("2", "undecided", False)],
)
def test_decision_holds_while_the_same_rule_says_the_same(new_version: str, new_outcome: str, expected: bool) -> None:
    carried = carries_over(old_version="1", old_outcome="raised", new_version=new_version, new_outcome=new_outcome)
    assert carried is expected


def test_target_date_is_whole_months_from_receipt() -> None:
    central = route(
        Conditions(
            scope=ScopeFinding.IN,
            sector=Sector.CENTRAL,
            tender=TenderClock.NOT_LIVE,
            strength=Strength.STRONG,
            payment=AboutPayment.NO,
        )
    )
    assert central.target_on(date(2026, 12, 31)) == date(2027, 2, 28)
