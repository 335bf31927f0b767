"""Addresses no page gives out: text no database stores, cursors nobody was handed, numbers without end."""

import base64
import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from tests.factories.reports import Filed

NUL = "%00"
ODD = ("\x00", "\ud800", "9" * 10, "9" * 25, "9" * 5000, "-1", "²", "2026-02-30")
FIRST = ("", "2026-01-31", "202601")
PAGES: dict[Role | None, tuple[str, ...]] = {
    None: (
        f"/{NUL}",
        f"/results/a{NUL}b",
        f"/results/authorities/{NUL}",
        f"/results?q={NUL}&authority=a{NUL}b&subject={NUL}&year={NUL}",
        f"/results.csv?q={NUL}",
        f"/report/{NUL}",
        f"/tell-us-how/{NUL}",
        f"/sign-in?next={NUL}",
    ),
    Role.CASEWORKER: (
        f"/cases/{NUL}",
        f"/cases?q={NUL}&owner={NUL}&rule={NUL}",
        f"/cases?authority={NUL}",
        f"/rules/{NUL}",
    ),
    Role.POLICY_OWNER: (f"/suggestions/{NUL}", f"/suggestions?state={NUL}"),
    Role.PUBLISHER: (f"/publication/{NUL}", f"/publication?step={NUL}"),
    Role.AUDITOR: (f"/audit?actor={NUL}&action={NUL}",),
}
LISTS: dict[Role | None, tuple[str, ...]] = {
    None: ("/results?", "/results.json?"),
    Role.CASEWORKER: ("/cases?", "/cases?sort=received&"),
    Role.POLICY_OWNER: ("/suggestions?",),
    Role.PUBLISHER: ("/publication?", "/publication?step=published&"),
    Role.AUDITOR: ("/audit?",),
}


def _cursors() -> list[str]:
    keys = [[odd] for odd in ODD] + [[first, odd] for first in FIRST for odd in ODD]
    raw = [json.dumps(["after", *key]) for key in keys]
    raw += ["[]", "{}", "null", '["after", 1]', "[" * 3000, '["after"]', "\\"]
    return [base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in raw] + ["%", "é", NUL]


@pytest.mark.parametrize("role", PAGES)
def test_no_odd_address_and_no_odd_cursor_is_an_error_of_ours(
    client: FlaskClient,
    signed_in: Callable[..., FlaskClient],
    file_report: Callable[..., Filed],
    role: Role | None,
):
    file_report()
    browser = signed_in(role) if role else client
    addresses = [*PAGES[role], *(f"{page}cursor={cursor}" for page in LISTS[role] for cursor in _cursors())]
    assert [address for address in addresses if browser.get(address).status_code >= 500] == []
