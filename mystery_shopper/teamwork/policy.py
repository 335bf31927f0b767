"""Decisions of working together, pure: who a note names, when a task is overdue, what a person's mail is about."""

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from mystery_shopper.core.calendar import add_working_days, format_day, is_working_day
from mystery_shopper.teamwork.states import NEXT_STATES, TaskState

DUE_IN = (1, 3, 5, 10)
"""Working days that are offered for a task beside a day of one's own."""
_AT_WORD = re.compile(r"(?<!\w)@([^\W\d_][\w'\u2019-]*)")


class MailAbout(StrEnum):
    """What a member of staff can be told of by mail, without content."""

    MENTIONS = "mentions"
    TASKS = "tasks"
    WATCHED = "watched"


USUAL_MAIL = frozenset({MailAbout.MENTIONS, MailAbout.TASKS})
"""What a person hears of who chose nothing: what somebody asks of them."""


@dataclass(frozen=True)
class Named:
    """Who a text names with @, and the words after an @ that name nobody who may be told."""

    people: frozenset[UUID]
    unknown: tuple[str, ...]


def named_in(text: str, people: Mapping[UUID, str]) -> Named:
    """Return whom a text names with @: by full name, or by a first name that only one of `people` has.

    An address of mail (a@b) names nobody.
    """
    found: set[UUID] = set()
    rest = text
    for spelling, user_id in _spellings(people):
        pattern = re.compile(rf"(?<!\w)@{re.escape(spelling)}(?!\w)", re.IGNORECASE)
        rest, count = pattern.subn(" ", rest)
        if count:
            found.add(user_id)
    unknown = dict.fromkeys(match.group(1) for match in _AT_WORD.finditer(rest))
    return Named(frozenset(found), tuple(unknown))


def _spellings(people: Mapping[UUID, str]) -> list[tuple[str, UUID]]:
    """Return every way to name a person, the longest first, so that "@Ann Lee" is not read as "@Ann"."""
    given: dict[str, list[tuple[str, UUID]]] = {}
    for user_id, name in people.items():
        for spelling in {name, name.split(" ")[0]}:
            given.setdefault(spelling.casefold(), []).append((spelling, user_id))
    clear = [ways[0] for ways in given.values() if len({user_id for _, user_id in ways}) == 1]
    return sorted(clear, key=lambda way: (-len(way[0]), way[0]))


def is_overdue(state: TaskState, due_on: date, today: date) -> bool:
    """Tell whether a task should have been done before today."""
    return state is TaskState.OPEN and due_on < today


def can_become(old: TaskState, new: TaskState) -> bool:
    """Tell whether a task can take this step."""
    return new in NEXT_STATES[old]


def needs_reason(new: TaskState) -> bool:
    """Tell whether somebody will ask why: a task that was dropped, or that was done and is not."""
    return new is not TaskState.DONE


def days_offered(today: date, holidays: AbstractSet[date]) -> dict[int, date]:
    """Return the days to choose from, by how many working days they are ahead."""
    return {count: add_working_days(today, count, holidays) for count in DUE_IN}


def day_off_words(due_on: date, holidays: AbstractSet[date]) -> str:
    """Return what to say of a day on which nobody works, with the next one on which somebody does; empty otherwise."""
    if is_working_day(due_on, holidays):
        return ""
    after = add_working_days(due_on, 1, holidays)
    return f"{format_day(due_on)} is not a working day. The next one is {format_day(after)}"


def wanted_mail(chosen: Collection[MailAbout] | None) -> frozenset[MailAbout]:
    """Return what a person is told of by mail; `chosen` is None while they have chosen nothing."""
    return USUAL_MAIL if chosen is None else frozenset(chosen)
