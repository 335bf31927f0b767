"""Suggestions: sealed words, and the few columns lists are filtered by."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json
from mystery_shopper.suggestions.policy import ForcedBy, SuggestionContent, ValueBand
from mystery_shopper.suggestions.states import SuggestionState


class Suggestion(Model):
    """What one commissioner told us. Nothing says who they are; every day is a date without an hour.

    `receipt_mac` is the keyed digest of the receipt code. `submission_id` makes sending twice one suggestion.
    `family` is the kind of barrier of the rule catalogue. What staff write (route, answer) is under the same key.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        CheckConstraint("(routed_on IS NULL) = (route_sealed IS NULL)", name="routed_has_a_note"),
        CheckConstraint("(answered_on IS NULL) = (answer_sealed IS NULL)", name="answered_has_an_answer"),
        CheckConstraint("(state IN ('answered', 'published')) = (answered_on IS NOT NULL)", name="answered_has_a_day"),
        CheckConstraint("state <> 'routed' OR routed_on IS NOT NULL", name="routed_has_a_day"),
        Index("ix_suggestions_received", "received_on", "reference"),
        Index("ix_suggestions_state_received", "state", "received_on", "reference"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    receipt_mac: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[SuggestionState] = mapped_column(default=SuggestionState.RECEIVED)
    forced_by: Mapped[ForcedBy]
    family: Mapped[str] = mapped_column(String(60))
    value_band: Mapped[ValueBand]
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    route_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_on: Mapped[date]
    routed_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def content(self) -> SuggestionContent:
        """Return what the commissioner wrote."""
        return SuggestionContent.from_json(
            unseal_json(self.data_key, self.content_sealed, f"suggestions.content:{self.id}")
        )

    @property
    def route_note(self) -> str:
        """Return to whom it was passed on and why, for staff; empty before."""
        if self.route_sealed is None:
            return ""
        return unseal(self.data_key, self.route_sealed, f"suggestions.route:{self.id}")

    @property
    def answer(self) -> str:
        """Return the answer the commissioner reads; empty before."""
        if self.answer_sealed is None:
            return ""
        return unseal(self.data_key, self.answer_sealed, f"suggestions.answer:{self.id}")
