"""The journey through its pages, without JavaScript."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mystery_shopper.authorities.services import add_demonstration_authorities
from mystery_shopper.cases.models import Report
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.intake.models import Draft
from tests.intake.conftest import Walked
from tests.intake.walking import Walker


@pytest.fixture
def walker(client: FlaskClient) -> Walker:
    return Walker(client)


@pytest.fixture
def other(app: Flask) -> Walker:
    """Another browser."""
    return Walker(app.test_client())


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def words(page: str) -> str:
    return html.unescape(page)


def reference_in(page: str) -> str:
    """Return the reference the last page of a report shows."""
    found = re.search(r"Your reference is.*?(PR-[0-9A-Z]{10})", page, re.DOTALL)
    assert found
    return found[1]


class TestJourney:
    def test_the_bond_of_the_example_goes_from_start_to_receipt(self, with_bond: Walker) -> None:
        assert with_bond.path == "/report/view"
        for rule in ("FIN-BOND", "FIN-TRADING-HISTORY"):
            assert f'data-rule="{rule}"' in with_bond.text
        assert "legislation.gov.uk" in with_bond.text
        assert "It is not a legal ruling" in with_bond.text
        assert "Ended on 2 July 2025" in with_bond.text

        with_bond.open("/report/check")
        code = with_bond.receipt_code()
        with_bond.send({"saved_code": "yes"})
        assert with_bond.path == "/report/done"
        reference = reference_in(with_bond.text)
        assert reference.startswith("PR-")

        with_bond.open("/receipt")
        with_bond.send({"code": code})
        assert with_bond.path == "/receipt/case"
        assert reference in with_bond.text
        assert "We received your report." in with_bond.text

    def test_starting_makes_a_draft_and_reading_makes_none(self, app: Flask, walker: Walker) -> None:
        walker.open("/report")
        assert count(app, Draft) == 0
        walker.send()
        assert count(app, Draft) == 1

    @pytest.mark.parametrize(
        ("answer", "heading"),
        [("school", "We do not look into schools"), ("private-utility", "We do not look into private utilities")],
    )
    def test_somebody_out_of_scope_is_told_where_to_go_and_may_still_report(
        self, walker: Walker, answer: str, heading: str
    ) -> None:
        walker.start()
        walker.send({"body": answer})

        assert f"{heading}</h1>" in walker.text
        assert "Report anyway" in walker.text
        assert "/report/who-you-are" in walker.text

    def test_a_page_opened_from_the_answers_returns_to_them(self, with_bond: Walker) -> None:
        with_bond.open("/report/procurement?return_to=check")
        with_bond.send({"procurement_title": "Another title"})

        assert with_bond.path == "/report/check"
        assert "Another title" in with_bond.text

    def test_a_new_barrier_chosen_from_the_answers_asks_its_questions_before_returning(self, with_bond: Walker) -> None:
        with_bond.open("/report/barriers?return_to=check")
        with_bond.send({"barriers": ["bonds-and-guarantees", "turnover"]})
        assert with_bond.path == "/report/barrier-turnover"
        with_bond.send({"min_turnover_gbp": "9,000,000"})
        assert with_bond.path == "/report/check"

    def test_an_error_shows_what_was_typed_and_links_to_the_field(self, at_barriers: Walker) -> None:
        at_barriers.choose_barriers("bonds-and-guarantees")
        at_barriers.send({"bond_gbp": "5 million"})

        assert at_barriers.title.startswith("Error: ")
        assert 'href="#bond_gbp"' in at_barriers.text
        assert 'value="5 million"' in at_barriers.text

    def test_answers_are_there_when_a_page_is_opened_again(self, walker: Walker) -> None:
        walker.report_bond("confidential")

        walker.open("/report/contact")
        assert 'value="joan@quillfeather.example"' in walker.text
        walker.open("/report/what-happened")
        assert "no surety will write this bond" in walker.text
        walker.open("/report/dates")
        assert 'value="2025"' in walker.text

    def test_the_task_list_says_what_is_done(self, at_barriers: Walker) -> None:
        at_barriers.open("/report/tasks")

        assert at_barriers.text.count("Completed") == 5
        assert at_barriers.text.count("Not yet started") == 2
        assert "Cannot start yet" in at_barriers.text

    def test_a_missing_fact_leads_to_its_question(self, at_barriers: Walker) -> None:
        at_barriers.open("/report/dates")
        at_barriers.send({f"procurement_start_date-{part}": "" for part in ("day", "month", "year")})
        at_barriers.choose_barriers("bonds-and-guarantees")
        at_barriers.send({"bond_gbp": "5,000,000"})
        at_barriers.open("/report/view")

        assert "/report/dates#procurement_start_date" in at_barriers.text
        assert 'data-rule="FIN-BOND"' in at_barriers.text
        assert "We cannot tell yet" in at_barriers.text
        assert "None of our rules sees a problem" not in at_barriers.text

    @pytest.mark.parametrize("path", ["/report/no-such-page", "/report/contact", "/report/barrier-payment"])
    def test_a_page_this_report_does_not_have_is_not_found(self, at_barriers: Walker, path: str) -> None:
        assert at_barriers.open(path).status_code == 404


class TestAuthority:
    @pytest.fixture
    def at_authority(self, walked: Walked) -> Walker:
        """Before the page for the buyer, with two bodies in the register whose names begin alike."""

        def go_to_authority(walker: Walker) -> None:
            with walker.client.application.app_context(), transaction():
                bodies = [
                    {"name": "Nowhere Metropolitan Borough Council", "type": "local"},
                    {"name": "Nowhere Fire Authority", "type": "fire"},
                ]
                add_demonstration_authorities(bodies, actor="system", now=clock.utc_now())
            walker.start()
            walker.pass_scope()
            walker.open("/report/authority")

        return walked("at authority of two alike", go_to_authority)

    def test_a_name_in_the_register_is_chosen_from_its_matches(self, at_authority: Walker) -> None:
        at_authority.send({"query": "Nowhere", "search": "yes"})

        assert "Nowhere Metropolitan Borough Council" in at_authority.text
        radio = re.search(r'value="([^"]+)"[^>]*>\s*<label[^>]*>\s*Nowhere Metropolitan', at_authority.text)
        assert radio is not None
        at_authority.send({"choice": radio[1]})
        assert at_authority.path == "/report/procurement"
        at_authority.open("/report/authority")
        assert "checked" in at_authority.text
        at_authority.open("/report/check")
        assert "Nowhere Metropolitan Borough Council" in at_authority.text

    def test_an_unknown_name_is_kept_as_typed(self, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/check")
        assert "Borough of Nowhere at All" in walker.text

    def test_a_search_without_a_choice_asks_for_one(self, at_authority: Walker) -> None:
        at_authority.send({"query": "Nowhere"})
        at_authority.send()

        assert "Select the buyer, or use the name you typed" in at_authority.text

    @pytest.mark.parametrize("query", ["%", "_", "' OR 1=1--", "\\", "x" * 200, "ß İ 👩‍👩‍👧"])
    def test_odd_names_are_only_names(self, at_authority: Walker, query: str) -> None:
        at_authority.send({"query": query})

        assert "Use the name I typed" in at_authority.text


class TestSending:
    def test_the_code_must_be_saved_before_the_report_is_sent(self, app: Flask, with_bond: Walker) -> None:
        with_bond.open("/report/check")
        with_bond.send()

        assert with_bond.title.startswith("Error: ")
        assert "Select that you have saved your receipt code" in with_bond.text
        assert count(app, Report) == 0

    def test_a_report_with_a_gap_leads_to_the_gap(self, app: Flask, at_barriers: Walker) -> None:
        at_barriers.open("/report/check")
        assert "Something is missing" in at_barriers.text
        assert "ms-code" not in at_barriers.text

        at_barriers.open("/report/save")
        fields = at_barriers.form()[1]
        at_barriers.page = at_barriers.client.post(
            "/report/check", data={**fields, "saved_code": "yes"}, follow_redirects=True
        )
        assert at_barriers.path == "/report/barriers"
        assert count(app, Report) == 0

    def test_eight_posts_at_once_make_one_report(self, app: Flask, with_bond: Walker) -> None:
        with_bond.open("/report/check")
        action, fields = with_bond.form()
        cookie = with_bond.client.get_cookie("session")
        assert cookie is not None

        def post(_number: int) -> tuple[int, str]:
            browser = app.test_client()
            browser.set_cookie("session", cookie.value)
            answer = browser.post(action, data={**fields, "saved_code": "yes"})
            return answer.status_code, answer.headers.get("Location", "")

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(post, range(8)))

        assert set(answers) == {(302, "/report/done")}
        assert count(app, Report) == 1

    def test_going_back_and_sending_again_shows_the_same_reference(self, with_bond: Walker) -> None:
        with_bond.open("/report/check")
        action, fields = with_bond.form()
        with_bond.send({"saved_code": "yes"})
        first = reference_in(with_bond.text)

        with_bond.page = with_bond.client.post(action, data={**fields, "saved_code": "yes"}, follow_redirects=True)

        assert with_bond.path == "/report/done"
        assert first in with_bond.text

    def test_the_code_opens_the_report_even_if_the_answer_was_lost(self, with_bond: Walker, other: Walker) -> None:
        with_bond.open("/report/check")
        code = with_bond.receipt_code()
        with_bond.send({"saved_code": "yes"}, follow=False)

        other.open("/receipt")
        other.send({"code": code})

        assert other.path == "/receipt/case"

    def test_the_code_is_in_no_address_title_or_header_and_gone_after_sending(self, with_bond: Walker) -> None:
        with_bond.open("/report/check")
        code = with_bond.receipt_code()
        assert code not in with_bond.title
        with_bond.send({"saved_code": "yes"}, follow=False)
        assert with_bond.page is not None
        assert code.replace(" ", "") not in str(with_bond.page.headers)
        for path in ("/report/done", "/report/slip", "/report/check"):
            with_bond.open(path)
            assert code.split()[0] not in with_bond.text


class TestTabs:
    def test_two_drafts_in_one_browser_stay_apart(self, app: Flask, client: FlaskClient) -> None:
        first, second = Walker(client), Walker(client)
        first.start()
        second.start()
        first.pass_scope()
        assert second.page is not None
        assert second.page.request.args["draft"] == "2"
        second.send({"body": "school"})

        assert "draft=2" in str(second.page.request.url)
        first.open("/report/scope-result")
        second.open("/report/scope-result?draft=2")
        assert "We can look into this</h1>" in first.text
        assert "We do not look into schools</h1>" in second.text

    def test_a_draft_of_another_browser_cannot_be_opened_or_changed(self, walker: Walker, other: Walker) -> None:
        walker.start()
        other.start()
        draft = walker.form()[1]["draft"]

        other.send({"draft": draft, "body": "school"})

        assert other.page is not None
        assert other.page.status_code == 409
        walker.open("/report/scope-result")
        assert walker.path == "/report/scope-body"

    def test_without_a_draft_every_page_offers_to_return(self, walker: Walker) -> None:
        for path in ("tasks", "view", "check", "done", "slip", "save", "scope-result", "authority", "who-you-are"):
            assert walker.open(f"/report/{path}").status_code == 404
            assert "Enter your receipt code to go on</h1>" in walker.text


class TestReturning:
    @pytest.fixture
    def left(self, walked: Walked) -> Walker:
        """A draft that is saved for later; the walker knows its code."""

        def leave(walker: Walker) -> None:
            walker.go_to_barriers()
            walker.send({"barriers": ["payment"], "later": "yes"})
            assert walker.path == "/report/save"
            walker.receipt_code()

        return walked("left for later", leave)

    def test_a_draft_is_opened_by_its_code_in_another_browser(self, left: Walker, other: Walker) -> None:
        code = left.code

        other.open("/report/return")
        other.send({"code": f" {code.lower().replace(' ', '-')} "})

        assert other.path == "/report/tasks"
        other.open("/report/procurement")
        assert "Community meals service" in other.text

    def test_closing_a_draft_on_a_computer_needs_the_code_to_open_it_again(self, left: Walker) -> None:
        left.send()

        assert left.path == "/report/left"
        assert left.open("/report/tasks").status_code == 404

    @pytest.mark.parametrize("start", ["/report/return", "/receipt"])
    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("", "Enter your receipt code"),
            ("ABC", "it has 27 letters and numbers"),
            ("0" * 26 + "1", "Check the code: one of the letters or numbers is wrong"),
            ("0" * 27, "Check the code: we cannot find a report or a saved draft with it"),
            ("é" * 27, "Check the code: it has only letters"),
            ("x" * 10_000, "Receipt code must be 200 characters or less"),
        ],
    )
    def test_a_wrong_code_says_what_to_check(self, walker: Walker, start: str, typed: str, message: str) -> None:
        walker.open(start)
        walker.send({"code": typed})

        assert walker.title.startswith("Error: ")
        assert message in words(walker.text)

    def test_the_code_of_a_draft_works_at_the_receipt_and_the_other_way_round(
        self, left: Walker, other: Walker
    ) -> None:
        code = left.code
        other.open("/receipt")
        other.send({"code": code})
        assert other.path == "/report/tasks"

    def test_what_was_typed_survives_the_end_of_the_session(self, app: Flask, with_bond: Walker, other: Walker) -> None:
        with_bond.open("/report/save")
        code = with_bond.receipt_code()
        with_bond.open("/report/what-happened")
        typed = "\nA <b>long</b> story\n\nwith & lines\n"
        with_bond.client.delete_cookie("session")
        with_bond.send({"narrative": typed})
        assert with_bond.page is not None
        assert with_bond.page.status_code == 409
        assert "with &amp; lines" in with_bond.text

        with_bond.send({"code": code})

        assert with_bond.title.startswith("Error: In your words")
        assert "What happened?</h1>" in with_bond.text
        assert "Your page timed out" in with_bond.text
        with_bond.send()
        with_bond.open("/report/check")
        assert "A &lt;b&gt;long&lt;/b&gt; story\n\nwith &amp; lines" in with_bond.text

    def test_a_page_without_a_valid_token_is_shown_again_with_the_text(self, app: Flask, with_bond: Walker) -> None:
        with_bond.open("/report/what-happened")
        with_bond.send({"narrative": "A changed story", "csrf_token": "old"})

        assert "Your page timed out" in with_bond.text
        assert "A changed story" in with_bond.text
        with_bond.open("/report/check")
        assert "A changed story" not in with_bond.text

    @pytest.mark.parametrize(("days", "path"), [(28, "/report/tasks"), (29, "/report/return")])
    def test_a_draft_can_be_opened_for_28_days(self, left: Walker, other: Walker, days: int, path: str) -> None:
        code = left.code

        with clock.frozen(clock.utc_now() + timedelta(days=days)):
            other.open("/report/return")
            other.send({"code": code})

        assert other.path == path
