"""Words of public pages that nobody wrapped to be translated: found in the templates and in the forms."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

from mystery_shopper.web.languages import EXTENSIONS

_LAYOUT = "layouts/public.html"
_SHARED = frozenset({"layouts", "components", "errors"})
_OBJECT = "￼"
"""Stands where a template puts a value."""
_SAID_OR_FOR_MACHINES = re.compile(r"{%-?\s*(trans|block (?:robots|page_class))\b.*?end(trans|block)\s*-?%}", re.DOTALL)
_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL)
_SPOKEN_ATTRIBUTE = re.compile(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"")
_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = re.compile(r"[A-Z][a-z]+(?:$|[ ,:.])|.*[a-z],? [a-z]")
_NAMES_OF_STYLE = re.compile(r"\b(?:govuk|moj|ms)-")
_SAYING = frozenset({"_", "gettext", "ngettext"})
STAFF_FORMS = frozenset({"intake/forms/keying.py", "suggestions/forms/staff.py", "guidance/forms.py"})
"""Forms in the packages of public areas that only staff use."""
_SPOKEN_KEYS = frozenset({"label", "hint", "required", "error_name", "empty", "divider"})


def unwrapped_texts(templates: Path, package: Path, areas: frozenset[str]) -> Iterator[str]:
    """Yield each text of these areas that no translation can reach, with its file and line."""
    for name in sorted(_public(templates)):
        if name.split("/")[0] in areas | _SHARED:
            text = (templates / name).read_text(encoding="utf-8")
            yield from (f"templates/{name}:{line}: not wrapped: “{words}”" for line, words in bare_words(text))
    for area in sorted(areas):
        for path in sorted([*package.glob(f"{area}/forms.py"), *package.glob(f"{area}/forms/*.py")]):
            name = path.relative_to(package).as_posix()
            if name not in STAFF_FORMS:
                found = bare_labels(path.read_text(encoding="utf-8"))
                yield from (f"mystery_shopper/{name}:{line}: not wrapped: “{words}”" for line, words in found)


def bare_words(source: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a template that stand outside of _() and trans, with their line."""
    page = _without_blocks(source)
    spoken = [*_SPOKEN_ATTRIBUTE.finditer(page)]
    yield from ((_line(page, one.start()), one[1]) for one in spoken if _WORD.search(one[1].replace(_OBJECT, "")))
    shown = _MARKUP.sub(lambda tag: "\n" * tag[0].count("\n") + "\v", page)
    place = 0
    for piece in re.split(r"([\v\n])", shown):
        words = piece.replace(_OBJECT, " ").strip()
        if _WORD.search(words):
            yield _line(shown, place), words
        place += len(piece)
    yield from _bare_constants(source)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _without_blocks(source: str) -> str:
    """Return the markup of a template, lines kept: nothing of its tags, comments and translated blocks."""
    source = _SAID_OR_FOR_MACHINES.sub(_hide, source)
    return re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", _hide, source, flags=re.DOTALL)


def _hide(found: re.Match[str]) -> str:
    return _OBJECT + "\n" * found[0].count("\n")


def _bare_constants(source: str) -> Iterator[tuple[int, str]]:
    tree = _environment().parse(source)
    said = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in _SAYING
        for constant in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        value = constant.value
        if isinstance(value, str) and id(constant) not in said and _is_sentence(value):
            yield constant.lineno, value


def _is_sentence(value: str) -> bool:
    return bool(_SENTENCE.match(value)) and not _NAMES_OF_STYLE.search(value) and "/" not in value


@cache
def _environment() -> Environment:
    return Environment(extensions=EXTENSIONS, autoescape=True)


def _public(templates: Path) -> set[str]:
    """Return the templates of public pages, and what they include and import."""
    names = [path.relative_to(templates).as_posix() for path in templates.rglob("*.html")]
    uses = {name: _used_by(templates / name) for name in names}
    found = {name for name in names if _LAYOUT in _reached(name, uses) or name == _LAYOUT}
    return found | {used for name in found for used in _reached(name, uses) if used in uses}


def _used_by(path: Path) -> set[str]:
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    found = _environment().parse(path.read_text(encoding="utf-8")).find_all(kinds)
    return {one.value for node in found for one in node.find_all(nodes.Const) if isinstance(one.value, str)}


def _reached(name: str, uses: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    left = [name]
    while left:
        new = uses.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def bare_labels(source: str) -> Iterator[tuple[int, str]]:
    """Yield the labels, hints and messages of fields that are written as they are, with their line."""
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        for value in _spoken_arguments(call):
            if _is_text(value) and _WORD.search(ast.unparse(value)):
                yield value.lineno, ast.unparse(value)


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))


def _spoken_arguments(call: ast.Call) -> Iterator[ast.expr]:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name.endswith("Field") and name != "HiddenField":
        yield from call.args[:1]
    elif name == "Option":
        yield from call.args[1:3]
    elif name in ("ValidationError", "StopValidation", "DomainError", "add_error"):
        yield from call.args[:1]
    else:
        return
    yield from (word.value for word in call.keywords if word.arg in _SPOKEN_KEYS)
