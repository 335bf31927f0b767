"""Bad input at every form and every list: an answer a person can act on, never a failure, never slow.

Texts go into every text field of a form at once; what people do not see is changed too. The time is that of the
processor, so that a busy machine says nothing about us.
"""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Report
from mystery_shopper.core.db import db
from tests.architecture.bad_inputs import HIDDEN, PATHS, QUERIES, RAW_BODIES, RECEIPT_CODES, TEXT
from tests.architecture.test_routes import access_of, may, rules_of
from tests.architecture.world import ANONYMOUS, World
from tests.intake.walking import Walker, read_forms

ANSWERS = frozenset({200, 302, 303, 400, 401, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429})
SLOWEST_SECONDS = 2.0
FULL = os.environ.get("FAULTS") == "full"
SHARES = 8
TRACES = ("Traceback (most recent", 'File "/', "sqlalchemy.", "werkzeug.exceptions")
LIVE = re.compile(r"<script>alert|<img src=x onerror")
PEOPLE = (ANONYMOUS, Role.SENIOR_CASEWORKER, Role.PUBLISHER, Role.POLICY_OWNER, Role.AUDITOR, Role.ADMINISTRATOR)
SLOW_BY_DESIGN = frozenset({"accounts.sign_in", "accounts.confirm_identity", "accounts.change_password"})
"""Forms that compare a password: each try costs what an attacker's try must cost."""
TRIED_SLOWLY = ("a NUL", "script", "long", "a lone surrogate")
REPORT_PAGES = (
    "contact",
    "procurement",
    "value",
    "dates",
    "barriers",
    "requirement",
    "what-happened",
    "raised",
)
STEPS = ("force", "about", "requirement", "instead", "value", "authority")
FACTS = ("bond_gbp", "deadline_date", "certification_name", "certification_required", "contract_kind", "payment_days")


@dataclass
class Fuzzer:
    """Sends bad input and collects what went wrong."""

    browser: FlaskClient
    wrong: list[str] = field(default_factory=list)
    sent: int = 0

    def open(self, address: str, what: str, **request: object) -> TestResponse:
        """Send a request and judge the answer."""
        began = time.thread_time()
        answer = self.browser.open(address, **request)
        spent = time.thread_time() - began
        self.sent += 1
        problems = [] if answer.status_code in ANSWERS else [f"answered {answer.status_code}"]
        problems += [f"took {spent:.1f} s"] if spent > SLOWEST_SECONDS else []
        if answer.mimetype == "text/html":
            problems += [f"shows {trace}" for trace in TRACES if trace in answer.text]
            problems += ["shows live markup"] if LIVE.search(answer.text) else []
        self.wrong += [f"{request.get('method', 'GET')} {address[:80]} with {what}: {problem}" for problem in problems]
        return answer

    def post(self, address: str, what: str, fields: dict[str, list[str]]) -> TestResponse:
        """Send a form."""
        pairs = ((name, value) for name, values in fields.items() for value in values)
        body = "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs)
        return self.raw(address, what, body.encode())

    def raw(self, address: str, what: str, body: bytes) -> TestResponse:
        """Send a body as it is."""
        return self.open(address, what, method="POST", data=body, content_type="application/x-www-form-urlencoded")


def escaped(value: str) -> str:
    return quote_plus(value.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True)
class Form:
    """A form of a page, and what it would send."""

    address: str
    endpoint: str
    fields: dict[str, list[str]]
    texts: tuple[str, ...]

    def with_texts(self, value: str) -> dict[str, list[str]]:
        """Return what is sent with one text in every text field."""
        return {**self.fields, **{name: [value] for name in self.texts}}

    def with_everything(self, value: str) -> dict[str, list[str]]:
        """Return what is sent with one value in every field but the token."""
        return {name: values if name == "csrf_token" else [value] for name, values in self.fields.items()}


def text_fields(page: str) -> Iterator[str]:
    for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*>", page):
        name, kind = (re.search(rf'\b{what}="([^"]*)"', tag) for what in ("name", "type"))
        if name and (kind is None or kind.group(1) not in ("hidden", "submit", "checkbox")):
            yield name.group(1)


def forms_at(browser: FlaskClient, address: str, endpoint: str) -> list[Form]:
    """Return the forms in the main part of a page that write."""
    page = browser.get(address)
    if page.status_code != 200:
        return []
    main = page.text.split("<main", 1)[-1]
    texts = set(text_fields(main))
    found = []
    for action, fields in read_forms(main):
        if "csrf_token" in fields:
            asked = {**fields, **{name: [""] for name in texts if name not in fields}}
            found.append(Form(action or address, endpoint, asked, tuple(sorted(texts))))
    return found


def addresses(world: World, rule: Rule) -> list[str]:
    """Return the addresses of a route that are worth a try."""
    choices = {"intake.show_page": REPORT_PAGES, "suggestions.show_step": STEPS}
    if rule.endpoint in choices:
        return [world.address(rule).rsplit("/", 1)[0] + f"/{slug}" for slug in choices[rule.endpoint]]
    if rule.endpoint == "casework.state_fact":
        return [world.address(rule).rsplit("/", 1)[0] + f"/{fact}" for fact in FACTS]
    return [world.address(rule)]


def business_of(app: Flask, person: str) -> list[Rule]:
    """Return the routes that are tried by a person: each by the first who may."""
    rules = rules_of(app)
    return [rule for rule in rules if next((one for one in PEOPLE if may(one, access_of(rule))), None) == person]


def enter(app: Flask, world: World, person: str) -> FlaskClient:
    """Return the browser of a person; a visitor has a report ready to send."""
    browser = world.enter(app, person)
    if person == ANONYMOUS:
        walker = Walker(browser)
        walker.report_bond("confidential")
    return browser


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_form_fails_whatever_is_typed_into_it(app: Flask, world: World) -> None:
    wrong, tried = [], set()
    for person in PEOPLE:
        fuzzer = Fuzzer(enter(app, world, person))
        for rule in business_of(app, person):
            if "POST" not in (rule.methods or ()) or "GET" not in (rule.methods or ()):
                continue
            for address in addresses(world, rule):
                for form in forms_at(fuzzer.browser, address, rule.endpoint):
                    tried.add(form.address)
                    try_form(fuzzer, form, len(tried))
        wrong += fuzzer.wrong
    assert not wrong, "\n".join(wrong)
    assert len(tried) > 45


def try_form(fuzzer: Fuzzer, form: Form, number: int) -> None:
    """Send a form with texts in its text fields, and with one value in all fields, hidden ones included."""
    is_slow = form.endpoint in SLOW_BY_DESIGN
    for what in TRIED_SLOWLY if is_slow else share(list(TEXT), number) if form.texts else ():
        fuzzer.post(form.address, what, form.with_texts(TEXT[what]))
    for value in HIDDEN[:2] if is_slow else share(HIDDEN, number):
        fuzzer.post(form.address, f"{value[:20]!r} in every field", form.with_everything(value))


def share(values: Sequence[str], number: int) -> Sequence[str]:
    """Return what a form is tried with: a part of the values, another for the next one; all with FAULTS=full."""
    return values if FULL else values[number % SHARES :: SHARES]


@pytest.mark.slow
def test_no_page_fails_whatever_its_address_asks_for(app: Flask, world: World) -> None:
    wrong = []
    for person in PEOPLE:
        fuzzer = Fuzzer(enter(app, world, person))
        lists = [rule for rule in business_of(app, person) if "GET" in (rule.methods or ()) and not rule.arguments]
        for rule in lists:
            for query in share(QUERIES, len(rule.rule)):
                fuzzer.open(f"{rule.rule}?{query}", query[:40])
        for path in PATHS:
            answer = fuzzer.open(path, "a strange path")
            if answer.status_code not in (302, 308, 404, 403, 400):
                fuzzer.wrong.append(f"{person}: {path} is there ({answer.status_code})")
        wrong += [one for one in fuzzer.wrong if "answered 308" not in one]
    assert not wrong, "\n".join(wrong)


def test_a_body_that_is_no_form_is_refused_and_stores_nothing(app: Flask) -> None:
    browser = app.test_client()
    Walker(browser).report_bond("confidential")
    fuzzer = Fuzzer(browser)
    for address in (
        "/report",
        "/report/what-happened",
        "/report/check",
        "/receipt",
        "/tell-us-how/requirement",
        "/sign-in",
    ):
        for what, body in RAW_BODIES.items():
            answer = fuzzer.raw(address, what, body)
            if answer.status_code in (302, 303):
                fuzzer.wrong.append(f"{address} took {what}")
    assert not fuzzer.wrong, "\n".join(fuzzer.wrong)
    with app.app_context():
        assert db.session.query(Report).count() == 0
        db.session.remove()


def test_no_wrong_code_opens_a_receipt_and_all_are_told_the_same_kind_of_thing(app: Flask) -> None:
    for address in ("/receipt", "/report/return", "/tell-us-how/receipt"):
        fuzzer = Fuzzer(app.test_client())
        form = forms_at(fuzzer.browser, address, "receipt")[0]
        for code in RECEIPT_CODES:
            answer = fuzzer.post(form.address, code[:20], {**form.fields, "code": [code]})
            assert answer.status_code == 400, f"{address} {code[:20]!r}"
            assert "There is a problem" in answer.text
        assert not fuzzer.wrong, "\n".join(fuzzer.wrong)


def test_fields_that_nobody_asked_for_change_nothing(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    walker = Walker(app.test_client())
    walker.go_to_barriers()
    walker.open("/report/procurement")
    extra = {"is_admin": "1", "owner_id": "1", "receipt_mac": "00", "identity_choice": "named", "narrative": "smuggled"}
    walker.send({"procurement_title": ["First title", "Second title"], **extra})
    assert "fields nobody asked for at intake.show_page: is_admin, owner_id, receipt_mac" in caplog.text
    assert "smuggled" not in caplog.text
    walker.open("/report/check")
    assert "First title" in walker.text
    assert "Second title" not in walker.text
    assert "smuggled" not in walker.text
    assert "Anonymous" in walker.text


class TestAnything:
    """What no catalogue holds."""

    @given(words=st.text(max_size=300))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_text_is_kept_or_refused_at_its_field(self, fuzzed: Callable[[str], TestResponse], words: str) -> None:
        answer = fuzzed(words)
        assert answer.status_code == 302 or "There is a problem" in answer.text

    @given(query=st.binary(max_size=60))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_query_is_answered(self, client: FlaskClient, query: bytes) -> None:
        fuzzer = Fuzzer(client)
        quoted = "".join(f"%{byte:02x}" for byte in query)
        for address in ("/results", "/results.json", "/results.csv"):
            fuzzer.open(f"{address}?q={quoted}&authority={quoted}", repr(query))
        assert not fuzzer.wrong


@pytest.fixture
def fuzzed(app: Flask) -> Callable[[str], TestResponse]:
    """Return a function that types a text into the story of one report."""
    fuzzer = Fuzzer(app.test_client())
    Walker(fuzzer.browser).report_bond()
    form = forms_at(fuzzer.browser, "/report/what-happened", "intake.show_page")[0]

    def send(words: str) -> TestResponse:
        answer = fuzzer.post(form.address, repr(words), form.with_texts(words))
        assert not fuzzer.wrong
        return answer

    return send
