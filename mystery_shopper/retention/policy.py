"""The retention schedule, and what erasing does to each table: data, read and checked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from hashlib import sha256

from mystery_shopper.core.calendar import add_months
from mystery_shopper.core.tables import check_complete, keyed_rows, make_rows, read_table, whole_above_zero
from mystery_shopper.retention.states import RecordType

SCHEDULE_FILE = "retention/data/schedule.csv"
ERASURE_FILE = "retention/data/erasure.csv"
VERSION_LENGTH = 12
MONTH_END_SLACK = timedelta(days=3)


class Trigger(StrEnum):
    """What a period counts from."""

    CASE_CLOSED = "case-closed"
    SUGGESTION_DEALT_WITH = "suggestion-dealt-with"
    REQUEST_ANSWERED = "request-answered"
    ACCOUNT_CLOSED = "account-closed"
    LAST_SAVED = "last-saved"
    ENTRY_WRITTEN = "entry-written"
    BACKUP_MADE = "backup-made"


class BatchClass(StrEnum):
    """The classes that go in batches with two reviewers: how long each is kept is data, what each is stands here."""

    IDENTITY = "identity"
    CASE_FILE = "case-file"
    SUGGESTION = "suggestion"
    REQUEST = "request"
    ACCOUNT = "account"


IDENTITY, CASE_FILE = BatchClass.IDENTITY, BatchClass.CASE_FILE
SUGGESTION, REQUEST, ACCOUNT = BatchClass.SUGGESTION, BatchClass.REQUEST, BatchClass.ACCOUNT
RECORDS_OF = {
    IDENTITY: (RecordType.CASE, Trigger.CASE_CLOSED),
    CASE_FILE: (RecordType.CASE, Trigger.CASE_CLOSED),
    SUGGESTION: (RecordType.SUGGESTION, Trigger.SUGGESTION_DEALT_WITH),
    REQUEST: (RecordType.REQUEST, Trigger.REQUEST_ANSWERED),
    ACCOUNT: (RecordType.ACCOUNT, Trigger.ACCOUNT_CLOSED),
}
"""Of what a batch of each class is, and what its period counts from."""


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
    def record_type(self) -> RecordType:
        """Return what a batch of this class is of."""
        return RECORDS_OF[BatchClass(self.id)][0]

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
    """What becomes of the rows of a table: deleted, kept with every sealed column emptied, or left as they are."""

    DELETE = "delete"
    KEEP = "keep"
    LEAVE = "leave"


@dataclass(frozen=True)
class Erasure:
    """What erasing does to one table: its rows are found by the column `link`; `also_empty` are plain columns.

    Rows in which the column `unless` is true are left as they are.
    """

    table: str
    link: str
    when: BatchClass
    fate: Fate
    also_empty: tuple[str, ...]
    unless: str


@cache
def schedule() -> Schedule:
    """Return the schedule in force.

    Raises:
        ConfigurationError: a line cannot be read, or a class with batches is missing; the file is named.
    """
    found = read_schedule(read_table(SCHEDULE_FILE))
    check_complete(found.classes, BatchClass, SCHEDULE_FILE)
    return found


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
    if made.done_by is DoneBy.BATCH and (made.trigger, made.unit) != (RECORDS_OF[BatchClass(made.id)][1], Unit.MONTHS):
        raise ValueError(f"there are no batches of {made.id} by {made.trigger} in {made.unit}")
    return made.id, made


@cache
def erasures() -> tuple[Erasure, ...]:
    """Return what erasing does to each table, in the order in which it is done.

    Raises:
        ConfigurationError: a line cannot be read; the line is named.
    """
    return tuple(make_rows(read_table(ERASURE_FILE), ERASURE_FILE, _erasure))


def _erasure(row: Mapping[str, str]) -> Erasure:
    when = BatchClass(row["when"])
    also_empty = tuple(row["also_empty"].split())
    return Erasure(row["table"], row["link"], when, Fate(row["action"]), also_empty, row["unless"])


def erasures_of(class_id: str) -> list[Erasure]:
    """Return what erasing a class does: a case file goes with the identities in it."""
    gone = {CASE_FILE, IDENTITY} if class_id == CASE_FILE else {class_id}
    return [one for one in erasures() if one.when in gone]


def digest_of(ids: Sequence[str]) -> str:
    """Return the digest by which a certificate names its records: anybody who has the ids can compute it again."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()
