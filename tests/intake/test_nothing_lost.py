"""Nothing a reporter typed is lost: the session ends, the token is gone, the text is too large, a tab was first.

Rows F1 to F25, H and C of the catalogue of bad input, over the forms of the journey and of the receipt; what other
tests hold is not repeated (tests/architecture/test_fuzz.py, test_bad_input.py, tests/core/test_receipts.py).
"""

import html
import unicodedata
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from mystery_shopper.cases.models import Report
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from tests.architecture.bad_inputs import TEXT
from tests.intake.conftest import Walked
from tests.intake.walking import Walker

WORDS = "They said & <b>wrote</b> no,\n\nand then Llŷr asked 'why?'"
PAGES = {
    "contact": "organisation",
    "authority": "query",
    "procurement": "procurement_title",
    "what-happened": "narrative",
    "raised": "buyer_answer",
    "barrier-certificates": "certification_name",
}
"""A field for words on each page of the journey that has one."""


@pytest.fixture
def walker(walked: Walked) -> Walker:
    """A browser with a report that has every kind of page."""

    def choose(walker: Walker) -> None:
        walker.go_to_barriers("confidential")
        walker.send({"barriers": ["bonds-and-guarantees", "certificates"]})

    return walked("every kind of page", choose)


def typed_into(walker: Walker, slug: str) -> tuple[str, dict[str, object]]:
    """Return where a page is sent to and what it sends, with words in its field."""
    walker.open(f"/report/{slug}")
    action, fields = walker.form()
    words = WORDS if slug in ("what-happened", "raised") else "Llŷr & sons <b>limited</b>"
    return action, {**fields, PAGES[slug]: words, "raised_with_buyer": "yes"}


def shown(text: str) -> str:
    return html.unescape(text).replace("\r\n", "\n")


def code_of(walker: Walker) -> str:
    walker.open("/report/save")
    return walker.receipt_code()


@pytest.mark.parametrize("slug", PAGES)
def test_a_page_sent_after_the_session_has_ended_comes_back_with_the_code(
    app: Flask, walker: Walker, slug: str
) -> None:
    action, fields = typed_into(walker, slug)
    code = code_of(walker)
    other = Walker(app.test_client())
    other.page = other.client.post(action, data=fields)
    assert other.page.status_code == 409
    other.send({"code": code})
    assert other.page.status_code == 400
    assert "Your page timed out" in other.text
    assert fields[PAGES[slug]] in shown(other.text)  # type: ignore[operator]


@pytest.mark.parametrize("slug", PAGES)
def test_a_page_without_its_token_keeps_its_words_and_changes_nothing(walker: Walker, slug: str) -> None:
    action, fields = typed_into(walker, slug)
    del fields["csrf_token"]
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "of-another-time"}):
        walker.page = walker.client.post(action, data={**fields, **token})
        assert walker.page.status_code in (200, 400)
        assert fields[PAGES[slug]] in shown(walker.text)  # type: ignore[operator]
    walker.open("/report/check")
    assert str(fields[PAGES[slug]]) not in shown(walker.text)


@pytest.mark.parametrize("slug", PAGES)
def test_a_text_larger_than_a_page_can_take_is_refused_and_shown(walker: Walker, slug: str) -> None:
    action, fields = typed_into(walker, slug)
    words = "a long story " * 100_000
    answer = walker.client.post(action, data={**fields, PAGES[slug]: words})
    assert answer.status_code == 413
    assert words.strip() in answer.text
    walker.open(f"/report/{slug}")
    assert "a long story" not in walker.text


def test_what_is_larger_than_anybody_types_is_refused_unread(walker: Walker) -> None:
    action, fields = typed_into(walker, "what-happened")
    body = urlencode(MultiDict({**fields, "narrative": "a b " * 2_500_000}))
    answer = walker.client.post(action, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert len(answer.text) < 100_000


@pytest.mark.parametrize("slug", ["what-happened", "raised"])
def test_a_text_is_taken_or_stands_in_its_field_with_the_reason(walker: Walker, slug: str) -> None:
    action, fields = typed_into(walker, slug)
    for what in ("a NUL", "a lone surrogate", "long", "script", "scripts of the world", "marks", "growing letters"):
        send_text(walker, action, fields, slug, TEXT[what].encode("utf-8", "replace").decode())


def send_text(walker: Walker, action: str, fields: dict[str, object], slug: str, text: str) -> None:
    """Send one text, and look for it in the page that follows."""
    answer = walker.client.post(action, data={**fields, PAGES[slug]: text})
    if answer.status_code == 302:
        walker.open(f"/report/{slug}")
        kept = shown(walker.text)
    else:
        assert answer.status_code == 400
        assert "There is a problem" in answer.text
        kept = shown(answer.text)
    assert unicodedata.normalize("NFC", text.split("\x00")[0][:40].strip()) in unicodedata.normalize("NFC", kept)


def test_a_page_that_comes_after_the_report_was_sent_elsewhere_shows_its_words(app: Flask, walker: Walker) -> None:
    sent = Walker(walker.client)
    sent.report_bond()
    number = 2
    sent.open(f"/report/what-happened?draft={number}")
    action, fields = sent.form()
    sent.open(f"/report/check?draft={number}")
    sent.send({"saved_code": "yes"})
    assert sent.path == "/report/done"
    late = sent.client.post(action, data={**fields, "narrative": WORDS})
    assert late.status_code == 409
    assert WORDS in shown(late.text)
    with app.app_context():
        assert db.session.query(Report).count() == 1
        db.session.remove()


@pytest.mark.parametrize("slug", ["what-happened", "procurement", "contact"])
def test_two_windows_do_not_overwrite_each_other_unseen(walker: Walker, slug: str) -> None:
    action, first = typed_into(walker, slug)
    second = {**first, PAGES[slug]: "Of the second window"}
    needed = {"narrative": WORDS, "stage": "live"} if slug != "what-happened" else {}
    first, second = {**needed, **first}, {**needed, **second}
    assert walker.client.post(action, data=first).status_code == 302
    assert walker.client.post(action, data=first).status_code == 302
    walker.page = walker.client.post(action, data=second)
    assert walker.page.status_code == 400
    assert "You saved this page in another window" in walker.text
    assert str(first[PAGES[slug]]) in shown(walker.text)
    assert "Of the second window" in walker.text
    walker.send()
    walker.open(f"/report/{slug}")
    assert "Of the second window" in walker.text


def test_steps_taken_out_of_order_lead_to_the_first_gap(client: FlaskClient) -> None:
    walker = Walker(client)
    walker.start()
    walker.open("/report/what-happened")
    walker.send({"narrative": "It keeps us out."})
    walker.open("/report/check")
    assert "Something is missing" in walker.text
    walker.page = walker.client.post("/report/check", data=walker_fields(walker), follow_redirects=True)
    assert walker.path == "/report/scope-body"


def walker_fields(walker: Walker) -> dict[str, object]:
    walker.open("/report/save")
    return {**walker.form()[1], "saved_code": "yes"}


def test_pages_and_drafts_that_do_not_exist_are_not_found(walker: Walker) -> None:
    for slug in ("..%2fcheck", "%2e%2e", "who-you-are/", "WHO-YOU-ARE", "0", "-1", "null", "1'", "é"):
        assert walker.client.get(f"/report/{slug}").status_code == 404, slug
    for draft in ("0", "-1", "1e9", "99999999999999999999", "abc", "1'", "null", "%00", "²"):
        assert walker.client.get(f"/report/what-happened?draft={draft}").status_code == 404, draft


class TestReceipt:
    @pytest.fixture
    def code(self, walked: Walked) -> str:
        """The code of a short report that has been sent and whose receipt is open."""

        def report(walker: Walker) -> None:
            walker.open("/report")
            walker.send({"short": "yes"})
            walker.receipt_code()
            walker.send(
                {"narrative": "A bond of five million pounds.", "identity_choice": "anonymous", "saved_code": "yes"}
            )

        walker = walked("short report sent", report)
        walker.open("/receipt")
        walker.send({"code": walker.code})
        return walker.code

    @pytest.mark.parametrize(
        ("path", "answers", "words"),
        [
            ("/receipt/case", {"body": WORDS}, WORDS),
            ("/receipt/case/details", {"authority_text": "Llŷr Council", "requirement": WORDS}, WORDS),
            ("/receipt/case/details", {"authority_text": "Elsewhere"}, "Elsewhere"),
        ],
    )
    def test_what_was_typed_for_more_than_an_hour_comes_back_with_the_code(
        self, client: FlaskClient, code: str, path: str, answers: dict[str, object], words: str
    ) -> None:
        walker = Walker(client)
        walker.open(path)
        with clock.frozen(clock.utc_now() + timedelta(hours=1, minutes=1)):
            walker.send(answers)
            assert walker.page is not None
            assert walker.page.status_code == 409
            walker.send({"code": "0" * 27})
            walker.send({"code": code})
            assert walker.path == path
            assert words in shown(walker.text)
            walker.send()
            assert walker.path == "/receipt/case"
            assert words in shown(walker.text)

    def test_a_finding_said_to_be_right_too_late_is_still_right(self, client: FlaskClient, code: str) -> None:
        walker = Walker(client)
        walker.open("/receipt/case/findings")
        with clock.frozen(clock.utc_now() + timedelta(hours=2)):
            walker.send({"said_bond_gbp": "right"})
            walker.send({"code": code})
            assert walker.path == "/receipt/case/findings"
            assert 'value="right" checked' in walker.text
            walker.send()
            assert "We have your answers" in walker.text

    def test_a_code_is_found_in_what_was_pasted_with_it(self, app: Flask, code: str) -> None:
        for mark in ("“{}”", "my code: {}", "{}\n", "  {} ", "`{}`", "Use it at https://service.example/receipt: {}."):
            walker = Walker(app.test_client())
            walker.open("/receipt")
            walker.send({"code": mark.format(code)})
            assert walker.path == "/receipt/case", mark
