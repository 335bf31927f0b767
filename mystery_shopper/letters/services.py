"""Writes of letters: one is recorded, as an intervention with its clock, when it is sent; and it is taken out."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import day_of
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.interventions.policy import powers_open, response_due
from mystery_shopper.interventions.queries import find_intervention_by_submission, get_intervention
from mystery_shopper.interventions.services import NewIntervention, record_intervention
from mystery_shopper.letters.composing import public_days
from mystery_shopper.letters.events import LetterWritten
from mystery_shopper.letters.policy import (
    TEXT,
    KnownBy,
    LetterKind,
    check_days,
    check_known_by,
    fill_in,
    reference_of,
)
from mystery_shopper.letters.queries import LetterView


@dataclass(frozen=True, kw_only=True)
class NewLetter:
    """A letter as it was written. `asked_for` is the day an answer is wanted, None for the period of the law or none.

    `is_confirmed`: the writer was warned that few could know this, and says that it may go all the same.
    """

    submission_id: UUID
    kind: LetterKind
    language: str
    text: str
    asked_for: date | None
    known_by: KnownBy
    is_confirmed: bool
    moves_case: bool


def send_letter(case: Case, new: NewLetter, *, version: int, writer: StaffMember, now: datetime) -> Intervention:
    """Record a letter as sent today: the intervention, its clock and the step of the case go with it, or nothing does.

    A formal notice says the day that the law gives, because that day is put into it here.

    Returns:
        The intervention; the one recorded before when the form was sent twice.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        NoticeNotAllowedError: the law gives no such notice for this case, or another period.
        DisclosureError: the reporter can be recognised in it.
        DomainError: something is left to fill in, it tells when a report came, or few could know what it says.
    """
    known = find_intervention_by_submission(new.submission_id)
    if known is not None:
        return known
    today = day_of(now)
    powers = powers_open(case.received_on, case.procurement_started_on)
    due = response_due(new.kind.intervention, today, new.asked_for, powers)
    text = fill_in(new.text, kind=new.kind, today=today, due=due, language=new.language)
    check_texts(case, {TEXT: text})
    check_days(new.text, (report.received_on for report in list_reports(case)), public_days(case))
    check_known_by(new.known_by, is_confirmed=new.is_confirmed)
    step = NewIntervention(
        submission_id=new.submission_id,
        kind=new.kind.intervention,
        made_on=today,
        summary=text,
        asked_for=new.asked_for,
        moves_case=new.moves_case,
    )
    row = record_intervention(case, step, version=version, maker=writer, now=now)
    event = LetterWritten(
        intervention_id=str(row.id),
        reference=reference_of(new.submission_id),
        title=new.kind.title,
        language=new.language,
        known_by=new.known_by.value,
    )
    record(case, event, actor=writer.actor, now=now)
    return row


def take_out(case: Case, letter: LetterView) -> str:
    """Return the text of a letter to print or send. It passes the gate again: another report may have joined since.

    Raises:
        DisclosureError: a reporter can be recognised in it now.
    """
    text = get_intervention(case, UUID(letter.id)).summary(case.data_key)
    check_texts(case, {TEXT: text})
    return text
