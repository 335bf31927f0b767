"""Records that are no cases: when each is due, what a hold does, and what is left of one that was erased."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Uuid, bindparam, select, text

from mystery_shopper.accounts.models import Absence
from mystery_shopper.accounts.policy import FORMER_STAFF, Role
from mystery_shopper.accounts.queries import find_user_by_email, get_account, get_user, list_users, names_of
from mystery_shopper.accounts.services import disable_user, renew_access, reset_access
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import add_note, assign
from mystery_shopper.casework.queries.saved_views import list_views
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.holds.policy import EVERYTHING, HeldError, HoldScope, Subject
from mystery_shopper.holds.queries import list_standing
from mystery_shopper.holds.services import lift
from mystery_shopper.requests.queries import get_request, list_cases, list_packs
from mystery_shopper.requests.services import register
from mystery_shopper.requests.showing import show_one
from mystery_shopper.requests.states import Decision, Requester, RequestKind
from mystery_shopper.retention.policy import ACCOUNT, REQUEST, SUGGESTION, BatchClass, schedule
from mystery_shopper.retention.queries import due_of, first_due, get_batch, show_items
from mystery_shopper.retention.services.erasing import erase_record
from mystery_shopper.suggestions import services
from mystery_shopper.suggestions.models import Suggestion, SuggestionEventRecord
from mystery_shopper.suggestions.queries import (
    ThemeKind,
    count_by_state,
    find_by_receipt,
    find_item_of,
    find_suggestion,
    find_text,
    get_suggestion,
    themes_of,
    timeline_of,
)
from mystery_shopper.suggestions.states import SuggestionState, TextState
from tests.factories.publications import add_authority, as_staff
from tests.factories.records import LONG_AGO, add_hold
from tests.factories.reports import add_report
from tests.factories.requests import add_request
from tests.factories.staff import add_member
from tests.factories.suggestions import text_in
from tests.retention.office import TODAY, Two, a_batch, hold, run_all
from tests.retention.records import AUTHORITY, LEAVER, add_answered_request, add_closed_account, add_old_suggestion

S = SuggestionState
LATER = LONG_AGO + timedelta(days=100)
A_YEAR = LONG_AGO.date().replace(year=2023)


def due_ids(class_id: BatchClass, today: date) -> set[UUID]:
    return set(first_due(schedule().classes[class_id], today, 99))


def counts(two: Two) -> object:
    return count_by_state(), [themes_of(kind, since=None, until=None, by_value=True) for kind in ThemeKind]


def test_a_suggestion_is_due_a_year_after_the_last_thing_that_happened_to_one_that_was_dealt_with(two: Two) -> None:
    with clock.frozen(LONG_AGO), transaction():
        found = {state: add_old_suggestion(two, state).id for state in S}
    settled = {found[state] for state in (S.ANSWERED, S.PUBLISHED, S.CLOSED, S.WITHDRAWN)}
    assert due_ids(SUGGESTION, A_YEAR - timedelta(days=1)) == set()
    assert due_ids(SUGGESTION, A_YEAR) == settled
    with clock.frozen(LATER), transaction():
        for state in (S.ANSWERED, S.PUBLISHED):
            suggestion = db.session.get_one(Suggestion, found[state])
            services.reply(suggestion, "One thing more", None, now=clock.reporter_now())
        services.mark_reply_read(suggestion, version=suggestion.version, actor=two.ada.actor, now=LATER)
    assert due_ids(SUGGESTION, A_YEAR) == {found[S.CLOSED], found[S.WITHDRAWN]}
    assert due_ids(SUGGESTION, A_YEAR + timedelta(days=101)) == settled - {found[S.ANSWERED]}, "a reply waits for us"


@pytest.mark.parametrize("scope", [HoldScope.SUGGESTION, HoldScope.EVERYTHING])
def test_a_hold_keeps_a_suggestion_before_a_batch_is_proposed_and_after_it_was_approved(
    two: Two, scope: HoldScope
) -> None:
    with clock.frozen(LONG_AGO), transaction():
        held, other = (add_old_suggestion(two, S.CLOSED).id for _ in range(2))
    number = a_batch(two, SUGGESTION)
    hold(EVERYTHING if scope is HoldScope.EVERYTHING else Subject(scope, held), two.ben)
    run_all()
    certificate = get_batch(number).certificate
    assert certificate is not None
    kept = 2 if scope is HoldScope.EVERYTHING else 1
    assert (certificate["record"], certificate["destroyed"]) == ("suggestion", 2 - kept)
    assert certificate["kept_on_hold"] == kept
    assert db.session.get_one(Suggestion, held).content.authority == AUTHORITY
    due = due_of(schedule().classes[SUGGESTION], TODAY.date())
    assert (due.free, due.held, due.noun) == (0, kept, "suggestion")
    with pytest.raises(HeldError), transaction():
        erase_record(SUGGESTION, held, batch=1, now=TODAY)
    assert (db.session.get_one(Suggestion, other).erased_on is None) is (kept == 2)


def test_of_an_erased_suggestion_the_numbers_and_what_was_published_stay_and_can_be_withdrawn(
    two: Two, app: Flask
) -> None:
    with clock.frozen(LONG_AGO), transaction():
        published = add_old_suggestion(two)
        waiting = add_old_suggestion(two, S.ANSWERED)
        staff = as_staff(two.ada.id, Role.POLICY_OWNER), as_staff(two.ben.id, Role.PUBLISHER)
        text_in(TextState.AWAITING_APPROVAL, waiting, staff=staff)
        references = published.reference, waiting.reference
        code = published.receipt_mac
    before = counts(two)
    a_batch(two, SUGGESTION)
    assert run_all() == 3
    assert counts(two) == before
    one, other = (get_suggestion(reference) for reference in references)
    assert (one.erased_on, one.receipt_mac, one.state) == (TODAY.date(), None, S.PUBLISHED)
    assert find_suggestion(one.id) is None, "a page that is open with the code shows nothing more"
    assert code is not None
    assert find_by_receipt(code) is None
    with pytest.raises(UnsealError):
        _ = one.content
    assert [line.sentence for line in timeline_of(one)] == ["Erased under the retention schedule (batch 1)"]
    item, row, stopped = find_item_of(one), find_text(one), find_text(other)
    assert item is not None
    assert row is not None
    assert stopped is not None
    assert item.said_text == "An insurer asks too much."
    assert stopped.state is TextState.DRAFT
    with transaction():
        services.withdraw(row, "It was a mistake", version=row.version, actor=two.ada.actor, now=TODAY)
    assert item.said_text == ""
    assert next(line.detail for line in timeline_of(one)) == "It was a mistake"
    told = db.session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "suggestion:erased")).all()
    assert set(told) == {str(one.id), str(other.id)}
    kept = select(SuggestionEventRecord.tag).where(SuggestionEventRecord.suggestion_id == other.id)
    assert "suggestion:filed" in db.session.scalars(kept).all()


def test_a_request_is_due_two_years_after_its_last_answer_once_it_restricts_nothing(two: Two) -> None:
    with clock.frozen(LONG_AGO), transaction():
        plain, reviewed = add_answered_request(two), add_answered_request(two)
        asked = add_request(by=two.ada, now=LONG_AGO)
        restriction = add_request(by=two.ada, kind=RequestKind.RESTRICTION, about=Requester.NAMED_PERSON)
        register.check_identity(restriction, how="By letter", code="", by=two.ada, now=LONG_AGO)
        register.decide(restriction, Decision.GIVEN, exemption_ids=(), reason="Yes", by=two.ada, now=LONG_AGO)
    with transaction():
        register.ask_review(reviewed, asked_on=LATER.date(), by=two.ada, now=LATER)
    two_years = LONG_AGO.date().replace(year=2024)
    assert due_ids(REQUEST, two_years - timedelta(days=1)) == set()
    assert due_ids(REQUEST, two_years) == {plain.id}
    with transaction():
        register.finish_review(reviewed, result="It stands", by=two.ben, now=LATER)
        register.end_restriction(restriction, reason="It was put right", by=two.ada, now=LATER)
    assert due_ids(REQUEST, two_years) == {plain.id}
    assert due_ids(REQUEST, two_years + timedelta(days=101)) == {plain.id, reviewed.id, restriction.id}
    assert asked.id not in due_ids(REQUEST, TODAY.date())


def test_what_keeps_a_case_keeps_the_request_that_names_it(two: Two) -> None:
    with clock.frozen(LONG_AGO), transaction():
        two.case.authority = add_authority()
        one = add_answered_request(two, case=two.case)
        key, reference = one.id, one.reference
    authority_id = two.case.authority_id
    of_request = schedule().classes[REQUEST]
    (of_its_own,) = list_standing()
    for subject in (None, Subject(HoldScope.REQUEST, key), Subject(HoldScope.AUTHORITY, authority_id)):
        with transaction():
            placed = of_its_own if subject is None else add_hold(subject, by_id=two.ben.id, now=TODAY)
        due = due_of(of_request, TODAY.date())
        assert (due.free, due.held) == (0, 1), subject
        with pytest.raises(HeldError), transaction():
            erase_record(REQUEST, key, batch=1, now=TODAY)
        with transaction():
            lift(placed, reason="Over", by_id=two.ben.id, now=TODAY)
    assert due_of(of_request, TODAY.date()).free == 1
    a_batch(two, REQUEST)
    assert run_all() == 2
    left = get_request(reference)
    assert (left.erased_on, left.content, list_packs(left)) == (TODAY.date(), {}, [])
    assert (left.decision, left.decided_on) == (Decision.GIVEN, LONG_AGO.date())
    assert [case.reference for case in list_cases(left, two.ada)] == [two.filed.case_reference]
    rows = dict(show_one(left, two.ada).rows) | dict(show_one(left, two.ada).answer)
    assert (rows["Answered"], rows["Why"]) == ("31 March 2022: Everything was given", "Erased")
    assert "Name" not in rows
    told = db.session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "request:erased")).all()
    assert told == [str(key)]


def test_an_account_is_due_three_years_after_it_was_closed_if_its_person_can_be_spared(two: Two) -> None:
    with clock.frozen(LONG_AGO):
        worker, senior, admin = (
            add_closed_account(two, role, name=f"{role} Gone").id
            for role in (Role.CASEWORKER, Role.SENIOR_CASEWORKER, Role.ADMINISTRATOR)
        )
        with transaction():
            case = get_case_for_update(add_report().case_id)
            busy = add_member(Role.CASEWORKER, enrolled=False).id
            assign(case, get_user(busy), actor=two.ada.actor, now=LONG_AGO)
            disable_user(get_user(busy), actor=two.ada.actor, now=LONG_AGO)
    three_years = LONG_AGO.date().replace(year=2025)
    assert due_ids(ACCOUNT, three_years - timedelta(days=1)) == set()
    assert due_ids(ACCOUNT, three_years) == {worker, senior}, "nobody else is an administrator, and one has a case"
    add_member(Role.ADMINISTRATOR, enrolled=False)
    with transaction():
        assign(case, get_user(two.ada.id), actor=two.ada.actor, now=TODAY)
    assert due_ids(ACCOUNT, three_years) == {worker, senior, admin, busy}
    with transaction():
        disable_user(get_user(two.ben.id), actor="system", now=TODAY)
        disable_user(get_user(two.ada.id), actor="system", now=TODAY)
    assert senior not in due_ids(ACCOUNT, three_years), "no senior could sign in any more"


def test_an_erased_account_is_somebody_without_a_name_and_nobody_can_open_it_again(two: Two) -> None:
    with clock.frozen(LONG_AGO):
        held, gone = (add_closed_account(two, email=f"{name}@office.example") for name in ("held", "gone"))
        with transaction():
            add_note(two.case, "Said by one who left", author=as_staff(gone.id), submission_id=uuid4(), now=LONG_AGO)
    hold(Subject(HoldScope.ACCOUNT, held.id), two.ben)
    number = a_batch(two, ACCOUNT)
    assert [item.record.what for item in show_items(get_batch(number), two.ben)] == ["Account of staff: caseworker"]
    with pytest.raises(HeldError), transaction():
        erase_record(ACCOUNT, held.id, batch=1, now=TODAY)
    assert run_all() == 2
    user, kept = get_user(gone.id), get_user(held.id)
    assert (kept.name, kept.erased_on, kept.passkey_count) == (LEAVER, None, 1)
    assert (user.name, user.email) == ("Former member of staff", f"{gone.id.hex}@former.invalid")
    assert (user.erased_on, user.password_hash, user.roles) == (TODAY.date(), "", frozenset())
    assert (user.has_second_factor, user.totp_sealed, user.sign_on_key) == (False, b"", None)
    assert names_of({gone.id}) == {gone.id: FORMER_STAFF}
    assert find_user_by_email(gone.email) is None
    for table in ("passkeys", "recovery_codes", "stored_sessions", "account_links", "absences", "interests"):
        of_user = text(f"SELECT count(*) FROM {table} WHERE user_id = :id")
        assert db.session.scalar(of_user.bindparams(bindparam("id", gone.id, Uuid()))) == 0, table
    shared = {f"ours {one.email}" for one in (held, gone)}
    assert {view.name for view in list_views(two.ada)} == shared, "what was shared is everybody's"
    deputies = db.session.scalars(select(Absence.deputy_id).where(Absence.user_id == two.ben.id)).all()
    assert gone.id not in deputies
    assert user not in list_users()
    with pytest.raises(NotFoundError):
        get_account(gone.id, TODAY)
    for open_again in (renew_access, reset_access):
        with pytest.raises(DomainError, match="was erased"), transaction():
            open_again(get_user(gone.id), actor="system", now=TODAY)
    assert due_of(schedule().classes[ACCOUNT], TODAY.date()).held == 1
