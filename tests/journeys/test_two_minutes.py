"""Somebody with two minutes: one page, by keyboard alone or by hand, on three widths, with scripts and without."""

import pytest
from playwright.sync_api import Browser, Page

from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

TABLET = (768, 1024)
STORY = "Bidders must lodge a performance bond of £5,000,000. We are a new mutual and no surety will write it."
MOST_TABS = 60


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on an element."""
    for _ in range(MOST_TABS):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def press(page: Page, selector: str) -> None:
    """Go to a button or link by keyboard, press it, and wait for the page it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


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
        tab_to(page, "[name=narrative]")
        page.keyboard.type(STORY)
        tab_to(page, "[name=identity_choice]")
        page.keyboard.press("Space")
        code = " ".join(page.locator(".ms-code").inner_text().split())
        tab_to(page, "[name=saved_code]")
        page.keyboard.press("Space")
        press(page, "[name=save]")
        assert page.inner_text("h1") == "We have your report"
        look()
        page.goto("/receipt")
        tab_to(page, "[name=code]")
        page.keyboard.type(code)
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
