"""The shipped bank holidays against an independent source, the package `holidays`, for years a clock may touch."""

from datetime import date

import holidays
import pytest

from mystery_shopper.core.holidays import ENGLAND_AND_WALES, NORTHERN_IRELAND, SCOTLAND, bank_holidays

YEARS = range(2019, 2028)
# Days on which the two differ, each looked at by a person.
KNOWN_DIFFERENCES = {
    SCOTLAND: {date(2026, 6, 15)},  # a single holiday of that year, not in the shipped list
}
WEEKEND = 5


@pytest.mark.parametrize(
    ("division", "subdivision"), [(ENGLAND_AND_WALES, "ENG"), (SCOTLAND, "SCT"), (NORTHERN_IRELAND, "NIR")]
)
def test_bank_holidays_on_weekdays_agree_with_another_source(division, subdivision):
    other = {day for day in holidays.country_holidays("GB", subdiv=subdivision, years=YEARS) if day.weekday() < WEEKEND}
    ours = {day for day in bank_holidays(division) if day.year in YEARS and day.weekday() < WEEKEND}
    assert len(ours) > 60
    assert ours ^ other == KNOWN_DIFFERENCES.get(division, set())
