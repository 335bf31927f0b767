"""Five tasks of a caseworker, here and in django-helpdesk, each done by the shortest way: clicks, keys, pages, seconds.

Here: the demonstration of `make run`; the code is that of the senior caseworker (`make codes`). There: as many tickets
with an owner and a due date, titles like "Performance bond: Example Northwick Council", users senior, ann and ben with
the ids 1 to 3. Seconds are those of a program that neither reads nor thinks.

    python -m benchmarks.compare_tasks --ours http://127.0.0.1:8000 --code 123456 --helpdesk http://127.0.0.1:8001
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Frame, Locator, Page, sync_playwright

from tests.journeys.staff import PASSWORD
from tests.support.browser import find_chromium, open_browser

HELPDESK_PASSWORD = "pass-for-comparison"  # noqa: S105 - of an account that is made for the comparison
COUNCIL = "Eastmarch Borough Council"
BOND = "FIN-BOND"
FILLED_BY_SCRIPT_MS = 1500
"""Its table comes by script after the page; it is waited for, and counted in the seconds."""
NO_INTEREST = "[name='has_interest'][value='none']"


@dataclass
class Hand:
    """A person at a browser, whose clicks, keys and pages are counted."""

    page: Page
    clicks: int = 0
    keys: int = 0
    pages: int = 0
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._count)

    def _count(self, frame: Frame) -> None:
        self.pages += frame is self.page.main_frame

    def click(self, target: Locator) -> None:
        """Click once, and wait for what it brings."""
        target.first.click(timeout=8000)
        self.clicks += 1
        self.page.wait_for_load_state("networkidle")

    def choose(self, target: Locator, value: str) -> None:
        """Open a list and click an option."""
        target.first.select_option(value)
        self.clicks += 2

    def write(self, target: Locator, text: str) -> None:
        """Click into a field and type."""
        target.first.fill(text)
        self.clicks += 1
        self.keys += len(text)

    def press(self, key: str) -> None:
        """Press a key, and wait for what it brings."""
        self.page.keyboard.press(key)
        self.keys += 1
        self.page.wait_for_load_state("networkidle")

    def declare(self) -> None:
        """Say that there is no interest in a case, where it is opened for the first time."""
        if self.page.locator(NO_INTEREST).count():
            self.click(self.page.locator(NO_INTEREST))
            self.click(self.page.get_by_role("button", name="Continue"))

    def line(self) -> str:
        """Return what was counted as cells of a table."""
        return f"{self.clicks} | {self.keys} | {self.pages} | {time.monotonic() - self.began:.1f}"


def _menu(hand: Hand, name: str) -> None:
    hand.click(hand.page.get_by_role("link", name=name))


def due_first_ours(hand: Hand) -> str:
    """Open the case that is due first: it stands on the desk."""
    row = hand.page.locator("h3:has-text('Overdue longest') ~ * a, h3:has-text('Overdue longest') + * a")
    hand.click(row if row.count() else hand.page.locator("main table a"))
    hand.declare()
    return hand.page.url.rsplit("/", 1)[1]


def due_first_helpdesk(hand: Hand) -> str:
    """Show the column, sort by it (the latest comes first: once more), open the first."""
    _menu(hand, "All Tickets")
    hand.click(hand.page.get_by_role("button", name="Columns"))
    hand.click(hand.page.get_by_role("button", name="Due Date"))
    hand.press("Escape")
    hand.click(hand.page.locator("th", has_text="Due Date"))
    hand.click(hand.page.locator("th", has_text="Due Date"))
    hand.page.wait_for_timeout(FILLED_BY_SCRIPT_MS)
    hand.click(hand.page.locator("#ticketTable tbody a"))
    return hand.page.locator("h3, h2, h1").first.inner_text().replace("\n", " ")


def bonds_ours(hand: Hand) -> str:
    """Filter by rule and authority."""
    _menu(hand, "Cases")
    hand.click(hand.page.locator("summary", has_text="What it is about"))
    hand.choose(hand.page.locator("[name='rule']"), BOND)
    hand.write(hand.page.locator("[name='authority']"), COUNCIL)
    hand.click(hand.page.get_by_role("button", name="Apply filters"))
    return f"{hand.page.locator('main table tbody tr').count()} found by rule and authority"


def bonds_helpdesk(hand: Hand) -> str:
    """Look for the words of the title, written as everybody agreed to write them."""
    hand.write(hand.page.get_by_placeholder("Search..."), "bond: Example Northwick")
    hand.press("Enter")
    hand.page.wait_for_timeout(FILLED_BY_SCRIPT_MS)
    return f"{hand.page.locator('#ticketTable tbody tr').count()} found by words of the title"


def hand_over_ours(hand: Hand) -> str:
    """Hand all of a colleague's cases to another."""
    _menu(hand, "Allocation")
    hand.click(hand.page.get_by_role("link", name="Hand over cases"))
    hand.click(hand.page.locator("[name='cases'][value='all']"))
    hand.click(hand.page.locator("[name='to']"))
    hand.write(hand.page.locator("[name='reason']"), "Leave")
    hand.click(hand.page.get_by_role("button", name="Hand over"))
    return " ".join(hand.page.locator("main").inner_text().split())[:80]


def hand_over_helpdesk(hand: Hand) -> str:
    """Filter by owner, show a hundred, choose all, assign."""
    _menu(hand, "All Tickets")
    hand.click(hand.page.get_by_role("button", name="Filters"))
    hand.click(hand.page.locator("[data-bs-target='#collapseOwner']"))
    hand.click(hand.page.locator("#offcanvasFilters [name='assigned_to'][value='2']"))
    hand.click(hand.page.get_by_role("button", name="Apply Filters"))
    hand.choose(hand.page.locator("select[name='ticketTable_length'], .dt-length select"), "100")
    hand.page.wait_for_load_state("networkidle")
    hand.click(hand.page.get_by_role("button", name="Actions"))
    hand.click(hand.page.locator("#select_all_btn"))
    hand.choose(hand.page.locator("select[name='action']"), "assign_3")
    hand.click(hand.page.get_by_role("button", name="Go").last)
    return "no refusal of conflicts of interest, no reason kept"


def why_ours(hand: Hand) -> str:
    """Open a case with a bond flag and read what it rests on."""
    hand.page.goto(f"{hand.page.url.split('/desk')[0]}/cases?rule={BOND}")
    hand.pages = 0
    hand.click(hand.page.locator("main table a"))
    hand.declare()
    hand.click(hand.page.locator(f"a[href$='#flag-{BOND}']"))
    return " ".join(hand.page.locator(f"#flag-{BOND}").inner_text().split())[:80]


def close_ours(hand: Hand) -> str:
    """Close a case that came to its end: refused while points of its checklist are open, so they are ticked first."""
    hand.page.goto(f"{hand.page.url.split('/desk')[0]}/cases?state=implemented")
    hand.pages = 0
    hand.click(hand.page.locator("main table a"))
    hand.declare()
    _move_to_closed(hand)
    if hand.page.get_by_text("Settle the open points").count() == 0:
        return "closed: nothing was open"
    hand.click(hand.page.get_by_role("link", name="Checklists are done"))
    if "/checklists/" not in hand.page.url:
        hand.click(hand.page.get_by_role("link", name="Tick points"))
    points = hand.page.locator("main input[type=checkbox]").count()
    for number in range(points):
        hand.click(hand.page.locator("main input[type=checkbox]").nth(number))
    hand.click(hand.page.locator("main form button"))
    _move_to_closed(hand)
    state = "closed" if hand.page.get_by_text("Closed", exact=True).count() else "not closed"
    return f"{state}; it was refused before {points} points of the checklist were ticked"


def _move_to_closed(hand: Hand) -> None:
    if not hand.page.url.endswith("/move"):
        hand.click(hand.page.get_by_role("link", name="Move the case on"))
    hand.click(hand.page.locator("[name='new'][value='closed']"))
    hand.click(hand.page.locator("main form button"))


def close_helpdesk(hand: Hand) -> str:
    """Close a ticket: nothing is checked."""
    _menu(hand, "All Tickets")
    hand.page.wait_for_timeout(FILLED_BY_SCRIPT_MS)
    hand.pages = hand.clicks = 0
    hand.click(hand.page.locator("#ticketTable tbody a"))
    hand.click(hand.page.get_by_text("Respond", exact=True))
    hand.write(hand.page.locator("[name='comment']"), "Closed")
    hand.click(hand.page.get_by_text("Closed", exact=True))
    hand.click(hand.page.get_by_role("button", name="Save"))
    return "closed; nothing was checked"


Task = Callable[[Hand], str]
TASKS: dict[str, tuple[Task, Task | None]] = {
    "Open the case that is due first": (due_first_ours, due_first_helpdesk),
    "Find all bond cases against one council": (bonds_ours, bonds_helpdesk),
    "Hand over a colleague's cases": (hand_over_ours, hand_over_helpdesk),
    "See why a flag was raised": (why_ours, None),
    "Close a case": (close_ours, close_helpdesk),
}


def sign_in_ours(browser: Browser, url: str, code: str) -> Page:
    """Sign in as the senior caseworker of the demonstration."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{url}/sign-in")
    page.fill("[name='email']", "senior@demo.example")
    page.fill("[name='password']", PASSWORD)
    page.locator("main form button").last.click()
    page.fill("[name='code']", code)
    page.locator("main form button").last.click()
    page.wait_for_url("**/desk")
    return page


def sign_in_helpdesk(browser: Browser, url: str) -> Page:
    """Sign in to the other."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{url}/login/")
    page.fill("[name='username']", "senior")
    page.fill("[name='password']", HELPDESK_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    return page


def say(line: str) -> None:
    """Write a line of the table."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Do every task in both and print the table; without --helpdesk only here."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--ours", "--code"):
        parser.add_argument(name, required=True)
    parser.add_argument("--helpdesk")
    wanted = parser.parse_args()
    found = find_chromium()
    if found is None:
        parser.error("there is no Chromium: run make install-dev")
    with sync_playwright() as playwright, open_browser(playwright, found) as browser:
        ours = sign_in_ours(browser, wanted.ours, wanted.code)
        theirs = sign_in_helpdesk(browser, wanted.helpdesk) if wanted.helpdesk else None
        say("| task | where | clicks | keys | pages | seconds | ended with |\n|---|---|--:|--:|--:|--:|---|")
        for name, (here, there) in TASKS.items():
            for where, page, start, task in (
                ("here", ours, f"{wanted.ours}/desk", here),
                ("django-helpdesk", theirs, f"{wanted.helpdesk}/dashboard/", there),
            ):
                if page is None:
                    continue
                if task is None:
                    say(f"| {name} | {where} | | | | | cannot be done: it has no rules |")
                    continue
                page.goto(start)
                page.wait_for_load_state("networkidle")
                hand = Hand(page)
                end = task(hand)
                say(f"| {name} | {where} | {hand.line()} | {end} |")


if __name__ == "__main__":
    main()
