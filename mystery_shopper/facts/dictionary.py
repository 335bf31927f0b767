"""The data dictionary: every fact as a row of plain texts, the same on the page, in CSV, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mystery_shopper.core.csvsafe import csv_text
from mystery_shopper.facts.definitions import FactDefinition, FactRegistry, FactType
from mystery_shopper.facts.languages import LANGUAGES
from mystery_shopper.facts.policy import FactJson, display, to_json

COLUMNS = (
    "id", "title_en", "title_cy", "type", "unit", "minimum", "maximum", "max_length", "options", "question_en",
    "question_cy", "hint_en", "hint_cy", "letter_en", "letter_cy", "letter_no_en", "letter_no_cy", "widget", "asked_of",
    "sensitive", "aliases", "read_by_rules", "asked_for", "read_from_text_by", "chooses_the_law",
)  # fmt: skip
"""Stable: a program that reads the dictionary goes by these names."""
TRANSLATION_WORDS: Mapping[str, str] = {
    "needs-professional-check": "made with the help of a machine, not yet checked by a professional translator",
    "checked": "checked by a professional translator",
}


@dataclass(frozen=True)
class FactUse:
    """What reads a fact: rules, kinds of barrier that ask for it, readings that find it in text, the choice of law."""

    rules: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    chooses_law: bool = False


@dataclass(frozen=True)
class Entry:
    """One fact of the dictionary."""

    definition: FactDefinition
    use: FactUse = field(default_factory=FactUse)

    @property
    def type_in_words(self) -> str:
        """Return the type as people say it, with the currency of money."""
        names = {FactType.BOOLEAN: "Yes or no", FactType.MONEY: f"Money ({self.definition.currency})"}
        return names.get(self.definition.type, self.definition.type.value.replace("-", " ").capitalize())

    def bounds(self) -> tuple[FactJson, FactJson]:
        """Return the inclusive bounds as the facts document writes values; None where there are none."""
        low, high = self.definition.minimum, self.definition.maximum
        if low is None or high is None:
            return None, None
        return to_json(self.definition, low), to_json(self.definition, high)

    def bounds_in_words(self) -> str:
        """Return the bounds as people read them; empty where there are none."""
        low, high = self.definition.minimum, self.definition.maximum
        if low is None or high is None:
            return ""
        return f"{display(self.definition, low)} to {display(self.definition, high)}"

    def has_words(self, words: str) -> bool:
        """Tell whether every word stands in the names or the question of the fact, in either language."""
        definition = self.definition
        texts = (*definition.titles.values(), *definition.question.values(), *definition.aliases)
        found = " ".join((definition.id, *texts)).casefold()
        return all(word in found for word in words.casefold().split())

    def as_json(self) -> dict[str, object]:
        """Return the entry as JSON; texts are objects by language."""
        definition = self.definition
        low, high = self.bounds()
        return {
            "id": definition.id,
            "title": dict(definition.titles),
            "type": definition.type.value,
            "unit": definition.unit,
            "minimum": low,
            "maximum": high,
            "max_length": definition.max_length if definition.type is FactType.TEXT else None,
            "options": [{"id": option.id, "title": dict(option.titles)} for option in definition.options],
            "question": dict(definition.question),
            "hint": dict(definition.hint),
            "letter": dict(definition.letter),
            "letter_no": dict(definition.letter_no),
            "widget": definition.widget.value,
            "asked_of": definition.asked_of.value,
            "sensitive": definition.sensitive,
            "aliases": list(definition.aliases),
            "read_by_rules": list(self.use.rules),
            "asked_for": list(self.use.families),
            "read_from_text_by": list(self.use.readings),
            "chooses_the_law": self.use.chooses_law,
        }

    def cells(self) -> list[str]:
        """Return the entry as the cells of COLUMNS."""
        raw = self.as_json()
        return [_cell(_value_of(raw, column)) for column in COLUMNS]


def entries_of(registry: FactRegistry, uses: Mapping[str, FactUse]) -> list[Entry]:
    """Return the dictionary of a registry, in the order of its file."""
    return [Entry(definition, uses.get(definition.id, FactUse())) for definition in registry.values()]


def dictionary_json(entries: Sequence[Entry], registry: FactRegistry) -> dict[str, object]:
    """Return the dictionary as JSON, with how far each translation is to be trusted."""
    return {"translation": dict(registry.translation), "facts": [entry.as_json() for entry in entries]}


def dictionary_csv(entries: Iterable[Entry]) -> str:
    """Return the dictionary as CSV: lists are separated by spaces, options are written "id: title / Welsh; id: ..."."""
    return csv_text(COLUMNS, (entry.cells() for entry in entries))


def dictionary_markdown(entries: Iterable[Entry], registry: FactRegistry) -> str:
    """Return the dictionary as a Markdown document with one table."""
    head = ("Fact", "Title", "Type", "Bounds or options", "Question", "Cwestiwn", "Read by rules")
    lines = ["# Facts", "", *translation_notes(registry), "", _markdown_row(head), _markdown_row("---" for _ in head)]
    for entry in entries:
        definition = entry.definition
        options = "; ".join(option.title for option in definition.options)
        questions = (definition.question_in(language) for language in LANGUAGES)
        rules = ", ".join(entry.use.rules)
        limits = options or entry.bounds_in_words()
        lines.append(
            _markdown_row((f"`{definition.id}`", definition.title, entry.type_in_words, limits, *questions, rules))
        )
    return "\n".join(lines) + "\n"


def translation_notes(registry: FactRegistry) -> list[str]:
    """Say in a sentence for each language how far its texts are to be trusted."""
    return [f"{LANGUAGES[language]}: {TRANSLATION_WORDS[state]}." for language, state in registry.translation.items()]


def _value_of(raw: Mapping[str, object], column: str) -> object:
    """Return the value of a column; `title_cy` is the Welsh of `title`."""
    if column in raw:
        return raw[column]
    name, _, language = column.rpartition("_")
    words = raw[name]
    return words.get(language, "") if isinstance(words, dict) else ""


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "; ".join(f"{option['id']}: {' / '.join(option['title'].values())}" for option in value)
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    if isinstance(value, dict):
        return str(value["amount"])
    return "" if value is None else str(value)


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
