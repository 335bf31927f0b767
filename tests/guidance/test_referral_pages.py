"""Referrals through the pages: staff suggest, the reporter agrees through the receipt, staff pass on."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from tests.factories.referrals import WORDS
from tests.factories.reports import IDENTITY, Filed
from tests.factories.staff import Member
from tests.guidance.sending import send
from tests.intake.walking import Walker


@pytest.fixture
def staff(app: Flask, make_user: Callable[..., Member], sign_in: Callable[[FlaskClient, Member], None]) -> Walker:
    browser = app.test_client()
    sign_in(browser, make_user(Role.CASEWORKER))
    return Walker(browser)


def open_receipt(app: Flask, code: str) -> Walker:
    walker = Walker(app.test_client())
    walker.open("/receipt")
    walker.send({"code": code})
    return walker


def link_to(page: str, end: str) -> str:
    found = re.search(rf'href="(/(?:cases/[^"]+/referrals|receipt/case/referrals)/[^"]+{end})"', page)
    assert found, end
    return found.group(1)


def suggest(staff: Walker, filed: Filed) -> None:
    staff.open(f"/cases/{filed.case_reference}/referrals/new")
    send(staff, {"body_id": "mutuals-support-programme", "words": WORDS})
    assert "We have asked the reporter" in staff.page.text


def test_the_whole_way_with_contact_details(app: Flask, staff: Walker, file_report: Callable[..., Filed]) -> None:
    filed = file_report()
    suggest(staff, filed)
    assert "Nothing about the reporter may be passed on" in staff.page.text
    receipt = open_receipt(app, filed.receipt_code)
    receipt.open(link_to(receipt.page.text, ""))
    assert WORDS in receipt.page.text
    assert "You are anonymous" not in receipt.page.text
    receipt.send({"agrees": "yes"})
    assert "Select yes if we may pass on your contact details" in receipt.page.text
    receipt.send({"agrees": "yes", "shares_contact": "yes"})
    assert "We will make the referral" in receipt.page.text
    case_page = staff.open(f"/cases/{filed.case_reference}/parts/action").text
    assert IDENTITY.name not in case_page
    staff.open(link_to(case_page, "/text"))
    assert IDENTITY.organisation not in staff.page.text
    sent = send(staff)
    assert sent.mimetype == "text/plain"
    assert IDENTITY.organisation in sent.text
    staff.open(link_to(case_page, "/made"))
    day = {"made_on-day": "1", "made_on-month": "1", "made_on-year": "2020"}
    send(staff, day)
    assert "must not be before the reporter agreed" in staff.page.text


def test_an_anonymous_reporter_is_told_what_it_means_and_is_not_asked_for_contact_details(
    app: Flask, staff: Walker, client: FlaskClient, file_report: Callable[..., Filed]
) -> None:
    filed = file_report(identity_choice="anonymous", identity=None)
    staff.open(f"/cases/{filed.case_reference}/referrals/new")
    assert "The reporter is anonymous" in staff.page.text
    suggest(staff, filed)
    receipt = open_receipt(app, filed.receipt_code)
    receipt.open(link_to(receipt.page.text, ""))
    assert "You are anonymous" in receipt.page.text
    assert "shares_contact" not in receipt.page.text
    receipt.send({"agrees": "yes"})
    assert "We will make the referral" in receipt.page.text
    receipt.open(link_to(receipt.page.text, ""))
    receipt.send()
    assert "You have taken back your agreement" in receipt.page.text


def test_the_receipt_of_another_report_does_not_open_it(
    app: Flask, staff: Walker, file_report: Callable[..., Filed]
) -> None:
    filed, other = file_report(), file_report()
    suggest(staff, filed)
    mine = open_receipt(app, filed.receipt_code)
    address = link_to(mine.page.text, "")
    stranger = open_receipt(app, other.receipt_code)
    assert stranger.client.get(address).status_code == 404
    assert "Help from others" not in stranger.open("/receipt/case").text
    assert app.test_client().get(address).location == "/receipt"


def test_words_that_name_the_reporter_come_back_with_the_error(
    staff: Walker, file_report: Callable[..., Filed]
) -> None:
    filed = file_report()
    staff.open(f"/cases/{filed.case_reference}/referrals/new")
    words = f"{IDENTITY.organisation} needs help."
    send(staff, {"body_id": "co-operatives-uk", "words": words})
    assert "Remove words that could identify the reporter" in staff.page.text
    assert "needs help." in staff.page.text


@pytest.mark.parametrize("page", ["consent", "text", "made", "result", "withdraw"])
def test_a_referral_of_another_case_is_not_found(
    app: Flask, staff: Walker, file_report: Callable[..., Filed], page: str
) -> None:
    filed, other = file_report(), file_report()
    suggest(staff, filed)
    consent = link_to(staff.page.text, "/consent")
    wrong = consent.replace(filed.case_reference, other.case_reference).replace("/consent", f"/{page}")
    assert staff.client.get(wrong).status_code == 404


def test_staff_record_what_the_reporter_said_by_phone(staff: Walker, file_report: Callable[..., Filed]) -> None:
    filed = file_report()
    suggest(staff, filed)
    staff.open(link_to(staff.page.text, "/consent"))
    send(staff, {"agrees": "yes"})
    for words in ("Enter the day they agreed", "Select how they agreed", "pass on their contact details"):
        assert words in staff.page.text
    send(staff, {"agrees": "no"})
    assert "Nothing will be passed on" in staff.page.text
