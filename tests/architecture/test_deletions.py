"""Every place that destroys something is listed with why it may: those that destroy what a hold can be on ask first."""

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, functions, source_files

TABLE = Path(__file__).with_name("deletions.csv")
DOOR = "asks"
"""How a line says that holds are asked; every other line says why there is nothing a hold could be on."""
CLEARANCE = frozenset({"clearance", "clear", "everything_is_held", "nothing_is_lost"})
VAULT = "mystery_shopper.core.vault"
FILES = frozenset({"unlink", "rmtree", "remove", "rmdir"})
FILE_OWNERS = frozenset({"os", "shutil", "path", "part", "Path"})


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def kinds_in(node: ast.AST) -> Iterator[str]:
    """Return the ways in which code destroys: rows, keys, stored files, files of the system."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            if part.value.lstrip().upper().startswith(("DELETE FROM", "TRUNCATE", "DROP TABLE")):
                yield "SQL"
        elif isinstance(part, ast.Call):
            yield from kind_of_call(part)


def kind_of_call(call: ast.Call) -> Iterator[str]:
    name = name_of(call.func)
    if name == "delete":
        yield "delete"
    elif name in ("erase", "erase_file", "erase_files"):
        yield "erase"
    elif name == "delete_object" or (name in FILES and isinstance(call.func, ast.Attribute) and is_file(call.func)):
        yield "file"


def is_file(function: ast.Attribute) -> bool:
    if function.attr in ("unlink", "rmtree", "rmdir"):
        return True
    return name_of(function.value) in FILE_OWNERS


def places() -> dict[tuple[str, str], tuple[str, set[str]]]:
    """Return what destroys, by file and function: how, and the names the function uses."""
    found = {}
    for place in functions([path for path in source_files() if PACKAGE in path.parents]):
        if kinds := sorted(set(kinds_in(place.function))):
            names = {name_of(part) for part in ast.walk(place.function) if isinstance(part, ast.Name | ast.Attribute)}
            names |= {part.arg for part in ast.walk(place.function) if isinstance(part, ast.arg)}
            found[(place.path.relative_to(ROOT).as_posix(), place.function.name)] = ("+".join(kinds), names)
    return found


def listed() -> dict[tuple[str, str], tuple[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["function"]): (row["how"], row["why"]) for row in csv.DictReader(file)}


def test_every_place_that_destroys_is_listed() -> None:
    assert {where: how for where, (how, _) in places().items()} == {where: how for where, (how, _) in listed().items()}


def test_those_that_ask_do_ask() -> None:
    found = places()
    asking = [where for where, (_, why) in listed().items() if why.startswith(DOOR)]
    assert len(asking) > 5
    assert [where for where in asking if not found[where][1] & CLEARANCE] == []


def test_every_erasure_of_a_key_asks() -> None:
    silent = [where for where, (how, why) in listed().items() if "erase" in how and not why.startswith(DOOR)]
    assert silent == []


def test_leave_to_destroy_is_given_in_one_place_only() -> None:
    users = set()
    for path in source_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        vault = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == VAULT)
        knows = any(name.name == "Clearance" for node in vault for name in node.names)
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        if knows and any(name_of(call.func) == "Clearance" for call in calls):
            users.add(path.relative_to(ROOT).as_posix())
    assert users == {"mystery_shopper/holds/services.py"}


def test_what_is_said_to_lose_nothing_is_used_for_drafts_only() -> None:
    places_of = functions([path for path in source_files() if PACKAGE in path.parents])
    users = {
        f"{place.path.relative_to(PACKAGE).parts[0]}.{place.function.name}"
        for place in places_of
        if any(
            isinstance(node, ast.Call) and name_of(node.func) == "nothing_is_lost" for node in ast.walk(place.function)
        )
    }
    assert users == {
        "intake.submit_draft",
        "intake.remove_file",
        "suggestions.submit_draft",
        "answering.remove_file",
    }


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("session.execute(delete(Case))", "delete"),
        ("db.session.delete(row)", "delete"),
        ("store().delete(name)", "delete"),
        ("path.unlink()", "file"),
        ("shutil.rmtree(folder)", "file"),
        ("erase(key, clearance, now)", "erase"),
        ("text('DELETE FROM x')", "SQL"),
    ],
)
def test_the_search_for_what_destroys_finds_it(code: str, kind: str) -> None:
    assert list(kinds_in(ast.parse(code))) == [kind]
