"""Somebody with two minutes: one page, by keyboard alone or by hand, on three widths, with scripts and without."""

import pytest
from playwright.sync_api import Browser, Page

from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, TABLET, assert_reflows, open_page
from tests.support.hands import Keyboard
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

STORY = "Bidders must lodge a performance bond of £5,000,000. We are a new mutual and no surety will write it."
HANDS = Keyboard()


def press(page: Page, selector: str) -> None:
    """Go to a button or link by keyboard, press it, and wait for the page it leads to."""
    with page.expect_navigation():
        HANDS.press(page.locator(selector).first)


def write(page: Page, selector: str, text: str) -> None:
    """Go to a field and type."""
    HANDS.write(page.locator(selector), text)


def tick(page: Page, selector: str) -> None:
    """Go to a radio or a box and take it."""
    HANDS.tick(page.locator(selector).first)


@pytest.mark.parametrize(
    ("scripts", "viewport"),
    [
        (True, DESKTOP),
        pytest.param(True, TABLET, marks=pytest.mark.large),
        pytest.param(True, PHONE, marks=pytest.mark.large),
        (False, PHONE),
    ],
    ids=["desktop", "tablet", "phone", "phone-without-scripts"],
)
def test_a_report_on_one_page_by_keyboard_alone(
    server: RunningServer, chromium: Browser, scripts: bool, viewport: tuple[int, int]
) -> None:
    with open_page(chromium, server.url, viewport=viewport, java_script_enabled=scripts) as page:

        def look() -> None:
            assert_reflows(page)
            if scripts:
                assert_accessible(page)

        page.goto("/report")
        look()
        press(page, "[name=short]")
        look()
        press(page, "[name=save]")
        assert page.title().startswith("Error: ")
        look()
        write(page, "[name=narrative]", STORY)
        tick(page, "[name=identity_choice]")
        code = " ".join(page.locator(".ms-code").inner_text().split())
        tick(page, "[name=saved_code]")
        press(page, "[name=save]")
        assert page.inner_text("h1") == "We have your report"
        look()
        page.goto("/receipt")
        write(page, "[name=code]", code)
        page.keyboard.press("Enter")
        page.wait_for_url("**/receipt/case")
        look()
        press(page, "a[href='/receipt/case/findings']")
        assert page.locator("mark").first.inner_text()
        look()
        for path, heading in (
            ("/receipt/case/details", "Tell us who is buying what"),
            ("/receipt/case/proof", "Proof that you sent it"),
            ("/receipt/case/slip", "Slip to keep"),
            ("/receipt/lost", "If you have lost your receipt code"),
            ("/proof", "Check a proof of submission"),
            ("/report/paper", "Report a barrier on paper"),
            ("/safety", "How we keep you safe, and what we cannot promise"),
        ):
            page.goto(path)
            assert page.inner_text("h1") == heading
            look()
