"""What a second person says of a letter: it may go as it is, or it goes back with a reason."""

from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import is_recused_from
from mystery_shopper.core.db import day_of
from mystery_shopper.core.errors import PermissionDeniedError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import seal
from mystery_shopper.letters.checking import check_letter
from mystery_shopper.letters.models import AuthorityLetter, LetterVersion, note_context
from mystery_shopper.letters.policy import check_approver, kinds
from mystery_shopper.letters.queries import get_version, writers_of
from mystery_shopper.letters.services.drafting import check_open, check_version, take_step
from mystery_shopper.letters.states import LetterState


def approve_letter(case: Case, letter: AuthorityLetter, *, version: int, by: StaffMember, now: datetime) -> None:
    """Approve a letter somebody else wrote, past everything a letter must pass.

    Raises:
        PermissionDeniedError: they wrote some of it, may not approve, or have an interest in the case.
        DisclosureError, NoticeNotAllowedError, DomainError: it may not go as things stand now.
        StaleEditError: it changed since the page was opened.
    """
    text = _check_decider(case, letter, version=version, by=by)
    check_open(case)
    content = text.content(case.data_key)
    check_letter(case, kinds()[letter.kind], content, language=letter.language, today=day_of(now))
    text.decided_by_id, text.decided_at, text.is_approved = by.id, now, True
    letter.approver_id = by.id
    take_step(case, letter, LetterState.APPROVED, "approved", actor=by.actor, now=now)


def send_back_letter(
    case: Case, letter: AuthorityLetter, reason: str, *, version: int, by: StaffMember, now: datetime
) -> None:
    """Give a letter back to its writer with what must change.

    Raises:
        PermissionDeniedError: they wrote some of it, may not approve, or have an interest in the case.
        StaleEditError: it changed since the page was opened.
    """
    text = _check_decider(case, letter, version=version, by=by)
    text.decided_by_id, text.decided_at, text.is_approved = by.id, now, False
    text.note_sealed = seal(case.data_key, reason, note_context(text.id))
    take_step(case, letter, LetterState.DRAFT, "sent back", actor=by.actor, now=now)


def _check_decider(case: Case, letter: AuthorityLetter, *, version: int, by: StaffMember) -> LetterVersion:
    check_approver(by.id, writers_of(letter))
    if not by.can(Permission.LETTER_APPROVE) or is_recused_from(case, by.id):
        raise PermissionDeniedError("You may not approve letters of this case, so somebody else must.")
    check_version(letter, version)
    return get_version(letter)
