"""Which body of law a procurement falls under: chosen by the day it started, and for some by what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mystery_shopper.facts.definitions import FactValue


@dataclass(frozen=True)
class Regime:
    """One body of law, for procurements that started from `starts_on` to `ends_on` (inclusive, None = still open).

    `when` is a yes-or-no fact that must be known to be true; such a regime goes before those without one.
    """

    id: str
    title: str
    starts_on: date
    ends_on: date | None = None
    when: str | None = None

    def covers(self, day: date) -> bool:
        """Tell whether a procurement that started on `day` falls within the dates."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class RegimeChoice:
    """The regime, or None with the missing facts that would tell; `assumed` facts were taken as false."""

    regime: Regime | None
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Regimes:
    """All regimes of a pack; `dated_by` is the id of the date fact that chooses."""

    dated_by: str
    items: tuple[Regime, ...]

    def day(self, facts: Mapping[str, FactValue]) -> date | None:
        """Return the day that chooses regime and dated values, if it is known."""
        day = facts.get(self.dated_by)
        return day if isinstance(day, date) else None

    def candidates(self, facts: Mapping[str, FactValue]) -> tuple[Regime, ...]:
        """Return the regimes that some day could choose; a conditional one only if its fact is known to be true."""
        return tuple(regime for regime in self.items if regime.when is None or facts.get(regime.when) is True)

    def choose(self, facts: Mapping[str, FactValue]) -> RegimeChoice:
        """Choose the regime of a procurement."""
        day = self.day(facts)
        if day is None:
            return RegimeChoice(None, missing=(self.dated_by,))
        assumed: list[str] = []
        plain: Regime | None = None
        for regime in self.items:
            if not regime.covers(day):
                continue
            if regime.when is None:
                plain = plain or regime
            elif facts.get(regime.when) is True:
                return RegimeChoice(regime)
            elif regime.when not in facts:
                assumed.append(regime.when)
        return RegimeChoice(plain, assumed=tuple(assumed))

    def in_force(self, facts: Mapping[str, FactValue], day: date) -> Regime | None:
        """Return the regime of a procurement that started on `day`, as `choose` does, without what was assumed."""
        plain: Regime | None = None
        for regime in self.items:
            if regime.when is None:
                if plain is None and regime.covers(day):
                    plain = regime
            elif facts.get(regime.when) is True and regime.covers(day):
                return regime
        return plain
