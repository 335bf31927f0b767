"""The files of translations: written anew from the words in templates and code, and checked against them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from csv import DictReader
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import write_po

from mystery_shopper.core.languages import TRANSLATIONS, WELSH, read_files
from mystery_shopper.web.languages import AREAS, EXTENSIONS, waiting
from mystery_shopper.web.wrapping import unwrapped_texts

ROOT = TRANSLATIONS.parent.parent
PACKAGE = ROOT / "mystery_shopper"
TEMPLATES = ROOT / "templates"
COMMON = "common"
"""The file of what every area uses: layouts, components, error pages, fields."""
_COMMON_FOLDERS = frozenset({"layouts", "components", "errors", "core", "web"})
TABLES: Mapping[str, tuple[str, ...]] = {
    "guidance/data/register.csv": ("words",),
    "identity/data/reasons.csv": ("reporter_words",),
    "intake/data/places.csv": ("heading", "reason", "text", "link"),
    "publication/data/taxonomy.yaml": ("subjects", "sub_issues"),
}
"""Tables with words for the public, and the columns (of a YAML file, the lists) that hold them."""
_KEYWORDS: Mapping[str, Any] = {**DEFAULT_KEYWORDS, "_n": (1, 2)}
_JINJA = {"extensions": ",".join(EXTENSIONS), "trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
_JINJA |= {"trim_blocks": "true", "lstrip_blocks": "true"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%?\{(\w+)\}")
_TAG = re.compile(r"<[^>]+>")
_COUNTS = frozenset({"count", "num"})
"""Placeholders one form of a plural may leave out: "one file"."""
_IMPORTED = re.compile(r"^from mystery_shopper\.core\.languages import", re.MULTILINE)
_SAID = re.compile(r"\b_\(|\bngettext\(|{%-?\s*trans\b")
_WIDTH = 110
_HEADER = """\
# Welsh words of Mystery Shopper: {area}. How to translate: docs/languages.md
msgid ""
msgstr ""
"Language: cy\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=6; plural={plural};\\n"

"""


def area_of(source: Path) -> str:
    """Return the file of translations that the words of a template, module or table belong to."""
    folder = source.relative_to(TEMPLATES if source.is_relative_to(TEMPLATES) else PACKAGE).parts[0]
    return COMMON if folder in _COMMON_FOLDERS or folder.endswith(".py") else folder


def extracted() -> dict[str, Catalog]:
    """Return every text that is wrapped to be translated, by area, without its translation."""
    found: dict[str, Catalog] = {}
    for source, one, many in _wrapped():
        catalog = found.setdefault(area_of(source), Catalog(locale=WELSH))
        place = (source.relative_to(ROOT).as_posix(), 1)
        catalog.add((one, many) if many else one, locations=[place])
    return found


def _wrapped() -> Iterator[tuple[Path, str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if _IMPORTED.search(path.read_text(encoding="utf-8")):
            yield from _in_source(path, "python", {})
    for path in sorted(TEMPLATES.rglob("*.html")):
        if _SAID.search(path.read_text(encoding="utf-8")):
            yield from _in_source(path, "jinja2.ext:babel_extract", _JINJA)
    for name, columns in TABLES.items():
        yield from ((PACKAGE / name, words, "") for words in _in_table(PACKAGE / name, columns) if words)


def _in_table(path: Path, columns: tuple[str, ...]) -> Iterator[str]:
    """Yield the cells of a table by row, or the lists of a document."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        document = yaml.safe_load(text)
        yield from (str(words) for column in columns for words in document[column])
    else:
        yield from (row[column] for row in DictReader(StringIO(text)) for column in columns)


def _in_source(path: Path, method: str, options: dict[str, str]) -> Iterator[tuple[Path, str, str]]:
    found = extract_from_file(method, path, keywords=_KEYWORDS, options=options)
    for _line, words, _comments, _context in found:
        one, many = (str(words[0]), str(words[1])) if isinstance(words, tuple) else (str(words), "")
        yield path, one, many


def stored() -> dict[str, Catalog]:
    """Return the files of translations as they are, by area."""
    paths = sorted((TRANSLATIONS / WELSH).glob("*.po"))
    return {path.stem: catalog for path, catalog in zip(paths, read_files(WELSH, paths), strict=True)}


def written() -> dict[str, bytes]:
    """Return what the files ought to hold: every text, with the Welsh that any of them has for it."""
    known: dict[object, Message] = {}
    for catalog in stored().values():
        known |= {message.id: message for message in catalog if message.id and _is_done(message)}
    return {area: _write(area, catalog, known) for area, catalog in extracted().items()}


def _write(area: str, catalog: Catalog, known: Mapping[object, Message]) -> bytes:
    for message in catalog:
        if message.id in known:
            message.string = known[message.id].string
    target = BytesIO()
    write_po(target, catalog, width=_WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    return _HEADER.format(area=area, plural=catalog.plural_expr).encode() + target.getvalue()


def write_files() -> list[str]:
    """Write the files of translations anew, and return the areas that changed."""
    folder = TRANSLATIONS / WELSH
    wanted, changed = written(), []
    for path in folder.glob("*.po"):
        if path.stem not in wanted:
            path.unlink()
            changed.append(path.stem)
    for area, content in wanted.items():
        path = folder / f"{area}.po"
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
            changed.append(area)
    return sorted(changed)


def problems() -> Iterator[str]:
    """Yield what stands between the public pages and complete Welsh; areas that wait are left out."""
    for name in sorted(waiting() - set(AREAS.values())):
        yield f"waiting.txt: there is no area '{name}'"
    yield from stale()
    said: dict[object, tuple[object, str]] = {}
    for area, catalog in stored().items():
        for message in catalog:
            if message.id:
                yield from _problems_of(area, message)
                other, where = said.setdefault(message.id, (message.string, area))
                if _is_done(message) and other != message.string:
                    yield f"{area}.po: other Welsh than in {where}.po for “{_english(message)}”"
    yield from unwrapped_texts(TEMPLATES, PACKAGE, frozenset(AREAS.values()) - waiting())


def stale() -> Iterator[str]:
    """Yield the areas whose file does not hold the texts of the templates and the code."""
    now, kept = extracted(), stored()
    for area in sorted(now.keys() | kept.keys()):
        ours = {message.id for message in now.get(area, ()) if message.id}
        theirs = {message.id for message in kept.get(area, ()) if message.id}
        if ours != theirs:
            yield f"{area}.po: {len(ours - theirs)} new and {len(theirs - ours)} old texts: run translations extract"


def _problems_of(area: str, message: Message) -> Iterator[str]:
    english = _english(message)
    if not _is_done(message):
        if area not in waiting():
            yield f"{area}.po: no Welsh for “{english}”" if not message.fuzzy else f"{area}.po: fuzzy: “{english}”"
        return
    forms = _forms(message)
    free = _COUNTS if len(forms) > 1 else frozenset()
    for form in forms:
        if _names(form) - free != _names(english) - free or not _names(form) <= _names(english):
            yield f"{area}.po: other placeholders than in “{english}”: “{form}”"
        if Counter(_TAG.findall(form)) != Counter(_TAG.findall(english)):
            yield f"{area}.po: other tags than in “{english}”: “{form}”"


def _is_done(message: Message) -> bool:
    return all(_forms(message)) and not message.fuzzy


def _forms(message: Message) -> tuple[str, ...]:
    """Return the Welsh of a text: one, or those that stand with numbers."""
    found = message.string
    return (found or "",) if isinstance(found, str) or found is None else tuple(one or "" for one in found)


def _english(message: Message) -> str:
    return str(message.id[-1] if isinstance(message.id, (tuple, list)) else message.id)


def _names(text: str) -> frozenset[str]:
    return frozenset(one or other for one, other in _PLACEHOLDER.findall(text))


def missing_by_area() -> dict[str, tuple[int, int]]:
    """Return how many texts of each area have no Welsh yet, and of how many."""
    counts = {}
    for area, catalog in stored().items():
        messages = [message for message in catalog if message.id]
        counts[area] = (sum(not _is_done(message) for message in messages), len(messages))
    return counts
