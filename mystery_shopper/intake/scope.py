"""Whether this service can help, decided from six answers by the table data/scope.csv. Pure.

Source: scope and remit of the Public Procurement Review Service on GOV.UK. What legal proceedings mean is for each
operator to say (cases/data/remit.csv); the table has a row for either.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from mystery_shopper.authorities.policy import Nation
from mystery_shopper.authorities.policy import Scope as RegisterScope
from mystery_shopper.cases.remit import LEGAL_PROCEEDINGS, remit
from mystery_shopper.core.errors import ConfigurationError

ANY = "*"


class ScopeResult(StrEnum):
    """What the table says. Nobody is turned away: triage decides in the end."""

    IN_SCOPE = "in-scope"
    CHECK = "check"
    ELSEWHERE = "elsewhere"


class Body(StrEnum):
    """What kind of organisation is buying."""

    ENGLISH_PUBLIC_BODY = "english-public-body"
    MAIN_CONTRACTOR = "main-contractor"
    SCHOOL = "school"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"
    PRIVATE_UTILITY = "private-utility"
    UNSURE = "unsure"


class YesNoUnsure(StrEnum):
    """An answer to a question a person may not be able to answer."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class AboutPayment(StrEnum):
    """Whether a report is about being paid late, and what there is to show it."""

    NO = "no"
    INVOICES = "invoices"
    NO_INVOICES = "no-invoices"


class Court(StrEnum):
    """What the operator lets legal proceedings mean."""

    ELSEWHERE = "elsewhere"
    CHECK = "check"


QUESTIONS: Mapping[str, type[StrEnum]] = {
    "body": Body,
    "specific": YesNoUnsure,
    "healthcare": YesNoUnsure,
    "recent": YesNoUnsure,
    "legal": YesNoUnsure,
    "payment": AboutPayment,
}
"""The questions in the order they are asked, with their possible answers."""


@dataclass(frozen=True)
class Place:
    """Where to go instead, or what to do first. `address` is empty, a path of this site, or a page elsewhere."""

    heading: str
    reason: str
    text: str
    link: str
    address: str


@dataclass(frozen=True)
class Scope:
    """The answer of the table; `place` says who can help better or what to do first, `line` is the row that decided."""

    result: ScopeResult
    place: Place | None
    line: int


@dataclass(frozen=True)
class Row:
    """One row: for each question the answers it holds for, and for which setting of the operator."""

    line: int
    answers: Mapping[str, frozenset[str]]
    courts: frozenset[str]
    result: ScopeResult
    place: Place | None

    def meets(self, given: Mapping[str, str], court: str) -> bool:
        """Tell whether the row holds for these answers; a question without an answer meets only `*`."""
        return court in self.courts and all(
            given.get(question, "") in allowed for question, allowed in self.answers.items()
        )


@cache
def rows() -> tuple[Row, ...]:
    """Return the rows of the table.

    Raises:
        ConfigurationError: a cell that is not an answer, a result or a place; the line is named.
    """
    places = _places()
    return tuple(_row(number, cells, places) for number, cells in enumerate(_read("scope.csv"), start=2))


def decide(given: Mapping[str, str], court: str | None = None) -> Scope | None:
    """Return what the answers given so far decide, None while a question is still open.

    `court` is what legal proceedings mean; the operator's own setting when it is left out.
    """
    setting = court or remit()[LEGAL_PROCEEDINGS]
    for row in rows():
        if row.meets(given, setting):
            return Scope(row.result, row.place, row.line)
    return None


def next_question(given: Mapping[str, str]) -> str | None:
    """Return the next question that is still needed, None when the table can decide."""
    if decide(given) is not None:
        return None
    return next((question for question in QUESTIONS if question not in given), None)


_NATIONS = {
    Nation.WALES: Body.WALES,
    Nation.SCOTLAND: Body.SCOTLAND,
    Nation.NORTHERN_IRELAND: Body.NORTHERN_IRELAND,
}


def body_in_register(scope: RegisterScope, nation: Nation) -> Body | None:
    """Return what kind of organisation the register knows an authority to be, None where it need not be said."""
    if scope is RegisterScope.OUT_SCHOOL:
        return Body.SCHOOL
    return _NATIONS.get(nation) if scope is RegisterScope.OUT_DEVOLVED else None


def _row(line: int, cells: Mapping[str, str], places: Mapping[str, Place]) -> Row:
    try:
        answers = {question: _allowed(cells[question], kinds) for question, kinds in QUESTIONS.items()}
        place = places[cells["place"]] if cells["place"] else None
        courts = _allowed(cells["court"], Court)
        return Row(line, answers, courts, ScopeResult(cells["result"]), place)
    except (KeyError, ValueError) as error:
        raise ConfigurationError(f"intake/data/scope.csv line {line}: {error}") from error


def _allowed(cell: str, kinds: type[StrEnum]) -> frozenset[str]:
    if cell == ANY:
        return frozenset({"", *(kind.value for kind in kinds)})
    return frozenset(kinds(part).value for part in cell.split("|"))


@cache
def _places() -> Mapping[str, Place]:
    return {
        cells["place"]: Place(cells["heading"], cells["reason"], cells["text"], cells["link"], cells["address"])
        for cells in _read("places.csv")
    }


def _read(name: str) -> list[dict[str, str]]:
    text = (files("mystery_shopper.intake") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
