"""The concepts and readings of the data files, checked when they are loaded; an error names file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from marshmallow import Schema, fields, validate

from mystery_shopper.extraction.patterns import GAP, Pattern, PatternError, first_stems, has_choices, read_pattern
from mystery_shopper.extraction.quantities import Measure
from mystery_shopper.extraction.tokens import tokenize
from mystery_shopper.facts.definitions import FactRegistry, FactType
from mystery_shopper.facts.documents import Document, Trail, read_document
from mystery_shopper.facts.registry import registry

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say a concept: stems in order; `GAP` stands for up to `LONGEST_GAP` tokens.

    `capitals` tells which of them must be written in capitals: a phrase in capitals is a name, `SELECT` not `select`.
    `words` are the stems without gaps.
    """

    concept: str
    stems: tuple[str, ...]
    capitals: tuple[bool, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuantityReading:
    """When a quantity is a fact. `fact_id` is empty for a reading that only takes a number away from the others.

    Distances are in tokens: `reach` to a concept of `near`, `back` when that stands after the number (-1: never),
    `spoil` to one of `spoiled_by`.
    """

    fact_id: str
    measure: Measure
    near: frozenset[str]
    needs: tuple[str, ...]
    unless: frozenset[str]
    spoiled_by: frozenset[str]
    spoil: int
    reach: int
    back: int
    group: str
    only_before: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """When a clause states a fact without a number: all concepts of `needs`, none of `unless`."""

    fact_id: str
    value: bool | str
    needs: tuple[str, ...]
    unless: frozenset[str]


@dataclass(frozen=True, slots=True)
class DateReading:
    """When a date is a fact: a concept of `near` at most `reach` tokens before it."""

    fact_id: str
    near: frozenset[str]
    needs: tuple[str, ...]
    unless: frozenset[str]
    reach: int


@dataclass(frozen=True, slots=True)
class Size:
    """A cue that is a number: a quantity of this measure from `least` to `most`."""

    concept: str
    measure: Measure
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fact stated by cues: one concept of each of `needs` within `within` tokens, none of `unless` beside them.

    `sentences`: 2 where the cues may be spread over two neighbouring clauses.
    """

    fact_id: str
    value: bool | str
    needs: tuple[frozenset[str], ...]
    unless: frozenset[str]
    within: int
    sentences: int


@dataclass(frozen=True, slots=True)
class Starts:
    """The phrases that begin with one stem: those of one word, and the others by the stem that must come next.

    `next`: directly. `later`: after a gap. `patterns`: phrases with choices by their second stem, `any_patterns` those
    whose second word can be any.
    """

    alone: tuple[Phrase, ...]
    next: Mapping[str, tuple[Phrase, ...]]
    later: Mapping[str, tuple[Phrase, ...]]
    patterns: Mapping[str, tuple[Pattern, ...]]
    any_patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything extraction knows of language. `contexts` are concepts that go on to hold in the clauses beside theirs.

    `phrases` are indexed by their first stem, `complaints` by each concept of their first kind, `sizes` by
    their measure. `heads` are the concepts that head a list of amounts, as a kind of insurance.
    """

    phrases: Mapping[str, Starts]
    quantities: tuple[QuantityReading, ...]
    statements: tuple[Statement, ...]
    dates: tuple[DateReading, ...]
    complaints: Mapping[str, tuple[Complaint, ...]]
    sizes: Mapping[Measure, tuple[Size, ...]]
    contexts: frozenset[str]
    heads: frozenset[str]


class _QuantitySchema(Schema):
    fact = fields.String(required=True)
    measure = fields.Enum(Measure, by_value=True, required=True)
    near = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    needs = fields.List(fields.String(), data_key="with", required=True)
    unless = fields.List(fields.String(), required=True)
    spoiled_by = fields.List(fields.String(), load_default=list)
    spoil = fields.Integer(load_default=6, validate=validate.Range(1, 20))
    reach = fields.Integer(required=True, validate=validate.Range(1, 60))
    back = fields.Integer(load_default=60, validate=validate.Range(-1, 60))
    group = fields.String(load_default="")
    side = fields.String(load_default="", validate=validate.OneOf(("", "before")))


class _DateSchema(Schema):
    fact = fields.String(required=True)
    near = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    needs = fields.List(fields.String(), data_key="with", required=True)
    unless = fields.List(fields.String(), required=True)
    reach = fields.Integer(required=True, validate=validate.Range(1, 60))


class _StatementSchema(Schema):
    fact = fields.String(required=True)
    value = fields.Raw(required=True)
    needs = fields.List(fields.String(), data_key="all", required=True, validate=validate.Length(min=1))
    unless = fields.List(fields.String(), required=True)


class _SizeSchema(Schema):
    cue = fields.String(required=True)
    measure = fields.Enum(Measure, by_value=True, required=True)
    least = fields.Decimal(data_key="from", load_default=Decimal(0))
    most = fields.Decimal(data_key="to", load_default=Decimal(10) ** 12)


class _ComplaintSchema(Schema):
    fact = fields.String(required=True)
    value = fields.Raw(load_default=True)
    needs = fields.List(fields.String(), data_key="all", required=True, validate=validate.Length(min=1))
    unless = fields.List(fields.String(), load_default=list)
    unguarded = fields.List(fields.String(), load_default=list)
    within = fields.Integer(load_default=40, validate=validate.Range(1, 120))
    sentences = fields.Integer(load_default=1, validate=validate.Range(1, 2))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the running service, read once."""
    return load_lexicon(DATA, registry())


def load_lexicon(folder: Path, facts: FactRegistry) -> Lexicon:
    """Read `concepts.yaml`, `readings.yaml` and `complaints.yaml`.

    Raises:
        DocumentError: the first thing wrong in them: an unknown concept or fact, a value that the fact cannot have.
    """
    said = read_document(folder / "complaints.yaml")
    phrases = _phrases(read_document(folder / "concepts.yaml"), "concepts") + _phrases(said, "cues")
    sizes = _sizes(said)
    known = frozenset(phrase.concept for phrase in phrases) | frozenset(size.concept for size in sizes)
    readings = read_document(folder / "readings.yaml")
    data = readings.data if isinstance(readings.data, dict) else {}
    quantities = tuple(
        _quantity(readings, ("quantities", at), entry, known, facts)
        for at, entry in enumerate(data.get("quantities", ()))
    )
    return Lexicon(
        phrases=_by_first_stem(phrases),
        quantities=quantities,
        heads=frozenset(concept for reading in quantities if reading.group for concept in reading.near),
        statements=tuple(
            _statement(readings, ("statements", at), entry, known, facts)
            for at, entry in enumerate(data.get("statements", ()))
        ),
        dates=tuple(
            _date(readings, ("dates", at), entry, known, facts) for at, entry in enumerate(data.get("dates", ()))
        ),
        complaints=_complaints(said, known, facts),
        contexts=_contexts(said, known),
        sizes={measure: tuple(size for size in sizes if size.measure is measure) for measure in Measure},
    )


def _phrases(document: Document, key: str) -> list[Phrase | Pattern]:
    data = document.data
    groups = data.get(key) if isinstance(data, dict) else None
    if not isinstance(groups, dict):
        raise document.error(f"expected '{key}'")
    phrases: list[Phrase | Pattern] = []
    for name, texts in groups.items():
        if not isinstance(texts, list):
            raise document.error(f"concept '{name}' must be a list of phrases", (key, name))
        for at, text in enumerate(texts):
            try:
                phrases.append(_phrase(str(name), str(text)))
            except PatternError as error:
                raise document.error(str(error), (key, name, at)) from None
    return phrases


def _phrase(concept: str, text: str) -> Phrase | Pattern:
    if has_choices(text):
        return read_pattern(concept, text)
    words = tokenize(text)
    stems = tuple(token.stem for token in words)
    if not stems or GAP in (stems[0], stems[-1]):
        raise PatternError(f"'{text}' must begin and end with a word")
    return Phrase(concept, stems, tuple(token.capitals for token in words), frozenset(stems) - {GAP})


def _by_first_stem(said: Iterable[Phrase | Pattern]) -> dict[str, Starts]:
    groups: dict[str, list[Phrase]] = {}
    patterns: dict[str, list[Pattern]] = {}
    for one in said:
        if isinstance(one, Pattern):
            for first in first_stems(one):
                patterns.setdefault(first, []).append(one)
        else:
            groups.setdefault(one.stems[0], []).append(one)
    return {first: _starts(groups.get(first, ()), patterns.get(first, ())) for first in groups.keys() | patterns.keys()}


def _starts(group: Sequence[Phrase], patterns: Sequence[Pattern]) -> Starts:
    seconds: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        for second in pattern.second or ():
            seconds.setdefault(second, []).append(pattern)
    return Starts(
        tuple(phrase for phrase in group if len(phrase.stems) == 1),
        _by_stem(1, (phrase for phrase in group if len(phrase.stems) > 1 and phrase.stems[1] != GAP)),
        _by_stem(2, (phrase for phrase in group if len(phrase.stems) > 1 and phrase.stems[1] == GAP)),
        {second: tuple(found) for second, found in seconds.items()},
        tuple(pattern for pattern in patterns if pattern.second is None),
    )


def _by_stem(place: int, phrases: Iterable[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    groups: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        groups.setdefault(phrase.stems[place], []).append(phrase)
    return {stem: tuple(group) for stem, group in groups.items()}


def _sizes(document: Document) -> list[Size]:
    data = document.data if isinstance(document.data, dict) else {}
    sizes: list[Size] = []
    for at, entry in enumerate(data.get("sizes", ())):
        row = document.load(_SizeSchema(), entry, ("sizes", at))
        least, most = Decimal(str(row["least"])), Decimal(str(row["most"]))
        sizes.append(Size(str(row["cue"]), Measure(str(row["measure"])), least, most))
    return sizes


def _contexts(document: Document, known: frozenset[str]) -> frozenset[str]:
    data = document.data if isinstance(document.data, dict) else {}
    contexts = frozenset(_names(data.get("contexts")))
    _check_concepts(document, ("contexts",), contexts, known)
    return contexts


def _complaints(document: Document, known: frozenset[str], facts: FactRegistry) -> dict[str, tuple[Complaint, ...]]:
    data = document.data if isinstance(document.data, dict) else {}
    guards = frozenset(_names(data.get("guards")))
    _check_concepts(document, ("guards",), guards, known)
    found: dict[str, list[Complaint]] = {}
    for at, entry in enumerate(data.get("complaints", ())):
        complaint = _complaint(document, ("complaints", at), entry, known, facts, guards)
        for concept in complaint.needs[0]:
            found.setdefault(concept, []).append(complaint)
    return {concept: tuple(complaints) for concept, complaints in found.items()}


def _complaint(
    document: Document,
    trail: Trail,
    entry: object,
    known: frozenset[str],
    facts: FactRegistry,
    guards: frozenset[str],
) -> Complaint:
    row = document.load(_ComplaintSchema(), entry, trail)
    fact_id, value = str(row["fact"]), row["value"]
    if not isinstance(value, bool | str) or fact_id not in facts or not facts[fact_id].accepts(value):
        raise document.error(f"'{value}' is no value of a fact '{fact_id}'", trail)
    unguarded = frozenset(_names(row["unguarded"]))
    complaint = Complaint(
        fact_id=fact_id,
        value=value,
        needs=tuple(frozenset(kind.split("|")) for kind in _names(row["needs"])),
        unless=(guards - unguarded) | frozenset(_names(row["unless"])),
        within=int(str(row["within"])),
        sentences=int(str(row["sentences"])),
    )
    _check_concepts(document, trail, complaint.unless.union(unguarded, *complaint.needs), known)
    return complaint


def _quantity(
    document: Document, trail: Trail, entry: object, known: frozenset[str], facts: FactRegistry
) -> QuantityReading:
    row = document.load(_QuantitySchema(), entry, trail)
    reading = QuantityReading(
        fact_id=str(row["fact"]),
        measure=Measure(str(row["measure"])),
        near=frozenset(_names(row["near"])),
        needs=_names(row["needs"]),
        unless=frozenset(_names(row["unless"])),
        spoiled_by=frozenset(_names(row["spoiled_by"])),
        spoil=int(str(row["spoil"])),
        reach=int(str(row["reach"])),
        back=int(str(row["back"])),
        group=str(row["group"]),
        only_before=row["side"] == "before",
    )
    if reading.fact_id and reading.fact_id not in facts:
        raise document.error(f"there is no fact '{reading.fact_id}'", trail)
    _check_concepts(document, trail, reading.near | set(reading.needs) | reading.unless | reading.spoiled_by, known)
    return reading


def _statement(
    document: Document, trail: Trail, entry: object, known: frozenset[str], facts: FactRegistry
) -> Statement:
    row = document.load(_StatementSchema(), entry, trail)
    value = row["value"]
    fact_id = str(row["fact"])
    if not isinstance(value, bool | str) or fact_id not in facts or not facts[fact_id].accepts(value):
        raise document.error(f"'{value}' is no value of a fact '{fact_id}'", trail)
    if facts[fact_id].type not in {FactType.BOOLEAN, FactType.CHOICE}:
        raise document.error(f"'{fact_id}' needs a number or text: it cannot be stated", trail)
    statement = Statement(fact_id, value, _names(row["needs"]), frozenset(_names(row["unless"])))
    _check_concepts(document, trail, statement.unless | set(statement.needs), known)
    return statement


def _date(document: Document, trail: Trail, entry: object, known: frozenset[str], facts: FactRegistry) -> DateReading:
    row = document.load(_DateSchema(), entry, trail)
    reading = DateReading(
        fact_id=str(row["fact"]),
        near=frozenset(_names(row["near"])),
        needs=_names(row["needs"]),
        unless=frozenset(_names(row["unless"])),
        reach=int(str(row["reach"])),
    )
    if reading.fact_id not in facts or facts[reading.fact_id].type is not FactType.DATE:
        raise document.error(f"'{reading.fact_id}' is no date", trail)
    _check_concepts(document, trail, reading.near | set(reading.needs) | reading.unless, known)
    return reading


def _names(raw: object) -> tuple[str, ...]:
    return tuple(str(name) for name in raw) if isinstance(raw, list) else ()


def _check_concepts(document: Document, trail: Trail, names: frozenset[str], known: frozenset[str]) -> None:
    unknown = sorted(names - known)
    if unknown:
        raise document.error(f"there is no concept '{unknown[0]}'", trail)
