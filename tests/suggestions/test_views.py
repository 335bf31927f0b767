"""The commissioner's pages: telling, coming back, the receipt, and carrying over a checked requirement."""

import html
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import db, transaction
from mystery_shopper.notifications.models import OutboxMessage
from mystery_shopper.suggestions import journey, services
from mystery_shopper.suggestions.models import Suggestion, SuggestionDraft
from mystery_shopper.suggestions.policy import TEXT_MAX
from mystery_shopper.suggestions.queries import (
    ThemeKind,
    count_texts,
    find_text,
    get_suggestion,
    themes_of,
    timeline_of,
)
from mystery_shopper.suggestions.states import TextState
from tests.factories.staff import Member, token_in
from tests.factories.suggestions import add_suggestion, answer, pass_on, public_reference_of, text_in
from tests.intake.walking import Walker
from tests.suggestions.telling import ANSWERS, code_on, send, tell, telling_fields
from tests.support.standing import Standing

STATUS = "/tell-us-how/receipt/status"


def _open(app: Flask, code: str) -> FlaskClient:
    """Open a receipt in another browser."""
    browser = app.test_client()
    assert send(browser, "/tell-us-how/receipt", code=receipts.grouped(code).lower()).location == STATUS
    return browser


@pytest.fixture
def told(app: Flask, client: FlaskClient, standing: Standing) -> str:
    """Everything has been answered in this browser, up to the check page; the code it shows."""

    def walk(app: Flask) -> tuple[str, str]:
        browser = app.test_client()
        code = tell(browser)
        cookie = browser.get_cookie("session")
        assert cookie is not None
        return code, cookie.value

    code, cookie = standing.get(app, "told up to the check page", walk)
    client.set_cookie("session", cookie)
    return code


class TestTelling:
    def test_from_the_start_page_to_the_answer_and_the_reply(
        self, app: Flask, client: FlaskClient, signed_in: Callable[..., FlaskClient]
    ):
        assert client.get("/tell-us-how").status_code == 200
        code = tell(client)
        assert send(client, "/tell-us-how/check", saved_code="yes").location == "/tell-us-how/done"
        assert "Thank you" in client.get("/tell-us-how/done").text
        owner = signed_in(Role.POLICY_OWNER)
        with app.app_context():
            reference = db.session.query(Suggestion).one().reference
        assert reference in owner.get("/suggestions").text
        page = f"/suggestions/{reference}"
        assert "zanzibar" in owner.get(page).text
        sent = send(owner, f"{page}/answer", result="changed", answer="We changed the template.")
        assert sent.location == page
        other = _open(app, code)
        status = other.get(STATUS).text
        for words in ("We changed the template.", "A habit", "The Example Board", "£400,000", "The rule was changed"):
            assert words in status
        assert send(other, "/tell-us-how/receipt/reply", helped="partly", text="And the annex?").location == STATUS
        shown = owner.get(page).text
        assert "And the annex?" in shown
        assert "Did our answer help? Partly" in shown
        assert "New reply" in owner.get("/suggestions?waits=waiting").text
        read = owner.post(f"{page}/read", data=telling_fields(shown))
        assert read.location == page
        assert "New reply" not in owner.get("/suggestions").text

    def test_the_code_must_be_saved_first(self, app: Flask, client: FlaskClient, told: str):
        assert "Confirm that you have saved your receipt code" in send(client, "/tell-us-how/check").text
        with app.app_context():
            assert db.session.query(Suggestion).count() == 0

    def test_sending_twice_makes_one(self, app: Flask, client: FlaskClient, told: str):
        data = {**telling_fields(client.get("/tell-us-how/check").text), "saved_code": "yes"}
        assert client.post("/tell-us-how/check", data=data).location == "/tell-us-how/done"
        assert client.post("/tell-us-how/check", data=data).location == "/tell-us-how/done"
        with app.app_context():
            assert db.session.query(Suggestion).count() == 1

    @pytest.mark.parametrize("step", [step for step in journey.STEPS if not step.is_optional])
    def test_a_page_without_an_answer_says_what_is_missing(self, step: journey.Step, client: FlaskClient):
        page = send(client, f"/tell-us-how/{step.slug}")
        assert page.status_code == 400
        assert "<title>Error: " in page.text
        assert "There is a problem" in page.text

    @pytest.mark.parametrize(
        ("slug", "typed", "message"),
        [
            ("force", {"forced_by": "other"}, "Enter what it is"),
            ("force", {"forced_by": "nonsense"}, "Select what makes you ask for it"),
            ("body", {"body": "other"}, "Enter what the body is called"),
            ("body", {"body": "../../etc"}, "Select who imposes it"),
            ("value", {"value_pence": "lots"}, "must be an amount in pounds"),
            ("value", {"value_pence": "0"}, "must be £1 or more"),
            ("value", {"value_pence": "9,999,999,999"}, "must be £1,000,000,000 or less"),
            ("value", {"tenders": "0"}, "must be 1 or more"),
            ("value", {"tenders": "1e3"}, "must be a whole number"),
            ("requirement", {"requirement": "x" * (TEXT_MAX + 1)}, "must be 4,000 characters or less"),
            ("authority", {"authority": "x" * 201}, "must be 200 characters or less"),
        ],
    )
    def test_a_wrong_answer_is_an_error_at_the_field_and_comes_back(
        self, client: FlaskClient, slug: str, typed: dict[str, str], message: str
    ):
        page = send(client, f"/tell-us-how/{slug}", **typed)
        assert page.status_code == 400
        assert message in html.unescape(page.text)
        name, value = next(iter(typed.items()))
        if name in ("value_pence", "tenders", "requirement", "authority"):
            assert value in page.text

    def test_the_pages_that_may_be_left_out_take_nothing(self, app: Flask, client: FlaskClient):
        answers = {**ANSWERS, "value": {}, "authority": {}, "rule": {"rule": "none"}, "body": {"body": "unknown"}}
        tell(client, answers)
        send(client, "/tell-us-how/check", saved_code="yes")
        with app.app_context():
            row = db.session.query(Suggestion).one()
            assert (row.value_pence, row.tenders, row.rule_id, row.body_id) == (None, None, None, "")

    def test_bodies_fit_the_force(self, client: FlaskClient):
        send(client, "/tell-us-how/force", forced_by="insurer")
        page = client.get("/tell-us-how/body").text
        assert "Association of British Insurers" in page
        assert "National Audit Office" not in page

    def test_the_check_page_leads_to_what_is_missing(self, client: FlaskClient):
        assert client.get("/tell-us-how/check").location == "/tell-us-how/receipt"
        send(client, "/tell-us-how/force", forced_by="audit")
        page = client.get("/tell-us-how/check").text
        assert "Something is missing" in page
        assert "/tell-us-how/body?return_to=check" in page
        assert "I have saved my receipt code" not in page

    def test_a_change_from_the_check_page_leads_back_to_it(self, client: FlaskClient, told: str):
        changed = send(client, "/tell-us-how/instead?return_to=check", would_rather="Once")
        assert changed.location == "/tell-us-how/check"
        assert "Once" in client.get("/tell-us-how/check").text

    def test_the_done_page_needs_something_sent(self, client: FlaskClient):
        assert client.get("/tell-us-how/done").location == "/tell-us-how"

    def test_an_unknown_page_is_not_found(self, client: FlaskClient):
        assert client.get("/tell-us-how/nonsense").status_code == 404

    def test_nothing_is_readable_in_the_database(self, app: Flask, client: FlaskClient, told: str):
        with app.app_context():
            draft = db.session.query(SuggestionDraft).one()
            raw = (draft.content_sealed or b"") + (draft.code_mac or b"")
        send(client, "/tell-us-how/check", saved_code="yes")
        with app.app_context():
            row = db.session.query(Suggestion).one()
            raw += row.content_sealed + row.receipt_mac
        for word in ("zanzibar", "Barchester", "Plumstead", told):
            assert word.encode() not in raw


class TestComingBack:
    def test_by_code_in_another_browser(self, app: Flask, client: FlaskClient):
        saved = send(client, "/tell-us-how/force", forced_by="audit", later="yes")
        assert saved.location == "/tell-us-how/save"
        code = code_on(client.get("/tell-us-how/save").text)
        assert send(client, "/tell-us-how/save").location == "/tell-us-how"
        assert client.get("/tell-us-how/tasks").location == "/tell-us-how/receipt"
        other = app.test_client()
        assert send(other, "/tell-us-how/receipt", code=code).location == "/tell-us-how/tasks"
        assert "In progress" in other.get("/tell-us-how/tasks").text
        assert 'value="audit" checked' in other.get("/tell-us-how/force").text

    def test_a_page_whose_session_ended_keeps_what_was_typed(self, app: Flask, client: FlaskClient):
        send(client, "/tell-us-how/force", forced_by="audit")
        code = code_on(client.get("/tell-us-how/save").text)
        lost = telling_fields(client.get("/tell-us-how/requirement").text)
        other = app.test_client()
        token = token_in(other.get("/tell-us-how/force").text)
        typed = {**lost, "csrf_token": token, "requirement": "Typed for an hour"}
        refused = other.post("/tell-us-how/requirement", data=typed)
        assert refused.status_code == 409
        assert "Typed for an hour" in refused.text
        kept = {"kept-requirement": "Typed for an hour"}
        page = other.post("/tell-us-how/receipt", data={**telling_fields(refused.text), **kept, "code": code})
        assert page.status_code == 400
        assert "Typed for an hour" in page.text
        assert "timed out" in page.text
        sent = other.post(
            "/tell-us-how/requirement", data={**telling_fields(page.text), "requirement": "Typed for an hour"}
        )
        assert sent.status_code == 302
        assert "Typed for an hour" in other.get("/tell-us-how/requirement").text

    def test_a_page_without_a_valid_token_keeps_what_was_typed(self, client: FlaskClient):
        page = client.post("/tell-us-how/requirement", data={"requirement": "Typed for an hour"})
        assert "Typed for an hour" in page.text
        assert "timed out" in page.text

    def test_another_browser_does_not_have_the_draft(self, app: Flask, client: FlaskClient):
        send(client, "/tell-us-how/force", forced_by="audit")
        draft = telling_fields(client.get("/tell-us-how/force").text)["draft"]
        other = app.test_client()
        token = token_in(other.get("/tell-us-how/force").text)
        answer = other.post("/tell-us-how/force", data={"csrf_token": token, "draft": draft, "forced_by": "funder"})
        assert answer.status_code == 409
        assert 'value="audit" checked' in client.get("/tell-us-how/force").text

    def test_starting_again_leaves_the_first_as_it_is(self, app: Flask, client: FlaskClient):
        send(client, "/tell-us-how/force", forced_by="audit")
        first = code_on(client.get("/tell-us-how/save").text)
        assert "Go on with what you started" in client.get("/tell-us-how").text
        page = client.get("/tell-us-how/force?new=yes").text
        client.post("/tell-us-how/force", data={**telling_fields(page), "forced_by": "funder"})
        assert code_on(client.get("/tell-us-how/save").text) != first
        with app.app_context():
            assert db.session.query(SuggestionDraft).count() == 2


class TestCarriedOver:
    BOND = "Bidders must lodge a performance bond of £600,000."

    def _check(self, client: FlaskClient, text: str = BOND) -> Walker:
        walker = Walker(client)
        walker.open("/check-a-requirement")
        walker.send({"requirement": text, "contract_kind": "services", "estimated_value_gbp": "1,200,000"})
        return walker

    def test_text_rule_and_value_go_along_and_nothing_before(self, app: Flask, client: FlaskClient):
        walker = self._check(client)
        with app.app_context():
            assert db.session.query(SuggestionDraft).count() == 0
        walker.send(number=1)
        assert walker.path == "/tell-us-how/tasks"
        page = client.get("/tell-us-how/check").text
        for words in ("performance bond of £600,000", "£1,200,000", "Bonds and guarantees"):
            assert words in page
        assert 'value="FIN-BOND" checked' in client.get("/tell-us-how/rule").text

    def test_a_text_too_long_to_send_comes_back_uncut(self, client: FlaskClient):
        text = f"{self.BOND} {'word ' * 900}".strip()
        walker = self._check(client, text)
        walker.send(number=1)
        assert "must be 4,000 characters or less" in walker.text
        assert text in walker.text

    @pytest.mark.parametrize(
        "extra", [{"rule": "NO-SUCH"}, {"rule": "' OR 1=1"}, {"value": "-1"}, {"value": "9" * 40}, {"value": "x"}]
    )
    def test_what_was_forged_is_left_out(self, client: FlaskClient, extra: dict[str, str]):
        token = token_in(client.get("/tell-us-how/force").text)
        sent = client.post("/tell-us-how/from-check", data={"csrf_token": token, "requirement": "x", **extra})
        assert sent.location == "/tell-us-how/tasks"

    def test_without_a_token_nothing_is_kept_and_nothing_lost(self, app: Flask, client: FlaskClient):
        page = client.post("/tell-us-how/from-check", data={"requirement": "Typed for an hour"})
        assert "Typed for an hour" in page.text
        with app.app_context():
            assert db.session.query(SuggestionDraft).count() == 0


class TestReceipt:
    @pytest.mark.parametrize(
        ("typed", "message"),
        [("", "Enter your receipt code"), ("ABC", "Check the code: it has 27"), ("0" * 26 + "1", "Check the code")],
    )
    def test_a_wrong_code_says_so(self, client: FlaskClient, typed: str, message: str):
        assert message in send(client, "/tell-us-how/receipt", code=typed).text

    def test_a_code_nobody_has_gets_one_answer(self, client: FlaskClient):
        assert "we cannot find anything" in send(client, "/tell-us-how/receipt", code=receipts.new_code()).text

    @pytest.mark.parametrize("path", [STATUS, "/tell-us-how/receipt/reply"])
    def test_the_pages_behind_it_need_the_code(self, client: FlaskClient, path: str):
        assert client.get(path).location == "/tell-us-how/receipt"

    def test_the_code_is_in_no_address(self, app: Flask, client: FlaskClient):
        with app.app_context(), transaction():
            filed = add_suggestion()
        opened = send(client, "/tell-us-how/receipt", code=filed.receipt_code)
        assert filed.receipt_code not in opened.location
        assert "There is no answer yet." in client.get(STATUS).text

    def test_it_says_what_happened_and_not_what_staff_wrote(self, app: Flask):
        with app.app_context(), transaction():
            filed = add_suggestion()
            suggestion = get_suggestion(filed.reference)
            pass_on(suggestion, text="Words to the body")
        page = _open(app, filed.receipt_code).get(STATUS).text
        assert "We passed it to the body that sets the rule" in page
        assert "Words to the body" not in page
        assert "We asked the body to answer by" in page

    def test_one_that_was_closed_says_why(self, app: Flask):
        with app.app_context(), transaction():
            filed = add_suggestion()
            suggestion = get_suggestion(filed.reference)
            services.close(suggestion, "No rule is behind it", version=1, actor="system", now=clock.utc_now())
        assert "No rule is behind it" in _open(app, filed.receipt_code).get(STATUS).text

    def test_one_can_write_before_there_is_an_answer(self, app: Flask):
        with app.app_context(), transaction():
            filed = add_suggestion()
        browser = _open(app, filed.receipt_code)
        assert "Did our answer help?" not in browser.get("/tell-us-how/receipt/reply").text
        assert "Enter what you want to tell us" in send(browser, "/tell-us-how/receipt/reply").text
        code = receipts.grouped(filed.receipt_code)
        assert "Remove your receipt code" in send(browser, "/tell-us-how/receipt/reply", text=f"It is {code}").text
        assert send(browser, "/tell-us-how/receipt/reply", text="One more thing").location == STATUS

    def test_an_answer_shows_what_came_of_it(self, app: Flask):
        with app.app_context(), transaction():
            filed = add_suggestion()
            answer(get_suggestion(filed.reference), "It is no condition.")
        page = _open(app, filed.receipt_code).get(STATUS).text
        assert "It is no condition." in page
        assert "The rule does not ask for this" in page


class TestTakingBack:
    """Withdraw, object, and see what is held: as the receipt of a report has them."""

    def test_taken_back_once_and_nobody_works_on_it(
        self, app: Flask, client: FlaskClient, signed_in: Callable[..., FlaskClient], make_user: Callable[..., Member]
    ):
        for path in ("withdraw", "object", "held"):
            assert client.get(f"/tell-us-how/receipt/{path}").location == "/tell-us-how/receipt"
        people = make_user(Role.POLICY_OWNER), make_user(Role.PUBLISHER)
        with app.app_context(), transaction():
            filed = add_suggestion(authority="Barchester City Council", giveaways="Plumstead Episcopi")
            suggestion = get_suggestion(filed.reference)
            answer(suggestion)
            text_in(TextState.AWAITING_APPROVAL, suggestion, staff=people)
        browser = _open(app, filed.receipt_code)
        send(browser, "/tell-us-how/receipt/reply", text="One thing more")
        held = browser.get("/tell-us-how/receipt/held").text
        for words in ("We do not know who you are", "Barchester City Council", "Plumstead", "One thing more"):
            assert words in held
        browser.post("/tell-us-how/receipt/withdraw", data={"csrf_token": "old"})
        with app.app_context():
            assert get_suggestion(filed.reference).withdrawn_on is None
        page = browser.get("/tell-us-how/receipt/withdraw").text
        twice = telling_fields(page)
        assert "cannot undo this" in page
        for _ in range(2):
            assert browser.post("/tell-us-how/receipt/withdraw", data=twice).location == STATUS
        status = browser.get(STATUS).text
        assert "You took it back." in status
        assert "write to us" not in status
        assert "took back what we had published" not in status
        assert "You cannot take it back now" in browser.get("/tell-us-how/receipt/withdraw").text
        assert "You took it back, so" in send(browser, "/tell-us-how/receipt/reply", text="Still there?").text
        owner = signed_in(Role.POLICY_OWNER)
        shown = owner.get(f"/suggestions/{filed.reference}").text
        assert "The commissioner took this back on" in shown
        assert "/answer" not in shown
        assert owner.get(f"/suggestions/{filed.reference}/text").status_code == 409
        with app.app_context():
            assert count_texts(TextState.AWAITING_APPROVAL) == 0
            assert find_text(get_suggestion(filed.reference)).state is TextState.WITHDRAWN
            assert [line.sentence for line in timeline_of(get_suggestion(filed.reference))].count(
                "Withdrawn by the commissioner"
            ) == 1
            assert not themes_of(ThemeKind.FAMILY, since=None, until=None, by_value=False)

    def test_an_objection_stands_in_the_way_of_publishing(self, app: Flask, signed_in: Callable[..., FlaskClient]):
        with app.app_context(), transaction():
            filed = add_suggestion()
            answer(get_suggestion(filed.reference))
        browser = _open(app, filed.receipt_code)
        assert send(browser, "/tell-us-how/receipt/object").location == STATUS
        assert "You asked us not to publish anything about it." in browser.get(STATUS).text
        assert "You have asked us already." in browser.get("/tell-us-how/receipt/object").text
        owner, page = signed_in(Role.POLICY_OWNER), f"/suggestions/{filed.reference}"
        typed = {"title": "Cover", "said": "Too much.", "done": "Less.", "send": "yes"}
        assert "Enter how the objection was dealt with" in send(owner, f"{page}/text", **typed).text
        assert send(owner, f"{page}/text", **typed, objection_answer="We left out the trade.").location == page
        decide = signed_in(Role.PUBLISHER).get(f"{page}/text/decide").text
        assert "The commissioner asked us not to publish" in decide
        assert "We left out the trade." in decide

    def test_what_is_public_is_taken_down_by_a_person(
        self, app: Flask, client: FlaskClient, signed_in: Callable[..., FlaskClient], make_user: Callable[..., Member]
    ):
        people = make_user(Role.POLICY_OWNER), make_user(Role.PUBLISHER)
        with app.app_context(), transaction():
            filed = add_suggestion()
            suggestion = get_suggestion(filed.reference)
            answer(suggestion)
            text_in(TextState.PUBLISHED, suggestion, staff=people)
            address = f"/tell-us-how/you-said-we-did/{public_reference_of(suggestion)}"
        browser = _open(app, filed.receipt_code)
        refused = browser.get("/tell-us-how/receipt/withdraw").text
        assert "ask us to take it down" in refused
        fields = {"csrf_token": token_in(browser.get("/tell-us-how/receipt/object").text)}
        late = browser.post("/tell-us-how/receipt/withdraw", data=fields)
        assert late.status_code == 422
        assert "You cannot take it back now" in late.text
        assert address in browser.get("/tell-us-how/receipt/object").text
        send(browser, "/tell-us-how/receipt/object")
        with app.app_context():
            assert "commissioner-wrote" in {row.letter.value for row in db.session.query(OutboxMessage)}
        owner, page = signed_in(Role.POLICY_OWNER), f"/suggestions/{filed.reference}"
        assert "It is published: withdraw it, or correct it" in owner.get(page).text
        assert filed.reference in owner.get("/suggestions?waits=waiting").text
        send(owner, f"{page}/text/withdraw", reason="The commissioner objects")
        assert client.get(address).status_code == 410
        assert "took back what we had published" in browser.get(STATUS).text
        assert send(browser, "/tell-us-how/receipt/withdraw").location == STATUS
