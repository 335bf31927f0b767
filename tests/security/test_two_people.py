"""Publication takes two people and a fresh proof of identity, and ends with the report it rests on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import load_config
from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.services import move, withdraw
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, PermissionDeniedError
from mystery_shopper.intake.queries import get_report
from mystery_shopper.publication import queries, services
from mystery_shopper.publication.policy import WithdrawalReason
from mystery_shopper.publication.queries import find_result_of
from tests.casework.pages import Desk
from tests.factories.publications import (
    TEXT,
    Staff,
    add_approved,
    add_published,
    add_staff,
    add_told_case,
    as_staff,
)
from tests.factories.staff import Member, add_member, token_in


@pytest.fixture
def staff(app_context: Flask) -> Staff:
    return add_staff()


def _someone(role: Role):
    db.session.commit()
    return as_staff(add_member(role, enrolled=False).id, role)


def test_somebody_who_wrote_between_two_others_cannot_approve(staff: Staff):
    case, _ = add_told_case()
    between, now = _someone(Role.PUBLISHER), clock.utc_now()
    publication = services.start_draft(case, author=staff.writer, now=now)
    for author in (between, staff.writer):
        services.save_draft(publication, TEXT, version=publication.version, author=author, now=now)
    services.submit(publication, author=staff.writer, now=now)
    with pytest.raises(PermissionDeniedError):
        services.approve(publication, version=publication.version, approver=between, now=now)
    services.approve(publication, version=publication.version, approver=staff.approver, now=now)


def test_who_wrote_the_first_text_may_approve_somebody_elses_correction(staff: Staff):
    case, _ = add_told_case()
    add_published(case, staff)
    other, now = _someone(Role.PUBLISHER), clock.utc_now()
    correction = services.start_correction(case, author=other, now=now)
    services.submit(correction, author=other, now=now)
    services.approve(correction, version=correction.version, approver=staff.writer, now=now)


def test_saving_a_public_text_is_on_record(staff: Staff):
    case, _ = add_told_case()
    publication = services.start_draft(case, author=staff.writer, now=clock.utc_now())
    services.save_draft(publication, TEXT, version=publication.version, author=staff.writer, now=clock.utc_now())
    entry = db.session.query(AuditEntry).filter_by(action=Action.PUBLICATION_DRAFTED.value).one()
    assert (entry.actor, entry.subject_id) == (staff.writer.actor, str(case.id))


def _reopen(case) -> None:
    for state in (CaseState.CLOSED, CaseState.REOPENED):
        move(case, state, actor="system", now=clock.utc_now())


def test_a_report_taken_back_after_reopening_leaves_nothing_public(staff: Staff):
    case, filed = add_told_case()
    result = add_published(case, staff)
    _reopen(case)
    withdraw(get_report(filed.report_id), now=clock.reporter_now())
    assert result.withdrawn is not None
    assert (result.issue_text, result.authority_name) == ("", "")
    assert queries.find_published_version(case) is None


def test_a_withdrawn_result_can_be_published_anew_after_reopening(staff: Staff):
    case, _ = add_told_case()
    result = add_published(case, staff)
    now = clock.utc_now()
    reason = WithdrawalReason.ERROR
    services.withdraw(result, reason, "typo", case=case, version=result.version, actor=staff.writer.actor, now=now)
    _reopen(case)
    for state in (CaseState.ASSESSMENT, CaseState.OUTCOME_RECORDED, CaseState.SUPPLIER_TOLD):
        move(case, state, actor="system", now=now)
    publication = add_approved(case, staff)
    services.publish(publication, version=publication.version, hold_days=0, actor=staff.writer.actor, now=now)
    again = find_result_of(case)
    assert again is not None
    assert again.withdrawn is None
    assert again.issue_text == TEXT.issue_text


def test_publishing_asks_for_a_fresh_proof_of_identity(
    app: Flask, make_user: Callable[..., Member], sign_in: Callable[[FlaskClient, Member], None]
):
    with app.app_context(), transaction():
        case, _ = add_told_case()
        publication = add_approved(case, add_staff())
        reference, version = case.reference, publication.version
    browser = app.test_client()
    sign_in(browser, make_user(Role.PUBLISHER))
    address = f"/publication/{reference}/publish"
    fields = {"version": str(version), "csrf_token": token_in(browser.get(address).text)}
    with clock.frozen(clock.utc_now() + timedelta(minutes=6)):
        assert browser.get(address).location.startswith("/account/confirm?")
        refused = browser.post(address, data=fields)
        assert refused.status_code == 403
        assert "Confirm that it is you" in refused.text
    assert "£1,200,000" not in browser.get("/results?q=bond").text


def test_an_approved_text_waits_before_it_becomes_public(staff: Staff):
    case, _ = add_told_case()
    publication, now = add_approved(case, staff), clock.utc_now()

    def publish(later: timedelta) -> None:
        version, moment = publication.version, now + later
        services.publish(publication, version=version, hold_days=10, actor=staff.writer.actor, now=moment)

    with pytest.raises(DomainError, match="can be published from"):
        publish(timedelta(days=9))
    assert find_result_of(case) is None
    publish(timedelta(days=10))
    assert find_result_of(case) is not None


def test_the_wait_is_ten_days_unless_somebody_says_otherwise_or_it_is_a_demonstration():
    assert load_config({}).publication_hold_days == 10
    assert load_config({"PUBLICATION_HOLD_DAYS": "28"}).publication_hold_days == 28
    assert load_config({"DEMO": "on"}).publication_hold_days == 0


def test_the_page_says_from_which_day_a_text_can_be_published(
    app: Flask, signed_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
):
    with app.app_context(), transaction():
        case, _ = add_told_case()
        add_approved(case, add_staff())
        address = f"/publication/{case.reference}/publish"
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], publication_hold_days=10))
    desk = Desk(signed_in(Role.PUBLISHER))
    answer = desk.client.post(address, data=desk.carried(address))
    assert answer.status_code == 400
    assert "This text can be published from" in answer.text
