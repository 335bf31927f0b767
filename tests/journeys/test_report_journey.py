"""A mutual reports a bond of £5,000,000 on a £1,200,000 contract: by keyboard alone and by hand, in both languages."""

from collections.abc import Mapping

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Page

from mystery_shopper.core.languages import ENGLISH, WELSH
from tests.journeys.reporter import Reporter
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, TABLET, assert_reflows, open_page
from tests.support.hands import Hands, Keyboard, Mouse
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

TITLE = "Community meals service"
BUYER = "Rotherham Metropolitan Borough Council"
NO_RULING = (
    "This is what our rules say about the answers you gave. It is worked out by a program. <strong>It is not a legal "
    "ruling</strong>: a person looks at every report, and the buyer may have a good reason."
)


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
            reporter.hands.write(reporter.page.locator(f"[name={name}]"), text)
        reporter.go_on()
    reporter.name_buyer(buyer.split()[0], buyer)
    reporter.tick("Services")
    reporter.tick("Open for tenders now")
    reporter.write("Title of the procurement", TITLE)
    reporter.write("Reference number (optional)", "NW-17")
    reporter.write("What is the estimated value of the contract, without VAT?", "£1,200,000")
    reporter.go_on()
    reporter.fill_in_date("When did the procurement start?", "1", "6", "2025")
    reporter.go_on()
    reporter.choose("Bonds and guarantees", "Trading history and accounts")
    reporter.fill_in({"What do the tender documents say? (optional)": "A performance bond of five million pounds."})
    assert reporter.has_error()
    reporter.fill_in({"How does this stand in your way?": "We are a new mutual and no surety will write this bond."})
    assert reporter.is_at("What we found in your words")
    reporter.choose("£5,000,000")
    reporter.go_on()
    reporter.fill_in({"How many years of accounts or turnover figures must a bidder give?": "5"})
    reporter.choose("No")
    if reporter.is_at("A few more questions"):
        reporter.go_on()


@pytest.mark.parametrize(
    ("scripts", "viewport", "hands", "language"),
    [
        (True, DESKTOP, Keyboard(), ENGLISH),
        (False, PHONE, Mouse(), ENGLISH),
        pytest.param(True, PHONE, Mouse(), ENGLISH, marks=pytest.mark.large),
        pytest.param(True, TABLET, Keyboard(), WELSH, marks=pytest.mark.large),
        pytest.param(False, DESKTOP, Keyboard(), WELSH, marks=pytest.mark.large),
    ],
    ids=["keyboard", "phone-no-scripts", "phone", "welsh-keyboard-tablet", "welsh-keyboard-no-scripts"],
)
def test_a_mutual_reports_a_bond_and_follows_it_by_receipt(
    server: RunningServer, chromium: Browser, scripts: bool, viewport: tuple[int, int], hands: Hands, language: str
) -> None:
    with open_page(chromium, server.url, viewport=viewport, java_script_enabled=scripts) as page:
        look = look_with_scripts if scripts and viewport != PHONE else assert_reflows
        reporter = Reporter(page, look, hands=hands, language=language)
        report_bond(reporter)

        assert reporter.is_at("What the rules say")
        assert reporter.raised_rules() == {"FIN-BOND", "FIN-TRADING-HISTORY"}
        assert page.get_by_role("link", name="Procurement Act 2023, s.22").count() == 2
        assert page.get_by_text(Markup(reporter.say(NO_RULING)).striptags()).is_visible()
        assert page.get_by_text(reporter.say("Time limit to go to court"), exact=True).is_visible()

        reporter.press("Continue")
        reporter.press("Send report")
        assert reporter.has_error()
        code = reporter.send()

        reporter.open_receipt(code)
        assert page.get_by_text(reporter.say("We received your report.")).first.is_visible()
        reporter.write("Your message", "Tenders close soon. Can you help?")
        reporter.press("Send message")
        assert page.get_by_text("Tenders close soon. Can you help?").is_visible()
        assert code not in page.content()


def test_exit_this_page_leaves_without_scripts_too(server: RunningServer, chromium: Browser) -> None:
    with open_page(chromium, server.url, java_script_enabled=False) as page:
        Reporter(page, assert_reflows).start()

        exit_link = page.get_by_role("button", name="Exit this page")
        assert exit_link.get_attribute("href") == "/leave"
