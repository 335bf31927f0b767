"""The main job from end to end: reported by a mutual, worked by a caseworker, approved by a second person, public.

Once with a letter and its answer; once with the notice of section 108, which the authority answers here without reading
a word that would tell who reported it, and an amended notice as evidence.
"""

import csv
import io
import os
import re
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.factories.notices import DATA, TENDER, UPDATE
from tests.journeys.authority import ANSWER, Officer, give_notice
from tests.journeys.reporter import Reporter
from tests.journeys.staff import Staff
from tests.journeys.test_canary import word
from tests.journeys.test_report_journey import TITLE, look_with_scripts, report_bond
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page
from tests.support.databases import Store
from tests.support.hands import Hands, Keyboard, Mouse
from tests.support.postgres import worker_database
from tests.support.server import COMMAND, ROOT, RunningServer, run_server

pytestmark = pytest.mark.browser

BUYER = "Eastmarch Borough Council"
ISSUE = "A bond of more than four times the value of the contract and five years of accounts were asked for."
CONTACT = {"organisation": "Quillfeather Meals Ltd", "email": "joan@quillfeather.example"}
AsStaff = Callable[[str, Callable[[Staff], Any]], Any]
OUTCOME = "The council reduced the bond and accepts other evidence of financial standing."


# Who works the case, writes, approves and publishes. A code works once, so nobody signs in twice in half a minute.
CASTS = {
    True: ("caseworker@demo.example", "publisher@demo.example", "publisher2@demo.example", "publisher2@demo.example"),
    False: ("caseworker2@demo.example", "publisher2@demo.example", "senior@demo.example", "publisher@demo.example"),
}


def _prepare(folder: Path, settings: dict[str, str]) -> None:
    environment = {**os.environ, **settings, "INSTANCE_DIR": str(folder)}
    for arguments in (("prepare", "--no-demo"), ("demo", "load", "--reports", "2")):
        subprocess.run([*COMMAND, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def demo_server(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The application as `make run` starts it, with few demonstration cases, on the database kind of this session."""
    folder = tmp_path_factory.mktemp("demo")
    settings = {"DEMO": "on"}
    if store.url.startswith("sqlite"):
        _prepare(folder, settings)
        with run_server(folder, settings=settings) as running:
            yield running
        return
    with worker_database("journey") as url:
        settings["DATABASE_URL"] = url
        _prepare(folder, settings)
        with run_server(folder, settings=settings) as running:
            yield running


def file_report(page: Page, reporter: Reporter, private: Mapping[str, str]) -> tuple[str, str]:
    """Send the report about the bond; return the public reference and the receipt code."""
    report_bond(reporter, buyer=BUYER, contact=CONTACT | private)
    assert reporter.raised_rules() == {"FIN-BOND", "FIN-TRADING-HISTORY"}
    reporter.press("Continue")
    code = reporter.send()
    found = re.search(r"PR-[0-9A-Z]{10}", page.inner_text("main"))
    assert found
    return found[0], code


def take_case(staff: Staff, public_reference: str) -> str:
    """Take the case from the desk to "accepted"; return its reference."""
    page = staff.page
    staff.open(f"/cases?q={public_reference}&state=all")
    staff.follow(page.locator("main a[href^='/cases/MS-']").first)
    staff.declare()
    reference = page.url.rsplit("/", 1)[1].split("?")[0]
    assert TITLE in page.inner_text("h1")
    shown = page.inner_text("#flags")
    for words in ("FIN-BOND", "FIN-TRADING-HISTORY", "may be disproportionate"):
        assert words in shown
    staff.hands.press(page.locator("#flags summary").first)
    assert page.locator("#flags a[href*='legislation.gov.uk/ukpga/2023/54/section/22']").count() >= 1
    staff.press("Take this case")
    for state in ("acknowledged", "triage", "accepted"):
        staff.move(reference, state)
    return reference


def work_case(staff: Staff, public_reference: str) -> str:
    """Take the case from the desk to "reporter told", with a letter to the authority; return its reference."""
    reference, today = take_case(staff, public_reference), date.today()  # noqa: DTZ011 - the day the pages mean
    staff.open(f"/cases/{reference}/interventions/new")
    staff.check("kind", "information-request")
    staff.fill_day("made_on", today)
    staff.fill("summary", "Asked why the bond is four times the value.")
    staff.check("moves_case", "yes")
    staff.press("Record it")
    staff.press("Record the answer")
    staff.fill_day("received_on", today)
    staff.fill("text", "It is in the standard terms.")
    staff.check("moves_case", "yes")
    staff.press("Record the answer")
    staff.move(reference, "assessment")
    recommend(staff, reference, today)
    staff.open(f"/cases/{reference}/outcome")
    say_outcome(staff, today)
    staff.press("Record outcome")
    assert staff.page.title().startswith("Error: ")
    assert "Select the fact that shows what got better" in staff.page.inner_text(".govuk-error-summary")
    staff.choose("basis_fact_id", "bond_gbp")
    staff.fill("before", "5,000,000")
    staff.fill("after", "60,000")
    staff.press("Record outcome")
    tell_reporter(staff, reference)
    return reference


def link_notice(staff: Staff, reference: str) -> None:
    """Link the notice as it was: staff paste it."""
    staff.open(f"/cases/{reference}/notices/link")
    staff.fill("pasted", (DATA / f"{TENDER}.json").read_text(encoding="utf-8"))
    staff.fill("reason", "It is this one")
    staff.press("Link the notice")


def work_with_notices(staff: Staff, reference: str, today: date) -> None:
    """Go on when the authority has answered: it accepts a recommendation, and its amended notice shows what it did."""
    staff.server.command("notices", "import", str(DATA / f"{UPDATE}.json"), "--write")
    staff.open(f"/cases/{reference}/parts/action")
    assert ANSWER in staff.page.inner_text("main")
    staff.move(reference, "assessment")
    recommend(staff, reference, today)
    staff.press("Record the answer to recommendation")
    staff.check("answer", "accepted")
    staff.fill("reason", "We agree.")
    staff.fill_day("answered_on", today)
    staff.fill_day("check_on", today)
    staff.press("Save answer")
    staff.press("Record a check")
    staff.check("implemented", "yes")
    staff.fill_day("checked_on", today)
    staff.fill("note", "The notice was amended.")
    for name, place in (("notice_before", 1), ("notice_after", 2)):
        staff.page.locator(f"select[name={name}]").select_option(index=place)
    staff.press("Save check")
    shown = staff.page.inner_text("#recommendations")
    for words in ("1 April 2026 at 12pm", "15 April 2026 at 12pm"):
        assert words in shown
    staff.open(f"/cases/{reference}/outcome")
    staff.press("Use this as the fact")
    say_outcome(staff, today)
    staff.press("Record outcome")
    assert "from 1 April 2026 to 15 April 2026" in staff.page.inner_text("#outcome")
    tell_reporter(staff, reference)


def recommend(staff: Staff, reference: str, today: date) -> None:
    """Record a recommendation to the authority of the case."""
    staff.open(f"/cases/{reference}/recommendations/new")
    staff.fill("text", "Set the bond by the risk of this contract.")
    staff.fill_day("made_on", today)
    assert staff.page.input_value("[name=addressee]") == BUYER
    staff.press("Record recommendation")


def say_outcome(staff: Staff, today: date) -> None:
    """Fill in what came of the case, but for the fact that shows it."""
    staff.check("code", "recommendation-accepted")
    staff.check("upheld", "yes")
    staff.check("positive", "yes")
    staff.fill_day("reached_on", today)
    staff.fill("summary", "The council reduced the bond.")
    staff.check("moves_case", "yes")


def tell_reporter(staff: Staff, reference: str) -> None:
    """Write to the reporter what came of it."""
    staff.open(f"/cases/{reference}/parts/reports")
    staff.press("Write to the reporter")
    staff.fill("body", "The council has reduced the bond to £60,000.")
    staff.press("Send message")
    staff.move(reference, "supplier-told")


def write_text(staff: Staff, reference: str) -> None:
    """Write the public text and send it for approval; a text that names the reporter is stopped first."""
    staff.open(f"/publication/{reference}")
    staff.press("Start the public text")
    if not staff.page.url.endswith("/edit"):
        staff.press("Edit the text")
    staff.choose("subject", "Procurement Process")
    staff.choose("sub_issue", "Financial Requirement")
    staff.check("known_by", "many")
    staff.fill("outcome_text", OUTCOME)
    staff.fill("issue_text", f"{ISSUE} Reported by Quill-feather Meals.")
    staff.press("Save and send for approval")
    assert staff.page.title().startswith("Error: ")
    assert "Quill-feather" in staff.page.inner_text(".govuk-error-summary")
    staff.fill("issue_text", ISSUE)
    staff.press("Save and send for approval")


def approve(staff: Staff, reference: str) -> None:
    """Approve a text somebody else wrote."""
    staff.open(f"/publication/{reference}")
    staff.press("Approve or send back")
    staff.check("approve", "yes")
    staff.press("Save decision")


def publish(staff: Staff, reference: str) -> None:
    """Make an approved text public."""
    staff.open(f"/publication/{reference}")
    staff.press("Publish")
    staff.press("Publish now")


def as_staff_of(
    server: RunningServer, chromium: Browser, *, scripts: bool, viewport: tuple[int, int], hands: Hands
) -> AsStaff:
    """Return how to do something as a member of staff, in a browser of their own."""

    def act_as(email: str, act: Callable[[Staff], Any]) -> Any:
        with open_page(chromium, server.url, viewport=viewport, java_script_enabled=scripts) as page:
            staff = Staff(page, server, look_with_scripts if scripts else assert_reflows, hands)
            staff.sign_in(email)
            return act(staff)

    return act_as


def let_authority_answer(
    server: RunningServer, chromium: Browser, staff: Staff, public_reference: str, folder: Path
) -> tuple[str, Officer]:
    """Work the case with a notice of section 108 that the authority answers here; return the reference and the officer.

    The officer's own browser is closed at the end; what they read is kept.
    """
    reference, today = take_case(staff, public_reference), date.today()  # noqa: DTZ011 - the day the pages mean
    link_notice(staff, reference)
    code = give_notice(staff, reference, today)
    with open_page(chromium, server.url, viewport=PHONE, java_script_enabled=False) as page:
        officer = Officer(page, server, assert_reflows, staff.hands)
        officer.answer(code, folder)
    work_with_notices(staff, reference, today)
    return reference, officer


@pytest.mark.parametrize(
    ("scripts", "viewport", "hands"),
    [
        pytest.param(True, DESKTOP, Mouse(), marks=pytest.mark.large),
        pytest.param(False, PHONE, Keyboard(), marks=pytest.mark.both),
    ],
    ids=["scripts", "no-scripts-on-a-phone-by-keyboard"],
)
def test_a_report_becomes_a_published_result(
    demo_server: RunningServer,
    chromium: Browser,
    tmp_path: Path,
    scripts: bool,
    viewport: tuple[int, int],
    hands: Hands,
) -> None:
    look = look_with_scripts if scripts else assert_reflows
    as_staff = as_staff_of(demo_server, chromium, scripts=scripts, viewport=viewport, hands=hands)
    private = {"name": word(), "trading_names": word(), "email": f"{word()}@{word()}.example"}

    with open_page(chromium, demo_server.url, viewport=viewport, java_script_enabled=scripts) as page:
        public_reference, code = file_report(page, Reporter(page, look, hands=hands), private)

    caseworker, author, approver, publisher = CASTS[scripts]
    if scripts:
        reference = as_staff(caseworker, lambda staff: work_case(staff, public_reference))
    else:
        reference, officer = as_staff(
            caseworker,
            lambda staff: let_authority_answer(demo_server, chromium, staff, public_reference, tmp_path),
        )
        told_nobody = [*private.values(), code.replace(" ", ""), code, public_reference, reference]
        assert officer.has_read([*told_nobody, "Quillfeather", "no surety will write"]) == []
    as_staff(author, lambda staff: write_text(staff, reference))
    if approver == publisher:
        as_staff(approver, lambda staff: (approve(staff, reference), publish(staff, reference)))
    else:
        as_staff(approver, lambda staff: approve(staff, reference))
        as_staff(publisher, lambda staff: publish(staff, reference))

    with urllib.request.urlopen(f"{demo_server.url}/results.csv", timeout=10) as answer:
        rows = list(csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig"))))
    assert list(rows[0]) == ["Year", "Month", "Authority", "Subject", "Sub Issue", "Case Issue", "Case Outcome"]
    wanted = {"Authority": BUYER, "Sub Issue": "Financial Requirement", "Case Issue": ISSUE, "Case Outcome": OUTCOME}
    assert any(wanted.items() <= row.items() for row in rows)
    with open_page(chromium, demo_server.url, viewport=viewport, java_script_enabled=scripts) as page:
        reporter = Reporter(page, look, hands=hands)
        reporter.open(f"/results/{public_reference}")
        assert ISSUE in page.inner_text("main")
        reporter.open("/results/authorities/eastmarch-borough-council")
        assert ISSUE in page.inner_text("main")
        reporter.open_receipt(code)
        told = page.inner_text("main")
        assert "The result has been published. It does not name you." in told
        assert "The council has reduced the bond to £60,000." in told
        reporter.open("/receipt/case/letter")
        assert "The council has reduced the bond to £60,000." in page.inner_text("main")
