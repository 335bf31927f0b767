"""The scope check on its pages: what the register knows of the buyer, invoices, and everybody may report anyway."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.policy import Nation, Scope
from mystery_shopper.core.db import db, transaction
from tests.factories.publications import add_authority
from tests.intake.walking import BOND_ANSWERS, Walker


def at_the_buyer(client: FlaskClient) -> Walker:
    walker = Walker(client)
    walker.start()
    walker.pass_scope()
    walker.send({"reporter_kind": "mutual"})
    walker.send({"identity_choice": "anonymous"})
    assert walker.path == "/report/authority"
    return walker


@pytest.mark.parametrize(
    ("scope", "nation", "heading"),
    [
        (Scope.OUT_DEVOLVED, Nation.WALES, "A public body in Wales"),
        (Scope.OUT_DEVOLVED, Nation.SCOTLAND, "A public body in Scotland"),
        (Scope.OUT_DEVOLVED, Nation.NORTHERN_IRELAND, "A public body in Northern Ireland"),
        (Scope.OUT_SCHOOL, Nation.ENGLAND, "We do not look into schools"),
    ],
)
def test_a_buyer_the_register_knows_to_be_elsewhere_is_said_so_and_can_be_reported(
    app: Flask, client: FlaskClient, scope: Scope, nation: Nation, heading: str
) -> None:
    with app.app_context():
        with transaction():
            authority = add_authority()
            db.session.execute(update(Authority).values(scope=scope, nation=nation))
            name, authority_id = authority.name, str(authority.id)
        db.session.remove()
    walker = at_the_buyer(client)
    walker.send({"query": name})
    walker.send({"choice": authority_id})
    assert walker.path == "/report/scope-result"
    assert heading in walker.text
    assert name in walker.text
    assert "Report anyway" in walker.text
    onward = walker.text.split("Report anyway")[0].rsplit('href="', 1)[1].split('"')[0]
    walker.open(onward)
    assert walker.path == "/report/procurement"


def test_a_buyer_in_england_leads_straight_on(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        with transaction():
            authority = add_authority()
            name, authority_id = authority.name, str(authority.id)
        db.session.remove()
    walker = at_the_buyer(client)
    walker.send({"query": name})
    walker.send({"choice": authority_id})
    assert walker.path == "/report/procurement"


def test_somebody_without_invoices_is_told_to_have_them_ready_and_goes_on(client: FlaskClient) -> None:
    walker = Walker(client)
    walker.start()
    walker.send(BOND_ANSWERS[0])
    walker.send({**BOND_ANSWERS[1], "payment": "no-invoices"})
    assert walker.path == "/report/scope-result"
    assert "Have your invoices ready" in walker.text
    assert "Small Business Commissioner" in walker.text
    assert 'rel="noreferrer"' in walker.text
    walker.open("/report/check")
    assert "Yes, but I do not have the invoices at hand" in walker.text


@pytest.mark.parametrize("body", ["school", "wales", "scotland", "northern-ireland", "private-utility"])
def test_whoever_belongs_elsewhere_is_told_where_and_may_still_report(client: FlaskClient, body: str) -> None:
    walker = Walker(client)
    walker.start()
    walker.send({"body": body})
    assert walker.path == "/report/scope-result"
    assert "Report anyway" in walker.text
