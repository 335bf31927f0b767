"""Working together, decided without a database: whom a text names, which days are offered, what a file may say."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.teamwork.checklists import checklists, load_checklists
from mystery_shopper.teamwork.events import TaskChanged
from mystery_shopper.teamwork.forms import seen_in
from mystery_shopper.teamwork.policy import (
    MailAbout,
    can_become,
    day_off_words,
    days_offered,
    is_overdue,
    named_in,
    needs_reason,
    wanted_mail,
)
from mystery_shopper.teamwork.states import NEXT_STATES, TaskState

ANN, LEE, ANNA, BEN, OTHER_BEN = (UUID(int=number) for number in range(1, 6))
ZOE = "Zoë O\u2019Hara-Lee"
PEOPLE = {ANN: "Ann Lee", LEE: ZOE, ANNA: "Anna Lee-Smith", BEN: "Ben Example", OTHER_BEN: "Ben Other"}


@pytest.mark.parametrize(
    ("text", "people", "unknown"),
    [
        ("@Ann Lee please look", {ANN}, ()),
        ("please look, @ann lee.", {ANN}, ()),
        ("@Ann and @Anna Lee-Smith", {ANN, ANNA}, ()),
        ("@Zoë knows", {LEE}, ()),
        (f"@{ZOE}!", {LEE}, ()),
        ("@Ben knows", set(), ("Ben",)),
        ("@Ben Other knows", {OTHER_BEN}, ()),
        ("@Nobody and @Ann", {ANN}, ("Nobody",)),
        ("write to ann@lee.example or @ 9", set(), ()),
        ("@Ann Leeson", {ANN}, ()),
        ("", set(), ()),
    ],
)
def test_a_text_names_colleagues_by_full_name_or_a_first_name_that_is_clear(
    text: str, people: set[UUID], unknown: tuple[str, ...]
) -> None:
    found = named_in(text, PEOPLE)
    assert (found.people, found.unknown) == (people, unknown)


def test_days_are_working_days_and_a_day_off_is_said() -> None:
    holidays = bank_holidays()
    christmas_eve = date(2026, 12, 24)
    assert days_offered(christmas_eve, holidays) == {
        1: date(2026, 12, 29),
        3: date(2026, 12, 31),
        5: date(2027, 1, 5),
        10: date(2027, 1, 12),
    }
    assert day_off_words(christmas_eve, holidays) == ""
    assert day_off_words(date(2026, 12, 25), holidays) == (
        "25 December 2026 is not a working day. The next one is 29 December 2026"
    )


def test_a_task_is_overdue_only_while_it_is_open_and_goes_to_and_fro_with_reasons() -> None:
    today = date(2026, 11, 26)
    assert is_overdue(TaskState.OPEN, date(2026, 11, 25), today)
    assert not is_overdue(TaskState.OPEN, today, today)
    assert not is_overdue(TaskState.DONE, date(2026, 11, 25), today)
    assert set(NEXT_STATES) == set(TaskState)
    assert not can_become(TaskState.DONE, TaskState.CANCELLED)
    assert [needs_reason(state) for state in TaskState] == [True, False, True]


def test_a_changed_task_says_what_changed_and_nothing_else() -> None:
    same = {"task_id": "1", "old_title": "Ring", "title": "Ring", "old_due_on": "2026-11-26", "due_on": "2026-11-26"}
    names = {"old_assignee_name": "Ann", "assignee_id": "", "assignee_name": "Ann"}
    assert TaskChanged(**same, **names).sentence() == "Task “Ring” changed: nothing"
    moved = TaskChanged(**{**same, "due_on": "2026-11-30"}, **{**names, "assignee_name": ""})
    assert moved.sentence() == (
        "Task “Ring” changed: due 30 November 2026 instead of 26 November 2026, for whoever takes it"
    )


def test_mail_is_the_usual_until_somebody_chooses_also_nothing() -> None:
    assert wanted_mail(None) == {MailAbout.MENTIONS, MailAbout.TASKS}
    assert wanted_mail([]) == frozenset()
    assert seen_in(type("Field", (), {"data": "one  two"})()) == {"one", "two"}


def test_every_queue_has_a_checklist_and_each_has_something_to_settle_before_closing() -> None:
    assert all(any(one.is_for(queue) for one in checklists().values()) for queue in QUEUE_LABELS)
    assert all(any(item.before_closing for item in one.items) for one in checklists().values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: one\ntitle: One\nitems: []\n", "one.yaml:3:"),
        ("id: one\ntitle: One\nqueues: [nowhere]\nitems: [{id: a, words: A}]\n", "one.yaml:3:"),
        ("id: one\ntitle: One\nitems:\n  - {id: a, words: A}\n  - {id: a, words: B}\n", "one.yaml:5:"),
        ("id: one\ntitle: One\nowner: me\nitems: [{id: a, words: A}]\n", "one.yaml:3:"),
    ],
)
def test_a_checklist_that_is_wrong_is_refused_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        load_checklists(tmp_path)
    assert message in str(error.value)


def test_two_files_cannot_be_one_checklist(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("id: one\ntitle: One\nitems: [{id: a, words: A}]\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"b\.yaml.*'one' is taken"):
        load_checklists(tmp_path)
