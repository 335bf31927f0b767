"""A member of staff at a browser: signs in with password and code, and works a case page by page."""

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page

from mystery_shopper.interests.forms import NONE
from tests.journeys.codes import fresh_code
from tests.support.hands import Hands, Mouse
from tests.support.server import RunningServer

PASSWORD = "demonstration only 2026"
Look = Callable[[Page], None]


class Staff:
    """Goes through the staff pages as a person does. `look` is called on every page that is shown."""

    def __init__(self, page: Page, server: RunningServer, look: Look, hands: Hands | None = None) -> None:
        self.page = page
        self.server = server
        self.look = look
        self.hands = hands or Mouse()

    def open(self, path: str) -> None:
        """Open a page by its path."""
        self.page.goto(f"{self.server.url}{path}")
        self.look(self.page)
        self.declare()

    def declare(self) -> None:
        """Say that there is no interest, where a case that is opened for the first time asks for it."""
        if self.page.locator("[name='has_interest']").count():
            self.check("has_interest", NONE)
            self.press("Continue")

    def press(self, name: str) -> None:
        """Press the first button or link of the page that begins with these words."""
        main = self.page.locator("main")
        words = re.compile(f"^{re.escape(name)}")
        target = main.get_by_role("button", name=words)
        self.follow(target.or_(main.get_by_role("link", name=words)).first)

    def follow(self, target: Locator) -> None:
        """Press a button or link, and look at the page it leads to."""
        with self.page.expect_navigation():
            self.hands.press(target)
        self.look(self.page)

    def sign_in(self, email: str) -> None:
        """Sign in, both steps."""
        self.open("/sign-in")
        self.fill("email", email)
        self.fill("password", PASSWORD)
        self.press("Sign in")
        self.fill("code", fresh_code(self.server, email))
        self.press("Continue")

    def fill(self, name: str, text: str) -> None:
        """Fill in a field by its name."""
        self.hands.write(self.page.locator(f"[name='{name}']"), text)

    def check(self, name: str, value: str) -> None:
        """Tick a radio or box by its name and value."""
        self.hands.tick(self.page.locator(f"[name='{name}'][value='{value}']"))

    def choose(self, name: str, value: str) -> None:
        """Choose an option of a list by its value; where scripts turned the list into a search, by typing its words."""
        select = self.page.locator(f"select[name='{name}']")
        words = select.locator(f"option[value='{value}']").inner_text()
        if select.get_attribute("data-module") == "autocomplete" and self.page.locator(".js-enabled").count():
            select.wait_for(state="hidden")
        if select.is_visible():
            self.hands.select(select, words)
            assert select.input_value() == value
            return
        self.hands.write(self.page.locator(f"#{name}"), words)
        self.page.get_by_role("option", name=words).first.wait_for()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")

    def fill_day(self, name: str, day: date) -> None:
        """Fill in the three parts of a date."""
        for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
            self.fill(f"{name}-{part}", str(number))

    def move(self, reference: str, state: str) -> None:
        """Move a case one step by hand."""
        self.open(f"/cases/{reference}/move")
        self.check("new", state)
        self.press("Move the case")
