"""What must be settled before a case is closed: each feature says what it knows of, the case page asks them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mystery_shopper.cases.models import Case
from mystery_shopper.core.errors import DomainError


class Standing(StrEnum):
    """How one point of the checklist stands."""

    DONE = "done"
    OPEN = "open"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True)
class ClosureCheck:
    """One point of the checklist: what must be settled and how it stands for a case.

    `still_open` names what is open, one line each, where there can be several things ("Task: ring the authority").
    `place` is where it is settled, after the address of the case ("/outcome"), or what tells it for a case; empty where
    no page of it is.
    `is_must`: no case is closed while it is open, whatever reason is given.
    """

    key: str
    label: str
    order: int
    standing: Callable[[Case], Standing]
    still_open: Callable[[Case], Sequence[str]] = field(default=lambda _case: ())
    place: str | Callable[[Case], str] = ""
    is_must: bool = False


@dataclass(frozen=True)
class CheckedPoint:
    """A point of the checklist as it stands."""

    key: str
    label: str
    standing: Standing
    still_open: tuple[str, ...] = ()
    is_must: bool = False
    place: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether this point stands against closing."""
        return self.standing is Standing.OPEN


class ClosureNotConfirmedError(DomainError):
    """Something is open, and nobody said that the case is to be closed all the same."""


_checks: dict[str, ClosureCheck] = {}


def register_check(check: ClosureCheck) -> None:
    """Add a point to the checklist; the same key again replaces it."""
    _checks[check.key] = check


def closing_checklist(case: Case) -> list[CheckedPoint]:
    """Return every point of the checklist as it stands for a case, in order."""
    return [_look_at(check, case) for check in sorted(_checks.values(), key=lambda check: check.order)]


def _look_at(check: ClosureCheck, case: Case) -> CheckedPoint:
    standing = check.standing(case)
    still_open = tuple(check.still_open(case)) if standing is Standing.OPEN else ()
    place = check.place if isinstance(check.place, str) else check.place(case)
    return CheckedPoint(check.key, check.label, standing, still_open, is_must=check.is_must, place=place)


def standing_of(still_open: Sequence[str], *, is_needed: bool = True) -> Standing:
    """Return how a point stands of which `still_open` names everything that is open."""
    if not is_needed:
        return Standing.NOT_NEEDED
    return Standing.OPEN if still_open else Standing.DONE


def closing_obstacles(case: Case) -> list[CheckedPoint]:
    """Return the points that stand against closing."""
    return [point for point in closing_checklist(case) if point.is_open]
