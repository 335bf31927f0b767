"""An amount written in short stays refused; the message says how to type it."""

import pytest

from mystery_shopper.core.amounts import advice_on, figures_of
from mystery_shopper.facts.policy import FactValueError, parse
from mystery_shopper.facts.registry import registry


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("40 million", "40,000,000"),
        ("£1m", "1,000,000"),
        ("£1.5 Million pounds", "1,500,000"),
        ("250k", "250,000"),
        ("2.125bn", "2,125,000,000"),
    ],
)
def test_an_amount_in_short_is_echoed_in_figures(text: str, figures: str) -> None:
    assert figures_of(text) == figures


@pytest.mark.parametrize(
    "text", ["40", "m", "4 0 million", "1,5m", "٤0 million", "1e9m", "-1m", "1.2345m", "9" * 50 + "m"]
)
def test_nothing_else_is_understood(text: str) -> None:
    assert advice_on(text) == ""


def test_the_message_at_the_field_says_how_to_write_it() -> None:
    with pytest.raises(FactValueError, match=r"must be in pounds, .*\. For 40 million enter 40,000,000$"):
        parse(registry()["estimated_value_gbp"], "40 million")
