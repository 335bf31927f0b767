"""What every test session needs: the PostgreSQL server stopped at the end, no skip in CI, a count of what ran by kind.

With TEST_DATABASE=postgresql only the tests that touch a database run: services, queries, races, killed workers,
migrations, bad input at every form, what was erased. Those of pages would only be repeated. To be done in 20
minutes, tests marked `large` and some files on PostgreSQL are left to `make test-whole` (WHOLE=yes). Tests marked
`external` run only where the data from outside they measure against are; pytest counts the others as deselected.
"""

import gc
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import postgres
from tests.support.outside import DOMAIN, HAS_PDF
from tests.support.skips import in_ci, require_or_skip

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

DATABASE_FIXTURES = frozenset({"store", "app", "migrated"})
ABOUT_PAGES = ("views", "pages", "templates", "components", "nothing_lost", "bad_input", "markup")
"""Words in the names of files whose tests are of what is drawn and typed, not of what is stored."""
WAIT_MOST = ("browser", "faults", "journeys")
WHOLE = os.environ.get("WHOLE") == "yes"
"""Set by `make test-whole`: nothing is left out because something else looks at nearly the same."""
LARGE_ON_POSTGRESQL = (
    "accounts/test_signing_in", "architecture/test_query_counts", "architecture/test_routes",
    "architecture/test_welsh", "authorities/test_queries", "casework/test_attachments", "casework/test_overrides",
    "catalogue/test_http", "demo/test_showing", "demo/test_suggesting", "demo/test_teaming", "evidence/test_canary",
    "faults/test_evidence", "faults/test_sending", "faults/test_sessions", "guidance/test_referring",
    "intake/test_keying", "intake/test_notice_step", "intake/test_proofs", "intake/test_questions_walls",
    "journeys/test_canary", "journeys/test_main_job", "publication/test_services", "replays/test_cli",
    "replays/test_services", "security/test_curious_authority", "security/test_kept_text", "security/test_on_record",
    "similarity/test_sequences", "similarity/test_suggestions", "similarity/test_walls", "suggestions/test_canary",
)  # fmt: skip
"""Files that take long on PostgreSQL and say little that is not said on SQLite: only `make test-whole` repeats them."""
BROWSER_SECONDS = 400
GARBAGE_THRESHOLDS = (20_000, 20, 20)
MARKER_KINDS = ("browser", "postgresql", "slow")


def touches_database(item: pytest.Item) -> bool:
    """Tell whether a test asks, directly or not, for a database of this session."""
    return not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def is_wanted(item: pytest.Item) -> bool:
    """Tell whether a test belongs to this session: its database, and the data it measures against, are there."""
    external = item.get_closest_marker("external")
    if external is not None and not external.args[0]:
        return False
    if os.environ.get("TEST_DATABASE", "sqlite") == "postgresql":
        return touches_database(item) and item.get_closest_marker("sqlite") is None and not _is_left_out(item)
    return WHOLE or item.get_closest_marker("large") is None


def _is_left_out(item: pytest.Item) -> bool:
    if _is_about_pages(item):
        return True
    place = item.path.with_suffix("").as_posix()
    return not WHOLE and (item.get_closest_marker("large") is not None or place.endswith(LARGE_ON_POSTGRESQL))


def _is_about_pages(item: pytest.Item) -> bool:
    """Tell whether a test looks at pages: they are the same on both databases, but for the main job in a browser."""
    if item.get_closest_marker("both") is not None:
        return False
    about = any(word in item.path.stem for word in ABOUT_PAGES)
    return about or item.get_closest_marker("browser") is not None


def _waits_little(item: pytest.Item) -> bool:
    return kind_of(item.nodeid, [mark.name for mark in item.iter_markers()]) not in WAIT_MOST


def kind_of(nodeid: str, keywords: Iterable[str]) -> str:
    """Return the kind of a test: its marker, otherwise the folder below tests/ it lies in."""
    present = set(keywords)
    for marker in MARKER_KINDS[:2]:
        if marker in present:
            return marker
    parts = Path(nodeid.split("::", 1)[0]).parts
    return parts[1] if len(parts) > 2 else "tests"


class Session:
    """The controlling process of a session: owns the database server and the tally."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started = time.monotonic()
        self.ran: Counter[str] = Counter()
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.outcome in ("passed", "failed"):
            self.ran[kind_of(report.nodeid, report.keywords)] += 1
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if in_ci() and self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        write = terminalreporter.write_line
        if in_ci() and self.skipped:
            write(f"ERROR: {len(self.skipped)} tests were skipped, and in CI nothing may be: {', '.join(self.skipped)}")
        if not DOMAIN.is_dir():
            write(f"NOT MEASURED: the tests that measure against data from outside were left out; there is no {DOMAIN}")
        if not HAS_PDF:
            write("NOT CHECKED: letters as PDF; this system has no pango (Debian: libpango-1.0-0, libpangoft2-1.0-0)")
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.ran.items()))
        database = os.environ.get("TEST_DATABASE", "sqlite")
        seconds = time.monotonic() - self.started
        write(f"{sum(self.ran.values())} tests on {database} in {seconds:.0f} s: {kinds or 'none'}")

    def pytest_unconfigure(self) -> None:
        postgres.close_session(self.folder)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and not os.environ.get(postgres.FOLDER_VARIABLE):
        folder = postgres.open_session()
        _keep_temporary_files_in(folder / "tmp")
        config.pluginmanager.register(Session(folder), "mystery-shopper-session")


def _keep_temporary_files_in(folder: Path) -> None:
    """Let the databases of tests and servers lie in memory, where a full sync costs nothing; gone with the session."""
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None


def pytest_collection_finish() -> None:
    """Let the collector of cycles leave alone what stays for the whole session: it takes a fifth of the time else."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not is_wanted(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if is_wanted(item)]
    # What waits for a browser or a killed server begins, so that nobody waits for it at the end.
    items.sort(key=_waits_little)
    for item in items:
        if item.get_closest_marker("browser"):
            # A signal in the middle of a browser's loop leaves it waiting for ever: the thread ends the process.
            item.add_marker(pytest.mark.timeout(BROWSER_SECONDS, method="thread"))


@pytest.fixture(scope="session")
def playwright_driver() -> "Iterator[Playwright]":
    """The one Playwright a process may have; imported only where it is used, because that takes a while."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright_driver: "Playwright") -> "Iterator[Browser]":
    """One headless Chromium for each process; take pages from tests.support.browser.open_page."""
    from tests.support.browser import find_chromium, open_browser

    found = find_chromium()
    require_or_skip(found, "a Chromium: run make install-dev")
    if found is not None:
        with open_browser(playwright_driver, found) as browser:
            yield browser
