"""Decisions about letters to an authority, pure: which there are, what fills them, what may not stand in them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.errors import DomainError, PermissionDeniedError
from mystery_shopper.core.languages import ENGLISH, WELSH, speaking
from mystery_shopper.core.tables import keyed_rows, read_table
from mystery_shopper.interventions.policy import FORMAL_NOTICES, InterventionKind

KINDS_FILE = "letters/data/kinds.csv"
NOT_IN_LETTERS_FILE = "letters/data/not_in_letters.txt"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", WELSH: "Welsh"}
TEXT = "summary"
"""The field of the text: as interventions call it, because that is what a letter is recorded as."""
CONFIRMED = "is_confirmed"
ANSWER_DAYS = "answer_days"
URGENT, CALL = "urgent", "urgent-call"
"""The letter about a live tender, and the words of the call before it: no letter, so not among the kinds."""
KNOWN_BY = "known_by"
_CODE_LETTERS = 8
_PLACE = re.compile(r"\{[^{}\n]{1,80}\}")
_NUMBERED = re.compile(r"\d{1,3}\. ")
_DATE, _DUE = "{date}", "{due}"


class KnownBy(StrEnum):
    """How many suppliers could know what a letter says."""

    FEW = "few"
    MORE = "more"
    UNSURE = "unsure"


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter: what it is recorded as, and in how many days an answer is asked for (None: none, or the law's).

    `is_to_authority`: it goes to the authority itself, not to the department that sponsors it.
    `asks`: it lists the questions that the flags give. `quiet_days`: in the days after a report came, whoever sends it
    is asked to hold it, because the moment of a letter can tell who reported.
    """

    key: str
    title: str
    intervention: InterventionKind
    is_to_authority: bool
    answer_days: int | None
    asks: bool
    quiet_days: int

    @property
    def is_formal(self) -> bool:
        """Tell whether the law sets its period."""
        return self.intervention in FORMAL_NOTICES


@dataclass(frozen=True, kw_only=True)
class LetterText:
    """What a writer decides about a letter. Dates are not in it: they are those of the day it goes.

    `answer_days` are calendar days from the day it goes, None for the period of the law or no answer. `known_by` is
    None until it was said. `is_confirmed`: the writer was warned that few could know this, and says that it may go all
    the same. `moves_case`: the case takes the step that follows, where one can follow then.
    """

    text: str
    answer_days: int | None = None
    known_by: KnownBy | None = None
    is_confirmed: bool = False
    moves_case: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {**vars(self), "known_by": self.known_by.value if self.known_by else ""}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "LetterText":
        """Return it from what is stored."""
        known_by = KnownBy(stored["known_by"]) if stored["known_by"] else None
        return cls(**{**stored, "known_by": known_by})


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
        key=row["kind"],
        title=row["title"],
        intervention=InterventionKind(row["intervention"]),
        is_to_authority={"authority": True, "sponsor": False}[row["to"]],
        answer_days=int(days) if days else None,
        asks=asks,
        quiet_days=int(row["quiet_days"]),
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
        raise DomainError("Enter the day the answer is due: the letter says one", field=ANSWER_DAYS)
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


def paragraphs_of(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return a text as paragraphs, each a heading and its lines: a numbered question has one, all others have none."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text.strip()):
        lines = tuple(line.strip() for line in block.splitlines() if line.strip())
        if lines and _NUMBERED.match(lines[0]) and len(lines) > 1:
            found.append((lines[0], lines[1:]))
        elif lines:
            found.append(("", lines))
    return found


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


def check_known_by(known_by: KnownBy | None, *, is_confirmed: bool) -> None:
    """Refuse a letter that few suppliers could have caused, until the writer says that it may go all the same.

    Raises:
        DomainError: nothing was said, or the warning.
    """
    if known_by is None:
        raise DomainError("Select how many suppliers could know what this letter says", field=KNOWN_BY)
    if known_by is not KnownBy.MORE and not is_confirmed:
        raise DomainError(
            "If 3 or fewer suppliers could know this, the authority can guess who told us. Make the letter more "
            "general, or say below that it may go all the same",
            field=CONFIRMED,
        )


def check_approver(approver_id: UUID, writer_ids: Collection[UUID]) -> None:
    """Refuse somebody who wrote any of the letter.

    Raises:
        PermissionDeniedError: a second person must decide.
    """
    if approver_id in writer_ids:
        raise PermissionDeniedError("You wrote some of this letter, so somebody else must approve it.")


def days_to_answer(kind: LetterKind, closes_on: date | None, today: date) -> int | None:
    """Return in how many days an answer is asked for, None for none: of an urgent letter, never past the deadline."""
    if kind.key != URGENT or kind.answer_days is None or closes_on is None or closes_on < today:
        return kind.answer_days
    return max(1, min(kind.answer_days, (closes_on - today).days))


def is_too_soon(kind: LetterKind, last_report_on: date, today: date) -> bool:
    """Tell whether a letter of this kind, sent today, would come so soon after a report that its moment says who."""
    return today < last_report_on + timedelta(days=kind.quiet_days)


def check_moment(kind: LetterKind, last_report_on: date, today: date, *, is_confirmed: bool) -> None:
    """Refuse to send a letter soon after a report came, until the sender says that it must go all the same.

    Raises:
        DomainError: the warning.
    """
    if is_too_soon(kind, last_report_on, today) and not is_confirmed:
        days = (today - last_report_on).days
        when = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
        raise DomainError(
            f"A report came {when}. A letter that follows it closely can tell the authority who reported. Hold it, or "
            "say below that it must go today",
            field=CONFIRMED,
        )


def first_of_next_month(today: date) -> date:
    """Return the day to which a letter is held when nothing speaks for another: it says a month and no more."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
