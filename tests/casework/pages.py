"""A caseworker's browser for tests: opens forms as a person does, sends what the page carries."""

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_PART = re.compile(r'moj-sub-navigation__link" href="(/cases/[^"/]+/parts/[^"]+)"')
_INPUT = re.compile(r"<input\b[^>]*>")


def open_page(client: FlaskClient, address: str) -> str:
    """Open a page that must be there and return its text."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def whole_case(client: FlaskClient, reference: str) -> str:
    """Return the text of the case page and of every part it leads to, in the order of the page."""
    page = open_page(client, f"/cases/{reference}")
    parts = dict.fromkeys(_PART.findall(page))
    return "".join([page, *(open_page(client, part) for part in parts)])


@dataclass
class Desk:
    """Somebody signed in, and the case they work on."""

    client: FlaskClient
    reference: str = ""

    def url(self, path: str = "") -> str:
        """Return an address of the case."""
        return f"/cases/{self.reference}{'/' + path if path else ''}"

    def see(self, path: str = "") -> str:
        """Open a page of the case and return its text; without a path the case page and every part it leads to."""
        if not path:
            return whole_case(self.client, self.reference)
        return open_page(self.client, self.url(path))

    def carried(self, address: str) -> dict[str, str]:
        """Return what the form of a page carries in hidden fields."""
        page = self.client.get(address)
        assert page.status_code == 200, page.text
        found = {}
        main = page.text.split("<main", 1)[-1]
        for tag in _INPUT.findall(main):
            if 'type="hidden"' in tag:
                name = re.search(r'name="([^"]+)"', tag)
                value = re.search(r'value="([^"]*)"', tag)
                assert name
                found[name.group(1)] = value.group(1) if value else ""
        return found

    def send(self, path: str, fields: dict[str, Any], *, carried: dict[str, str] | None = None) -> TestResponse:
        """Fill in the form of a page of the case and send it."""
        address = self.url(path)
        hidden = self.carried(address) if carried is None else carried
        return self.client.post(address, data={**hidden, **fields})

    def move(self, *steps: str, **fields: Any) -> None:
        """Take the case some steps on, by hand."""
        for step in steps:
            answer = self.send("move", {"new": step, "reason": "As agreed", **fields})
            assert answer.status_code == 302, answer.text


def day(name: str, value: Any) -> dict[str, str]:
    """Return a date as the three fields of a page."""
    return {f"{name}-day": str(value.day), f"{name}-month": str(value.month), f"{name}-year": str(value.year)}
