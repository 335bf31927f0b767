"""A visitor without JavaScript: opens pages, fills in the form that stands on them, and sends it as it stands."""

from dataclasses import dataclass
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BOND_ANSWERS: tuple[dict[str, object], ...] = (
    {"body": "english-public-body"},
    {"specific": "yes", "healthcare": "no", "recent": "yes", "legal": "no", "payment": "no"},
)
"""The two pages of answers of the scope check that put a report in scope."""

VALUE: dict[str, object] = {"contract_kind": "services", "estimated_value_gbp": "£1,200,000"}


REQUIREMENT = "Bidders must lodge a performance bond of five million pounds."
NARRATIVE = "We are a new mutual and no surety will write this bond for us."


class _Forms(HTMLParser):
    """The forms of a page: where they go and what a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") != "dialog":
            self.forms.append((given.get("action", ""), {}))
        if not self.forms or "name" not in given:
            return
        fields = self.forms[-1][1]
        kind = given.get("type", "text")
        if tag == "textarea":
            fields[given["name"]] = [""]
            self._textarea = given["name"]
        elif tag == "input" and (kind not in ("radio", "checkbox", "submit") or "checked" in given):
            fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.forms[-1][1][self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            fields = self.forms[-1][1]
            fields[self._textarea][0] = fields[self._textarea][0].removeprefix("\n")
            self._textarea = None


def read_forms(page: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Return the forms of a page: where each goes and what it would send as it stands."""
    reader = _Forms()
    reader.feed(page)
    return reader.forms


@dataclass(frozen=True)
class Stop:
    """Where a walk ended: the cookie of the browser, the page it shows, and the receipt code that was read last."""

    cookie: str
    page: TestResponse
    code: str


class Walker:
    """One browser tab. `page` is the last answer, after redirects; `code` the receipt code that was read last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse | None = None
        self.code = ""

    @classmethod
    def resume(cls, client: FlaskClient, stop: Stop) -> "Walker":
        """Return a walker who stands where another stopped, in a browser without cookies."""
        walker = cls(client)
        client.set_cookie("session", stop.cookie)
        walker.page, walker.code = stop.page, stop.code
        return walker

    def stop(self) -> Stop:
        """Return where the walker stands, so that another can go on from there."""
        cookie = self.client.get_cookie("session")
        assert cookie is not None
        assert self.page is not None
        return Stop(cookie.value, self.page, self.code)

    @property
    def text(self) -> str:
        """The page's HTML."""
        assert self.page is not None
        return self.page.text

    @property
    def path(self) -> str:
        """The page's path."""
        assert self.page is not None
        return self.page.request.path

    @property
    def title(self) -> str:
        """The page's title."""
        return self.text.split("<title>")[1].split("</title>")[0]

    def open(self, path: str) -> TestResponse:
        """Open a page."""
        self.page = self.client.get(path, follow_redirects=True)
        return self.page

    def form(self, number: int = 0) -> tuple[str, dict[str, list[str]]]:
        """Return where a form of the page goes and what it would send now."""
        return read_forms(self.text)[number]

    def send(self, answers: dict[str, object] | None = None, *, number: int = 0, follow: bool = True) -> TestResponse:
        """Send a form of the page with some answers filled in."""
        action, fields = self.form(number)
        self.page = self.client.post(action, data={**fields, **(answers or {})}, follow_redirects=follow)
        return self.page

    def start(self) -> None:
        """Start a report."""
        self.open("/report")
        self.send()

    def pass_scope(self) -> None:
        """Answer the scope check so that the report is in scope, and go on."""
        for answers in BOND_ANSWERS:
            self.send(answers)
        assert self.path == "/report/who-you-are"

    def go_to_barriers(self, identity: str = "anonymous") -> None:
        """Answer everything from the start to the barriers."""
        self.start()
        self.pass_scope()
        self.send({"reporter_kind": "mutual"})
        self.send({"identity_choice": identity})
        if identity != "anonymous":
            self.send({"email": "joan@quillfeather.example", "name": "Joan Pargeter", "wants_email": "yes"})
        self.send({"query": "Borough of Nowhere at All"})
        self.send({"choice": "typed"})
        self.send(
            {"procurement_title": "Community meals service", "procurement_reference": "NW-17", "stage": "live", **VALUE}
        )
        self.send(
            {
                "procurement_start_date-day": "1",
                "procurement_start_date-month": "6",
                "procurement_start_date-year": "2025",
                "learnt_on-day": "3",
                "learnt_on-month": "6",
                "learnt_on-year": "2025",
            }
        )

    def report_bond(self, identity: str = "anonymous") -> None:
        """Answer everything about a bond and five years of accounts, up to the on-the-spot view."""
        self.go_to_barriers(identity)
        self.send({"barriers": ["bonds-and-guarantees", "trading-history-and-accounts"]})
        self.send({"requirement": REQUIREMENT, "narrative": NARRATIVE})
        assert self.path == "/report/found"
        self.send({"said_bond_gbp": "right", "said_bond_required": "right"})
        self.send()
        self.send({"min_years_accounts": "5"})
        self.send({"raised_with_buyer": "no"})
        if self.path == "/report/more-questions":
            self.send()

    def choose_barriers(self, *barriers: str) -> None:
        """Say what stands in the way and tell a story in which nothing is found, up to the first page of questions."""
        self.send({"barriers": list(barriers)})
        self.send({"narrative": "It keeps us out."})

    def receipt_code(self) -> str:
        """Return the receipt code a page shows."""
        shown = self.text.split('<p class="ms-code">')[1].split("</p>")[0]
        self.code = " ".join(part.split("</span>")[0] for part in shown.split("<span>")[1:])
        return self.code

    def file_bond(self, identity: str = "anonymous") -> str:
        """Send the report about the bond and return its receipt code."""
        self.report_bond(identity)
        self.open("/report/check")
        code = self.receipt_code()
        self.send({"saved_code": "yes"})
        return code
