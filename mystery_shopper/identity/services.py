"""Writes of looks at who reported: opening one, closing it before its time."""

from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import is_recused_from
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.vault import seal
from mystery_shopper.identity.events import IdentityRevealed
from mystery_shopper.identity.models import IdentityReveal
from mystery_shopper.identity.policy import ACCESS, Figure, figures, offered_reasons, open_until, reasons
from mystery_shopper.identity.queries import find_open_reveal, is_known


def why_closed(case: Case, user: StaffMember) -> str:
    """Return why a person may not look at who reported a case, empty when they may: it must be theirs to work on.

    Whoever has an interest in the case may not, whatever is theirs: also not while they have it open in an emergency.
    """
    is_theirs = case.owner_id is not None and case.owner_id in {user.id, *user.stands_in_for}
    if is_theirs and not is_recused_from(case, user.id):
        return ""
    return "Only whoever owns the case, or stands in for them, can look at who reported."


def reveal_identity(
    case: Case, report: Report, *, reason: str, words: str, by: StaffMember, now: datetime
) -> IdentityReveal:
    """Open the identity behind a report for some minutes; the case, seniors and the reporter are told.

    Raises:
        DomainError: the case is not theirs, the reason is none or too short, or the reporter is anonymous.
    """
    closed = why_closed(case, by)
    if closed:
        raise DomainError(closed)
    if not is_known(report):
        raise DomainError("This reporter is anonymous: the service does not know who it is.")
    if reason not in offered_reasons():
        raise DomainError("Select why you need to know", field="reason")
    shortest = figures()[Figure.REASON]
    if len(words) < shortest:
        raise DomainError(f"Enter at least {shortest} characters, so that the reason can be checked", field="words")
    return _look(case, report, reason, words, by=by, now=now, closes_at=open_until(now))


def note_pack(case: Case, report: Report, *, words: str, by: StaffMember, now: datetime) -> None:
    """Put down the look that a pack for the reporter is, if it is known who they are. No page opens by it."""
    if is_known(report):
        _look(case, report, ACCESS, words, by=by, now=now, closes_at=now)


def _look(
    case: Case, report: Report, reason: str, words: str, *, by: StaffMember, now: datetime, closes_at: datetime
) -> IdentityReveal:
    row_id, known = new_id(), reasons()[reason]
    reveal = IdentityReveal(
        id=row_id,
        report_id=report.id,
        case_id=case.id,
        user_id=by.id,
        reason=reason,
        words_sealed=seal(case.data_key, words, f"identity_reveals.words:{row_id}"),
        revealed_at=now,
        closes_at=closes_at,
    )
    db.session.add(reveal)
    event = IdentityRevealed(
        report_id=str(report.id), reveal_id=str(row_id), reason=known.label, told=known.reporter_words, words=words
    )
    record(case, event, actor=by.actor, now=now)
    return reveal


def close_reveal(report: Report, *, by: StaffMember, now: datetime) -> None:
    """Close the look a person has open at a report. Safe to repeat."""
    reveal = find_open_reveal(report, by, now)
    if reveal is None:
        return
    reveal.closes_at = now
    db.session.flush()
    audit.record(Action.IDENTITY_CLOSED, actor=by.actor, subject="report", subject_id=report.id, now=now)
