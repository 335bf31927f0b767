"""Sending the main form of a page of staff."""

from collections.abc import Mapping

from werkzeug.test import TestResponse

from tests.intake.walking import Walker, read_forms


def send(walker: Walker, answers: Mapping[str, object] | None = None) -> TestResponse:
    """Send the form in the main part of the page as a browser does: to the address of the page where it names none."""
    action, fields = read_forms(walker.text.split("<main", 1)[1])[0]
    address = action or walker.page.request.full_path
    walker.page = walker.client.post(address, data={**fields, **(answers or {})}, follow_redirects=True)
    return walker.page
