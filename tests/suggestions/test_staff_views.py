"""The pages of policy owners and of those who approve: list, steps, themes, public texts, the page of a rule."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.suggestions.policy import ForcedBy
from mystery_shopper.suggestions.queries import get_item, get_suggestion
from mystery_shopper.suggestions.states import SuggestionState, TextState
from tests.architecture.world import as_staff
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member, add_member
from tests.factories.suggestions import add_suggestion, pass_on, public_reference_of, suggestion_in, text_in
from tests.suggestions.telling import send, telling_fields
from tests.support.desks import open_desk
from tests.support.standing import Standing

SignedIn = Callable[..., FlaskClient]
S = SuggestionState


@pytest.fixture
def member(app: Flask, standing: Standing) -> Member:
    """A policy owner."""

    def make(app: Flask) -> Member:
        with app.app_context():
            return add_member(Role.POLICY_OWNER)

    return standing.get(app, "a policy owner", make)


@pytest.fixture
def reference(app: Flask, member: Member, standing: Standing) -> str:
    """A suggestion; a test that asks for it names it before `owner`, whose session would be gone otherwise."""

    def make(app: Flask) -> str:
        with app.app_context(), transaction():
            return add_suggestion(authority="Barchester City Council", giveaways="Plumstead Episcopi").reference

    return standing.get(app, "a policy owner and a suggestion", make)


@pytest.fixture
def owner(app: Flask, member: Member) -> FlaskClient:
    """The policy owner, signed in."""
    return open_desk(app, member)


def _in(app: Flask, state: SuggestionState) -> str:
    with app.app_context(), transaction():
        return suggestion_in(state).reference


def _day(name: str, days: int) -> dict[str, str]:
    day = clock.today() + timedelta(days=days)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _actions(app: Flask) -> list[str]:
    with app.app_context():
        return [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.seq)]


class TestList:
    def test_it_is_empty_at_first(self, owner: FlaskClient):
        assert "Nobody has told us anything yet." in owner.get("/suggestions").text

    @pytest.mark.parametrize(
        "query",
        ["state=received", "forced_by=insurer", "family=insurance", "rule=INS-LEVEL", "body=insurance-market"],
    )
    def test_a_filter_finds_and_another_does_not(self, app: Flask, reference: str, owner: FlaskClient, query: str):
        with app.app_context(), transaction():
            details = {"forced_by": ForcedBy.AUDIT, "family": "turnover", "rule_id": None, "body_id": ""}
            pass_on(get_suggestion(add_suggestion(**details).reference))
        page = owner.get(f"/suggestions?{query}").text
        assert re.findall(r"/suggestions/(TH-\w+)", page) == [reference]
        assert "Remove this filter" in page

    def test_a_filter_that_finds_nothing_says_so_and_a_wrong_one_filters_nothing(
        self, reference: str, owner: FlaskClient
    ):
        assert "No suggestion matches these filters." in owner.get("/suggestions?state=answered").text
        assert reference in owner.get("/suggestions?state=nonsense").text

    def test_days_of_receipt(self, reference: str, owner: FlaskClient):
        today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
        until = f"received_to-day={today.day}&received_to-month={today.month}&received_to-year={today.year}"
        since = (
            f"received_from-day={tomorrow.day}&received_from-month={tomorrow.month}&received_from-year={tomorrow.year}"
        )
        assert reference in owner.get(f"/suggestions?{until}").text
        assert reference not in owner.get(f"/suggestions?{since}").text

    def test_pages_of_many(self, app: Flask, owner: FlaskClient):
        with app.app_context(), transaction():
            references = {add_suggestion().reference for _ in range(30)}
        first = owner.get("/suggestions?family=insurance").text
        following = re.search(r'href="(/suggestions\?[^"]*cursor=[^"]+)"', first)
        assert following
        second = owner.get(following.group(1).replace("&amp;", "&")).text
        seen = [set(re.findall(r"/suggestions/(TH-\w+)", page)) for page in (first, second)]
        assert seen[0] | seen[1] == references
        assert not seen[0] & seen[1]

    @pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SENIOR_CASEWORKER, Role.PUBLISHER, Role.ADMINISTRATOR])
    def test_others_may_not_read_them(self, role: Role, reference: str, signed_in: SignedIn):
        browser = signed_in(role)
        for path in ("", f"/{reference}", f"/{reference}/route", "/themes", "/themes.csv"):
            assert browser.get(f"/suggestions{path}").status_code == 403, path


class TestSteps:
    def test_passing_on_reminding_and_the_overdue_answer(self, app: Flask, reference: str, owner: FlaskClient):
        page = f"/suggestions/{reference}"
        assert "Enter what you ask the body" in send(owner, f"{page}/route", body="insurance-market").text
        sent = send(owner, f"{page}/route", body="insurance-market", text="Is it a condition?")
        assert sent.location == page
        shown = owner.get(page).text
        assert "Is it a condition?" in shown
        assert "The insurer or its broker" in shown
        with app.app_context(), transaction():
            get_suggestion(reference).answer_due_on = clock.today() - timedelta(days=1)
        assert "The answer of the body was due on" in owner.get(page).text
        assert "1 answer of a body overdue" in owner.get("/suggestions").text
        assert send(owner, f"{page}/remind", text="Please answer", **_day("due_on", 7)).location == page
        assert "Please answer" in owner.get(page).text
        assert "overdue" not in owner.get("/suggestions").text.split("<main")[1].split('class="moj-filter"')[0]

    @pytest.mark.parametrize("word", ["Barchester", "plumstead-episcopi"])
    @pytest.mark.parametrize("step", ["route", "remind"])
    def test_the_gate_names_the_words_at_the_field_and_is_on_record(
        self, app: Flask, reference: str, owner: FlaskClient, word: str, step: str
    ):
        page = f"/suggestions/{reference}"
        if step == "remind":
            send(owner, f"{page}/route", body="insurance-market", text="Is it a condition?")
        text = f"In {word} it is asked for."
        refused = send(owner, f"{page}/{step}", body="insurance-market", text=text, **_day("due_on", 7))
        assert refused.status_code == 400
        assert "Remove words that could identify" in refused.text
        assert f"In {word} it is asked for." in refused.text
        assert "disclosure:blocked" in _actions(app)

    def test_the_own_authority_is_not_among_the_bodies_to_ask(self, reference: str, owner: FlaskClient):
        page = owner.get(f"/suggestions/{reference}/route").text
        assert 'value="own-authority"' not in page
        sent = send(owner, f"/suggestions/{reference}/route", body="own-authority", text="Why?")
        assert "Select the body" in sent.text

    def test_closing_and_reopening(self, reference: str, owner: FlaskClient):
        page = f"/suggestions/{reference}"
        assert "Enter the reason" in send(owner, f"{page}/close").text
        assert send(owner, f"{page}/close", reason="No rule behind it").location == page
        assert "No rule behind it" in owner.get(page).text
        assert owner.get(f"{page}/answer").status_code == 409
        assert send(owner, f"{page}/reopen", reason="There is one").location == page
        assert owner.get(f"{page}/answer").status_code == 200

    def test_saying_what_it_is_about(self, reference: str, owner: FlaskClient):
        page = f"/suggestions/{reference}"
        wrong = send(owner, f"{page}/class", family="turnover", rule_id="INS-LEVEL", body_id="")
        assert "Select a rule of this kind of barrier" in wrong.text
        details = {"family": "turnover", "rule_id": "FIN-TURNOVER-2X", "body_id": "hm-treasury"}
        assert send(owner, f"{page}/class", **details).location == page
        assert "HM Treasury" in owner.get(page).text

    def test_a_stale_answer_shows_what_stands_and_keeps_what_was_typed(self, reference: str, owner: FlaskClient):
        page = f"/suggestions/{reference}/answer"
        first = telling_fields(owner.get(page).text)
        owner.post(page, data={**first, "result": "changed", "answer": "First answer"})
        late = owner.post(page, data={**first, "result": "stays", "answer": "Second answer"})
        assert late.status_code == 409
        assert "First answer" in late.text
        assert "Second answer" in late.text
        again = owner.post(page, data={**telling_fields(late.text), "result": "stays", "answer": "Second answer"})
        assert again.status_code == 302

    @pytest.mark.parametrize(
        ("state", "step"),
        [
            (S.RECEIVED, "remind"), (S.RECEIVED, "reopen"), (S.RECEIVED, "text"), (S.ROUTED, "reopen"),
            (S.ANSWERED, "remind"), (S.CLOSED, "route"), (S.CLOSED, "close"), (S.CLOSED, "text"),
        ],
    )  # fmt: skip
    def test_a_step_that_is_not_open_says_so(self, app: Flask, owner: FlaskClient, state: SuggestionState, step: str):
        assert owner.get(f"/suggestions/{_in(app, state)}/{step}").status_code == 409

    def test_everything_is_in_the_audit_log(self, app: Flask, reference: str, owner: FlaskClient):
        page = f"/suggestions/{reference}"
        owner.get(page)
        send(owner, f"{page}/answer", result="advice", answer="Yes")
        found = [action for action in _actions(app) if action.startswith("suggestion:")]
        assert found == ["suggestion:filed", *["suggestion:viewed"] * 3, "suggestion:answered"]


class TestThemes:
    def test_counts_values_and_the_way_down(self, app: Flask, reference: str, owner: FlaskClient):
        with app.app_context(), transaction():
            add_suggestion(value_pence=None)
        page = owner.get("/suggestions/themes").text
        assert "<strong>2 suggestions</strong>" in page
        assert "£400,000" in page
        down = re.search(r'href="(/suggestions\?family=insurance[^"]*)"', page)
        assert down
        assert reference in owner.get(down.group(1).replace("&amp;", "&")).text
        assert "Nobody" not in page

    def test_a_period_without_any_says_so(self, reference: str, owner: FlaskClient):
        past = "received_to-day=1&received_to-month=1&received_to-year=2015"
        assert "Nothing was received in this period." in owner.get(f"/suggestions/themes?{past}").text

    def test_a_wrong_day_is_an_error_and_limits_nothing(self, reference: str, owner: FlaskClient):
        page = owner.get("/suggestions/themes?received_to-day=99&received_to-month=1&received_to-year=2015").text
        assert "must be a real date" in page
        assert "1 suggestion" in page

    def test_the_file_has_every_theme_and_no_formula(self, app: Flask, owner: FlaskClient):
        with app.app_context(), transaction():
            add_suggestion(body_id="=cmd|x", rule_id=None)
        answer = owner.get("/suggestions/themes.csv")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert rows[0][:3] == ["Counted by", "Theme", "Suggestions"]
        assert ["By kind of barrier", "Insurance", "1", "1", "0", "400000"] in rows
        assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]


class TestLinks:
    def test_cases_are_counted_and_only_as_numbers(
        self, app: Flask, owner: FlaskClient, file_report: Callable[..., Filed]
    ):
        filed = file_report()
        with app.app_context(), transaction():
            bond = add_suggestion(family="bonds-and-guarantees", rule_id="FIN-BOND").reference
        page = owner.get(f"/suggestions/{bond}").text
        cells = re.findall(r'govuk-table__cell--numeric">(\d+)<', page.split("Suppliers&#39; cases", 1)[-1])
        assert cells[:2] == ["1", "0"]
        assert filed.case_reference not in page

    def test_the_page_of_a_rule_lists_suggestions_to_those_who_may_read_them(
        self, reference: str, owner: FlaskClient, signed_in: SignedIn
    ):
        assert reference in owner.get("/rules/INS-LEVEL").text
        assert "No commissioner has told us about this rule." in owner.get("/rules/FIN-BOND").text
        caseworker = signed_in(Role.CASEWORKER).get("/rules/INS-LEVEL")
        assert caseworker.status_code == 200
        assert reference not in caseworker.text
        assert "commissioners told us" not in caseworker.text


class TestPublicTexts:
    TYPED = {"title": "Cover for visits", "said": "Too much cover.", "done": "Less is asked."}

    def test_written_by_one_published_by_another_read_by_all(
        self, app: Flask, owner: FlaskClient, signed_in: SignedIn, client: FlaskClient
    ):
        reference = _in(app, S.ANSWERED)
        page = f"/suggestions/{reference}"
        assert send(owner, f"{page}/text", **self.TYPED, save="yes").location == page
        assert send(owner, f"{page}/text", **self.TYPED, send="yes").location == page
        assert owner.get(f"{page}/text").status_code == 409
        own = send(owner, f"{page}/text/decide", decision="approve")
        assert own.status_code == 403
        assert "somebody else must approve it" in own.text
        publisher = signed_in(Role.PUBLISHER)
        assert "Cover for visits" in publisher.get("/suggestions/texts").text
        decide = publisher.get(f"{page}/text/decide").text
        assert "Less is asked." in decide
        assert "Ask for £1 million" not in decide
        assert send(publisher, f"{page}/text/decide", decision="approve").location == "/suggestions/texts"
        found = client.get("/tell-us-how/you-said-we-did").text
        assert "Cover for visits" in found
        address = re.search(r"/tell-us-how/you-said-we-did/YS-\w+", found)
        assert address
        shown = client.get(address.group()).text
        for words in ("Too much cover.", "Less is asked.", "The insurer or its broker", "£30,000 to £150,000"):
            assert words in shown
        assert reference not in shown
        assert "£100,000" not in shown
        assert send(owner, f"{page}/text/withdraw", reason="A mistake").location == page
        gone = client.get(address.group())
        assert gone.status_code == 410
        assert "This was withdrawn" in gone.text
        assert "Too much cover." not in gone.text

    def test_sent_back_with_what_must_change(self, app: Flask, owner: FlaskClient, signed_in: SignedIn):
        page = f"/suggestions/{_in(app, S.ANSWERED)}"
        send(owner, f"{page}/text", **self.TYPED, send="yes")
        publisher = signed_in(Role.PUBLISHER)
        assert "Enter what must change" in send(publisher, f"{page}/text/decide", decision="back").text
        send(publisher, f"{page}/text/decide", decision="back", note="Say less")
        assert "Sent back: Say less" in owner.get(f"{page}/text").text

    @pytest.mark.parametrize("field", ["title", "said", "done"])
    def test_what_is_missing_or_tells_too_much_is_said_at_the_field(self, app: Flask, owner: FlaskClient, field: str):
        with app.app_context(), transaction():
            suggestion = suggestion_in(S.ANSWERED, giveaways="Plumstead Episcopi")
            page = f"/suggestions/{suggestion.reference}"
        missing = send(owner, f"{page}/text", **{**self.TYPED, field: ""}, send="yes")
        assert f'href="#{field}"' in missing.text
        told = send(owner, f"{page}/text", **{**self.TYPED, field: "As in Plumstead Episcopi"}, send="yes")
        assert "Remove words that could identify" in told.text
        assert f'href="#{field}"' in told.text

    def test_a_correction_goes_the_same_way(self, app: Flask, owner: FlaskClient, make_user: Callable[..., Member]):
        people = make_user(Role.POLICY_OWNER), make_user(Role.PUBLISHER)
        with app.app_context(), transaction():
            staff = as_staff(people[0], Role.POLICY_OWNER), as_staff(people[1], Role.PUBLISHER)
            suggestion = suggestion_in(S.PUBLISHED, staff=staff)
            page, public = f"/suggestions/{suggestion.reference}", public_reference_of(suggestion)
        fields = telling_fields("<main" + owner.get(page).text.split('text/correct"')[1])
        opened = owner.post(f"{page}/text/correct", data=fields)
        assert opened.location == f"{page}/text"
        assert owner.get(f"/tell-us-how/you-said-we-did/{public}").status_code == 200


class TestPublicPages:
    @pytest.fixture
    def public(self, app: Flask, make_user: Callable[..., Member]) -> str:
        people = make_user(Role.POLICY_OWNER), make_user(Role.PUBLISHER)
        with app.app_context(), transaction():
            staff = as_staff(people[0], Role.POLICY_OWNER), as_staff(people[1], Role.PUBLISHER)
            text_in(TextState.WITHDRAWN, suggestion_in(S.ANSWERED), staff=staff)
            return public_reference_of(suggestion_in(S.PUBLISHED, staff=staff))

    def test_nothing_published_says_so(self, client: FlaskClient):
        assert "Nothing has been published yet." in client.get("/tell-us-how/you-said-we-did").text

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("q=insurer+ASKS", True), ("q=zanzibar", False), ("family=insurance", True), ("family=nonsense", True),
            ("body=The+insurer+or+its+broker", True), ("q=insurer&body=nobody", True),
        ],
    )  # fmt: skip
    def test_search_and_filters(self, client: FlaskClient, public: str, query: str, is_found: bool):
        page = client.get(f"/tell-us-how/you-said-we-did?{query}").text
        assert (public in page) == is_found
        assert is_found or "Nothing matches." in page

    def test_the_file_and_the_feed(self, client: FlaskClient, public: str):
        rows = list(csv.reader(io.StringIO(client.get("/tell-us-how/you-said-we-did.csv").text)))
        assert [row[0] for row in rows] == ["Reference", public]
        feed = client.get("/tell-us-how/you-said-we-did.atom")
        assert feed.content_type.startswith("application/atom+xml")
        assert public in feed.text
        assert "This was withdrawn." in feed.text

    def test_an_unknown_one_is_not_found(self, client: FlaskClient):
        assert client.get("/tell-us-how/you-said-we-did/YS-UNKNOWN1").status_code == 404

    @pytest.mark.parametrize(("cases", "words"), [(0, "Fewer than 5"), (4, "Fewer than 5"), (6, "At least 5")])
    def test_few_cases_are_not_counted_in_public(
        self, app: Flask, client: FlaskClient, public: str, cases: int, words: str
    ):
        with app.app_context(), transaction():
            for _ in range(cases):
                add_report()
            get_item(public).rule_id = "FIN-BOND"
        page = client.get(f"/tell-us-how/you-said-we-did/{public}").text
        assert words in page
