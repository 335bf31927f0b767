"""What each kind of request is like, its clock, its answers, and what may be held against it: data. Pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.core.calendar import (
    Span,
    add_months,
    add_working_days,
    is_working_day,
    last_day_beginning_with,
    stretch,
)
from mystery_shopper.core.tables import check_complete, keyed_rows, read_table, whole_above_zero
from mystery_shopper.holds.policy import HoldGround
from mystery_shopper.requests.states import Decision, RequestKind

KINDS_FILE = "requests/data/kinds.csv"
DECISIONS_FILE = "requests/data/decisions.csv"
CLOCKS_FILE = "requests/data/clocks.csv"
EXEMPTIONS_FILE = "requests/data/exemptions.csv"
INTERNAL_REVIEW = "internal-review"


class Unit(StrEnum):
    """What a clock counts."""

    WORKING_DAYS = "working-days"
    MONTHS = "months"


class Clarifying(StrEnum):
    """What asking the requester does: the period begins anew with the answer, or stands still until it comes."""

    RESTARTS = "restarts"
    PAUSES = "pauses"


@dataclass(frozen=True)
class KindRules:
    """What a kind of request is like. `about_somebody`: whoever asks must be proved to be who they say.

    `restricts`: while it is open, and when it was granted, the cases it names are marked.
    """

    label: str
    prefix: str
    hold_ground: HoldGround
    about_somebody: bool
    gives_pack: bool
    has_review: bool
    restricts: bool


@dataclass(frozen=True)
class RequestClock:
    """How long there is to answer, and the law that says so. `extension_months` 0: it cannot be extended.

    `acknowledge_days` are calendar days beginning with the day of receipt; 0: nothing has to be acknowledged.
    """

    count: int
    unit: Unit
    clarifying: Clarifying
    extension_months: int
    acknowledge_days: int
    held_months: int
    source: str

    def due_on(
        self,
        received_on: date,
        asked: Sequence[Span],
        holidays: AbstractSet[date],
        *,
        is_extended: bool = False,
    ) -> date:
        """Return the last day to answer. `asked` are the times the requester was asked, from asking to the answer."""
        began = received_on
        if self.clarifying is Clarifying.RESTARTS:
            began = max((received_on, *(span.end for span in asked)))
        if self.unit is Unit.WORKING_DAYS:
            return add_working_days(began, self.count, holidays)
        months = self.count + (self.extension_months if is_extended else 0)
        end = stretch(began, add_months(began, months), asked)
        while not is_working_day(end, holidays):
            end += timedelta(days=1)
        return end

    def acknowledge_by(self, received_on: date) -> date | None:
        """Return the last day to say that it came, None when the law asks for no such thing."""
        return last_day_beginning_with(received_on, self.acknowledge_days) if self.acknowledge_days else None

    @property
    def period(self) -> str:
        """Return how long, in words."""
        words = self.unit.value.replace("-", " ")
        return f"{self.count} {words if self.count > 1 else words[:-1]}"


@dataclass(frozen=True)
class Exemption:
    """Something that can be held against a request, and the test that goes with it."""

    id: str
    kind: RequestKind
    title: str
    test: str


@cache
def kinds() -> Mapping[RequestKind, KindRules]:
    """Return what each kind of request is like.

    Raises:
        ConfigurationError: a line cannot be read, or a kind is missing; it is named.
    """
    found = keyed_rows(read_table(KINDS_FILE), KINDS_FILE, _kind)
    check_complete(found, RequestKind, KINDS_FILE)
    return found


def _kind(row: Mapping[str, str]) -> tuple[RequestKind, KindRules]:
    return RequestKind(row["kind"]), KindRules(
        label=row["label"],
        prefix=row["prefix"],
        hold_ground=HoldGround(row["hold_ground"]),
        about_somebody=_yes_or_no(row["about_somebody"]),
        gives_pack=_yes_or_no(row["gives_pack"]),
        has_review=_yes_or_no(row["has_review"]),
        restricts=_yes_or_no(row["restricts"]),
    )


def _yes_or_no(text: str) -> bool:
    return {"yes": True, "no": False}[text]


@cache
def decision_labels() -> Mapping[tuple[RequestKind, Decision], str]:
    """Return how each kind of request can be answered, in words, in the order they are offered.

    Raises:
        ConfigurationError: a line cannot be read; it is named.
    """
    return keyed_rows(
        read_table(DECISIONS_FILE),
        DECISIONS_FILE,
        lambda row: ((RequestKind(row["kind"]), Decision(row["decision"])), row["label"]),
    )


@cache
def clocks() -> Mapping[str, RequestClock]:
    """Return the clock of each kind of request, and of an internal review.

    Raises:
        ConfigurationError: a line cannot be read; the line is named.
    """
    return read_clocks(read_table(CLOCKS_FILE))


def read_clocks(lines: Sequence[str]) -> Mapping[str, RequestClock]:
    """Return the clocks a file describes; see `clocks`."""
    return keyed_rows(lines, CLOCKS_FILE, _clock)


def _clock(row: Mapping[str, str]) -> tuple[str, RequestClock]:
    kind = row["kind"]
    if kind != INTERNAL_REVIEW:
        RequestKind(kind)
    return kind, RequestClock(
        count=whole_above_zero(row["count"]),
        unit=Unit(row["unit"]),
        clarifying=Clarifying(row["clarifying"]),
        extension_months=int(row["extension_months"]),
        acknowledge_days=int(row["acknowledge_days"]),
        held_months=whole_above_zero(row["held_months"]),
        source=row["source"],
    )


@cache
def exemptions() -> Mapping[str, Exemption]:
    """Return what can be held against requests, by id.

    Raises:
        ConfigurationError: a line cannot be read; the line is named.
    """
    return keyed_rows(read_table(EXEMPTIONS_FILE), EXEMPTIONS_FILE, _exemption)


def _exemption(row: Mapping[str, str]) -> tuple[str, Exemption]:
    return row["id"], Exemption(row["id"], RequestKind(row["kind"]), row["title"], row["test"])
