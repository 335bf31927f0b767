"""Read a rule pack from a folder, check it whole, compile it. Nothing of a pack is trusted until it has passed here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from marshmallow import Schema

from mystery_shopper.facts.definitions import DECIMALS, FactRegistry, FactType, FactValue
from mystery_shopper.facts.documents import Document, DocumentError, read_document
from mystery_shopper.facts.registry import load_registry, registry
from mystery_shopper.rules import pack_schemas as shapes
from mystery_shopper.rules.catalogue import Catalogue, Family, Rule
from mystery_shopper.rules.compiler import CatalogueError, Compiler, Place, Term
from mystery_shopper.rules.overrides import overridden
from mystery_shopper.rules.parameters import Key, Parameter, ParameterRow
from mystery_shopper.rules.regimes import Regime, Regimes
from mystery_shopper.rules.results import Basis, Kind
from mystery_shopper.rules.rule_building import Pack, build_rule
from mystery_shopper.rules.wording import KindWords, Wording

DATA = Path(__file__).parent / "data"
_HASH_LENGTH = 12


Source = Callable[[], Catalogue | None]
_source: list[Source] = []


@cache
def shipped_catalogue() -> Catalogue:
    """Return the catalogue that came with the program, read once."""
    return load_catalogue(DATA)


def use_source(source: Source) -> None:
    """Ask `source` for the catalogue in force from now on; where it knows of none, the shipped one is in force."""
    _source[:] = [source]


def catalogue() -> Catalogue:
    """Return the catalogue in force. Ask anew for each piece of work: another one may have been put in force."""
    found = _source[0]() if _source else None
    return found or shipped_catalogue()


def families(pack: Catalogue | None = None) -> tuple[Family, ...]:
    """Return the kinds of barrier shown to reporters, in order (of the running service unless a pack is given)."""
    return (pack or catalogue()).families


def load_catalogue(directory: Path) -> Catalogue:
    """Read a rule pack from its folder: five files of fixed names, and the rules in `catalogue/*.yaml`.

    A pack with a `facts.yaml` brings its own facts; otherwise it uses those of the service.

    Raises:
        CatalogueError: the first thing wrong, with file and line.
    """
    try:
        return _load(directory)
    except CatalogueError:
        raise
    except DocumentError as error:
        raise CatalogueError(error.message, path=error.path, line=error.line) from None
    except OSError as error:
        raise CatalogueError(f"cannot be read: {error.strerror}", path=directory, line=1) from None


@dataclass(frozen=True)
class _Files:
    """The checked but not yet compiled files of a pack."""

    directory: Path

    def entries(self, name: str, schema: Schema, key: str) -> list[tuple[Place, dict[str, object]]]:
        document = read_document(self.directory / name)
        return [(Place(document, trail), entry) for trail, entry in document.entries(schema, key)]


def _load(directory: Path) -> Catalogue:
    files = _Files(directory)
    own_facts = directory / "facts.yaml"
    known = load_registry(own_facts) if own_facts.exists() else registry()
    head_document = read_document(directory / "pack.yaml")
    head = head_document.load(shapes.PackSchema(), head_document.data)
    wording = _wording(head_document, head)
    holidays = frozenset(day for raw in _listed(head["holidays"]) if (day := _day(raw)) is not None)
    regimes = _regimes(files, known, head_document, str(head["dated_by"]))
    figures = overridden(directory, files.entries("parameters.yaml", shapes.ParameterSchema(), "parameters"))
    parameters = dict(_parameter(place, entry) for place, entry in figures)
    terms = dict(
        _term(place, entry, regimes) for place, entry in files.entries("terms.yaml", shapes.TermSchema(), "terms")
    )
    compilers = {
        regime.id: Compiler(known, parameters, terms, regime.id, regimes.dated_by, holidays) for regime in regimes.items
    }
    pack = Pack(known, regimes, parameters, terms, wording, compilers)
    rules = _rules(directory, pack)
    return Catalogue(
        name=str(head["name"]),
        version=f"{head['version']}+{_content_hash(directory)}",
        registry=known,
        regimes=regimes,
        parameters=parameters,
        rules=rules,
        families=_families(files, known, rules),
        wording=wording,
    )


def _content_hash(directory: Path) -> str:
    """Hash the names and bytes of all files of a pack, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(directory.rglob("*.yaml")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(directory).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_HASH_LENGTH]


def _wording(document: Document, head: dict[str, object]) -> Wording:
    kinds = head["kinds"]
    words = {
        Kind(name): KindWords(body["strength"], tuple(body["required"]), tuple(body["forbidden"]))
        for name, body in (kinds.items() if isinstance(kinds, dict) else ())
    }
    for kind in Kind:
        if kind not in words:
            raise document.error(f"kinds: '{kind}' is missing", ("kinds",))
    texts = {
        name: str(head[name])
        for name in ("notice", "undecided", "figure_missing", "not_applicable", "no_regime", "cleared", "joiner")
    }
    return Wording(kinds=words, **texts)


def _regimes(files: _Files, known: FactRegistry, head: Document, dated_by: str) -> Regimes:
    if dated_by not in known or known[dated_by].type is not FactType.DATE:
        raise head.error(f"dated_by: '{dated_by}' is not a date fact", ("dated_by",))
    items: list[Regime] = []
    for place, entry in files.entries("regimes.yaml", shapes.RegimeSchema(), "regimes"):
        regime = Regime(
            id=str(entry["id"]),
            title=str(entry["title"]),
            starts_on=_day(entry["starts_on"]) or date.min,
            ends_on=_day(entry.get("ends_on")),
            when=str(entry["when"]) if "when" in entry else None,
        )
        if regime.when is not None and (regime.when not in known or known[regime.when].type is not FactType.BOOLEAN):
            raise place.at("when").error(f"'{regime.when}' is not a yes-or-no fact")
        for other in items:
            if other.when == regime.when and _overlap(regime, other):
                raise place.error(f"its dates overlap those of {other.id}")
        items.append(regime)
    return Regimes(dated_by, tuple(items))


def _overlap(one: Regime | ParameterRow, other: Regime | ParameterRow) -> bool:
    return one.starts_on <= (other.ends_on or date.max) and other.starts_on <= (one.ends_on or date.max)


def _parameter(place: Place, entry: dict[str, object]) -> tuple[str, Parameter]:
    fact_type = FactType(str(entry["type"]))
    by = tuple(str(column) for column in _listed(entry["by"]))
    rows: list[ParameterRow] = []
    for index, raw in enumerate(_listed(entry["values"])):
        inner = place.at("values", index)
        if not isinstance(raw, dict):
            raise inner.error("must be a mapping")
        if ("value" in raw) == ("table" in raw) or ("table" in raw) != bool(by):
            raise inner.error("give a value, or (for a parameter with 'by') a table")
        row = ParameterRow(
            _day(raw["starts_on"]) or date.min,
            _day(raw.get("ends_on")),
            {key: _typed(inner, fact_type, value) for key, value in _cells(raw, len(by), inner)},
            str(raw.get("source") or entry["source"]),
        )
        if any(_overlap(row, other) for other in rows):
            raise inner.error("its dates overlap those of another value")
        rows.append(row)
    name = str(entry["id"])
    return name, Parameter(
        id=name,
        title=str(entry["title"]),
        type=fact_type,
        basis=Basis(str(entry["basis"])),
        by=by,
        rows=tuple(rows),
        currency=str(entry["currency"]),
    )


def _cells(raw: Mapping[str, object], columns: int, place: Place) -> Iterable[tuple[Key, object]]:
    """Yield the cells of a row: one without a key, or those of a table whose keys are options joined by `/`."""
    table = raw.get("table")
    if not isinstance(table, dict):
        yield (), raw["value"]
        return
    for name, value in table.items():
        key = tuple(str(name).split("/"))
        if len(key) != columns:
            raise place.at("table", str(name)).error(f"the key needs {columns} part(s)")
        yield key, value


def _typed(place: Place, fact_type: FactType, raw: object) -> FactValue:
    """Bring a value of the file to the value type of a fact (money: pounds to pence)."""
    if fact_type is FactType.DATE and isinstance(raw, date):
        return raw
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool) and raw >= 0:
        if fact_type in DECIMALS:
            return Decimal(raw)
        scaled = raw * 100 if fact_type is FactType.MONEY else raw
        if scaled == int(scaled) and fact_type not in {FactType.DATE, FactType.CHOICE, FactType.TEXT}:
            return int(scaled)
    raise place.error(f"'{raw}' is not a {fact_type}")


def _term(place: Place, entry: dict[str, object], regimes: Regimes) -> tuple[str, Term]:
    name, by_regime = str(entry["id"]), entry.get("regimes")
    if ("value" in entry) == isinstance(by_regime, dict):
        raise place.error("give either value or regimes")
    if not isinstance(by_regime, dict):
        return name, Term(name, {"": (place.at("value"), entry["value"])})
    for regime in by_regime:
        if regime not in {item.id for item in regimes.items}:
            raise place.at("regimes", regime).error(f"there is no regime '{regime}'")
    return name, Term(name, {key: (place.at("regimes", key), tree) for key, tree in by_regime.items()})


def _rules(directory: Path, pack: Pack) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for path in sorted((directory / "catalogue").glob("*.yaml")):
        document = read_document(path)
        for trail, entry in document.entries(shapes.RuleSchema(), "rules"):
            rule = build_rule(pack, Place(document, trail), entry)
            if rule.id in rules:
                raise Place(document, trail).error(f"rule '{rule.id}' is in two files")
            rules[rule.id] = rule
    if not rules:
        raise CatalogueError("no rules in the folder 'catalogue'", path=directory, line=1)
    return tuple(rules[name] for name in sorted(rules))


def _families(files: _Files, known: FactRegistry, rules: Sequence[Rule]) -> tuple[Family, ...]:
    names = {rule.id for rule in rules}
    found: list[Family] = []
    for place, entry in files.entries("families.yaml", shapes.FamilySchema(), "families"):
        family = Family(
            str(entry["id"]),
            str(entry["title"]),
            str(entry["hint"]),
            tuple(map(str, _listed(entry["rules"]))),
            tuple(map(str, _listed(entry["facts"]))),
        )
        _refuse_unknown(place, "rules", family.rules, names)
        _refuse_unknown(place, "facts", family.facts, known)
        found.append(family)
    return tuple(found)


def _refuse_unknown(place: Place, key: str, given: Sequence[str], known: Iterable[str]) -> None:
    allowed = set(known)
    for index, name in enumerate(given):
        if name not in allowed:
            raise place.at(key, index).error(f"there is no {key.removesuffix('s')} '{name}'")


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
