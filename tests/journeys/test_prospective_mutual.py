"""Public sector staff who plan a mutual report an obstructed request, by keyboard alone, from the register onward."""

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.test_report_journey import look_with_scripts
from tests.journeys.test_two_minutes import press, tab_to
from tests.support.browser import open_page
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

TABLET = (768, 1024)
SAVE = "[name=save]"
SCOPE = (
    "[name=healthcare][value=no]",
    "[name=recent][value=yes]",
    "[name=legal][value=no]",
    "[name=payment][value=no]",
)
STORY = "Our department will not say whether staff may form a mutual. We asked in May and have had no answer."


def choose(page: Page, *selectors: str) -> None:
    """Go to each choice and take it with the space bar, then save; axe reads the page before and the next."""
    for selector in selectors:
        move_to(page, selector)
    press(page, SAVE)
    look_with_scripts(page)


def move_to(page: Page, selector: str) -> None:
    """Tab into a group of choices, and go down to the one that is wanted with the arrow, or take a box with space."""
    group = page.locator(selector).get_attribute("name")
    tab_to(page, f"[name='{group}']")
    if page.locator(selector).get_attribute("type") == "checkbox":
        tab_to(page, selector)
    for _ in range(page.locator(f"[name='{group}']").count()):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            break
        page.keyboard.press("ArrowDown")
    if not page.locator(selector).is_checked():
        page.keyboard.press("Space")


def write(page: Page, selector: str, text: str) -> None:
    """Go to a field and type."""
    tab_to(page, selector)
    page.keyboard.type(text)


def test_staff_who_plan_a_mutual_report_an_obstructed_request_by_keyboard(
    server: RunningServer, chromium: Browser
) -> None:
    with open_page(chromium, server.url, viewport=TABLET) as page:
        page.goto("/guidance/right-to-provide")
        look_with_scripts(page)
        press(page, "a[href='/report?about=right-to-provide']")
        look_with_scripts(page)
        press(page, "[name=start]")
        choose(page, "[name=body][value=english-public-body]")
        assert page.locator("[name=specific][value=yes]").is_checked(), "a request is one matter"
        choose(page, *SCOPE)
        assert page.locator("[value=prospective-mutual]").is_checked(), "it is known from where they came"
        choose(page)
        choose(page, "[name=identity_choice][value=anonymous]")
        write(page, "[name=query]", "Home Office")
        press(page, "[name=search]")
        look_with_scripts(page)
        choose(page, "[name=choice]:not([value=typed])")
        write(page, "[name=procurement_title]", "Right to Provide request")
        choose(page)
        choose(page)  # the dates: there are none
        choose(page)  # what stands in the way: chosen from where they came
        write(page, "[name=narrative]", STORY)
        choose(page)
        choose(page, "[name=raised_with_buyer][value=no]")
        choose(page)  # a few more questions: not known
        assert page.inner_text("h1") == "What the rules say"
        press(page, "a[href^='/report/check']")
        look_with_scripts(page)
        code = " ".join(page.locator(".ms-code").inner_text().split())
        tab_to(page, "[name=saved_code]")
        page.keyboard.press("Space")
        press(page, "[name=send]")
        look_with_scripts(page)
        assert page.inner_text("h1") == "We have your report"
        page.goto("/receipt")
        write(page, "[name=code]", code)
        page.keyboard.press("Enter")
        page.wait_for_url("**/receipt/case")
        look_with_scripts(page)
