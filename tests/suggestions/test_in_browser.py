"""Tell us How in Chromium: accessible, no wider than a phone, with and without scripts."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core.db import transaction
from mystery_shopper.suggestions.states import SuggestionState, TextState
from tests.architecture.world import as_staff
from tests.factories.staff import Member, sign_in_member
from tests.factories.suggestions import public_reference_of, suggestion_in, text_in
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page

pytestmark = pytest.mark.browser

SESSION_COOKIE = "session"
S = SuggestionState
LARGE = pytest.mark.large
VISITS = [
    pytest.param(DESKTOP, True),
    pytest.param(PHONE, True, marks=LARGE),
    pytest.param(DESKTOP, False, marks=LARGE),
    pytest.param(PHONE, False),
]
NAMES = ["desktop", "phone", "desktop without scripts", "phone without scripts"]
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def look(page: Page, with_scripts: bool) -> None:
    assert page.locator("h1").count() == 1
    assert_reflows(page)
    if with_scripts:
        assert_accessible(page)


def answer_page(page: Page, heading: str, with_scripts: bool, fill: Callable[[], None]) -> None:
    """Send a page empty, look at its errors if it has any, then answer it."""
    page.get_by_role("heading", name=heading).wait_for()
    look(page, with_scripts)
    fill()
    page.get_by_role("button", name="Save and continue").click()


@pytest.mark.parametrize(("viewport", "with_scripts"), VISITS, ids=NAMES)
def test_a_commissioner_tells_us_leaves_comes_back_sends_and_writes_again(
    chromium: Browser, address: str, viewport: tuple[int, int], with_scripts: bool
) -> None:
    with open_page(chromium, address, viewport=viewport, java_script_enabled=with_scripts) as page:
        page.goto("/tell-us-how")
        look(page, with_scripts)
        page.get_by_role("button", name="Start now").click()
        page.get_by_role("button", name="Save and continue").click()
        page.get_by_text("There is a problem").wait_for()
        look(page, with_scripts)

        def go(heading: str, fill: Callable[[], None]) -> None:
            answer_page(page, heading, with_scripts, fill)

        go("What makes you ask for more", lambda: page.get_by_label("Audit").check())
        go("Who imposes it?", lambda: page.get_by_label("The external auditor").check())
        page.get_by_role("button", name="Save and come back later").wait_for()
        go("What is the requirement about?", lambda: page.get_by_label("Turnover", exact=True).check())
        page.get_by_label("None of these").check()
        page.get_by_role("button", name="Save and come back later").click()
        look(page, with_scripts)
        code = page.locator(".ms-code").inner_text()
        page.get_by_role("button", name="Close it on this computer").click()

        page.goto("/tell-us-how/receipt")
        look(page, with_scripts)
        page.get_by_label("Receipt code").fill(code.lower())
        page.get_by_role("button", name="Open").click()
        page.get_by_role("heading", name="What you are telling us").wait_for()
        look(page, with_scripts)
        page.goto("/tell-us-how/requirement")
        go("What do you have to ask", lambda: page.get_by_label("What do you have to ask").fill(f"Four times {LONG}"))
        go("What would you rather do?", lambda: page.get_by_label("What would you rather do?").fill("Twice"))
        go("How much does it affect?", lambda: page.get_by_label("How many of your tenders").fill("12"))
        go("What must not get out?", lambda: page.get_by_label("Which authority").fill("Barchester City Council"))
        page.get_by_role("heading", name="Check your answers").wait_for()
        look(page, with_scripts)
        page.get_by_label("I have saved my receipt code").check()
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("heading", name="Thank you for telling us").wait_for()
        look(page, with_scripts)

        page.goto("/tell-us-how/receipt")
        page.get_by_label("Receipt code").fill(code)
        page.get_by_role("button", name="Open").click()
        page.get_by_role("heading", name="What you told us").wait_for()
        look(page, with_scripts)
        page.get_by_role("button", name="Write to us again").click()
        page.get_by_label("What do you want to tell us?").fill("One more thing")
        look(page, with_scripts)
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_text("We have received what you wrote").wait_for()
        look(page, with_scripts)
        take_back(page, with_scripts)


def take_back(page: Page, with_scripts: bool) -> None:
    """See what is held, object to publication, and take it back."""
    page.get_by_role("link", name="See what we hold about you").click()
    look(page, with_scripts)
    page.get_by_role("link", name="Back", exact=True).click()
    page.get_by_role("link", name="Ask us not to publish").click()
    look(page, with_scripts)
    page.get_by_role("button", name="Ask you not to publish").click()
    page.get_by_role("link", name="Take back what you told us").click()
    look(page, with_scripts)
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("You have taken back what you told us").wait_for()
    look(page, with_scripts)


@pytest.mark.parametrize(
    "with_scripts", [True, pytest.param(False, marks=LARGE)], ids=["with scripts", "without scripts"]
)
def test_a_policy_owner_takes_one_to_the_second_person(
    app: Flask, chromium: Browser, address: str, make_user: Callable[..., Member], with_scripts: bool
) -> None:
    member, approver = make_user(Role.POLICY_OWNER), make_user(Role.PUBLISHER)
    with app.app_context(), transaction():
        reference = suggestion_in(S.RECEIVED, requirement=LONG).reference
        staff = as_staff(member, Role.POLICY_OWNER), as_staff(approver, Role.PUBLISHER)
        waiting = suggestion_in(S.ANSWERED)
        text_in(TextState.AWAITING_APPROVAL, waiting, staff=staff)
        published = public_reference_of(suggestion_in(S.PUBLISHED, staff=staff))
        others = (f"{waiting.reference}/text/decide", "texts", "themes")
    browser = app.test_client()
    sign_in_member(browser, member)
    cookie = browser.get_cookie(SESSION_COOKIE)
    assert cookie is not None
    for viewport in (DESKTOP, PHONE):
        with open_page(chromium, address, viewport=viewport, java_script_enabled=with_scripts) as page:
            page.context.add_cookies([{"name": SESSION_COOKIE, "value": cookie.value, "url": address}])
            if viewport == DESKTOP:
                take_steps(page, reference, with_scripts)
            for path in ("", f"/{reference}", f"/{reference}/text", *(f"/{other}" for other in others)):
                page.goto(f"/suggestions{path}")
                look(page, with_scripts)
            for path in ("/tell-us-how/you-said-we-did", f"/tell-us-how/you-said-we-did/{published}"):
                page.goto(path)
                look(page, with_scripts)


def take_steps(page: Page, reference: str, with_scripts: bool) -> None:
    """Pass a suggestion on, remind the body, answer, and draft the public text."""
    page.goto(f"/suggestions/{reference}")
    page.get_by_role("button", name="Pass it on").click()
    page.get_by_label("Which body imposes the rule?").select_option(label="The insurer or its broker")
    page.get_by_label("What do you ask the body?").fill("Is it a condition?")
    look(page, with_scripts)
    page.get_by_role("button", name="Save as passed on").click()
    page.get_by_role("button", name="Remind the body").click()
    page.get_by_label("What do you write to the body?").fill("Please answer")
    look(page, with_scripts)
    page.get_by_role("button", name="Save the reminder").click()
    page.get_by_role("button", name="Answer").click()
    page.get_by_label("The rule was changed").check()
    page.get_by_label("Your answer").fill("It is changed.")
    look(page, with_scripts)
    page.get_by_role("button", name="Send answer").click()
    page.get_by_role("button", name="Write the public text").click()
    page.get_by_label("Title").fill("Cover")
    look(page, with_scripts)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft saved").wait_for()
    look(page, with_scripts)
