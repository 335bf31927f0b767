"""Clocks of requests, and what may be held against them: data. Pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.core.calendar import Span, add_months, add_working_days, is_working_day, stretch
from mystery_shopper.core.tables import keyed_rows, read_table, whole_above_zero
from mystery_shopper.requests.states import RequestKind

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
class RequestClock:
    """How long there is to answer, and the law that says so. `extension_months` 0: it cannot be extended."""

    count: int
    unit: Unit
    clarifying: Clarifying
    extension_months: int
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
