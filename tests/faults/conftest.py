"""Servers of these tests find register and rules in the database, as on every start but the first."""

import pytest
from flask import Flask

from mystery_shopper.authorities.services import load_register
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.replays.services import record_release
from tests.support.standing import Standing


def prepare_database(app: Flask) -> None:
    with app.app_context(), transaction():
        load_register(actor="system", now=clock.utc_now())
        record_release(now=clock.utc_now())


@pytest.fixture
def app(app: Flask, standing: Standing) -> Flask:
    """The application on a database a server has been started on before."""
    standing.get(app, "served", prepare_database)
    return app
