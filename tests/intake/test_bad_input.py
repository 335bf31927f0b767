"""What people and programs really type into the pages of a report: never an error of ours, never lost, never run."""

import html

import pytest
from flask import Flask

from tests.intake.conftest import Walked
from tests.intake.walking import Walker
from tests.support.answers import assert_status_is_told

TEXTS = [
    "",
    " \u00a0\u200b ",
    "a" * 600_000,
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}${7*7}",
    "' OR 1=1--",
    "A" + "\u0301" * 100,
    "\ufdfa" * 1000,
    "\u202egnp.exe \u2066x\u2069 \ufeffAcme",
    "a\r\nBcc: x@evil.example",
    "NaN",
    "1e309",
    "\u00b2",
    "9" * 5000,
    "0x10",
]
PAGES = ["authority", "procurement", "dates", "what-happened", "raised", "contact"]


@pytest.fixture
def walker(walked: Walked) -> Walker:
    """A browser with a report that has every page."""

    def choose(walker: Walker) -> None:
        walker.start()
        walker.open("/report/how-to-be-known")
        walker.send({"identity_choice": "confidential"})
        walker.open("/report/barriers")
        walker.send({"barriers": ["bonds-and-guarantees"]})

    return walked("every page", choose)


@pytest.mark.parametrize("slug", [*PAGES, "barrier-bonds-and-guarantees"])
def test_no_text_in_the_fields_of_a_page_is_an_error_of_ours(walker: Walker, slug: str) -> None:
    walker.open(f"/report/{slug}")
    action, fields = walker.form()
    for text in TEXTS:
        typed = {name: text for name in fields if name not in ("csrf_token", "draft", "return_to")}

        answer = walker.client.post(action, data={**fields, **typed})

        if answer.status_code not in (302, 413):
            assert_status_is_told(answer)
        assert "<script>alert(1)" not in answer.text
        assert "onerror=alert" not in html.unescape(answer.text) or "&lt;img" in answer.text


def test_markup_is_stored_and_shown_as_text(walker: Walker) -> None:
    markup = "<script>alert(1)</script> {{7*7}}"
    walker.open("/report/what-happened")
    walker.send({"narrative": markup})
    walker.open("/report/check")

    assert html.escape(markup) in walker.text


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("31", "2", "2026", "must be a real date"),
        ("29", "2", "2025", "must be a real date"),
        ("0", "0", "0", "must be a real date"),
        ("1", "", "2026", "must include a month"),
        ("1", "13", "2026", "must be a real date"),
        ("-1", "1", "2026", "must be a real date"),
        ("1", "1", "1e3", "Year must include 4 numbers"),
        ("1", "1", "\uff12\uff10\uff12\uff16", "Year must include 4 numbers"),
        ("31", "12", "9999", "must be the same as or before"),
        ("1", "1", "1", "Year must include 4 numbers"),
    ],
)
def test_a_wrong_date_names_what_is_wrong(walker: Walker, day: str, month: str, year: str, message: str) -> None:
    walker.open("/report/dates")
    name = "procurement_start_date"
    walker.send({f"{name}-day": day, f"{name}-month": month, f"{name}-year": year})

    assert walker.title.startswith("Error: ")
    assert message in walker.text


def test_bytes_that_are_no_text_are_no_error_of_ours(walker: Walker) -> None:
    walker.open("/report/what-happened")
    fields = {name: values[0] for name, values in walker.form()[1].items() if name != "narrative"}
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode() + b"&narrative=%ff%fe"

    answer = walker.client.post(
        "/report/what-happened", data=body, content_type="application/x-www-form-urlencoded", follow_redirects=True
    )

    assert answer.status_code < 500


def test_a_field_sent_twice_is_one_answer(walker: Walker) -> None:
    walker.open("/report/who-you-are")
    walker.send({"reporter_kind": ["mutual", "trade-body"]})
    walker.open("/report/check")

    assert "A public service mutual" in walker.text
    assert "A trade body" not in walker.text


def test_twenty_thousand_fields_are_refused(app: Flask, walker: Walker) -> None:
    walker.open("/report/who-you-are")
    answer = walker.send({f"k{number}": "v" for number in range(20_000)})

    assert answer.status_code in (400, 413)
