"""Whoever opens a case or a suggestion is on record, by whatever page and however the form ends."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.permissions import mark_of
from tests.factories.publications import add_staff, add_submitted, add_told_case
from tests.factories.staff import token_in
from tests.factories.suggestions import add_suggestion

VALUES = {"rule_id": "FIN-BOND", "fact_id": "bond_gbp"}


@pytest.fixture
def records(app: Flask) -> Callable[[str], int]:
    """How many entries of the audit log are about a case or a suggestion being opened."""

    def count(action: str) -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0

    return count


def _pages(app: Flask, prefix: str) -> list[tuple[str, frozenset[str]]]:
    """Return the addresses of staff pages about one thing, with unknown ids of its parts, and their methods."""
    with app.app_context(), transaction():
        case, filed = add_told_case()
        add_submitted(case, add_staff())
        reference = add_suggestion().reference if prefix == "/suggestions/" else case.reference
    found = []
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        if rule.rule.startswith(prefix) and mark is not None and "reference" in rule.arguments:
            ids = {name: filed.report_id if name == "report_id" else uuid4() for name in rule.arguments}
            with app.test_request_context():
                address = rule.build({**ids, **VALUES, "reference": reference})
            assert address is not None
            found.append((address[1], frozenset(rule.methods or ())))
    return found


@pytest.mark.parametrize(
    ("prefix", "role", "action", "least"),
    [
        ("/cases/", Role.SENIOR_CASEWORKER, "case:viewed", 15),
        ("/publication/", Role.PUBLISHER, "case:viewed", 6),
        ("/suggestions/", Role.POLICY_OWNER, "suggestion:viewed", 3),
    ],
)
def test_every_page_about_one_thing_leaves_an_entry(
    app: Flask,
    signed_in: Callable[..., FlaskClient],
    records: Callable[[str], int],
    prefix: str,
    role: Role,
    action: str,
    least: int,
):
    browser, pages = signed_in(role), _pages(app, prefix)
    token, shown = token_in(browser.get("/account/password").text), 0
    for address, methods in pages:
        for method in sorted(methods & {"GET", "POST"}):
            before = records(action)
            answer = browser.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
            assert answer.status_code < 500, (method, address)
            if answer.status_code == 200 or "There is a problem" in answer.text:
                shown += 1
                assert records(action) == before + 1, (method, address)
    assert shown >= least


def test_a_form_without_a_token_that_shows_a_case_leaves_an_entry(
    app: Flask, signed_in: Callable[..., FlaskClient], file_report, records: Callable[[str], int]
):
    browser, reference = signed_in(Role.CASEWORKER), file_report().case_reference
    before = records("case:viewed")
    answer = browser.post(f"/cases/{reference}/note", data={"body": "Kept as typed"})
    assert "Your page timed out" in answer.text
    assert "Kept as typed" in answer.text
    assert records("case:viewed") == before + 1
