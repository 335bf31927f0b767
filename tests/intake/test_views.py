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
    def test_the_bond_of_the_example_goes_from_start_to_receipt(self, walker: Walker) -> None:
        walker.report_bond()

        assert walker.path == "/report/view"
        for rule in ("FIN-BOND", "FIN-TRADING-HISTORY"):
            assert f'data-rule="{rule}"' in walker.text
        assert "legislation.gov.uk" in walker.text
        assert "It is not a legal ruling" in walker.text
        assert "Ended on 2 July 2025" in walker.text

        walker.open("/report/check")
        code = walker.receipt_code()
        walker.send({"saved_code": "yes"})
        assert walker.path == "/report/done"
        reference = reference_in(walker.text)
        assert reference.startswith("PR-")

        walker.open("/receipt")
        walker.send({"code": code})
        assert walker.path == "/receipt/case"
        assert reference in walker.text
        assert "We received your report." in walker.text

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

    def test_a_page_opened_from_the_answers_returns_to_them(self, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/procurement?return_to=check")
        walker.send({"procurement_title": "Another title"})

        assert walker.path == "/report/check"
        assert "Another title" in walker.text

    def test_a_new_barrier_chosen_from_the_answers_asks_its_questions_before_returning(self, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/barriers?return_to=check")
        walker.send({"barriers": ["bonds-and-guarantees", "turnover"]})
        assert walker.path == "/report/barrier-turnover"
        walker.send({"min_turnover_gbp": "9,000,000"})
        assert walker.path == "/report/check"

    def test_an_error_shows_what_was_typed_and_links_to_the_field(self, walker: Walker) -> None:
        walker.go_to_barriers()
        walker.choose_barriers("bonds-and-guarantees")
        walker.send({"bond_gbp": "5 million"})

        assert walker.title.startswith("Error: ")
        assert 'href="#bond_gbp"' in walker.text
        assert 'value="5 million"' in walker.text

    def test_answers_are_there_when_a_page_is_opened_again(self, walker: Walker) -> None:
        walker.report_bond("confidential")

        walker.open("/report/contact")
        assert 'value="joan@quillfeather.example"' in walker.text
        walker.open("/report/what-happened")
        assert "no surety will write this bond" in walker.text
        walker.open("/report/dates")
        assert 'value="2025"' in walker.text

    def test_the_task_list_says_what_is_done(self, walker: Walker) -> None:
        walker.go_to_barriers()
        walker.open("/report/tasks")

        assert walker.text.count("Completed") == 5
        assert walker.text.count("Not yet started") == 2
        assert "Cannot start yet" in walker.text

    def test_a_missing_fact_leads_to_its_question(self, walker: Walker) -> None:
        walker.go_to_barriers()
        walker.open("/report/dates")
        walker.send({f"procurement_start_date-{part}": "" for part in ("day", "month", "year")})
        walker.choose_barriers("bonds-and-guarantees")
        walker.send({"bond_gbp": "5,000,000"})
        walker.open("/report/view")

        assert "/report/dates#procurement_start_date" in walker.text
        assert 'data-rule="FIN-BOND"' in walker.text
        assert "We cannot tell yet" in walker.text
        assert "None of our rules sees a problem" not in walker.text

    @pytest.mark.parametrize("path", ["/report/no-such-page", "/report/contact", "/report/barrier-payment"])
    def test_a_page_this_report_does_not_have_is_not_found(self, walker: Walker, path: str) -> None:
        walker.go_to_barriers()

        assert walker.open(path).status_code == 404


class TestAuthority:
    @pytest.fixture(autouse=True)
    def register(self, app: Flask) -> None:
        """Two bodies whose names begin alike."""
        with app.app_context(), transaction():
            bodies = [
                {"name": "Nowhere Metropolitan Borough Council", "type": "local"},
                {"name": "Nowhere Fire Authority", "type": "fire"},
            ]
            add_demonstration_authorities(bodies, actor="system", now=clock.utc_now())

    def test_a_name_in_the_register_is_chosen_from_its_matches(self, walker: Walker) -> None:
        walker.start()
        walker.pass_scope()
        walker.open("/report/authority")
        walker.send({"query": "Nowhere", "search": "yes"})

        assert "Nowhere Metropolitan Borough Council" in walker.text
        radio = re.search(r'value="([^"]+)"[^>]*>\s*<label[^>]*>\s*Nowhere Metropolitan', walker.text)
        assert radio is not None
        walker.send({"choice": radio[1]})
        assert walker.path == "/report/procurement"
        walker.open("/report/authority")
        assert "checked" in walker.text
        walker.open("/report/check")
        assert "Nowhere Metropolitan Borough Council" in walker.text

    def test_an_unknown_name_is_kept_as_typed(self, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/check")
        assert "Borough of Nowhere at All" in walker.text

    def test_a_search_without_a_choice_asks_for_one(self, walker: Walker) -> None:
        walker.start()
        walker.pass_scope()
        walker.open("/report/authority")
        walker.send({"query": "Nowhere"})
        walker.send()

        assert "Select the buyer, or use the name you typed" in walker.text

    @pytest.mark.parametrize("query", ["%", "_", "' OR 1=1--", "\\", "x" * 200, "ß İ 👩‍👩‍👧"])
    def test_odd_names_are_only_names(self, walker: Walker, query: str) -> None:
        walker.start()
        walker.pass_scope()
        walker.open("/report/authority")
        walker.send({"query": query})

        assert "Use the name I typed" in walker.text


class TestSending:
    def test_the_code_must_be_saved_before_the_report_is_sent(self, app: Flask, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/check")
        walker.send()

        assert walker.title.startswith("Error: ")
        assert "Select that you have saved your receipt code" in walker.text
        assert count(app, Report) == 0

    def test_a_report_with_a_gap_leads_to_the_gap(self, app: Flask, walker: Walker) -> None:
        walker.go_to_barriers()
        walker.open("/report/check")
        assert "Something is missing" in walker.text
        assert "ms-code" not in walker.text

        walker.open("/report/save")
        fields = walker.form()[1]
        walker.page = walker.client.post("/report/check", data={**fields, "saved_code": "yes"}, follow_redirects=True)
        assert walker.path == "/report/barriers"
        assert count(app, Report) == 0

    def test_eight_posts_at_once_make_one_report(self, app: Flask, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/check")
        action, fields = walker.form()
        cookie = walker.client.get_cookie("session")
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

    def test_going_back_and_sending_again_shows_the_same_reference(self, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/check")
        action, fields = walker.form()
        walker.send({"saved_code": "yes"})
        first = reference_in(walker.text)

        walker.page = walker.client.post(action, data={**fields, "saved_code": "yes"}, follow_redirects=True)

        assert walker.path == "/report/done"
        assert first in walker.text

    def test_the_code_opens_the_report_even_if_the_answer_was_lost(self, walker: Walker, other: Walker) -> None:
        walker.report_bond()
        walker.open("/report/check")
        code = walker.receipt_code()
        walker.send({"saved_code": "yes"}, follow=False)

        other.open("/receipt")
        other.send({"code": code})

        assert other.path == "/receipt/case"

    def test_the_code_is_in_no_address_title_or_header_and_gone_after_sending(self, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/check")
        code = walker.receipt_code()
        assert code not in walker.title
        walker.send({"saved_code": "yes"}, follow=False)
        assert walker.page is not None
        assert code.replace(" ", "") not in str(walker.page.headers)
        for path in ("/report/done", "/report/slip", "/report/check"):
            walker.open(path)
            assert code.split()[0] not in walker.text


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
    def leave(self, walker: Walker) -> str:
        walker.go_to_barriers()
        walker.send({"barriers": ["payment"], "later": "yes"})
        assert walker.path == "/report/save"
        return walker.receipt_code()

    def test_a_draft_is_opened_by_its_code_in_another_browser(self, walker: Walker, other: Walker) -> None:
        code = self.leave(walker)

        other.open("/report/return")
        other.send({"code": f" {code.lower().replace(' ', '-')} "})

        assert other.path == "/report/tasks"
        other.open("/report/procurement")
        assert "Community meals service" in other.text

    def test_closing_a_draft_on_a_computer_needs_the_code_to_open_it_again(self, walker: Walker) -> None:
        self.leave(walker)
        walker.send()

        assert walker.path == "/report/left"
        assert walker.open("/report/tasks").status_code == 404

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
        self, walker: Walker, other: Walker
    ) -> None:
        code = self.leave(walker)
        other.open("/receipt")
        other.send({"code": code})
        assert other.path == "/report/tasks"

    def test_what_was_typed_survives_the_end_of_the_session(self, app: Flask, walker: Walker, other: Walker) -> None:
        walker.report_bond()
        walker.open("/report/save")
        code = walker.receipt_code()
        walker.open("/report/what-happened")
        typed = "\nA <b>long</b> story\n\nwith & lines\n"
        walker.client.delete_cookie("session")
        walker.send({"narrative": typed})
        assert walker.page is not None
        assert walker.page.status_code == 409
        assert "with &amp; lines" in walker.text

        walker.send({"code": code})

        assert walker.title.startswith("Error: In your words")
        assert "What happened?</h1>" in walker.text
        assert "Your page timed out" in walker.text
        walker.send()
        walker.open("/report/check")
        assert "A &lt;b&gt;long&lt;/b&gt; story\n\nwith &amp; lines" in walker.text

    def test_a_page_without_a_valid_token_is_shown_again_with_the_text(self, app: Flask, walker: Walker) -> None:
        walker.report_bond()
        walker.open("/report/what-happened")
        walker.send({"narrative": "A changed story", "csrf_token": "old"})

        assert "Your page timed out" in walker.text
        assert "A changed story" in walker.text
        walker.open("/report/check")
        assert "A changed story" not in walker.text

    @pytest.mark.parametrize(("days", "path"), [(28, "/report/tasks"), (29, "/report/return")])
    def test_a_draft_can_be_opened_for_28_days(self, walker: Walker, other: Walker, days: int, path: str) -> None:
        code = self.leave(walker)

        with clock.frozen(clock.utc_now() + timedelta(days=days)):
            other.open("/report/return")
            other.send({"code": code})

        assert other.path == path
