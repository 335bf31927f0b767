"""How plain the pages are, and that the measure tells plain from heavy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.guidance.checking import hard_to_read
from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.policy import GuidancePage
from mystery_shopper.guidance.readability import OLDEST_READER, read, syllables_of

HEAVY = (
    "Notwithstanding the aforementioned stipulations, contracting organisations endeavouring to demonstrate"
    " proportionality are nevertheless obliged to substantiate methodological considerations underpinning their"
    " determination of financial capability thresholds."
)


@pytest.mark.parametrize("page", list(library()), ids=lambda page: page.slug)
def test_every_page_can_be_read_at_about_twelve(page: GuidancePage) -> None:
    assert list(hard_to_read(page)) == []


def test_heavy_words_are_not_plain() -> None:
    assert read(HEAVY).age > OLDEST_READER + 5
    assert read("Ask the buyer. It may say yes.").age < 8


@pytest.mark.parametrize(
    ("word", "syllables"), [("bond", 1), ("buyer", 1), ("notice", 2), ("little", 2), ("insurance", 2), ("award", 2)]
)
def test_syllables_are_counted(word: str, syllables: int) -> None:
    assert syllables_of(word) == syllables


@given(st.text(max_size=300))
def test_any_text_has_a_reading(text: str) -> None:
    reading = read(text)
    assert reading.longest_words >= 0
    assert read("").age == 0.0
