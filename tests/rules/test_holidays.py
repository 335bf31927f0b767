from datetime import date

from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.facts.documents import read_document
from mystery_shopper.rules.loading import DATA

FIRST_NEEDED = date(2025, 1, 1)


def test_the_pack_holds_the_bank_holidays_that_are_published_for_england_and_wales() -> None:
    written = set(read_document(DATA / "pack.yaml").data["holidays"])
    published = {day for day in bank_holidays() if day >= FIRST_NEEDED}
    assert {day if isinstance(day, date) else date.fromisoformat(str(day)) for day in written} == published
