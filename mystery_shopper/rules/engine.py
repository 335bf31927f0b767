"""Facts in, results out. Pure and deterministic: the same facts and the same pack always give the same results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import FactValueError
from mystery_shopper.rules.catalogue import Catalogue, Clearance, Rule, Variant
from mystery_shopper.rules.logic import NO_NAMES, Context, ThresholdTrace, Trace, Truth, Unknown, Value, any_of
from mystery_shopper.rules.regimes import RegimeChoice
from mystery_shopper.rules.results import Evaluation, Outcome, RuleResult

Memo: TypeAlias = dict[str, tuple[Value, Trace, ThresholdTrace]]


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
    for fact_id, value in facts.items():
        definition = catalogue.registry.get(fact_id)
        if definition is None:
            raise FactValueError(f"There is no fact called '{fact_id}'", field=fact_id)
        if not definition.accepts(value):
            raise FactValueError(f"{definition.title} has the wrong type or is out of bounds", field=fact_id)
    choice = catalogue.regimes.choose(facts)
    day = catalogue.regimes.day(facts)
    wanted = None if rule_ids is None else {catalogue.rule(rule_id).id for rule_id in rule_ids}
    memo: Memo = {}
    results = tuple(
        _judge(rule, facts, catalogue, choice, day, memo)
        for rule in catalogue.rules
        if wanted is None or rule.id in wanted
    )
    return Evaluation(
        catalogue_version=catalogue.version,
        regime=choice.regime.id if choice.regime else None,
        missing=choice.missing,
        assumed=choice.assumed,
        notice=catalogue.wording.notice,
        results=results,
    )


def _judge(
    rule: Rule, facts: Mapping[str, FactValue], catalogue: Catalogue, choice: RegimeChoice, day: date | None, memo: Memo
) -> RuleResult:
    """Judge one rule under the regime of the procurement."""
    if day is None:
        return _judge_without_a_day(rule, facts, catalogue)
    if choice.regime is None:
        return _not_applicable(rule, facts, catalogue, None, day, catalogue.wording.no_regime)
    variant = rule.variant(choice.regime.id, day)
    if variant is None:
        words = catalogue.wording.not_applicable.replace("{regime}", choice.regime.title)
        return _not_applicable(rule, facts, catalogue, choice.regime.id, day, words)
    return _Judgement(rule, variant, Context(facts, day, {}, {}, memo), catalogue).result()


def _judge_without_a_day(rule: Rule, facts: Mapping[str, FactValue], catalogue: Catalogue) -> RuleResult:
    """Judge a rule although it is not known when the procurement started.

    If no regime could raise it, it is not raised. Otherwise it is undecided: the day is missing first, then whatever is
    missing under any regime that might turn out to be the one.
    """
    answers = [
        _Judgement(rule, variant, Context(facts, None, {}, {}, {}), catalogue).result()
        for regime in catalogue.regimes.candidates(facts)
        for variant in rule.variants.get(regime.id, ())
    ]
    harmless = {Outcome.CLEARED, Outcome.NOT_APPLICABLE}
    if answers and all(answer.outcome in harmless for answer in answers):
        return next((answer for answer in answers if answer.outcome is Outcome.CLEARED), answers[0])
    dated_by = catalogue.regimes.dated_by
    inputs: dict[str, FactValue] = {}
    missing = {dated_by}
    for answer in answers:
        inputs.update(answer.inputs)
        missing.update(answer.missing)
    ordered = (dated_by, *catalogue.registry.sorted_ids(missing - {dated_by}))
    return RuleResult(
        rule_id=rule.id,
        rule_version=rule.version,
        title=rule.title,
        regime=None,
        outcome=Outcome.UNDECIDED,
        kind=rule.kind,
        severity=rule.severity,
        strength=catalogue.wording.kinds[rule.kind].strength,
        explanation=_undecided_words(catalogue, ordered, ()),
        triggered=_triggered(rule, facts),
        inputs=inputs,
        missing=ordered,
        sources=rule.sources,
    )


def _not_applicable(
    rule: Rule,
    facts: Mapping[str, FactValue],
    catalogue: Catalogue,
    regime: str | None,
    day: date,
    words: str,
) -> RuleResult:
    dated_by = catalogue.regimes.dated_by
    return RuleResult(
        rule_id=rule.id,
        rule_version=rule.version,
        title=rule.title,
        regime=regime,
        outcome=Outcome.NOT_APPLICABLE,
        kind=rule.kind,
        severity=rule.severity,
        strength=catalogue.wording.kinds[rule.kind].strength,
        explanation=words,
        triggered=_triggered(rule, facts),
        inputs={dated_by: day},
    )


def _triggered(rule: Rule, facts: Mapping[str, FactValue]) -> bool:
    """Tell whether anything the rule is about was stated."""
    return any(trigger.stated(facts) for trigger in (*rule.triggers, *rule.complaints))


def _undecided_words(catalogue: Catalogue, missing: Iterable[str], figures: Iterable[str]) -> str:
    words = catalogue.wording
    parts: list[str] = []
    titles = [catalogue.registry[fact_id].title for fact_id in missing]
    if titles:
        parts.append(words.undecided.replace("{missing}", words.listed(titles)))
    names = [catalogue.parameters[name].title for name in figures]
    if names:
        parts.append(words.figure_missing.replace("{figures}", words.listed(names)))
    return " ".join(parts)


class _Judgement:
    """One rule under one regime on one set of facts."""

    def __init__(self, rule: Rule, variant: Variant, context: Context, catalogue: Catalogue) -> None:
        self.rule = rule
        self.variant = variant
        self.catalogue = catalogue
        self.context = context
        if context.on is not None:
            context.used[catalogue.regimes.dated_by] = context.on

    def result(self) -> RuleResult:
        """Judge: does the rule apply, does an exception hold, which is the gravest test that is true."""
        context, variant = self.context, self.variant
        applies: Truth = variant.applies.when.run(context) if variant.applies else True
        if applies is False and variant.applies:
            return self._answer(Outcome.NOT_APPLICABLE, variant.applies.otherwise)
        truths = [finding.when.run(context) for finding in variant.findings]
        verdict = any_of(truths)
        if verdict is False:
            return self._answer(Outcome.CLEARED, variant.cleared)
        exceptions = [(clearance, clearance.when.run(context)) for clearance in variant.clearances]
        for clearance, truth in exceptions:
            if truth is True:
                return self._answer(clearance.outcome, clearance.text)
        waiting = [t for c, t in exceptions if isinstance(t, Unknown) and c.asks]
        unknown = [truth for truth in (applies, verdict, *waiting) if isinstance(truth, Unknown)]
        if unknown:
            return self._undecided(unknown)
        return self._raised(truths, exceptions)

    def _raised(self, truths: list[Truth], exceptions: list[tuple[Clearance, Truth]]) -> RuleResult:
        first = truths.index(True)
        finding = self.variant.findings[first]
        written = [text for part in finding.explanation if (text := part.render(self.context)) is not None]
        margin = finding.margin.render(self.context) if finding.margin else None
        graver = [truth for truth in truths[:first] if isinstance(truth, Unknown)]
        open_truths = [*graver, *(truth for _, truth in exceptions if isinstance(truth, Unknown))]
        return RuleResult(
            rule_id=self.rule.id,
            rule_version=self.rule.version,
            title=self.rule.title,
            regime=self.variant.regime,
            outcome=Outcome.RAISED,
            kind=finding.kind,
            severity=finding.severity,
            strength=self.catalogue.wording.kinds[finding.kind].strength,
            explanation=" ".join(written) or self.rule.summary,
            triggered=True,
            margin=margin or "",
            test=finding.id,
            inputs=self.context.used,
            thresholds=tuple(self.context.thresholds.values()),
            open_facts=self._ordered(open_truths),
            sources=self.rule.sources_for(self.variant.regime, self.context.on),
        )

    def _undecided(self, unknown: list[Unknown]) -> RuleResult:
        missing = self._ordered(unknown)
        figures = tuple(sorted(NO_NAMES.union(*(truth.figures for truth in unknown))))
        words = _undecided_words(self.catalogue, missing, figures)
        return self._answer(Outcome.UNDECIDED, words, missing, figures)

    def _answer(
        self, outcome: Outcome, words: str, missing: tuple[str, ...] = (), figures: tuple[str, ...] = ()
    ) -> RuleResult:
        """Build any result but a raised one."""
        gravest = self.variant.findings[0]
        return RuleResult(
            rule_id=self.rule.id,
            rule_version=self.rule.version,
            title=self.rule.title,
            regime=self.variant.regime,
            outcome=outcome,
            kind=gravest.kind,
            severity=gravest.severity,
            strength=self.catalogue.wording.kinds[gravest.kind].strength,
            explanation=words,
            triggered=_triggered(self.rule, self.context.facts),
            inputs=self.context.used,
            thresholds=tuple(self.context.thresholds.values()),
            missing=missing,
            figures_missing=figures,
            sources=self.rule.sources_for(self.variant.regime, self.context.on),
        )

    def _ordered(self, unknown: list[Unknown]) -> tuple[str, ...]:
        names = NO_NAMES.union(*(truth.facts for truth in unknown))
        return self.catalogue.registry.sorted_ids(names) if names else ()
