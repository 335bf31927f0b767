"""A reporter leaves what was found for later, comes back with the code, answers a question and adds evidence."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.reporter import Reporter
from tests.journeys.test_report_journey import TITLE, look_with_scripts
from tests.support.browser import DESKTOP, PHONE, TABLET, assert_reflows, open_page
from tests.support.hands import Hands, Keyboard, Mouse
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
    reporter.write("Name of the buyer", "Borough of Nowhere at All")
    reporter.press("Search")
    reporter.hands.tick(reporter.page.get_by_role("radio").last)
    reporter.go_on()
    reporter.tick("Services")
    reporter.tick("Open for tenders now")
    reporter.fill_in({"Title of the procurement": TITLE})
    reporter.fill_in_date("When did the procurement start?", "1", "6", "2025")
    reporter.go_on()
    reporter.choose("Bonds and guarantees")
    reporter.fill_in({"How does this stand in your way?": STORY})
    assert reporter.is_at("What we found in your words")
    assert reporter.page.locator("mark").first.inner_text()
    assert reporter.page.locator("input[type=radio]:checked").count() == 0
    for _ in range(MOST_PAGES):
        if reporter.is_at("Have you raised this with the buyer?"):
            reporter.choose("No")
        elif not reporter.is_at("What the rules say"):
            reporter.go_on()
    assert reporter.raised_rules() == set()
    reporter.press("Continue")
    return reporter.send()


@pytest.mark.parametrize(
    ("scripts", "viewport", "hands"),
    [
        (True, DESKTOP, Keyboard()),
        (False, PHONE, Mouse()),
        pytest.param(True, PHONE, Mouse(), marks=pytest.mark.large),
        pytest.param(False, TABLET, Keyboard(), marks=pytest.mark.large),
    ],
    ids=["keyboard", "phone-no-scripts", "phone", "keyboard-no-scripts"],
)
def test_what_was_left_open_is_answered_through_the_receipt(
    server: RunningServer, chromium: Browser, scripts: bool, viewport: tuple[int, int], hands: Hands, tmp_path: Path
) -> None:
    visited: list[str] = []

    def look(page: Page) -> None:
        visited.append(page.inner_text("h1"))
        (look_with_scripts if scripts and viewport == DESKTOP else assert_reflows)(page)

    with open_page(chromium, server.url, viewport=viewport, java_script_enabled=scripts) as page:
        reporter = Reporter(page, look, hands=hands)
        code = report_in_haste(reporter)
        asked = [heading for heading in dict.fromkeys(visited) if heading not in ASK_NOTHING]
        assert len(asked) <= MOST_PAGES, asked

        reporter.open_receipt(code)
        reporter.press("Check what we found in your words")
        assert page.locator("mark").first.is_visible()
        assert page.get_by_text("<b>no</b>").first.is_visible()
        reporter.answer("How much is the bond", "Something else")
        reporter.go_on()
        assert reporter.has_error()
        reporter.hands.write(page.locator("[name=value_bond_gbp]"), "4,000,000")
        reporter.go_on()
        assert reporter.is_at("Your report")
        assert page.get_by_text("We have your answers").is_visible()

        reporter.press("Answer ")
        assert page.locator(".ms-why").count() > 0
        reporter.hands.tick(page.get_by_label("I do not know", exact=True).first)
        reporter.go_on()
        assert page.get_by_text("You answered our questions.").first.is_visible()
        add_evidence(reporter, tmp_path)
        assert code not in page.content()


def add_evidence(reporter: Reporter, folder: Path) -> None:
    """Send a file through the receipt, after trying to send none."""
    file = folder / "tender.txt"
    file.write_text("Bidders must lodge a performance bond.", encoding="utf-8")
    reporter.press("Add evidence")
    upload = reporter.page.locator("[name=upload]")
    reporter.follow(upload)
    assert reporter.has_error()
    reporter.page.locator("[name=files]").set_input_files(file)
    reporter.follow(upload)
    assert reporter.page.locator("dt", has_text=file.name).is_visible()
    reporter.press("Back to your report")
    assert reporter.is_at("Your report")
