from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, CaseEventRecord, Report
from mystery_shopper.cases.queries import get_case, get_case_for_update
from mystery_shopper.cases.services import move, object_to_publication, withdraw
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import (
    DomainError,
    NotFoundError,
    PermissionDeniedError,
    StaleEditError,
    TransitionNotAllowedError,
)
from mystery_shopper.publication import queries, services
from mystery_shopper.publication.models import PublishedResult
from mystery_shopper.publication.page import load_page
from mystery_shopper.publication.policy import WITHHELD_NAME, WithdrawalReason
from mystery_shopper.publication.states import PublicationState
from tests.factories.interests import declare
from tests.factories.publications import (
    TEXT,
    Staff,
    add_approved,
    add_authority,
    add_published,
    add_staff,
    add_submitted,
    add_told_case,
    as_staff,
)
from tests.factories.reports import Filed
from tests.support.standing import Standing

pytestmark = pytest.mark.usefixtures("app_context")
LEAKS = [
    "Quillfeather Care Mutual Ltd asked for it.",
    "A firm called Q.u.i.l.l.f.e.a.t.h.e.r asked.",
    "The mutual (Quillfeathr) asked.",
    "J. Pargeter asked why.",
    "Write to joan@quillfeather.example.",
    "Call 0207 946 0123.",
]


@pytest.fixture
def staff(app_context: Flask, standing: Standing) -> Staff:
    def make(app: Flask) -> Staff:
        with app.app_context():
            return add_staff()

    return standing.get(app_context, "staff of publication", make)


@pytest.fixture
def filed(app_context: Flask, staff: Staff, standing: Standing) -> Filed:
    """The report of a case whose reporter has been told the result."""

    def make(app: Flask) -> Filed:
        with app.app_context(), transaction():
            return add_told_case()[1]

    return standing.get(app_context, "staff of publication and a told case", make)


@pytest.fixture
def case(filed: Filed) -> Case:
    return get_case_for_update(filed.case_id)


def _draft(case, staff: Staff, text=TEXT):
    publication = services.start_draft(case, author=staff.writer, now=clock.utc_now())
    services.save_draft(publication, text, version=publication.version, author=staff.writer, now=clock.utc_now())
    return publication


def _steps(case) -> list[str]:
    rows = db.session.scalars(
        select(CaseEventRecord)
        .where(CaseEventRecord.case_id == case.id, CaseEventRecord.tag == "publication:step")
        .order_by(CaseEventRecord.sequence)
    )
    return [row.to_event(case.data_key).step for row in rows]


def test_a_draft_begins_with_what_is_known(staff: Staff, case: Case):
    text = services.start_draft(case, author=staff.writer, now=clock.utc_now()).content
    assert text.authority_name == "Barchester City Council"
    assert (text.subject, text.sub_issue) == ("Procurement Process", "Financial Requirement")
    assert "bond" in text.issue_text.lower()
    assert "Community meals" not in text.issue_text
    assert text.outcome_text == "The authority changed the procurement while it was still open."


def test_starting_twice_gives_one_draft(staff: Staff, case: Case):
    first = services.start_draft(case, author=staff.writer, now=clock.utc_now())
    assert services.start_draft(case, author=staff.approver, now=clock.utc_now()) is first


def test_no_draft_before_the_reporter_has_been_told(staff: Staff, file_report):
    filed = file_report()
    case = get_case(filed.case_reference, as_staff(staff.approver.id, Role.SENIOR_CASEWORKER))
    with pytest.raises(DomainError, match="once the reporter has been told"):
        services.start_draft(case, author=staff.writer, now=clock.utc_now())


def test_the_draft_is_sealed_in_the_database(staff: Staff, case: Case):
    publication = _draft(case, staff)
    assert b"bond" not in publication.content_sealed


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("field", ["issue_text", "outcome_text"])
def test_the_gate_refuses_a_text_that_names_the_reporter_and_says_which_words(
    staff: Staff, case: Case, field: str, leak: str
):
    publication = _draft(case, staff, replace(TEXT, **{field: f"{TEXT.issue_text} {leak}"}))
    with pytest.raises(DisclosureError, match="Remove words that could identify the reporter") as caught:
        services.submit(publication, author=staff.writer, now=clock.utc_now())
    assert caught.value.field == field
    assert all(hit.quoted in leak for hit in caught.value.hits[field])
    assert publication.state is PublicationState.DRAFT


def test_an_anonymous_report_has_nothing_to_scan_for(staff: Staff):
    case, _ = add_told_case(identity=None, identity_choice="anonymous")
    add_submitted(case, staff, replace(TEXT, issue_text="Quillfeather is a word."))


def test_an_objection_must_be_answered(staff: Staff, case: Case, filed: Filed):
    object_to_publication(db.session.get(Report, filed.report_id))
    publication = _draft(case, staff)
    with pytest.raises(DomainError, match="how the objection was dealt with") as caught:
        services.submit(publication, author=staff.writer, now=clock.utc_now())
    assert caught.value.field == "objection_answer"
    answered = replace(TEXT, objection_answer="We spoke, and the amounts were taken out.")
    services.save_draft(publication, answered, version=publication.version, author=staff.writer, now=clock.utc_now())
    services.submit(publication, author=staff.writer, now=clock.utc_now())


def test_an_objection_that_comes_after_approval_stops_publishing(staff: Staff, case: Case, filed: Filed):
    publication = add_approved(case, staff)
    object_to_publication(db.session.get(Report, filed.report_id))
    with pytest.raises(DomainError, match="objection"):
        services.publish(
            publication, version=publication.version, hold_days=0, actor=staff.writer.actor, now=clock.utc_now()
        )


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("subject", "Select a subject"),
        ("sub_issue", "Select a sub issue"),
        ("issue_text", "Enter what the issue was"),
        ("outcome_text", "Enter what came of it"),
        ("known_by", "Select how many"),
    ],
)
def test_a_text_with_a_part_missing_is_not_sent(staff: Staff, case: Case, field: str, message: str):
    publication = _draft(case, staff, replace(TEXT, **{field: ""}))
    with pytest.raises(DomainError, match=message) as caught:
        services.submit(publication, author=staff.writer, now=clock.utc_now())
    assert caught.value.field == field


def test_an_authority_that_is_not_in_the_register_must_be_withheld(staff: Staff, case: Case):
    case.authority = None
    publication = _draft(case, staff)
    with pytest.raises(DomainError, match="not from the register"):
        services.submit(publication, author=staff.writer, now=clock.utc_now())


def test_nobody_approves_their_own_text(staff: Staff, case: Case):
    publication = add_submitted(case, staff)
    with pytest.raises(PermissionDeniedError, match="somebody else must approve"):
        services.approve(publication, version=publication.version, approver=staff.writer, now=clock.utc_now())


def test_somebody_who_began_the_text_does_not_approve_it_after_a_colleague_finished_it(staff: Staff, case: Case):
    publication = services.start_draft(case, author=staff.approver, now=clock.utc_now())
    services.save_draft(publication, TEXT, version=publication.version, author=staff.writer, now=clock.utc_now())
    services.submit(publication, author=staff.writer, now=clock.utc_now())
    with pytest.raises(PermissionDeniedError):
        services.approve(publication, version=publication.version, approver=staff.approver, now=clock.utc_now())


def test_an_interest_in_the_case_keeps_a_person_from_approving_also_in_an_emergency(staff: Staff, case: Case):
    publication = add_submitted(case, staff)
    inside = replace(staff.approver, emergency_case_id=case.id)
    assert load_page(case, inside).can_decide
    declare(staff.approver, case_id=case.id)
    assert not load_page(case, inside).can_decide
    with pytest.raises(PermissionDeniedError, match="somebody else must approve"):
        services.approve(publication, version=publication.version, approver=inside, now=clock.utc_now())


def test_approval_makes_the_case_ready_to_publish(staff: Staff, case: Case):
    add_approved(case, staff)
    assert case.state is CaseState.READY_TO_PUBLISH


def test_publishing_writes_what_the_public_sees_and_moves_the_case(staff: Staff, case: Case):
    result = add_published(case, staff)
    assert case.state is CaseState.PUBLISHED
    today = clock.utc_now().date()
    assert result.period == today.year * 100 + today.month
    assert result.public_reference == case.public_reference
    assert result.cells[2:] == (
        "Barchester City Council", TEXT.subject, TEXT.sub_issue, TEXT.issue_text, TEXT.outcome_text,
    )  # fmt: skip
    assert _steps(case) == ["started", "sent for approval", "approved", "published"]


def test_every_step_is_in_the_audit_log(staff: Staff, case: Case):
    add_published(case, staff)
    entries = db.session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "publication:step")).all()
    assert entries == [staff.writer.actor, staff.writer.actor, staff.approver.actor, staff.writer.actor]


def test_withheld_details_leave_no_trace_of_the_authority(staff: Staff, case: Case):
    result = add_published(case, staff, replace(TEXT, details_withheld=True))
    assert result.authority_name == WITHHELD_NAME
    assert result.authority_id is None
    assert "barchester" not in result.search_text + result.authority_search


def test_a_text_is_sent_back_with_what_must_change_and_needs_approval_again(staff: Staff, case: Case):
    publication = add_approved(case, staff)
    services.send_back(
        publication, "Say less.", version=publication.version, actor=staff.approver.actor, now=clock.utc_now()
    )
    assert publication.state is PublicationState.DRAFT
    assert publication.approver_id is None
    assert publication.content.note == "Say less."
    with pytest.raises(StaleEditError):
        services.publish(
            publication, version=publication.version, hold_days=0, actor=staff.writer.actor, now=clock.utc_now()
        )


def test_an_old_page_saves_nothing(staff: Staff, case: Case):
    publication = _draft(case, staff)
    with pytest.raises(StaleEditError):
        services.save_draft(
            publication,
            replace(TEXT, issue_text="Other words"),
            version=publication.version - 1,
            author=staff.writer,
            now=clock.utc_now(),
        )
    assert publication.content.issue_text == TEXT.issue_text


def test_a_demonstration_case_never_names_a_real_authority(staff: Staff):
    case, _ = add_told_case(is_demonstration=True)
    publication = _draft(case, staff)
    with pytest.raises(DomainError, match="fictional"):
        services.submit(publication, author=staff.writer, now=clock.utc_now())


def test_a_demonstration_case_with_a_fictional_authority_is_marked(staff: Staff):
    fictional = add_authority("Borough of Nowhere", is_demonstration=True)
    case, _ = add_told_case(authority=fictional, is_demonstration=True)
    assert add_published(case, staff).is_demonstration


def test_a_correction_replaces_the_words_and_keeps_month_and_address(staff: Staff, case: Case):
    before = add_published(case, staff)
    period, reference = before.period, before.public_reference
    draft = services.start_correction(case, author=staff.writer, now=clock.utc_now())
    assert draft.content.issue_text == TEXT.issue_text
    services.save_draft(
        draft,
        replace(TEXT, outcome_text="The bond was dropped."),
        version=draft.version,
        author=staff.writer,
        now=clock.utc_now(),
    )
    services.submit(draft, author=staff.writer, now=clock.utc_now())
    assert queries.get_result(reference).outcome_text == TEXT.outcome_text
    services.approve(draft, version=draft.version, approver=staff.approver, now=clock.utc_now())
    later = clock.utc_now() + timedelta(days=40)
    services.publish(draft, version=draft.version, hold_days=0, actor=staff.writer.actor, now=later)
    after = queries.get_result(reference)
    assert (after.period, after.outcome_text) == (period, "The bond was dropped.")
    assert after.corrected_period == later.year * 100 + later.month
    assert [version.state for version in queries.list_versions(case)] == [
        PublicationState.PUBLISHED,
        PublicationState.SUPERSEDED,
    ]
    assert case.state is CaseState.PUBLISHED


def test_a_withdrawn_result_keeps_its_address_and_loses_its_words(staff: Staff, case: Case):
    result = add_published(case, staff)
    services.withdraw(
        result,
        WithdrawalReason.PRIVACY,
        "A reader knew.",
        case=case,
        version=result.version,
        actor=staff.writer.actor,
        now=clock.utc_now(),
    )
    found = queries.get_result(case.public_reference)
    assert found.withdrawn is not None
    assert "".join((found.issue_text, found.outcome_text, found.authority_name, found.search_text)) == ""
    assert not queries.find_results(queries.ResultFilter(), None).items
    with pytest.raises(NotFoundError):
        services.start_correction(case, author=staff.writer, now=clock.utc_now())


def test_a_withheld_result_is_never_public_and_its_draft_is_put_aside(staff: Staff, case: Case):
    publication = _draft(case, staff)
    services.withhold(case, "Only two firms bid.", actor=staff.writer.actor, now=clock.utc_now())
    assert case.state is CaseState.WITHHELD
    assert publication.state is PublicationState.DROPPED
    assert db.session.scalar(select(PublishedResult)) is None


def test_a_reporter_who_withdraws_stops_the_public_text(staff: Staff, case: Case, filed: Filed):
    publication = add_approved(case, staff)
    withdraw(db.session.get(Report, filed.report_id), now=clock.reporter_now())
    assert publication.state is PublicationState.DROPPED
    with pytest.raises(StaleEditError):
        services.publish(
            publication, version=publication.version, hold_days=0, actor=staff.writer.actor, now=clock.utc_now()
        )


def test_no_case_becomes_published_by_hand(staff: Staff, case: Case):
    move(case, CaseState.READY_TO_PUBLISH, actor="system", now=clock.utc_now())
    with pytest.raises(DomainError, match="from its own page"):
        move(case, CaseState.PUBLISHED, actor="system", now=clock.utc_now())


def test_withholding_a_published_result_is_not_a_step(staff: Staff, case: Case):
    add_published(case, staff)
    with pytest.raises(TransitionNotAllowedError):
        services.withhold(case, "Too late", actor=staff.writer.actor, now=clock.utc_now())


def test_a_publisher_still_sees_a_closed_case_with_a_result_and_no_other_closed_case(staff: Staff):
    authority = add_authority()
    case, _ = add_told_case(authority=authority)
    add_published(case, staff)
    move(case, CaseState.CLOSED, actor="system", now=clock.utc_now())
    other, _ = add_told_case(authority=authority)
    services.withhold(other, "Few bid", actor=staff.writer.actor, now=clock.utc_now())
    move(other, CaseState.CLOSED, actor="system", now=clock.utc_now())
    assert get_case(case.reference, staff.writer) is case
    with pytest.raises(NotFoundError):
        get_case(other.reference, staff.writer)


def test_results_are_found_by_words_authority_year_and_subject(staff: Staff):
    first = add_authority("Barchester City Council")
    second = add_authority("Plumstead Episcopi Town Council")
    add_published(add_told_case(authority=first)[0], staff)
    other = replace(TEXT, subject="Payment", sub_issue="Payment", issue_text="An invoice was paid after 90 days.")
    add_published(add_told_case(authority=second)[0], staff, other)

    def found(**wanted) -> list[str]:
        return [one.authority_name for one in queries.find_results(queries.ResultFilter(**wanted), None).items]

    assert found(query="INVOICE 90") == ["Plumstead Episcopi Town Council"]
    assert len(found(query="")) == len(found(year=clock.today().year)) == 2
    assert found(query="%") == []
    assert found(subject="Payment") == ["Plumstead Episcopi Town Council"]
    assert found(authority="barchester") == ["Barchester City Council"]
    assert found(authority_id=first.id) == ["Barchester City Council"]
    assert found(year=2011) == []


def test_pages_forward_and_back_show_every_result_once(staff: Staff, monkeypatch: pytest.MonkeyPatch):
    authority = db.session.get(Authority, add_authority().id)
    for _ in range(7):
        add_published(add_told_case(authority=authority)[0], staff)
    everything = [one.public_reference for one in queries.each_result(queries.ResultFilter())]
    seen, cursor, backwards = [], None, []
    while True:
        page = queries.find_results(queries.ResultFilter(), cursor, size=3)
        seen += [one.public_reference for one in page.items]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    while page.previous_cursor:
        page = queries.find_results(queries.ResultFilter(), page.previous_cursor, size=3)
        backwards.append([one.public_reference for one in page.items])
    assert seen == everything
    assert backwards == [everything[3:6], everything[:3]]
    assert len(set(seen)) == 7


def test_a_result_about_an_unregistered_authority_can_be_published_with_its_details_withheld(staff: Staff, case: Case):
    case.authority = None
    result = add_published(case, staff, replace(TEXT, details_withheld=True))
    assert (result.authority_name, result.authority_id) == (WITHHELD_NAME, None)
