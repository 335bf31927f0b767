"""A demonstration and real cases never meet in one database: the accounts of the first are known to everybody."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from config import Config
from mystery_shopper.accounts import services as accounts
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.demo import people
from mystery_shopper.demo.services import load_demonstration
from mystery_shopper.operations import prepare
from tests.factories.reports import Filed


def _said(_line: str) -> None:
    """Nobody listens."""


def test_the_demonstration_is_not_loaded_beside_cases(app: Flask, file_report: Callable[..., Filed]):
    file_report()
    with app.app_context(), pytest.raises(ConfigurationError, match="There are cases"):
        load_demonstration(reports=1, say=_said)


def test_accounts_with_a_known_password_stop_the_start_unless_it_is_a_demonstration(app: Flask):
    with app.app_context(), transaction():
        people.add_staff(now=clock.utc_now())
    with app.app_context(), pytest.raises(ConfigurationError, match="known password"):
        people.check_closed()


def test_closed_demonstration_accounts_stop_nothing(app: Flask):
    with app.app_context(), transaction():
        people.add_staff(now=clock.utc_now())
        for user in people.find_staff():
            accounts.disable_user(user, actor="system", now=clock.utc_now())
    with app.app_context():
        people.check_closed()


def test_preparing_in_earnest_looks_for_them(app: Flask, settings: Config):
    with app.app_context(), transaction():
        people.add_staff(now=clock.utc_now())
    with pytest.raises(ConfigurationError, match="known password"):
        prepare(replace(settings, demo=False), _said)
