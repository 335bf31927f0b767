"""Working together, stored: who may be given what, what is on record, what several people do, who hears of it."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.accounts.absences import set_absence
from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.audience import people_who_may_see
from mystery_shopper.cases.closure import closing_checklist
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import find_join, get_case, get_case_for_update, list_events
from mystery_shopper.cases.services import add_note, assign, join_cases, move, undo_join
from mystery_shopper.cases.states import CaseState
from mystery_shopper.casework.queries.page import show_notes
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.notifications.models import Letter, OutboxMessage
from mystery_shopper.teamwork.casepage import place_of_points
from mystery_shopper.teamwork.models import CaseTask, Label
from mystery_shopper.teamwork.policy import MailAbout
from mystery_shopper.teamwork.queries import labels as labels_read
from mystery_shopper.teamwork.queries.desk import load_team_desk
from mystery_shopper.teamwork.queries.notes import readers_of
from mystery_shopper.teamwork.queries.tasks import get_task, list_tasks
from mystery_shopper.teamwork.queries.ticks import get_checklist
from mystery_shopper.teamwork.queries.watching import find_watch
from mystery_shopper.teamwork.services import labels, mentions, tasks, ticks, watching
from mystery_shopper.teamwork.states import Colour, TaskState
from tests.factories.reports import add_report

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def add_staff(app_context: Flask, make_user: Callable[..., object]) -> Callable[..., StaffMember]:
    """Add a colleague as pages see them; caseworkers see their own cases and those nobody owns."""

    def add(name: str, role: Role = Role.CASEWORKER) -> StaffMember:
        return get_user(make_user(role, name=name).id).to_staff_member()  # type: ignore[attr-defined]

    return add


def new_case(owner: StaffMember | None = None) -> Case:
    with transaction():
        case = get_case_for_update(add_report().case_id)
        if owner is not None:
            assign(case, get_user(owner.id), actor="system", now=clock.utc_now())
    return case


def give_task(case: Case, maker: StaffMember, to: UUID | None, *, days: int = 5, title: str = "Ring them") -> CaseTask:
    new = tasks.NewTask(title=title, due_on=clock.today() + timedelta(days=days), assignee_id=to, submission_id=uuid4())
    with transaction():
        return tasks.make_task(case, new, maker=maker, now=clock.utc_now())


def settle(case: Case, task: CaseTask, new: TaskState, by: StaffMember, reason: str = "", version: int = 0) -> None:
    with transaction():
        tasks.settle_task(
            case, task, case.data_key, new, reason=reason, version=version or task.version, by=by, now=clock.utc_now()
        )


def said(case: Case, tag: str) -> list[str]:
    return [row.to_event(case.data_key).sentence() for row in list_events(case) if row.tag == tag]


def news_for(user: StaffMember) -> int:
    rows = db.session.scalars(select(OutboxMessage).where(OutboxMessage.letter == Letter.DESK_NEWS))
    return sum(row.user_id == user.id for row in rows)


def seen_by(case: Case, today: date) -> set[UUID]:
    return {one.id for one in people_who_may_see(case, today)}


def test_the_people_who_may_see_a_case_are_those_who_can_open_it(add_staff: Callable[..., StaffMember]) -> None:
    ada, ben, sam = add_staff("Ada"), add_staff("Ben"), add_staff("Sam", Role.SENIOR_CASEWORKER)
    add_staff("Pat", Role.PUBLISHER)
    owned, free = new_case(ada), new_case()

    def can_open(case: Case, person: StaffMember) -> bool:
        try:
            return get_case(case.reference, person) is case
        except NotFoundError:
            return False

    for case in (owned, free):
        assert seen_by(case, clock.today()) == {one.id for one in (ada, ben, sam) if can_open(case, one)}
    assert ben.id not in seen_by(owned, clock.today())
    with transaction():
        days = {
            "starts_on": clock.today(),
            "ends_on": clock.today(),
            "today": clock.today(),
            "actor": "system",
            "now": clock.utc_now(),
        }
        set_absence(get_user(ada.id), deputy=get_user(ben.id), **days)
    assert ben.id in seen_by(owned, clock.today()), "whoever stands in sees it"
    assert ben.id not in seen_by(owned, clock.today() + timedelta(days=1))


def test_a_task_is_for_somebody_who_may_see_the_case_and_every_step_is_on_record(
    add_staff: Callable[..., StaffMember],
) -> None:
    ada, ben, sam = add_staff("Ada"), add_staff("Ben"), add_staff("Sam", Role.SENIOR_CASEWORKER)
    case = new_case(ada)
    with pytest.raises(DomainError, match="who may see this case"):
        give_task(case, ada, ben.id)
    with pytest.raises(DomainError, match="today or in the future"):
        give_task(case, ada, ada.id, days=-1)
    task = give_task(case, sam, ada.id)
    assert news_for(ada) == 1
    assert give_task(case, ada, ada.id, title="Mine").assignee_id == ada.id
    assert news_for(ada) == 1, "who gives a task to themselves needs no letter"

    seen = task.version
    settle(case, task, TaskState.DONE, ada)
    with pytest.raises(StaleEditError):
        settle(case, task, TaskState.CANCELLED, sam, "x", version=seen)
    with pytest.raises(DomainError, match="already"):
        settle(case, task, TaskState.CANCELLED, sam, "x")
    with pytest.raises(DomainError, match="Enter why"):
        settle(case, task, TaskState.OPEN, ada)
    settle(case, task, TaskState.OPEN, ada, "They did not answer")
    settle(case, task, TaskState.CANCELLED, ada, "The tender ended")
    assert [list_tasks(case, clock.today())[at].title for at in (0, 1)] == ["Mine", "Ring them"]
    assert said(case, "task:cancelled") == ["Task cancelled: “Ring them”. The tender ended"]
    assert [len(said(case, f"task:{step}")) for step in ("made", "done", "reopened", "cancelled")] == [2, 1, 1, 1]


def test_a_form_sent_twice_makes_one_task_and_a_change_that_changes_nothing_is_no_event(
    add_staff: Callable[..., StaffMember],
) -> None:
    ada = add_staff("Ada")
    case = new_case(ada)
    new = tasks.NewTask(title="Ring", due_on=clock.today(), assignee_id=None, submission_id=uuid4())
    with transaction():
        first = tasks.make_task(case, new, maker=ada, now=clock.utc_now())
        assert tasks.make_task(case, new, maker=ada, now=clock.utc_now()) is first
    details = {
        "title": "Ring",
        "due_on": clock.today(),
        "assignee_id": None,
        "actor": ada.actor,
        "now": clock.utc_now(),
    }
    with transaction():
        tasks.change_task(case, first, case.data_key, version=first.version, **details)
        assert said(case, "task:changed") == []
        tasks.change_task(case, first, case.data_key, version=first.version, **{**details, "assignee_id": ada.id})
    assert said(case, "task:changed") == ["Task “Ring” changed: for Ada"]
    assert b"Ring" not in first.title_sealed


def test_tasks_and_labels_of_a_joined_case_stand_on_the_kept_one_and_go_back_with_it(
    add_staff: Callable[..., StaffMember],
) -> None:
    ada, sam = add_staff("Ada"), add_staff("Sam", Role.SENIOR_CASEWORKER)
    kept, joined = new_case(ada), new_case(sam)
    task, label = give_task(joined, sam, sam.id), add_label("Press")
    with transaction():
        labels.add_label(joined, label, by=sam, now=clock.utc_now())
        note = add_note(joined, "Look at lot 2", submission_id=uuid4(), author=sam, now=clock.utc_now())
        before = (joined.state, joined.owner_id, joined.step_due_on, joined.target_on, joined.due_on)
        versions = {"kept_version": kept.version, "joined_version": joined.version}
        join_cases(kept, joined, **versions, reason="Same tender", joiner=sam, now=clock.utc_now())

    assert [view.row.id for view in list_tasks(kept, clock.today())] == [task.id]
    assert get_task(kept, task.id)[0] is task
    assert [one.reference for one in load_team_desk(sam, clock.today()).tasks] == [kept.reference]
    assert labels_read.labels_on(kept) == [label]
    (shown,) = show_notes(kept)
    assert (shown.body, shown.reference) == (note.body(joined.data_key), joined.reference)
    with pytest.raises(DomainError, match="part of another case"):
        give_task(joined, sam, None)

    standing = find_join(joined)
    assert standing is not None
    with transaction():
        versions = {"kept_version": kept.version, "joined_version": joined.version}
        undo_join(standing, **versions, reason="Not the same", undoer=sam, now=clock.utc_now())
    assert list_tasks(kept, clock.today()) == []
    assert labels_read.labels_on(kept) == []
    assert [view.row.id for view in list_tasks(joined, clock.today())] == [task.id]
    assert (joined.state, joined.owner_id, joined.step_due_on, joined.target_on, joined.due_on) == before
    assert show_notes(kept) == []
    with pytest.raises(NotFoundError):
        get_task(kept, task.id)


def add_label(name: str, label: Label | None = None) -> Label:
    with transaction():
        version = label.version if label else 0
        return labels.keep_label(
            label, name=name, colour=Colour.TEAL, version=version, actor="system", now=clock.utc_now()
        )


def test_labels_come_from_the_list_and_each_is_put_on_a_case_once(add_staff: Callable[..., StaffMember]) -> None:
    ada = add_staff("Ada")
    mine = new_case(ada)
    press, old = add_label("Press interest"), add_label("Old")
    with pytest.raises(DomainError, match="already"):
        add_label("PRESS INTEREST")
    with transaction():
        labels.retire_label(old, actor="system", now=clock.utc_now())
    with pytest.raises(DomainError, match="It was retired"):
        add_label("old")
    assert labels_read.list_labels() == [press]
    with pytest.raises(DomainError, match="no longer on the list"), transaction():
        labels.add_label(mine, old, by=ada, now=clock.utc_now())

    with transaction():
        assert labels.add_label(mine, press, by=ada, now=clock.utc_now())
        assert not labels.add_label(mine, press, by=ada, now=clock.utc_now()), "it has the label already"
        assert labels.remove_label(mine, press, by=ada, now=clock.utc_now())
        assert not labels.remove_label(mine, press, by=ada, now=clock.utc_now())
    assert said(mine, "label:added") == ["Label added: Press interest"]
    assert said(mine, "label:removed") == ["Label removed: Press interest"]


def test_two_people_tick_one_list_and_both_keep_what_they_did(add_staff: Callable[..., StaffMember]) -> None:
    ada, sam = add_staff("Ada"), add_staff("Sam", Role.SENIOR_CASEWORKER)
    case = new_case(ada)
    checklist = get_checklist(case, "every-case").checklist
    first, second = checklist.items[0].id, checklist.items[1].id
    assert place_of_points(case) == "/checklists/every-case?then=move", "one list has open points: it is the next page"
    with transaction():
        assert ticks.tick(case, checklist, chosen=[first], seen=[], by=ada, now=clock.utc_now()) == 1
        assert ticks.tick(case, checklist, chosen=[second], seen=[], by=sam, now=clock.utc_now()) == 1
        assert ticks.tick(case, checklist, chosen=[first], seen=[], by=sam, now=clock.utc_now()) == 0
    view = get_checklist(case, "every-case")
    assert view.ticked == {first, second}
    assert [one.by for one in view.items[:2]] == ["Ada", "Sam"]
    with transaction():
        ticks.tick(case, checklist, chosen=[second], seen=[first, second], by=sam, now=clock.utc_now())
    assert get_checklist(case, "every-case").ticked == {second}
    assert len(said(case, "checklist:unticked")) == 1
    with pytest.raises(DomainError), transaction():
        ticks.tick(case, checklist, chosen=["unknown"], seen=[], by=ada, now=clock.utc_now())
    with pytest.raises(NotFoundError):
        get_checklist(case, "nothing")


def test_a_mention_reaches_whoever_may_see_the_case_and_mail_goes_by_their_choice(
    add_staff: Callable[..., StaffMember],
) -> None:
    ada, ben, sam = add_staff("Ada"), add_staff("Ben"), add_staff("Sam", Role.SENIOR_CASEWORKER)
    max_ = add_staff("Max", Role.SENIOR_CASEWORKER)
    case = new_case(ada)
    with transaction():
        watching.choose_mail(max_.id, [], actor=max_.actor, now=clock.utc_now())
        note = add_note(case, "@Sam look", submission_id=uuid4(), author=ada, now=clock.utc_now())
        with pytest.raises(DomainError, match="who may see this case"):
            mentions.mention(case, note, [ben.id], author=ada, now=clock.utc_now())
        mentions.mention(case, note, [sam.id, max_.id], author=ada, now=clock.utc_now())
        mentions.mention(case, note, [sam.id], author=ada, now=clock.utc_now())
    assert said(case, "note:mentioned") == ["A note is for Max, Sam"]
    assert (news_for(sam), news_for(max_), news_for(ben)) == (1, 0, 0)
    assert [one.reference for one in load_team_desk(max_, clock.today()).to_read] == [case.reference]
    with transaction():
        assert mentions.note_read(case, sam, now=clock.utc_now()) == 1
        assert mentions.note_read(case, sam, now=clock.utc_now()) == 0
    assert load_team_desk(sam, clock.today()).to_read == []
    assert [one.read_at is not None for one in readers_of(case)[note.id]] == [False, True]


def test_a_watched_case_that_others_changed_stands_on_the_desk_until_it_is_looked_at(
    add_staff: Callable[..., StaffMember],
) -> None:
    ada, ben = add_staff("Ada"), add_staff("Ben")
    case = new_case()
    with transaction():
        for person in (ada, ben):
            watching.watch(case, person, now=clock.utc_now())
            watching.choose_mail(person.id, [MailAbout.WATCHED], actor=person.actor, now=clock.utc_now())
        watching.watch(case, ada, now=clock.utc_now())
    assert load_team_desk(ada, clock.today()).watched == []
    with transaction():
        move(case, CaseState.ACKNOWLEDGED, actor=ben.actor, now=clock.utc_now())
    assert [(one.reference, one.changes) for one in load_team_desk(ada, clock.today()).watched] == [(case.reference, 1)]
    assert load_team_desk(ben, clock.today()).watched == [], "what one does oneself is no news"
    assert (news_for(ada), news_for(ben)) == (1, 0)

    watch = find_watch(case, ada)
    assert watch is not None
    watching.note_look(db.session(), case.id, ada.id, watch.latest)
    watching.note_look(db.session(), case.id, ada.id, 1)
    assert load_team_desk(ada, clock.today()).watched == []
    with transaction():
        assign(case, get_user(ben.id), actor=ben.actor, now=clock.utc_now())
        move(case, CaseState.TRIAGE, actor="system", now=clock.utc_now())
    assert load_team_desk(ada, clock.today()).watched == [], "she may not see it any more"
    assert (news_for(ada), news_for(ben)) == (1, 1)
    with transaction():
        watching.stop_watching(case, ben, now=clock.utc_now())
        watching.stop_watching(case, ben, now=clock.utc_now())
    assert find_watch(case, ben) is None


def test_what_is_open_before_closing_is_named_one_by_one(add_staff: Callable[..., StaffMember]) -> None:
    ada = add_staff("Ada")
    case = new_case(ada)
    points = {point.key: point for point in closing_checklist(case)}
    assert points["tasks-settled"].standing == "done"
    task = give_task(case, ada, None, title="Ring the authority")
    points = {point.key: point for point in closing_checklist(case)}
    (line,) = points["tasks-settled"].still_open
    assert line.startswith("Ring the authority, due ")
    assert len(points["checklists-done"].still_open) >= 2
    settle(case, task, TaskState.DONE, ada)
    assert not {point.key: point for point in closing_checklist(case)}["tasks-settled"].is_open


def test_an_overdue_task_says_so(add_staff: Callable[..., StaffMember]) -> None:
    ada = add_staff("Ada")
    case = new_case(ada)
    give_task(case, ada, ada.id, days=0)
    later: date = clock.today() + timedelta(days=1)
    assert [view.is_overdue for view in list_tasks(case, clock.today())] == [False]
    assert [view.is_overdue for view in list_tasks(case, later)] == [True]
    assert load_team_desk(ada, later).overdue == 1
