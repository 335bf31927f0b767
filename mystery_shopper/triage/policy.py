"""Decisions of triage, pure: the conditions of a case, the row of the routing table they meet, decisions carried over.

The table is data/routing.csv. A cell holds one value, several joined by `|`, or `*` for any. Every combination of
conditions meets exactly one row; `load_table` refuses a table of which that is not true.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from mystery_shopper.cases.policy import Priority
from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.cases.remit import LEGAL_PROCEEDINGS, remit
from mystery_shopper.core.calendar import add_months, add_working_days
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.outcomes import Verdict
from mystery_shopper.rules.results import Evaluation, Kind, Outcome, RuleResult

ANY = "*"
MONTHS_IN_YEAR = 12
ROUTING_FILE = "triage/data/routing.csv"


class ScopeFinding(StrEnum):
    """Whether the scheme can look into a case, as far as the facts say. A person decides in the end."""

    IN = "in"
    CHECK = "check"
    OUT = "out"


class Sector(StrEnum):
    """Which target applies to the body that buys."""

    CENTRAL = "central"
    WIDER = "wider"
    PRIME = "prime"
    UNKNOWN = "unknown"


class TenderClock(StrEnum):
    """How long the tender can still be changed."""

    CLOSES_SOON = "closes-soon"
    OPEN = "open"
    NOT_LIVE = "not-live"


class Strength(StrEnum):
    """The strongest flag raised: how firmly its rule speaks and how much it matters."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"
    NONE = "none"


class AboutPayment(StrEnum):
    """Whether the report is about being paid."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What the routing table looks at."""

    scope: ScopeFinding
    sector: Sector
    tender: TenderClock
    strength: Strength
    payment: AboutPayment


@dataclass(frozen=True)
class Route:
    """A row of the table: where a case goes. `line` is its line in the file."""

    line: int
    queue: str
    priority: Priority
    target_months: int
    why: str

    def target_on(self, received_on: date) -> date:
        """Return the target date: whole months from the day of receipt (project assumption: not from acceptance)."""
        return add_months(received_on, self.target_months)


@dataclass(frozen=True)
class Row:
    """A row with the values each condition may have."""

    scope: AbstractSet[str]
    sector: AbstractSet[str]
    tender: AbstractSet[str]
    strength: AbstractSet[str]
    payment: AbstractSet[str]
    route: Route

    def meets(self, conditions: Conditions) -> bool:
        """Tell whether the row is for these conditions."""
        return (
            conditions.scope in self.scope
            and conditions.sector in self.sector
            and conditions.tender in self.tender
            and conditions.strength in self.strength
            and conditions.payment in self.payment
        )


_COLUMNS: Mapping[str, type[StrEnum]] = {
    "scope": ScopeFinding,
    "sector": Sector,
    "tender": TenderClock,
    "strength": Strength,
    "payment": AboutPayment,
}

_ELSEWHERE: Mapping[str, AbstractSet[str]] = {
    "body": {"school", "devolved", "wales", "scotland", "northern-ireland", "private-utility"},
    "specific": {"no"},
    "recent": {"no"},
    "legal": {"yes"} if remit()[LEGAL_PROCEEDINGS] == "elsewhere" else frozenset(),
}
"""Answers to the scope questions that mean somebody else deals with the report."""


def every_combination() -> Iterator[Conditions]:
    """Yield every combination of conditions there can be."""
    for scope, sector, tender, strength, payment in product(ScopeFinding, Sector, TenderClock, Strength, AboutPayment):
        yield Conditions(scope=scope, sector=sector, tender=tender, strength=strength, payment=payment)


def load_table(lines: Iterable[str], name: str = ROUTING_FILE) -> tuple[Row, ...]:
    """Read a routing table.

    Raises:
        ConfigurationError: a cell that cannot be read (with its line), or a combination that meets no row or several.
    """
    rows = []
    for number, cells in enumerate(csv.DictReader(lines), start=2):
        try:
            rows.append(_row(number, cells))
        except (KeyError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"{name} line {number}: {error}") from error
    for conditions in every_combination():
        met = [row.route.line for row in rows if row.meets(conditions)]
        if len(met) != 1:
            found = f"lines {', '.join(map(str, met))}" if met else "no line"
            raise ConfigurationError(f"{name}: {_words(conditions)} meets {found}, must meet exactly one")
    return tuple(rows)


def _row(number: int, cells: Mapping[str, str]) -> Row:
    allowed = {column: _allowed(cells[column], values) for column, values in _COLUMNS.items()}
    if cells["queue"] not in QUEUE_LABELS:
        raise ValueError(f"there is no queue '{cells['queue']}'")
    months = int(cells["target_months"])
    if not 0 < months <= MONTHS_IN_YEAR:
        raise ValueError("target_months must be 1 to 12")
    route = Route(number, cells["queue"], Priority(cells["priority"]), months, cells["why"])
    return Row(**allowed, route=route)


def _allowed(cell: str, values: type[StrEnum]) -> AbstractSet[str]:
    if cell == ANY:
        return frozenset(value.value for value in values)
    return frozenset(values(part).value for part in cell.split("|"))


def _words(conditions: Conditions) -> str:
    return ", ".join(f"{column}={getattr(conditions, column)}" for column in _COLUMNS)


@cache
def routing_table() -> tuple[Row, ...]:
    """Return the routing table of the service, read and checked once."""
    text = (files("mystery_shopper.triage") / "data" / "routing.csv").read_text(encoding="utf-8")
    return load_table(text.splitlines())


@cache
def limits() -> Mapping[str, str]:
    """Return the figures of data/limits.csv by id; unit, basis and source stand beside them in the file."""
    text = (files("mystery_shopper.triage") / "data" / "limits.csv").read_text(encoding="utf-8")
    return {row["id"]: row["value"] for row in csv.DictReader(text.splitlines())}


def route(conditions: Conditions) -> Route:
    """Return where a case with these conditions goes."""
    return next(row.route for row in routing_table() if row.meets(conditions))


def tender_clock(closes_on: date | None, today: date, holidays: AbstractSet[date]) -> TenderClock:
    """Return how long the tender can still be changed; a tender without a known closing date is not live."""
    if closes_on is None or closes_on < today:
        return TenderClock.NOT_LIVE
    soon = add_working_days(today, int(limits()["closes-soon"]), holidays)
    return TenderClock.CLOSES_SOON if closes_on <= soon else TenderClock.OPEN


def strength_of(evaluation: Evaluation) -> Strength:
    """Return the strength of the strongest flag raised. A suggestion (kind info) raises nothing to act on."""
    found = {_strength(result) for result in evaluation.raised}
    return next((strength for strength in Strength if strength in found), Strength.NONE)


def _strength(result: RuleResult) -> Strength:
    if result.kind is Kind.INFO:
        return Strength.NONE
    binding = result.kind in (Kind.HARD, Kind.REBUTTABLE)
    if result.severity >= int(limits()["strong-severity"]):
        return Strength.STRONG if binding else Strength.MEDIUM
    if result.severity >= int(limits()["medium-severity"]):
        return Strength.MEDIUM if binding else Strength.WEAK
    return Strength.WEAK


def scope_finding(
    register_scope: str | None,
    facts: Mapping[str, FactValue],
    answers: Mapping[str, str],
    *,
    received_on: date,
    started_on: date | None,
) -> ScopeFinding:
    """Return whether the scheme can look into a case.

    `register_scope` is what the register says of the authority ("in", "out-...", "check"), None for an unlisted one.
    `answers` are the reporter's answers to the scope questions.
    Source: scope and remit of the review service; health care services left it on 1 January 2024.
    """
    if _is_out(register_scope, facts, answers, started_on or received_on):
        return ScopeFinding.OUT
    years = int(limits()["years-in-remit"])
    is_old = started_on is not None and add_months(started_on, years * MONTHS_IN_YEAR) < received_on
    is_before_court = answers.get("legal") == "yes"  # and the operator lets a person decide
    if register_scope in (None, "check") or is_old or is_before_court or "unsure" in answers.values():
        return ScopeFinding.CHECK
    return ScopeFinding.IN


def _is_out(register_scope: str | None, facts: Mapping[str, FactValue], answers: Mapping[str, str], day: date) -> bool:
    if register_scope is not None and register_scope.startswith("out"):
        return True
    if any(facts.get(name) is True for name in ("is_devolved_authority", "is_school", "is_private_utility")):
        return True
    healthcare = facts.get("is_healthcare_service") is True or answers.get("healthcare") == "yes"
    if healthcare and day >= date.fromisoformat(limits()["healthcare-regime-starts"]):
        return True
    return any(answers.get(question) in found for question, found in _ELSEWHERE.items())


def sector_of(authority_type: str | None, is_main_contractor: bool) -> Sector:
    """Return which target applies: `authority_type` is the register's, None for a body that is not in it."""
    if is_main_contractor:
        return Sector.PRIME
    if authority_type is None:
        return Sector.UNKNOWN
    return Sector.CENTRAL if authority_type == "central-government" else Sector.WIDER


def is_about_payment(evaluation: Evaluation, barriers: Iterable[str]) -> AboutPayment:
    """Return whether a case is about being paid: the reporter said so, or a payment rule was raised."""
    raised = any(result.rule_id.startswith("PAY-") for result in evaluation.raised)
    said = any(barrier.startswith("pay") for barrier in barriers)
    return AboutPayment.YES if raised or said else AboutPayment.NO


def is_worth_keeping(result: RuleResult | Verdict) -> bool:
    """Tell whether a result becomes a flag of the case: something was stated that the rule is about."""
    return result.outcome is not Outcome.NOT_APPLICABLE and (result.outcome is Outcome.RAISED or result.triggered)


def carries_over(*, old_version: str, old_outcome: str, new_version: str, new_outcome: str) -> bool:
    """Tell whether a person's decision about a flag still holds after the rules were applied again.

    It does when the same version of the rule says the same; a changed rule or answer must be looked at anew.
    """
    return old_version == new_version and old_outcome == new_outcome


def rests_on(result: Mapping[str, Any], stated: Mapping[str, object]) -> bool:
    """Tell whether a stored result still rests on what is known of the case.

    `result` is the JSON form of the result, `stated` the facts in force in the same form. Every fact it read must be as
    it was, and nothing it left open may have been stated since.
    """
    read = result.get("inputs", {})
    unchanged = all(stated.get(fact_id) == value for fact_id, value in read.items())
    return unchanged and not any(fact_id in stated and fact_id not in read for fact_id in result.get("open_facts", ()))
