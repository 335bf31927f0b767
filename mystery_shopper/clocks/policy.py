"""When an overdue case is put before a senior, pure: the rules of data/escalation.csv."""

import csv
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.policy import DueKind
from mystery_shopper.core.calendar import count_working_days
from mystery_shopper.core.errors import ConfigurationError

ESCALATION_FILE = "clocks/data/escalation.csv"


@dataclass(frozen=True, kw_only=True)
class EscalationRule:
    """How many working days after a date has passed a case is put before somebody, and before whom."""

    due_kind: DueKind
    working_days_after: int
    to: Role
    basis: str
    source: str

    def has_come(self, due_on: date, today: date, holidays: AbstractSet[date]) -> bool:
        """Tell whether the day has come to put the case before somebody."""
        return count_working_days(due_on, today, holidays) >= self.working_days_after and today > due_on


@cache
def escalation_rules() -> Mapping[DueKind, EscalationRule]:
    """Return the rules by the clock they are for; a clock without one is never escalated.

    Raises:
        ConfigurationError: a line of the file cannot be read; the line is named.
    """
    return read_rules((files("mystery_shopper") / ESCALATION_FILE).read_text(encoding="utf-8"))


def read_rules(text: str) -> Mapping[DueKind, EscalationRule]:
    """Return the rules a file describes.

    Raises:
        ConfigurationError: as `escalation_rules`.
    """
    found: dict[DueKind, EscalationRule] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            kind = DueKind(row["due_kind"])
            if kind in found:
                raise ValueError(f"{kind} has a rule already")
            found[kind] = EscalationRule(
                due_kind=kind,
                working_days_after=int(row["working_days_after"]),
                to=Role(row["to"]),
                basis=row["basis"],
                source=row["source"],
            )
        except (KeyError, ValueError) as error:
            raise ConfigurationError(f"{ESCALATION_FILE} line {number}: {error}") from error
    return found
