"""What tests of two cases begin with, made once in each process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest
from flask import Flask

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.core.db import db
from tests.factories.staff import Member, add_member
from tests.support.desks import signed_in as signed_in
from tests.support.standing import Standing

Made = TypeVar("Made")


@dataclass(frozen=True)
class People:
    """Two members of staff."""

    senior: Member
    worker: Member


def add_people() -> People:
    return People(add_member(Role.SENIOR_CASEWORKER), add_member(Role.CASEWORKER))


def staff_of(member: Member) -> StaffMember:
    """Return who somebody is to the services."""
    return get_user(member.id).to_staff_member()


@pytest.fixture
def made_once(app: Flask, standing: Standing) -> Callable[[str, Callable[[], Made]], Made]:
    """Begin with something that has a name; what was in the database before is gone."""

    def get(name: str, make: Callable[[], Made]) -> Made:
        def in_context(app: Flask) -> Made:
            with app.app_context():
                made = make()
                db.session.remove()
            return made

        return standing.get(app, f"similar: {name}", in_context)

    return get
