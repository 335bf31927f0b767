"""Every page of publication, of the results and of Tell us How in Chromium: accessible, and no wider than a phone."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.services import object_to_publication
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.publication import services
from mystery_shopper.publication.policy import WithdrawalReason
from tests.factories.publications import (
    TEXT,
    add_approved,
    add_authority,
    add_published,
    add_staff,
    add_submitted,
    add_told_case,
)
from tests.factories.staff import Member
from tests.support.accessibility import assert_accessible
from tests.support.browser import DESKTOP, PHONE, assert_reflows, open_page

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SCREENSHOTS")
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4
SIZES = {"desktop": DESKTOP, "phone": PHONE}
LOOKED_AT = [pytest.param("desktop", marks=pytest.mark.large), "phone"]


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
def places(app: Flask) -> dict[str, str]:
    """One case at each step, with long words in it; the name of each step and the address of its page."""
    with app.app_context(), transaction():
        staff = add_staff()
        authority = add_authority("Barchester and Plumstead Episcopi Combined Fire and Rescue Authority")
        text = replace(TEXT, outcome_text=f"{TEXT.outcome_text}\n\n{LONG}")
        cases = {name: add_told_case(authority=authority) for name in ("told", "draft", "waiting", "approved")}
        published, _ = add_told_case(authority=authority)
        withdrawn, _ = add_told_case(authority=authority)
        draft = services.start_draft(cases["draft"][0], author=staff.writer, now=clock.utc_now())
        services.save_draft(draft, text, version=draft.version, author=staff.writer, now=clock.utc_now())
        object_to_publication(db.session.get(Report, cases["draft"][1].report_id))
        add_submitted(cases["waiting"][0], staff, replace(text, known_by="few"))
        add_approved(cases["approved"][0], staff, text)
        result = add_published(published, staff, text)
        gone = add_published(withdrawn, staff, text)
        services.withdraw(
            gone,
            WithdrawalReason.PRIVACY,
            "A reader knew.",
            case=withdrawn,
            version=gone.version,
            actor="system",
            now=clock.utc_now(),
        )
        found = {name: f"/publication/{case.reference}" for name, (case, _) in cases.items()}
        return found | {
            "published": f"/publication/{published.reference}",
            "result": f"/results/{result.public_reference}",
            "tombstone": f"/results/{gone.public_reference}",
            "authority": f"/results/authorities/{authority.slug}",
        }


def _look(page: Page, path: str, name: str) -> None:
    page.goto(path)
    _check(page, name)


def _check(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert_accessible(page)
    assert_reflows(page)


def _sign_in(page: Page, member: Member) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(member.email)
    page.get_by_label("Password", exact=True).fill(member.password)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_label("Code", exact=True).fill(member.code())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.mark.parametrize("size", LOOKED_AT)
def test_the_public_pages(chromium: Browser, address: str, places: dict[str, str], size: str):
    with open_page(chromium, address, viewport=SIZES[size]) as page:
        _look(page, "/results", f"results-{size}")
        _look(page, "/results?q=zeppelin&authority=x", f"results-none-{size}")
        for name in ("result", "tombstone", "authority"):
            _look(page, places[name], f"{name}-{size}")


@pytest.mark.parametrize("size", LOOKED_AT)
def test_the_pages_of_a_publisher(
    chromium: Browser,
    address: str,
    places: dict[str, str],
    make_user: Callable[..., Member],
    size: str,
):
    with open_page(chromium, address, viewport=SIZES[size]) as page:
        _sign_in(page, make_user(Role.PUBLISHER))
        for step in ("to-write", "draft", "awaiting-approval", "approved", "published", "withdrawn"):
            _look(page, f"/publication?step={step}", f"queue-{step}-{size}")
        for name in ("told", "draft", "waiting", "approved", "published"):
            _look(page, places[name], f"publication-{name}-{size}")
        _look(page, f"{places['draft']}/edit", f"edit-{size}")
        page.get_by_label("What the issue was").fill("Quillfeather Care Mutual was shut out")
        page.get_by_role("button", name="Save and send for approval").click()
        page.get_by_text("There is a problem").wait_for()
        _check(page, f"edit-error-{size}")
        _look(page, f"{places['waiting']}/decide", f"decide-{size}")
        page.get_by_role("button", name="Save decision").click()
        _check(page, f"decide-error-{size}")
        for name, action in (("approved", "publish"), ("waiting", "send-back"), ("told", "withhold")):
            _look(page, f"{places[name]}/{action}", f"{action}-{size}")
        _look(page, f"{places['published']}/withdraw", f"withdraw-{size}")
