"""Referrals: ask, agree, pass on, record what came of it, take back. Nothing leaves without the reporter's consent."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case, IdentityChoice, Report
from mystery_shopper.cases.queries import find_identity
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import _
from mystery_shopper.core.vault import seal
from mystery_shopper.guidance import events
from mystery_shopper.guidance.bodies import bodies, body_of
from mystery_shopper.guidance.models import Referral
from mystery_shopper.guidance.queries import find_by_submission, open_to
from mystery_shopper.guidance.referring import (
    CONSENT_LABELS,
    RESULT_LABELS,
    Consent,
    ConsentHow,
    ReferralResult,
    letter_text,
)
from mystery_shopper.guidance.states import OPEN, ReferralState, can_step

CONTACT_LABELS = (("name", "Name"), ("organisation", "Organisation"), ("email", "Email"), ("phone", "Phone"))
REPORT_WITHDRAWN = "The reporter has withdrawn this report, so it cannot be referred"
CONSENT_NEEDED = "The reporter has not agreed to this referral, so nothing may be passed on"


@dataclass(frozen=True, kw_only=True)
class NewReferral:
    """What staff suggest: the body, and the words that would go to it."""

    submission_id: UUID
    body_id: str
    words: str


def propose_referral(case: Case, report: Report, new: NewReferral, *, proposer: StaffMember, now: datetime) -> Referral:
    """Ask a reporter whether they may be referred, with the words that would go out.

    Returns:
        The referral; the one made before when the form was sent twice.

    Raises:
        DisclosureError: the words hold a trace of a reporter of the case.
        DomainError: no such body, a referral to it is open, or the report was withdrawn.
    """
    known = find_by_submission(new.submission_id)
    if known is not None:
        return known
    _check_new(report, new)
    check_texts(case, _leaving(new.body_id, new.words))
    row_id = new_id()
    row = Referral(
        id=row_id,
        report=report,
        submission_id=new.submission_id,
        body_id=new.body_id,
        state=ReferralState.ASKED,
        proposed_at=now,
        proposed_by=proposer.id,
        words_sealed=seal(report.data_key, new.words, f"referrals.words:{row_id}"),
    )
    db.session.add(row)
    db.session.flush()
    event = events.ReferralAsked(referral_id=str(row.id), report_id=str(report.id), body=_name(row))
    record(case, event, actor=proposer.actor, now=now)
    return row


def _leaving(body_id: str, words: str) -> dict[str, str]:
    """Return what the gate checks: what a second person lets out goes to this body and to no other."""
    return {"words": words, "body": body_of(body_id).name}


def _check_new(report: Report, new: NewReferral) -> None:
    if new.body_id not in bodies():
        raise DomainError("Select the body to refer the reporter to", field="body_id")
    if report.withdrawn_on is not None:
        raise DomainError(REPORT_WITHDRAWN)
    if open_to(report, new.body_id, sorted(OPEN)):
        raise DomainError("The reporter has an open referral to this body already", field="body_id")


def agree(case: Case, row: Referral, consent: Consent, *, version: int, actor: str, now: datetime) -> None:
    """Record that the reporter agreed: through the receipt, or as staff were told.

    Raises:
        StaleEditError: somebody changed the referral since the page was opened.
        DomainError: it is not waiting for an answer, the day cannot be, or there are no contact details to pass on.
    """
    _check_step(row, ReferralState.AGREED, version)
    _check_stands(row)
    if consent.on > day_of(now):
        raise DomainError("The day the reporter agreed must be today or in the past", field="consent_on")
    if consent.on < day_of(row.proposed_at):
        raise DomainError("The day the reporter agreed must not be before they were asked", field="consent_on")
    if consent.shares_contact and not has_contact(row.report):
        raise DomainError("We hold no contact details of this reporter, so none can go along", field="shares_contact")
    row.consent_on, row.consent_how, row.shares_contact = consent.on, consent.how, consent.shares_contact
    row.consent_by = None if actor == REPORTER else UUID(actor.rpartition(":")[2])
    event = events.ReferralAgreed(
        referral_id=str(row.id),
        report_id=str(row.report_id),
        body=_name(row),
        how=CONSENT_LABELS[consent.how],
        shares_contact=consent.shares_contact,
    )
    _save(case, row, ReferralState.AGREED, event, actor=actor, now=now)


def decline(case: Case, row: Referral, *, version: int, actor: str, now: datetime) -> None:
    """Record that the reporter said no.

    Raises:
        StaleEditError: somebody changed the referral since the page was opened.
        DomainError: it is not waiting for an answer.
    """
    _check_step(row, ReferralState.DECLINED, version)
    event = events.ReferralDeclined(referral_id=str(row.id), report_id=str(row.report_id), body=_name(row))
    _save(case, row, ReferralState.DECLINED, event, actor=actor, now=now)


def take_out(case: Case, row: Referral, *, opener: StaffMember, now: datetime) -> str:
    """Return the text that goes to the body, and record that it was taken out.

    Contact details are in it only where the reporter agreed to that; opening them is on record, and the reporter
    reads of it. The words pass the disclosure gate again: another report may have come since they were written.

    Raises:
        DomainError: the reporter has not agreed.
        DisclosureError: the words hold a trace of a reporter of the case.
    """
    if row.state not in (ReferralState.AGREED, ReferralState.MADE) or row.consent_on is None:
        raise DomainError(CONSENT_NEEDED)
    _check_stands(row)
    check_texts(case, _leaving(row.body_id, row.words))
    contact = _contact_of(row) if row.shares_contact else []
    if contact:
        audit.record(Action.IDENTITY_REVEALED, actor=opener.actor, subject="report", subject_id=row.report_id, now=now)
    event = events.ReferralOpened(
        referral_id=str(row.id), report_id=str(row.report_id), body=_name(row), with_contact=bool(contact)
    )
    record(case, event, actor=opener.actor, now=now)
    return letter_text(body_of(row.body_id), row.code, row.words, contact, day_of(now))


def make_referral(
    case: Case, row: Referral, *, made_on: date, reference: str, version: int, actor: str, now: datetime
) -> None:
    """Record that the referral was made; done again it corrects the day and the reference.

    Raises:
        StaleEditError: somebody changed the referral since the page was opened.
        DomainError: the reporter has not agreed, or the day cannot be.
    """
    _check_step(row, ReferralState.MADE, version, refusal=CONSENT_NEEDED)
    _check_stands(row)
    if made_on > day_of(now):
        raise DomainError("The day it was made must be today or in the past", field="made_on")
    if row.consent_on is None or made_on < row.consent_on:
        raise DomainError("The day it was made must not be before the reporter agreed", field="made_on")
    row.made_on = made_on
    row.reference_sealed = seal(row.report.data_key, reference, f"referrals.reference:{row.id}")
    event = events.ReferralMade(
        referral_id=str(row.id), report_id=str(row.report_id), body=_name(row), made_on=made_on.isoformat()
    )
    _save(case, row, ReferralState.MADE, event, actor=actor, now=now)


def record_result(
    case: Case,
    row: Referral,
    result: ReferralResult,
    *,
    result_on: date,
    note: str,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Record what came of the referral; done again it corrects it. The reporter reads the note.

    Raises:
        StaleEditError: somebody changed the referral since the page was opened.
        DomainError: the referral was not made, or the day cannot be.
    """
    _check_step(row, ReferralState.ANSWERED, version, refusal="Record first that the referral was made")
    if result_on > day_of(now):
        raise DomainError("The day of the result must be today or in the past", field="result_on")
    if row.made_on is None or result_on < row.made_on:
        raise DomainError("The day of the result must not be before the referral was made", field="result_on")
    row.result, row.result_on = result, result_on
    row.note_sealed = seal(row.report.data_key, note, f"referrals.note:{row.id}")
    event = events.ReferralAnswered(
        referral_id=str(row.id), report_id=str(row.report_id), body=_name(row), result=RESULT_LABELS[result]
    )
    _save(case, row, ReferralState.ANSWERED, event, actor=actor, now=now)


def withdraw(case: Case, row: Referral, *, reason: str, version: int, actor: str, now: datetime) -> None:
    """Take a referral back: staff with a reason, the reporter without one.

    Raises:
        StaleEditError: somebody changed the referral since the page was opened.
        DomainError: it is over already.
    """
    was_made = row.state is ReferralState.MADE
    _check_step(row, ReferralState.WITHDRAWN, version)
    row.note_sealed = seal(row.report.data_key, reason, f"referrals.note:{row.id}")
    event = events.ReferralWithdrawn(
        referral_id=str(row.id),
        report_id=str(row.report_id),
        body=_name(row),
        by_reporter=actor == REPORTER,
        after=was_made,
        reason=reason,
    )
    _save(case, row, ReferralState.WITHDRAWN, event, actor=actor, now=now)


def has_contact(report: Report) -> bool:
    """Tell whether there are contact details that a reporter could let us pass on."""
    return report.identity_choice is not IdentityChoice.ANONYMOUS and find_identity(report) is not None


def by_receipt(shares_contact: bool, on: date) -> Consent:
    """Return the consent a reporter gives through the receipt."""
    return Consent(on, ConsentHow.RECEIPT, shares_contact)


def _contact_of(row: Referral) -> list[tuple[str, str]]:
    """Return how to reach the reporter. Only for a referral whose reporter agreed to it."""
    identity = find_identity(row.report) if has_contact(row.report) else None
    return [(label, value) for name, label in CONTACT_LABELS if identity and (value := getattr(identity, name))]


def _check_step(row: Referral, new: ReferralState, version: int, *, refusal: str = "") -> None:
    if row.version != version:
        raise StaleEditError(_("Somebody else changed this referral while you were working on it."))
    if not can_step(row.state, new):
        raise DomainError(refusal or _("This referral cannot be changed any more"))


def _check_stands(row: Referral) -> None:
    if row.report.withdrawn_on is not None:
        raise DomainError(REPORT_WITHDRAWN)


def _save(case: Case, row: Referral, new: ReferralState, event: CaseEvent, *, actor: str, now: datetime) -> None:
    row.state = new
    db.session.flush()
    record(case, event, actor=actor, now=now)


def _name(row: Referral) -> str:
    return body_of(row.body_id).name
