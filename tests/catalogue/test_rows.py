"""Every row of the catalogue of bad input has a test that is there: rows.csv says which."""

import ast
import csv
from functools import cache
from pathlib import Path

from config import ROOT

ROWS = Path(__file__).with_name("rows.csv")
LAST = {"F": 25, "U": 16, "H": 11, "C": 7}
"""How many rows there are about forms, uploads, HTTP and codes."""
IDS = [f"{letter}{number}" for letter, last in LAST.items() for number in range(1, last + 1)]


def rows() -> list[dict[str, str]]:
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the tests of a file as pytest names them, read and not run; none where there is no file."""
    file = ROOT / path
    if not (file.is_file() and file.name.startswith("test_")):
        return frozenset()
    body = ast.parse(file.read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
    return frozenset(_functions(body) | {f"{one.name}::{name}" for one in classes for name in _functions(one.body)})


def _functions(body: list[ast.stmt]) -> set[str]:
    return {node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def missing(tests: str) -> list[str]:
    """Return which of the named tests are not there."""
    return [test for test in tests.split() if test.partition("::")[2] not in names_in(test.partition("::")[0])]


def test_every_row_is_there_once_and_in_order() -> None:
    assert [row["id"] for row in rows()] == IDS
    assert all(len(row["what"]) > 10 for row in rows())


def test_every_row_has_a_test_and_every_named_test_is_there() -> None:
    assert {row["id"]: missing(row["tests"]) for row in rows() if missing(row["tests"])} == {}
    assert [row["id"] for row in rows() if not row["tests"].split()] == []


def test_a_test_that_is_not_there_is_noticed() -> None:
    here = "tests/catalogue/test_rows.py::test_every_row_is_there_once_and_in_order"
    assert missing(here) == []
    wrong = [f"{here}_and_more", "tests/catalogue/nowhere.py::test_x", "tests/catalogue/test_rows.py::TestX::test_y"]
    assert missing(" ".join([here, *wrong, "tests/catalogue/test_rows.py"])) == [*wrong, "tests/catalogue/test_rows.py"]
