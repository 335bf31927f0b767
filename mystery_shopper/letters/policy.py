"""Decisions about letters to an authority, pure: which there are, what fills them, what may not stand in them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from uuid import UUID

from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import ENGLISH, WELSH, speaking
from mystery_shopper.core.tables import keyed_rows, read_table
from mystery_shopper.interventions.policy import FORMAL_NOTICES, InterventionKind

KINDS_FILE = "letters/data/kinds.csv"
NOT_IN_LETTERS_FILE = "letters/data/not_in_letters.txt"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", WELSH: "Welsh"}
TEXT = "summary"
"""The field of the text: as interventions call it, because that is what a letter is recorded as."""
CONFIRMED = "is_confirmed"
_CODE_LETTERS = 8
_PLACE = re.compile(r"\{[^{}\n]{1,80}\}")
_DATE, _DUE = "{date}", "{due}"


class KnownBy(StrEnum):
    """How many suppliers could know what a letter says."""

    FEW = "few"
    MORE = "more"
    UNSURE = "unsure"


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter: what it is recorded as, and in how many days an answer is asked for (None: none, or the law's).

    `asks`: it lists the questions that the flags give.
    """

    key: str
    title: str
    intervention: InterventionKind
    answer_days: int | None
    asks: bool

    @property
    def is_formal(self) -> bool:
        """Tell whether the law sets its period."""
        return self.intervention in FORMAL_NOTICES


@dataclass(frozen=True)
class Question:
    """One thing an authority is asked: the rule behind it, in words, with what was found and what it rests on."""

    rule_id: str
    title: str
    figures: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def kinds() -> Mapping[str, LetterKind]:
    """Return the kinds of data/kinds.csv by key.

    Raises:
        ConfigurationError: a line of the file cannot be read; the line is named.
    """
    return keyed_rows(read_table(KINDS_FILE), KINDS_FILE, lambda row: (row["kind"], _kind(row)))


def _kind(row: Mapping[str, str]) -> LetterKind:
    days = row["answer_days"]
    asks = {"yes": True, "no": False}[row["asks"]]
    return LetterKind(
        row["kind"], row["title"], InterventionKind(row["intervention"]), int(days) if days else None, asks
    )


@cache
def facts_left_out() -> frozenset[str]:
    """Return the facts that say something of one supplier and stand in no letter."""
    return frozenset(line for line in read_table(NOT_IN_LETTERS_FILE) if line and not line.startswith("#"))


def reference_of(submission_id: UUID) -> str:
    """Return what a letter is called. It counts nothing: neither letters nor cases, and tells no order."""
    return f"LTR-{submission_id.hex[-_CODE_LETTERS:].upper()}"


def fill_in(text: str, *, kind: LetterKind, today: date, due: date | None, language: str) -> str:
    """Return a text as it goes out: the day it is sent and the day an answer is due are those that are recorded.

    Raises:
        DomainError: something is left to fill in, or a notice does not say by when the law wants an answer.
    """
    if _DUE in text and due is None:
        raise DomainError("Enter the day the answer is due: the letter says one", field="response_due_on")
    with speaking(language):
        filled = text.replace(_DATE, format_day(today))
        due_words = format_day(due) if due is not None else ""
    filled = filled.replace(_DUE, due_words)
    left = list(dict.fromkeys(_PLACE.findall(filled)))
    if left:
        raise DomainError(f"Replace {', '.join(left)} with your own words, or take it out", field=TEXT)
    if kind.is_formal and due_words not in filled:
        raise DomainError(f"The notice must say by when: put {_DUE} into it, or {due_words}", field=TEXT)
    return filled


def check_days(text: str, report_days: Iterable[date], public_days: Collection[date]) -> None:
    """Refuse a text that names a day a report came: close to a day one bidder was told something, it says who.

    `public_days` are days of the procurement itself, which anybody can know.

    Raises:
        DomainError: naming the day that was found.
    """
    folded = " ".join(text.casefold().split())
    for day in sorted({*report_days} - {*public_days}):
        for written in _ways_to_write(day):
            if re.search(rf"(?<!\d){re.escape(written.casefold())}(?!\d)", folded):
                raise DomainError(
                    f"Take out “{written}”: a report came on that day. Say a month, or leave it out", field=TEXT
                )


def _ways_to_write(day: date) -> tuple[str, ...]:
    month, short = f"{day:%B}", f"{day:%b}"
    with speaking(WELSH):
        welsh = format_day(day)
    numbers = (f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}")
    words = (f"{day.day} {month} {day.year}", f"{day.day} {short} {day.year}", f"{month} {day.day}, {day.year}")
    return (*words, welsh, day.isoformat(), *numbers, f"{day:%d/%m/%y}")


def check_known_by(known_by: KnownBy, *, is_confirmed: bool) -> None:
    """Refuse a letter that few suppliers could have caused, until the writer says that it may go all the same.

    Raises:
        DomainError: the warning.
    """
    if known_by is not KnownBy.MORE and not is_confirmed:
        raise DomainError(
            "If 3 or fewer suppliers could know this, the authority can guess who told us. Make the letter more "
            "general, or say below that it may go all the same",
            field=CONFIRMED,
        )
