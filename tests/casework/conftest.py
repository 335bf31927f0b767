"""What most tests of the desk begin with, made once in each process: a case, and people to work on it."""

from dataclasses import dataclass

import pytest
from flask import Flask

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core.db import db, transaction
from tests.casework.pages import Desk
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member, add_member
from tests.support.desks import open_desk
from tests.support.desks import signed_in as signed_in
from tests.support.standing import Standing

CROWD_FACTS = {"bond_gbp": 100, "bond_required": True}


@dataclass(frozen=True)
class Ready:
    """A case of one report, and a caseworker."""

    filed: Filed
    caseworker: Member


def make_ready(app: Flask) -> Ready:
    with app.app_context():
        with transaction():
            filed = add_report()
        caseworker = add_member(Role.CASEWORKER)
        db.session.remove()
    return Ready(filed, caseworker)


@pytest.fixture
def ready(app: Flask, standing: Standing) -> Ready:
    """Begin with the case and the people; what was in the database before is gone."""
    return standing.get(app, "a case and a caseworker", make_ready)


@pytest.fixture
def filed(ready: Ready) -> Filed:
    return ready.filed


@pytest.fixture
def desk(app: Flask, ready: Ready) -> Desk:
    """The caseworker, signed in, at the case."""
    return Desk(open_desk(app, ready.caseworker), ready.filed.case_reference)


@dataclass(frozen=True)
class Crowd:
    """Sixty cases that state the same facts, and a caseworker."""

    references: frozenset[str]
    caseworker: Member


def make_crowd(app: Flask) -> Crowd:
    with app.app_context():
        with transaction():
            references = frozenset(add_report(facts=CROWD_FACTS).case_reference for _ in range(60))
        caseworker = add_member(Role.CASEWORKER)
        db.session.remove()
    return Crowd(references, caseworker)


@pytest.fixture
def crowd(app: Flask, standing: Standing) -> Crowd:
    return standing.get(app, "sixty cases and a caseworker", make_crowd)
