"""Bank holidays, from the copy of the GOV.UK list that ships in the package `govuk-bank-holidays`: nothing is fetched.

The list is read as data. The package's own reader would bring an HTTP client into every start.
"""

import json
from datetime import date
from functools import cache
from importlib.resources import files

ENGLAND_AND_WALES = "england-and-wales"
SCOTLAND = "scotland"
NORTHERN_IRELAND = "northern-ireland"


@cache
def bank_holidays(division: str = ENGLAND_AND_WALES) -> frozenset[date]:
    """Return the bank holidays of one division of the United Kingdom, for the years the list covers."""
    listed = json.loads((files("govuk_bank_holidays") / "bank-holidays.json").read_text(encoding="utf-8"))
    return frozenset(date.fromisoformat(event["date"]) for event in listed[division]["events"])
