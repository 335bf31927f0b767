"""A report in which every word is unlike any other, from the first page to the published result: where do they turn up?

Reader by reader: the public and staff without the case read none of them; the caseworker reads what was reported and
never who reported it; the database, its log, the letters and the logs hold none, in any disguise.
"""

import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from config import Config
from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from tests.casework.pages import whole_case
from tests.factories.staff import Member, add_member, sign_in_member
from tests.intake.walking import Walker, read_forms
from tests.support.leaks import Leak, Scanner, files_below, letter_without_address, rows_of
from tests.support.shared_server import run_shared_server
from tests.support.visitor import Answer, Visitor

ADDRESS = "203.0.113.77"
"""What a proxy says the reporter's address is (a documentation range)."""
PAGES_MAX = 120
PAGES_OF_A_REPORT = 40
START = (
    "/",
    "/results",
    "/results.csv",
    "/results.json",
    "/results.atom",
    "/readyz",
    "/statistics",
    "/report",
    "/receipt",
)
STAFF_START = (
    "/desk",
    "/cases",
    "/cases?state=all&q=bond",
    "/cases.csv?state=all",
    "/publication",
    "/suggestions",
    "/audit",
    "/admin/users",
    "/account",
    "/records",
    "/records/requests",
)
REPORT_WORDS = ("authority", "title", "reference", "requirement", "narrative", "buyer", "certificate", "message")
STAFF_WORDS = ("note", "reply", "intervention", "response", "outcome", "reason", "task", "undone", "letter", "guarded")
LINK = re.compile(r'href="(/[^"#]*)"')
PUBLIC_TEXT = {
    "subject": "Procurement Process",
    "sub_issue": "Financial Requirement",
    "issue_text": "The authority asked every bidder for a very large bond.",
    "outcome_text": "The authority lowered the bond while the tender was open.",
    "details_withheld": "yes",
    "known_by": "many",
}


def word() -> str:
    """Return a word that stands nowhere else."""
    return "zq" + "".join(random.choices(string.ascii_lowercase, k=12))


def digits(count: int) -> str:
    return "".join(random.choices("3456789", k=count))


@dataclass
class Canaries:
    """The words, by what they tell."""

    content: dict[str, str] = field(default_factory=dict)
    identity: dict[str, str] = field(default_factory=dict)
    visit: dict[str, str] = field(default_factory=dict)
    casework: dict[str, str] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls) -> "Canaries":
        """Return fresh ones."""
        found = cls(
            content={name: word() for name in REPORT_WORDS} | {"bond": digits(8)},
            identity={name: word() for name in ("name", "organisation", "trading", "mailbox", "domain")},
            visit={"agent": word(), "referer": word(), "cookie": word(), "address": ADDRESS},
            casework={name: word() for name in STAFF_WORDS},
        )
        found.identity["phone"] = f"020{digits(8)}"
        return found

    @property
    def email(self) -> str:
        """The reporter's address."""
        return f"{self.identity['mailbox']}@{self.identity['domain']}.example"

    def described(self, leaks: list[Leak]) -> list[str]:
        """Return leaks in words: what leaked, how it looked, where."""
        names = {one: name for kind in vars(self).values() for name, one in kind.items()}
        return sorted({f"{names[leak.word]} ({leak.form}) in {leak.where}" for leak in leaks})

    def all(self) -> list[str]:
        """Return every word."""
        return [one for kind in vars(self).values() for one in kind.values()]


@dataclass
class Story:
    """A report that went all the way, and what is needed to look for it."""

    canaries: Canaries
    url: str
    reference: str
    public_reference: str
    members: dict[str, Member]
    folder: Path
    log: Callable[[], str]
    reporter: Visitor
    browsers: dict[str, Visitor] = field(default_factory=dict)

    def enter(self, name: str) -> Visitor:
        """Return the browser of somebody, staff signed in; every answer is kept."""
        if name not in self.browsers:
            self.browsers[name] = Visitor(self.url, keeps_answers=True)
            if name in self.members:
                sign_in_member(self.browsers[name], self.members[name])  # type: ignore[arg-type]
        return self.browsers[name]


def fill(browser: Visitor, address: str, answers: dict[str, str]) -> Answer:
    """Fill in the form of a page and send it; the page must lead on."""
    page = browser.get(address)
    assert page.status_code == 200, f"{address}: {page.status_code}"
    action, fields = next(form for form in read_forms(page.text.split("<main", 1)[1]) if "csrf_token" in form[1])
    answer = browser.post(action or address, {**fields, **answers})
    assert answer.status_code in (302, 303), (
        f"{address}: {answer.status_code} {re.findall('#[^>]*>([^<]+)</a>', answer.text)}"
    )
    return answer


def today(name: str) -> dict[str, str]:
    day = clock.today()
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def all_answers(canaries: Canaries) -> dict[str, str | list[str]]:
    """Return what the reporter answers, by the name of the field, whichever page it stands on."""
    content, identity = canaries.content, canaries.identity
    return {
        "body": "english-public-body",
        "specific": "yes",
        "healthcare": "no",
        "recent": "yes",
        "legal": "no",
        "payment": "no",
        "reporter_kind": "mutual",
        "identity_choice": "confidential",
        "name": identity["name"],
        "organisation": identity["organisation"],
        "trading_names": identity["trading"],
        "email": canaries.email,
        "phone": identity["phone"],
        "wants_email": "yes",
        "query": f"Council of {content['authority']}",
        "choice": "typed",
        "procurement_title": content["title"],
        "procurement_reference": content["reference"],
        "contract_kind": "services",
        "estimated_value_gbp": "1,200,000",
        "stage": "live",
        "procurement_start_date-day": "1",
        "procurement_start_date-month": "6",
        "procurement_start_date-year": "2025",
        "barriers": ["bonds-and-guarantees", "certificates"],
        "bond_gbp": content["bond"],
        "certification_required": "yes",
        "certification_name": content["certificate"],
        "requirement": f"A performance bond ({content['requirement']}) of £4 million is required.",
        "narrative": f"We are a new firm: {content['narrative']}.",
        "raised_with_buyer": "yes",
        "buyer_answer": content["buyer"],
    }


def report(browser: Visitor, canaries: Canaries) -> str:
    """File the report through its pages, whatever their order, and return the receipt code."""
    answers = all_answers(canaries)
    walker = Walker(browser)  # type: ignore[arg-type]
    walker.start()
    for _ in range(PAGES_OF_A_REPORT):
        if walker.path == "/report/view":
            break
        if walker.path == "/report/scope-result":
            walker.open("/report/who-you-are")
        asked = {name: value for name, value in answers.items() if f'name="{name}"' in walker.text}
        walker.send(asked)
        assert "There is a problem" not in walker.text, f"{walker.path}: {walker.text}"
    walker.open("/report/check")
    code = walker.receipt_code()
    walker.send({"saved_code": "yes"})
    assert walker.path == "/report/done"
    walker.open("/receipt")
    walker.send({"code": code})
    walker.open("/receipt/case/held")
    fill(browser, "/receipt/case", {"body": f"One more thing: {canaries.content['message']}."})
    browser.get("/receipt/case")
    return code


def work(browser: Visitor, reference: str, words: dict[str, str]) -> None:
    """Take the case from the queue to the day the reporter was told."""
    case = f"/cases/{reference}"
    fill(browser, f"{case}/note", {"body": words["note"]})
    fill(browser, f"{case}/words", {"word": words["guarded"]})
    fill(browser, f"{case}/tasks/new", {"title": words["task"], "when": "3"})
    task = next(link for link in LINK.findall(browser.get(case).text) if link.endswith("/settle"))
    fill(browser, task, {"new": "cancelled", "reason": words["undone"]})
    for step in ("acknowledged", "triage", "accepted"):
        fill(browser, f"{case}/move", {"new": step, "reason": words["reason"]})
    call = {"kind": "call", "summary": words["intervention"], "moves_case": "yes", **today("made_on")}
    fill(browser, f"{case}/interventions/new", call)
    letter = fill(browser, f"{case}/letters/new/closing/en", {"summary": words["letter"], "save": "yes"})
    fill(browser, letter.location, {})
    answer = next(link for link in LINK.findall(browser.get(f"{case}/parts/action").text) if link.endswith("/response"))
    fill(browser, answer, {"text": words["response"], "moves_case": "yes", **today("received_on")})
    fill(browser, f"{case}/move", {"new": "assessment", "reason": words["reason"]})
    outcome = {"code": "recommendation-accepted", "upheld": "yes", "positive": "no", "summary": words["outcome"]}
    fill(browser, f"{case}/outcome", {**outcome, "moves_case": "yes", **today("reached_on")})
    reply = next(link for link in LINK.findall(browser.get(f"{case}/parts/reports").text) if link.endswith("/message"))
    fill(browser, reply, {"body": words["reply"]})
    fill(browser, f"{case}/move", {"new": "supplier-told", "reason": words["reason"]})


def publish(writer: Visitor, approver: Visitor, reference: str) -> None:
    """Write the public text, have it approved by another, and publish it."""
    page = f"/publication/{reference}"
    fill(writer, page, {})
    fill(writer, f"{page}/edit", {**PUBLIC_TEXT, "send": "yes"})
    fill(approver, f"{page}/decide", {"approve": "yes"})
    fill(writer, f"{page}/publish", {})


@pytest.fixture
def story(app: Flask, settings: Config, tmp_path: Path) -> Iterator[Story]:
    """The whole story, told once through the real server."""
    canaries = Canaries.make()
    with app.app_context():
        members = {role.value: add_member(role, name=f"Any {role.value}") for role in Role}
        members["colleague"] = add_member(Role.CASEWORKER, name="Another Caseworker")
        db.session.remove()
    with run_shared_server(settings, tmp_path / "instance") as server:
        visit = canaries.visit
        headers = {
            "User-Agent": visit["agent"],
            "X-Forwarded-For": visit["address"],
            "Referer": f"https://{visit['referer']}.example/{visit['referer']}",
            "Cookie": f"last={visit['cookie']}",
        }
        reporter = Visitor(server.url, headers, keeps_answers=True)
        code = report(reporter, canaries)
        canaries.code = {"code": code.replace(" ", "")}
        with app.app_context():
            reference, public_reference = db.session.execute(
                text("SELECT reference, public_reference FROM cases")
            ).one()
            db.session.remove()
        story = Story(canaries, server.url, reference, public_reference, members, tmp_path, server.printed, reporter)
        worker = story.enter(Role.CASEWORKER)
        found = worker.get(f"/cases/{reference}")
        token = next(fields for action, fields in read_forms(found.text) if action.endswith("/take"))
        assert worker.post(f"/cases/{reference}/take", token).status_code == 302
        work(worker, reference, canaries.casework)
        publish(story.enter(Role.PUBLISHER), story.enter(Role.SENIOR_CASEWORKER), reference)
        server.command("worker", "--once")
        yield story


def crawl(browser: Visitor, *starts: str) -> int:
    """Open every page that can be reached by links; returns how many."""
    waiting, known = list(starts), set(starts)
    while waiting and len(known) <= PAGES_MAX:
        page = browser.get(waiting.pop(0))
        for link in LINK.findall(page.text) if page.status_code == 200 else ():
            path = link.replace("&amp;", "&")
            if path not in known and not path.startswith(("/assets", "/sign-out")):
                known.add(path)
                waiting.append(path)
    return len(known)


def parts(answers: list[Answer], who: str) -> Iterator[tuple[str, bytes]]:
    for answer in answers:
        place = f"{who}: {answer.request.method} {answer.request.path}"
        yield place, answer.data
        yield f"{place} (without tags)", squeezed(answer.data)
        yield f"{place} (headers)", str(answer.headers).encode()


def squeezed(page: bytes) -> bytes:
    """Return a page without tags, spaces and the commas of sums: a code or a sum set in pieces becomes one word."""
    return re.sub(rb"<[^>]*>|[\s,]", b"", page)


def leaks_to(story: Story, who: str, words: dict[str, str] | list[str], *more: str) -> list[Leak]:
    """Let somebody look at everything they can reach, and return the words they come across."""
    browser = story.enter(who)
    cases = (f"/cases/{story.reference}", f"/publication/{story.reference}", f"/results/{story.public_reference}")
    assert crawl(browser, *START, *STAFF_START, *cases, *more) > 10
    wanted = words.values() if isinstance(words, dict) else words
    return Scanner(wanted).scan_all(parts(browser.seen, who))


@pytest.mark.slow
def test_no_word_of_a_report_turns_up_where_it_should_not(story: Story, settings: Config) -> None:
    canaries = story.canaries
    private = [*canaries.identity.values(), *canaries.code.values()]
    everything = canaries.all()
    visits = list(canaries.visit.values())

    # The words did go in: the reporter and the caseworker read them.
    read = b"".join(squeezed(answer.data) for answer in story.reporter.seen)
    for name, one in {**canaries.content, **canaries.identity, **canaries.code}.items():
        assert one.encode() in read, name
    page = whole_case(story.enter(Role.CASEWORKER), story.reference)  # type: ignore[arg-type]
    for name in ("title", "narrative", "requirement", "message", "certificate", "authority"):
        assert canaries.content[name] in page, name
    assert PUBLIC_TEXT["issue_text"] in Visitor(story.url).get(f"/results/{story.public_reference}").text

    # The public, and staff who have nothing to do with the case, read nothing of it.
    found = leaks_to(story, "anonymous", everything)
    for who in ("colleague", Role.POLICY_OWNER, Role.AUDITOR, Role.ADMINISTRATOR):
        found += leaks_to(story, who, everything)
    # A publisher reads which authority it is and what the flags rest on. Those who work on the case read all that
    # was reported, and never who reported it.
    told = {canaries.content[name] for name in ("authority", "bond", "certificate")}
    found += leaks_to(story, Role.PUBLISHER, [one for one in everything if one not in told])
    for who in (Role.CASEWORKER, Role.SENIOR_CASEWORKER):
        found += leaks_to(story, who, [*private, *visits])
    # Nobody reads how the reporter came here, not even the reporter.
    found += Scanner(visits).scan_all(parts(story.reporter.seen, "reporter"))
    assert canaries.described(found) == []

    # What a thief of the disk gets: the database and its log, the letters, what was printed.
    scanner = Scanner(everything)
    found = scanner.scan_all(rows_of(settings.database_url))
    if settings.is_sqlite:
        file = settings.database_url.removeprefix("sqlite:///")
        found += scanner.scan_all((f"{file}{end}", Path(f"{file}{end}").read_bytes()) for end in ("", "-wal"))
    found += scanner.scan(story.log().encode(), "log")
    letters = list((story.folder / "instance" / "mail").glob("*.eml"))
    assert letters
    mailed = {f"letter {path.name}": path.read_bytes() for path in letters}
    to_reporter = [data for data in mailed.values() if canaries.email.encode() in data]
    assert to_reporter
    for place, data in mailed.items():
        found += scanner.scan(letter_without_address(data, canaries.email) if data in to_reporter else data, place)
    found += scanner.scan_all((place, data) for place, data in files_below(story.folder) if not place.endswith(".eml"))
    assert canaries.described(found) == []


class TestScanner:
    """A scanner that finds nothing must be one that would."""

    @pytest.mark.parametrize(
        "disguise",
        [
            "{}",
            "in the middle of {} a text",
            "x{}x",
        ],
    )
    def test_a_word_is_found_in_a_page_whatever_its_case(self, disguise: str) -> None:
        assert Scanner(["zqabcdefghij"]).scan(disguise.format("ZqAbCdEfGhIj").encode(), "page")

    @pytest.mark.parametrize("before", ["", "a", "ab", "abc", "abcd"])
    def test_a_word_is_found_in_base64(self, before: str) -> None:
        import base64

        data = base64.b64encode(f"{before}zqabcdefghij and more".encode())
        assert Scanner(["zqabcdefghij"]).scan(data, "cookie")

    def test_a_bare_digest_is_found(self) -> None:
        import hashlib

        assert Scanner(["zqabcdefghij"]).scan(hashlib.sha256(b"zqabcdefghij").digest(), "row")

    def test_a_word_in_a_row_is_found_and_a_sealed_one_is_not(
        self, app: Flask, settings: Config, file_report: Callable[..., object]
    ) -> None:
        planted, sealed = word(), word()
        filed = file_report(narrative=f"It says {sealed}.")
        scanner = Scanner([planted, sealed])
        assert scanner.scan_all(rows_of(settings.database_url)) == []
        with app.app_context(), transaction():
            case = get_case_for_update(filed.case_id)  # type: ignore[attr-defined]
            case.scope = planted
        found = scanner.scan_all(rows_of(settings.database_url))
        assert [(leak.word, leak.where) for leak in found] == [(planted, "table cases.scope")]

    def test_a_word_in_a_file_and_in_its_name_is_found(self, tmp_path: Path) -> None:
        (tmp_path / "zqabcdefghij.txt").write_text("nothing")
        (tmp_path / "other.txt").write_text("zqabcdefghij")
        assert len(Scanner(["zqabcdefghij"]).scan_all(files_below(tmp_path))) == 2

    def test_a_word_in_the_subject_of_a_letter_is_found_and_the_address_is_left_out(self) -> None:
        letter = b"To: a@zqdomainword.example\nSubject: about zqabcdefghij\n\nYou have an update.\n"
        rest = letter_without_address(letter, "a@zqdomainword.example")
        found = Scanner(["zqabcdefghij", "zqdomainword"]).scan(rest, "letter")
        assert [leak.word for leak in found] == ["zqabcdefghij"]
