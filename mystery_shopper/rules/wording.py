"""The words of results: sentences with placeholders, checked when loaded, at the strength the kind of rule allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from string import Formatter

from mystery_shopper.core.languages import ENGLISH
from mystery_shopper.facts.definitions import FactDefinition, FactType
from mystery_shopper.facts.policy import display, display_typed
from mystery_shopper.rules.expressions import Expression
from mystery_shopper.rules.logic import Context, Unknown
from mystery_shopper.rules.results import Kind

Render = Callable[[Context, str], str | None]
"""Writes a value in a language, or nothing when it is not known."""


@dataclass(frozen=True)
class KindWords:
    """How strongly a kind of rule may speak: the strength in words, words to use one of, words to avoid."""

    strength: str
    required: tuple[str, ...]
    forbidden: tuple[str, ...]

    def fault(self, sentences: list[str]) -> str | None:
        """Say what is wrong with the sentences of a finding, or None.

        A word it must use has to stand in a sentence without placeholders, because the others can be left out.
        """
        lowered = " ".join(sentences).lower()
        sure = " ".join(text for text in sentences if "{" not in text).lower()
        for word in self.forbidden:
            if re.search(rf"\b{re.escape(word)}", lowered):
                return f"must not say '{word}'"
        if self.required and not any(word in sure for word in self.required):
            return f"must say, in a sentence without placeholders, one of: {', '.join(self.required)}"
        return None


@dataclass(frozen=True)
class Wording:
    """The fixed words of a pack. Placeholders: `{missing}`, `{figures}` and `{regime}` where they make sense."""

    notice: str
    undecided: str
    figure_missing: str
    not_applicable: str
    no_regime: str
    cleared: str
    joiner: str
    kinds: Mapping[Kind, KindWords]

    def listed(self, names: Iterable[str]) -> str:
        """Write names as a list in a sentence."""
        items = list(names)
        return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {self.joiner} {items[-1]}" if items else ""


@dataclass(frozen=True)
class Sentence:
    """One sentence; it is left out where a value it speaks of is not known. `values` are those its text names."""

    parts: tuple[str | Render, ...]
    text: str
    values: Mapping[str, Render] = field(repr=False, compare=False)
    language: str = ENGLISH

    def render(self, context: Context) -> str | None:
        """Write the sentence in a context, or None when a value is not known."""
        written: list[str] = []
        for part in self.parts:
            text = part if isinstance(part, str) else part(context, self.language)
            if text is None:
                return None
            written.append(text)
        return "".join(written)

    def in_words(self, text: str, language: str) -> Sentence:
        """Return the sentence in another language.

        Raises:
            ValueError: the text speaks of a value that this sentence does not.
        """
        return replace(sentence(text, self.values), language=language)


def sentence(text: str, values: Mapping[str, Render]) -> Sentence:
    """Read a sentence with `{name}` placeholders.

    Raises:
        ValueError: a placeholder that is not in `values`, or one with a format or conversion.
    """
    parts: list[str | Render] = []
    used: dict[str, Render] = {}
    for literal, name, spec, conversion in Formatter().parse(text):
        if literal:
            parts.append(literal)
        if name is None:
            continue
        if spec or conversion or name not in values:
            raise ValueError(f"'{{{name}}}' is neither a fact nor a figure of this rule")
        parts.append(values[name])
        used[name] = values[name]
    return Sentence(tuple(parts), text, used)


def fact_words(definition: FactDefinition) -> Render:
    """Write a fact for people."""

    def render(context: Context, language: str) -> str | None:
        value = context.facts.get(definition.id)
        return None if value is None else display(definition, value, language)

    return render


def figure_words(expression: Expression) -> Render:
    """Write a computed value for people (money to the penny, other numbers to two places)."""
    fact_type, currency, run = expression.type, expression.currency, expression.run

    def render(context: Context, language: str) -> str | None:
        value = run(context)
        if isinstance(value, Unknown):
            return None
        if fact_type is FactType.MONEY and isinstance(value, Decimal):
            value = int(value.quantize(Decimal(1), ROUND_HALF_UP))
        return display_typed(fact_type, value, currency, language)

    return render
