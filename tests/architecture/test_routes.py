"""Who may open what: every endpoint stands in routes.csv, and each kind of person is tried at each of them.

`python -m tests.architecture.test_routes` prints the table as the program has it now, to be read before it is kept.
"""

import csv
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session as OwnSession
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config import Config, load_config
from mystery_shopper import app as wiring
from mystery_shopper.accounts.policy import ROLE_PERMISSIONS, Role
from mystery_shopper.core.crypto import create_key_file
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.forms import TIMED_OUT
from mystery_shopper.core.permissions import Permission, mark_of
from tests.architecture.world import (
    ANONYMOUS,
    DISABLED,
    PEOPLE,
    UNENROLLED,
    UNKNOWN_REFERENCE,
    CaseThings,
    World,
)
from tests.factories.reports import Filed
from tests.factories.staff import token_in
from tests.intake.walking import Walker, read_forms

TABLE = Path(__file__).with_name("routes.csv")
COLUMNS = ("endpoint", "address", "methods", "access", "step up")
PUBLIC = "public"
TRIED = ("GET", "HEAD", "OPTIONS", "POST")
OUTSIDERS = (ANONYMOUS, UNENROLLED, DISABLED)
ALSO_TRIES_ALL = Role.AUDITOR.value
TRY_UNSERVED = (ANONYMOUS, Role.AUDITOR.value, Role.SENIOR_CASEWORKER.value)
"""Who tries methods that an address does not take: routing refuses those, whoever asks."""
TRY_PUBLIC = (ANONYMOUS, UNENROLLED, Role.CASEWORKER.value)
"""Who tries pages that are for everybody: somebody outside, half inside and inside."""
KEPT = "keptwords"
WRITES = re.compile(r"\s*(?:WITH\b.*\b)?(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    endpoint: str
    address: str
    methods: str
    access: str
    step_up: str


@cache
def read_table() -> list[Line]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Line(*row) for row in list(csv.reader(file))[1:]]


def lines_of(app: Flask) -> list[Line]:
    found = []
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        access = mark.permission.value if mark and mark.permission else PUBLIC
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        found.append(Line(rule.endpoint, rule.rule, methods, access, "yes" if mark and mark.step_up else ""))
    return sorted(found, key=lambda line: (line.address, line.endpoint))


def rules_of(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def may(person: str, access: str) -> bool:
    """Tell whether the table lets a kind of person in."""
    if access == PUBLIC:
        return True
    return person not in OUTSIDERS and Permission(access) in ROLE_PERMISSIONS[Role(person)]


def concerns(person: str, access: str) -> bool:
    """Tell whether a page is a person's business: the public pages are tried by a visitor, the others by staff."""
    return person == ANONYMOUS if access == PUBLIC else may(person, access)


def access_of(rule: Rule) -> str:
    return access_by_endpoint()[rule.endpoint]


@cache
def access_by_endpoint() -> dict[str, str]:
    return {line.endpoint: line.access for line in read_table()}


def token_of(browser: FlaskClient) -> str:
    """Return a valid token for a browser's session."""
    return token_in(browser.get("/report").text)


class TestTable:
    def test_the_routes_of_the_program_are_those_of_the_table(self, migrated: Flask) -> None:
        assert lines_of(migrated) == read_table()

    def test_a_route_that_says_nothing_of_access_stops_the_start(
        self, settings: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        forgotten = Blueprint("forgotten", __name__)
        forgotten.add_url_rule("/forgotten", "page", lambda: "secret")
        monkeypatch.setattr(wiring, "BLUEPRINTS", (*wiring.BLUEPRINTS, forgotten))
        with pytest.raises(ConfigurationError, match=r"forgotten\.page"):
            wiring.create_app(settings)

    def test_every_kind_of_person_is_tried_and_some_page_refuses_each(self) -> None:
        for person in PEOPLE:
            assert any(may(person, line.access) for line in read_table())
            assert not all(may(person, line.access) for line in read_table())


def send(browser: FlaskClient, method: str, address: str, fields: dict[str, str]) -> TestResponse:
    return browser.open(address, method=method, data=fields if method == "POST" else None)


def write_draft(browser: FlaskClient) -> str:
    """Fill in a report up to its last page, so that every page of the journey is there; returns the draft's id."""
    walker = Walker(browser)
    walker.report_bond()
    walker.open("/report/check")
    return walker.form()[1]["draft"][0]


def methods_tried(person: str, access: str) -> tuple[str, ...]:
    """Return the methods: one person outside and one inside try all four where they may not enter."""
    return TRIED if person == ANONYMOUS or (person == ALSO_TRIES_ALL and not may(person, access)) else ("GET", "POST")


def methods_at(app: Flask) -> dict[str, set[str]]:
    """Return what is served at each address: two endpoints may share one, each with methods of its own."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.rule, set()).update(rule.methods or ())
    return found


def what_is_wrong(person: str, rule: Rule, method: str, answer: TestResponse, access: str) -> str:
    """Return what is wrong with an answer, nothing when it is as the table says."""
    status = answer.status_code
    if status >= 500:
        return "failed"
    if method not in (rule.methods or ()):
        return "" if status in (401, 403, 404, 405) else "took the method"
    if may(person, access):
        if status in (401, 403):
            return "refused somebody who may"
        gone = status == 404 and (access != PUBLIC or person == ANONYMOUS)
        return "was not there for somebody who may" if gone else ""
    if person not in OUTSIDERS:
        return "" if status == 403 else "did not refuse"
    if method in ("GET", "HEAD"):
        asks = status == 302 and (answer.location or "").startswith("/sign-in")
        return "" if asks else "did not ask to sign in"
    return "" if status == 401 else "did not refuse"


LEAVING = {"pages.leave"}
"""Closes whatever is open in the browser (tests/journeys/test_leaving.py)."""


@pytest.mark.sqlite
class TestMatrix:
    @pytest.mark.timeout(600)
    def test_each_page_lets_in_who_may_and_nobody_else(self, app: Flask, world: World) -> None:
        wrong, served = [], methods_at(app)
        for person in PEOPLE:
            browser = world.enter(app, person)
            draft = {"draft": write_draft(browser)} if person == ANONYMOUS else {}
            token = {"csrf_token": token_of(browser)}
            for rule in rules_of(app):
                access = access_of(rule)
                if rule.endpoint in LEAVING or (access == PUBLIC and person not in TRY_PUBLIC):
                    continue
                for method in methods_tried(person, access):
                    if method not in (rule.methods or ()) and (
                        method in served[rule.rule] or person not in TRY_UNSERVED
                    ):
                        continue  # another endpoint of the same address answers, and is tried on its own line
                    # Somebody who may would really do it: they send no token, the others a good one.
                    fields = draft if may(person, access) else {**draft, **token}
                    answer = send(browser, method, world.address(rule), fields)
                    problem = what_is_wrong(person, rule, method, answer, access)
                    if problem:
                        wrong.append(f"{person}: {method} {rule.endpoint} {problem} ({answer.status_code})")
        assert not wrong, "\n".join(wrong)

    @pytest.mark.large
    def test_head_answers_as_get_does_and_sends_nothing(self, app: Flask, world: World) -> None:
        browser = world.enter(app, Role.SENIOR_CASEWORKER)
        for rule in rules_of(app):
            if "GET" in (rule.methods or ()):
                address = world.address(rule)
                head, get = browser.head(address), browser.get(address)
                assert (head.status_code, head.data) == (get.status_code, b""), rule.endpoint
                assert head.headers["Cache-Control"] == get.headers["Cache-Control"], rule.endpoint


ODD_REFERENCES = (
    "0",
    "-1",
    "1e9",
    "9223372036854775808",
    "MS-2026-1",
    "%00",
    "1'",
    "null",
    "%2e%2e%2fdesk",
    "a" * 3000,
)


class TestCases:
    def test_own_and_unassigned_cases_open_and_those_of_others_are_as_unknown_ones(
        self, app: Flask, world: World
    ) -> None:
        browser = world.enter(app, Role.CASEWORKER)
        token = {"csrf_token": token_of(browser)}
        tried = 0
        for rule in rules_of(app):
            if "reference" not in rule.arguments or not may(Role.CASEWORKER, access_of(rule)) or is_public(rule):
                continue
            unknown = with_reference(world.others, UNKNOWN_REFERENCE)
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                if method == "GET":
                    for case in (world.owned, world.unassigned):
                        assert browser.get(world.address(rule, case)).status_code == 200, rule.endpoint
                others = send(browser, method, world.address(rule, world.others), token)
                nobodys = send(browser, method, world.address(rule, unknown), token)
                assert (others.status_code, nobodys.status_code) == (404, 404), f"{method} {rule.endpoint}"
                assert without_tokens(others.text) == without_tokens(nobodys.text), f"{method} {rule.endpoint}"
                tried += 1
        assert tried > 20

    def test_a_publisher_finds_only_cases_whose_result_is_on_its_way(self, app: Flask, world: World) -> None:
        browser = world.enter(app, Role.PUBLISHER)
        token = {"csrf_token": token_of(browser)}
        for rule in rules_of(app):
            if not rule.endpoint.startswith("publication.") or "reference" not in rule.arguments:
                continue
            if not may(Role.PUBLISHER, access_of(rule)):
                continue
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                for case in (world.owned, world.unassigned, with_reference(world.owned, UNKNOWN_REFERENCE)):
                    answer = send(browser, method, world.address(rule, case), token)
                    assert answer.status_code == 404, f"{method} {rule.endpoint}"

    def test_an_odd_reference_is_not_found(
        self, signed_in: Callable[..., FlaskClient], file_report: Callable[..., Filed]
    ) -> None:
        right = file_report().case_reference
        browser = signed_in(Role.SENIOR_CASEWORKER)
        assert browser.get(f"/cases/{right}").status_code == 200
        for odd in (*ODD_REFERENCES, right.lower(), f"{right}%00", f"{right}%20", right.replace("0", "\uff10")):
            answer = browser.get(f"/cases/{odd}")
            assert answer.status_code == 404, odd

    def test_the_list_the_desk_and_the_download_name_only_cases_the_caseworker_may_see(
        self, app: Flask, world: World
    ) -> None:
        browser = world.enter(app, Role.CASEWORKER)
        for address in ("/desk", "/cases", "/cases?state=all", "/cases?q=bond", "/cases.csv?state=all"):
            page = browser.get(address).text
            assert world.others.reference not in page, address
        assert world.owned.reference in browser.get("/cases").text


def without_tokens(page: str) -> str:
    """Return a page without the tokens of its forms: they hold the second they were made in."""
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page)


def with_reference(case: CaseThings, reference: str) -> CaseThings:
    return CaseThings(**{**vars(case), "reference": reference})


def is_public(rule: Rule) -> bool:
    return access_of(rule) == PUBLIC


@contextmanager
def own_writes() -> Iterator[list[str]]:
    """Collect the statements that write on a request's own session (sessions and access records have their own)."""
    found: list[str] = []

    def mark(session: Session, _transaction: Any, connection: Any) -> None:
        connection.info["is_own"] = isinstance(session, OwnSession)

    def look(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if connection.info.get("is_own") and WRITES.match(statement):
            found.append(statement)

    event.listen(Session, "after_begin", mark)
    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(Session, "after_begin", mark)
        event.remove(Engine, "before_cursor_execute", look)


class TestReading:
    def test_the_collector_sees_a_write(self, app: Flask, client: FlaskClient) -> None:
        walker = Walker(client)
        walker.open("/report")
        with own_writes() as written:
            walker.send()
        assert any("drafts" in statement for statement in written)

    def test_no_page_writes_when_it_is_opened(self, app: Flask, world: World) -> None:
        wrong = []
        for person in (ANONYMOUS, *Role):
            browser = world.enter(app, person)
            if person == ANONYMOUS:
                write_draft(browser)
            for rule in rules_of(app):
                if "GET" in (rule.methods or ()) and concerns(person, access_of(rule)):
                    with own_writes() as written:
                        browser.get(world.address(rule))
                    wrong += [f"{person}: {rule.endpoint}: {statement}" for statement in written]
        assert not wrong, "\n".join(wrong)


@pytest.mark.sqlite
class TestTokens:
    def test_nothing_is_taken_without_a_token_and_what_was_typed_is_kept(self, app: Flask, world: World) -> None:
        wrong, forms_kept = [], 0
        for person in (ANONYMOUS, Role.SENIOR_CASEWORKER, Role.PUBLISHER, Role.POLICY_OWNER, Role.ADMINISTRATOR):
            browser = world.enter(app, person)
            if person == ANONYMOUS:
                write_draft(browser)
            for rule in rules_of(app):
                if "POST" not in (rule.methods or ()) or not concerns(person, access_of(rule)):
                    continue
                address = world.address(rule)
                fields, typed = filled_form(browser, address) if "GET" in (rule.methods or ()) else ({}, [])
                with own_writes() as written:
                    answer = browser.post(address, data=fields)
                wrong += [f"{person}: {rule.endpoint} wrote {statement}" for statement in written]
                if answer.status_code < 400 and TIMED_OUT not in answer.text:
                    wrong.append(f"{person}: {rule.endpoint} took it ({answer.status_code} {answer.location})")
                if answer.status_code >= 500:
                    wrong.append(f"{person}: {rule.endpoint} failed")
                lost = [name for name in typed if words_for(name) not in answer.text]
                wrong += [f"{person}: {rule.endpoint} lost {name}" for name in lost]
                forms_kept += bool(typed)
        assert not wrong, "\n".join(wrong)
        assert forms_kept > 20


def filled_form(browser: FlaskClient, address: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return what the main form of a page sends, without its token, every text typed; and the names of those."""
    page = browser.get(address)
    for _, fields in read_forms(page.text.split("<main", 1)[-1]):
        if "csrf_token" in fields and page.status_code == 200:
            typed = [name for name in text_fields(page.text) if name in fields]
            kept = {name: values for name, values in fields.items() if name != "csrf_token"}
            return {**kept, **{name: [words_for(name)] for name in typed}}, typed
    return {}, []


def words_for(name: str) -> str:
    """Return what to type into a field: part of a date is short."""
    return f"{name[:2]}9" if name.endswith(("-day", "-month", "-year")) else f"{KEPT} {name}"


def text_fields(page: str) -> list[str]:
    """Return the names of the fields for text: not passwords and codes, which are never shown again."""
    found = []
    for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", page):
        name, kind = (re.search(rf'\b{what}="([^"]*)"', tag) for what in ("name", "type"))
        if name and name.group(1) not in SECRETS and (kind is None or kind.group(1) in ("text", "email", "tel")):
            found.append(name.group(1))
    return found


SECRETS = frozenset({"code", "password"})


def print_table() -> None:
    """Write the table as the program has it now to standard output."""
    with tempfile.TemporaryDirectory() as folder:
        create_key_file(Path(folder) / "keys.json")
        app = wiring.create_app(load_config({"INSTANCE_DIR": folder}))
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(astuple(line) for line in lines_of(app))


if __name__ == "__main__":
    print_table()
