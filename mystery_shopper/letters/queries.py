"""Reads of letters: of one case, of one authority, of one batch, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.letters.models import AuthorityLetter, LetterVersion
from mystery_shopper.letters.policy import LetterText, kinds, reference_of
from mystery_shopper.letters.states import OPEN, LetterState

DESK_MOST = 20
FORMER = "a former member of staff"


@dataclass(frozen=True)
class LetterView:
    """A letter as a list shows it. `sent_on` and `due_on` are None before it went."""

    row: AuthorityLetter
    title: str
    sent_on: date | None
    due_on: date | None


@dataclass(frozen=True)
class VersionView:
    """One text of a letter, opened: who wrote it, and what the second person said."""

    number: int
    written_by: str
    written_at: datetime
    content: LetterText
    decided_by: str
    decided_at: datetime | None
    is_approved: bool | None
    note: str


@dataclass(frozen=True)
class WaitingLetter:
    """A letter that waits for somebody, outside its case. `is_sent_back`: the second person wants it changed."""

    id: UUID
    authority_id: UUID | None
    case_reference: str
    reference: str
    title: str
    language: str
    state: LetterState
    not_before: date | None
    is_sent_back: bool


def list_letters(case: Case) -> Sequence[LetterView]:
    """Return the letters of a case, oldest first."""
    rows = db.session.execute(
        select(AuthorityLetter, Intervention.made_on, Intervention.response_due_on)
        .outerjoin(Intervention, Intervention.id == AuthorityLetter.intervention_id)
        .where(AuthorityLetter.case_id == case.id)
        .order_by(AuthorityLetter.changed_at, AuthorityLetter.id)
    )
    return [LetterView(row, kinds()[row.kind].title, sent, due) for row, sent, due in rows]


def get_letter(case: Case, letter_id: UUID) -> AuthorityLetter:
    """Return a letter of this case.

    Raises:
        NotFoundError: there is none, or it belongs to another case.
    """
    row = db.session.get(AuthorityLetter, letter_id)
    if row is None or row.case_id != case.id:
        raise NotFoundError
    return row


def find_by_submission(case: Case, submission_id: UUID) -> AuthorityLetter | None:
    """Return the letter of this case that a form made."""
    return db.session.scalar(
        select(AuthorityLetter).where(
            AuthorityLetter.case_id == case.id, AuthorityLetter.submission_id == submission_id
        )
    )


def get_version(letter: AuthorityLetter) -> LetterVersion:
    """Return the text in force."""
    return db.session.execute(
        select(LetterVersion).where(LetterVersion.letter_id == letter.id, LetterVersion.number == letter.number)
    ).scalar_one()


def list_versions(letter: AuthorityLetter) -> Sequence[LetterVersion]:
    """Return every text of a letter, newest first."""
    return db.session.scalars(
        select(LetterVersion).where(LetterVersion.letter_id == letter.id).order_by(LetterVersion.number.desc())
    ).all()


def show_versions(case: Case, letter: AuthorityLetter) -> list[VersionView]:
    """Return every text of a letter, opened, newest first."""
    rows, key = list_versions(letter), case.data_key
    names = names_of({one for row in rows for one in (row.written_by_id, row.decided_by_id) if one is not None})
    return [
        VersionView(
            number=row.number,
            written_by=names.get(row.written_by_id, FORMER),
            written_at=row.written_at,
            content=row.content(key),
            decided_by=names.get(row.decided_by_id, FORMER) if row.decided_by_id else "",
            decided_at=row.decided_at,
            is_approved=row.is_approved,
            note=row.note(key),
        )
        for row in rows
    ]


def writers_of(letter: AuthorityLetter) -> frozenset[UUID]:
    """Return everybody who wrote any text of a letter."""
    return frozenset(
        db.session.scalars(select(LetterVersion.written_by_id).where(LetterVersion.letter_id == letter.id))
    )


def desk_lines(user: StaffMember) -> list[WaitingLetter]:
    """Return what waits for this person: to be approved, to be changed since it was sent back, or to be sent."""
    mine = AuthorityLetter.author_id == user.id
    sent_back = and_(mine, AuthorityLetter.state == LetterState.DRAFT, LetterVersion.is_approved.is_(False))
    to_send = and_(mine, AuthorityLetter.state == LetterState.APPROVED)
    which = and_(AuthorityLetter.state.in_(OPEN), or_(sent_back, to_send, *_to_approve(user)))
    return _outside(user, and_(Case.state.not_in(FINISHED), which), DESK_MOST)


def _to_approve(user: StaffMember) -> tuple[ColumnElement[bool], ...]:
    """Nothing of which they wrote a word; nothing at all for those who may not approve."""
    if not user.can(Permission.LETTER_APPROVE):
        return ()
    wrote = select(LetterVersion.id).where(
        LetterVersion.letter_id == AuthorityLetter.id, LetterVersion.written_by_id == user.id
    )
    return (and_(AuthorityLetter.state == LetterState.AWAITING_APPROVAL, ~wrote.correlate(AuthorityLetter).exists()),)


def _outside(user: StaffMember, which: ColumnElement[bool], limit: int | None = None) -> list[WaitingLetter]:
    rows = db.session.execute(
        select(Case.reference, Case.authority_id, AuthorityLetter, LetterVersion.is_approved)
        .select_from(AuthorityLetter)
        .join(Case, Case.id == AuthorityLetter.case_id)
        .join(
            LetterVersion,
            and_(LetterVersion.letter_id == AuthorityLetter.id, LetterVersion.number == AuthorityLetter.number),
        )
        .where(visible_to(user), which)
        .order_by(AuthorityLetter.changed_at, AuthorityLetter.id)
        .limit(limit)
    )
    return [_view(*row) for row in rows]


def _view(
    case_reference: str, authority_id: UUID | None, letter: AuthorityLetter, is_approved: bool | None
) -> WaitingLetter:
    return WaitingLetter(
        id=letter.id,
        authority_id=authority_id,
        case_reference=case_reference,
        reference=reference_of(letter.submission_id),
        title=kinds()[letter.kind].title,
        language=letter.language,
        state=letter.state,
        not_before=letter.not_before,
        is_sent_back=is_approved is False,
    )


@dataclass(frozen=True)
class ReadyPile:
    """The approved letters to one authority. `ready` may go today; `held` wait for their day."""

    authority: Authority
    ready: list[WaitingLetter]
    held: list[WaitingLetter]


def list_piles(user: StaffMember, today: date) -> list[ReadyPile]:
    """Return the approved letters this person may send, by authority, in the order of their names."""
    found = _approved(user)
    wanted = {one.authority_id for one in found}
    rows = db.session.scalars(select(Authority).where(Authority.id.in_(wanted)).order_by(Authority.name, Authority.id))
    return [_pile(authority, found, today) for authority in rows]


def get_pile(user: StaffMember, authority_id: UUID, today: date) -> ReadyPile:
    """Return the approved letters to one authority that this person may send.

    Raises:
        NotFoundError: there is none.
    """
    found = [one for one in _approved(user) if one.authority_id == authority_id]
    authority = db.session.get(Authority, authority_id)
    if authority is None or not found:
        raise NotFoundError
    return _pile(authority, found, today)


def list_batch(user: StaffMember, batch_id: UUID) -> list[WaitingLetter]:
    """Return the letters that went together, of the cases this person may see.

    Raises:
        NotFoundError: there is none.
    """
    found = _outside(user, AuthorityLetter.batch_id == batch_id)
    if not found:
        raise NotFoundError
    return found


def _approved(user: StaffMember) -> list[WaitingLetter]:
    """Letters to a department that sponsors an authority do not go to it, so they are in nobody's pile."""
    to_authority = [kind.key for kind in kinds().values() if kind.is_to_authority]
    is_approved = and_(AuthorityLetter.state == LetterState.APPROVED, AuthorityLetter.kind.in_(to_authority))
    return _outside(user, and_(Case.state.not_in(FINISHED), is_approved))


def _pile(authority: Authority, letters: Sequence[WaitingLetter], today: date) -> ReadyPile:
    own = [one for one in letters if one.authority_id == authority.id]
    held = [one for one in own if one.not_before is not None and one.not_before > today]
    return ReadyPile(authority, [one for one in own if one not in held], held)
