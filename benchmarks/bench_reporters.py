"""What many reporters at once wait for: from the start page to the receipt over HTTP, and all of them sending at once.

`.venv/bin/python -m benchmarks.bench_reporters` writes docs/figures/reporters.md. REPORTERS=5 makes a quicker run,
whose figures are not kept. The service runs as `make run` starts it (gunicorn, one process with 8 threads, SQLite in a
new folder, the limits as configured); every reporter comes from an address of their own. Nobody pauses to read or type.
"""

import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from ipaddress import IPv4Address
from multiprocessing import get_context
from pathlib import Path

from flask_migrate import upgrade

from benchmarks.__main__ import keys_of, make_settings, record_submission, say
from config import Config
from mystery_shopper.app import create_app
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.vault import check_keyring
from tests.factories.reports import add_report
from tests.faults.drafts import FIRST_ADDRESS, prepare_drafts
from tests.intake.walking import Walker
from tests.support.server import run_server
from tests.support.shared_server import run_shared_server
from tests.support.visitor import Answer, Visitor

USUAL = 50
REPORTERS = int(os.environ.get("REPORTERS", str(USUAL)))
PROCESSES = 4
"""Reporters are shared out over so many processes, so that they do not wait for one another's interpreter."""
OUT = Path(__file__).resolve().parents[1] / "docs" / "figures" / "reporters.md"
CHECK = "/report/check"
CASES_BEFORE = 200
"""So many cases are there before: the floor tells running numbers by their size (`floor.SMALLEST_NUMBER`)."""


@dataclass
class TimedVisitor(Visitor):
    """A browser that notes how many milliseconds each request took, by method and page."""

    spent: list[tuple[str, float]] = field(default_factory=list)

    def _ask(self, method: str, address: str, body: bytes | None) -> Answer:
        began = time.perf_counter()
        answer = super()._ask(method, address, body)
        self.spent.append((f"{method} {answer.request.path}", (time.perf_counter() - began) * 1000))
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {answer.request.path} answered {answer.status_code}")
        return answer


@dataclass(frozen=True)
class Walked:
    """A reporter at the last page: what would be sent, and what it took to come there. `failure`: what went wrong."""

    number: int
    spent: list[tuple[str, float]]
    cookies: dict[str, str] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    code: str = ""
    failure: str = ""

    def visitor(self, url: str) -> TimedVisitor:
        """Return the browser again."""
        return browser_of(url, self.number, self.cookies)


@dataclass(frozen=True)
class Burst:
    """Everybody's last request at once: how long each took, and all of them together."""

    milliseconds: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Return how many a second."""
        return len(self.milliseconds) / self.seconds


def main() -> None:
    """Walk, send, measure the floor, write."""
    with tempfile.TemporaryDirectory(prefix="mystery-shopper-reporters-") as folder:
        table = measure(Path(folder))
    sys.stdout.write(table)
    if REPORTERS == USUAL:
        OUT.write_text(table, encoding="utf-8")


def measure(folder: Path) -> str:
    """Return the page with the figures of service and floor."""
    settings = make_settings(folder)
    prepare_floor(settings, folder)
    with run_shared_server(settings, folder / "instance", workers=1) as server:
        began = time.perf_counter()
        walked = walk_all(server.url)
        seconds = time.perf_counter() - began
        say(f"{len(walked)} reporters at the last page after {seconds:.0f} s")
        ready = [one for one in walked if not one.failure]
        browsers = [one.visitor(server.url) for one in ready]
        sending = at_once([partial(send, browser, one) for browser, one in zip(browsers, ready, strict=True)])
        at_once([partial(open_receipt, browser, one) for browser, one in zip(browsers, ready, strict=True)])
    spent = [pair for one in walked for pair in one.spent] + [pair for browser in browsers for pair in browser.spent]
    floor = measure_floor(folder, len(ready))
    return to_markdown(spent, sending, floor, seconds, [one.failure for one in walked if one.failure])


def prepare_floor(settings: Config, folder: Path) -> None:
    """Make the database, copy it for the floor with the drafts it is to renew, and record one submission."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        with transaction() as session:
            check_keyring(session, clock.utc_now())
        with transaction():
            for _ in range(CASES_BEFORE):
                add_report()
        db.session.remove()
    sample, *drafts = prepare_drafts(app, REPORTERS + 2)
    keys = keys_of(app, [sample, *drafts])
    with app.app_context():
        db.engine.dispose()
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as source:
        source.execute("VACUUM INTO ?", (str(folder / "floor.sqlite3"),))
    source.close()
    record_submission(app, folder, sample)
    lines = (f"{one.draft_id.hex} {keys[one.draft_id]}\n" for one in (sample, *drafts))
    (folder / "drafts.txt").write_text("".join(lines), encoding="utf-8")


def walk_all(url: str) -> list[Walked]:
    """Let every reporter answer every page, all at the same time."""
    shares = [list(range(first, REPORTERS, PROCESSES)) for first in range(min(PROCESSES, REPORTERS))]
    with ProcessPoolExecutor(len(shares), mp_context=get_context("spawn")) as pool:
        return [one for share in pool.map(partial(walk_share, url), shares) for one in share]


def walk_share(url: str, numbers: Sequence[int]) -> list[Walked]:
    """Let some reporters walk, each in a thread."""
    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(partial(walk, url), numbers))


def walk(url: str, number: int) -> Walked:
    """Answer every page of a report about a bond, up to the last one."""
    browser = browser_of(url, number, {})
    walker = Walker(browser)  # type: ignore[arg-type]
    try:
        walker.report_bond("confidential")
        walker.open(CHECK)
        code, fields = walker.receipt_code(), walker.form()[1]
    except Exception as error:
        return Walked(number, browser.spent, failure=f"{type(error).__name__}: {error}")
    finally:
        browser.close()
    return Walked(number, browser.spent, browser.cookies, fields, code)


def browser_of(url: str, number: int, cookies: dict[str, str]) -> TimedVisitor:
    """Return the browser of a reporter at an address of their own."""
    headers = {"X-Forwarded-For": str(IPv4Address(FIRST_ADDRESS + number))}
    return TimedVisitor(url, headers, keeps_connection=True, cookies=dict(cookies))


def send(browser: TimedVisitor, one: Walked) -> None:
    """Send a report."""
    answer = browser.post(CHECK, {**one.fields, "saved_code": "yes"})
    if answer.status_code != HTTPStatus.FOUND:
        raise RuntimeError(f"A report was not taken: {answer.status_code}")
    browser.close()  # nobody keeps a connection while the others send


def open_receipt(browser: TimedVisitor, one: Walked) -> None:
    """See that the report arrived, and open its receipt with the code."""
    walker = Walker(browser)  # type: ignore[arg-type]
    walker.open("/report/done")
    walker.open("/receipt")
    walker.send({"code": one.code})
    if walker.path != "/receipt/case":
        raise RuntimeError("A receipt did not open")
    browser.close()


def at_once(calls: Sequence[Callable[[], None]]) -> Burst:
    """Make all calls at the same time."""

    def timed(call: Callable[[], None]) -> float:
        began = time.perf_counter()
        call()
        return (time.perf_counter() - began) * 1000

    began = time.perf_counter()
    with ThreadPoolExecutor(len(calls)) as pool:
        spent = list(pool.map(timed, calls))
    return Burst(spent, time.perf_counter() - began)


def measure_floor(folder: Path, count: int) -> Burst:
    """Let the floor make the same writes for as many at once."""
    (old, old_key), *drafts = (line.split(" ") for line in (folder / "drafts.txt").read_text().splitlines())
    environment = {"FLOOR_DATABASE": str(folder / "floor.sqlite3"), "FLOOR_RECORDING": str(folder)}
    command = (sys.executable, "-m", "benchmarks.floor")
    with run_server(folder / "floor", settings=environment, command=command) as floor:

        def submit(new: str, new_key: str) -> None:
            fields = {"old_draft": old, "new_draft": new, "old_key": old_key, "new_key": new_key}
            answer = Visitor(floor.url).post("/submit", fields)
            if answer.status_code != HTTPStatus.FOUND:
                raise RuntimeError(f"The floor answered {answer.status_code}")

        submit(*drafts.pop())
        return at_once([partial(submit, new, key) for new, key in drafts[:count]])


def to_markdown(
    spent: Sequence[tuple[str, float]], sending: Burst, floor: Burst, seconds: float, failures: Sequence[str]
) -> str:
    """Return the page docs/figures/reporters.md."""
    by_page: dict[str, list[float]] = defaultdict(list)
    for page, milliseconds in spent:
        by_page[page].append(milliseconds)
    rows = "".join(f"| {page} | {columns(values)} | {len(values)} |\n" for page, values in by_page.items())
    both = ("Reports sent", sending), ("The same writes by the floor", floor)
    bursts = "".join(f"| {what} | {one.rate:.1f} | {columns(one.milliseconds)} |\n" for what, one in both)
    every = [milliseconds for _, milliseconds in spent]
    lost = "".join(f"\n- {failure}" for failure in failures) or " none"
    machine = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
    return f"""# What {REPORTERS} reporters at once wait for

Written by `python -m benchmarks.bench_reporters` on {clock.today():%-d %B %Y}: {machine}, reporters and
service on the same machine. {REPORTERS} reporters walk from the start to the receipt at the same time, without a pause
to read or to type; milliseconds of one request, by page. The service runs as `make run` starts it: one process with 8
threads. {CASES_BEFORE} cases were there before.

Everybody had come to the last page after {seconds:.0f} s. Reporters who did not come there:{lost}.

| page | p50, ms | p95, ms | requests |
| --- | ---: | ---: | ---: |
{rows}| **all** | {columns(every)} | {len(every)} |

Then all of them sent at once:

| what | a second | p50, ms | p95, ms |
| --- | ---: | ---: | ---: |
{bursts}
The floor of [what the service costs](bench.md) takes {floor.rate / sending.rate:.1f} times as many a second: bare Flask
and sqlite3 under the same server, the same writes, nothing read, sealed or judged.
"""


def columns(values: Sequence[float]) -> str:
    """Return median and 95th percentile as two columns."""
    return f"{p(values, 50):.0f} | {p(values, 95):.0f}"


def p(values: Sequence[float], percent: int) -> float:
    """Return a percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


if __name__ == "__main__":
    main()
