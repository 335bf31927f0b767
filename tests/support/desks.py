"""Browsers of staff who stand ready: signed in without the pages of signing in, where those are not the subject."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from tests.factories.staff import Member, start_session


def open_desk(app: Flask, member: Member) -> FlaskClient:
    """Return a new browser in which somebody has just signed in.

    A session is not kept with what is made once: it ends when nobody uses it, and a run of all tests may take longer.
    """
    with app.app_context():
        with transaction() as session:
            token = start_session(session, session.get_one(User, member.id), clock.utc_now())
        db.session.remove()
    browser = app.test_client()
    browser.set_cookie("session", token)
    return browser


@pytest.fixture
def signed_in(app: Flask, make_user: Callable[..., Member]) -> Callable[..., FlaskClient]:
    """Return a new browser in which somebody of a role is signed in, as the fixture of all tests does by the pages.

    A package whose tests are not of signing in takes this one into its conftest.
    """

    def go(role: Role | str = Role.CASEWORKER) -> FlaskClient:
        return open_desk(app, make_user(role))

    return go
