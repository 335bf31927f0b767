"""Referrals, and the stages of the Right to Provide."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.accounts.models import User
from mystery_shopper.cases.models import Report
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.languages import _
from mystery_shopper.core.vault import unseal
from mystery_shopper.guidance.referring import ConsentHow, ReferralResult, code_of
from mystery_shopper.guidance.states import ReferralState


class Referral(Model):
    """One reporter is referred to one body. It hangs on the report, so it stays with it when cases are joined.

    What goes out, the body's reference and all notes are sealed under the report's data key. Nothing is passed on
    without consent: the database refuses the states that come after it. `consent_by` is the member of staff who
    recorded it, empty when the reporter agreed through the receipt.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('agreed', 'made', 'answered') OR consent_on IS NOT NULL", name="passed_on_with_consent"
        ),
        CheckConstraint("(consent_on IS NULL) = (consent_how IS NULL)", name="consent_says_how"),
        CheckConstraint("shares_contact = false OR consent_on IS NOT NULL", name="contact_with_consent"),
        CheckConstraint("state NOT IN ('made', 'answered') OR made_on IS NOT NULL", name="made_has_a_day"),
        CheckConstraint("made_on IS NULL OR made_on >= consent_on", name="made_after_consent"),
        CheckConstraint("(state = 'answered') = (result IS NOT NULL)", name="answered_has_a_result"),
        CheckConstraint("(result IS NULL) = (result_on IS NULL)", name="result_has_a_day"),
        Index("ix_referrals_report_proposed", "report_id", "proposed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    body_id: Mapped[str] = mapped_column(String(60))
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.ASKED)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    consent_on: Mapped[date | None]
    consent_how: Mapped[ConsentHow | None]
    consent_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    shares_contact: Mapped[bool] = mapped_column(default=False)
    made_on: Mapped[date | None]
    result: Mapped[ReferralResult | None]
    result_on: Mapped[date | None]
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    reference_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    report: Mapped[Report] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        """Return what the body and the reporter call it."""
        return code_of(self.id)

    @property
    def words(self) -> str:
        """Return the words that go out."""
        return unseal(self.report.data_key, self.words_sealed, f"referrals.words:{self.id}")

    @property
    def reference(self) -> str:
        """Return the reference the body gave, empty when it gave none."""
        return self._open(self.reference_sealed, "reference")

    @property
    def note(self) -> str:
        """Return what the body said, or why the referral was withdrawn; empty before."""
        return self._open(self.note_sealed, "note")

    def _open(self, blob: bytes | None, column: str) -> str:
        return "" if blob is None else unseal(self.report.data_key, blob, f"referrals.{column}:{self.id}")


class Stage(StrEnum):
    """How far a department has got with a Right to Provide."""

    NOT_STARTED = "not-started"
    STARTING = "starting"
    UNDER_WAY = "under-way"
    NEAR_COMPLETION = "near-completion"
    COMPLETE = "complete"
    STOPPED = "stopped"


STAGE_LABELS = {
    Stage.NOT_STARTED: _("Not yet started"),
    Stage.STARTING: _("Now starting"),
    Stage.UNDER_WAY: _("Under way"),
    Stage.NEAR_COMPLETION: _("Near completion"),
    Stage.COMPLETE: _("Complete"),
    Stage.STOPPED: _("Stopped"),
}


class ProvideStage(Model):
    """One statement of how far a department has got. The newest in force counts; older ones are the history.

    Public: nothing here is secret. `said_on` is when the source said it; with `year_only` only its year is known.
    Rows that came with the program have no `recorded_by`. A mistaken row is taken back and stays on record.
    """

    __tablename__ = "provide_stages"
    __table_args__ = (
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_somebody"),
        Index("ix_provide_stages_department", "department", "service", "said_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    department: Mapped[str] = mapped_column(String(120))
    service: Mapped[str] = mapped_column(String(120), default="")
    stage: Mapped[Stage]
    detail: Mapped[str] = mapped_column(String(300), default="")
    said_on: Mapped[date]
    year_only: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    recorder: Mapped[User | None] = relationship(foreign_keys=[recorded_by], lazy="raise_on_sql")

    @property
    def label(self) -> str:
        """Return the stage in words."""
        return STAGE_LABELS[self.stage]
