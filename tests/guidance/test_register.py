"""The register of the Right to Provide: what it shows, who may change it, and its file."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.models import MUTUAL_KINDS, ReporterKind
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import DomainError
from mystery_shopper.guidance.models import Stage
from mystery_shopper.guidance.policy import is_web_address
from mystery_shopper.guidance.queries import count_mutuals, list_stages, list_standings
from mystery_shopper.guidance.services import register
from mystery_shopper.intake.answers import MUTUALS
from tests.architecture.world import as_staff
from tests.factories.reports import Filed, add_report
from tests.factories.staff import add_member
from tests.guidance.sending import send
from tests.intake.walking import Walker

IN_2012 = {
    ("Further Education", ""): "Now starting",
    ("Home Office", ""): "Not yet started",
    ("Ministry of Justice", ""): "Now starting",
    ("Department for Work and Pensions", ""): "Not yet started",
    ("Department for Education", "Youth services"): "Now starting",
    ("Department for Education", "Social work"): "Now starting",
    ("Department for Education", "Children's centres"): "Not yet started",
    ("Department of Health", "Right to Request"): "Near completion",
}
ADDRESS = "/guidance/right-to-provide"


@pytest.fixture
def owner(app_context: Flask) -> StaffMember:
    return as_staff(add_member(Role.POLICY_OWNER), Role.POLICY_OWNER)


def new_stage(**changed: object) -> register.NewStage:
    details = {
        "submission_id": uuid4(),
        "department": "Home Office",
        "service": "",
        "stage": Stage.STARTING,
        "detail": "",
        "said_on": date(2014, 3, 1),
        "source": "Written answer",
        "address": "https://questions.example.org/1",
    }
    return register.NewStage(**(details | changed))  # type: ignore[arg-type]


def rows_of(client: FlaskClient) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{ADDRESS}.csv").text)))


class TestShipped:
    def test_the_stages_of_2012_are_on_the_register(self, app_context: Flask) -> None:
        found = {(one.current.department, one.current.service): one.current.label for one in list_standings()}
        assert found == IN_2012
        health = next(one.current for one in list_standings() if one.current.stage is Stage.NEAR_COMPLETION)
        assert health.detail == "40 services"

    def test_everybody_reads_them_with_source_and_year(self, client: FlaskClient) -> None:
        page = client.get(ADDRESS).text
        for (department, _), label in IN_2012.items():
            assert department in page
            assert label in page
        assert "Cabinet Office" in page
        assert "2012" in page
        assert "1 January 2012" not in page
        assert 'href="/report?about=right-to-provide"' in page

    def test_the_file_holds_the_same(self, client: FlaskClient) -> None:
        rows = rows_of(client)
        assert {(row["Department"], row["Service"]): row["Stage"] for row in rows} == IN_2012
        assert {row["Said on"] for row in rows} == {"2012"}


class TestRecording:
    def test_a_new_stage_counts_and_the_old_one_is_history(self, owner: StaffMember) -> None:
        row = register.record_stage(new_stage(department="home office"), recorder=owner, now=clock.utc_now())
        standing = next(one for one in list_standings() if one.current.id == row.id)
        assert [old.label for old in standing.history] == ["Not yet started", "Now starting"]
        assert row.department == "Home Office"
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "provide-stage:recorded")).one()
        assert (entry.actor, entry.subject_id) == (owner.actor, str(row.id))

    def test_an_older_source_found_later_does_not_become_the_current_stage(self, owner: StaffMember) -> None:
        register.record_stage(new_stage(said_on=date(2011, 5, 1)), recorder=owner, now=clock.utc_now())
        standing = next(one for one in list_standings() if one.current.department == "Home Office")
        assert standing.current.label == "Not yet started"
        assert len(standing.history) == 2

    def test_a_form_sent_twice_makes_one_entry(self, owner: StaffMember) -> None:
        new = new_stage()
        first = register.record_stage(new, recorder=owner, now=clock.utc_now())
        assert register.record_stage(new, recorder=owner, now=clock.utc_now()) is first

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"said_on": clock.today() + timedelta(days=1)}, "said_on"),
            ({"address": "javascript:alert(1)"}, "address"),
            ({"address": "https://a b.example"}, "address"),
        ],
    )
    def test_what_cannot_be_is_refused(self, owner: StaffMember, changed: dict[str, object], field: str) -> None:
        with pytest.raises(DomainError) as caught:
            register.record_stage(new_stage(**changed), recorder=owner, now=clock.utc_now())
        assert caught.value.field == field

    def test_a_mistake_is_taken_back_and_stays_on_record(self, owner: StaffMember) -> None:
        row = register.record_stage(new_stage(), recorder=owner, now=clock.utc_now())
        for _ in range(2):
            register.take_back(row, taker=owner, now=clock.utc_now())
        assert row.id not in {one.current.id for one in list_standings()}
        assert row.id in {one.id for one in list_stages()}
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "provide-stage:taken-back")).all()
        assert len(entries) == 1

    def test_the_policy_owner_records_and_takes_back_through_the_pages(
        self, client: FlaskClient, signed_in: Callable[..., FlaskClient]
    ) -> None:
        walker = Walker(signed_in(Role.POLICY_OWNER))
        walker.open(f"{ADDRESS}/stages/new?department=Home+Office")
        answers = {"stage": "under-way", "source": "=HYPERLINK(1)", "said_on-day": "2"}
        send(walker, answers)
        assert "The day of the source must include a month and year" in walker.page.text
        send(walker, {"said_on-month": "3", "said_on-year": "2015"})
        assert "Stage of Home Office recorded" in walker.page.text
        assert "Not yet started" in client.get(ADDRESS).text.split("Stages over time")[1]
        current = [row for row in rows_of(client) if row["Department"] == "Home Office" and row["Current"] == "yes"]
        assert [(row["Stage"], row["Said on"], row["Source"]) for row in current] == [
            ("Under way", "2015-03-02", "'=HYPERLINK(1)")
        ]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://www.gov.uk/a?b=c#d", True),
        ("http://example.org", True),
        ("ftp://example.org", False),
        ("https://localhost", False),
        ("https://exa mple.org", False),
        ("//example.org", False),
        ("https://example.org/\u202e", False),
    ],
)
def test_web_addresses(address: str, is_one: bool) -> None:
    assert is_web_address(address) is is_one


class TestGroup:
    def test_mutuals_of_every_kind_are_counted_for_those_who_may_see_them(self, app_context: Flask) -> None:
        for kind in (*MUTUAL_KINDS, ReporterKind.MUTUAL, ReporterKind.SMALL_BUSINESS):
            add_report(reporter_kind=kind)
        senior = as_staff(add_member(Role.SENIOR_CASEWORKER), Role.SENIOR_CASEWORKER)
        group = count_mutuals(senior)
        assert {one.kind: one.open for one in group.kinds} == {
            ReporterKind.MUTUAL: 2,
            ReporterKind.PROSPECTIVE_MUTUAL: 1,
            ReporterKind.PATHFINDER_MUTUAL: 1,
        }
        assert (group.all_open, group.all_closed) == (4, 0)
        assert ("FIN-BOND", 4) in group.rules
        auditor = as_staff(add_member(Role.AUDITOR), Role.AUDITOR)
        assert count_mutuals(auditor).all_open == 0

    def test_the_list_can_be_filtered_by_the_group_and_by_each_kind(
        self, signed_in: Callable[..., FlaskClient], file_report: Callable[..., Filed]
    ) -> None:
        kinds = (ReporterKind.PROSPECTIVE_MUTUAL, ReporterKind.PATHFINDER_MUTUAL, ReporterKind.SMALL_BUSINESS)
        filed = {kind: file_report(reporter_kind=kind).case_reference for kind in kinds}
        browser = signed_in(Role.SENIOR_CASEWORKER)
        wanted = {"mutuals": set(kinds[:2]), "prospective-mutual": {kinds[0]}, "small-business": {kinds[2]}}
        for value, shown in wanted.items():
            page = browser.get(f"/cases?state=all&reporter={value}").text
            assert {kind for kind in kinds if filed[kind] in page} == shown
        assert browser.get("/cases?reporter=nobody").status_code == 200
        assert "/cases?state=all&amp;reporter=mutuals" in browser.get("/mutuals").text

    def test_the_kinds_of_mutual_are_the_same_wherever_they_stand(self) -> None:
        assert {kind.value for kind in MUTUAL_KINDS} == set(MUTUALS)


class TestObstructedRequest:
    def test_the_report_begins_with_what_is_known_and_can_be_changed(self, client: FlaskClient) -> None:
        walker = Walker(client)
        walker.open("/report?about=right-to-provide")
        assert "A request to run your service that is held up" in walker.page.text
        walker.send()
        chosen = client.get("/report/who-you-are").text
        assert 'value="prospective-mutual" checked' in chosen
        assert 'value="before-tender" checked' in client.get("/report/procurement").text
        assert 'value="something-else" checked' in client.get("/report/barriers").text
        walker.open("/report/scope-body")
        walker.send({"body": "english-public-body"})
        assert re.search(r'name="specific"[^>]*value="yes" checked', walker.page.text), "a request is one matter"
        assert "or one request under the Right to Provide" in walker.page.text

    @pytest.mark.parametrize("about", ["", "nonsense", "right-to-provide'", "a" * 500])
    def test_any_other_beginning_is_an_empty_report(self, client: FlaskClient, about: str) -> None:
        walker = Walker(client)
        walker.open(f"/report?about={about}")
        walker.send()
        assert "checked" not in client.get("/report/who-you-are").text.split("<main")[1]
