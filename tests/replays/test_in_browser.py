"""The pages of re-triage in Chromium, with changes of every kind on them: accessible, and no wider than a phone."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import FlagDecision
from mystery_shopper.core.db import db
from mystery_shopper.replays import queries
from tests.factories.reports import Filed
from tests.factories.staff import Member
from tests.replays.backlog import FIGURE, apply, compare, decide, file_bonds, put_in_force, work
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SCREENSHOTS")


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


@pytest.fixture
def pages(app: Flask, file_report: Callable[..., Filed], make_user: Callable[..., Member]) -> dict[str, str]:
    """Replays in every state; the name of each page and its path."""
    with app.app_context():
        filed = file_bonds(file_report, 3, 7, 12, 20, 28, 30)
        decide(filed[2], FlagDecision.CONFIRMED, get_user(make_user("caseworker").id).to_staff_member())
        applied = apply("15").id
        running = put_in_force(compare("27", "bond-share-high"))
        work(running, limit=2, slices=1)
        compared = compare("5").id
        db.session.remove()
    replay = "/rules/replay"
    return {
        "list": replay,
        "applied": f"{replay}/{applied}",
        "running": f"{replay}/{running}",
        "compared": f"{replay}/{compared}",
        "apply": f"{replay}/{compared}/apply",
        "discard": f"{replay}/{compared}/discard",
        "try": f"{replay}/new",
        "figure": f"{replay}/figures/{FIGURE}",
        "version": "/rules/versions/2",
        "file": "/rules/versions/2?file=catalogue/finance.yaml",
        "decided": f"/cases/{filed[2].case_reference}",
    }


def look(page: Page, name: str, path: str) -> None:
    """Open a page at a desk and on a phone."""
    for size, (width, height) in {"desktop": DESKTOP, "phone": PHONE}.items():
        page.set_viewport_size({"width": width, "height": height})
        assert page.goto(path).status == 200, path  # type: ignore[union-attr]
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"replay-{name}-{size}.png", full_page=True)
        assert_accessible(page)
    assert_reflows(page)


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.POLICY_OWNER, ("list", "applied", "running", "compared", "apply", "discard", "try", "figure", "version",
                             "file")),
        pytest.param(Role.SENIOR_CASEWORKER, ("applied", "compared", "decided"), marks=pytest.mark.large),
    ],
)  # fmt: skip
def test_pages_of_replays_are_accessible_and_fit_a_phone(
    pages: dict[str, str],
    address: str,
    chromium: Browser,
    signed_in: Callable[..., FlaskClient],
    role: Role,
    names: tuple[str, ...],
) -> None:
    cookie = signed_in(role).get_cookie("session")
    assert cookie is not None
    with open_page(chromium, address, viewport=DESKTOP) as page:
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        for name in names:
            look(page, f"{role.value}-{name}", pages[name])


def test_the_fixture_has_changes_of_every_kind(app: Flask, pages: dict[str, str]) -> None:
    with app.app_context():
        states = {replay.state.value for replay in queries.list_replays()}
        db.session.remove()
    assert states == {"applied", "applying", "compared"}
