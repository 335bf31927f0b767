"""Public texts while they are written (sealed) and results as the public sees them (clear)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.accounts.models import User
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import Case
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import unseal_json
from mystery_shopper.publication.policy import MONTHS, Period, PublicText, ResultSource, WithdrawalReason
from mystery_shopper.publication.states import OPEN, PublicationState

_IS_OPEN = text("state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN)))


class Publication(Model):
    """One version of the public text of a case, sealed under the case's data key until and after it is published.

    `started_by_id` and `author_id` wrote it (first and last; the sealed text names the others); `approver_id`
    did not. A case has at most one version that is being worked on.
    """

    __tablename__ = "publications"
    __table_args__ = (
        CheckConstraint(
            "approver_id IS NULL OR (approver_id <> author_id AND approver_id <> started_by_id)", name="second_person"
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'published', 'superseded', 'withdrawn') OR approver_id IS NOT NULL",
            name="approved_by_somebody",
        ),
        CheckConstraint(
            "(state IN ('published', 'superseded', 'withdrawn')) = (published_on IS NOT NULL)",
            name="published_has_a_day",
        ),
        Index("ix_publications_state_changed", "state", "changed_at", "id"),
        Index("uq_publications_case_version", "case_id", "number", unique=True),
        Index("uq_publications_open_case", "case_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[PublicationState] = mapped_column(default=PublicationState.DRAFT)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    started_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    approver_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]
    published_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    author: Mapped[User] = relationship(foreign_keys=[author_id], lazy="raise_on_sql")
    approver: Mapped[User | None] = relationship(foreign_keys=[approver_id], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def content(self) -> PublicText:
        """Return the text."""
        return PublicText.from_json(
            unseal_json(self.case.data_key, self.content_sealed, f"publications.content:{self.id}")
        )

    @property
    def writer_ids(self) -> frozenset[uuid.UUID]:
        """Return who wrote any of the text: the first, the last, and everybody between."""
        return frozenset({self.started_by_id, self.author_id, *map(uuid.UUID, self.content.writers)})


class PublishedResult(Model):
    """A result as the public sees it: nothing in this table is secret, and no date is finer than a month.

    `period`, `corrected_period` and `withdrawn_period` are months as numbers (202511). A withdrawn result keeps its
    address and loses its words. `search_text` is the folded words of all columns, `authority_search` of the authority.
    """

    __tablename__ = "published_results"
    __table_args__ = (
        CheckConstraint("(source = 'scheme') = (case_id IS NOT NULL)", name="scheme_has_a_case"),
        CheckConstraint("(withdrawn_period IS NULL) = (withdrawal_reason IS NULL)", name="withdrawn_has_a_reason"),
        CheckConstraint(
            "withdrawn_period IS NULL OR (authority_id IS NULL AND authority_name = '' AND issue_text = '' "
            "AND outcome_text = '' AND search_text = '')",
            name="withdrawn_has_no_words",
        ),
        CheckConstraint("period % 100 BETWEEN 1 AND 12", name="period_is_a_month"),
        Index("ix_published_results_period", "period", "public_reference"),
        Index("ix_published_results_authority", "authority_id", "period", "public_reference"),
        Index("ix_published_results_subject", "subject", "period", "public_reference"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    public_reference: Mapped[str] = mapped_column(String(20), unique=True)
    source: Mapped[ResultSource]
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cases.id"), unique=True)
    authority_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authorities.id"))
    authority_name: Mapped[str] = mapped_column(String(200))
    period: Mapped[int]
    subject: Mapped[str] = mapped_column(String(120))
    sub_issue: Mapped[str] = mapped_column(String(120))
    issue_text: Mapped[str] = mapped_column(Text)
    outcome_text: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    authority_search: Mapped[str] = mapped_column(Text)
    corrected_period: Mapped[int | None]
    withdrawn_period: Mapped[int | None]
    withdrawal_reason: Mapped[WithdrawalReason | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    authority: Mapped[Authority | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}

    @property
    def published(self) -> Period:
        """Return the month it was published."""
        return Period.from_number(self.period)

    @property
    def corrected(self) -> Period | None:
        """Return the month it was last corrected."""
        return Period.from_number(self.corrected_period) if self.corrected_period else None

    @property
    def withdrawn(self) -> Period | None:
        """Return the month it was withdrawn."""
        return Period.from_number(self.withdrawn_period) if self.withdrawn_period else None

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row of the scheme's own file, in the order of its columns."""
        month = self.published
        return (
            str(month.year), MONTHS[month.month - 1], self.authority_name, self.subject, self.sub_issue,
            self.issue_text, self.outcome_text,
        )  # fmt: skip
