"""The desk, the list and the case page, through a browser without scripts."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.authorities.services import add_demonstration_authorities
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import receive_message
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from tests.casework.conftest import Crowd
from tests.casework.pages import Desk, day
from tests.factories.reports import IDENTITY, Filed
from tests.factories.staff import Member
from tests.support.desks import open_desk

CASEWORKER = "caseworker"
SENIOR = "senior-caseworker"


def test_desk_of_somebody_new_says_that_it_is_empty(signed_in: Callable[..., FlaskClient]) -> None:
    page = signed_in(CASEWORKER).get("/desk").text
    assert "You have no open cases." in page
    assert "Every open case has an owner." in page


def test_case_nobody_owns_is_on_the_desk_and_can_be_taken(desk: Desk, filed: Filed) -> None:
    assert filed.case_reference in desk.client.get("/desk").text
    carried = desk.carried(desk.url())
    answer = desk.client.post(desk.url("take"), data=carried)
    assert answer.status_code == 302
    page = desk.client.get("/desk").text
    assert "Every open case has an owner." in page
    assert "Community meals service" in page


def test_second_person_cannot_take_a_case_that_was_taken(
    desk: Desk, signed_in: Callable[..., FlaskClient], filed: Filed
) -> None:
    other = Desk(signed_in(SENIOR), filed.case_reference)
    carried = other.carried(other.url())
    desk.client.post(desk.url("take"), data=desk.carried(desk.url()))
    answer = other.client.post(other.url("take"), data=carried)
    assert answer.status_code == 409


def test_case_page_shows_flags_facts_and_never_who_reported(desk: Desk) -> None:
    page = desk.see()
    assert "FIN-BOND" in page
    assert "FIN-TRADING-HISTORY" in page
    assert "£5,000,000" in page
    assert "Confidential" in page
    for term in (IDENTITY.name, IDENTITY.organisation, IDENTITY.email, IDENTITY.phone):
        assert term not in page


@pytest.mark.parametrize("path", ["", "timeline", "move", "note", "title", "authority", "facts/new", "facts/bond_gbp"])
def test_every_page_of_a_case_opens(desk: Desk, path: str) -> None:
    assert "Community meals service" in desk.see(path)


def test_case_of_somebody_else_looks_like_no_case(
    desk: Desk, signed_in: Callable[..., FlaskClient], filed: Filed
) -> None:
    desk.client.post(desk.url("take"), data=desk.carried(desk.url()))
    stranger = signed_in(CASEWORKER)
    forbidden = stranger.get(f"/cases/{filed.case_reference}")
    unknown = stranger.get("/cases/MS-2000-00001")
    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert _without_tokens(forbidden.text) == _without_tokens(unknown.text)
    assert filed.case_reference not in stranger.get("/cases?state=all").text


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_moving_a_case_shows_on_page_and_timeline(desk: Desk) -> None:
    desk.move("acknowledged", "triage")
    assert "Triage" in desk.see()
    assert "Received → Acknowledged" in desk.see("timeline")


def test_step_that_does_not_follow_is_refused(desk: Desk) -> None:
    answer = desk.send("move", {"new": "closed"})
    assert answer.status_code == 400
    assert "Select what happens next" in answer.text


def test_closing_with_open_points_needs_confirmation_and_a_reason(desk: Desk) -> None:
    desk.move("acknowledged", "triage", "out-of-scope")
    assert "The reporter has been told" in desk.see("move")
    refused = desk.send("move", {"new": "closed", "reason": "Done"})
    assert "Settle the open points" in refused.text
    without_reason = desk.send("move", {"new": "closed", "close_anyway": "yes"})
    assert "Enter why the case is closed with open points" in without_reason.text
    assert desk.send("move", {"new": "closed", "close_anyway": "yes", "reason": "No way"}).status_code == 302
    assert "open when closed: the reporter has been told" in desk.see("timeline")


def test_told_reporter_settles_the_point(desk: Desk, filed: Filed) -> None:
    desk.move("acknowledged", "triage", "out-of-scope")
    desk.send(f"reports/{filed.report_id}/message", {"body": "Please ask the ombudsman of your nation."})
    assert "close_anyway" not in desk.see("move")
    desk.move("closed")


def test_stale_step_shows_both_and_can_be_saved_on_top(
    desk: Desk, signed_in: Callable[..., FlaskClient], filed: Filed
) -> None:
    other = Desk(signed_in(SENIOR), filed.case_reference)
    carried = desk.carried(desk.url("move"))
    other.move("acknowledged")
    step = {"new": "withdrawn", "reason": "She rang and took it back"}
    answer = desk.send("move", step, carried=carried)
    assert answer.status_code == 409
    assert "She rang and took it back" in answer.text
    assert "Received → Acknowledged" in answer.text
    assert "She rang and took it back" not in desk.see("timeline")
    offered = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert offered
    assert desk.send("move", step, carried={**carried, "version": offered[1]}).status_code == 302
    assert "She rang and took it back" in desk.see("timeline")


def test_note_and_message_sent_twice_are_one(desk: Desk, filed: Filed) -> None:
    for path, text in (("note", "Rang the buyer."), (f"reports/{filed.report_id}/message", "What does lot 2 say?")):
        carried = desk.carried(desk.url(path))
        for _ in range(2):
            assert desk.send(path, {"body": text}, carried=carried).status_code == 302
        assert desk.see().count(text) == 1


def test_empty_note_is_asked_for(desk: Desk) -> None:
    answer = desk.send("note", {"body": "  "})
    assert "Enter a note" in answer.text
    assert "<title>Error: " in answer.text


def test_corrected_fact_is_judged_at_once_and_two_people_cannot_overwrite_each_other(desk: Desk) -> None:
    carried = desk.carried(desk.url("facts/bond_gbp"))
    fields = {"value": "50,000", "origin": "Clarification 7"}
    assert desk.send("facts/bond_gbp", fields, carried=carried).status_code == 302
    assert "£50,000" in desk.see()
    late = desk.send("facts/bond_gbp", {"value": "70,000", "origin": "Another paper"}, carried=carried)
    assert late.status_code == 409
    assert "70,000" in late.text
    assert "Facts recorded (staff): Bond or cash deposit" in desk.see("timeline")


def test_value_that_is_no_amount_is_explained(desk: Desk) -> None:
    answer = desk.send("facts/bond_gbp", {"value": "lots", "origin": "Page 1"})
    assert answer.status_code == 400
    assert "must be in pounds" in answer.text
    assert "lots" in answer.text


def test_fact_nobody_knows_is_not_found(desk: Desk) -> None:
    assert desk.client.get(desk.url("facts/made_up")).status_code == 404


def test_senior_gives_a_case_and_it_leaves_the_other_desks(
    desk: Desk, signed_in: Callable[..., FlaskClient], make_user: Callable[..., Member], filed: Filed
) -> None:
    worker = make_user(CASEWORKER, name="Ada Other")
    senior = Desk(signed_in(SENIOR), filed.case_reference)
    assert senior.send("assign", {"owner": str(worker.id)}).status_code == 302
    assert "Ada Other" in senior.see()
    assert desk.client.get(desk.url()).status_code == 404


def test_caseworker_cannot_give_a_case_away(desk: Desk, make_user: Callable[..., Member]) -> None:
    worker = make_user(CASEWORKER)
    answer = desk.send("assign", {"owner": str(worker.id)}, carried=desk.carried(desk.url("title")))
    assert answer.status_code == 400
    assert "Select who should have this case" in answer.text


def test_own_case_can_be_put_back(desk: Desk) -> None:
    desk.client.post(desk.url("take"), data=desk.carried(desk.url()))
    assert desk.send("assign", {"owner": "nobody"}).status_code == 302
    assert "nobody yet" in desk.see()


class TestList:
    def test_filters_combine_and_show_as_chips(self, desk: Desk, filed: Filed) -> None:
        page = desk.client.get("/cases?state=received&rule=FIN-BOND&waiting=us&owner=nobody").text
        assert filed.case_reference in page
        assert "Flag raised: FIN-BOND" in page
        assert "Remove this filter" in page
        nothing = desk.client.get("/cases?rule=PAY-30").text
        assert "No case matches these filters." in nothing

    def test_words_of_the_report_find_the_case(self, desk: Desk, filed: Filed) -> None:
        assert filed.case_reference in desk.client.get("/cases?q=surety+bonds").text
        assert "No case matches" in desk.client.get("/cases?q=surety+zeppelin").text
        assert "<mark>meals</mark>" in desk.client.get("/cases?q=meal").text

    def test_name_of_the_reporter_finds_nothing(self, desk: Desk) -> None:
        assert "No case matches" in desk.client.get("/cases?q=Quillfeather").text

    def test_wrong_filter_is_explained_and_filters_nothing(self, desk: Desk, filed: Filed) -> None:
        page = desk.client.get("/cases?queue=nowhere&due_before-day=31&due_before-month=2&due_before-year=2026").text
        assert "Select one of the options" in page
        assert "Due date must be a real date" in page
        assert filed.case_reference in page

    def test_made_up_place_in_the_list_is_not_found(self, desk: Desk) -> None:
        assert desk.client.get("/cases?cursor=WyJhZnRlciJd").status_code == 404
        assert desk.client.get("/cases?cursor=%00").status_code == 404

    def test_pages_forward_and_back_show_each_case_once(self, app: Flask, crowd: Crowd) -> None:
        client = open_desk(app, crowd.caseworker)
        for sort in ("due", "received"):
            forward = _walk(client, f"/cases?sort={sort}", "next")
            assert [len(page) for page in forward] == [25, 25, 10], sort
            assert {reference for page in forward for reference in page} == crowd.references, sort
            back = _walk(client, _last_address(client, f"/cases?sort={sort}"), "prev")
            assert back == forward[::-1], sort

    def test_download_has_the_filtered_cases_and_no_identity(self, desk: Desk, filed: Filed) -> None:
        answer = desk.client.get("/cases.csv?owner=nobody")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert filed.case_reference in answer.text
        assert IDENTITY.organisation not in answer.text
        assert "FIN-BOND" in answer.text

    def test_columns_are_chosen_for_the_page_the_file_and_what_is_kept(self, desk: Desk) -> None:
        usual = desk.client.get("/cases").text
        assert [">Flags</th>" in usual, ">Received</th>" in usual] == [True, False]
        chosen = desk.client.get("/cases?column=received&column=labels&channel=web").text
        assert [">Flags</th>" in chosen, ">Received</th>" in chosen, "No label" in chosen] == [False, True, True]
        assert len(re.findall(r"<details[^>]* open", chosen)) == 2, "groups in which something is chosen stand open"
        assert "column=received&amp;column=labels" in chosen, "the links of the page keep the columns"
        whole = desk.client.get("/cases.csv").text.splitlines()[0]
        some = desk.client.get("/cases.csv?column=received").text.splitlines()[0]
        assert '"Labels"' in whole
        assert some == '"Reference","Public reference","File reference","Title","Authority","Owner","Received"'

    def test_title_that_is_a_formula_is_made_harmless_in_the_file(
        self, desk: Desk, file_report: Callable[..., Filed]
    ) -> None:
        file_report(procurement_title="=cmd|' /C calc'!A0")
        assert "\"'=cmd|' /C calc'!A0\"" in desk.client.get("/cases.csv").text

    def test_due_filter_keeps_what_is_due_by_then(self, desk: Desk, filed: Filed) -> None:
        far = clock.today() + timedelta(days=400)
        gone = clock.today() - timedelta(days=400)
        assert filed.case_reference in desk.client.get("/cases", query_string=day("due_before", far)).text
        assert filed.case_reference not in desk.client.get("/cases", query_string=day("due_before", gone)).text


def _references(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/cases/(MS-[0-9-]+)"', page)))


def _link(page: str, rel: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page)
    return html.unescape(found.group(1)) if found else ""


def _walk(client: FlaskClient, address: str, rel: str) -> list[list[str]]:
    pages: list[Any] = []
    while address:
        page = client.get(address).text
        pages.append(_references(page))
        address = _link(page, rel)
    return pages


def _last_address(client: FlaskClient, address: str) -> str:
    while following := _link(client.get(address).text, "next"):
        address = following
    return address


@pytest.mark.parametrize("path", ["take", "move", "note", "title"])
def test_page_without_its_token_changes_nothing(desk: Desk, path: str) -> None:
    carried = {name: value for name, value in desk.carried(desk.url()).items() if name != "csrf_token"}
    fields = {"new": "acknowledged", "reason": "x", "body": "x", "title": "x", "submission_id": str(uuid4())}
    answer = desk.client.post(desk.url(path), data={**carried, **fields})
    assert answer.status_code in (200, 400)
    page = desk.see()
    assert "Take this case" in page
    assert "Community meals service" in page
    assert "No note yet." in page
    assert "Received" in page


class TestAuthority:
    @pytest.fixture
    def borough(self, app: Flask) -> str:
        with app.app_context(), transaction():
            body = {"name": "Borough of Nowhere Council", "type": "local-authority", "nation": "england"}
            add_demonstration_authorities([body], actor="system", now=clock.utc_now())
        return "Borough of Nowhere Council"

    def test_authority_is_found_in_the_register_and_the_case_routed_again(self, desk: Desk, borough: str) -> None:
        assert "No authority in the register" in desk.see("authority?name=Zzyzx")
        page = desk.see("authority?name=Nowhere")
        assert borough in page
        choice = re.findall(r'name="authority" type="radio" value="([^"]+)"', page)[0]
        answer = desk.send("authority?name=Nowhere", {"authority": choice, "reason": "The notice names it"})
        assert answer.status_code == 302
        timeline = desk.see("timeline")
        assert f"Authority changed from “Borough of Nowhere” to “{borough}”" in timeline
        assert timeline.count("Routed to queue") == 2

    def test_empty_search_is_asked_again(self, desk: Desk) -> None:
        assert "Enter part of the name" in desk.see("authority?name=")

    def test_cases_are_found_by_the_name_of_the_authority(self, desk: Desk, borough: str) -> None:
        page = desk.see("authority?name=Nowhere")
        choice = re.findall(r'name="authority" type="radio" value="([^"]+)"', page)[0]
        desk.send("authority?name=Nowhere", {"authority": choice, "reason": "The notice names it"})
        assert desk.reference in desk.client.get("/cases?authority=nowhere").text
        assert desk.reference not in desk.client.get("/cases?authority=elsewhere").text


def test_viewing_searching_and_downloading_are_on_record(desk: Desk, app: Flask) -> None:
    desk.see()
    desk.client.get("/cases?q=surety")
    desk.client.get("/cases.csv")
    with app.app_context():
        actions = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq))]
    for action in ("case:viewed", "search:run", "export:made"):
        assert action in actions


def test_message_of_the_reporter_is_on_the_desk_until_it_is_dealt_with(desk: Desk, filed: Filed, app: Flask) -> None:
    desk.client.post(desk.url("take"), data=desk.carried(desk.url()))
    with app.app_context(), transaction():
        report = db.session.get(Report, filed.report_id)
        assert report
        case = get_case_for_update(filed.case_id)
        receive_message(case, report, "Any news?", submission_id=uuid4(), now=clock.reporter_now())
    assert "A reporter wrote to you" in desk.client.get("/desk").text
    desk.client.post(desk.url(f"reports/{filed.report_id}/read"), data=desk.carried(desk.url()))
    assert "A reporter wrote to you" not in desk.client.get("/desk").text
