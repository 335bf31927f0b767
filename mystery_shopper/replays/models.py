"""Tables of re-triage: versions of the catalogue, the facts of each case in one piece, replays and what they change."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mystery_shopper.accounts.models import User
from mystery_shopper.cases.models import Case
from mystery_shopper.core.db import Model, new_id
from mystery_shopper.replays.states import Change, Origin, Phase, ReplayState


class CatalogueVersion(Model):
    """One version of the catalogue that was put in force; the highest number is in force now.

    `files` holds every file of the pack, so that the version can be read and run for ever. `rule_versions` is the
    version of each of its rules, by which a replay knows what differs. `shipped_version` names the catalogue of the
    release it was made from. Rows are never changed.
    """

    __tablename__ = "catalogue_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(String(80))
    origin: Mapped[Origin]
    summary: Mapped[str] = mapped_column(String(300))
    files: Mapped[dict[str, str]] = mapped_column(JSON, deferred=True)
    rule_versions: Mapped[dict[str, str]] = mapped_column(JSON)
    shipped_version: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]


class CaseSnapshot(Model):
    """The facts in force of one case in one piece, and the number of the catalogue its flags were judged by.

    `facts_sealed` is a JSON object of facts in the registry's form under the case's own data key, so that it is gone
    when the case is erased. Written whenever the rules are applied to the case.
    """

    __tablename__ = "case_snapshots"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    catalogue_number: Mapped[int] = mapped_column(index=True)
    facts_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Replay(Model):
    """A candidate catalogue beside the one in force: compared with every open case, perhaps put in force.

    `cursor` is the serial of the last case done in this state, `seen` how many were, `total` how many there were at
    its beginning. `base_number` is the catalogue it was compared with, `number` what it became when it was applied.
    """

    __tablename__ = "replays"
    __table_args__ = (
        CheckConstraint("(state IN ('applying', 'applied')) = (number IS NOT NULL)", name="applied_has_a_number"),
        CheckConstraint("(number IS NULL) = (applied_at IS NULL)", name="applied_has_a_moment"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[ReplayState] = mapped_column(default=ReplayState.COMPARING, index=True)
    origin: Mapped[Origin]
    summary: Mapped[str] = mapped_column(String(300))
    version: Mapped[str] = mapped_column(String(80))
    files: Mapped[dict[str, str]] = mapped_column(JSON, deferred=True)
    base_number: Mapped[int]
    number: Mapped[int | None] = mapped_column(ForeignKey("catalogue_versions.number"))
    cursor: Mapped[int] = mapped_column(default=0)
    seen: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    applied_by: Mapped[str | None] = mapped_column(String(60))
    applied_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    row_version: Mapped[int] = mapped_column()

    creator: Mapped[User | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": row_version}


class ReplayChange(Model):
    """What a replay changes on one case: one row for each rule and phase, which the database itself keeps single.

    Severities are 1 to 5; an outcome is empty where no flag is kept. `is_kept`: a person decided the flag, so it stays.
    """

    __tablename__ = "replay_changes"
    __table_args__ = (
        UniqueConstraint("replay_id", "phase", "case_id", "rule_id"),
        Index("ix_replay_changes_listed", "replay_id", "phase", "serial", "rule_id"),
        Index("ix_replay_changes_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    replay_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("replays.id"))
    phase: Mapped[Phase]
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"))
    serial: Mapped[int]
    rule_id: Mapped[str] = mapped_column(String(60))
    change: Mapped[Change]
    is_kept: Mapped[bool]
    old_outcome: Mapped[str | None] = mapped_column(String(20))
    old_severity: Mapped[int | None]
    new_outcome: Mapped[str | None] = mapped_column(String(20))
    new_severity: Mapped[int | None]

    case: Mapped[Case] = relationship(lazy="raise")


@event.listens_for(CatalogueVersion, "before_update")
@event.listens_for(CatalogueVersion, "before_delete")
def _refuse_change(_mapper: Any, _connection: Any, target: CatalogueVersion) -> None:
    raise RuntimeError(f"version {target.number} of the catalogue cannot be changed: cases were judged by it")
