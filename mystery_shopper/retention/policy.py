"""The retention schedule, and what erasing does to each table: data, read and checked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from hashlib import sha256

from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.tables import keyed_rows, make_rows, read_table, whole_above_zero

SCHEDULE_FILE = "retention/data/schedule.csv"
ERASURE_FILE = "retention/data/erasure.csv"
VERSION_LENGTH = 12
IDENTITY = "identity"
CASE_FILE = "case-file"
MONTH_END_SLACK = timedelta(days=3)


class Trigger(StrEnum):
    """What a period counts from."""

    CASE_CLOSED = "case-closed"
    LAST_SAVED = "last-saved"
    ENTRY_WRITTEN = "entry-written"
    BACKUP_MADE = "backup-made"


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    MONTHS = "months"


class DoneBy(StrEnum):
    """Who sees to it: two reviewers with a batch, the worker each day, or the operator outside the program."""

    BATCH = "batch"
    WORKER = "worker"
    OPERATOR = "operator"


class Action(StrEnum):
    """What happens at the end of the period."""

    ERASE = "erase"
    REVIEW = "review"
    DESTROY = "destroy"


@dataclass(frozen=True, kw_only=True)
class RetentionClass:
    """One line of the schedule. `basis` is the law or the assumption it rests on."""

    id: str
    title: str
    trigger: Trigger
    count: int
    unit: Unit
    done_by: DoneBy
    action: Action
    basis: str

    def ends_on(self, began_on: date) -> date:
        """Return the day on which the period is over: from this day on the record is due."""
        if self.unit is Unit.MONTHS:
            return add_months(began_on, self.count)
        return began_on + timedelta(days=self.count)

    def due_until(self, today: date) -> date:
        """Return the last day a record may have begun on to be due today.

        Months added to the last days of a month may end earlier than months taken off, so the day is tried.
        """
        if self.unit is Unit.DAYS:
            return today - timedelta(days=self.count)
        latest = add_months(today, -self.count) + MONTH_END_SLACK
        while self.ends_on(latest) > today:
            latest -= timedelta(days=1)
        return latest

    @property
    def period(self) -> str:
        """Return how long, in words."""
        return f"{self.count} {self.unit.value if self.count > 1 else self.unit.value[:-1]}"


@dataclass(frozen=True)
class Schedule:
    """The classes by id, and the version: a digest of the file, so that a certificate names the very words."""

    version: str
    classes: Mapping[str, RetentionClass]

    def batch_classes(self) -> list[RetentionClass]:
        """Return the classes whose records go in batches."""
        return [one for one in self.classes.values() if one.done_by is DoneBy.BATCH]


class Fate(StrEnum):
    """What becomes of the rows of a table: deleted, or kept with every sealed column emptied."""

    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True)
class Erasure:
    """What erasing does to one table: its rows are found by the column `link`; `also_empty` are plain columns."""

    table: str
    link: str
    when: str
    fate: Fate
    also_empty: tuple[str, ...]


@cache
def schedule() -> Schedule:
    """Return the schedule in force.

    Raises:
        ConfigurationError: a line cannot be read, or a class with batches is missing; the file is named.
    """
    return read_schedule(read_table(SCHEDULE_FILE))


def read_schedule(lines: Sequence[str]) -> Schedule:
    """Return the schedule a file describes; see `schedule`."""
    version = sha256("\n".join(lines).encode()).hexdigest()[:VERSION_LENGTH]
    return Schedule(version, keyed_rows(lines, SCHEDULE_FILE, _class))


def _class(row: Mapping[str, str]) -> tuple[str, RetentionClass]:
    if not row["basis"].strip() or not row["title"].strip():
        raise ValueError("a class needs a title and a basis")
    made = RetentionClass(
        id=row["class"],
        title=row["title"],
        trigger=Trigger(row["trigger"]),
        count=whole_above_zero(row["count"]),
        unit=Unit(row["unit"]),
        done_by=DoneBy(row["done_by"]),
        action=Action(row["action"]),
        basis=row["basis"],
    )
    can_be = made.id in (IDENTITY, CASE_FILE) and made.trigger is Trigger.CASE_CLOSED and made.unit is Unit.MONTHS
    if made.done_by is DoneBy.BATCH and not can_be:
        raise ValueError(f"there are no batches of {made.id} by {made.trigger}")
    return made.id, made


@cache
def erasures() -> tuple[Erasure, ...]:
    """Return what erasing does to each table, in the order in which it is done.

    Raises:
        ConfigurationError: a line cannot be read; the line is named.
    """
    return tuple(make_rows(read_table(ERASURE_FILE), ERASURE_FILE, _erasure))


def _erasure(row: Mapping[str, str]) -> Erasure:
    if row["when"] not in (IDENTITY, CASE_FILE):
        raise ValueError(f"{row['when']} is no class with batches")
    return Erasure(row["table"], row["link"], row["when"], Fate(row["action"]), tuple(row["also_empty"].split()))


def erasures_of(class_id: str) -> list[Erasure]:
    """Return what erasing a class does: a case file goes with the identities in it."""
    return [one for one in erasures() if class_id == CASE_FILE or one.when == class_id]


def digest_of(ids: Sequence[str]) -> str:
    """Return the digest by which a certificate names its records: anybody who has the ids can compute it again."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()
