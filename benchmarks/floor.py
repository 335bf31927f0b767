"""The floor: bare Flask and sqlite3. It says to the database what the real service says, and nothing else.

Settings come from the environment: FLOOR_DATABASE, FLOOR_RECORDING (a folder). It keeps no sessions, checks nothing,
opens nothing sealed and draws a plain table: less than any real service can do.
"""

import itertools
import os
import re
import secrets
import sqlite3
import threading
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from benchmarks.recording import HEXADECIMAL_ID, Statement, load
from config import load_config
from mystery_shopper.operations import Server

STAFF_REFERENCE = re.compile(r"MS-\d{4}-\d+")
PUBLIC_REFERENCE = re.compile(r"PR-[0-9A-Z]{10}")
SMALLEST_NUMBER = 100
"""Recorded where there are hundreds of cases, a running number is larger than this and anything else is smaller."""
STEP = 1_000_000

app = Flask(__name__)
_local = threading.local()
_replays = itertools.count(1)


@cache
def recording(name: str) -> list[Statement]:
    """Return what was recorded under a name."""
    return load(Path(os.environ["FLOOR_RECORDING"]) / f"{name}.json")


def connect() -> sqlite3.Connection:
    """Return the connection of this thread, as safe as the real one: WAL and synchronous FULL."""
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(os.environ["FLOOR_DATABASE"], isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            _local.connection.execute(f"PRAGMA {pragma}")
    connection: sqlite3.Connection = _local.connection
    return connection


class Renewal:
    """Fresh values for one replay: every id, number and reference is another one, the same wherever it stands."""

    def __init__(self, known: dict[str, str]) -> None:
        self._ids = dict(known)
        self._added = next(_replays) * STEP

    def row(self, values: list[Any]) -> list[Any]:
        """Return the parameters of one execution."""
        return [self._value(value) for value in values]

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return secrets.token_bytes(value["bytes"])
        if isinstance(value, int):
            return value + self._added if value > SMALLEST_NUMBER else value
        if not isinstance(value, str):
            return value
        if HEXADECIMAL_ID.fullmatch(value):
            return self._ids.setdefault(value, secrets.token_hex(16))
        if STAFF_REFERENCE.fullmatch(value):
            return f"MS-2026-{self._added}"
        return f"PR-{self._added:010d}" if PUBLIC_REFERENCE.fullmatch(value) else value


@app.post("/submit")
def submit() -> Response:
    """Write what one submission writes, in one transaction. The form names the draft and its key, old and new."""
    renewal = Renewal({request.form[f"old_{name}"]: request.form[f"new_{name}"] for name in ("draft", "key")})
    connection = connect()
    connection.execute("BEGIN IMMEDIATE")
    for statement, rows in recording("submit"):
        for row in rows:
            connection.execute(statement, renewal.row(row)).fetchall()
    connection.execute("COMMIT")
    return redirect("/done")


@app.get("/list/<name>")
def show_list(name: str) -> str:
    """Run the queries of a list and return the rows of the first as a plain table."""
    found = [connect().execute(statement, rows[0]).fetchall() for statement, rows in recording(name)]
    lines = ("".join(f"<td>{cell}</td>" for cell in row if not isinstance(cell, bytes)) for row in found[0])
    return f"<!DOCTYPE html><title>Cases</title><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


@app.get("/healthz")
def healthz() -> str:
    """Answer, so that a connection is open."""
    return "ok"


if __name__ == "__main__":
    Server(app, load_config()).run()
