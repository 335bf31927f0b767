"""The desk and the list under the eyes of different people: nothing anybody may not see, every count exact."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign, move
from mystery_shopper.cases.states import FINISHED, CaseState, WaitingFor
from mystery_shopper.casework.policy import CaseFilter, StateFilter
from mystery_shopper.casework.queries.desk import load_desk
from mystery_shopper.casework.queries.listing import list_cases, raised_rules
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.pagination import decode_cursor
from tests.factories.reports import add_report
from tests.factories.staff import add_member
from tests.support.standing import Standing

pytestmark = pytest.mark.usefixtures("app_context")
SEED = 7
ROLES = ("caseworker", "caseworker", "senior-caseworker", "publisher")
CASES = 30
WALK = (CaseState.ACKNOWLEDGED, CaseState.TRIAGE, CaseState.OUT_OF_SCOPE, CaseState.CLOSED)


@dataclass(frozen=True)
class Office:
    """Who works here, and thirty cases in every state of a short walk, some of them with an owner."""

    people: tuple[UUID, ...]
    cases: tuple[UUID, ...]


def fill_office(app: Flask) -> Office:
    chance = random.Random(SEED)
    with app.app_context(), transaction():
        people = [add_member(Role(role)).id for role in ROLES]
        made = [_add_case(number, people, chance) for number in range(CASES)]
    return Office(tuple(people), tuple(made))


def _add_case(number: int, people: Sequence[UUID], chance: random.Random) -> UUID:
    closes_on = clock.today() + timedelta(days=chance.randint(-5, 30)) if chance.random() < 0.5 else None
    case = get_case_for_update(add_report(tender_closes_on=closes_on).case_id)
    owner = chance.choice([None, *people[:3]])
    if owner is not None:
        assign(case, get_user(owner), actor="system", now=clock.utc_now())
    for state in WALK[: number % (len(WALK) + 1)]:
        move(case, state, actor="system", now=clock.utc_now())
    return case.id


@pytest.fixture
def office(app_context: Flask, standing: Standing) -> Office:
    return standing.get(app_context, "office", fill_office)


@pytest.fixture
def people(office: Office) -> list[StaffMember]:
    return [get_user(person).to_staff_member() for person in office.people]


@pytest.fixture
def cases(office: Office) -> list[Case]:
    return [get_case_for_update(case) for case in office.cases]


def walk(user: StaffMember, wanted: CaseFilter) -> list[int]:
    serials: list[int] = []
    cursor = None
    while True:
        page = list_cases(user, wanted, today=clock.today(), cursor=decode_cursor(cursor), size=4)
        serials += [case.serial for case in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return serials


def may_see(user: StaffMember, case: Case) -> bool:
    if user.can("case-allocate"):
        return True
    return user.can("case-read") and case.owner_id in (None, user.id)


@pytest.mark.parametrize("sort", ["due", "received"])
def test_list_holds_exactly_what_a_person_may_see(people: list[StaffMember], cases: list[Case], sort: str) -> None:
    for user in people[:3]:
        expected = {case.serial for case in cases if may_see(user, case)}
        found = walk(user, CaseFilter(state=StateFilter.ALL, sort=sort))
        assert len(found) == len(set(found))
        assert set(found) == expected


def test_list_in_due_order_puts_undated_cases_last(people: list[StaffMember], cases: list[Case]) -> None:
    by_serial = {case.serial: case for case in cases}
    dates = [by_serial[serial].due_on for serial in walk(people[2], CaseFilter(state=StateFilter.ALL))]
    dated = [day for day in dates if day is not None]
    assert dated == sorted(dated)
    assert dates[len(dated) :] == [None] * (len(dates) - len(dated))
    assert None in dates


def test_counts_of_the_desk_are_exact(people: list[StaffMember], cases: list[Case]) -> None:
    today = clock.today()
    soon = today + timedelta(days=14)
    for user in people[:3]:
        counts = load_desk(user, today=today, soon=soon).counts
        mine = [case for case in cases if case.owner_id == user.id and case.state not in FINISHED]
        assert counts.mine == len(mine)
        assert counts.waiting[WaitingFor.US] == sum(case.waiting is WaitingFor.US for case in mine)
        assert counts.overdue == sum(case.due_on is not None and case.due_on < today for case in mine)
        closing = [case for case in mine if case.tender_closes_on and today <= case.tender_closes_on <= soon]
        assert counts.tender_soon == len(closing)
        assert counts.unowned == sum(case.owner_id is None and case.state not in FINISHED for case in cases)


def test_desk_of_a_publisher_is_empty(people: list[StaffMember], cases: list[Case]) -> None:
    desk = load_desk(people[3], today=clock.today(), soon=clock.today())
    assert (desk.counts.mine, desk.counts.unowned, list(desk.mine), list(desk.unowned)) == (0, 0, [], [])


def test_page_of_the_list_takes_at_most_three_queries_however_many_cases(
    people: list[StaffMember], cases: list[Case]
) -> None:
    assert count_queries(people[2], size=5) == 2
    assert count_queries(people[2], size=25) == 3


def count_queries(user: StaffMember, *, size: int) -> int:
    """Return how many queries a page takes: dated cases, undated ones when it reaches them, and the flags of all."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    db.session.expunge_all()
    event.listen(db.engine, "before_cursor_execute", note)
    page = list_cases(user, CaseFilter(state=StateFilter.ALL), today=clock.today(), cursor=None, size=size)
    raised_rules(page.items)
    words = [case.title + case.authority_name + (case.owner.name if case.owner else "") for case in page.items]
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(words) == size
    return len([one for one in statements if one.startswith("SELECT") and "FROM user_roles" not in one])
