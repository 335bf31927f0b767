"""Doing one thing to several cases: what is shown before, what is done once, what is refused, what can be undone."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.absences import set_absence
from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.models import Case, InterestContent, InterestKind
from mystery_shopper.cases.queries import get_case_for_update, list_events
from mystery_shopper.cases.services import assign
from mystery_shopper.casework.bulk_forms import read_seen
from mystery_shopper.casework.models import BulkAction
from mystery_shopper.casework.policy import undo_until
from mystery_shopper.casework.queries.bulk import CHANGED, NOT_DECLARED, Order, list_items, plan_order, show_items
from mystery_shopper.casework.services.bulk import TOUCHED, do_order, undo_order
from mystery_shopper.casework.states import BulkEnd, BulkKind
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError
from mystery_shopper.interests.services import NewInterest, declare_interest
from mystery_shopper.teamwork.models import Label
from mystery_shopper.teamwork.queries.labels import labels_on
from mystery_shopper.teamwork.queries.tasks import list_tasks
from mystery_shopper.teamwork.services.labels import add_label, keep_label, remove_label
from mystery_shopper.teamwork.services.tasks import settle_task
from mystery_shopper.teamwork.states import Colour, TaskState
from tests.factories.reports import add_report
from tests.factories.staff import Member, sign_in_member

AddStaff = Callable[..., StaffMember]


@pytest.fixture
def add_staff(app_context: Flask, make_user: Callable[..., Member]) -> AddStaff:
    def add(name: str, role: Role = Role.CASEWORKER) -> StaffMember:
        return get_user(make_user(role, name=name).id).to_staff_member()

    return add


def new_cases(count: int, owner: StaffMember | None = None) -> list[Case]:
    with transaction():
        cases = [get_case_for_update(add_report().case_id) for _ in range(count)]
        for case in cases if owner else ():
            assign(case, get_user(owner.id) if owner else None, actor="system", now=clock.utc_now())
    return cases


def new_label(name: str = "Press interest") -> Label:
    with transaction():
        return keep_label(None, name=name, colour=Colour.BLUE, version=0, actor="system", now=clock.utc_now())


def seen(cases: list[Case]) -> dict[str, int]:
    return {case.reference: case.version for case in cases}


def do(order: Order, chosen: dict[str, int], by: StaffMember, *, asks: bool = False) -> BulkAction:
    with transaction():
        return do_order(order, chosen, by, asks=asks, now=clock.utc_now())


def undo(action: BulkAction, by: StaffMember) -> None:
    with transaction():
        undo_order(action, by, now=clock.utc_now())


def ends(action: BulkAction, by: StaffMember) -> dict[str, tuple[BulkEnd, str]]:
    return {one.case.reference: (one.ended, one.why) for one in show_items(action, by)[0]}


def said(case: Case, tag: str) -> list[str]:
    return [row.to_event(case.data_key).sentence() for row in list_events(case) if row.tag == tag]


def test_what_a_page_carries_is_read_or_refused() -> None:
    assert read_seen("MS-1:3 MS-2:10") == {"MS-1": 3, "MS-2": 10}
    too_many = " ".join(f"MS-{number}:1" for number in range(101))
    for text in ("", "MS-1", "MS-1:x", "MS-1:-1", "MS-1:9999999999", too_many):
        with pytest.raises(DomainError, match="Choose the cases again"):
            read_seen(text)


@pytest.mark.both
def test_cases_are_given_to_somebody_and_back_where_nobody_touched_them(
    app_context: Flask, add_staff: AddStaff
) -> None:
    senior, ann, ben = (
        add_staff("Sue Senior", Role.SENIOR_CASEWORKER),
        add_staff("Ann Example"),
        add_staff("Ben Example"),
    )
    hers, his, changed, closed_to_him = new_cases(1, ann)[0], new_cases(1, ben)[0], *new_cases(2, ann)
    with transaction():
        interest = NewInterest(
            kind=InterestKind.CASE,
            content=InterestContent(words="A relative works there"),
            starts_on=clock.today(),
            case_id=closed_to_him.id,
        )
        declare_interest(get_user(ben.id), interest, by=ben, now=clock.utc_now())
    chosen = {**seen([hers, his, changed, closed_to_him]), "MS-0000-000000": 1}
    chosen[changed.reference] -= 1
    order = Order(kind=BulkKind.ASSIGN, submission_id=uuid4(), owner=get_user(ben.id), reason="Ann is leaving")

    plan = plan_order(order, chosen, senior, asks=True, today=clock.today())
    assert [one.case.reference for one in plan.to_do] == [hers.reference]
    assert plan.unseen == 1
    refused = {one.case.reference: one.refusal for one in plan.refused}
    assert refused[his.reference] == "Ben Example has it already"
    assert refused[changed.reference] == CHANGED
    assert "relative" not in refused[closed_to_him.reference]

    action = do(order, chosen, senior)
    assert do(order, chosen, senior).id == action.id, "sent twice it is done once"
    with pytest.raises(NotFoundError):
        do(order, chosen, ann)
    assert hers.owner_id == ben.id
    assert said(hers, "case:assigned")[-1].endswith("Ann is leaving")
    assert ends(action, senior) == {
        hers.reference: (BulkEnd.DONE, ""),
        **{k: (BulkEnd.REFUSED, v) for k, v in refused.items()},
    }
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "bulk:done")).all()
    assert [entry.subject_id for entry in entries] == [str(action.id)]

    with pytest.raises(PermissionDeniedError):
        undo(action, replace(senior, roles=frozenset({Role.CASEWORKER})))
    assert hers.owner_id == ben.id
    undo(action, senior)
    undo(action, senior)
    assert hers.owner_id == ann.id
    assert len(said(hers, "case:assigned")) == 3
    assert ends(action, senior)[hers.reference] == (BulkEnd.UNDONE, "")


def test_undoing_leaves_what_somebody_touched_and_what_is_too_late(app_context: Flask, add_staff: AddStaff) -> None:
    senior, ann, ben = (
        add_staff("Sue Senior", Role.SENIOR_CASEWORKER),
        add_staff("Ann Example"),
        add_staff("Ben Example"),
    )
    moved_on, back_to_one_away = new_cases(2, ann)
    order = Order(kind=BulkKind.ASSIGN, submission_id=uuid4(), owner=get_user(ben.id), reason="Leave")
    action = do(order, seen([moved_on, back_to_one_away]), senior)
    today = clock.today()
    with transaction():
        assign(moved_on, get_user(senior.id), actor=senior.actor, now=clock.utc_now())
        set_absence(
            get_user(ann.id),
            starts_on=today,
            ends_on=today,
            deputy=None,
            today=today,
            actor="system",
            now=clock.utc_now(),
        )
    again = do(replace(order, submission_id=uuid4(), owner=get_user(ann.id)), seen([moved_on]), senior)
    assert "out of office" in ends(again, senior)[moved_on.reference][1]

    undo(action, senior)
    assert ends(action, senior)[moved_on.reference] == (BulkEnd.KEPT, TOUCHED)
    ended, why = ends(action, senior)[back_to_one_away.reference]
    assert ended is BulkEnd.KEPT
    assert why.startswith("Ann Example is out of office until")
    assert moved_on.owner_id == senior.id

    late = do(replace(order, submission_id=uuid4(), owner=None), seen([moved_on]), senior)
    with pytest.raises(DomainError, match="too late"), transaction():
        undo_order(late, senior, now=undo_until(late.done_at) + timedelta(seconds=1))
    assert moved_on.owner_id is None


@pytest.mark.both
def test_labels_and_tasks_are_put_on_several_cases_and_taken_back(app_context: Flask, add_staff: AddStaff) -> None:
    ann, ben, label = add_staff("Ann Example"), add_staff("Ben Example"), new_label()
    plain, labelled, hers = *new_cases(2), new_cases(1, ann)[0]
    with transaction():
        add_label(labelled, label, by=ann, now=clock.utc_now())
    cases = [plain, labelled, hers]
    action = do(Order(kind=BulkKind.LABEL, submission_id=uuid4(), label=label), seen(cases), ann)
    assert ends(action, ann)[labelled.reference] == (BulkEnd.REFUSED, "It has the label “Press interest” already")
    with transaction():
        remove_label(hers, label, by=ann, now=clock.utc_now())
        add_label(hers, label, by=ann, now=clock.utc_now() + timedelta(seconds=1))
    undo(action, ann)
    assert [bool(labels_on(case)) for case in cases] == [False, True, True]
    assert ends(action, ann)[hers.reference] == (BulkEnd.KEPT, TOUCHED)

    off = do(Order(kind=BulkKind.UNLABEL, submission_id=uuid4(), label=label), seen(cases), ann)
    assert ends(off, ann)[plain.reference] == (BulkEnd.REFUSED, "It does not have the label “Press interest”")
    assert not labels_on(hers)
    undo(off, ann)
    assert labels_on(hers)

    task = Order(
        kind=BulkKind.TASK,
        submission_id=uuid4(),
        title="Ring them",
        due_on=clock.today() + timedelta(days=3),
        assignee=get_user(ben.id),
    )
    asked = plan_order(task, seen(cases), ann, asks=True, today=clock.today())
    assert {one.refusal for one in asked.items} == {NOT_DECLARED}
    given = do(task, seen(cases), ann)
    assert ends(given, ann)[hers.reference] == (BulkEnd.REFUSED, "Ben Example may not see it")
    done = list_tasks(labelled, clock.today())[0].row
    with transaction():
        settle_task(
            labelled,
            done,
            labelled.data_key,
            TaskState.DONE,
            reason="",
            version=done.version,
            by=ben,
            now=clock.utc_now(),
        )
        assign(plain, get_user(ben.id), actor=ben.actor, now=clock.utc_now())
    undo(given, ann)
    assert ends(given, ann)[labelled.reference] == (BulkEnd.KEPT, TOUCHED)
    shown, unseen = show_items(given, ann)
    assert plain.reference not in {one.case.reference for one in shown}, "it is not open to Ann any more"
    assert unseen == 1
    assert len(list_items(given)) == 3


def test_bulk_actions_work_in_a_browser_without_scripts(
    app: Flask, client: FlaskClient, make_user: Callable[..., Member]
) -> None:
    with app.app_context():
        new_label("Press interest")
        references = [case.reference for case in new_cases(3)]
        db.session.remove()
    sign_in_member(client, make_user(Role.SENIOR_CASEWORKER, name="Sue Senior"))
    page = client.get("/cases?queue=&q=").text
    assert all(f'name="case" value="{reference}"' in page for reference in references)
    assert "Select at least one case first" in client.get("/cases/bulk/label", follow_redirects=True).text

    assert client.get("/cases/bulk/label?case=%00&case=%ED%A0%80").status_code == 302

    query = "".join(f"&case={reference}" for reference in references[:2])
    address = f"/cases/bulk/label?state=open{query}"
    form = client.get(address).text
    assert "2 cases" in form
    found = re.findall(r'<input[^>]*name="label"[^>]*value="([^"]+)"', form)
    assert found
    hidden = hidden_of(form)
    assert "Select the label" in client.post(address, data={**hidden, "what": "label", "save": "Continue"}).text
    fields = {**hidden, "what": "label", "label": found[0], "save": "Continue"}
    plan = client.post(address, data=fields).text
    assert "Will be changed: 2 cases" in plan
    assert "Gets the label “Press interest”" in html.unescape(plan)
    changing = client.post(address, data={**hidden_of(plan), "change": "yes"}).text
    assert "Labels of the chosen cases" in changing
    answer = client.post(address, data={**hidden_of(plan), "do": "yes"})
    assert answer.status_code == 302
    assert "state=open" in answer.location
    twice = client.post(address, data={**hidden_of(plan), "do": "yes"})
    assert twice.location == answer.location
    done = client.get(answer.location).text
    assert "Done: 2 cases" in done
    undo_at = re.search(r'action="(/cases/bulk/[^"]+/undo[^"]*)"', done)
    assert undo_at
    assert client.post(html.unescape(undo_at[1]), data=hidden_of(done)).status_code == 302
    assert "Undone: 2 cases" in client.get(answer.location).text

    everything = client.get("/cases/bulk/assign?all=yes&state=open").text
    assert "3 cases" in everything
    assert "3 cases" in client.get("/cases/bulk/task?all=yes").text
    assert "Mend the filters" in client.get("/cases/bulk/task?all=yes&state=x", follow_redirects=True).text
    assert client.get("/cases?endpoint=x&bulk_id=1&_scheme=javascript").status_code == 200
    other = app.test_client()
    sign_in_member(other, make_user(Role.CASEWORKER))
    assert other.get(answer.location).status_code == 404, "what was done is shown to whoever did it"
    assert other.get("/cases/bulk/assign").status_code == 403


def hidden_of(page: str) -> dict[str, str]:
    """Return what the form of a page carries in hidden fields."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page.split("<main", 1)[-1]):
        if 'type="hidden"' in tag:
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            assert name
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found
