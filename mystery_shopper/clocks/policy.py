"""When an overdue case is put before a senior, pure: the rules of data/escalation.csv."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.policy import DueKind
from mystery_shopper.core.calendar import count_working_days
from mystery_shopper.core.tables import keyed_rows, read_table

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
    return keyed_rows(read_table(ESCALATION_FILE), ESCALATION_FILE, _rule)


def _rule(row: Mapping[str, str]) -> tuple[DueKind, EscalationRule]:
    kind = DueKind(row["due_kind"])
    return kind, EscalationRule(
        due_kind=kind,
        working_days_after=int(row["working_days_after"]),
        to=Role(row["to"]),
        basis=row["basis"],
        source=row["source"],
    )
