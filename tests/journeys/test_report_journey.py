"""A mutual reports a bond of £5,000,000 on a £1,200,000 contract: with scripts and without, on screen and phone."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.reporter import Reporter
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

TITLE = "Community meals service"
BUYER = "Rotherham Metropolitan Borough Council"


def look_with_scripts(page: Page) -> None:
    """Check a page as it stands: axe, no sideways scrolling."""
    assert_accessible(page)
    assert_reflows(page)


def report_bond(reporter: Reporter, *, buyer: str = BUYER, contact: Mapping[str, str] | None = None) -> None:
    """Go from the start page to the on-the-spot view; with `contact` the reporter is known in confidence."""
    reporter.start()
    reporter.pass_scope_check()
    reporter.say_who("A public service mutual", "Confidential" if contact else "Anonymous")
    if contact:
        for name, text in contact.items():
            reporter.page.locator(f"[name={name}]").fill(text)
        reporter.go_on()
    reporter.name_buyer(buyer.split()[0], buyer)
    reporter.page.get_by_label("Services", exact=True).check()
    reporter.page.get_by_label("Open for tenders now", exact=True).check()
    reporter.fill_in(
        {
            "Title of the procurement": TITLE,
            "Reference number (optional)": "NW-17",
            "What is the estimated value of the contract, without VAT?": "£1,200,000",
        }
    )
    reporter.fill_in_date("When did the procurement start?", "1", "6", "2025")
    reporter.go_on()
    reporter.choose("Bonds and guarantees", "Trading history and accounts")
    reporter.fill_in({"What do the tender documents say? (optional)": "A performance bond of five million pounds."})
    assert reporter.page.title().startswith("Error: ")
    reporter.fill_in({"How does this stand in your way?": "We are a new mutual and no surety will write this bond."})
    assert reporter.heading == "What we found in your words"
    reporter.choose("£5,000,000")
    reporter.go_on()
    reporter.fill_in({"How many years of accounts or turnover figures must a bidder give?": "5"})
    reporter.choose("No")
    if reporter.heading == "A few more questions":
        reporter.go_on()


@pytest.mark.parametrize(
    ("scripts", "viewport"),
    [(True, DESKTOP), pytest.param(True, PHONE, marks=pytest.mark.large), (False, PHONE)],
    ids=["scripts", "phone", "no-scripts"],
)
def test_a_mutual_reports_a_bond_and_follows_it_by_receipt(
    server: RunningServer, chromium: Browser, scripts: bool, viewport: tuple[int, int]
) -> None:
    with open_page(chromium, server.url, viewport=viewport, java_script_enabled=scripts) as page:
        reporter = Reporter(page, look_with_scripts if scripts and viewport == DESKTOP else assert_reflows)
        report_bond(reporter)

        assert reporter.heading == "What the rules say"
        assert reporter.raised_rules() == {"FIN-BOND", "FIN-TRADING-HISTORY"}
        assert page.get_by_role("link", name="Procurement Act 2023, s.22").count() == 2
        assert page.get_by_text("It is not a legal ruling").is_visible()
        assert page.get_by_text("Time limit to go to court", exact=True).is_visible()

        reporter.press("Continue")
        code = reporter.receipt_code()
        reporter.press("Send report")
        assert page.title().startswith("Error: ")
        page.get_by_label("I have saved my receipt code").check()
        reporter.press("Send report")
        assert reporter.heading == "We have your report"

        reporter.open_receipt(code)
        assert page.get_by_text("We received your report.").first.is_visible()
        page.get_by_label("Your message").fill("Tenders close soon. Can you help?")
        reporter.press("Send message")
        assert page.get_by_text("Tenders close soon. Can you help?").is_visible()
        assert code not in page.content()


def test_exit_this_page_leaves_without_scripts_too(server: RunningServer, chromium: Browser) -> None:
    with open_page(chromium, server.url, java_script_enabled=False) as page:
        Reporter(page, assert_reflows).start()

        exit_link = page.get_by_role("button", name="Exit this page")
        assert exit_link.get_attribute("href") == "/leave"


def test_the_keyboard_alone_answers_a_question(server: RunningServer, chromium: Browser) -> None:
    with open_page(chromium, server.url) as page:
        reporter = Reporter(page, look_with_scripts)
        reporter.start()
        while page.evaluate("document.activeElement.name") != "body":
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        with page.expect_navigation(url="**/report/scope-checks*"):
            page.keyboard.press("Enter")
        assert reporter.heading == "What is your report about?"
