"""What the desk and the list ask of the database is read along an index: nobody looks at cases that are finished.

The plans are those of the statements the pages send. On PostgreSQL a table of a few rows is always read whole, so its
planner is told that this is dear: what is left as a whole read has no index that could serve it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select, text

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.allocation.queries import find_next, list_owned, loads
from mystery_shopper.cases import search
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.cases.states import CaseState
from mystery_shopper.casework.policy import CaseFilter
from mystery_shopper.casework.queries.desk import load_desk
from mystery_shopper.casework.queries.listing import list_cases
from mystery_shopper.clocks.queries import count_escalated, list_escalated
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.interventions.queries.desk import due_checks
from mystery_shopper.retention.queries import list_due
from tests.factories.reports import add_report
from tests.factories.staff import add_member

pytestmark = pytest.mark.usefixtures("app_context")
CASES, FINISHED = 12, 2000
# The index SQLite makes by itself is that of the serial: the list by receipt walks along it until a page is full.
WHOLE_READ = re.compile(
    r"SCAN cases(?! USING (COVERING )?INDEX (ix_cases_(open|closed|due_serial)|sqlite_autoindex))|Seq Scan on cases"
)

EVER_OWNED = re.compile(r"(SEARCH|SCAN) cases USING (COVERING )?INDEX ix_cases_owner_")
"""SQLite reads every case somebody owns or owned."""

WITHOUT = frozenset({"the list by receipt", "what is due to be destroyed", "what is to be looked at again"})
"""What reads finished cases too."""

COUNTS = frozenset({"the desk", "what everybody carries", "how many are before a senior"})
"""SQLite counts these from an index alone."""

NARROWER = frozenset({"the list with three filters"})
"""Here PostgreSQL may find the index of one of the filters better than that of open cases."""

Reads = dict[str, Callable[[StaffMember], Any]]


def the_desk(user: StaffMember) -> Any:
    return load_desk(user, today=clock.today(), soon=clock.today() + timedelta(days=14))


def a_list(**filters: Any) -> Callable[[StaffMember], Any]:
    return lambda user: list_cases(user, CaseFilter(**filters), today=clock.today(), cursor=None)


READS: Reads = {
    "the desk": the_desk,
    "the next case": find_next,
    "what everybody carries": loads,
    "what somebody owns": lambda user: list_owned(user.id, user),
    "how many are before a senior": lambda user: count_escalated(user, clock.today()),
    "which are before a senior": lambda user: list_escalated(user, clock.today()),
    "the list": a_list(),
    "the list of a person": a_list(owner="me"),
    "the list with three filters": a_list(queue="new", waiting="us", priority="urgent"),
    "the list of what nobody owns": a_list(owner="nobody"),
    "the list by receipt": a_list(state="all", sort="received"),
    "what is to be looked at again": lambda user: due_checks(user, clock.today()),
    "what is due to be destroyed": lambda _user: list_due(clock.today()),
}


def add_finished(count: int) -> None:
    """Add finished cases beside the open ones, as there are in every service: copies of one, in the database alone."""
    db.session.flush()
    one = db.session.execute(select(Case.__table__)).mappings().first()
    assert one is not None
    rows = [
        {
            **one,
            "id": uuid4(),
            "serial": 10_000 + number,
            "reference": f"MS-2020-{number:05}",
            "public_reference": f"PR-{number:010}",
            "state": CaseState.CLOSED,
            "closed_on": clock.today(),
        }
        for number in range(count)
    ]
    db.session.execute(insert(Case), rows)


@pytest.fixture
def people() -> list[StaffMember]:
    with transaction():
        members = [add_member(role) for role in ("caseworker", "senior-caseworker")]
        for number in range(CASES):
            case = get_case_for_update(add_report().case_id)
            if number % 2:
                assign(case, get_user(members[0].id), actor="system", now=clock.utc_now())
        add_finished(FINISHED)
    return [get_user(member.id).to_staff_member() for member in members]


def plans_of(read: Callable[[StaffMember], Any], user: StaffMember) -> Iterator[str]:
    """Yield the plan of every statement over cases that a read sends."""
    found: list[tuple[str, Any]] = []

    def look(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", look)
    read(user)
    event.remove(db.engine, "before_cursor_execute", look)
    is_sqlite = db.engine.dialect.name == "sqlite"
    db.session.rollback()
    with db.engine.connect() as connection:
        if not is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("ANALYZE cases"))
        for statement, parameters in found:
            if "FROM cases" in statement:
                prefix = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
                plan = connection.exec_driver_sql(prefix + statement, parameters)
                yield "\n".join(str(row[-1]) for row in plan)


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


@pytest.mark.both
def test_no_read_of_the_desk_and_the_list_looks_at_every_case(people: list[StaffMember]) -> None:
    for name, read in READS.items():
        for user in people:
            plans = list(plans_of(read, user))
            assert plans, name
            whole = [plan for plan in plans if WHOLE_READ.search(plan) or EVER_OWNED.search(plan)]
            assert not whole, f"{name}: {whole[0]}"
            wanted = "ix_cases_" if name in NARROWER and is_postgresql() else "ix_cases_open"
            assert name in WITHOUT or any(wanted in plan for plan in plans), f"{name}: {plans}"
            alone = [plan for plan in plans if "COVERING INDEX ix_cases_open" in plan]
            assert name not in COUNTS or is_postgresql() or alone, f"{name} reads the rows it counts: {plans}"


@pytest.mark.sqlite
def test_a_word_that_many_cases_hold_is_looked_for_along_the_list(
    people: list[StaffMember], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dated() -> str:
        return next(plan for plan in plans_of(a_list(q="bond"), people[1]) if "case_search" in plan)

    assert "USING INDEX ix_cases_open_due" not in dated()
    monkeypatch.setattr(search, "RARE_MAX", CASES - 1)
    assert "USING INDEX ix_cases_open_due" in dated()
    assert "FOR ORDER BY" not in dated()
