"""Every page there is, in Chromium: axe, one h1, a title of its own, no sideways scrolling on a phone, no other host.

Every form is also sent empty. Pages are found from the routes, so that a new page is looked at from its first day.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from mystery_shopper.accounts.policy import ROLE_PERMISSIONS, Role
from mystery_shopper.core.db import transaction
from mystery_shopper.core.permissions import Permission, mark_of
from tests.architecture.world import World
from tests.factories.notices import keep
from tests.intake.walking import Walker
from tests.support.accessibility import violations
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page
from tests.support.plugin import WHOLE

pytestmark = pytest.mark.browser

SESSION_COOKIE = "session"
ROLES = (Role.CASEWORKER, Role.SENIOR_CASEWORKER, Role.POLICY_OWNER, Role.PUBLISHER, Role.AUDITOR, Role.ADMINISTRATOR)
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2
REPORT_PAGES = (
    "scope-body", "scope-checks", "scope-result", "who-you-are", "how-to-be-known", "contact", "authority",
    "notice", "notice/found", "procurement", "dates", "notice-facts", "barriers", "what-happened", "found",
    "barrier-bonds-and-guarantees", "raised", "evidence", "view", "check", "tasks", "save", "slip", "return", "left",
    "paper",
)  # fmt: skip
WELSH_REPORT_PAGES = ("how-to-be-known", "found", "view", "check", "tasks")
RECEIPT_PAGES = ("", "/evidence", "/questions", "/held", "/object", "/withdraw", "/proof", "/slip")
NOT_PAGES = {
    "answering.download_file",
    "letters.download_letter",
    "letters.download_pdf",
    "pages.leave",
    "keying.show_letter",
    "accounts.add_app",
    "accounts.show_administration",
    "accounts.go_home",
    "accounts.set_up_second_factor",
    "accounts.enter_code",
    "casework.assign_cases",
    "casework.give_tasks",
    "casework.label_cases",
    "casework.open_view",
    "casework.download_attachment",
    "casework.download_copy",
    "requests.download_pack",
}
"""Addresses that only lead on, for somebody who is signed in (bulk actions without cases: to the list), and files."""
ELSEWHERE = ("intake.", "receipt.", "readiness.")
"""Routes that need a report in the browser (looked at in tests of their own) or are for machines."""
EMPTY_STATES = {
    Role.CASEWORKER: (
        "/cases?q=zeppelinhangar",
        "/cases?due_before-day=99",
        "/nowhere-at-all",
        "/admin/users",
        "/cases/bulk/label?all=yes",
        "/cases/bulk/task?all=yes",
    ),
    Role.SENIOR_CASEWORKER: ("/records/retention/identity", "/cases/bulk/assign?all=yes"),
    Role.POLICY_OWNER: (
        "/suggestions?rule=FIN-PCG",
        "/suggestions/themes?received_to-day=1&received_to-month=1&received_to-year=2015",
    ),
    Role.PUBLISHER: ("/publication?step=withdrawn",),
}
MAIN_PAGES = (
    "/",
    "/report",
    "/tell-us-how",
    "/tell-us-how/you-said-we-did",
    "/results",
    "/receipt",
    "/safety",
    "/sign-in",
    "/nowhere-at-all",
)
WELSH_PAGES = ("/", "/statistics", "/guidance/right-to-provide", "/tell-us-how/you-said-we-did", "/results")
EMPTY_FORMS = """form => {
    for (const field of form.querySelectorAll("input:not([type=hidden]), textarea")) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = false; else field.value = "";
    }
    form.querySelector("button[type=submit], button:not([type])").click();
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll("button, main summary, main input, main select")]
    .filter(e => {
        const box = e.getBoundingClientRect();
        return e.type !== "hidden" && box.width > 1 && box.height > 1 && (box.height < 24 || box.width < 24);
    })
    .map(e => e.outerHTML.slice(0, 100))"""


@dataclass
class Sweep:
    """Looks at pages and gathers what is wrong, so that one run names every fault."""

    page: Page
    titles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    problems: list[str] = field(default_factory=list)
    errors_seen: int = 0

    def visit(self, path: str, endpoint: str = "") -> None:
        """Open a page and look at it."""
        self.page.goto(path)
        self.look(endpoint or path)

    def look(self, name: str, *, with_axe: bool = True) -> None:
        """Look at the page as it stands, at a desk and on a phone."""
        title = self.page.title()
        self.titles[title].add(name)
        found = [f"{name}: {what}" for what in violations(self.page)] if with_axe else []
        headings = self.page.locator("h1").count()
        if headings != 1:
            found.append(f"{name}: {headings} h1")
        self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        found += [f"{name}: target too small: {target}" for target in self.page.evaluate(SMALL_TARGETS)]
        try:
            assert_reflows(self.page)
        except AssertionError as error:
            found.append(f"{name}: {error}")
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        self.problems += found

    def send_empty(self, path: str, *, with_axe: bool = True) -> None:
        """Send the first form of a page with nothing in it, and look at the errors it is met with."""
        self.page.goto(path)
        form = self.page.locator("main form[method=post]:has(input:not([type=hidden]), textarea, select)")
        if form.count() == 0:
            return
        with self.page.expect_navigation():
            form.first.evaluate(EMPTY_FORMS)
        if self.page.title().startswith("Error: "):
            self.errors_seen += 1
            self.look(f"{path} sent empty", with_axe=with_axe)
            if not self.page.evaluate("document.activeElement.classList.contains('govuk-error-summary')"):
                self.problems.append(f"{path}: the focus is not on the error summary")

    def compare_titles(self) -> None:
        """Take down titles that two pages share, and begin anew: an error state has the title of its page."""
        shared = {title: names for title, names in self.titles.items() if len(names) > 1}
        self.problems += [f"share the title {title}: {', '.join(sorted(names))}" for title, names in shared.items()]
        self.titles.clear()

    def assert_clean(self) -> None:
        """Fail with everything that was found."""
        self.compare_titles()
        assert not self.problems, "\n".join(self.problems)


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


def take_session(page: Page, client: FlaskClient, address: str) -> None:
    """Put a browser window into the session of a test client."""
    cookie = client.get_cookie(SESSION_COOKIE)
    assert cookie is not None
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": cookie.value, "url": address}])


@contextmanager
def sweep_as(client: FlaskClient | None, browser: Browser, address: str) -> Iterator[Sweep]:
    """Open a browser window in the session of a test client; fail at the end with all that is wrong."""
    with open_page(browser, address, viewport=DESKTOP) as page:
        if client is not None:
            take_session(page, client, address)
        sweep = Sweep(page)
        yield sweep
        sweep.assert_clean()


def access_of(app: Flask, rule: Rule) -> Permission | None:
    mark = mark_of(app.view_functions[rule.endpoint])
    return mark.permission if mark else None


def pages_of(app: Flask, wanted: Callable[[Permission | None], bool]) -> list[Rule]:
    """Return the routes that show a page to somebody, by endpoint."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and "." in rule.endpoint
        and not rule.endpoint.startswith(ELSEWHERE)
        and rule.endpoint not in NOT_PAGES
        and not rule.rule.endswith((".csv", ".json", ".atom"))
        and wanted(access_of(app, rule))
    ]
    return sorted(rules, key=lambda rule: rule.endpoint)


def first_role(permission: Permission) -> Role:
    return next(role for role in ROLES if permission in ROLE_PERMISSIONS[role])


@pytest.mark.parametrize("roles", [ROLES[:1], ROLES[1:]], ids=["caseworker", "others"])
def test_every_page_of_staff(
    app: Flask, world: World, address: str, chromium: Browser, roles: tuple[Role, ...]
) -> None:
    for role in roles:
        look_as(role, world, app, address, chromium)


def look_as(role: Role, world: World, app: Flask, address: str, chromium: Browser) -> None:
    """Look at every page that is of this role first, and at its forms sent empty."""
    rules = pages_of(app, lambda permission: permission is not None and first_role(permission) is role)
    with sweep_as(world.enter(app, role.value), chromium, address) as sweep:
        for rule in rules:
            sweep.visit(world.address(rule), rule.endpoint)
        for path in EMPTY_STATES.get(role, ()):
            sweep.page.goto(path)
            assert "Cookies" in sweep.page.inner_text("footer")
            sweep.problems += [f"{path}: {what}" for what in violations(sweep.page)]
        sweep.compare_titles()
        for rule in rules:
            if "POST" in (rule.methods or ()):
                # Errors are drawn by the same few components on every page: axe reads those of the public in any case.
                sweep.send_empty(world.address(rule), with_axe=WHOLE)
        sweep.titles.clear()


def test_every_public_page(app: Flask, world: World, address: str, chromium: Browser) -> None:
    with sweep_as(None, chromium, address) as sweep:
        for rule in pages_of(app, lambda permission: permission is None):
            path = world.address(rule)
            sweep.page.goto(path)
            if sweep.page.url.removeprefix(address).split("?")[0] == path:
                sweep.look(rule.endpoint)
        assert len(sweep.titles) >= 10
        sweep.page.context.add_cookies([{"name": "language", "value": "cy", "url": address}])
        for path in WELSH_PAGES:
            sweep.visit(path, f"{path} in Welsh")
            assert sweep.page.get_attribute("html", "lang") == "cy", path


def test_every_page_of_a_report_and_its_receipt(app: Flask, address: str, chromium: Browser) -> None:
    client = app.test_client()
    walker = Walker(client)
    with app.app_context(), transaction():
        keep()
    walker.report_bond("confidential")
    walker.open("/report/procurement")
    walker.send({"procurement_title": LONG})
    walker.open("/report/notice")
    walker.send({"typed": "012345-2026", "find": "yes"})
    walker.send({"use": "yes"})
    with sweep_as(client, chromium, address) as sweep:
        for slug in REPORT_PAGES:
            sweep.visit(f"/report/{slug}", slug)
        sweep.compare_titles()
        for slug in REPORT_PAGES:
            if slug not in ("notice/found", "save", "left", "paper", "view", "tasks", "slip", "scope-result"):
                sweep.send_empty(f"/report/{slug}")
        assert sweep.errors_seen >= 9
        sweep.titles.clear()
        sweep.page.context.add_cookies([{"name": "language", "value": "cy", "url": address}])
        for slug in WELSH_REPORT_PAGES:
            sweep.visit(f"/report/{slug}", f"{slug} in Welsh")
            assert sweep.page.get_attribute("html", "lang") == "cy"
        sweep.page.context.clear_cookies(name="language")
        sweep.titles.clear()
        walker.open("/report/check")
        code = walker.receipt_code()
        walker.send({"saved_code": "yes"})
        sweep.visit("/report/done", "done")
        walker.open("/receipt")
        walker.send({"code": code})
        walker.send({"body": LONG * 40})
        take_session(sweep.page, client, address)
        for part in RECEIPT_PAGES:
            sweep.visit(f"/receipt/case{part}", f"receipt{part}")
        sweep.compare_titles()
        sweep.page.emulate_media(media="print")
        sweep.visit("/receipt/case", "receipt")
        assert not sweep.page.get_by_role("button", name="Exit this page").is_visible()
        sweep.titles.clear()


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, marks=pytest.mark.large), PHONE], ids=["desktop", "phone"])
def test_the_main_pages_without_scripts(
    app: Flask, world: World, address: str, chromium: Browser, viewport: tuple[int, int]
) -> None:
    caseworker = world.enter(app, Role.CASEWORKER.value)
    with open_page(chromium, address, viewport=viewport, java_script_enabled=False) as page:
        for path in MAIN_PAGES:
            page.goto(path)
            assert page.locator("h1").is_visible(), path
            assert page.get_by_role("link", name="Report a barrier").first.is_visible(), path
            assert_reflows(page)
        take_session(page, caseworker, address)
        for path in ("/desk", "/cases", f"/cases/{world.owned.reference}", "/rules"):
            page.goto(path)
            assert page.locator("h1").is_visible(), path
            assert page.get_by_role("button", name="Sign out").is_visible(), path
            assert_reflows(page)


def test_focus_can_be_seen_on_everything_the_keyboard_reaches(
    app: Flask, world: World, address: str, chromium: Browser
) -> None:
    client = world.enter(app, Role.CASEWORKER.value)
    with sweep_as(client, chromium, address) as sweep:
        sweep.page.goto(f"/cases/{world.owned.reference}")
        order = []
        for _ in range(60):
            sweep.page.keyboard.press("Tab")
            seen = sweep.page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                    return [e.outerHTML.slice(0, 80), s.outlineStyle !== "none" || s.boxShadow !== "none"
                        || s.backgroundColor === "rgb(255, 221, 0)", e === document.body] }"""
            )
            if seen[2]:
                break
            order.append(seen[0])
            if not seen[1]:
                sweep.problems.append(f"no focus to be seen on {seen[0]}")
        assert any("Skip to main content" in part or "govuk-skip-link" in part for part in order[:1])
        assert len(order) > 15
