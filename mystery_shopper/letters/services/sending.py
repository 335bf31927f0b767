"""Letters go: one today, or held until a day and together with others to the same authority; and they are taken out."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.cases.services import record
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.interventions.policy import step_after
from mystery_shopper.interventions.queries import get_intervention
from mystery_shopper.interventions.services import NewIntervention, record_intervention
from mystery_shopper.letters.checking import asked_for, check_letter
from mystery_shopper.letters.events import LetterWritten
from mystery_shopper.letters.models import AuthorityLetter
from mystery_shopper.letters.policy import TEXT, LetterText, check_moment, kinds
from mystery_shopper.letters.queries import get_version
from mystery_shopper.letters.services.drafting import check_open, check_version, note_step
from mystery_shopper.letters.states import LABELS, LetterState


def send_letter(
    case: Case, letter: AuthorityLetter, *, version: int, is_confirmed: bool, sender: StaffMember, now: datetime
) -> Intervention:
    """Send an approved letter today: the intervention, its clock and the step of the case go with it, or nothing does.

    `is_confirmed`: the sender was warned that a report came just before, and says that it must go today.

    Raises:
        StaleEditError: the letter changed since the page was opened, or is not approved.
        NoticeNotAllowedError: the law gives no such notice for this case, or another period.
        DisclosureError: a reporter can be recognised in it now.
        DomainError: it is held, or follows a report too closely, or may not go as things stand now.
    """
    check_version(letter, version)
    _check_moment(case, letter, day_of(now), is_confirmed=is_confirmed)
    return _send(case, letter, sender=sender, now=now)


def hold_letter(
    case: Case, letter: AuthorityLetter, until: date | None, *, version: int, actor: str, now: datetime
) -> None:
    """Hold an approved letter until a day, to go with others; None for no longer.

    Raises:
        StaleEditError: the letter changed since the page was opened, or is not approved.
        DomainError: the day is not after today.
    """
    check_version(letter, version)
    _check_approved(letter)
    if until is not None and until <= day_of(now):
        raise DomainError("The day it may go must be in the future", field="not_before")
    letter.not_before = until
    words = "no longer held" if until is None else f"held until {format_day(until)}"
    note_step(case, letter, words, actor=actor, now=now)


def release_letters(
    chosen: Sequence[tuple[Case, AuthorityLetter]], *, batch_id: UUID, sender: StaffMember, now: datetime
) -> None:
    """Send several approved letters to one authority together. All of them go, or none.

    Raises:
        DomainError: one of them may not go as things stand now; it is named.
    """
    if not chosen:
        raise DomainError("Select the letters that go now", field="letters")
    if len({case.authority_id for case, _ in chosen}) > 1:
        raise NotFoundError
    with db.session.begin_nested():
        for case, letter in chosen:
            try:
                _check_moment(case, letter, day_of(now), is_confirmed=False)
                letter.batch_id = batch_id
                _send(case, letter, sender=sender, now=now)
            except DomainError as error:
                raise DomainError(f"Nothing was sent. {letter.reference}: {error.message}", field="letters") from error


def _check_moment(case: Case, letter: AuthorityLetter, today: date, *, is_confirmed: bool) -> None:
    """When a held letter goes was thought about before."""
    if letter.not_before is None:
        last = max((report.received_on for report in list_reports(case)), default=case.received_on)
        check_moment(kinds()[letter.kind], last, today, is_confirmed=is_confirmed)


def _send(case: Case, letter: AuthorityLetter, *, sender: StaffMember, now: datetime) -> Intervention:
    _check_approved(letter)
    check_open(case)
    today, kind = day_of(now), kinds()[letter.kind]
    if letter.not_before is not None and today < letter.not_before:
        raise DomainError(f"This letter is held until {format_day(letter.not_before)}")
    content = get_version(letter).content(case.data_key)
    ready = check_letter(case, kind, content, language=letter.language, today=today)
    step = NewIntervention(
        submission_id=letter.submission_id,
        kind=kind.intervention,
        made_on=today,
        summary=ready.text,
        asked_for=asked_for(content, today),
        moves_case=content.moves_case and step_after(kind.intervention, case.state) is not None,
        checked_as=content.text,
    )
    row = record_intervention(case, step, version=case.version, maker=sender, now=now)
    letter.state, letter.intervention_id, letter.changed_at = LetterState.SENT, row.id, now
    db.session.flush()
    record(case, _sent_event(letter, row, content), actor=sender.actor, now=now)
    return row


def _sent_event(letter: AuthorityLetter, row: Intervention, content: LetterText) -> LetterWritten:
    return LetterWritten(
        intervention_id=str(row.id),
        reference=letter.reference,
        title=kinds()[letter.kind].title,
        language=letter.language,
        known_by=content.known_by.value if content.known_by else "",
    )


def _check_approved(letter: AuthorityLetter) -> None:
    if letter.state is not LetterState.APPROVED:
        raise StaleEditError(f"This letter is “{LABELS[letter.state]}” now, so that step is no longer open.")


def take_out(case: Case, letter: AuthorityLetter) -> str:
    """Return the text of a letter that went. It passes the gate again: another report may have joined since.

    Raises:
        NotFoundError: it has not gone.
        DisclosureError: a reporter can be recognised in it now.
    """
    if letter.intervention_id is None:
        raise NotFoundError
    check_texts(case, {TEXT: get_version(letter).content(case.data_key).text})
    return get_intervention(case, letter.intervention_id).summary(case.data_key)
