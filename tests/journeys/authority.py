"""An officer of an authority at a browser: comes in with link and code, answers, and everything they read is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.staff import Look, Staff
from tests.support.hands import Hands, Mouse
from tests.support.leaks import Scanner
from tests.support.server import RunningServer

PERSON: Mapping[str, str] = {"name": "Olive Officer", "role": "Head of Procurement", "email": "olive@eastmarch.example"}
CODE = re.compile(r'<strong class="ms-nowrap">([0-9A-Z]{4} [0-9A-Z]{4})</strong>')
LINK = re.compile(r"/answer/open/([\w-]{43})")
ANSWER = "It is in the standard terms."


def give_notice(staff: Staff, reference: str, today: date) -> str:
    """Ring, give the notice of section 108 as an inquiry, invite an officer; return their code."""
    for kind, summary in (("call", "Rang procurement."), ("formal-notice-s108", "Why is the bond so high?")):
        staff.open(f"/cases/{reference}/interventions/new")
        staff.check("kind", kind)
        staff.fill_day("made_on", today)
        staff.fill("summary", summary)
        staff.check("moves_case", "yes")
        staff.press("Record it")
    staff.open(f"/cases/{reference}/parts/action")
    assert "Formal notice, section 108 (2023 Act)" in staff.page.inner_text("main")
    staff.follow(staff.page.locator("a[href$='/inquiry']").last)
    staff.fill("name", "Case Team")
    staff.fill("reach", "020 7946 0000")
    staff.press("Save and write the questions")
    staff.fill("text", "Why is the bond four times the value of the contract?")
    staff.choose("rule_id", "FIN-BOND")
    staff.press("Add the question")
    staff.page.goto(staff.page.url.replace("/questions", "/invite"))
    for name, text in PERSON.items():
        staff.fill(name, text)
    staff.press("Invite this person")
    found = CODE.search(staff.page.content())
    assert found, staff.page.inner_text("main")
    return found.group(1)


@dataclass
class Officer:
    """Answers an inquiry in a browser of their own."""

    page: Page
    server: RunningServer
    look: Look
    hands: Hands = field(default_factory=Mouse)
    read: list[tuple[str, bytes]] = field(default_factory=list)

    def see(self) -> None:
        """Look at the page as it stands, and keep it."""
        self.look(self.page)
        self.read.append((self.page.url, self.page.content().encode()))

    def open(self, path: str) -> None:
        """Open a page by its path."""
        self.page.goto(path)
        self.see()

    def press(self, name: str) -> None:
        """Press a button."""
        with self.page.expect_navigation():
            self.hands.press(self.page.locator("main").get_by_role("button", name=name, exact=True))
        self.see()

    def letters(self) -> list[Path]:
        """Return the letters the officer was sent, after the worker sent what waits."""
        self.server.command("worker", "--once")
        every = (self.server.instance / "mail").glob("*.eml")
        return [path for path in every if PERSON["email"] in path.read_text(encoding="utf-8")]

    def answer(self, code: str, folder: Path) -> None:
        """Follow the link of the letter, send the code, upload a file, answer and send."""
        letters = self.letters()
        found = LINK.search(letters[-1].read_text(encoding="utf-8").replace("=\n", ""))
        assert found
        self.open(f"/answer/open/{found.group(1)}")
        self.hands.write(self.page.locator("[name=code]"), code)
        self.press("Continue")
        self.hands.write(self.page.locator("[name=answer_1]"), ANSWER)
        self.press("Save draft")
        self.open("/answer/files")
        file = folder / "Standing orders.txt"
        file.write_text("Standing orders ask for a bond.", encoding="utf-8")
        self.page.locator("[name=files]").set_input_files(file)
        self.press("Upload")
        self.open("/answer")
        self.press("Check and send")
        self.press("Send the answer")
        assert "Your answer has been sent" in self.page.inner_text("main")

    def has_read(self, words: list[str]) -> list[str]:
        """Return where any of some words stood in the pages and letters of the officer."""
        mailed = [(f"letter {path.name}", path.read_bytes()) for path in self.letters()]
        assert len(self.read) > 7
        assert mailed
        return [f"{leak.word} in {leak.where}" for leak in Scanner(words).scan_all(iter([*self.read, *mailed]))]
