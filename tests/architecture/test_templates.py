"""Templates are code: each parses, is used, is named as its view, has a title, and holds nothing the policy blocks."""

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from mystery_shopper.web.languages import AREAS, EXTENSIONS, waiting
from tests.architecture.source import PACKAGE, ROOT, TEMPLATES, Place, functions, source_files, strings, tree_of

NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))
PAGES = [name for name in NAMES if name.endswith(".html")]
LAYOUT = "layouts/base.html"
PUBLIC_LAYOUT = "layouts/public.html"
RAW = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an on... attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an address elsewhere that is loaded": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?:https?:)?//"),
}
FIXED_ADDRESS = re.compile(r"(?:href|action)=\"(/[^\"{]*)\"")
TYPED_FIELD = re.compile(r"{{ form\.(\w+)\(")
WITHOUT_WORDS = frozenset({"hidden_tag", "files", "upload", "start", "short", "use", "drop"})
"""Calls in a form that draw nothing to type into."""
SWITCH = "set switch_sends_form"
TITLE = re.compile(r"{%-?\s*set page_title\b")


def read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def parsed(name: str) -> nodes.Template:
    """Parse a template once; nobody changes the tree."""
    return Environment(extensions=EXTENSIONS, autoescape=True).parse(read(name))


def problems_of(text: str) -> list[str]:
    """Name what in a template is not escaped (a constant may be safe) or is blocked by the content security policy."""
    found = [what for what, pattern in RAW.items() if pattern.search(text)]
    tree = Environment(extensions=EXTENSIONS, autoescape=True).parse(text)
    found += [
        "the filter safe"
        for used in tree.find_all(nodes.Filter)
        if used.name == "safe" and not isinstance(used.node, nodes.Const)
    ]
    found += ["autoescape" for _ in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier))]
    return found


def referred(name: str) -> set[str]:
    """Return the templates a template extends, includes or imports."""
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    constants = (node.template for node in parsed(name).find_all(kinds))
    return {str(value.value) for value in constants if isinstance(value, nodes.Const)}


def family(name: str) -> list[str]:
    """Return a template and what it extends, up to the layout."""
    chain = [name]
    while parents := [node.template for node in parsed(chain[-1]).find_all(nodes.Extends)]:
        parent = parents[0]
        if not isinstance(parent, nodes.Const) or not (TEMPLATES / str(parent.value)).is_file():
            break
        chain.append(str(parent.value))
    return chain


@cache
def rendered() -> list[tuple[Path, ast.Call, str]]:
    """Return each call of render_template in the package with the name it renders (* for what is filled in)."""
    return list(_rendered())


def _rendered() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "render_template" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("render_template") and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    yield path, node, str(name.value)
                elif isinstance(name, ast.JoinedStr):
                    parts = (str(part.value) if isinstance(part, ast.Constant) else "*" for part in name.values)
                    yield path, node, "".join(parts)


def views_that_render() -> list[tuple[Place, list[str]]]:
    found = []
    paths = {path for path, _, _ in rendered()}
    for place in functions([path for path in source_files() if path in paths]):
        if place.is_view:
            inside = set(ast.walk(place.function))
            calls = [(call, name) for path, call, name in rendered() if path == place.path and name.endswith(".html")]
            names = [name for call, name in calls if call in inside]
            if names:
                found.append((place, names))
    return found


def test_there_are_templates():
    assert len(PAGES) > 20


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles_with_the_filters_of_the_application(migrated: Flask, name):
    migrated.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_template_holds_nothing_unescaped_and_nothing_the_policy_blocks(name):
    problems = problems_of(read(name))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ x | safe }}", "the filter safe"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "autoescape"),
        ('<p class="a" style="color: red">', "an inline style"),
        ("<script>x()</script>", "an inline script"),
        ('<button onclick="x()">', "an on... attribute"),
        ('<a href="javascript:x()">', "a javascript: address"),
        ('<img src="//elsewhere.example/x.png">', "an address elsewhere that is loaded"),
    ],
)
def test_each_of_those_is_noticed(text, problem):
    assert problem in problems_of(text)


def test_every_template_is_used():
    used = {name for source in source_files() for name in strings(source)}
    used |= {name for template in NAMES for name in referred(template)}
    patterns = [name for name in used if "*" in name and "/" in name]
    unused = [
        name
        for name in NAMES
        if name not in used and not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
    ]
    assert not unused, "\n".join(unused)


def test_every_template_that_is_rendered_exists():
    missing = [
        f"{path.relative_to(ROOT)}:{call.lineno} {name}"
        for path, call, name in rendered()
        if not any(fnmatch.fnmatchcase(present, name) for present in NAMES)
    ]
    assert not missing, "\n".join(missing)


def test_every_page_sets_its_title():
    titled_by_call = {
        name for _, call, name in rendered() if "page_title" in {keyword.arg for keyword in call.keywords}
    }
    pages = {name for _, _, name in rendered() if name in PAGES}
    whole = {name: family(name) for name in pages}
    untitled = [
        name
        for name, chain in sorted(whole.items())
        if LAYOUT in chain and name not in titled_by_call and not any(TITLE.search(read(part)) for part in chain)
    ]
    assert not untitled, "\n".join(untitled)


def test_a_view_renders_the_template_of_its_own_name():
    views = views_that_render()
    assert len(views) > 10
    misnamed = [
        f"{place} renders {', '.join(names)}"
        for place, names in views
        if place.function.name not in {Path(name).stem for name in names}
    ]
    assert not misnamed, "\n".join(misnamed)


def test_fixed_addresses_lead_somewhere(migrated: Flask):
    addresses = migrated.url_map.bind("localhost")
    dead = []
    for name in PAGES:
        for address in FIXED_ADDRESS.findall(read(name)):
            path = re.split(r"[?#]", address, maxsplit=1)[0]
            try:
                addresses.match(path)
            except (RequestRedirect, MethodNotAllowed):
                continue
            except HTTPException:
                dead.append(f"{name}: {address}")
    assert not dead, "\n".join(dead)


def parts_of(name: str) -> str:
    """Return the text of a page with what it extends and includes, layouts left aside."""
    names = {part for whole in family(name) for part in (whole, *referred(whole))}
    return "".join(read(part) for part in sorted(names & set(NAMES)) if not part.startswith("layouts/"))


def has_typed_answers(text: str) -> bool:
    """Tell whether somebody types into a form of a page; files are chosen again either way."""
    forms = re.findall(r"<form\b.*?</form>", text, re.DOTALL)
    asked = {field for form in forms for field in TYPED_FIELD.findall(form)}
    return bool(asked - WITHOUT_WORDS) or any("for field in form" in form for form in forms)


def test_a_change_of_language_takes_typed_answers_along():
    spoken = frozenset(AREAS.values()) - waiting()
    pages = {name for _, _, name in rendered() if name in PAGES and name.split("/")[0] in spoken}
    whole = {name: parts_of(name) for name in pages if PUBLIC_LAYOUT in family(name)}
    asking = {name: text for name, text in whole.items() if has_typed_answers(text)}
    assert len(asking) >= 5
    assert not [name for name, text in asking.items() if SWITCH not in text or 'id="page-form"' not in text]
