import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core import receipts
from mystery_shopper.core.db import db, transaction
from mystery_shopper.suggestions import journey
from mystery_shopper.suggestions.models import Suggestion
from tests.factories.staff import token_in
from tests.factories.suggestions import add_suggestion

ANSWERS = {
    "force": {"forced_by": "other", "forced_by_other": "A habit"},
    "about": {"family": "turnover"},
    "requirement": {"requirement": "Turnover of four times the contract, zanzibar"},
    "instead": {"would_rather": "Twice at most"},
    "value": {"value_band": "150k-to-1m"},
    "authority": {"authority": "Barchester City Council"},
}
CODE = re.compile(r'<p class="ms-code">(.*?)</p>', re.DOTALL)


def _send(client: FlaskClient, path: str, **data: str):
    return client.post(path, data={"csrf_token": token_in(client.get(path).text), **data})


def _tell(client: FlaskClient) -> str:
    """Walk the pages to the check page; return the code it shows."""
    for step in journey.STEPS:
        answer = _send(client, f"/tell-us-how/{step.slug}", **ANSWERS[step.slug])
        assert answer.status_code == 302, answer.text
    shown = CODE.search(client.get("/tell-us-how/check").text)
    assert shown
    return receipts.parse(re.sub(r"<[^>]+>", "", shown.group(1)))


class TestTelling:
    def test_from_the_start_page_to_the_answer(
        self, app: Flask, client: FlaskClient, signed_in: Callable[..., FlaskClient]
    ):
        assert client.get("/tell-us-how").status_code == 200
        code = _tell(client)
        assert _send(client, "/tell-us-how/check", saved_code="yes").location == "/tell-us-how/done"
        assert "Thank you" in client.get("/tell-us-how/done").text
        owner = signed_in(Role.POLICY_OWNER)
        with app.app_context():
            reference = db.session.query(Suggestion).one().reference
        assert reference in owner.get("/suggestions").text
        page = f"/suggestions/{reference}"
        assert "zanzibar" in owner.get(page).text
        version = re.search(r'name="version"[^>]*value="(\d+)"', owner.get(f"{page}/answer").text)
        assert version
        sent = _send(owner, f"{page}/answer", version=version.group(1), answer="We changed the template.")
        assert sent.location == page
        other = app.test_client()
        opened = _send(other, "/tell-us-how/receipt", code=receipts.grouped(code).lower())
        assert opened.location == "/tell-us-how/receipt/status"
        status = other.get("/tell-us-how/receipt/status").text
        assert "We changed the template." in status
        assert "A habit" in status

    def test_the_code_must_be_saved_first(self, app: Flask, client: FlaskClient):
        _tell(client)
        answer = _send(client, "/tell-us-how/check")
        assert "Confirm that you have saved your receipt code" in answer.text
        with app.app_context():
            assert db.session.query(Suggestion).count() == 0

    def test_sending_twice_makes_one(self, app: Flask, client: FlaskClient):
        _tell(client)
        token = token_in(client.get("/tell-us-how/check").text)
        data = {"csrf_token": token, "saved_code": "yes"}
        assert client.post("/tell-us-how/check", data=data).location == "/tell-us-how/done"
        assert client.post("/tell-us-how/check", data=data).location == "/tell-us-how/done"
        with app.app_context():
            assert db.session.query(Suggestion).count() == 1

    @pytest.mark.parametrize("step", [step for step in journey.STEPS if not step.is_optional])
    def test_a_page_without_an_answer_says_what_is_missing(self, step: journey.Step, client: FlaskClient):
        answer = _send(client, f"/tell-us-how/{step.slug}")
        assert answer.status_code == 200
        assert "<title>Error: " in answer.text
        assert "There is a problem" in answer.text

    def test_something_else_must_be_named(self, client: FlaskClient):
        answer = _send(client, "/tell-us-how/force", forced_by="other")
        assert "Enter what it is" in answer.text

    def test_the_check_page_goes_to_what_is_missing(self, client: FlaskClient):
        assert client.get("/tell-us-how/check").location == "/tell-us-how/force"
        _send(client, "/tell-us-how/force", forced_by="audit")
        assert client.get("/tell-us-how/check").location == "/tell-us-how/about"

    def test_the_done_page_needs_something_sent(self, client: FlaskClient):
        assert client.get("/tell-us-how/done").location == "/tell-us-how"

    def test_an_unknown_page_is_not_found(self, client: FlaskClient):
        assert client.get("/tell-us-how/nonsense").status_code == 404

    def test_nothing_is_readable_in_the_database(self, app: Flask, client: FlaskClient):
        code = _tell(client)
        _send(client, "/tell-us-how/check", saved_code="yes")
        with app.app_context():
            row = db.session.query(Suggestion).one()
            raw = row.content_sealed + row.receipt_mac
        assert b"zanzibar" not in raw
        assert code.encode() not in raw


class TestReceipt:
    @pytest.mark.parametrize(
        ("typed", "message"),
        [("", "Enter your receipt code"), ("ABC", "Check the code: it has 27"), ("0" * 26 + "1", "Check the code")],
    )
    def test_a_wrong_code_says_so(self, client: FlaskClient, typed: str, message: str):
        assert message in _send(client, "/tell-us-how/receipt", code=typed).text

    def test_a_code_nobody_has_gets_one_answer(self, client: FlaskClient):
        answer = _send(client, "/tell-us-how/receipt", code=receipts.new_code())
        assert "we cannot find anything" in answer.text

    def test_the_status_needs_the_code(self, client: FlaskClient):
        assert client.get("/tell-us-how/receipt/status").location == "/tell-us-how/receipt"

    def test_the_code_is_in_no_address(self, app: Flask, client: FlaskClient):
        with app.app_context(), transaction():
            filed = add_suggestion()
        answer = _send(client, "/tell-us-how/receipt", code=filed.receipt_code)
        assert filed.receipt_code not in answer.location
        assert "There is no answer yet." in client.get("/tell-us-how/receipt/status").text


class TestStaff:
    @pytest.fixture
    def reference(self, app: Flask) -> str:
        with app.app_context(), transaction():
            return add_suggestion().reference

    def test_the_list_is_empty_at_first(self, signed_in: Callable[..., FlaskClient]):
        assert "Nobody has told us anything yet." in signed_in(Role.POLICY_OWNER).get("/suggestions").text

    def test_filters_and_their_chips(self, reference: str, signed_in: Callable[..., FlaskClient]):
        owner = signed_in(Role.POLICY_OWNER)
        assert reference in owner.get("/suggestions?state=received&forced_by=insurer").text
        page = owner.get("/suggestions?state=answered").text
        assert "No suggestion matches these filters." in page
        assert "Remove this filter" in page
        assert reference in owner.get("/suggestions?state=nonsense").text

    def test_pages_of_many(self, app: Flask, signed_in: Callable[..., FlaskClient]):
        with app.app_context(), transaction():
            references = {add_suggestion().reference for _ in range(30)}
        owner = signed_in(Role.POLICY_OWNER)
        first = owner.get("/suggestions").text
        following = re.search(r'href="(/suggestions\?cursor=[^"]+)"', first)
        assert following
        second = owner.get(following.group(1)).text
        seen = [set(re.findall(r"/suggestions/(TH-\w+)", page)) for page in (first, second)]
        assert seen[0] | seen[1] == references
        assert not seen[0] & seen[1]

    def test_passing_on(self, app: Flask, reference: str, client: FlaskClient, signed_in: Callable[..., FlaskClient]):
        owner = signed_in(Role.POLICY_OWNER)
        page = f"/suggestions/{reference}"
        assert "Enter who it was passed on to" in _send(owner, f"{page}/route", version="1", note="").text
        assert _send(owner, f"{page}/route", version="1", note="To the body of insurers").location == page
        assert "To the body of insurers" in owner.get(page).text

    def test_a_stale_answer_shows_what_stands_and_keeps_what_was_typed(
        self, reference: str, signed_in: Callable[..., FlaskClient]
    ):
        owner = signed_in(Role.POLICY_OWNER)
        page = f"/suggestions/{reference}/answer"
        _send(owner, page, version="1", answer="First answer")
        late = _send(owner, page, version="1", answer="Second answer")
        assert late.status_code == 409
        assert "First answer" in late.text
        assert "Second answer" in late.text

    @pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SENIOR_CASEWORKER, Role.PUBLISHER, Role.ADMINISTRATOR])
    def test_others_may_not_read_them(self, role: Role, reference: str, signed_in: Callable[..., FlaskClient]):
        browser = signed_in(role)
        assert browser.get("/suggestions").status_code == 403
        assert browser.get(f"/suggestions/{reference}").status_code == 403

    def test_reading_and_answering_are_in_the_audit_log(
        self, app: Flask, reference: str, signed_in: Callable[..., FlaskClient]
    ):
        owner = signed_in(Role.POLICY_OWNER)
        owner.get(f"/suggestions/{reference}")
        _send(owner, f"/suggestions/{reference}/answer", version="1", answer="Yes")
        with app.app_context():
            actions = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.seq)]
        assert [action for action in actions if action.startswith("suggestion:")] == [
            "suggestion:filed",
            "suggestion:viewed",
            "suggestion:viewed",
            "suggestion:viewed",
            "suggestion:answered",
        ]
