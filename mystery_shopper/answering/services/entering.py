"""Opening an inquiry with link and code. Whatever is wrong looks the same, and costs the same."""

from datetime import datetime

from mystery_shopper.accounts import attempts
from mystery_shopper.answering import keys
from mystery_shopper.answering.events import OfficerOpened
from mystery_shopper.answering.models import InquiryOfficer
from mystery_shopper.answering.policy import read_code
from mystery_shopper.answering.queries import case_of, find_by_token, officer_access
from mystery_shopper.answering.services.inviting import CAN_OPEN
from mystery_shopper.cases.services import record
from mystery_shopper.core.crypto import same
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.events import AUTHORITY

NO_CODE = bytes(32)
"""What a code is compared with where there is none: no digest is this."""


def open_inquiry(token: str, typed: str, *, now: datetime) -> str | None:
    """Return the token of a newly opened page when link and code are right, else None.

    The attempt is counted first, whether or not there is such a link, under a lock that only the commit lets go: of
    several at once each sees the count of those before it. A page that was open elsewhere closes.
    """
    subject = f"answer:{token}"
    is_allowed = attempts.is_allowed(db.session(), subject, now)
    token_hash = keys.hash_token(token)
    officer = find_by_token(token_hash)
    expected = officer.code_mac if officer is not None and officer.code_mac is not None else NO_CODE
    is_right = same(keys.hash_code(token_hash, read_code(typed)), expected)
    if not (is_allowed and is_right) or officer is None or officer_access(officer, day_of(now)) not in CAN_OPEN:
        return None
    attempts.forget(db.session(), subject)
    return _enter(officer, now)


def _enter(officer: InquiryOfficer, now: datetime) -> str:
    session_token = keys.new_session_token()
    officer.session_hash = keys.hash_session(session_token)
    officer.session_began_at = officer.session_seen_at = now
    if officer.opened_at is None:
        officer.opened_at = now
        record(case_of(officer), OfficerOpened(officer_id=str(officer.id)), actor=AUTHORITY, now=now)
    db.session.flush()
    return session_token


def note_use(officer: InquiryOfficer, *, now: datetime) -> None:
    """Note that an officer sent something: the page stays open for as long again."""
    officer.session_seen_at = now


def leave(officer: InquiryOfficer) -> None:
    """Close the page of an officer."""
    officer.session_hash = None
    db.session.flush()
