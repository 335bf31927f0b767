"""Texts that make a careless pattern try for minutes: every reader of typed text answers them at once."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from mystery_shopper.authorities.policy import words_of
from mystery_shopper.cases.search import words
from mystery_shopper.cases.search_terms import read_terms
from mystery_shopper.core import receipts
from mystery_shopper.core.addresses import is_email, safe_next_path
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import DateField, DecimalField, GovForm, IntegerField, MoneyField, TextField
from mystery_shopper.core.forms.fields import TEXT_MAX
from mystery_shopper.core.text import clean_line
from mystery_shopper.disclosure.policy import scan
from mystery_shopper.disclosure.terms import IdentityDetails, build_terms
from mystery_shopper.intake.policy import is_email_address, is_phone_number

MOST_SECONDS = 0.05
SLOW = {
    "a postcode and spaces": "A1" + " " * 20_000,
    "an address that does not end": "a" * 30 + "!",
    "an address with many dots": "a@" + "a." * 5000,
    "amounts": "1," * 10_000,
    "folders": "/a" * 24,
    "digits": "9" * 20_000,
    "brackets": "(" * 10_000,
    "marks": "A" + "\u0301" * 10_000,
    "spaces and a letter": " " * 20_000 + "x",
    "minus": "- " * 5000,
}
TERMS = build_terms([IdentityDetails(organisations=("Quillfeather Meals CIC",), names=("Joan Pargeter",))])
READERS: dict[str, Callable[[str], object]] = {
    "clean": clean_line,
    "address": is_email,
    "address of a reporter": is_email_address,
    "phone": is_phone_number,
    "next page": safe_next_path,
    "receipt code": receipts.parse,
    "own code": lambda text: receipts.looks_like_code(text[:TEXT_MAX]),
    "words": words,
    "terms": read_terms,
    "authority": words_of,
    "disclosure gate": lambda text: scan(text, TERMS),
}


class Answers(GovForm):
    """One field of each kind that reads a pattern."""

    name = TextField("Name")
    amount = MoneyField("Amount")
    years = IntegerField("Years")
    share = DecimalField("Share")
    day = DateField("Day")


@pytest.mark.parametrize("what", SLOW)
def test_no_text_takes_longer_than_a_blink(what: str) -> None:
    slow = {name: spent for name, reader in READERS.items() if (spent := seconds(reader, SLOW[what])) > MOST_SECONDS}
    application = Flask("patterns")
    application.config.update(SECRET_KEY="not a secret", WTF_CSRF_ENABLED=False)
    names = ("name", "amount", "years", "share", "day-day", "day-month", "day-year")
    with application.test_request_context(method="POST"):
        form = Answers(formdata=MultiDict(dict.fromkeys(names, SLOW[what])))
        spent = seconds(lambda _text: form.validate(), "")
    assert {**slow, **({"fields": spent} if spent > MOST_SECONDS else {})} == {}


def seconds(reader: Callable[[str], object], text: str) -> float:
    """Return the least of three times, of the processor alone."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        with suppress(DomainError):
            reader(text)
        times.append(time.thread_time() - began)
    return min(times)
