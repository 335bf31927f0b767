"""The decision on one rule: which test is true, does an exception hold. Words and trace are added by `explaining`."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.catalogue import Catalogue, Rule, Variant
from mystery_shopper.rules.logic import Context
from mystery_shopper.rules.regimes import Regime
from mystery_shopper.rules.results import Decision, Outcome

_HARMLESS = frozenset({Outcome.CLEARED, Outcome.NOT_APPLICABLE})


def decide(variant: Variant, context: Context) -> Decision:
    """Decide one rule under one regime.

    An exception that is not known is taken as absent, because it is for the buyer to show, unless the rule waits for
    it. What is not raised has kind and severity of the gravest test.
    """
    applies = variant.applies is None or variant.applies.when.run(context)
    if applies is False:
        return variant.plain[Outcome.NOT_APPLICABLE]
    raised, is_open = None, False
    for is_true, decision in variant.raising:
        truth = is_true(context)
        if truth is True:
            raised = decision
            break
        is_open = is_open or truth is not False
    if raised is None and not is_open:
        return variant.plain[Outcome.CLEARED]
    waits = applies is not True
    for is_true, decision, asks in variant.clearing:
        truth = is_true(context)
        if truth is True:
            return decision
        waits = waits or (asks and truth is not False)
    return variant.plain[Outcome.UNDECIDED] if raised is None or waits else raised


def decide_undated(rule: Rule, facts: Mapping[str, FactValue], catalogue: Catalogue) -> list[tuple[Variant, Decision]]:
    """Decide one rule under every regime that might be the one, where it is not known when the procurement started."""
    return [
        (variant, decide(variant, Context(facts, None, {}, {}, {}, traces=False)))
        for regime in catalogue.regimes.candidates(facts)
        for variant in rule.variants.get(regime.id, ())
    ]


def harmless(decisions: Sequence[Decision]) -> int | None:
    """Return the place of the decision that stands for all of them, if no regime could raise the rule."""
    outcomes = [decision.outcome for decision in decisions]
    if not outcomes or not _HARMLESS.issuperset(outcomes):
        return None
    return outcomes.index(Outcome.CLEARED) if Outcome.CLEARED in outcomes else 0


def settle_undated(rule: Rule, facts: Mapping[str, FactValue], catalogue: Catalogue) -> tuple[str | None, Decision]:
    """Return regime and decision: undecided and no regime, unless no regime could raise the rule."""
    answers = decide_undated(rule, facts, catalogue)
    settled = harmless([decision for _, decision in answers])
    if settled is not None:
        return answers[settled][0].regime, answers[settled][1]
    return None, Decision(Outcome.UNDECIDED, rule.kind, rule.severity)


def decisions(
    facts: Mapping[str, FactValue],
    catalogue: Catalogue,
    regime: Regime | None,
    day: date | None,
    *,
    only: Container[str] | None = None,
) -> Iterator[tuple[Rule, str | None, Decision]]:
    """Decide every rule of a pack, in order of rule id; rules share the terms that are worked out.

    `regime` and `day` are those of the procurement, None where they are not known. The regime that comes with a
    decision is the one it was decided under.
    """
    if day is None:
        for rule in catalogue.rules:
            if only is None or rule.id in only:
                yield rule, *settle_undated(rule, facts, catalogue)
        return
    context = Context(facts, day, {}, {}, {}, traces=False)
    name = regime.id if regime is not None else None
    for rule, variant in catalogue.in_force(regime, day):
        if only is None or rule.id in only:
            yield rule, name, decide(variant, context) if variant is not None else rule.not_applicable
