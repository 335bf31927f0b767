"""Public sector staff who plan a mutual report an obstructed request, by keyboard alone, from the register onward."""

import pytest
from playwright.sync_api import Browser, Page

from mystery_shopper.core.languages import ENGLISH, WELSH
from tests.journeys.test_report_journey import look_with_scripts
from tests.journeys.test_two_minutes import press, tick, write
from tests.journeys.words import say
from tests.support.browser import TABLET, open_page
from tests.support.server import RunningServer

pytestmark = pytest.mark.browser

SAVE = "[name=save]"
SCOPE = (
    "[name=healthcare][value=no]",
    "[name=recent][value=yes]",
    "[name=legal][value=no]",
    "[name=payment][value=no]",
)
STORY = "Our department will not say whether staff may form a mutual. We asked in May and have had no answer."


def choose(page: Page, *selectors: str) -> None:
    """Take each choice, then save; axe reads the next page."""
    for selector in selectors:
        tick(page, selector)
    press(page, SAVE)
    look_with_scripts(page)


@pytest.mark.parametrize("language", [ENGLISH, pytest.param(WELSH, marks=pytest.mark.large)])
def test_staff_who_plan_a_mutual_report_an_obstructed_request_by_keyboard(
    server: RunningServer, chromium: Browser, language: str
) -> None:
    with open_page(chromium, server.url, viewport=TABLET) as page:
        page.goto("/guidance/right-to-provide")
        if language == WELSH:
            press(page, ".ms-language :is(a, button)")
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
        assert page.inner_text("h1") == say("What the rules say", language)
        press(page, "a[href^='/report/check']")
        look_with_scripts(page)
        code = " ".join(page.locator(".ms-code").inner_text().split())
        tick(page, "[name=saved_code]")
        press(page, "[name=send]")
        look_with_scripts(page)
        assert page.inner_text("h1") == say("We have your report", language)
        page.goto("/receipt")
        write(page, "[name=code]", code)
        page.keyboard.press("Enter")
        page.wait_for_url("**/receipt/case")
        look_with_scripts(page)
