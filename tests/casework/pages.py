"""A caseworker's browser for tests: opens forms as a person does, sends what the page carries."""

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_INPUT = re.compile(r"<input\b[^>]*>")


@dataclass
class Desk:
    """Somebody signed in, and the case they work on."""

    client: FlaskClient
    reference: str = ""

    def url(self, path: str = "") -> str:
        """Return an address of the case."""
        return f"/cases/{self.reference}{'/' + path if path else ''}"

    def see(self, path: str = "") -> str:
        """Open a page of the case and return its text."""
        answer = self.client.get(self.url(path))
        assert answer.status_code == 200, answer.text
        return answer.text

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
