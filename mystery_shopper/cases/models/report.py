"""What one reporter sent, unchanged for ever, and who they are: two records under two keys."""

import uuid
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal_json


class Channel(StrEnum):
    """How a report came in."""

    WEB = "web"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    API = "api"


class ReporterKind(StrEnum):
    """Who reports, as far as they say. `not-said`: the short form did not ask, and nobody has answered since."""

    SMALL_BUSINESS = "small-business"
    MUTUAL = "mutual"
    PROSPECTIVE_MUTUAL = "prospective-mutual"
    PATHFINDER_MUTUAL = "pathfinder-mutual"
    SOCIAL_ENTERPRISE = "social-enterprise"
    TRADE_BODY = "trade-body"
    LARGER_BUSINESS = "larger-business"
    SOMEONE_ELSE = "someone-else"
    NOT_SAID = "not-said"


MUTUAL_KINDS = (ReporterKind.MUTUAL, ReporterKind.PROSPECTIVE_MUTUAL, ReporterKind.PATHFINDER_MUTUAL)
"""Reporters whose cases are listed and counted as a group: mutuals, those who plan one, the first ones."""


class IdentityChoice(StrEnum):
    """What the reporter lets us know of them.

    anonymous: nothing is kept. confidential: sealed, opened only by a recorded release.
    named: the caseworker of the case may see it. Nobody outside the team sees it in any of the three.
    """

    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"
    NAMED = "named"


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """The words of a report. Every field is text as typed (cleaned), empty when not answered.

    `learnt_on` is the ISO date on which the reporter first knew of the problem: the court's time limit counts from it.
    `notice_version_id` is the frozen copy the reporter looked up; `notice_copy` the canonical text of one they pasted.
    `trade_body` reports for a member, with the `mandate` it has; `member_choice` is how that member wants to be known.
    `is_short`: it came on the form of one page, so that what is empty was not asked.
    """

    procurement_title: str
    procurement_reference: str = ""
    procurement_kind: str = ""
    stage: str = ""
    requirement: str = ""
    narrative: str = ""
    raised_with_buyer: str = ""
    buyer_answer: str = ""
    barriers: tuple[str, ...] = ()
    scope_answers: tuple[tuple[str, str], ...] = ()
    learnt_on: str = ""
    notice_version_id: str = ""
    notice_copy: str = ""
    is_short: bool = False
    trade_body: str = ""
    mandate: str = ""
    member_choice: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "ReportContent":
        """Return the content a sealed record holds; fields of later versions are left out."""
        known = {field.name for field in fields(cls)}
        kept = {name: item for name, item in value.items() if name in known}
        kept["barriers"] = tuple(kept.get("barriers", ()))
        kept["scope_answers"] = tuple((key, answer) for key, answer in kept.get("scope_answers", ()))
        return cls(**kept)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who the reporter is. Every field may be empty; `wants_email` allows "there is an update" and nothing else.

    `member` are the names of the firm for which a trade body reports: nobody sees them, the gate looks for them.
    """

    name: str = ""
    organisation: str = ""
    trading_names: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""
    company_number: str = ""
    wants_email: bool = False
    trade_body: str = ""
    member: str = ""

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Identity":
        """Return the identity a sealed record holds."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: item for name, item in value.items() if name in known})


class Report(Model):
    """One reporter's report. Immutable: corrections are facts and messages on the case.

    `receipt_mac` is the keyed digest of the receipt code; the code itself is stored nowhere.
    `submission_id` is the draft's id: the same draft can be submitted only once.
    """

    __tablename__ = "reports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    receipt_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    channel: Mapped[Channel]
    reporter_kind: Mapped[ReporterKind] = mapped_column(index=True)
    identity_choice: Mapped[IdentityChoice]
    language: Mapped[str] = mapped_column(String(5), default="en")
    received_on: Mapped[date]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    withdrawn_on: Mapped[date | None]
    objects_to_publication: Mapped[bool] = mapped_column(default=False)

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    @property
    def content(self) -> ReportContent:
        """Return the words of the report."""
        return ReportContent.from_json(
            unseal_json(self.data_key, self.content_sealed, f"reports.content:{self.id}"),
        )


class ReporterIdentity(Model):
    """Who sent a report: apart from it, under a key of its own. Read only by release and by the disclosure gate."""

    __tablename__ = "reporter_identities"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), unique=True)
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    company_number_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
