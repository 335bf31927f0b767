"""Pauses of a clock, pure: their kinds (data/pauses.csv), what each stops, and the days on which a clock stood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from mystery_shopper.cases.states import WaitingFor
from mystery_shopper.core.calendar import Span
from mystery_shopper.core.tables import check_complete, keyed_rows, read_table

PAUSES_FILE = "cases/data/pauses.csv"
YES_NO = {"yes": True, "no": False}


class PauseKind(StrEnum):
    """Who or what a clock stands still for. Values are stored and never renamed."""

    AUTHORITY = "authority"
    REPORTER = "reporter"
    STATUTORY_PERIOD = "statutory-period"


@dataclass(frozen=True, kw_only=True)
class PauseRule:
    """What a kind of pause stops. `basis` says whether law, policy or this project decided."""

    kind: PauseKind
    label: str
    waiting: WaitingFor
    stops_step: bool
    stops_target: bool
    basis: str
    source: str


@dataclass(frozen=True)
class Pause:
    """A pause as the clocks count it; `ended_on` None: it lasts."""

    kind: PauseKind
    started_on: date
    look_again_on: date
    ended_on: date | None = None


@cache
def pause_rules() -> Mapping[PauseKind, PauseRule]:
    """Return the kinds of pauses.

    Raises:
        ConfigurationError: a line of the file cannot be read, or a kind is missing; the line or the kind is named.
    """
    found = keyed_rows(read_table(PAUSES_FILE), PAUSES_FILE, _rule)
    check_complete(found, PauseKind, PAUSES_FILE)
    return found


def _rule(row: Mapping[str, str]) -> tuple[PauseKind, PauseRule]:
    kind = PauseKind(row["kind"])
    return kind, PauseRule(
        kind=kind,
        label=row["label"],
        waiting=WaitingFor(row["waiting"]),
        stops_step=YES_NO[row["stops_step"]],
        stops_target=YES_NO[row["stops_target"]],
        basis=row["basis"],
        source=row["source"],
    )


def step_spans(pauses: Iterable[Pause], today: date) -> list[Span]:
    """Return the days on which the clock of a step stood; a pause that lasts has stood up to today."""
    return _spans((one for one in pauses if pause_rules()[one.kind].stops_step), today)


def target_spans(pauses: Iterable[Pause], today: date) -> list[Span]:
    """Return the days on which the clock of the target stood; a pause that lasts has stood up to today."""
    return _spans((one for one in pauses if pause_rules()[one.kind].stops_target), today)


def _spans(pauses: Iterable[Pause], today: date) -> list[Span]:
    return [Span(one.started_on, today if one.ended_on is None else one.ended_on) for one in pauses]
