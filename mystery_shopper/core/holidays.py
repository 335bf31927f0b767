"""Bank holidays, from the copy of the GOV.UK list that ships with the package: nothing is fetched."""

from datetime import date
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

ENGLAND_AND_WALES = BankHolidays.ENGLAND_AND_WALES
SCOTLAND = BankHolidays.SCOTLAND
NORTHERN_IRELAND = BankHolidays.NORTHERN_IRELAND


@cache
def bank_holidays(division: str = ENGLAND_AND_WALES) -> frozenset[date]:
    """Return the bank holidays of one division of the United Kingdom, for the years the list covers."""
    source = BankHolidays(use_cached_holidays=True)
    return frozenset(holiday["date"] for holiday in source.get_holidays(division=division))
