"""A reporter at a browser: says what they want to do, and looks at every page on the way."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Locator, Page

from mystery_shopper.core.languages import ENGLISH
from tests.journeys.words import say
from tests.support.hands import Hands, Mouse

Look = Callable[[Page], None]
SCOPE_ANSWERS = {
    "Is your report about one procurement or contract?": "Yes",
    "Is the contract for health care services to patients?": "No",
    "Did it happen in the last 2 years?": "Yes",
    "Have you started legal proceedings about it?": "No",
    "Is it about an invoice that was paid late or not at all?": "No, it is about something else",
}


class Reporter:
    """Goes through the pages of a report as a person does, with a mouse or by keyboard, in English or in Welsh.

    `look` is called on every page that is shown. Words are given in English and sought as their readers see them.
    """

    def __init__(self, page: Page, look: Look, *, hands: Hands | None = None, language: str = ENGLISH) -> None:
        self.page = page
        self.look = look
        self.hands = hands or Mouse()
        self.language = language

    def say(self, text: str) -> str:
        """Return words of the service in the language of this reporter."""
        return say(text, self.language)

    @property
    def heading(self) -> str:
        """The h1 of the page."""
        return self.page.inner_text("h1")

    def is_at(self, heading: str) -> bool:
        """Tell whether the page has this heading, given in English."""
        return self.heading == self.say(heading)

    def has_error(self) -> bool:
        """Tell whether the page reports a mistake, in its title too."""
        return self.page.title().startswith(f"{self.say('Error:')} ")

    def field(self, label: str) -> Locator:
        """Return the field, radio or box with this label."""
        return self.page.get_by_label(self.say(label), exact=True)

    def group(self, question: str) -> Locator:
        """Return the fields that stand below a question."""
        return self.page.get_by_role("group", name=self.say(question))

    def open(self, path: str) -> None:
        """Open a page by its path."""
        self.page.goto(path)
        self.look(self.page)

    def press(self, name: str) -> None:
        """Press the button or link with these words, and wait for the page it leads to."""
        main = self.page.locator("main")
        link = main.get_by_role("link", name=self.say(name))
        self.follow(main.get_by_role("button", name=self.say(name)).or_(link).first)

    def follow(self, target: Locator) -> None:
        """Press a button or link, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.hands.press(target)
        self.look(self.page)

    def go_on(self) -> None:
        """Press "Save and continue"."""
        self.press("Save and continue")

    def tick(self, label: str) -> None:
        """Tick the radio or box with this label."""
        self.hands.tick(self.field(label))

    def choose(self, *labels: str) -> None:
        """Tick the radios or boxes with these labels, and go on."""
        for label in labels:
            self.tick(label)
        self.go_on()

    def answer(self, question: str, answer: str) -> None:
        """Tick the answer below a question."""
        self.hands.tick(self.group(question).get_by_label(self.say(answer), exact=True))

    def write(self, label: str, text: str) -> None:
        """Fill in the field with this label."""
        self.hands.write(self.field(label), text)

    def fill_in(self, answers: Mapping[str, str]) -> None:
        """Fill in the fields with these labels, and go on."""
        for label, text in answers.items():
            self.write(label, text)
        self.go_on()

    def fill_in_date(self, question: str, day: str, month: str, year: str) -> None:
        """Fill in the three parts of a date."""
        group = self.group(question)
        for label, text in (("Day", day), ("Month", month), ("Year", year)):
            self.hands.write(group.get_by_label(self.say(label), exact=True), text)

    def start(self) -> None:
        """Start a report, in the other language by its link."""
        self.open("/report")
        if self.language != ENGLISH:
            self.follow(self.page.locator(".ms-language :is(a, button)"))
        self.press("Start now")

    def pass_scope_check(self, answers: Mapping[str, str] = SCOPE_ANSWERS) -> None:
        """Answer the scope check so that the service can help."""
        self.choose("A public body in England")
        for question, answer in answers.items():
            self.answer(question, answer)
        self.go_on()
        assert self.is_at("Who are you?")

    def say_who(self, kind: str, known: str) -> None:
        """Say what kind of organisation it is, and how it wants to be known."""
        self.choose(kind)
        self.choose(known)

    def name_buyer(self, name: str, match: str) -> None:
        """Search the register for the buyer and choose a match."""
        self.write("Name of the buyer", name)
        self.press("Search")
        self.choose(match)

    def raised_rules(self) -> set[str]:
        """Return the ids of the rules the on-the-spot view puts under "Seems not to fit the rules"."""
        heading = self.say("Seems not to fit the rules")
        sections = self.page.locator(f'h2:has-text("{heading}") ~ section[data-rule]')
        return {section.get_attribute("data-rule") or "" for section in sections.all()}

    def receipt_code(self) -> str:
        """Return the receipt code the page shows."""
        return " ".join(self.page.locator(".ms-code").inner_text().split())

    def send(self) -> str:
        """Keep the receipt code, send the report from the page of answers, and return the code."""
        code = self.receipt_code()
        self.tick("I have saved my receipt code")
        self.press("Send report")
        assert self.is_at("We have your report")
        return code

    def open_receipt(self, code: str) -> None:
        """Open the report with its receipt code."""
        self.open("/receipt")
        self.write("Receipt code", code)
        self.press("Continue")
