"""The main job from end to end: reported by a mutual, worked by a caseworker, approved by a second person, public."""

import csv
import io
import os
import re
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.reporter import Reporter
from tests.journeys.staff import Staff
from tests.journeys.test_report_journey import TITLE, look_with_scripts, report_bond
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page
from tests.support.databases import Store
from tests.support.postgres import worker_database
from tests.support.server import COMMAND, ROOT, RunningServer, run_server

pytestmark = pytest.mark.browser

BUYER = "Eastmarch Borough Council"
ISSUE = "A bond of more than four times the value of the contract and five years of accounts were asked for."
CONTACT = {"organisation": "Quillfeather Meals Ltd", "email": "joan@quillfeather.example"}
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


def file_report(page: Page, reporter: Reporter) -> tuple[str, str]:
    """Send the report about the bond; return the public reference and the receipt code."""
    report_bond(reporter, buyer=BUYER, contact=CONTACT)
    assert reporter.raised_rules() == {"FIN-BOND", "FIN-TRADING-HISTORY"}
    reporter.press("Continue")
    code = reporter.receipt_code()
    page.get_by_label("I have saved my receipt code").check()
    reporter.press("Send report")
    found = re.search(r"PR-[0-9A-Z]{10}", page.inner_text("main"))
    assert found
    return found[0], code


def work_case(staff: Staff, public_reference: str) -> str:
    """Take the case from the desk to "reporter told"; return its reference."""
    page, today = staff.page, date.today()  # noqa: DTZ011 - the day the pages mean
    staff.open(f"/cases?q={public_reference}&state=all")
    page.locator("main a[href^='/cases/MS-']").first.click()
    staff.look(page)
    staff.declare()
    reference = page.url.rsplit("/", 1)[1].split("?")[0]
    assert TITLE in page.inner_text("h1")
    shown = page.inner_text("#flags")
    for words in ("FIN-BOND", "FIN-TRADING-HISTORY", "may be disproportionate"):
        assert words in shown
    page.locator("#flags summary").first.click()
    assert page.locator("#flags a[href*='legislation.gov.uk/ukpga/2023/54/section/22']").count() >= 1
    staff.press("Take this case")
    for state in ("acknowledged", "triage", "accepted"):
        staff.move(reference, state)

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
    conclude(staff, reference, today)
    staff.move(reference, "supplier-told")
    return reference


def conclude(staff: Staff, reference: str, today: date) -> None:
    """Record a recommendation, the outcome with the fact it rests on, and tell the reporter."""
    staff.open(f"/cases/{reference}/recommendations/new")
    staff.fill("text", "Set the bond by the risk of this contract.")
    staff.fill_day("made_on", today)
    staff.press("Record recommendation")

    staff.open(f"/cases/{reference}/outcome")
    staff.check("code", "recommendation-accepted")
    staff.check("upheld", "yes")
    staff.check("positive", "yes")
    staff.fill_day("reached_on", today)
    staff.fill("summary", "The council reduced the bond.")
    staff.check("moves_case", "yes")
    staff.press("Record outcome")
    assert staff.page.title().startswith("Error: ")
    assert "Select the fact that shows what got better" in staff.page.inner_text(".govuk-error-summary")
    staff.choose("basis_fact_id", "bond_gbp")
    staff.fill("before", "5,000,000")
    staff.fill("after", "60,000")
    staff.press("Record outcome")

    staff.open(f"/cases/{reference}/parts/reports")
    staff.press("Write to the reporter")
    staff.fill("body", "The council has reduced the bond to £60,000.")
    staff.press("Send message")


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


@pytest.mark.parametrize(
    ("scripts", "viewport"),
    [pytest.param(True, DESKTOP, id="scripts", marks=pytest.mark.both), (False, PHONE)],
    ids=[None, "no-scripts-on-a-phone"],
)
def test_a_report_becomes_a_published_result(
    demo_server: RunningServer, chromium: Browser, scripts: bool, viewport: tuple[int, int]
) -> None:
    look = look_with_scripts if scripts else assert_reflows

    def as_staff(email: str, act: Callable[[Staff], Any]) -> Any:
        """Do something as a member of staff, in a browser of their own."""
        with open_page(chromium, demo_server.url, viewport=viewport, java_script_enabled=scripts) as page:
            staff = Staff(page, demo_server, look)
            staff.sign_in(email)
            return act(staff)

    with open_page(chromium, demo_server.url, viewport=viewport, java_script_enabled=scripts) as page:
        public_reference, code = file_report(page, Reporter(page, look))

    caseworker, author, approver, publisher = CASTS[scripts]
    reference = as_staff(caseworker, lambda staff: work_case(staff, public_reference))
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
        reporter = Reporter(page, look)
        reporter.open(f"/results/{public_reference}")
        assert ISSUE in page.inner_text("main")
        reporter.open("/results/authorities/eastmarch-borough-council")
        assert ISSUE in page.inner_text("main")
        reporter.open_receipt(code)
        told = page.inner_text("main")
        assert "The result has been published. It does not name you." in told
        assert "The council has reduced the bond to £60,000." in told
