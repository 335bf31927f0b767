"""Tell us How in Chromium: accessible, no wider than a phone, with and without scripts."""

import threading
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core.db import transaction
from mystery_shopper.core.languages import ENGLISH, WELSH
from mystery_shopper.suggestions.states import SuggestionState, TextState
from tests.architecture.world import as_staff
from tests.factories.staff import Member, sign_in_member
from tests.factories.suggestions import public_reference_of, suggestion_in, text_in
from tests.journeys.words import say
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, TABLET, assert_reflows, open_page
from tests.support.hands import Hands, Keyboard, Mouse

pytestmark = pytest.mark.browser

SESSION_COOKIE = "session"
S = SuggestionState
LARGE = pytest.mark.large
VISITS = [
    pytest.param(DESKTOP, True, Keyboard(), ENGLISH, id="keyboard"),
    pytest.param(PHONE, False, Mouse(), ENGLISH, id="phone without scripts"),
    pytest.param(PHONE, True, Mouse(), ENGLISH, id="phone", marks=LARGE),
    pytest.param(TABLET, False, Keyboard(), WELSH, id="welsh keyboard without scripts", marks=LARGE),
    pytest.param(TABLET, True, Keyboard(), WELSH, id="welsh keyboard", marks=LARGE),
]
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


class Commissioner:
    """Goes through the pages of a suggestion, and looks at each. Words are given in English."""

    def __init__(self, page: Page, hands: Hands, language: str, *, with_scripts: bool) -> None:
        self.page = page
        self.hands = hands
        self.language = language
        self.with_scripts = with_scripts

    def say(self, text: str) -> str:
        return say(text, self.language)

    def look(self) -> None:
        look(self.page, self.with_scripts)

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def press(self, name: str, role: Literal["button", "link"] = "button") -> None:
        """Press a button or follow a link of the page, and look at where it leads."""
        with self.page.expect_navigation():
            self.hands.press(self.page.locator("main").get_by_role(role, name=self.say(name), exact=True))
        self.look()

    def tick(self, label: str, *, exact: bool = False) -> None:
        self.hands.tick(self.page.get_by_label(self.say(label), exact=exact))

    def write(self, label: str, text: str) -> None:
        self.hands.write(self.page.get_by_label(self.say(label)), text)

    def sees(self, heading: str) -> None:
        self.page.get_by_role("heading", name=self.say(heading)).wait_for()

    def reads(self, text: str) -> None:
        self.page.get_by_text(self.say(text)).first.wait_for()

    def go_on(self, heading: str) -> None:
        """Save a page; the next has this heading."""
        self.press("Save and continue")
        self.sees(heading)

    def open_receipt(self, code: str) -> None:
        self.open("/tell-us-how/receipt")
        self.write("Receipt code", code)
        self.press("Open")


@pytest.mark.parametrize(("viewport", "with_scripts", "hands", "language"), VISITS)
def test_a_commissioner_tells_us_leaves_comes_back_sends_and_writes_again(
    chromium: Browser, address: str, viewport: tuple[int, int], with_scripts: bool, hands: Hands, language: str
) -> None:
    with open_page(chromium, address, viewport=viewport, java_script_enabled=with_scripts) as page:
        person = Commissioner(page, hands, language, with_scripts=with_scripts)
        code = begin_and_leave(person)
        person.open_receipt(code.lower())
        person.sees("What you are telling us")
        finish(person)
        person.open_receipt(code)
        person.sees("What you told us")
        person.press("Write to us again")
        person.write("What do you want to tell us?", "One more thing")
        person.press("Send")
        person.reads("We have received what you wrote")
        take_back(person)


def begin_and_leave(person: Commissioner) -> str:
    """Answer two pages, with a mistake first, and leave for later; return the code."""
    person.open("/tell-us-how")
    if person.language != ENGLISH:
        with person.page.expect_navigation():
            person.hands.press(person.page.locator(".ms-language :is(a, button)"))
    person.press("Start now")
    person.press("Save and continue")
    person.reads("There is a problem")
    person.tick("Audit")
    person.go_on("Who imposes it?")
    person.tick("The external auditor")
    person.go_on("What is the requirement about?")
    person.tick("Turnover", exact=True)
    person.press("Save and continue")
    person.tick("None of these, or I am not sure")
    person.press("Save and come back later")
    code = " ".join(person.page.locator(".ms-code").inner_text().split())
    person.press("Close it on this computer")
    return code


def finish(person: Commissioner) -> None:
    """Answer the rest and send it."""
    person.open("/tell-us-how/requirement")
    person.write("What do you have to ask suppliers for?", f"Four times {LONG}")
    person.go_on("What would you rather do?")
    person.write("What would you rather do?", "Twice")
    person.go_on("How much does it affect?")
    person.write("How many of your tenders does it affect in a year? (optional)", "12")
    person.go_on("What must not get out?")
    person.write("Which authority do you work for? (optional)", "Barchester City Council")
    person.go_on("Check your answers before you send them")
    person.tick("I have saved my receipt code")
    person.press("Send")
    person.sees("Thank you for telling us")


def take_back(person: Commissioner) -> None:
    """See what is held, object to publication, and take it back."""
    person.press("See what we hold about you", "link")
    with person.page.expect_navigation():
        person.hands.press(person.page.get_by_role("link", name=person.say("Back"), exact=True))
    person.press("Ask us not to publish", "link")
    person.press("Ask you not to publish")
    person.press("Take back what you told us", "link")
    person.press("Take it back")
    person.reads("You have taken back what you told us")


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
