"""A reporter leaves what was found for later and answers by receipt: on screen, on a phone, without scripts."""

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.reporter import Reporter
from tests.journeys.test_report_journey import TITLE, look_with_scripts
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

MOST_PAGES = 15
"""Pages of questions in a report about one barrier."""
ASK_NOTHING = ("Before you report a barrier", "What the rules say", "We have your report")
STORY = "We are a new mutual. They want a performance bond of £5 million and <b>no</b> surety will write it."


def report_in_haste(reporter: Reporter) -> str:
    """Report a bond in the story alone, confirm nothing, send it, and return the receipt code."""
    reporter.start()
    reporter.pass_scope_check()
    reporter.say_who("A public service mutual", "Anonymous")
    reporter.page.get_by_label("Name of the buyer").fill("Borough of Nowhere at All")
    reporter.press("Search")
    reporter.page.get_by_role("radio").last.check()
    reporter.go_on()
    reporter.page.get_by_label("Services", exact=True).check()
    reporter.page.get_by_label("Open for tenders now", exact=True).check()
    reporter.fill_in({"Title of the procurement": TITLE})
    reporter.fill_in_date("When did the procurement start?", "1", "6", "2025")
    reporter.go_on()
    reporter.choose("Bonds and guarantees")
    reporter.fill_in({"How does this stand in your way?": STORY})
    assert reporter.heading == "What we found in your words"
    assert reporter.page.locator("mark").first.inner_text()
    assert reporter.page.locator("input[type=radio]:checked").count() == 0
    for _ in range(MOST_PAGES):
        if reporter.heading == "Have you raised this with the buyer?":
            reporter.choose("No")
        elif reporter.heading != "What the rules say":
            reporter.go_on()
    assert reporter.raised_rules() == set()
    reporter.press("Continue")
    code = reporter.receipt_code()
    reporter.page.get_by_label("I have saved my receipt code").check()
    reporter.press("Send report")
    return code


@pytest.mark.parametrize(
    ("scripts", "viewport"),
    [(True, DESKTOP), pytest.param(True, PHONE, marks=pytest.mark.large), (False, PHONE)],
    ids=["scripts", "phone", "no-scripts"],
)
def test_what_was_left_open_is_answered_through_the_receipt(
    server: RunningServer, chromium: Browser, scripts: bool, viewport: tuple[int, int]
) -> None:
    visited: list[str] = []

    def look(page: Page) -> None:
        visited.append(page.inner_text("h1"))
        (look_with_scripts if scripts and viewport == DESKTOP else assert_reflows)(page)

    with open_page(chromium, server.url, viewport=viewport, java_script_enabled=scripts) as page:
        reporter = Reporter(page, look)
        code = report_in_haste(reporter)
        asked = [heading for heading in dict.fromkeys(visited) if heading not in ASK_NOTHING]
        assert len(asked) <= MOST_PAGES, asked

        reporter.open_receipt(code)
        reporter.press("Check what we found in your words")
        assert page.locator("mark").first.is_visible()
        assert page.get_by_text("<b>no</b>").first.is_visible()
        bond = page.get_by_role("group", name="How much is the bond")
        bond.get_by_label("Something else", exact=True).check()
        reporter.go_on()
        assert page.title().startswith("Error: ")
        page.locator("[name=value_bond_gbp]").fill("4,000,000")
        reporter.go_on()
        assert reporter.heading == "Your report"
        assert page.get_by_text("We have your answers").is_visible()

        reporter.press("Answer ")
        assert page.locator(".ms-why").count() > 0
        page.get_by_label("I do not know", exact=True).first.check()
        reporter.go_on()
        assert page.get_by_text("You answered our questions.").first.is_visible()
        assert code not in page.content()
