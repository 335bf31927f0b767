"""Leaving at once: away from the page, with nothing behind the back button; and being told before a page closes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from mystery_shopper.intake.titles import BY_ENDPOINT, BY_SLUG
from mystery_shopper.web.pages import EXIT_ADDRESS
from tests.intake.walking import Walker
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows
from tests.support.server import RunningServer

WORDS = "Nobody at work may read this"
TELLING = ("report", "barrier", "complain", "receipt", "withdraw", "buyer", "wrong", "mystery")


@contextmanager
def open_inside(browser: Browser, url: str, viewport: tuple[int, int], *, scripts: bool) -> Iterator[Page]:
    """Open a page in a browser that reaches nothing but the service; trying to reach the outside is no fault here."""
    context = browser.new_context(
        base_url=url, viewport={"width": viewport[0], "height": viewport[1]}, java_script_enabled=scripts
    )
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def leaving(page: Page) -> Iterator[None]:
    """Wait until the browser has tried to open the page outside."""
    with page.expect_event("requestfailed", lambda request: request.url == EXIT_ADDRESS):
        yield
    page.wait_for_timeout(500)


def begin(page: Page) -> None:
    """Start a short report and type into it."""
    page.goto("/report")
    page.get_by_role("button", name="I only have two minutes").click()
    page.get_by_label("What happened?").fill(WORDS)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("scripts", "viewport"), [(True, DESKTOP), (False, PHONE)], ids=["scripts", "phone-without-scripts"]
)
def test_whoever_leaves_leaves_nothing_behind_the_back_button(
    server: RunningServer, chromium: Browser, scripts: bool, viewport: tuple[int, int]
) -> None:
    with open_inside(chromium, server.url, viewport, scripts=scripts) as page:
        begin(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Save and come back later").click()
        page.go_back()
        assert page.get_by_label("What happened?").input_value() == WORDS
        with leaving(page):
            page.get_by_role("button", name="Exit this page").click(no_wait_after=True)
        assert page.context.cookies(server.url) == []
        page.wait_for_load_state()
        page.go_back()
        page.wait_for_load_state()
        assert WORDS not in page.content()
        page.goto("/report/two-minutes")
        assert WORDS not in page.content()
        assert page.inner_text("h1") == "Enter your receipt code to go on"


@pytest.mark.browser
def test_three_times_shift_leaves_as_well(server: RunningServer, chromium: Browser) -> None:
    with open_inside(chromium, server.url, DESKTOP, scripts=True) as page:
        begin(page)
        with leaving(page):
            for _ in range(3):
                page.keyboard.press("Shift")
        assert page.context.cookies(server.url) == []


def test_leaving_writes_nothing_and_forgets_everything(client: FlaskClient) -> None:
    Walker(client).start()
    answer = client.get("/leave")
    assert answer.status_code == 303
    assert answer.headers["Location"] == EXIT_ADDRESS
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "session=;" in answer.headers["Set-Cookie"]
    assert client.get("/report/tasks").status_code == 404


def test_no_title_in_the_history_tells_what_it_was_about(client: FlaskClient) -> None:
    for title in (*BY_ENDPOINT.values(), *BY_SLUG.values()):
        assert not [word for word in TELLING if word in title.casefold()], title
    walker = Walker(client)
    walker.report_bond("confidential")
    for path in ("", "/tasks", "/who-you-are", "/what-happened", "/contact", "/view", "/check", "/save", "/raised"):
        walker.open(f"/report{path}")
        assert walker.title.partition(" - ")[0] in {*BY_ENDPOINT.values(), *BY_SLUG.values()}, path


@pytest.mark.browser
def test_somebody_is_told_before_the_receipt_closes_and_can_stay(server: RunningServer, chromium: Browser) -> None:
    with open_inside(chromium, server.url, DESKTOP, scripts=True) as page:
        begin(page)
        page.get_by_label("Anonymous", exact=True).check()
        code = " ".join(page.locator(".ms-code").inner_text().split())
        page.get_by_label("I have saved my receipt code").check()
        page.get_by_role("button", name="Send report").click()
        page.clock.install()
        page.goto("/receipt")
        page.get_by_label("Receipt code").fill(code)
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Your message").fill(WORDS)
        warning = page.get_by_text("This closes in 5 minutes.")
        page.clock.fast_forward("54:00")
        assert not warning.is_visible()
        page.clock.fast_forward("01:30")
        warning.wait_for(state="visible")
        assert_accessible(page)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert_reflows(page)
        page.get_by_role("button", name="Stay for another hour").click()
        warning.wait_for(state="hidden")
        assert page.get_by_label("Your message").input_value() == WORDS
