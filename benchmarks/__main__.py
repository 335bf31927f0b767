"""Measure the service beside the floor and write docs/figures/bench.md and bench.json.

`make bench`; CASES=1000 SUBMISSIONS=50 make a quicker run, whose figures are not kept.
"""

import json
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

from flask import Flask
from flask_migrate import upgrade

from benchmarks import recording
from config import Config, load_config
from mystery_shopper.accounts.policy import Role
from mystery_shopper.app import create_app
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import create_key_file
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.vault import check_keyring
from mystery_shopper.intake.models import Draft
from mystery_shopper.intake.services import submit_draft
from tests.factories.reports import add_report
from tests.factories.staff import Member, add_member, sign_in_member
from tests.faults.drafts import Prepared, prepare_drafts
from tests.intake.walking import read_forms
from tests.support.server import run_server
from tests.support.shared_server import run_shared_server
from tests.support.visitor import Answer, Visitor

CASES = int(os.environ.get("CASES", "10000"))
SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "150"))
LIST_ROUNDS = 60
WARM_UP = 5
BATCH = 100
COMMON_EVERY = 100
RARE = 3
COMMON_WORD = "pelican"
RARE_WORD = "zeppelin"
FIGURES = Path(__file__).resolve().parent.parent / "docs" / "figures"
LISTS = {
    "list": ("The first page of /cases", "/cases"),
    "common": (f"Search for a word in 1 % of the cases ({CASES // COMMON_EVERY:,})", f"/cases?q={COMMON_WORD}"),
    "rare": (f"Search for a word in {RARE} cases", f"/cases?q={RARE_WORD}"),
}


@dataclass(frozen=True)
class Figure:
    """One comparison; milliseconds."""

    what: str
    rounds: int
    service: float
    service_p95: float
    floor: float
    floor_p95: float
    ratio: float


def main() -> None:
    """Load, measure, write."""
    with tempfile.TemporaryDirectory(prefix="mystery-shopper-bench-") as folder:
        figures, loading = measure(Path(folder))
    table = to_markdown(figures, loading)
    sys.stdout.write(table)
    if "CASES" not in os.environ and "SUBMISSIONS" not in os.environ:
        FIGURES.mkdir(parents=True, exist_ok=True)
        (FIGURES / "bench.md").write_text(table, encoding="utf-8")
        written = {"cases": CASES, "loading_seconds": round(loading), "figures": [asdict(one) for one in figures]}
        (FIGURES / "bench.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def measure(folder: Path) -> tuple[list[Figure], float]:
    """Return the figures, and how many seconds it took to load the cases."""
    settings = make_settings(folder)
    app = create_app(settings)
    began = time.monotonic()
    with app.app_context():
        upgrade()
        with transaction() as session:
            check_keyring(session, clock.utc_now())
        load_cases()
        senior = add_member(Role.SENIOR_CASEWORKER, name="Senior Caseworker")
        db.session.remove()
    loading = time.monotonic() - began
    say(f"{CASES:,} cases loaded in {loading:.0f} s")
    drafts = prepare_drafts(app, SUBMISSIONS + WARM_UP + 1)
    keys = keys_of(app, drafts)
    with app.app_context():
        db.engine.dispose()
    sample, *drafts = drafts
    record_lists(app, folder, senior)
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as source:
        source.execute("VACUUM INTO ?", (str(folder / "floor.sqlite3"),))
    source.close()
    record_submission(app, folder, sample)
    environment = {"FLOOR_DATABASE": str(folder / "floor.sqlite3"), "FLOOR_RECORDING": str(folder)}
    command = (sys.executable, "-m", "benchmarks.floor")
    with (
        run_shared_server(settings, folder / "instance", workers=1) as real,
        run_server(folder / "floor", settings=environment, command=command) as floor,
    ):
        submitting = measure_submissions(real.url, floor.url, drafts, sample, keys)
        return [submitting, *measure_lists(real.url, floor.url, senior)], loading


def make_settings(folder: Path) -> Config:
    """Return the settings of an installation in a folder."""
    create_key_file(folder / "keys.json")
    return load_config(
        {
            "INSTANCE_DIR": str(folder),
            "KEYS_FILE": str(folder / "keys.json"),
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            "MAIL_URL": f"folder:{folder / 'mail'}",
        }
    )


def load_cases() -> None:
    """File reports through the real service, many in one transaction: rules, routing, index and audit included."""
    for first in range(0, CASES, BATCH):
        with transaction():
            for number in range(first, min(first + BATCH, CASES)):
                add_report(narrative=story(number))
        if first % 1000 == 0:
            say(f"{first:,} cases")


def story(number: int) -> str:
    """Return what a reporter wrote: everyday words, a word of every hundredth report, and a rare one."""
    words = ["We are a new firm and no surety will write this bond for us", f"nor for firm{number}"]
    words += [COMMON_WORD] if number % COMMON_EVERY == 0 else []
    words += [RARE_WORD] if number % (CASES // RARE) == 1 else []
    return " ".join(words)


def keys_of(app: Flask, drafts: list[Prepared]) -> dict[UUID, str]:
    """Return the id of the data key of each draft, as SQLite holds it."""
    with app.app_context():
        found = {}
        for one in drafts:
            key_id = db.session.get_one(Draft, one.draft_id).data_key_id
            found[one.draft_id] = key_id.hex if key_id else ""
        db.session.remove()
    return found


def record_submission(app: Flask, folder: Path, sample: Prepared) -> None:
    """Record what the service writes when a draft is sent."""
    with app.app_context():
        with recording.recorded() as statements, transaction():
            submit_draft(sample.draft_id, now=clock.reporter_now())
        db.session.remove()
        db.engine.dispose()
    recording.save(recording.writes(statements), folder / "submit.json")


def record_lists(app: Flask, folder: Path, senior: Member) -> None:
    """Record the queries for cases and their flags that the list asks."""
    browser = app.test_client()
    sign_in_member(browser, senior)
    for name, (_, address) in LISTS.items():
        with recording.recorded() as statements:
            page = browser.get(address)
        queries = recording.about(statements, "cases", "flags")
        if page.status_code != HTTPStatus.OK or not queries:
            raise RuntimeError(f"{address} cannot be measured: {page.status_code}")
        recording.save(queries, folder / f"{name}.json")
    with app.app_context():
        db.engine.dispose()


def measure_submissions(
    real: str, floor: str, drafts: list[Prepared], sample: Prepared, keys: dict[UUID, str]
) -> Figure:
    """Send each draft to the service, and the same writes to the floor, in turns."""
    spent: tuple[list[float], list[float]] = ([], [])
    bare = Visitor(floor, keeps_connection=True)
    for one in drafts:
        visitor = one.visitor(real)
        visitor.keeps_connection = True
        fields = next(form for _, form in read_forms(visitor.get("/report/check").text) if "draft" in form)
        answers = {**fields, "saved_code": "yes"}
        spent[0].append(timed(partial(visitor.post, "/report/check", answers), HTTPStatus.FOUND))
        visitor.close()
        renewed = {"old_draft": sample.draft_id.hex, "new_draft": one.draft_id.hex}
        renewed |= {"old_key": keys[sample.draft_id], "new_key": keys[one.draft_id]}
        bare.get("/healthz")
        spent[1].append(timed(partial(bare.post, "/submit", renewed), HTTPStatus.FOUND))
    bare.close()
    return to_figure("Sending a report (the last POST)", *spent)


def measure_lists(real: str, floor: str, senior: Member) -> list[Figure]:
    """Open each list of the service, and the same queries as a plain table, in turns."""
    browser, bare = Visitor(real, keeps_connection=True), Visitor(floor, keeps_connection=True)
    time.sleep(max(0.0, 31 - time.time() % 30))  # a code of the authenticator app works once
    sign_in_member(browser, senior)  # type: ignore[arg-type]
    figures = []
    for name, (what, address) in LISTS.items():
        spent: tuple[list[float], list[float]] = ([], [])
        for _ in range(LIST_ROUNDS + WARM_UP):
            spent[0].append(timed(partial(browser.get, address), HTTPStatus.OK))
            spent[1].append(timed(partial(bare.get, f"/list/{name}"), HTTPStatus.OK))
        figures.append(to_figure(what, *spent))
    browser.close()
    bare.close()
    return figures


def timed(call: Callable[[], Answer], status: HTTPStatus) -> float:
    """Return how many milliseconds a request took; its answer must have a status."""
    began = time.perf_counter()
    answer = call()
    spent = (time.perf_counter() - began) * 1000
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request} answered {answer.status_code}")
    return spent


def to_figure(what: str, service: list[float], floor: list[float]) -> Figure:
    """Return medians and 95th percentiles, the first rounds left out."""
    ours, theirs = service[WARM_UP:], floor[WARM_UP:]
    say(f"{what}: {statistics.median(ours):.1f} ms, floor {statistics.median(theirs):.1f} ms")
    return Figure(
        what=what,
        rounds=len(ours),
        service=round(statistics.median(ours), 1),
        service_p95=round(statistics.quantiles(ours, n=20)[-1], 1),
        floor=round(statistics.median(theirs), 1),
        floor_p95=round(statistics.quantiles(theirs, n=20)[-1], 1),
        ratio=round(statistics.median(ours) / statistics.median(theirs), 1),
    )


def to_markdown(figures: list[Figure], loading: float) -> str:
    """Return the page docs/figures/bench.md."""
    rows = "".join(
        f"| {one.what} | {one.service:.1f} | {one.service_p95:.1f} | {one.floor:.1f} | {one.floor_p95:.1f} "
        f"| {one.ratio:.1f} | {one.rounds} |\n"
        for one in figures
    )
    machine = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
    return f"""# What the service costs

Written by `make bench` on {clock.today():%-d %B %Y}: {machine}, {CASES:,} cases.
Milliseconds, measured by a client on the same machine over HTTP; service and floor in turns, so that whatever else the
machine did hit both.

| what | service, median | 95 % | floor, median | 95 % | ratio | rounds |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}
**Service**: gunicorn as `make run` starts it, one process with 8 threads, pages signed in through.
**Floor**: bare Flask under the same gunicorn, sqlite3 by hand, WAL and synchronous FULL. For a report it makes the
same writes, recorded from one real submission, with fresh ids, in one transaction; it reads nothing, seals nothing,
judges nothing and knows no session. For a list it runs the same queries for cases and flags and returns a plain table:
no sign-in, no title unsealed, no page around it. So the ratio says what rules, encryption, audit and pages cost.

The cases were filed through the real services, {BATCH} in a transaction ({loading:.0f} s in all: rules, routing, search
index and audit included); none was copied.
"""


def say(message: str) -> None:
    """Tell how far the run is."""
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    main()
