"""The source of the project as the architecture tests read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mystery_shopper"
TEMPLATES = ROOT / "templates"
ROUTE_METHODS = frozenset({"route", "get", "post", "put", "patch", "delete"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """A function and the file it lies in."""

    path: Path
    function: Function

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.function.lineno} {self.function.name}"

    @property
    def lines(self) -> int:
        """The lines from `def` to the end, without the docstring: a function is not to be short for want of one."""
        whole = (self.function.end_lineno or 0) - self.function.lineno + 1
        first = self.function.body[0]
        if ast.get_docstring(self.function, clean=False) is None or len(self.function.body) == 1:
            return whole
        return whole - ((first.end_lineno or 0) - first.lineno + 1)

    @property
    def is_view(self) -> bool:
        """Whether a route leads to it."""
        return any(
            isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in ROUTE_METHODS
            for mark in self.function.decorator_list
        )

    def blueprint(self) -> str:
        """Return the variable of the blueprint the view is on."""
        for mark in self.function.decorator_list:
            if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in ROUTE_METHODS:
                return ast.unparse(mark.func.value)
        raise ValueError(f"{self} is no view")


def source_files() -> list[Path]:
    """Return the Python files we ship."""
    top = [ROOT / "config.py", ROOT / "wsgi.py"]
    return [*top, *sorted(PACKAGE.rglob("*.py")), *sorted((ROOT / "migrations").rglob("*.py"))]


def test_files() -> list[Path]:
    """Return the Python files of the tests."""
    return sorted((ROOT / "tests").rglob("*.py"))


test_files.__test__ = False  # type: ignore[attr-defined]


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(paths: list[Path]) -> Iterator[Place]:
    """Return every function and method of the files."""
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Place(path, node)


def strings(path: Path) -> Iterator[str]:
    """Return the string constants of a file; an f-string gives one, with * for what is filled in."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
            yield "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
