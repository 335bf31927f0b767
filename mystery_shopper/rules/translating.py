"""A rule pack in Welsh: the same rules, versions and decisions, with other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mystery_shopper.core.languages import ENGLISH, WELSH
from mystery_shopper.rules.catalogue import Catalogue, Clearance, Finding, Rule, Variant
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.phrases import Phrasebook, phrasebook
from mystery_shopper.rules.wording import Sentence, Wording

_MOST_KEPT = 4
_kept: dict[str, Catalogue] = {}
"""Packs in Welsh by their version, which names all their content."""


def catalogue_in(language: str) -> Catalogue:
    """Return the pack in force in the words of a language.

    A pack with a text that has no Welsh is returned in English whole: `language` of what is returned says which it is.
    """
    pack = catalogue()
    if language == ENGLISH:
        return pack
    found = _kept.get(pack.version)
    if found is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[pack.version] = translated_whole(pack, phrasebook())
    return found


def translated_whole(pack: Catalogue, book: Phrasebook) -> Catalogue:
    """Return a pack in Welsh, or the pack itself when one of its texts has no Welsh."""
    try:
        return translated(pack, book)
    except KeyError:
        return pack


def translated(pack: Catalogue, book: Phrasebook) -> Catalogue:
    """Return a pack in Welsh.

    Raises:
        KeyError: a text that has no Welsh.
        DocumentError: Welsh of a finding that is too strong or too weak for the kind of its rule, with file and line.
    """
    words = _Translator(book)
    regimes = tuple(replace(regime, title=book.welsh[regime.title]) for regime in pack.regimes.items)
    return replace(
        pack,
        language=WELSH,
        regimes=replace(pack.regimes, items=regimes),
        parameters={name: replace(one, title=book.welsh[one.title]) for name, one in pack.parameters.items()},
        rules=tuple(words.rule(rule) for rule in pack.rules),
        families=tuple(
            replace(one, title=book.welsh[one.title], hint=book.welsh[one.hint] if one.hint else "")
            for one in pack.families
        ),
        wording=words.wording(pack.wording),
    )


@dataclass(frozen=True)
class _Translator:
    """Puts the parts of a pack into Welsh."""

    book: Phrasebook

    def wording(self, wording: Wording) -> Wording:
        welsh = self.book.welsh
        return Wording(
            notice=welsh[wording.notice],
            undecided=welsh[wording.undecided],
            figure_missing=welsh[wording.figure_missing],
            not_applicable=welsh[wording.not_applicable],
            no_regime=welsh[wording.no_regime],
            cleared=welsh[wording.cleared],
            joiner=welsh[wording.joiner],
            kinds={
                kind: replace(self.book.strength[kind], strength=welsh[words.strength])
                for kind, words in wording.kinds.items()
            },
        )

    def rule(self, rule: Rule) -> Rule:
        return replace(
            rule,
            title=self.book.welsh[rule.title],
            summary=self.book.welsh[rule.summary],
            variants={
                regime: tuple(self._variant(one) for one in variants) for regime, variants in rule.variants.items()
            },
        )

    def _variant(self, variant: Variant) -> Variant:
        welsh, applies = self.book.welsh, variant.applies
        return replace(
            variant,
            applies=replace(applies, otherwise=welsh[applies.otherwise]) if applies else None,
            findings=tuple(self._finding(one) for one in variant.findings),
            clearances=tuple(self._clearance(one) for one in variant.clearances),
            cleared=welsh[variant.cleared],
        )

    def _finding(self, finding: Finding) -> Finding:
        explanation = tuple(self._sentence(one) for one in finding.explanation)
        self._check_strength(finding, explanation)
        margin = self._sentence(finding.margin) if finding.margin else None
        return replace(finding, explanation=explanation, margin=margin)

    def _check_strength(self, finding: Finding, explanation: Sequence[Sentence]) -> None:
        fault = self.book.strength[finding.kind].fault([one.text for one in explanation])
        if fault:
            raise self.book.error(finding.explanation[0].text, f"the Welsh of a {finding.kind} finding {fault}")

    def _clearance(self, clearance: Clearance) -> Clearance:
        return replace(clearance, text=self.book.welsh[clearance.text])

    def _sentence(self, sentence: Sentence) -> Sentence:
        return sentence.in_words(self.book.welsh[sentence.text], WELSH)
