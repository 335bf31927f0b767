"""Which question to ask next: the facts that would decide most, first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction

from mystery_shopper.facts.definitions import AskedOf
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.loading import catalogue as running_catalogue
from mystery_shopper.rules.results import Evaluation, Outcome

_SOFTENING = Fraction(1, 10)


def questions_for(
    evaluation: Evaluation, *, catalogue: Catalogue | None = None, about: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return the ids of the facts worth asking the reporter for, most valuable first.

    Each undecided rule that something was stated about shares its severity among its missing facts; each raised one
    gives a tenth of that to the facts that could still clear or worsen it. The fact that chooses the regime always
    comes first. Equal facts keep registry order. Facts the service itself supplies are not asked.
    `about` names the only rules to ask for; None asks for all.
    """
    pack = catalogue or running_catalogue()
    worth: defaultdict[str, Fraction] = defaultdict(Fraction)
    for result in evaluation.results:
        if about is not None and result.rule_id not in about:
            continue
        if result.outcome is Outcome.UNDECIDED and result.triggered:
            for fact_id in result.missing:
                worth[fact_id] += Fraction(result.severity, len(result.missing))
        elif result.outcome is Outcome.RAISED:
            for fact_id in result.open_facts:
                worth[fact_id] += _SOFTENING * Fraction(result.severity, len(result.open_facts))
    first = set(evaluation.missing)
    asked = [fact_id for fact_id in worth if pack.registry[fact_id].asked_of is AskedOf.REPORTER]
    return tuple(
        sorted(asked, key=lambda fact_id: (fact_id not in first, -worth[fact_id], pack.registry[fact_id].order))
    )
