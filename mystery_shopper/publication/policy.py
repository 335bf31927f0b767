"""Decisions about results, pure: periods, references, what makes a text ready, who may approve it."""

import base64
import hashlib
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from mystery_shopper.core.calendar import format_month
from mystery_shopper.core.errors import DomainError, PermissionDeniedError
from mystery_shopper.core.languages import _

COLUMNS = ("Year", "Month", "Authority", "Subject", "Sub Issue", "Case Issue", "Case Outcome")
"""The columns of the scheme's own file, in its order and spelling."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WITHHELD_NAME = _("Details withheld")
LICENCE_NAME = "Open Government Licence v3.0"
LICENCE_ADDRESS = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
BASE_STATEMENT = _(
    "One row for each result that has been published and not withdrawn. "
    "Reports that are open, out of scope, withheld or withdrawn are not in it: "
    "it does not say how many were received."
)
TEXT_MAX = 4000
ISSUE = "issue_text"
OUTCOME = "outcome_text"


class ResultSource(StrEnum):
    """Where a result comes from: worked by this service, or read from the scheme's earlier file."""

    SCHEME = "scheme"
    IMPORT = "import"


class KnownBy(StrEnum):
    """How many suppliers could have known what the text says: few means that they can be found."""

    FEW = "few"
    SOME = "some"
    MANY = "many"
    UNKNOWN = "unknown"


class WithdrawalReason(StrEnum):
    """Why a result was taken back, in the words the public reads."""

    ERROR = "error"
    PRIVACY = "privacy"
    REPORTER = "reporter"
    LEGAL = "legal"


WITHDRAWAL_WORDS: dict[WithdrawalReason, str] = {
    WithdrawalReason.ERROR: _("It contained a mistake."),
    WithdrawalReason.PRIVACY: _("It could have identified somebody."),
    WithdrawalReason.REPORTER: _("It was taken back after somebody concerned asked for that."),
    WithdrawalReason.LEGAL: _("It was taken back for a legal reason."),
}

KNOWN_BY_WORDS: dict[KnownBy, str] = {
    KnownBy.FEW: "3 or fewer",
    KnownBy.SOME: "4 to 10",
    KnownBy.MANY: "More than 10",
    KnownBy.UNKNOWN: "I do not know",
}


@dataclass(frozen=True, order=True)
class Period:
    """A month: the finest date the public is shown."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Period":
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def from_number(cls, number: int) -> "Period":
        """Return the month a stored number (202511) stands for."""
        return cls(*divmod(number, 100))

    @property
    def number(self) -> int:
        """Return the month as a number that sorts: 202511."""
        return self.year * 100 + self.month

    def __str__(self) -> str:
        """Return the month in words, in the current language: November 2025."""
        return format_month(self.year, self.month)


@dataclass(frozen=True, kw_only=True)
class PublicText:
    """Everything a version of the public text says, and what its author answered about it.

    `objection_answer` says how a reporter's objection was dealt with; `known_by` how many suppliers could know this;
    `writers` are the ids of everybody who saved this version, none of whom may approve it.
    """

    authority_name: str = ""
    subject: str = ""
    sub_issue: str = ""
    issue_text: str = ""
    outcome_text: str = ""
    details_withheld: bool = False
    known_by: str = ""
    objection_answer: str = ""
    note: str = ""
    writers: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "PublicText":
        """Return the text a sealed record holds."""
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(item) if isinstance(item, list) else item for name, item in value.items() if name in known
        }
        return cls(**kept)

    def to_json(self) -> dict[str, Any]:
        """Return the text as JSON values."""
        return asdict(self)

    def with_note(self, note: str) -> "PublicText":
        """Return the text with what the approver said of it."""
        return replace(self, note=note)

    def with_writer(self, writer_id: UUID) -> "PublicText":
        """Return the text with one more person among those who wrote it."""
        return replace(self, writers=tuple(sorted({*self.writers, str(writer_id)})))

    @property
    def shown_authority(self) -> str:
        """Return the authority as the public reads it."""
        return WITHHELD_NAME if self.details_withheld else self.authority_name

    @property
    def gate_texts(self) -> dict[str, str]:
        """Return the texts that will be public, by field."""
        return {
            ISSUE: self.issue_text,
            OUTCOME: self.outcome_text,
            "authority_name": self.shown_authority,
            "subject": self.subject,
            "sub_issue": self.sub_issue,
        }


def check_ready(text: PublicText, *, has_objection: bool) -> None:
    """Refuse a text that is not ready for a second person.

    Raises:
        DomainError: naming the field that is missing.
    """
    required = {
        "shown_authority": "Enter the name of the authority",
        "subject": "Select a subject",
        "sub_issue": "Select a sub issue",
        ISSUE: "Enter what the issue was",
        OUTCOME: "Enter what came of it",
        "known_by": "Select how many suppliers could have known this",
    }
    for field, message in required.items():
        if not getattr(text, field):
            raise DomainError(message, field=field)
    if has_objection and not text.objection_answer:
        raise DomainError("Enter how the objection was dealt with", field="objection_answer")


def check_hold(*, approved_on: date, today: date, hold_days: int) -> None:
    """Refuse to publish a text that was approved only just now: for `hold_days` days it can be read again first.

    Raises:
        DomainError: saying from which day it can be published.
    """
    first = approved_on + timedelta(days=hold_days)
    if today < first:
        raise DomainError(
            f"This text can be published from {first.day} {MONTHS[first.month - 1]} {first.year}: an approved text "
            f"waits {hold_days} days, so that it can be read again."
        )


def check_approver(*, approver_id: UUID, writer_ids: frozenset[UUID]) -> None:
    """Refuse somebody who wrote any of the text.

    Raises:
        PermissionDeniedError: a second person must decide.
    """
    if approver_id in writer_ids:
        raise PermissionDeniedError("You wrote this text, so somebody else must approve it.")


def import_reference(cells: tuple[str, ...], occurrence: int) -> str:
    """Return the reference of an imported row: the same for the same words, so that importing again adds nothing.

    `occurrence` counts equal rows of one file from 0.
    """
    text = "\x1f".join((*cells, str(occurrence)))
    return "IM-" + base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:12]


def month_number(text: str) -> int | None:
    """Return the month a cell names, as a number, an English name or its first three letters; None when it is none."""
    word = text.strip().casefold()
    if word.isdecimal() and word.isascii():
        return int(word) if 1 <= int(word) <= len(MONTHS) else None
    names = (name.casefold() for name in MONTHS)
    return next((number for number, name in enumerate(names, 1) if word in (name, name[:3])), None)
