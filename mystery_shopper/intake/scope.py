"""Whether this service can help, decided from five answers by the table data/scope.csv. Pure.

Source: scope and remit of the Public Procurement Review Service on GOV.UK; that legal proceedings put a case out of
scope is an assumption of this project.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

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
    DEVOLVED = "devolved"
    PRIVATE_UTILITY = "private-utility"
    UNSURE = "unsure"


class YesNoUnsure(StrEnum):
    """An answer to a question a person may not be able to answer."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


QUESTIONS: Mapping[str, type[StrEnum]] = {
    "body": Body,
    "specific": YesNoUnsure,
    "healthcare": YesNoUnsure,
    "recent": YesNoUnsure,
    "legal": YesNoUnsure,
}
"""The questions in the order they are asked, with their possible answers."""


@dataclass(frozen=True)
class Place:
    """Where to go instead. `address` is empty, a path of this site, or a page elsewhere."""

    heading: str
    reason: str
    text: str
    link: str
    address: str


@dataclass(frozen=True)
class Scope:
    """The answer of the table; `place` is set when somebody else can help better, `line` is the row that decided."""

    result: ScopeResult
    place: Place | None
    line: int


@dataclass(frozen=True)
class Row:
    """One row: for each question the answers it holds for."""

    line: int
    answers: Mapping[str, frozenset[str]]
    result: ScopeResult
    place: Place | None

    def meets(self, given: Mapping[str, str]) -> bool:
        """Tell whether the row holds for these answers; a question without an answer meets only `*`."""
        return all(given.get(question, "") in allowed for question, allowed in self.answers.items())


@cache
def rows() -> tuple[Row, ...]:
    """Return the rows of the table.

    Raises:
        ConfigurationError: a cell that is not an answer, a result or a place; the line is named.
    """
    places = _places()
    return tuple(_row(number, cells, places) for number, cells in enumerate(_read("scope.csv"), start=2))


def decide(given: Mapping[str, str]) -> Scope | None:
    """Return what the answers given so far decide, None while a question is still open."""
    for row in rows():
        if row.meets(given):
            return Scope(row.result, row.place, row.line)
    return None


def next_question(given: Mapping[str, str]) -> str | None:
    """Return the next question that is still needed, None when the table can decide."""
    if decide(given) is not None:
        return None
    return next((question for question in QUESTIONS if question not in given), None)


def _row(line: int, cells: Mapping[str, str], places: Mapping[str, Place]) -> Row:
    try:
        answers = {question: _allowed(cells[question], kinds) for question, kinds in QUESTIONS.items()}
        place = places[cells["place"]] if cells["place"] else None
        return Row(line, answers, ScopeResult(cells["result"]), place)
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
