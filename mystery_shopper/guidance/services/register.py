"""The register of the Right to Provide: put a stage on record, take a mistaken one back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import events
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError
from mystery_shopper.guidance.events import StageRecorded, StageTakenBack
from mystery_shopper.guidance.models import ProvideStage, Stage
from mystery_shopper.guidance.policy import is_web_address

SUBJECT = "provide-stage"


@dataclass(frozen=True, kw_only=True)
class NewStage:
    """What a source says of a department, or of one service of it."""

    submission_id: UUID
    department: str
    service: str
    stage: Stage
    detail: str
    said_on: date
    source: str
    address: str


def record_stage(new: NewStage, *, recorder: StaffMember, now: datetime) -> ProvideStage:
    """Put a stage on the register. A department or service that is known keeps its spelling.

    Returns:
        The entry; the one made before when the form was sent twice.

    Raises:
        DomainError: the day is in the future, or the address is none.
    """
    known = db.session.scalar(select(ProvideStage).where(ProvideStage.submission_id == new.submission_id))
    if known is not None:
        return known
    if new.said_on > day_of(now):
        raise DomainError("The day of the source must be today or in the past", field="said_on")
    if new.address and not is_web_address(new.address):
        raise DomainError("Enter a web address that starts with https:// or http://", field="address")
    department = _spelling(new.department, ProvideStage.department)
    row = ProvideStage(
        id=new_id(),
        submission_id=new.submission_id,
        department=department,
        service=_spelling(new.service, ProvideStage.service),
        stage=new.stage,
        detail=new.detail,
        said_on=new.said_on,
        source=new.source,
        address=new.address,
        recorded_at=now,
        recorded_by=recorder.id,
    )
    db.session.add(row)
    db.session.flush()
    _tell(StageRecorded(stage_id=str(row.id), department=department), row, actor=recorder.actor, now=now)
    return row


def take_back(row: ProvideStage, *, taker: StaffMember, now: datetime) -> None:
    """Take a mistaken entry off the register; it stays on record. Done twice, it is done once."""
    if row.taken_back_at is not None:
        return
    row.taken_back_at, row.taken_back_by = now, taker.id
    db.session.flush()
    _tell(StageTakenBack(stage_id=str(row.id), department=row.department), row, actor=taker.actor, now=now)


def _tell(event: StageRecorded | StageTakenBack, row: ProvideStage, *, actor: str, now: datetime) -> None:
    audit.record(Action(event.tag), actor=actor, subject=SUBJECT, subject_id=row.id, now=now)
    events.publish(event, events.Occasion(subject=row, actor=actor, now=now))


def _spelling(typed: str, column: object) -> str:
    """Return a name as the register writes it already; as typed when it is new."""
    known = db.session.scalars(select(column).distinct())  # type: ignore[call-overload]
    return next((name for name in known if name.casefold() == typed.casefold()), typed)
