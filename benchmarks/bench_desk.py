"""Measure what staff open all day, at one size or several: desk, list, search, case page.

    .venv/bin/python -m benchmarks.bench_desk --cases 10000                      # fills a database, then measures
    .venv/bin/python -m benchmarks.bench_desk --cases 10000 --cases 100000       # and how the cost grows
    .venv/bin/python -m benchmarks.bench_desk --database sqlite:////data/d.sqlite3  # one filled by `demo load`
    ... --keep FOLDER    # leaves the databases there; without it they are removed
    ... --write          # writes docs/figures/desk.md as well

Each page is asked for through the test client, signed in. Beside it, in turns, the same rows are fetched by SQL
written by hand (`desk_by_hand`); with the time the page's own template took, that is the least such a page can cost.
"""

import argparse
import json
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, before_render_template, template_rendered
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from benchmarks.__main__ import say
from benchmarks.desk_by_hand import OPEN, Reader, Wanted, read_case, read_desk, read_list
from benchmarks.recording import recorded
from config import Config, load_config
from mystery_shopper.accounts import session_store
from mystery_shopper.accounts.queries import find_user_by_email
from mystery_shopper.app import create_app
from mystery_shopper.cases.search import tokens
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.demo.services import TOLD, count_cases

ROUNDS = 40
WARM_UP = 4
REFERENCE = re.compile(r"MS-\d{4}-\d+")
COMMON, RARE = "bond", "surety collateral"
PEOPLE = (("caseworker", "caseworker@demo.example"), ("senior", "senior@demo.example"))
FILTERS = "/cases?waiting=us&priority=urgent&queue=new"
FIGURES = Path(__file__).resolve().parent.parent / "docs" / "figures"
CASE_PAGES = 20
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
HEAD = """# What the desk costs at any size

Written by `.venv/bin/python -m benchmarks.bench_desk` on {day}: {machine}.
Milliseconds, {rounds} rounds of each page through the test client, signed in.
"""
MEANING = """**By hand**: the same rows fetched along their indexes by SQL one would write by hand
(`benchmarks/desk_by_hand.py`); for the list and the search it is checked that both find the same cases in the same
order. **Template**: what the page's own template took in that request, unsealing of titles included. **Ratio**: the
whole page beside the two together; the goal is 2 or less. What lies between is the session, permissions, the record of
who looked, and the mapping of rows.
"""


@dataclass(frozen=True)
class Figure:
    """One page of one person; milliseconds. `hand` is the hand-written SQL, `template` the rendering."""

    page: str
    person: str
    p50: float
    p95: float
    statements: int
    hand: float
    template: float
    ratio: float


@dataclass(frozen=True)
class Run:
    """The figures of one database; the seconds of loading are None when it was there already."""

    cases: int
    megabytes: float
    told_seconds: float | None
    bulk_seconds: float | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Page:
    """A page to measure: its name, its address (each round another of these) and how its rows are read by hand."""

    name: str
    addresses: tuple[str, ...]
    read: Reader
    is_list: bool = False


def main() -> None:
    """Measure every size in a process of its own, and print the tables."""
    arguments = read_arguments()
    if arguments.one:
        sys.stdout.write(json.dumps(asdict(run_one(arguments))))
        return
    wanted = [("--cases", str(size)) for size in arguments.cases] + [("--database", one) for one in arguments.database]
    with tempfile.TemporaryDirectory(prefix="mystery-shopper-desk-") as folder:
        runs = [run_apart(one, str(arguments.keep or folder)) for one in wanted]
    page = to_markdown(sorted(runs, key=lambda run: run.cases))
    sys.stdout.write(page)
    if arguments.write:
        (FIGURES / "desk.md").write_text(page, encoding="utf-8")


def read_arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_desk")
    parser.add_argument("--cases", type=int, action="append", default=[], help="fill a database with so many cases")
    parser.add_argument("--database", action="append", default=[], help="SQLite database filled by demo load")
    parser.add_argument("--keep", type=Path, help="folder the filled databases stay in")
    parser.add_argument("--write", action="store_true", help="write docs/figures/desk.md")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.cases and not arguments.database:
        parser.error("give --cases N or --database URL, each as often as you like")
    return arguments


def run_apart(wanted: tuple[str, str], folder: str) -> Run:
    """Measure one database in a process of its own, so that nothing is warm from another."""
    command = (sys.executable, "-m", "benchmarks.bench_desk", *wanted, "--keep", folder, "--one")
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603
    return Run(**{**found, "figures": tuple(Figure(**one) for one in found["figures"])})


def run_one(arguments: argparse.Namespace) -> Run:
    """Fill a database or take one that is there, and measure the pages on it."""
    seconds: tuple[float, float] | None = None
    if arguments.cases:
        size = arguments.cases[0]
        settings = settings_of(f"sqlite:///{arguments.keep.resolve() / f'desk-{size}' / 'desk.sqlite3'}")
        seconds = fill(settings, size)
    else:
        settings = settings_of(arguments.database[0])
    app = create_app(replace(settings, declare_each_case=False))
    with app.app_context():
        cases = count_cases(is_demonstration=True)
        db.session.remove()
    figures = tuple(figure for person in PEOPLE for figure in measure_person(app, path_of(settings), *person))
    return Run(cases, size_of(path_of(settings)), *(seconds or (None, None)), figures)


def settings_of(url: str) -> Config:
    """Return the settings of a database; keys and evidence lie beside it, or where KEYS_FILE says."""
    folder = Path(make_url(url).database or "").parent
    folder.mkdir(parents=True, exist_ok=True)
    keys = os.environ.get("KEYS_FILE", str(folder / "keys.json"))
    return load_config({"DATABASE_URL": url, "INSTANCE_DIR": str(folder), "KEYS_FILE": keys, "DEMO": "on"})


def path_of(settings: Config) -> Path:
    """Return the file of a SQLite database."""
    return Path(make_url(settings.database_url).database or "")


def size_of(path: Path) -> float:
    """Return the megabytes of a database, its log included."""
    return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*")) / 1_000_000


def fill(settings: Config, cases: int) -> tuple[float, float]:
    """Fill a database as an operator does; return the seconds of the cases that are told, and of those in bulk."""
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "INSTANCE_DIR": str(settings.instance_dir),
        "KEYS_FILE": str(settings.keys_file),
        "DEMO": "on",
    }
    call = partial(subprocess.run, check=True, env=environment, stdout=sys.stderr)
    command, spent = str(Path(sys.executable).parent / "mystery-shopper"), []
    call([command, "prepare"])
    for count in (min(cases, TOLD), cases):
        began = time.monotonic()
        call([command, "demo", "load", "--reports", str(count)])
        spent.append(time.monotonic() - began)
    return spent[0], spent[1]


def measure_person(app: Flask, path: Path, name: str, email: str) -> Iterator[Figure]:
    """Yield the figures of every page of one person."""
    client = app.test_client()
    values = sign_in(app, client, email)
    by_hand = sqlite3.connect(path)
    for page in pages_of(client, sees_all=name == "senior"):
        say(f"{name}: {page.name}")
        yield measure(client, page, by_hand, values, name)
    by_hand.close()


def sign_in(app: Flask, client: FlaskClient, email: str) -> dict[str, str]:
    """Give the client a session of a person; return what the hand-written SQL has to know."""
    with app.app_context():
        with transaction() as session:
            user = find_user_by_email(email)
            if user is None:
                raise SystemExit(f"There is no account {email}: fill the database with 'demo load'")
            token = session_store.new_token()
            session_store.insert(session, token, session_store.new_state(token, user.id, clock.utc_now()))
            me = user.id.hex
        found = {"common": _phrase(COMMON), "rare": _phrase(RARE)}
        db.session.remove()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], token)
    today = clock.today()
    return {"me": me, "today": today.isoformat(), "soon": (today + timedelta(days=14)).isoformat(), **found}


def _phrase(words: str) -> str:
    return f'"{" ".join(tokens([words]))}"'


def pages_of(client: FlaskClient, *, sees_all: bool) -> list[Page]:
    """Return the pages to measure; the case pages are those the list of the person begins with."""
    shown = dict.fromkeys(REFERENCE.findall(client.get("/cases").text))
    cases = tuple(f"/cases/{reference}" for reference in list(shown)[:CASE_PAGES])
    wanted = partial(Wanted, sees_all=sees_all)
    found = "c.serial IN (SELECT rowid FROM case_search WHERE case_search MATCH :{})".format
    common, rare = f"{OPEN} AND +{found('common')}", f"{OPEN} AND {found('rare')}"
    three = "c.waiting = 'us' AND c.priority = 'urgent' AND c.queue = 'new'"
    return [
        Page("desk", ("/desk",), read_desk(sees_all=sees_all)),
        Page("list", ("/cases",), read_list(wanted(OPEN)), is_list=True),
        Page("list, three filters", (FILTERS,), read_list(wanted(f"{OPEN} AND {three}")), is_list=True),
        Page("search, common word", (f"/cases?q={COMMON}",), read_list(wanted(common, is_whole=True)), True),
        Page("search, rare word", (f"/cases?q={RARE}",), read_list(wanted(rare, is_whole=True)), True),
        Page("case page", cases, read_case),
    ]


def measure(
    client: FlaskClient, page: Page, by_hand: sqlite3.Connection, values: dict[str, str], person: str
) -> Figure:
    """Ask for a page and fetch its rows by hand, in turns; check that both find the same cases."""
    whole, template, hand, statements = [], [], [], 0
    for number in range(WARM_UP + ROUNDS):
        address = page.addresses[number % len(page.addresses)]
        reference = address.rsplit("/", 1)[-1]
        if number < WARM_UP:
            statements = max(statements, count_statements(client, address))
        with rendering() as spent:
            took, answer = timed(lambda address=address: client.get(address))
        fetched, rows = timed(lambda reference=reference: page.read(by_hand, {**values, "reference": reference}))
        check(page, answer, [row[0] for row in rows])
        if number >= WARM_UP:
            whole.append(took)
            template.append(sum(spent))
            hand.append(fetched)
    least = statistics.median(one + other for one, other in zip(hand, template, strict=True))
    p50, p95 = statistics.median(whole), statistics.quantiles(whole, n=20)[-1]
    return Figure(
        page=page.name,
        person=person,
        p50=p50,
        p95=p95,
        statements=statements,
        hand=statistics.median(hand),
        template=statistics.median(template),
        ratio=p50 / least,
    )


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the milliseconds something took, and what came of it."""
    began = time.perf_counter()
    answer = call()
    return (time.perf_counter() - began) * 1000, answer


def check(page: Page, answer: Any, references: list[str]) -> None:
    """Refuse to compare a page with rows it does not show."""
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(f"{page.name} answered {answer.status_code}")
    shown = list(dict.fromkeys(REFERENCE.findall(answer.text)))
    same = shown == references if page.is_list else set(shown) & set(references) or not shown
    if not same:
        raise SystemExit(f"{page.name}: the page shows {shown[:5]}..., by hand {references[:5]}...")


def count_statements(client: FlaskClient, address: str) -> int:
    """Return how many statements a page sends to the database, beginnings and ends of transactions left out."""
    with recorded() as found:
        client.get(address)
    return sum(not statement.startswith(NOT_COUNTED) for statement, _ in found)


@contextmanager
def rendering() -> Iterator[list[float]]:
    """Collect the milliseconds every template of the block took."""
    spent: list[float] = []
    began: list[float] = []

    def begin(*_: Any, **__: Any) -> None:
        began.append(time.perf_counter())

    def end(*_: Any, **__: Any) -> None:
        spent.append((time.perf_counter() - began.pop()) * 1000)

    with before_render_template.connected_to(begin), template_rendered.connected_to(end):
        yield spent


def to_markdown(runs: list[Run]) -> str:
    """Return the page docs/figures/desk.md."""
    return "\n".join([HEAD.format(**_machine()), *_loading(runs), *_pages(runs), *_growth(runs), MEANING])


def _machine() -> dict[str, str]:
    return {
        "day": f"{clock.today():%-d %B %Y}",
        "machine": f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores",
        "rounds": str(ROUNDS),
    }


def _loading(runs: list[Run]) -> Iterator[str]:
    yield "| cases | on disk | told, 260 | in bulk | cases per second in bulk | kB per case |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    for run in runs:
        each = f"{run.megabytes * 1000 / run.cases:.1f}"
        if run.bulk_seconds and run.told_seconds:
            rate = f"{(run.cases - TOLD) / run.bulk_seconds:,.0f}"
            times = f"{run.told_seconds:.0f} s | {run.bulk_seconds:.0f} s | {rate}"
        else:
            times = "- | - | -"
        yield f"| {run.cases:,} | {run.megabytes:,.0f} MB | {times} | {each} |"
    yield ""


def _pages(runs: list[Run]) -> Iterator[str]:
    yield "| cases | page | person | median | 95 % | statements | by hand | template | ratio |"
    yield "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for run in runs:
        for one in run.figures:
            yield (
                f"| {run.cases:,} | {one.page} | {one.person} | {one.p50:.1f} | {one.p95:.1f} | {one.statements} "
                f"| {one.hand:.2f} | {one.template:.1f} | {one.ratio:.1f} |"
            )
    yield ""


def _growth(runs: list[Run]) -> Iterator[str]:
    if len(runs) < 2:
        return
    sizes = [f"{run.cases:,}" for run in runs]
    yield f"How much longer the median is than with {sizes[0]} cases:\n"
    yield "| page | person | " + " | ".join(sizes[1:]) + " |"
    yield "| --- | --- |" + " ---: |" * (len(runs) - 1)
    for place, first in enumerate(runs[0].figures):
        grown = (f"{run.figures[place].p50 / first.p50:.2f}" for run in runs[1:])
        yield f"| {first.page} | {first.person} | " + " | ".join(grown) + " |"
    yield ""


if __name__ == "__main__":
    main()
