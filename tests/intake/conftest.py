"""Walks that many tests begin with: each is made once in each process, and every test goes on from where it ended."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.core.db import transaction
from tests.factories.reports import Filed, add_report
from tests.intake.walking import Stop, Walker
from tests.support.desks import signed_in as signed_in
from tests.support.standing import Standing

Walk = Callable[[Walker], object]
Walked = Callable[[str, Walk], Walker]


@pytest.fixture
def walked(app: Flask, client: FlaskClient, standing: Standing) -> Walked:
    """Go on from the end of a walk that has a name; what was in the database before is gone."""

    def go_on(name: str, walk: Walk) -> Walker:
        def stop(app: Flask) -> Stop:
            walker = Walker(app.test_client())
            walk(walker)
            return walker.stop()

        return Walker.resume(client, standing.get(app, f"walk: {name}", stop))

    return go_on


def file_usual(app: Flask) -> Filed:
    with app.app_context(), transaction():
        return add_report()


@pytest.fixture
def filed(app: Flask, standing: Standing) -> Filed:
    """A report that has been filed; what was in the database before is gone."""
    return standing.get(app, "a report", file_usual)


@pytest.fixture
def started(walked: Walked) -> Walker:
    """A report has been started."""
    return walked("started", Walker.start)


@pytest.fixture
def at_barriers(walked: Walked) -> Walker:
    """An anonymous report, answered up to the barriers."""
    return walked("at barriers", Walker.go_to_barriers)


@pytest.fixture
def with_bond(walked: Walked) -> Walker:
    """An anonymous report about a bond, answered up to the on-the-spot view."""
    return walked("with bond", Walker.report_bond)


@pytest.fixture
def sent(walked: Walked) -> Walker:
    """An anonymous report about a bond has been sent, and the walker knows its code."""
    return walked("sent", Walker.file_bond)
