"""Why a rule answers as it does: what it read, what is missing, the words. The tests are run again, with a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.catalogue import Catalogue, Clearance, Finding, Rule, Variant
from mystery_shopper.rules.deciding import decide_undated, harmless
from mystery_shopper.rules.logic import NO_NAMES, Context, Memo, Truth, Unknown, any_of
from mystery_shopper.rules.regimes import Regime
from mystery_shopper.rules.results import Decision, Grounds, Kind, RuleResult, Source


class Explainer:
    """Explains the results of one evaluation; rules share the terms worked out. `day` is None where it is not known."""

    def __init__(
        self, facts: Mapping[str, FactValue], catalogue: Catalogue, day: date | None, regime: Regime | None
    ) -> None:
        self._facts = facts
        self._catalogue = catalogue
        self._day = day
        self._regime = regime
        self._memo: Memo = {}

    def explain(self, result: RuleResult) -> Grounds:
        """Return what a result rests on."""
        if self._day is None:
            return self._without_a_day(result.rule)
        words, regime = self._catalogue.wording, self._regime
        variant = result.rule.variant(regime.id, self._day) if regime else None
        if variant is None:
            text = words.not_applicable.replace("{regime}", regime.title) if regime else words.no_regime
            return Grounds(text, {self._catalogue.regimes.dated_by: self._day})
        context = Context(self._facts, self._day, {}, {}, self._memo)
        return _Account(result.rule, variant, context, self._catalogue).of(result.decision)

    def strength(self, kind: Kind) -> str:
        """Say how firmly a kind of rule speaks."""
        return self._catalogue.wording.kinds[kind].strength

    def _without_a_day(self, rule: Rule) -> Grounds:
        """Name the day first, then whatever is missing under any regime that might turn out to be the one."""
        answers = [
            (decision, _Account(rule, variant, Context(self._facts, None, {}, {}, {}), self._catalogue).of(decision))
            for variant, decision in decide_undated(rule, self._facts, self._catalogue)
        ]
        settled = harmless([decision for decision, _ in answers])
        if settled is not None:
            return answers[settled][1]
        dated_by = self._catalogue.regimes.dated_by
        inputs: dict[str, FactValue] = {}
        missing: set[str] = set()
        for _, grounds in answers:
            inputs.update(grounds.inputs)
            missing.update(grounds.missing)
        ordered = (dated_by, *self._catalogue.registry.sorted_ids(missing - {dated_by}))
        words = _undecided_words(self._catalogue, ordered, ())
        return Grounds(words, inputs, missing=ordered, sources=rule.sources)


class _Account:
    """Runs the tests of one rule under one regime once more and writes down what they read."""

    def __init__(self, rule: Rule, variant: Variant, context: Context, catalogue: Catalogue) -> None:
        self._rule = rule
        self._variant = variant
        self._catalogue = catalogue
        self._context = context
        if context.on is not None:
            context.used[catalogue.regimes.dated_by] = context.on

    def of(self, decision: Decision) -> Grounds:
        """Return the grounds of a decision on these facts."""
        context, variant, ground = self._context, self._variant, decision.ground
        applies: Truth = variant.applies.when.run(context) if variant.applies else True
        if applies is False and variant.applies:
            return self._plain(variant.applies.otherwise)
        truths = [finding.when.run(context) for finding in variant.findings]
        verdict = any_of(truths)
        if verdict is False:
            return self._plain(variant.cleared)
        exceptions = [clearance.when.run(context) for clearance in variant.clearances]
        if isinstance(ground, Clearance):
            return self._plain(ground.text)
        if isinstance(ground, Finding):
            return self._raised(ground, truths, exceptions)
        waiting = [truth for clearance, truth in zip(variant.clearances, exceptions, strict=True) if clearance.asks]
        return self._undecided([truth for truth in (applies, verdict, *waiting) if isinstance(truth, Unknown)])

    def _raised(self, finding: Finding, truths: list[Truth], exceptions: list[Truth]) -> Grounds:
        context = self._context
        written = [text for part in finding.explanation if (text := part.render(context)) is not None]
        margin = finding.margin.render(context) if finding.margin else None
        graver = truths[: self._variant.findings.index(finding)]
        return Grounds(
            explanation=" ".join(written) or self._rule.summary,
            inputs=context.used,
            margin=margin or "",
            thresholds=tuple(context.thresholds.values()),
            open_facts=self._ordered([truth for truth in (*graver, *exceptions) if isinstance(truth, Unknown)]),
            sources=self._sources,
        )

    def _undecided(self, unknown: list[Unknown]) -> Grounds:
        missing = self._ordered(unknown)
        figures = tuple(sorted(NO_NAMES.union(*(truth.figures for truth in unknown))))
        return self._plain(_undecided_words(self._catalogue, missing, figures), missing, figures)

    def _plain(self, words: str, missing: tuple[str, ...] = (), figures: tuple[str, ...] = ()) -> Grounds:
        return Grounds(
            explanation=words,
            inputs=self._context.used,
            thresholds=tuple(self._context.thresholds.values()),
            missing=missing,
            figures_missing=figures,
            sources=self._sources,
        )

    @property
    def _sources(self) -> tuple[Source, ...]:
        return self._rule.sources_for(self._variant.regime, self._context.on)

    def _ordered(self, unknown: list[Unknown]) -> tuple[str, ...]:
        return self._catalogue.registry.sorted_ids(NO_NAMES.union(*(truth.facts for truth in unknown)))


def _undecided_words(catalogue: Catalogue, missing: Iterable[str], figures: Iterable[str]) -> str:
    words = catalogue.wording
    parts: list[str] = []
    titles = [catalogue.registry[fact_id].title_in(catalogue.language) for fact_id in missing]
    if titles:
        parts.append(words.undecided.replace("{missing}", words.listed(titles)))
    names = [catalogue.parameters[name].title for name in figures]
    if names:
        parts.append(words.figure_missing.replace("{figures}", words.listed(names)))
    return " ".join(parts)
