"""Facts in, results out. Pure and deterministic: the same facts and the same pack always give the same results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import FactValueError
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.deciding import decisions
from mystery_shopper.rules.explaining import Explainer
from mystery_shopper.rules.results import Evaluation, RuleResult


def evaluate(
    facts: Mapping[str, FactValue], *, catalogue: Catalogue, rule_ids: Iterable[str] | None = None
) -> Evaluation:
    """Judge a set of facts by the rules of a pack.

    A fact that is absent is not known. An exception that is not known is taken as absent (the buyer must show it), and
    named in `open_facts`. Figures in `facts` are in the units of their definitions (money in pence).

    Raises:
        FactValueError: a fact the pack does not know, or a value of the wrong type or out of bounds.
        KeyError: an id in `rule_ids` that is no rule.
    """
    checks = catalogue.registry.checks
    for fact_id, value in facts.items():
        if fact_id not in checks or not checks[fact_id](value):
            raise _refusal(fact_id, catalogue)
    choice = catalogue.regimes.choose(facts)
    day = catalogue.regimes.day(facts)
    wanted = None if rule_ids is None else {catalogue.rule(rule_id).id for rule_id in rule_ids}
    kept = dict(facts)
    explainer = Explainer(kept, catalogue, day, choice.regime)
    results = tuple(
        RuleResult(rule, decision, kept, regime, explainer)
        for rule, regime, decision in decisions(kept, catalogue, choice.regime, day, only=wanted)
    )
    return Evaluation(
        catalogue_version=catalogue.version,
        regime=choice.regime.id if choice.regime else None,
        missing=choice.missing,
        assumed=choice.assumed,
        notice=catalogue.wording.notice,
        results=results,
    )


def _refusal(fact_id: str, catalogue: Catalogue) -> FactValueError:
    definition = catalogue.registry.get(fact_id)
    if definition is None:
        return FactValueError(f"There is no fact called '{fact_id}'", field=fact_id)
    return FactValueError(f"{definition.title} has the wrong type or is out of bounds", field=fact_id)
