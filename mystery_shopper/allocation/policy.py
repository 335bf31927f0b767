"""Who should get a case, pure: what a case asks for, what people carry, and the order in which they are suggested."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from uuid import UUID

from mystery_shopper.cases.policy import Priority
from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.tables import check_complete, keyed_rows, read_table

SKILLS_FILE = "allocation/data/skills.csv"
LOAD_FILE = "allocation/data/load.csv"


class Asks(StrEnum):
    """What of a case can ask for a skill."""

    QUEUE = "queue"
    REGIME = "regime"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Skill:
    """Something a person can do that cases with a certain value ask for."""

    id: str
    label: str
    field: Asks
    value: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a case asks for."""

    queue: str
    skills: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person who may own the case: what they work on and what they carry. No queue chosen means every queue."""

    user_id: UUID
    name: str
    queues: frozenset[str]
    skills: frozenset[str]
    cases: int
    load: int
    away_until: date | None = None


@dataclass(frozen=True)
class Suggestion:
    """A person for a case, with the reasons in words. `is_first`: the one to ask first."""

    user_id: UUID
    name: str
    reasons: tuple[str, ...]
    is_first: bool
    is_away: bool


@cache
def skills() -> Mapping[str, Skill]:
    """Return the skills there are, by id.

    Raises:
        ConfigurationError: a line of the file cannot be read; the line is named.
    """
    return keyed_rows(read_table(SKILLS_FILE), SKILLS_FILE, _skill)


def _skill(row: Mapping[str, str]) -> tuple[str, Skill]:
    return row["skill"], Skill(row["skill"], row["label"], Asks(row["field"]), row["value"], row["why"])


@cache
def weights() -> Mapping[Priority, int]:
    """Return how much a case of each priority counts as load.

    Raises:
        ConfigurationError: a line of the file cannot be read, or a priority is missing; it is named.
    """
    found = keyed_rows(read_table(LOAD_FILE), LOAD_FILE, lambda row: (Priority(row["priority"]), int(row["weight"])))
    check_complete(found, Priority, LOAD_FILE)
    return found


def skills_for(values: Mapping[Asks, Collection[str]]) -> frozenset[str]:
    """Return the skills a case with these values asks for."""
    return frozenset(skill.id for skill in skills().values() if skill.value in values.get(skill.field, ()))


def suggest(wanted: Wanted, candidates: Collection[Candidate]) -> list[Suggestion]:
    """Return the candidates in the order to ask them.

    Whoever is here comes before whoever is away; then who has every skill asked for, who works on the queue, who
    carries least. The first who is here is the one suggested.
    """
    ordered = sorted(candidates, key=lambda one: _place(wanted, one))
    lightest = min((one.load for one in candidates if one.away_until is None), default=0)
    return [
        Suggestion(
            user_id=one.user_id,
            name=one.name,
            reasons=_reasons(wanted, one, lightest),
            is_first=at == 0 and one.away_until is None,
            is_away=one.away_until is not None,
        )
        for at, one in enumerate(ordered)
    ]


def _place(wanted: Wanted, one: Candidate) -> tuple[bool, int, bool, int, str, str]:
    missing = len(wanted.skills - one.skills)
    return (one.away_until is not None, missing, not works_on(one, wanted.queue), one.load, one.name, str(one.user_id))


def works_on(one: Candidate, queue: str) -> bool:
    """Tell whether a person takes cases of a queue: those who chose none take every queue."""
    return not one.queues or queue in one.queues


def _reasons(wanted: Wanted, one: Candidate, lightest: int) -> tuple[str, ...]:
    known, label = skills(), QUEUE_LABELS.get(wanted.queue, wanted.queue)
    found = []
    if one.away_until is not None:
        found.append(f"Out of office until {format_day(one.away_until)}")
    has = [known[skill].label for skill in sorted(wanted.skills & one.skills)]
    lacks = [known[skill].label for skill in sorted(wanted.skills - one.skills)]
    found += [f"Knows: {', '.join(has)}"] if has else []
    found += [f"Does not have this skill: {', '.join(lacks)}"] if lacks else []
    if one.queues:
        found.append(f"{'Works' if wanted.queue in one.queues else 'Does not work'} on the queue {label}")
    cases = "1 open case" if one.cases == 1 else f"{one.cases} open cases"
    least = ", the lightest load" if one.load == lightest and one.away_until is None else ""
    found.append(f"{cases}, load {one.load}{least}")
    return tuple(found)
