"""Records that are no cases: when each is due, what a hold does, and what is left of one that was erased."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.core.db import db, transaction
from mystery_shopper.holds.policy import EVERYTHING, HeldError, HoldScope, Subject
from mystery_shopper.holds.queries import list_standing
from mystery_shopper.holds.services import lift
from mystery_shopper.requests.queries import get_request, list_cases, list_packs
from mystery_shopper.requests.services import register
from mystery_shopper.requests.showing import show_one
from mystery_shopper.requests.states import Decision, Requester, RequestKind
from mystery_shopper.retention.policy import REQUEST, SUGGESTION, BatchClass, schedule
from mystery_shopper.retention.queries import due_of, first_due, get_batch
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
from tests.factories.requests import add_request
from tests.factories.suggestions import text_in
from tests.retention.office import TODAY, Two, a_batch, hold, run_all
from tests.retention.records import AUTHORITY, add_answered_request, add_settled_suggestion

S = SuggestionState
LATER = LONG_AGO + timedelta(days=100)
A_YEAR = LONG_AGO.date().replace(year=2023)


def due_ids(class_id: BatchClass, today: date) -> set[UUID]:
    return set(first_due(schedule().classes[class_id], today, 99))


def counts(two: Two) -> object:
    return count_by_state(), [themes_of(kind, since=None, until=None, by_value=True) for kind in ThemeKind]


def test_a_suggestion_is_due_a_year_after_the_last_thing_that_happened_to_one_that_is_settled(two: Two) -> None:
    with clock.frozen(LONG_AGO), transaction():
        found = {state: add_settled_suggestion(two, state).id for state in S}
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
        held, other = (add_settled_suggestion(two, S.CLOSED).id for _ in range(2))
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
        published = add_settled_suggestion(two)
        waiting = add_settled_suggestion(two, S.ANSWERED)
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
