"""The check in Chromium: accessible, no wider than a phone, with and without scripts."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page

pytestmark = pytest.mark.browser


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


def look(page: Page) -> None:
    assert_accessible(page)
    assert_reflows(page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_requirement_is_checked_corrected_and_sent_on(
    chromium: Browser, address: str, viewport: tuple[int, int]
) -> None:
    with open_page(chromium, address, viewport=viewport) as page:
        page.goto("/check-a-requirement")
        look(page)
        page.get_by_role("button", name="Check the requirement").click()
        page.get_by_text("There is a problem").wait_for()
        look(page)
        page.get_by_label("What do you plan to ask suppliers for?").fill("A performance bond of £600,000 is required.")
        page.get_by_label("What is the estimated value of the contract, without VAT?").fill("1,200,000")
        page.get_by_role("button", name="Check the requirement").click()
        page.get_by_role("heading", name="Bond or cash security").wait_for()
        look(page)
        page.get_by_label("How much is the bond or cash deposit?").fill("lots")
        page.get_by_role("button", name="Check again").click()
        page.get_by_text("There is a problem").wait_for()
        look(page)
        page.get_by_role("button", name="Send this to Tell us How").click()
        page.get_by_role("heading", name="What you are telling us").wait_for()
