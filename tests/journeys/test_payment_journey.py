"""A small firm reports invoices paid late, on a phone, and later takes its report back: every page looked at by axe."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.reporter import SCOPE_ANSWERS, Reporter
from tests.journeys.test_report_journey import BUYER, look_with_scripts
from tests.support.browser import PHONE, open_page
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
    reporter.page.get_by_label("Services", exact=True).check()
    reporter.page.get_by_label("The contract is running", exact=True).check()
    reporter.fill_in({"Title of the procurement": "Grounds maintenance"})
    reporter.go_on()  # the dates of the procurement: not known
    assert reporter.page.get_by_label("Payment", exact=True).is_checked(), "what was said before is not asked again"
    reporter.go_on()
    reporter.fill_in({"How does this stand in your way?": STORY})
    assert reporter.heading == "Payment"
    reporter.fill_in_date("When did the buyer receive your invoice?", "1", "6", "2026")
    reporter.fill_in_date("When was the invoice paid?", "20", "8", "2026")
    for question, answer in (
        ("Is the money owed by a main contractor on a public contract, not by the public body?", "No"),
        ("Was the invoice valid?", "Yes"),
        ("Did the buyer dispute the invoice?", "No"),
    ):
        reporter.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    reporter.go_on()
    reporter.choose("No")
    if reporter.heading == "A few more questions":
        reporter.go_on()


def test_a_firm_reports_late_payment_and_takes_it_back(server: RunningServer, chromium: Browser) -> None:
    with open_page(chromium, server.url, viewport=PHONE) as page:
        reporter = Reporter(page, look_with_scripts)
        report_payment(reporter)
        assert reporter.heading == "What the rules say"
        assert reporter.raised_rules() == {"PAY-30"}

        reporter.press("Continue")
        code = reporter.receipt_code()
        page.get_by_label("I have saved my receipt code").check()
        reporter.press("Send report")
        assert reporter.heading == "We have your report"

        reporter.open_receipt(code)
        reporter.press("Withdraw")
        page.screenshot(path="/tmp/withdraw.png", full_page=True)
        reporter.press("Withdraw my report")
        assert page.get_by_text("You have withdrawn your report").is_visible()
        assert page.get_by_role("link", name="Withdraw").count() == 0
        page.screenshot(path="/tmp/withdrawn.png", full_page=True)
