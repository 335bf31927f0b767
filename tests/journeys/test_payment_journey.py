"""A small firm reports an invoice paid late, and later takes its report back: every page looked at by axe."""

import pytest
from playwright.sync_api import Browser

from mystery_shopper.core.languages import ENGLISH, WELSH
from tests.journeys.reporter import SCOPE_ANSWERS, Reporter
from tests.journeys.test_report_journey import BUYER, look_with_scripts
from tests.support.browser import DESKTOP, PHONE, TABLET, open_page
from tests.support.hands import Hands, Keyboard, Mouse
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

INVOICES = "Is it about an invoice that was paid late or not at all?"
SCOPE = SCOPE_ANSWERS | {INVOICES: "Yes, and I can give the number, date and amount of the invoices"}
STORY = "We finished the work in May. Our invoice was paid in August, although nobody disputed it."


def report_payment(reporter: Reporter) -> None:
    """Go from the start page to the on-the-spot view."""
    reporter.start()
    reporter.pass_scope_check(SCOPE)
    reporter.say_who("A small or medium-sized business", "Anonymous")
    reporter.name_buyer(BUYER.split()[0], BUYER)
    reporter.tick("Services")
    reporter.tick("The contract is running")
    reporter.fill_in({"Title of the procurement": "Grounds maintenance"})
    reporter.go_on()  # the dates of the procurement: not known
    assert reporter.field("Payment").is_checked(), "what was said before is not asked again"
    reporter.go_on()
    reporter.fill_in({"How does this stand in your way?": STORY})
    assert reporter.is_at("Payment")
    reporter.fill_in_date("When did the buyer receive your invoice?", "1", "6", "2026")
    reporter.fill_in_date("When was the invoice paid?", "20", "8", "2026")
    reporter.answer("Is the money owed by a main contractor on a public contract, not by the public body?", "No")
    reporter.answer("Was the invoice valid?", "Yes")
    reporter.answer("Did the buyer dispute the invoice?", "No")
    reporter.go_on()
    reporter.choose("No")
    if reporter.is_at("A few more questions"):
        reporter.go_on()


@pytest.mark.parametrize(
    ("viewport", "hands", "language"),
    [
        (PHONE, Keyboard(), ENGLISH),
        pytest.param(TABLET, Mouse(), ENGLISH, marks=pytest.mark.large),
        pytest.param(DESKTOP, Keyboard(), WELSH, marks=pytest.mark.large),
    ],
    ids=["keyboard-phone", "tablet", "welsh-keyboard"],
)
def test_a_firm_reports_late_payment_and_takes_it_back(
    server: RunningServer, chromium: Browser, viewport: tuple[int, int], hands: Hands, language: str
) -> None:
    with open_page(chromium, server.url, viewport=viewport) as page:
        reporter = Reporter(page, look_with_scripts, hands=hands, language=language)
        report_payment(reporter)
        assert reporter.is_at("What the rules say")
        assert reporter.raised_rules() == {"PAY-30"}
        reporter.press("Continue")
        code = reporter.send()

        reporter.open_receipt(code)
        reporter.press("Withdraw your report")
        reporter.press("Withdraw my report")
        assert page.get_by_text(reporter.say("You have withdrawn your report")).is_visible()
        assert page.get_by_role("link", name=reporter.say("Withdraw your report")).count() == 0
