"""A reporter at a browser: says what they want to do, and looks at every page on the way."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

Look = Callable[[Page], None]
SCOPE_ANSWERS = {
    "Is your report about one procurement or contract?": "Yes",
    "Is the contract for health care services to patients?": "No",
    "Did it happen in the last 2 years?": "Yes",
    "Have you started legal proceedings about it?": "No",
    "Is it about an invoice that was paid late or not at all?": "No, it is about something else",
}


class Reporter:
    """Goes through the pages of a report as a person does. `look` is called on every page that is shown."""

    def __init__(self, page: Page, look: Look) -> None:
        self.page = page
        self.look = look

    @property
    def heading(self) -> str:
        """The h1 of the page."""
        return self.page.inner_text("h1")

    def open(self, path: str) -> None:
        """Open a page by its path."""
        self.page.goto(path)
        self.look(self.page)

    def press(self, name: str) -> None:
        """Press the button or link with these words, and wait for the page it leads to."""
        button = self.page.locator("main").get_by_role("button", name=name)
        link = self.page.locator("main").get_by_role("link", name=name)
        with self.page.expect_navigation():
            button.or_(link).first.click()
        self.look(self.page)

    def go_on(self) -> None:
        """Press "Save and continue"."""
        self.press("Save and continue")

    def choose(self, *labels: str) -> None:
        """Tick the radios or boxes with these labels, and go on."""
        for label in labels:
            self.page.get_by_label(label, exact=True).check()
        self.go_on()

    def fill_in(self, answers: Mapping[str, str]) -> None:
        """Fill in the fields with these labels, and go on."""
        for label, text in answers.items():
            self.page.get_by_label(label, exact=True).fill(text)
        self.go_on()

    def fill_in_date(self, question: str, day: str, month: str, year: str) -> None:
        """Fill in the three parts of a date."""
        group = self.page.get_by_role("group", name=question)
        for label, text in (("Day", day), ("Month", month), ("Year", year)):
            group.get_by_label(label, exact=True).fill(text)

    def start(self) -> None:
        """Start a report."""
        self.open("/report")
        self.press("Start now")

    def pass_scope_check(self, answers: Mapping[str, str] = SCOPE_ANSWERS) -> None:
        """Answer the scope check so that the service can help."""
        self.choose("A public body in England")
        for question, answer in answers.items():
            self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
        self.go_on()
        assert self.heading == "Who are you?"

    def say_who(self, kind: str, known: str) -> None:
        """Say what kind of organisation it is, and how it wants to be known."""
        self.choose(kind)
        self.choose(known)

    def name_buyer(self, name: str, match: str) -> None:
        """Search the register for the buyer and choose a match."""
        self.page.get_by_label("Name of the buyer").fill(name)
        self.press("Search")
        self.choose(match)

    def raised_rules(self) -> set[str]:
        """Return the ids of the rules the on-the-spot view puts under "Seems not to fit the rules"."""
        sections = self.page.locator("h2:has-text('Seems not to fit the rules') ~ section[data-rule]")
        return {section.get_attribute("data-rule") or "" for section in sections.all()}

    def receipt_code(self) -> str:
        """Return the receipt code the page shows."""
        return " ".join(self.page.locator(".ms-code").inner_text().split())

    def open_receipt(self, code: str) -> None:
        """Open the report with its receipt code."""
        self.open("/receipt")
        self.page.get_by_label("Receipt code").fill(code)
        self.press("Continue")
