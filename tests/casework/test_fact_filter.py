"""The list of cases by the facts stated: which cases, in which address, and at what cost."""

import csv
import io
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select, text

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case, CaseFact, FactSource
from mystery_shopper.cases.services import NewFact
from mystery_shopper.casework.policy import CaseFilter
from mystery_shopper.casework.queries import listing
from mystery_shopper.casework.queries.listing import list_cases
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.facts.registry import registry
from tests.casework.conftest import CROWD_FACTS, Crowd
from tests.casework.pages import Desk
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member, add_member
from tests.support.desks import open_desk
from tests.support.standing import Standing


class Scene(NamedTuple):
    """Two cases and a caseworker."""

    both: Filed
    bond: Filed
    member: Member


def make_scene(app: Flask) -> Scene:
    with app.app_context():
        with transaction():
            both, bond = add_report(facts=CROWD_FACTS), add_report(facts={"bond_gbp": 100})
        member = add_member()
        db.session.remove()
    return Scene(both, bond, member)


@pytest.fixture
def scene(app: Flask, standing: Standing) -> Scene:
    return standing.get(app, "cases of one fact and of two", make_scene)


@pytest.fixture
def desk(app: Flask, scene: Scene) -> Desk:
    return Desk(open_desk(app, scene.member))


@pytest.fixture
def both(scene: Scene) -> Filed:
    """The case of two facts."""
    return scene.both


@pytest.fixture
def bond(scene: Scene) -> Filed:
    """The case of one."""
    return scene.bond


def test_every_chosen_fact_must_be_stated(desk: Desk, both: Filed, bond: Filed) -> None:
    one = desk.client.get("/cases?fact=bond_gbp").text
    two = desk.client.get("/cases?fact=bond_gbp&fact=bond_required").text
    none = desk.client.get("/cases?fact=bond_gbp&fact=min_turnover_gbp").text

    assert both.case_reference in one
    assert bond.case_reference in one
    assert both.case_reference in two
    assert bond.case_reference not in two
    assert "No case matches these filters." in none


def test_it_combines_with_other_filters(desk: Desk, both: Filed) -> None:
    assert both.case_reference in desk.client.get("/cases?fact=bond_gbp&owner=nobody&q=surety").text
    assert both.case_reference not in desk.client.get("/cases?fact=bond_gbp&owner=me").text


def test_a_tag_takes_away_one_fact_and_leaves_the_rest(desk: Desk, both: Filed) -> None:
    page = unescape(desk.client.get("/cases?state=all&fact=bond_gbp&fact=bond_required&cursor=").text)

    assert "Facts stated: Bond or cash deposit" in page
    assert 'href="/cases?state=all&fact=bond_required"' in page
    assert 'href="/cases?state=all&fact=bond_gbp"' in page
    assert 'href="/cases?fact=bond_gbp&fact=bond_required"' in page


def test_another_fact_is_added_to_those_chosen(desk: Desk, both: Filed) -> None:
    page = desk.client.get("/cases?fact=bond_gbp").text

    assert '<input type="hidden" name="fact" value="bond_gbp">' in page
    assert '<option value="bond_gbp">' not in page
    assert '<option value="bond_required">' in page


def test_download_and_pages_keep_every_fact(desk: Desk, both: Filed, bond: Filed) -> None:
    address = "/cases?fact=bond_gbp&fact=bond_required"
    assert 'href="/cases.csv?fact=bond_gbp&fact=bond_required"' in unescape(desk.client.get(address).text)

    rows = list(csv.DictReader(io.StringIO(desk.client.get(address.replace("/cases", "/cases.csv")).text)))
    assert [row["Reference"] for row in rows] == [both.case_reference]


def test_next_page_keeps_every_fact(app: Flask, crowd: Crowd) -> None:
    page = unescape(open_desk(app, crowd.caseworker).get("/cases?fact=bond_gbp&fact=bond_required").text)
    assert "/cases?fact=bond_gbp&fact=bond_required&cursor=" in page


@pytest.mark.parametrize("value", ["no_such_fact", "' OR 1=1 --", "bond_gbp\x00"])
def test_a_fact_that_was_not_offered_is_explained_and_filters_nothing(desk: Desk, both: Filed, value: str) -> None:
    page = desk.client.get("/cases", query_string={"fact": value}).text
    assert "Select one of the options" in page
    assert both.case_reference in page


def test_more_facts_than_there_may_be_are_refused(app: Flask, desk: Desk, both: Filed) -> None:
    page = desk.client.get("/cases", query_string={"fact": list(registry())[:11]}).text
    assert "Select 10 or fewer" in page
    assert both.case_reference in page


def test_what_nobody_confirmed_is_not_in_force(desk: Desk, file_report: Callable[..., Filed]) -> None:
    found = NewFact(
        fact_id="min_turnover_gbp",
        value={"amount": "5.00", "currency": "GBP"},
        source=FactSource.EXTRACTED,
        is_confirmed=False,
    )
    filed = file_report(found=(found,))
    assert filed.case_reference not in desk.client.get("/cases?fact=min_turnover_gbp").text


@pytest.mark.usefixtures("app_context")
class TestQuery:
    def test_older_statements_do_not_count(self, make_user: Callable[..., Member], both: Filed) -> None:
        user = get_user(make_user("caseworker").id).to_staff_member()
        wanted = CaseFilter(fact=("bond_required",))
        assert len(list_cases(user, wanted, today=clock.today(), cursor=None).items) == 1
        db.session.scalars(select(CaseFact).where(CaseFact.fact_id == "bond_required")).one().is_current = False
        db.session.flush()
        assert list_cases(user, wanted, today=clock.today(), cursor=None).items == []

    @pytest.mark.parametrize("rare_max", [500, 0])
    def test_rare_and_common_facts_give_the_same_list(
        self,
        make_user: Callable[..., Member],
        both: Filed,
        bond: Filed,
        monkeypatch: pytest.MonkeyPatch,
        rare_max: int,
    ) -> None:
        monkeypatch.setattr(listing, "RARE_MAX", rare_max)
        user = get_user(make_user("caseworker").id).to_staff_member()
        found = {
            facts: {
                case.id for case in list_cases(user, CaseFilter(fact=facts), today=clock.today(), cursor=None).items
            }
            for facts in (("bond_gbp",), ("bond_required",), ("bond_gbp", "bond_required"), ("tier",))
        }
        assert list(found.values()) == [{both.case_id, bond.case_id}, {both.case_id}, {both.case_id}, set()]

    @pytest.mark.parametrize("rare_max", [500, 0])
    def test_it_is_found_by_its_index(self, both: Filed, monkeypatch: pytest.MonkeyPatch, rare_max: int) -> None:
        monkeypatch.setattr(listing, "RARE_MAX", rare_max)
        statement = select(Case.id).where(listing._states("bond_gbp"))
        probe = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
        if db.engine.dialect.name == "postgresql":
            # Of a handful of rows any index will do: with the other one gone, it must be this one. All is taken back.
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
            db.session.execute(text("DROP INDEX ix_case_facts_current"))
            plan = db.session.scalars(text(f"EXPLAIN {probe}")).all()
        else:
            plan = [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {probe}"))]
        assert "ix_case_facts_in_force" in " ".join(plan)
