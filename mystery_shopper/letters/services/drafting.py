"""Writing a letter: kept as a draft, every text of it, until a second person reads it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import seal_json
from mystery_shopper.letters.checking import check_letter
from mystery_shopper.letters.events import LetterStepTaken
from mystery_shopper.letters.models import AuthorityLetter, LetterVersion, content_context
from mystery_shopper.letters.policy import LetterKind, LetterText, kinds
from mystery_shopper.letters.queries import find_by_submission, get_version
from mystery_shopper.letters.states import LABELS, OPEN, LetterState, can_step


@dataclass(frozen=True, kw_only=True)
class NewLetter:
    """A letter that is begun."""

    submission_id: UUID
    kind: LetterKind
    language: str
    content: LetterText


def start_letter(case: Case, new: NewLetter, *, writer: StaffMember, now: datetime) -> AuthorityLetter:
    """Keep a letter as a draft.

    Returns:
        The letter; the one begun before when the form was sent twice.

    Raises:
        DomainError: the case is finished.
    """
    known = find_by_submission(case, new.submission_id)
    if known is not None:
        return known
    check_open(case)
    letter = AuthorityLetter(
        id=new_id(),
        case_id=case.id,
        submission_id=new.submission_id,
        kind=new.kind.key,
        language=new.language,
        state=LetterState.DRAFT,
        number=1,
        started_by_id=writer.id,
        author_id=writer.id,
        changed_at=now,
    )
    db.session.add(letter)
    db.session.flush()
    _add_version(case, letter, new.content, writer=writer, now=now)
    note_step(case, letter, "drafted", actor=writer.actor, now=now)
    return letter


def save_letter(
    case: Case, letter: AuthorityLetter, content: LetterText, *, version: int, writer: StaffMember, now: datetime
) -> None:
    """Keep what was written, as a new version. Whoever changes a letter that was approved takes it back to draft.

    Nothing is written when nothing changed: an approval stands for the text that was approved.

    Raises:
        StaleEditError: somebody saved or took a step since the page was opened.
        DomainError: it was sent or dropped, or the case is finished.
    """
    check_version(letter, version)
    check_open(case)
    if letter.state not in OPEN:
        raise DomainError("This letter has gone or was dropped, so it cannot be changed. Write another one.")
    if content == get_version(letter).content(case.data_key):
        return
    letter.number += 1
    letter.author_id, letter.approver_id, letter.not_before = writer.id, None, None
    letter.state, letter.changed_at = LetterState.DRAFT, now
    _add_version(case, letter, content, writer=writer, now=now)
    note_step(case, letter, "changed", actor=writer.actor, now=now)


def submit_letter(case: Case, letter: AuthorityLetter, *, writer: StaffMember, now: datetime) -> None:
    """Put a draft before a second person, past everything a letter must pass.

    Raises:
        DisclosureError, NoticeNotAllowedError, DomainError: it may not go as it is.
        StaleEditError: it is no draft any more.
    """
    check_open(case)
    content = get_version(letter).content(case.data_key)
    check_letter(case, kinds()[letter.kind], content, language=letter.language, today=day_of(now))
    take_step(case, letter, LetterState.AWAITING_APPROVAL, "sent for approval", actor=writer.actor, now=now)


def drop_letter(case: Case, letter: AuthorityLetter, *, version: int, actor: str, now: datetime) -> None:
    """Give a letter up before it went. What was written stays on the case.

    Raises:
        StaleEditError: somebody saved or took a step since the page was opened.
    """
    check_version(letter, version)
    letter.not_before = None
    take_step(case, letter, LetterState.DROPPED, "dropped", actor=actor, now=now)


def check_version(letter: AuthorityLetter, version: int) -> None:
    """Refuse to go on with a page that shows an older version of the letter.

    Raises:
        StaleEditError: somebody saved or took a step since the page was opened.
    """
    if letter.version != version:
        raise StaleEditError("Somebody else changed this letter while you were working on it.")


def check_open(case: Case) -> None:
    """Refuse to write to an authority about a case that is finished.

    Raises:
        DomainError: it is.
    """
    if case.state in FINISHED:
        raise DomainError("This case is finished, so no letter can go any more.")


def take_step(case: Case, letter: AuthorityLetter, new: LetterState, words: str, *, actor: str, now: datetime) -> None:
    """Take a letter one step on and write the event, in `words` of the past tense.

    Raises:
        StaleEditError: the letter is in a state from which this step cannot be taken.
    """
    if not can_step(letter.state, new):
        raise StaleEditError(f"This letter is “{LABELS[letter.state]}” now, so that step is no longer open.")
    letter.state, letter.changed_at = new, now
    note_step(case, letter, words, actor=actor, now=now)


def note_step(case: Case, letter: AuthorityLetter, words: str, *, actor: str, now: datetime) -> None:
    """Write the event of a step."""
    event = LetterStepTaken(
        letter_id=str(letter.id),
        reference=letter.reference,
        title=kinds()[letter.kind].title,
        step=words,
        number=letter.number,
    )
    record(case, event, actor=actor, now=now)


def _add_version(
    case: Case, letter: AuthorityLetter, content: LetterText, *, writer: StaffMember, now: datetime
) -> None:
    row_id = new_id()
    db.session.add(
        LetterVersion(
            id=row_id,
            letter_id=letter.id,
            case_id=case.id,
            number=letter.number,
            written_by_id=writer.id,
            written_at=now,
            content_sealed=seal_json(case.data_key, content.to_json(), content_context(row_id)),
        )
    )
    db.session.flush()
