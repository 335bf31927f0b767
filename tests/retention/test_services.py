"""Holds against every path that destroys; batches with two reviewers; and what is left of a case that was erased."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.audit.verification import verify
from mystery_shopper.cases.models import CaseEventRecord, Flag, Identity, Message, Report, ReporterIdentity
from mystery_shopper.cases.queries import find_report_by_receipt, get_case_for_update, visible_cases
from mystery_shopper.cases.services import join_cases, move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.crypto import UnsealError, keyring
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.vault import erase
from mystery_shopper.evidence.stores import store
from mystery_shopper.evidence.worker import sweep_orphans
from mystery_shopper.holds import services as holds
from mystery_shopper.holds.policy import EVERYTHING, HeldError, HoldScope, Subject
from mystery_shopper.intake.models import Draft
from mystery_shopper.intake.services import erase_expired_drafts, start_draft
from mystery_shopper.retention.cli import retention_cli
from mystery_shopper.retention.events import HoldLifted
from mystery_shopper.retention.models import RetentionItem
from mystery_shopper.retention.policy import ACCOUNT, CASE_FILE, IDENTITY, REQUEST, SUGGESTION, digest_of, schedule
from mystery_shopper.retention.queries import due_of, first_due, get_batch, holds_on
from mystery_shopper.retention.services.batches import approve, cancel
from mystery_shopper.retention.services.erasing import erase_record
from mystery_shopper.retention.services.holding import lift_hold
from mystery_shopper.retention.states import BatchState, ItemState
from mystery_shopper.retention.worker import advance, retention_round
from tests.factories.publications import add_authority
from tests.factories.records import LONG_AGO, ROAD_OUT, add_closed_case, add_hold
from tests.factories.reports import add_report
from tests.retention.office import TODAY, Two, a_batch, hold, run_all
from tests.retention.proof import POSTGRESQL, found_in, keys_in, secrets_of
from tests.retention.records import ADDRESS, LEAVER, add_answered_request, add_closed_account, add_old_suggestion
from tests.support.leaks import rows_of

# Holds


@pytest.mark.parametrize("scope", [HoldScope.CASE, HoldScope.AUTHORITY, HoldScope.EVERYTHING])
def test_no_hold_lets_a_case_be_erased_whatever_it_is_on(two: Two, scope: HoldScope) -> None:
    with transaction():
        two.case.authority = add_authority()
    ids = {
        HoldScope.CASE: two.case.id,
        HoldScope.AUTHORITY: two.case.authority_id,
    }
    hold(Subject(scope, ids.get(scope)), two.ben)
    due = due_of(schedule().classes[CASE_FILE], TODAY.date())
    assert (due.free, due.held) == (0, 1)
    with pytest.raises(DomainError, match="Nothing of this class is due"):
        a_batch(two)
    for class_id in (IDENTITY, CASE_FILE):
        with pytest.raises(HeldError), transaction():
            erase_record(class_id, two.case.id, batch=1, now=TODAY)
    assert two.case.title == "Community meals service"
    assert db.session.scalar(select(func.count()).select_from(ReporterIdentity)) == 1


def test_a_hold_on_a_joined_case_keeps_the_whole_and_lifting_it_is_told_on_both(two: Two) -> None:
    with clock.frozen(LONG_AGO), transaction():
        kept, joined = (get_case_for_update(add_report().case_id) for _ in range(2))
        versions = {"kept_version": kept.version, "joined_version": joined.version}
        join_cases(kept, joined, reason="The same tender", joiner=two.ada, now=LONG_AGO, **versions)
        for step in ROAD_OUT:
            move(kept, step, actor=two.ada.actor, now=LONG_AGO)
        ids = kept.id, joined.id
    hold(Subject(HoldScope.CASE, ids[1]), two.ben)
    due = due_of(schedule().classes[CASE_FILE], TODAY.date())
    assert (due.free, due.held) == (1, 1)
    (standing,) = holds_on(get_case_for_update(ids[0]))
    assert standing.subject_id == ids[1]
    with transaction():
        lift_hold(standing, reason="It is over", by=two.ben, now=TODAY)
    lifted = select(CaseEventRecord.case_id).where(CaseEventRecord.tag == HoldLifted.tag)
    assert set(db.session.scalars(lifted)) == set(ids)
    assert due_of(schedule().classes[CASE_FILE], TODAY.date()).held == 0


def test_a_hold_placed_after_a_batch_was_approved_still_keeps_the_case(two: Two) -> None:
    number = a_batch(two)
    hold(Subject(HoldScope.CASE, two.case.id), two.ada)
    assert run_all() == 2
    certificate = get_batch(number).certificate
    assert certificate is not None
    assert (certificate["destroyed"], certificate["kept_on_hold"]) == (0, 1)
    assert two.case.title == "Community meals service"


def test_a_hold_on_everything_stops_what_expires_by_itself(two: Two) -> None:
    with clock.frozen(LONG_AGO), transaction():
        draft_id = start_draft(now=LONG_AGO).row.id
    store().put("a" * 32, iter([b"noise"]))
    later = datetime(2030, 1, 1, tzinfo=UTC)
    hold(EVERYTHING, two.ada)
    with transaction():
        assert erase_expired_drafts(TODAY.date(), now=TODAY) == 0
    assert sweep_orphans(later) == 0
    with transaction():
        holds.lift(holds.standing_on(())[0], reason="Over", by_id=two.ben.id, now=TODAY)
        assert erase_expired_drafts(TODAY.date(), now=TODAY) == 1
    assert sweep_orphans(later) == 1
    assert db.session.get(Draft, draft_id) is None


def test_nothing_is_erased_without_a_clearance(two: Two) -> None:
    with pytest.raises(TypeError, match="legal holds must be asked"):
        erase(two.case.data_key, None, TODAY)  # type: ignore[arg-type]


def test_a_hold_is_reviewed_and_lifted_with_reasons_and_stands_past_its_day(two: Two) -> None:
    with transaction():
        one = add_hold(Subject(HoldScope.CASE, two.case.id), by_id=two.ada.id, review_on=date(2026, 4, 30))
        holds.review(one, reason="The claim goes on", review_on=date(2026, 6, 1), by_id=two.ben.id, now=TODAY)
        with pytest.raises(DomainError, match="in the future"):
            holds.review(one, reason="x", review_on=TODAY.date(), by_id=two.ben.id, now=TODAY)
    assert one.reason == "A letter before claim came\n31 March 2026, kept: The claim goes on"
    with clock.frozen(datetime(2029, 1, 1, tzinfo=UTC)), pytest.raises(HeldError), transaction():
        erase_record(CASE_FILE, two.case.id, batch=1, now=clock.utc_now())
    with transaction():
        holds.lift(one, reason="Settled", by_id=two.ben.id, now=TODAY)
    assert one.lift_reason == "Settled"
    with pytest.raises(DomainError, match="was lifted on 31 March 2026"):
        holds.lift(one, reason="Again", by_id=two.ben.id, now=TODAY)


# Batches


def approve_alone(number: int, by: StaffMember) -> None:
    batch = get_batch(number)
    batch.state, batch.approved_at, batch.approved_by_id = BatchState.APPROVED, TODAY, by.id


def test_a_batch_needs_two_people(two: Two) -> None:
    number = a_batch(two, is_approved=False)
    assert not retention_round()
    with pytest.raises(DomainError, match="A second reviewer"), transaction():
        approve(get_batch(number), by=two.ada, now=TODAY)
    with pytest.raises(IntegrityError, match="two_reviewers"), transaction():
        approve_alone(number, two.ada)
    with transaction():
        get_batch(number).schedule_version = "another"
    with pytest.raises(DomainError, match="schedule has changed"), transaction():
        approve(get_batch(number), by=two.ben, now=TODAY)
    with transaction():
        cancel(get_batch(number), by=two.ben, now=TODAY)
    assert first_due(schedule().classes[CASE_FILE], TODAY.date(), 9) == [two.case.id]


def test_a_case_that_was_opened_again_is_left(two: Two) -> None:
    number = a_batch(two)
    with transaction():
        move(two.case, CaseState.REOPENED, actor=two.ada.actor, now=TODAY)
    run_all()
    certificate = get_batch(number).certificate
    assert certificate is not None
    assert (certificate["destroyed"], certificate["kept_not_due"]) == (0, 1)
    assert two.case.title == "Community meals service"


def test_nothing_is_due_a_day_early(two: Two) -> None:
    case_file = schedule().classes[CASE_FILE]
    assert (due_of(case_file, date(2025, 3, 30)).free, first_due(case_file, date(2025, 3, 30), 9)) == (0, [])
    assert (due_of(case_file, date(2025, 3, 31)).free, first_due(case_file, date(2025, 3, 31), 9)) == (1, [two.case.id])


def test_the_identity_goes_first_and_the_case_stays_readable(two: Two) -> None:
    a_batch(two, IDENTITY)
    assert run_all() == 2
    assert db.session.scalars(select(ReporterIdentity)).all() == []
    assert two.case.title == "Community meals service"
    assert due_of(schedule().classes[IDENTITY], TODAY.date()).free == 0
    tags = db.session.scalars(select(CaseEventRecord.tag).where(CaseEventRecord.case_id == two.case.id)).all()
    assert "identity:erased" in tags


def test_a_batch_that_was_killed_goes_on_and_nothing_is_done_twice(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        add_closed_case(by_id=two.ada.id)
    number = a_batch(two)
    assert advance(number)
    db.session.remove()  # killed here: one of two is done
    states = db.session.scalars(select(RetentionItem.state)).all()
    assert sorted(states) == [ItemState.ERASED, ItemState.WAITING]
    assert run_all() == 2
    erased = db.session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "case:erased")).all()
    assert len(erased) == len(set(erased)) == 2
    certificate = get_batch(number).certificate
    assert certificate is not None
    assert certificate["destroyed"] == 2
    assert certificate["digest_of_ids"] == digest_of(list(erased))
    assert not retention_round()


def test_a_record_the_database_gave_up_is_taken_again_and_the_worker_goes_on(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = a_batch(two)

    def give_up(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("deadlock detected"))

    with monkeypatch.context() as patched:
        patched.setattr("mystery_shopper.retention.worker.do_next", give_up)
        assert not retention_round()
    assert run_all() == 2
    assert get_batch(number).state is BatchState.DONE


def test_the_commands_are_dry_first_and_print_the_certificate(two: Two, app: Flask) -> None:
    runner = app.test_cli_runner()
    due = runner.invoke(retention_cli, ["due"]).output
    assert re.search(r"case-file: 36 months after case-closed: 1 due, 0 on hold, 0 in open batches", due)
    assert "audit-log: 84 months after entry-written, done by the operator" in due
    number = a_batch(two)
    assert "1 case would be destroyed" in runner.invoke(retention_cli, ["run"]).output
    assert two.case.erased_on is None
    assert "Batch 1 is done" in runner.invoke(retention_cli, ["run", "--apply"]).output
    printed = runner.invoke(retention_cli, ["certificate", str(number)]).output
    assert '"destroyed": 1' in printed
    assert "Community" not in printed
    assert "No batch is approved" in runner.invoke(retention_cli, ["run", "--apply"]).output


# Proof


def test_what_was_erased_is_nowhere_in_the_database_its_log_its_files_and_a_new_backup(
    two: Two, tmp_path: Path
) -> None:
    with transaction():
        somebody = Identity(name="Otto Unlike", email="otto@elsewhere.example")
        other = add_closed_case(by_id=two.ada.id, closed_at=datetime(2026, 1, 5, tzinfo=UTC), identity=somebody)
    with clock.frozen(LONG_AGO), transaction():
        told, asked = add_old_suggestion(two), add_answered_request(two)
    with clock.frozen(LONG_AGO):
        left = add_closed_account(two, email=ADDRESS)
    url = db.engine.url.render_as_string(hide_password=False)
    secrets = secrets_of(CASE_FILE, {"cases": [two.filed.case_id], "reports": [two.filed.report_id]})
    assert len(secrets) > 12
    more = {(SUGGESTION, "suggestions"): told.id, (REQUEST, "info_requests"): asked.id, (ACCOUNT, "users"): left.id}
    for (class_id, table), record_id in more.items():
        others = secrets_of(class_id, {table: [record_id]})
        assert len(others) > 2
        secrets |= others
    words = {word: word.encode() for word in (LEAVER, ADDRESS)}
    secrets |= words
    assert found_in(secrets, url, tmp_path) == set(secrets), "they are there before"
    objects = len(list(store().list_all()))
    serial = two.case.serial

    for class_id in (CASE_FILE, *(class_id for class_id, _ in more)):
        a_batch(two, class_id)
    assert run_all() == 2 * (1 + len(more))
    db.session.remove()

    # PostgreSQL frees the place of old rows without overwriting it: there the words stay as noise whose key is gone.
    assert found_in(keys_in(secrets) | words if POSTGRESQL else secrets, url, tmp_path) == set()
    assert len(list(store().list_all())) == objects - 2
    assert find_report_by_receipt(receipts.digest(two.filed.receipt_code)) is None
    with pytest.raises(UnsealError):
        _ = two.case.title
    db.session.rollback()
    rows = "\n".join(str(one) for _, one in rows_of(url))
    assert "quillfeather" not in rows.casefold()
    assert "petra" not in rows.casefold()
    key = "rowid" if not POSTGRESQL else "case_serial"
    left = db.session.execute(text(f"SELECT count(*) FROM case_search WHERE {key} = {serial}"))
    assert left.scalar_one() == 0

    # What stays: the row for statistics, events without content, the audit log whole; the other case is untouched.
    case = two.case
    assert (case.erased_on, case.closed_on, case.state) == (TODAY.date(), LONG_AGO.date(), CaseState.CLOSED)
    assert db.session.scalars(visible_cases(two.ada)).all() == [get_case_for_update(other.case_id)]
    assert db.session.scalar(select(func.count()).select_from(Flag).where(Flag.case_id == case.id))
    events = db.session.scalars(select(CaseEventRecord).where(CaseEventRecord.case_id == case.id)).all()
    assert {row.payload_sealed for row in events} == {b""}
    assert "case:erased" in {row.tag for row in events}
    assert db.session.scalars(select(Message).where(Message.case_id == case.id)).all() == []
    assert db.session.get_one(Report, two.filed.report_id).received_on == LONG_AGO.date()
    assert get_case_for_update(other.case_id).title == "Community meals service"
    assert verify(db.session(), keyring().audit_key()).is_whole
