"""Recording what one request of the real service says to the database, to be said again by the floor."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
HEXADECIMAL_ID = re.compile(r"[0-9a-f]{32}")

Statement = tuple[str, list[list[Any]]]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Collect the statements of the block with their parameters, one list of parameters for each execution."""
    found: list[Statement] = []

    def look(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, is_many: bool) -> None:
        rows = [list(row) for row in parameters] if is_many else [list(parameters or ())]
        found.append((statement, rows))

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", look)


def writes(statements: list[Statement]) -> list[Statement]:
    """Return the statements that change something."""
    return [(statement, rows) for statement, rows in statements if WRITES.match(statement)]


def about(statements: list[Statement], *tables: str) -> list[Statement]:
    """Return the queries whose first table is one of `tables`."""
    first = re.compile(rf"\bFROM\s+({'|'.join(tables)})\b")
    return [
        (statement, rows)
        for statement, rows in statements
        if statement.startswith("SELECT") and first.search(statement)
    ]


def save(statements: list[Statement], path: Path) -> None:
    """Write statements to a file; bytes become {"bytes": length}: their content is random anyway."""
    path.write_text(json.dumps(statements, default=_shape), encoding="utf-8")


def load(path: Path) -> list[Statement]:
    """Read statements back."""
    return [(statement, rows) for statement, rows in json.loads(path.read_text(encoding="utf-8"))]


def _shape(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return {"bytes": len(value)}
    return str(value)
