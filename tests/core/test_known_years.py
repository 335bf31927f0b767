"""How far the bank holidays are known, and what was proclaimed since: said, never guessed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mystery_shopper.cases.policy import clocks
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.holidays import (
    ENGLAND_AND_WALES,
    NORTHERN_IRELAND,
    SCOTLAND,
    bank_holidays,
    calendar_of,
    calendar_problems,
    calendars,
    read_calendars,
    read_declared,
)

FEWEST_IN_A_YEAR = 8


@pytest.mark.parametrize("division", [ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND])
def test_every_year_a_calendar_says_it_knows_is_in_the_list_and_the_next_is_not(division: str) -> None:
    calendar, listed = calendars()[division], [day.year for day in bank_holidays(division)]
    for year in range(calendar.known_from.year, calendar.known_until.year + 1):
        assert listed.count(year) >= FEWEST_IN_A_YEAR, year
    assert calendar.known_until.year + 1 not in listed
    assert "gov.uk/bank-holidays" in calendar.source


def test_a_date_beyond_the_known_years_is_not_sure_and_only_where_working_days_are_counted() -> None:
    calendar = calendar_of(None)
    last = calendar.known_until
    working, plain = clocks()[CaseState.TRIAGE], clocks()[CaseState.AUTHORITY_CONTACTED]
    assert working.is_sure(last - timedelta(days=9), last, calendar)
    assert not working.is_sure(last, last + timedelta(days=3), calendar)
    assert not working.is_sure(calendar.known_from - timedelta(days=3), calendar.known_from, calendar)
    assert plain.is_sure(last, last + timedelta(days=14), calendar)


def test_the_operator_is_told_in_time_that_a_calendar_ends() -> None:
    last = calendar_of(None).known_until
    assert calendar_problems(last - timedelta(days=180)) == []
    found = calendar_problems(last - timedelta(days=179))
    assert len(found) == 3
    assert found[0].startswith("calendar: bank holidays of England and Wales are known until 2028-12-31 only")


def test_declared_days_are_added_and_removed_for_their_own_division() -> None:
    text = (
        "division,day,change,title,source\n"
        "scotland,2027-06-14,added,A day of celebration,https://www.gov.scot/\n"
        "scotland,2027-08-02,removed,Summer bank holiday,https://www.gov.scot/\n"
    )
    assert read_declared(text.splitlines(), SCOTLAND) == ({date(2027, 6, 14)}, {date(2027, 8, 2)})
    assert read_declared(text.splitlines(), ENGLAND_AND_WALES) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    "line", ["scotland,2027-13-01,added,x,y", "scotland,2027-06-14,moved,x,y", "scotland,2027-06-14,added,x,"]
)
def test_a_declared_day_that_cannot_be_read_names_its_line(line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"declared_days\.csv line 2"):
        read_declared(["division,day,change,title,source", line], SCOTLAND)


def test_a_calendar_that_cannot_be_read_names_its_line() -> None:
    with pytest.raises(ConfigurationError, match=r"calendars\.csv line 2"):
        read_calendars(["division,label,first_year,last_year,source", "scotland,Scotland,soon,2028,x"])


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC), date(2038, 1, 19)),
    ],
)
def test_the_day_in_london_is_right_around_summer_time_and_after_2038(moment: datetime, day: date) -> None:
    assert clock.day_in_london(moment) == day
    with clock.frozen(moment):
        assert clock.today() == day
