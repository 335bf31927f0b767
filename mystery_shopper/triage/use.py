"""Reads of how a rule is used: by version, on which cases, and why people overruled it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Flag, FlagDecision
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.csvsafe import csv_text
from mystery_shopper.core.db import db
from mystery_shopper.core.pagination import Cursor, Page, make_page, whole_number
from mystery_shopper.facts.policy import display_typed
from mystery_shopper.rules.catalogue import Catalogue, Rule
from mystery_shopper.rules.parameters import Parameter, ParameterRow
from mystery_shopper.rules.results import Outcome
from mystery_shopper.triage.precision import Precision
from mystery_shopper.triage.queries import RuleCounts

PAGE_SIZE = 20
CSV_COLUMNS = (
    "Rule", "Title", "Version in force", "Raised now", "Confirmed", "Overruled", "Undecided",
    "Precision", "Precision, 95% from", "Precision, 95% to",
)  # fmt: skip


@dataclass(frozen=True)
class VersionUse:
    """One version of a rule: cases it was raised on, now or before, and what people made of it."""

    version: str
    raised: int
    precision: Precision


def versions_of(rule_id: str) -> list[VersionUse]:
    """Return the versions of a rule that were ever raised, the one used last first. A case counts once in each."""
    rows = db.session.execute(
        select(Flag.rule_version, Flag.decision, func.count(distinct(Flag.case_id)), func.max(Flag.evaluated_at))
        .where(Flag.rule_id == rule_id, Flag.outcome == Outcome.RAISED.value)
        .group_by(Flag.rule_version, Flag.decision)
    ).all()
    last: dict[str, datetime] = {}
    tallies: dict[str, dict[FlagDecision, int]] = {}
    for version, decision, cases, at in rows:
        tallies.setdefault(version, {})[decision] = cases
        last[version] = max(at, last.get(version, at))
    newest_first = sorted(tallies, key=lambda version: last[version], reverse=True)
    return [_version_use(version, tallies[version]) for version in newest_first]


def _version_use(version: str, tally: dict[FlagDecision, int]) -> VersionUse:
    precision = Precision(tally.get(FlagDecision.CONFIRMED, 0), tally.get(FlagDecision.OVERRULED, 0))
    return VersionUse(version, sum(tally.values()), precision)


@dataclass(frozen=True)
class RuleCase:
    """A flag of a rule on a case this person may see; `reason` is why it was decided as it was."""

    case: Case
    flag: Flag
    reason: str


def cases_of(
    rule_id: str, user: StaffMember, *, decision: FlagDecision | None, cursor: Cursor | None
) -> Page[RuleCase]:
    """Return the cases on which a rule is raised now, the newest first, of those this person may see.

    Raises:
        NotFoundError: the cursor is not one of this list.
    """
    query = (
        select(Case, Flag)
        .join(Flag, Flag.case_id == Case.id)
        .where(Flag.rule_id == rule_id, Flag.is_current, Flag.outcome == Outcome.RAISED.value, visible_to(user))
        .limit(PAGE_SIZE + 1)
    )
    if decision is not None:
        query = query.where(Flag.decision == decision)
    if cursor is not None:
        serial = whole_number(cursor.key[0])
        query = query.where(Case.serial > serial if cursor.is_backward else Case.serial < serial)
    backward = cursor is not None and cursor.is_backward
    rows = db.session.execute(query.order_by(Case.serial.asc() if backward else Case.serial.desc())).all()
    shown = [RuleCase(case, flag, flag.reason(case.data_key)) for case, flag in rows]
    return make_page(shown, size=PAGE_SIZE, cursor=cursor, key=lambda one: (str(one.case.serial),))


def figures_of(rule: Rule, pack: Catalogue) -> tuple[Parameter, ...]:
    """Return the dated figures the tests of a rule read, in the order of their ids."""
    read: set[str] = set()
    for variants in rule.variants.values():
        for variant in variants:
            read.update(*(finding.when.parameters for finding in variant.findings))
            read.update(*(clearance.when.parameters for clearance in variant.clearances))
    return tuple(pack.parameters[name] for name in sorted(read) if name in pack.parameters)


def values_of(row: ParameterRow, parameter: Parameter) -> str:
    """Write the values of a dated row in words: `10%`, or `central £139,688; sub-central £214,904` for a table."""
    written = {key: display_typed(parameter.type, value, parameter.currency) for key, value in row.values.items()}
    return "; ".join(f"{' '.join(key).replace('-', ' ')} {words}".strip() for key, words in written.items())


def precision_csv(pack: Catalogue, counts: Mapping[str, RuleCounts]) -> str:
    """Return the use and the precision of every rule as CSV."""
    return csv_text(CSV_COLUMNS, (_cells(rule, counts.get(rule.id, RuleCounts())) for rule in pack.rules))


def _cells(rule: Rule, count: RuleCounts) -> list[str]:
    precision = count.precision
    low, high = precision.interval
    share = "" if precision.share is None else f"{precision.share:.3f}"
    numbers = (count.raised, count.confirmed, count.overruled, count.undecided)
    return [rule.id, rule.title, rule.version, *map(str, numbers), share, f"{low:.3f}", f"{high:.3f}"]
