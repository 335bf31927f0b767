"""What every letter passes: when it goes to a second person, when it is approved, and when it is sent."""

from dataclasses import dataclass
from datetime import date, timedelta

from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.core.errors import DomainError
from mystery_shopper.interventions.policy import NoticeNotAllowedError, powers_open, response_due
from mystery_shopper.letters.composing import public_days
from mystery_shopper.letters.policy import (
    ANSWER_DAYS,
    TEXT,
    LetterKind,
    LetterText,
    check_days,
    check_known_by,
    fill_in,
)


@dataclass(frozen=True)
class ReadyLetter:
    """A letter as it goes on a day: its text with the days put in, and the day an answer is due, None for none."""

    text: str
    due: date | None


def check_letter(case: Case, kind: LetterKind, content: LetterText, *, language: str, today: date) -> ReadyLetter:
    """Return a letter as it would go today, or refuse it.

    The gate reads the text before the days are put in, so that what a second person let out goes out on any day.

    Raises:
        NoticeNotAllowedError: the law gives no such notice for this case, or another period.
        DisclosureError: a reporter can be recognised in it.
        DomainError: something is left to fill in, it tells when a report came, or few could know what it says.
    """
    check_texts(case, {TEXT: content.text})
    check_days(content.text, (report.received_on for report in list_reports(case)), public_days(case))
    due = _due(case, kind, content, today)
    text = fill_in(content.text, kind=kind, today=today, due=due, language=language)
    check_known_by(content.known_by, is_confirmed=content.is_confirmed)
    return ReadyLetter(text, due)


def asked_for(content: LetterText, today: date) -> date | None:
    """Return the day an answer is asked for when the letter goes today, None for the period of the law or none."""
    return None if content.answer_days is None else today + timedelta(days=content.answer_days)


def _due(case: Case, kind: LetterKind, content: LetterText, today: date) -> date | None:
    powers = powers_open(case.received_on, case.procurement_started_on)
    try:
        return response_due(kind.intervention, today, asked_for(content, today), powers)
    except NoticeNotAllowedError as error:
        raise NoticeNotAllowedError(error.message, field=ANSWER_DAYS) from error


def what_stops(case: Case, kind: LetterKind, content: LetterText, *, language: str, today: date) -> DomainError | None:
    """Return the first thing that keeps a text from going today, None when nothing does."""
    try:
        check_letter(case, kind, content, language=language, today=today)
    except DomainError as error:
        return error
    return None
