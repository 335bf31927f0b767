"""How long an interest stands, and which spellings of a name are one."""

from datetime import UTC, date, datetime

import pytest

from mystery_shopper.disclosure.terms import supplier_spellings
from mystery_shopper.interests.policy import emergency_until, stands_until


def test_an_interest_that_ended_stands_for_a_year_more_and_one_that_lasts_has_no_end() -> None:
    assert stands_until(date(2026, 2, 28)) == date(2027, 2, 28)
    assert stands_until(date(2024, 2, 29)) == date(2025, 2, 28)
    assert stands_until(None) is None


def test_an_emergency_is_over_after_four_hours() -> None:
    assert emergency_until(datetime(2026, 3, 2, 22, tzinfo=UTC)) == datetime(2026, 3, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quillfeather Care Mutual Ltd", "QUILLFEATHER care mutual limited"),
        ("Quill-feather Care", "quillfeather  care"),
        ("Müller & Söhne GmbH", "Muller and Sohne"),
        ("Mr J. Smith", "j smith"),
        ("A & B Ltd", "a and b ltd"),
        ("J Smith t/a Quillfeather Care", "Quillfeather Care Ltd"),
        ("First Firm; Quillfeather Care", "Quillfeather Care"),
    ],
)
def test_two_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert supplier_spellings([one]) & supplier_spellings([other])


def test_different_firms_and_words_that_name_nobody_do_not_meet() -> None:
    assert not supplier_spellings(["Quillfeather Care"]) & supplier_spellings(["Quillfeather Homes"])
    assert not supplier_spellings(["Quillfeather, Ltd"]) & supplier_spellings(["Barchester Homes, Ltd"])
    assert supplier_spellings(["Ltd", "", " & "]) == frozenset()
    assert supplier_spellings([], ["00123456"]) == supplier_spellings([], ["123 456"])
    assert not supplier_spellings([], ["123456"]) & supplier_spellings(["123456"])
