"""Decisions of re-triage, pure: what differs between two answers of a rule, and facts written small."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from mystery_shopper.facts.definitions import DECIMALS, FactDefinition, FactRegistry, FactType, FactValue
from mystery_shopper.replays.states import Change
from mystery_shopper.rules.results import Outcome

SmallValue = bool | int | str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands on a case: outcome, severity (1 to 5), and for a stored flag whether a person decided it."""

    outcome: Outcome
    severity: int
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes about one rule on one case; `old` or `new` is None where no flag is kept."""

    rule_id: str
    change: Change
    old: Standing | None
    new: Standing | None

    @property
    def is_kept(self) -> bool:
        """Tell whether a person decided the flag, so that it stays and only a mark is put beside it."""
        return self.old is not None and self.old.is_decided


def differences(old: Mapping[str, Standing], new: Mapping[str, Standing]) -> tuple[Difference, ...]:
    """Return what differs between the flags of a case and the answers of changed rules, in order of rule id.

    Severity counts only where both raise a flag.
    """
    found = []
    for rule_id in sorted({*old, *new}):
        before, after = old.get(rule_id), new.get(rule_id)
        change = _change(before, after)
        if change is not None:
            found.append(Difference(rule_id, change, before, after))
    return tuple(found)


def _change(before: Standing | None, after: Standing | None) -> Change | None:
    was, becomes = _raises(before), _raises(after)
    if was and becomes and before and after:
        if before.severity == after.severity:
            return None
        return Change.RISES if after.severity > before.severity else Change.FALLS
    if was != becomes:
        return Change.APPEARS if becomes else Change.VANISHES
    same = (before and before.outcome) == (after and after.outcome)
    return None if same else Change.OTHER


def _raises(standing: Standing | None) -> bool:
    return standing is not None and standing.outcome is Outcome.RAISED


def changed_rules(old: Mapping[str, str], new: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of rules whose version differs between two catalogues, or that only one of them has."""
    return frozenset(rule_id for rule_id in {*old, *new} if old.get(rule_id) != new.get(rule_id))


def write_small(values: Mapping[str, FactValue]) -> dict[str, SmallValue]:
    """Return facts as JSON values, small and quick to read: money in pence, days in ISO form, fractions as text."""
    return {fact_id: _small(value) for fact_id, value in values.items()}


def _small(value: FactValue) -> SmallValue:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def read_small(raw: Mapping[str, SmallValue], wanted: Iterable[str], known: FactRegistry) -> dict[str, FactValue]:
    """Return those of the facts that are wanted, as typed values.

    One that the registry no longer knows or no longer accepts is left out, as if it had not been stated.
    """
    values: dict[str, FactValue] = {}
    for fact_id in wanted:
        value = raw.get(fact_id)
        definition = known.get(fact_id) if value is not None else None
        if definition is not None and value is not None:
            read = _read(definition, value)
            if read is not None and definition.accepts(read):
                values[fact_id] = read
    return values


def _read(definition: FactDefinition, value: SmallValue) -> FactValue | None:
    if isinstance(value, str):
        try:
            if definition.type is FactType.DATE:
                return date.fromisoformat(value)
            return Decimal(value) if definition.type in DECIMALS else value
        except (ValueError, InvalidOperation):
            return None
    return value
