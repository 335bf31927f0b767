"""Suggestions and what happened to them: sealed words, and the few columns lists and counts are made of."""

import json
import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal, unseal_json
from mystery_shopper.suggestions.events import SuggestionEvent, from_payload
from mystery_shopper.suggestions.policy import (
    AnswerResult,
    ForcedBy,
    Helped,
    Route,
    SaidAndDone,
    SuggestionContent,
    ValueBand,
)
from mystery_shopper.suggestions.states import SuggestionState, TextState


class Suggestion(Model):
    """What one commissioner told us. Nothing says who they are; every day is a date without an hour.

    `receipt_mac` is the keyed digest of the receipt code. `submission_id` makes sending twice one suggestion.
    `family` and `rule_id` are of the rule catalogue, `body_id` of the imposing bodies; empty when not known.
    `value_pence` is what one contract is worth, `tenders` how many a year are affected. What staff write is under the
    same key as what the commissioner wrote. `waits_for_us`: the commissioner wrote again and nobody has read it.
    `overdue_noted`: policy owners were told that the answer due on this day did not come.
    `withdrawn_on`: the day the commissioner took it back. `objects_to_publication`: they want nothing published.
    `erased_on`: its words were destroyed under the retention schedule; then no receipt code opens it.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        CheckConstraint("(routed_on IS NULL) = (route_sealed IS NULL)", name="routed_has_a_note"),
        CheckConstraint("(answered_on IS NULL) = (answer_sealed IS NULL)", name="answered_has_an_answer"),
        CheckConstraint("state NOT IN ('answered', 'published') OR answered_on IS NOT NULL", name="answered_has_a_day"),
        CheckConstraint("state <> 'routed' OR routed_on IS NOT NULL", name="routed_has_a_day"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_a_day"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)", name="withdrawn_has_a_day"),
        CheckConstraint("erased_on IS NULL OR receipt_mac IS NULL", name="erased_has_no_code"),
        CheckConstraint("value_pence IS NULL OR value_pence >= 0", name="value_is_not_negative"),
        CheckConstraint("tenders IS NULL OR tenders > 0", name="tenders_are_counted"),
        Index("ix_suggestions_received", "received_on", "reference"),
        Index("ix_suggestions_state_received", "state", "received_on", "reference"),
        Index("ix_suggestions_rule", "rule_id", "received_on"),
        Index("ix_suggestions_due", "state", "answer_due_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    receipt_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[SuggestionState] = mapped_column(default=SuggestionState.RECEIVED)
    forced_by: Mapped[ForcedBy]
    family: Mapped[str] = mapped_column(String(60))
    rule_id: Mapped[str | None] = mapped_column(String(60))
    body_id: Mapped[str] = mapped_column(String(60), default="")
    value_band: Mapped[ValueBand]
    value_pence: Mapped[int | None] = mapped_column(BigInteger)
    tenders: Mapped[int | None]
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    route_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_on: Mapped[date]
    routed_on: Mapped[date | None]
    answer_due_on: Mapped[date | None]
    overdue_noted: Mapped[bool] = mapped_column(default=False)
    answered_on: Mapped[date | None]
    result: Mapped[AnswerResult | None]
    closed_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    objects_to_publication: Mapped[bool] = mapped_column(default=False)
    erased_on: Mapped[date | None]
    helped: Mapped[Helped | None]
    waits_for_us: Mapped[bool] = mapped_column(default=False)
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
    def route(self) -> Route | None:
        """Return to whom it was passed on and in which words, for staff; None before.

        Before version 0007 of the tables the sealed value was a note alone.
        """
        if self.route_sealed is None:
            return None
        stored = unseal(self.data_key, self.route_sealed, f"suggestions.route:{self.id}")
        try:
            found = json.loads(stored)
            return Route(to=found["to"], text=found["text"])
        except (ValueError, TypeError, KeyError):
            return Route(to="the body that sets the rule", text=stored)

    @property
    def answer(self) -> str:
        """Return the answer the commissioner reads; empty before."""
        if self.answer_sealed is None:
            return ""
        return unseal(self.data_key, self.answer_sealed, f"suggestions.answer:{self.id}")

    def is_overdue(self, today: date) -> bool:
        """Tell whether the body owes an answer since before today."""
        return self.state is SuggestionState.ROUTED and self.answer_due_on is not None and self.answer_due_on < today


class SuggestionEventRecord(Model):
    """One event of one suggestion, its words sealed under the suggestion's key; `sequence` orders all events."""

    __tablename__ = "suggestion_events"
    __table_args__ = (Index("ix_suggestion_events_suggestion", "suggestion_id", "sequence"),)

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"))
    tag: Mapped[str] = mapped_column(String(60))
    actor: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[datetime]
    payload_sealed: Mapped[bytes] = mapped_column(LargeBinary)

    def to_event(self, key: DataKey) -> SuggestionEvent:
        """Return the typed event this row holds."""
        payload = unseal_json(key, self.payload_sealed, f"suggestion_events.payload:{self.id}")
        return from_payload(self.tag, payload)


@event.listens_for(SuggestionEventRecord, "before_update")
@event.listens_for(SuggestionEventRecord, "before_delete")
def _refuse_change(_mapper: Any, _connection: Any, target: SuggestionEventRecord) -> None:
    raise RuntimeError(f"event {target.sequence} cannot be changed: events are evidence")


class SuggestionDraft(Model):
    """The answers of a suggestion before it is sent, with its receipt code, sealed together under a key of its own.

    Once sent, the row keeps its id and the suggestion it became, and nothing else: the key is erased.
    """

    __tablename__ = "suggestion_drafts"
    __table_args__ = (
        CheckConstraint("submitted_id IS NULL OR content_sealed IS NULL", name="submitted_keeps_no_content"),
        CheckConstraint("(content_sealed IS NULL) = (code_mac IS NULL)", name="content_has_a_code"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    data_key_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("data_keys.id"))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    expires_on: Mapped[date] = mapped_column(index=True)
    submitted_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("suggestions.id"))

    data_key: Mapped[DataKey | None] = relationship(lazy="joined")


class SuggestionText(Model):
    """The public text about a suggestion while it is written, sealed under the suggestion's key.

    `author_id` wrote it last; the sealed text names everybody who did. `approver_id` did not write any of it.
    """

    __tablename__ = "suggestion_texts"
    __table_args__ = (
        CheckConstraint("approver_id IS NULL OR approver_id <> author_id", name="second_person"),
        CheckConstraint("state <> 'published' OR approver_id IS NOT NULL", name="approved_by_somebody"),
        Index("ix_suggestion_texts_state", "state", "changed_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), unique=True)
    state: Mapped[TextState] = mapped_column(default=TextState.DRAFT)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    approver_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    suggestion: Mapped[Suggestion] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def content(self) -> SaidAndDone:
        """Return the text."""
        key = self.suggestion.data_key
        return SaidAndDone.from_json(unseal_json(key, self.content_sealed, f"suggestion_texts.content:{self.id}"))


class PublishedSuggestion(Model):
    """What was said and what was done, as the public reads it: nothing here is secret, no date finer than a month.

    `period`, `corrected_period` and `withdrawn_period` are months as numbers (202511). A withdrawn item keeps its
    address and loses its words. `search_text` is the folded words of its texts.
    """

    __tablename__ = "published_suggestions"
    __table_args__ = (
        CheckConstraint(
            "withdrawn_period IS NULL OR (title = '' AND said_text = '' AND done_text = '' AND search_text = '')",
            name="withdrawn_has_no_words",
        ),
        CheckConstraint("period % 100 BETWEEN 1 AND 12", name="period_is_a_month"),
        Index("ix_published_suggestions_period", "period", "public_reference"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    public_reference: Mapped[str] = mapped_column(String(20), unique=True)
    suggestion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suggestions.id"), unique=True)
    period: Mapped[int]
    corrected_period: Mapped[int | None]
    withdrawn_period: Mapped[int | None]
    forced_by: Mapped[ForcedBy]
    family: Mapped[str] = mapped_column(String(60))
    rule_id: Mapped[str | None] = mapped_column(String(60))
    body_name: Mapped[str] = mapped_column(String(200))
    value_band: Mapped[ValueBand]
    result: Mapped[AnswerResult]
    title: Mapped[str] = mapped_column(String(200))
    said_text: Mapped[str] = mapped_column(Text)
    done_text: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
