"""Every page of a case for a deputy, and for a deputy and a senior caseworker against whom an interest stands.

The owner, a colleague and a senior with nothing in the way are tried in tests/architecture/test_routes.py.
"""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from mystery_shopper.accounts.absences import set_absence
from mystery_shopper.accounts.policy import ROLE_PERMISSIONS, Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.permissions import Permission
from tests.architecture.test_routes import access_of, rules_of, send, token_of, without_tokens
from tests.architecture.world import COLLEAGUE, UNKNOWN_REFERENCE, World
from tests.factories.interests import declare


def pages_of_a_case(app: Flask, role: Role) -> list[Rule]:
    return [
        rule
        for rule in rules_of(app)
        if rule.rule.startswith("/cases/<reference>") and Permission(access_of(rule)) in ROLE_PERMISSIONS[role]
    ]


@pytest.mark.sqlite
def test_a_deputy_finds_every_page_and_whoever_has_an_interest_finds_none(app: Flask, world: World) -> None:
    owner, deputy, senior = (world.members[name] for name in (Role.CASEWORKER, COLLEAGUE, Role.SENIOR_CASEWORKER))
    with app.app_context(), transaction():
        today, now = clock.today(), clock.utc_now()
        end = today + timedelta(days=3)
        set_absence(
            get_user(owner.id),
            starts_on=today,
            ends_on=end,
            deputy=get_user(deputy.id),
            today=today,
            actor="x",
            now=now,
        )
    stands_in, over = world.enter(app, COLLEAGUE), world.enter(app, Role.SENIOR_CASEWORKER.value)
    pages = pages_of_a_case(app, Role.CASEWORKER)
    assert len(pages) > 30
    wrong = [rule.endpoint for rule in pages if "GET" in (rule.methods or ()) and not opens(stands_in, world, rule)]
    assert wrong == []
    with app.app_context():
        case_id = db.session.scalars(select(Case.id).where(Case.reference == world.owned.reference)).one()
        for member in (deputy, senior):
            declare(get_user(member.id).to_staff_member(), case_id=case_id)
    for role, browser in ((Role.CASEWORKER, stands_in), (Role.SENIOR_CASEWORKER, over)):
        unknown = without_tokens(browser.get(f"/cases/{UNKNOWN_REFERENCE}").text)
        token = {"csrf_token": token_of(browser)}
        for rule in pages_of_a_case(app, role):
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                answer = send(browser, method, world.address(rule, world.owned), token)
                assert answer.status_code == 404, f"{role}: {method} {rule.endpoint}"
                assert without_tokens(answer.text) == unknown, f"{role}: {method} {rule.endpoint}"


def opens(browser: FlaskClient, world: World, rule: Rule) -> bool:
    return browser.get(world.address(rule, world.owned)).status_code == 200
