"""The case: the unit of work, from one report (or several, or a spot check) to a published result."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.accounts.models import User
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.policy import Priority
from mystery_shopper.cases.states import FINISHED, CaseState, WaitingFor
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.core.vault import DataKey, unseal

IS_OPEN = f"cases.state NOT IN ({', '.join(repr(state.value) for state in sorted(FINISHED))})"
"""The condition of the partial indexes over open cases, in the words a query must use for them to serve it."""
_COUNTED = ("owner_id", "priority", "waiting", "due_on", "tender_closes_on")
_WHO_MAY_SEE = ("state", "erased_on", "id")
"""What every query of open cases asks beside its own: with it an index answers alone, and no row is read to count."""
_OPEN: dict[str, Any] = {
    "sqlite_where": text(IS_OPEN.removeprefix("cases.")),
    "postgresql_where": text(IS_OPEN.removeprefix("cases.")),
}
_IS_CLOSED = "closed_on IS NOT NULL AND erased_on IS NULL"
_CLOSED: dict[str, Any] = {"sqlite_where": text(_IS_CLOSED), "postgresql_where": text(_IS_CLOSED)}


class Origin(StrEnum):
    """What brought the case in. A spot check has no reporter."""

    SUPPLIER = "supplier"
    TRADE_BODY = "trade-body"
    COMMISSIONER = "commissioner"
    SPOT_CHECK = "spot-check"


class Case(Model):
    """A concern about one procurement.

    `state` is stored, not computed: lists filter on it; the events are the record of how it got there.
    `serial` counts cases in the order they came (staff only). `public_reference` says nothing of order.
    `due_on` is the next date that matters, `due_kind` says which clock it is of: the tender's own first.
    `step_started_on` is the day the clock of the step began, `step_set_on` a date somebody gave it instead of that
    clock; `target_base_on` is the target before days on which its clock stood were added. `paused_since` is set while
    a pause lasts (`CasePause`): lists and pages need not look it up.
    `erased_on`: its content was destroyed under the retention schedule, so it exists for nobody any more.
    `title_sealed` is the procurement's title as reported, sealed under the case's data key.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("(state IN ('closed', 'closed-no-reply')) = (closed_on IS NOT NULL)", name="closed_has_a_day"),
        CheckConstraint("(due_on IS NULL) = (due_kind IS NULL)", name="due_has_a_kind"),
        Index("ix_cases_due", "state", "due_on", "serial"),
        Index("ix_cases_owner_due", "owner_id", "due_on", "serial"),
        Index("ix_cases_owner_state", "owner_id", "state", "due_on"),
        Index("ix_cases_queue_due", "queue", "due_on", "serial"),
        Index("ix_cases_due_serial", "due_on", "serial"),
        Index("ix_cases_authority_state", "authority_id", "state"),
        Index("ix_cases_authority_received", "authority_id", "received_on", "serial"),
        Index("ix_cases_open_due", "due_on", "serial", "due_kind", "owner_id", *_WHO_MAY_SEE, **_OPEN),
        Index("ix_cases_open_owner_due", "owner_id", "due_on", "serial", **_OPEN),
        Index("ix_cases_open_counts", *_COUNTED, *_WHO_MAY_SEE, **_OPEN),
        Index("ix_cases_open_queue_due", "queue", "due_on", "serial", **_OPEN),
        Index("ix_cases_closed", "closed_on", "serial", **_CLOSED),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    serial: Mapped[int] = mapped_column(Integer, unique=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    public_reference: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[CaseState] = mapped_column(default=CaseState.RECEIVED)
    waiting: Mapped[WaitingFor] = mapped_column(default=WaitingFor.US, index=True)
    origin: Mapped[Origin] = mapped_column(default=Origin.SUPPLIER)
    queue: Mapped[str] = mapped_column(String(40), default="new")
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL, index=True)
    scope: Mapped[str] = mapped_column(String(40), default="undecided")
    regime: Mapped[str | None] = mapped_column(String(20))
    authority_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authorities.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    data_key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("data_keys.id"))
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    authority_text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_on: Mapped[date] = mapped_column(index=True)
    tender_closes_on: Mapped[date | None] = mapped_column(index=True)
    procurement_started_on: Mapped[date | None]
    target_on: Mapped[date | None]
    target_base_on: Mapped[date | None]
    step_due_on: Mapped[date | None]
    step_started_on: Mapped[date | None]
    step_set_on: Mapped[date | None]
    paused_since: Mapped[date | None]
    due_on: Mapped[date | None]
    due_kind: Mapped[str | None] = mapped_column(String(40))
    state_since: Mapped[datetime]
    closed_on: Mapped[date | None]
    erased_on: Mapped[date | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    authority: Mapped[Authority | None] = relationship(lazy="joined")
    owner: Mapped[User | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}

    @property
    def title(self) -> str:
        """Return the title of the procurement."""
        return unseal(self.data_key, self.title_sealed, f"cases.title:{self.id}")

    @property
    def authority_name(self) -> str:
        """Return the authority's registered name, else the name the reporter typed."""
        if self.authority is not None:
            return self.authority.name
        if self.authority_text_sealed is None:
            return "Not known"
        return unseal(self.data_key, self.authority_text_sealed, f"cases.authority_text:{self.id}")


class CaseCounter(Model):
    """The last number given in a year (`scope` is the year, or "serial" for all cases)."""

    __tablename__ = "case_counters"

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]
