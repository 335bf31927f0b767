"""How many statements a page costs, pinned: a loop that asks once for each row shows here before it hurts.

The numbers hold for a full desk and a full page of the list; a page with more rows may not cost more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from benchmarks.recording import about, recorded
from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from tests.conftest import POSTGRESQL
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member, sign_in_member

FEW, MANY = 3, 30
EXPECTED = {
    "/desk": 16,
    "/cases": 10,
    "/cases?q=bond": 12 if POSTGRESQL else 13,
    "/cases?state=all&sort=received": 10,
    "/cases?column=labels&column=state": 10,
    "the case page": 21,
    "the timeline": 11,
}
"""The list reads the labels there are, to filter by; labels of cases and flags only where their column is shown.

And it reads the views its person has; what is new in them is one statement more, however many there are.
On SQLite the search first asks whether what is looked for is rare."""
WHEN_SHORT = {
    **EXPECTED,
    "/desk": 18,
    "/cases": 11,
    "/cases?q=bond": EXPECTED["/cases?q=bond"] + 1,
    "/cases?column=labels&column=state": 11,
}
"""A list or a pile of the desk that is not full also looks for cases without a due date, which come last."""
FOR_SENIORS = [8, 3, 15, 17]
"""Handing over reads cases with and without a due date apart, each along its index."""
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SELECT pg_advisory")
"""Beginnings and ends of transactions, and the lock that PostgreSQL takes where SQLite has only one writer."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements of the block that read or write."""
    found: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            found.append(" ".join(statement.split())[:160])

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", look)


def add_cases(app: Flask, member: Member, count: int) -> list[Filed]:
    """File reports; every third case belongs to the member."""
    with app.app_context():
        with transaction():
            filed = [add_report() for _ in range(count)]
            for one in filed[::3]:
                assign(get_case_for_update(one.case_id), get_user(member.id), actor="system", now=clock.utc_now())
        db.session.remove()
    return filed


def cost(browser: FlaskClient, address: str) -> list[str]:
    """Return the statements of a page, opened a second time: what is read once for the process does not count."""
    browser.get(address)
    with statements() as found:
        page = browser.get(address)
    assert page.status_code == 200, address
    return found


@pytest.fixture
def member(make_user: Callable[..., Member]) -> Member:
    return make_user(Role.CASEWORKER)


def test_pages_cost_what_is_pinned_however_many_cases_there_are(
    app: Flask, client: FlaskClient, member: Member
) -> None:
    own = add_cases(app, member, FEW)[0].case_reference
    sign_in_member(client, member)
    addresses = {
        name: {"the case page": f"/cases/{own}", "the timeline": f"/cases/{own}/timeline"}.get(name, name)
        for name in EXPECTED
    }
    few = {name: cost(client, address) for name, address in addresses.items()}
    add_cases(app, member, MANY)
    many = {name: cost(client, address) for name, address in addresses.items()}

    for found, expected in ((few, WHEN_SHORT), (many, EXPECTED)):
        assert {name: len(asked) for name, asked in found.items()} == expected, "\n".join(
            f"{name}: {statement}" for name, asked in found.items() for statement in asked
        )


def test_pages_of_allocation_cost_the_same_with_more_cases_and_more_people(
    app: Flask, client: FlaskClient, make_user: Callable[..., Member], member: Member
) -> None:
    own = add_cases(app, member, FEW)[0].case_reference
    sign_in_member(client, make_user(Role.SENIOR_CASEWORKER))
    addresses = ("/allocation", "/escalated", f"/cases/{own}/assign", f"/allocation/people/{member.id}/hand-over")
    few = [len(cost(client, address)) for address in addresses]
    add_cases(app, member, MANY)
    for _ in range(FEW):
        make_user(Role.CASEWORKER)
    assert [len(cost(client, address)) for address in addresses] == few == FOR_SENIORS


@pytest.mark.sqlite
def test_a_page_of_the_list_is_read_along_an_index_and_nothing_is_sorted(
    app: Flask, client: FlaskClient, make_user: Callable[..., Member]
) -> None:
    add_cases(app, make_user(Role.CASEWORKER), MANY)
    sign_in_member(client, make_user(Role.SENIOR_CASEWORKER))
    with recorded() as found:
        client.get("/cases")
    statement, rows = about(found, "cases")[0]
    with app.app_context(), db.engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(rows[0]))]
    assert any("cases USING INDEX ix_cases_open_due" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan
