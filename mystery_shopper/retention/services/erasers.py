"""What erasing asks of every type of record: how it is locked, what goes with it, and what is written of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mystery_shopper.holds.policy import Subject
from mystery_shopper.retention.policy import BatchClass


@dataclass(frozen=True)
class Reach:
    """What goes when a record goes: ids by the table that links name, and names of stored files.

    `subjects` is everything a hold could be on that stands against it.
    """

    ids: Mapping[str, Sequence[UUID]]
    subjects: Sequence[Subject]
    objects: Sequence[str] = ()


@dataclass(frozen=True)
class Erasing:
    """One record being erased: of which class, in which batch, when."""

    class_id: BatchClass
    record_id: UUID
    batch: int
    now: datetime


@dataclass(frozen=True)
class Eraser:
    """How records of one type are erased. `before` acts while the keys are there, `after` once all is gone."""

    lock: Callable[[UUID], object]
    reach: Callable[[BatchClass, UUID], Reach]
    after: Callable[[Erasing], None]
    before: Callable[[Erasing], None] | None = None
