"""The words of a rule pack in Welsh: pairs of English and Welsh in data files, found by the English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter

from marshmallow import Schema, fields, validate

from mystery_shopper.facts.documents import Document, DocumentError, Trail, read_document
from mystery_shopper.rules.results import Kind
from mystery_shopper.rules.wording import KindWords

WORDINGS = Path(__file__).parent / "wordings"
WELSH = WORDINGS / "cy"
STRENGTH = WORDINGS / "strength-cy.yaml"
TRANSLATION_KEY = "translation"
_TEXT = validate.Length(min=1)


class PhraseSchema(Schema):
    """One text of the pack, and its Welsh."""

    en = fields.String(required=True, validate=_TEXT)
    cy = fields.String(required=True, validate=_TEXT)


class StrengthSchema(Schema):
    """How strongly one kind of rule may speak in Welsh."""

    id = fields.Enum(Kind, by_value=True, required=True)
    required = fields.List(fields.String(validate=_TEXT), load_default=list)
    forbidden = fields.List(fields.String(validate=_TEXT), load_default=list)


@dataclass(frozen=True)
class Phrasebook:
    """The Welsh of each text, and where each pair stands; how strongly each kind may speak."""

    welsh: Mapping[str, str]
    places: Mapping[str, tuple[Path, int]] = field(repr=False)
    strength: Mapping[Kind, KindWords]

    def error(self, english: str, message: str) -> DocumentError:
        """Return (not raise) an error that points at a pair."""
        path, line = self.places[english]
        return DocumentError(message, path=path, line=line)


@cache
def phrasebook() -> Phrasebook:
    """Return the Welsh that came with the program, read once."""
    return load_phrasebook(WELSH, STRENGTH)


def load_phrasebook(folder: Path, strength: Path) -> Phrasebook:
    """Read every file of pairs in a folder.

    Raises:
        DocumentError: a text given twice, or a Welsh one with other placeholders than the English.
    """
    welsh: dict[str, str] = {}
    places: dict[str, tuple[Path, int]] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = read_document(path)
        for trail, entry in document.entries(PhraseSchema(), "phrases", beside=TRANSLATION_KEY):
            english, text = str(entry["en"]), str(entry["cy"])
            if english in welsh:
                where, line = places[english]
                raise document.error(f"this English stands in {where.name}:{line} already", trail)
            if _placeholders(english) != _placeholders(text):
                raise document.error("the Welsh has other {placeholders} than the English", trail)
            welsh[english], places[english] = text, (path, document.line_of(trail))
    return Phrasebook(welsh, places, _strength(read_document(strength)))


def _strength(document: Document) -> Mapping[Kind, KindWords]:
    entries = document.entries(StrengthSchema(), "kinds")
    return {
        Kind(entry["id"]): KindWords("", tuple(entry["required"]), tuple(entry["forbidden"]))  # type: ignore[arg-type]
        for _, entry in entries
    }


def _placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def missing_phrases(directory: Path, book: Phrasebook) -> Iterator[str]:
    """Yield each text of a pack that has no Welsh, and each pair no text of the pack asks for, with file and line."""
    asked: set[str] = set()
    for document, trail, text in _texts(directory):
        asked.add(text)
        if text not in book.welsh:
            yield f"{document.path}:{document.line_of(trail)}: no Welsh for “{text}”"
    for english, (path, line) in book.places.items():
        if english not in asked:
            yield f"{path}:{line}: no text of the rules says “{english}”"


def _texts(directory: Path) -> Iterator[tuple[Document, Trail, str]]:
    """Yield every text of a pack that the public can read, with its place."""
    head = read_document(directory / "pack.yaml")
    for trail, text in _strings(head.data, ()):
        if trail[0] in _HEAD_TEXTS or trail[-1] == "strength":
            yield head, trail, text
    names = ("parameters.yaml", "regimes.yaml", "families.yaml")
    for path in (*(directory / name for name in names), *sorted((directory / "catalogue").glob("*.yaml"))):
        document = read_document(path)
        for trail, text in _strings(document.data, ()):
            if "sources" not in trail and _text_key(trail) in _TEXTS:
                yield document, trail, text


_HEAD_TEXTS = frozenset({"notice", "undecided", "figure_missing", "not_applicable", "no_regime", "cleared", "joiner"})
_TEXTS = frozenset({"title", "summary", "hint", "explanation", "margin", "text", "otherwise", "cleared"})


def _text_key(trail: Trail) -> object:
    return next((step for step in reversed(trail) if isinstance(step, str)), None)


def _strings(data: object, trail: Trail) -> Iterator[tuple[Trail, str]]:
    if isinstance(data, str):
        yield trail, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _strings(value, (*trail, str(key)))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _strings(value, (*trail, at))
