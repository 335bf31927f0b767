"""Referrals: nothing leaves without consent, and who the reporter is leaves only where they said so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, IdentityChoice, Report
from mystery_shopper.cases.queries import get_case_for_update, list_events
from mystery_shopper.cases.services import ask_override, decide_override, join_cases
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.guidance.bodies import bodies, body_of
from mystery_shopper.guidance.models import Referral
from mystery_shopper.guidance.queries import list_referrals
from mystery_shopper.guidance.referring import Consent, ConsentHow, ReferralResult
from mystery_shopper.guidance.services import referring
from mystery_shopper.guidance.states import CONSENTED, STEPS, ReferralState
from mystery_shopper.intake import services as intake
from mystery_shopper.intake.queries import reporter_timeline
from tests.architecture.world import as_staff
from tests.factories.referrals import BODY, WORDS, add_agreed, add_asked
from tests.factories.reports import IDENTITY, Filed, add_report
from tests.factories.staff import add_member

SECRETS = (IDENTITY.name, IDENTITY.organisation, IDENTITY.email, IDENTITY.phone)
TODAY = clock.today


@pytest.fixture
def worker(app_context: Flask) -> StaffMember:
    return as_staff(add_member(Role.CASEWORKER), Role.CASEWORKER)


@pytest.fixture
def filed(worker: StaffMember) -> Filed:
    with transaction():
        return add_report()


@pytest.fixture
def anonymous(worker: StaffMember) -> Filed:
    with transaction():
        return add_report(identity_choice=IdentityChoice.ANONYMOUS, identity=None)


def case_of(filed: Filed) -> Case:
    return get_case_for_update(filed.case_id)


def report_of(filed: Filed) -> Report:
    return db.session.get_one(Report, filed.report_id)


def last_event(case: Case) -> CaseEvent:
    return list_events(case)[-1].to_event(case.data_key)


def take_out(case: Case, row: Referral, worker: StaffMember) -> str:
    return referring.take_out(case, row, opener=worker, now=clock.utc_now())


def make(case: Case, row: Referral, worker: StaffMember, **changed: object) -> None:
    details = {"made_on": TODAY(), "reference": "MSP-7", "version": row.version} | changed
    referring.make_referral(case, row, actor=worker.actor, now=clock.utc_now(), **details)  # type: ignore[arg-type]


class TestConsent:
    def test_a_referral_starts_with_a_question_and_nothing_can_be_taken_out(
        self, filed: Filed, worker: StaffMember
    ) -> None:
        case = case_of(filed)
        row = add_asked(case, filed.report_id, worker)
        assert row.state is ReferralState.ASKED
        with pytest.raises(DomainError, match="has not agreed"):
            take_out(case, row, worker)
        with pytest.raises(DomainError, match="has not agreed"):
            make(case, row, worker)
        assert row.state is ReferralState.ASKED

    @pytest.mark.parametrize("state", sorted(CONSENTED))
    def test_the_database_refuses_a_state_after_consent_without_consent(
        self, filed: Filed, worker: StaffMember, state: ReferralState
    ) -> None:
        row = add_asked(case_of(filed), filed.report_id, worker)
        db.session.flush()
        with pytest.raises(IntegrityError):
            db.session.execute(text("UPDATE referrals SET state = :state"), {"state": state.value})
        db.session.rollback()
        assert row is not None

    def test_the_reporter_who_says_no_ends_it(self, filed: Filed, worker: StaffMember) -> None:
        case, report = case_of(filed), report_of(filed)
        row = add_asked(case, filed.report_id, worker)
        intake.answer_referral(
            report, row, agrees=False, shares_contact=True, version=row.version, now=clock.reporter_now()
        )
        assert (row.state, row.shares_contact, row.consent_on) == (ReferralState.DECLINED, False, None)
        with pytest.raises(DomainError, match="has not agreed"):
            take_out(case, row, worker)
        assert last_event(case).reporter_sentence() is not None

    def test_consent_through_the_receipt_names_no_member_of_staff(self, filed: Filed, worker: StaffMember) -> None:
        row = add_asked(case_of(filed), filed.report_id, worker)
        now = clock.reporter_now()
        intake.answer_referral(report_of(filed), row, agrees=True, shares_contact=False, version=row.version, now=now)
        assert (row.state, row.consent_how, row.consent_by) == (ReferralState.AGREED, ConsentHow.RECEIPT, None)

    def test_consent_recorded_by_staff_says_who_when_and_how(self, filed: Filed, worker: StaffMember) -> None:
        row = add_agreed(case_of(filed), filed.report_id, worker)
        assert (row.consent_how, row.consent_on, row.consent_by) == (ConsentHow.PHONE, TODAY(), worker.id)

    @pytest.mark.parametrize("days", [1, -400])
    def test_consent_cannot_be_of_tomorrow_or_before_the_question(
        self, filed: Filed, worker: StaffMember, days: int
    ) -> None:
        case = case_of(filed)
        row = add_asked(case, filed.report_id, worker)
        consent = Consent(TODAY() + timedelta(days=days), ConsentHow.LETTER, shares_contact=False)
        with pytest.raises(DomainError) as caught:
            referring.agree(case, row, consent, version=row.version, actor=worker.actor, now=clock.utc_now())
        assert caught.value.field == "consent_on"
        assert row.state is ReferralState.ASKED

    def test_a_reporter_can_take_consent_back_before_and_after(self, filed: Filed, worker: StaffMember) -> None:
        case, report = case_of(filed), report_of(filed)
        row = add_agreed(case, filed.report_id, worker)
        intake.stop_referral(report, row, version=row.version, now=clock.reporter_now())
        assert "Nothing was sent" in last_event(case).sentence()
        with pytest.raises(DomainError, match="has not agreed"):
            take_out(case, row, worker)
        again = add_agreed(case, filed.report_id, worker)
        make(case, again, worker)
        intake.stop_referral(report, again, version=again.version, now=clock.reporter_now())
        assert "Tell the body" in last_event(case).sentence()

    def test_nothing_goes_out_of_a_report_that_was_withdrawn(self, filed: Filed, worker: StaffMember) -> None:
        case = case_of(filed)
        row = add_agreed(case, filed.report_id, worker)
        intake.withdraw_report(report_of(filed), now=clock.reporter_now())
        for step in (take_out, make):
            with pytest.raises(DomainError, match="withdrawn"):
                step(case, row, worker)
        with pytest.raises(DomainError, match="withdrawn"):
            add_asked(case, filed.report_id, worker, body_id="co-operatives-uk")


class TestWhatGoesOut:
    def test_without_consent_to_it_no_word_of_the_identity_is_in_the_text(
        self, filed: Filed, worker: StaffMember
    ) -> None:
        case = case_of(filed)
        sent = take_out(case, add_agreed(case, filed.report_id, worker), worker)
        assert WORDS in sent
        for secret in (*SECRETS, "Joan", "Pargeter", "Quillfeather", "7946"):
            assert secret not in sent
        assert case.reference not in sent
        assert case.public_reference not in sent
        assert case.authority_name not in sent

    def test_with_consent_the_contact_details_go_along_and_it_is_on_record(
        self, filed: Filed, worker: StaffMember
    ) -> None:
        case = case_of(filed)
        sent = take_out(case, add_agreed(case, filed.report_id, worker, shares_contact=True), worker)
        assert all(secret in sent for secret in SECRETS)
        revealed = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "identity:revealed")).all()
        assert [(entry.actor, entry.subject_id) for entry in revealed] == [(worker.actor, str(filed.report_id))]
        assert any("opened your contact details" in entry.sentence for entry in reporter_timeline(report_of(filed)))

    def test_of_an_anonymous_reporter_there_is_nothing_to_pass_on(self, anonymous: Filed, worker: StaffMember) -> None:
        case = case_of(anonymous)
        row = add_asked(case, anonymous.report_id, worker)
        consent = Consent(TODAY(), ConsentHow.PHONE, shares_contact=True)
        with pytest.raises(DomainError) as caught:
            referring.agree(case, row, consent, version=row.version, actor=REPORTER, now=clock.utc_now())
        assert caught.value.field == "shares_contact"
        without = replace(consent, shares_contact=False)
        referring.agree(case, row, without, version=row.version, actor=REPORTER, now=clock.utc_now())
        assert "has not asked us to pass on" in take_out(case, row, worker)

    @pytest.mark.parametrize("trace", [IDENTITY.name, IDENTITY.organisation, IDENTITY.email, "020 7946 0123"])
    def test_words_that_name_the_reporter_are_refused(self, filed: Filed, worker: StaffMember, trace: str) -> None:
        with pytest.raises(DisclosureError) as caught:
            add_asked(case_of(filed), filed.report_id, worker, words=f"Please help {trace} with a bond.")
        assert caught.value.field == "words"
        assert list_referrals(case_of(filed)) == []

    def test_words_let_out_go_to_the_body_they_were_let_out_for_and_to_no_other(
        self, filed: Filed, worker: StaffMember
    ) -> None:
        case, words = case_of(filed), f"Please help {IDENTITY.organisation} with a bond."
        senior, now = as_staff(add_member(Role.SENIOR_CASEWORKER), Role.SENIOR_CASEWORKER), clock.utc_now()
        with pytest.raises(DisclosureError) as stopped:
            add_asked(case, filed.report_id, worker, words=words)
        assert stopped.value.texts == {"words": words, "body": body_of(BODY).name}
        asked = ask_override(case, stopped.value, "They want it", page="/", by=worker, now=now)
        decide_override(case, asked, allows=True, answer="Yes", known_by="few", by=senior, now=now)
        with pytest.raises(DisclosureError):
            add_asked(case, filed.report_id, worker, words=words, body_id="co-operatives-uk")
        row = add_agreed(case, filed.report_id, worker, words=words)
        assert words in take_out(case, row, worker)
        row.body_id = "co-operatives-uk"
        with pytest.raises(DisclosureError):
            take_out(case, row, worker)

    def test_words_are_checked_again_before_they_go_out(
        self, filed: Filed, worker: StaffMember, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = case_of(filed)
        row = add_agreed(case, filed.report_id, worker)
        named = replace(IDENTITY, organisation="advice on the security")
        monkeypatch.setattr("mystery_shopper.cases.gate.identities_of", lambda _case, *, but: [named])
        with pytest.raises(DisclosureError):
            take_out(case, row, worker)

    def test_nothing_of_it_lies_open_in_the_database(self, filed: Filed, worker: StaffMember) -> None:
        case = case_of(filed)
        row = add_agreed(case, filed.report_id, worker)
        make(case, row, worker)
        db.session.flush()
        stored = b"".join(bytes(part) for part in (row.words_sealed, row.reference_sealed or b""))
        assert b"MSP-7" not in stored
        assert WORDS.encode() not in stored
        assert (row.words, row.reference) == (WORDS, "MSP-7")


class TestSteps:
    def test_a_form_sent_twice_makes_one_referral(self, filed: Filed, worker: StaffMember) -> None:
        case, report = case_of(filed), report_of(filed)
        new = referring.NewReferral(submission_id=uuid4(), body_id=BODY, words=WORDS)
        first = referring.propose_referral(case, report, new, proposer=worker, now=clock.utc_now())
        second = referring.propose_referral(case, report, new, proposer=worker, now=clock.utc_now())
        assert first is second

    def test_one_open_referral_to_a_body_is_enough(self, filed: Filed, worker: StaffMember) -> None:
        case = case_of(filed)
        add_asked(case, filed.report_id, worker)
        with pytest.raises(DomainError, match="open referral to this body"):
            add_asked(case, filed.report_id, worker)
        add_asked(case, filed.report_id, worker, body_id="co-operatives-uk")

    def test_an_unknown_body_is_refused(self, filed: Filed, worker: StaffMember) -> None:
        with pytest.raises(DomainError, match="Select the body"):
            add_asked(case_of(filed), filed.report_id, worker, body_id="nobody")

    def test_made_and_answered_are_told_to_the_reporter_and_can_be_corrected(
        self, filed: Filed, worker: StaffMember
    ) -> None:
        case = case_of(filed)
        row = add_agreed(case, filed.report_id, worker)
        make(case, row, worker)
        make(case, row, worker, reference="MSP-8")
        assert row.reference == "MSP-8"
        for result in (ReferralResult.ADVICE, ReferralResult.HELPING):
            referring.record_result(
                case, row, result, result_on=TODAY(), note="They will call.", version=row.version,
                actor=worker.actor, now=clock.utc_now(),
            )  # fmt: skip
        assert (row.state, row.result, row.note) == (ReferralState.ANSWERED, ReferralResult.HELPING, "They will call.")
        told = [entry.sentence for entry in reporter_timeline(report_of(filed))]
        assert any("We referred you to Mutuals Support Programme" in sentence for sentence in told)
        assert any("what came of the referral" in sentence for sentence in told)

    def test_a_result_needs_a_referral_that_was_made(self, filed: Filed, worker: StaffMember) -> None:
        case = case_of(filed)
        row = add_agreed(case, filed.report_id, worker)
        with pytest.raises(DomainError, match="Record first"):
            referring.record_result(
                case, row, ReferralResult.OTHER, result_on=TODAY(), note="", version=row.version,
                actor=worker.actor, now=clock.utc_now(),
            )  # fmt: skip

    def test_a_stale_page_changes_nothing(self, filed: Filed, worker: StaffMember) -> None:
        case = case_of(filed)
        row = add_agreed(case, filed.report_id, worker)
        with pytest.raises(StaleEditError):
            make(case, row, worker, version=row.version - 1)
        assert row.made_on is None

    def test_the_reason_of_staff_is_not_told_to_the_reporter(self, filed: Filed, worker: StaffMember) -> None:
        case = case_of(filed)
        row = add_asked(case, filed.report_id, worker)
        referring.withdraw(case, row, reason="Wrong body", version=row.version, actor=worker.actor, now=clock.utc_now())
        event = last_event(case)
        assert "Wrong body" in event.sentence()
        assert "Wrong body" not in (event.reporter_sentence() or "")

    def test_every_step_leads_to_a_known_state_and_declined_and_withdrawn_are_the_end(self) -> None:
        assert set(STEPS) == set(ReferralState)
        assert not STEPS[ReferralState.DECLINED] | STEPS[ReferralState.WITHDRAWN]


class TestWalls:
    def test_when_cases_are_joined_the_referral_goes_along_and_only_its_reporter_hears_of_it(
        self, filed: Filed, worker: StaffMember, file_report: Callable[..., Filed]
    ) -> None:
        other = file_report()
        joined, kept = case_of(filed), case_of(other)
        row = add_agreed(joined, filed.report_id, worker)
        join_cases(
            kept, joined, kept_version=kept.version, joined_version=joined.version, reason="Same tender",
            joiner=worker, now=clock.utc_now(),
        )  # fmt: skip
        assert [view.row.id for view in list_referrals(kept)] == [row.id]
        assert list_referrals(joined) == []
        make(kept, row, worker)
        assert any("We referred you" in entry.sentence for entry in reporter_timeline(report_of(filed)))
        assert not any("refer" in entry.sentence for entry in reporter_timeline(report_of(other)))
        assert row.words == WORDS


def test_the_bodies_are_read_and_one_that_left_the_file_keeps_a_name() -> None:
    assert next(iter(bodies())) == BODY
    assert all(body.address.startswith("http") and body.does for body in bodies().values())
    assert body_of("some-old-body").name == "some old body"
