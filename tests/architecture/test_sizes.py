"""No file, function or view longer than a person reads in one go (docs/house): if it does not fit, it has two names."""

import ast
from pathlib import Path

from tests.architecture.source import ROOT, Place, functions, source_files, test_files

FILE_LINES = 400
TEST_FILE_LINES = 600
FUNCTION_LINES = 40
VIEW_LINES = 25


def too_long(paths: list[Path], limit: int) -> list[str]:
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths)
    return [f"{path.relative_to(ROOT)}: {lines} lines, at most {limit}" for path, lines in lengths if lines > limit]


def places() -> list[Place]:
    # A migration is a list of tables, in the order the database needs them.
    return list(functions([path for path in source_files() if "versions" not in path.parts]))


def test_files_are_at_most_400_lines():
    assert len(source_files()) > 20
    problems = too_long([path for path in source_files() if "versions" not in path.parts], FILE_LINES)
    assert not problems, "\n".join(problems)


def test_test_files_are_at_most_600_lines():
    assert len(test_files()) > 10
    problems = too_long(test_files(), TEST_FILE_LINES)
    assert not problems, "\n".join(problems)


def test_functions_are_at_most_40_lines():
    found = places()
    assert len(found) > 100
    problems = [f"{place}: {place.lines} lines" for place in found if place.lines > FUNCTION_LINES]
    assert not problems, "\n".join(problems)


def test_views_are_at_most_25_lines():
    views = [place for place in places() if place.is_view]
    assert len(views) > 10
    problems = [f"{place}: {place.lines} lines" for place in views if place.lines > VIEW_LINES]
    assert not problems, "\n".join(problems)


def test_the_count_leaves_the_docstring_out_and_nothing_else():
    function = ast.parse('@bp.get("/")\ndef f():\n    """One.\n\n    Two.\n    """\n    a = 1\n    return a\n').body[0]
    assert isinstance(function, ast.FunctionDef)
    place = Place(ROOT / "x.py", function)
    assert place.lines == 3
    assert place.is_view
    assert place.blueprint() == "bp"
