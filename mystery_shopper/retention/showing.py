"""Holds and batches as their pages show them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.core.csvsafe import csv_text
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.holds.models import LegalHold
from mystery_shopper.holds.policy import GROUND_LABELS, SCOPE_NOUNS, HoldScope
from mystery_shopper.retention.models import RetentionBatch
from mystery_shopper.retention.policy import RetentionClass, schedule
from mystery_shopper.retention.queries import (
    ItemView,
    Records,
    authorities_hidden_from,
    count_items,
    records_of,
    references_of,
    show_items,
)
from mystery_shopper.retention.states import BatchState, ItemState

EVERYTHING = "Everything"
UNSEEN = "A case you may not see"
PAGES = {
    HoldScope.CASE: ("/cases/", Permission.CASE_READ),
    HoldScope.SUGGESTION: ("/suggestions/", Permission.SUGGESTION_READ),
    HoldScope.REQUEST: ("/records/requests/", Permission.RECORDS_KEEP),
}
"""Where what a hold is on is shown, by its reference, and who may open that."""


@dataclass(frozen=True)
class HoldView:
    """A hold, opened. `reference` is of the case that is held where that is one this person may see.

    `address` is where what is held is shown to this person, empty where nowhere.
    `is_open`: nothing it holds is hidden from this person, so they may review and lift it. What was written of it by
    others is empty where it is not.
    """

    id: UUID
    what: str
    reference: str
    address: str
    is_open: bool
    ground: str
    reason: str
    placed_on: datetime
    placed_by: str
    review_on: date
    lifted_on: datetime | None
    lift_reason: str


@dataclass(frozen=True)
class BatchView:
    """A batch with what is in it. `is_own`: this person proposed it, so another has to approve it."""

    batch: RetentionBatch
    of: RetentionClass
    proposed_by: str
    approved_by: str
    is_own: bool
    items: list[ItemView]
    counts: Mapping[ItemState, int]
    certificate: list[tuple[str, str]]

    @property
    def is_waiting(self) -> bool:
        """Tell whether a second reviewer is asked."""
        return self.batch.state is BatchState.PROPOSED

    @property
    def records(self) -> Records:
        """Return what its records are."""
        return records_of(self.batch)

    @property
    def opened_by(self) -> str:
        """Return who can look into its records, empty where this person can, or nobody has to be asked any more."""
        can_open = any(item.record.address for item in self.items)
        return self.records.opened_by if self.is_waiting and not can_open else ""

    @property
    def held(self) -> int:
        """Return how many of those that wait are on hold by now: they will be left alone."""
        return sum(1 for item in self.items if item.record.is_held and item.state is ItemState.WAITING)

    @property
    def unseen(self) -> int:
        """Return how many are not listed: this person may not see them, or they are gone."""
        return sum(self.counts.values()) - len(self.items)


def show_hold(hold: LegalHold, user: StaffMember) -> HoldView:
    """Return one hold as its page shows it."""
    return show_holds([hold], user)[0]


def show_holds(holds: Sequence[LegalHold], user: StaffMember) -> list[HoldView]:
    """Return holds as their list shows them."""
    names = names_of({hold.placed_by_id for hold in holds})
    subjects = {hold.subject_id for hold in holds if hold.subject_id is not None}
    known, hidden = references_of(subjects, user), authorities_hidden_from(user)
    return [_show(hold, known, names, user, is_open=_is_open(hold, known, hidden)) for hold in holds]


def _show(
    hold: LegalHold, known: Mapping[UUID, str], names: Mapping[UUID, str], user: StaffMember, *, is_open: bool
) -> HoldView:
    name = known.get(hold.subject_id, "") if hold.subject_id is not None else ""
    page, permission = PAGES.get(hold.scope, ("", None))
    return HoldView(
        id=hold.id,
        what=_what(hold, name),
        reference=name if hold.scope is HoldScope.CASE else "",
        address=f"{page}{name}" if name and permission is not None and user.can(permission) else "",
        is_open=is_open,
        ground=GROUND_LABELS[hold.ground],
        reason=hold.reason if is_open else "",
        placed_on=hold.placed_at,
        placed_by=names.get(hold.placed_by_id, ""),
        review_on=hold.review_on,
        lifted_on=hold.lifted_at,
        lift_reason=hold.lift_reason if is_open else "",
    )


def _is_open(hold: LegalHold, known: Mapping[UUID, str], hidden: Collection[UUID | None]) -> bool:
    if hold.subject_id is None:
        return not hidden
    return hold.subject_id not in hidden if hold.scope is HoldScope.AUTHORITY else hold.subject_id in known


def _what(hold: LegalHold, name: str) -> str:
    if hold.subject_id is None:
        return EVERYTHING
    words = SCOPE_NOUNS.get(hold.scope, "")
    return f"{words} {name}".strip() if name else UNSEEN


def show_names(batches: Iterable[RetentionBatch]) -> dict[UUID, str]:
    """Return the names of those who proposed and approved some batches."""
    wanted = {one for batch in batches for one in (batch.proposed_by_id, batch.approved_by_id) if one is not None}
    return names_of(wanted)


def show_batch(batch: RetentionBatch, user: StaffMember) -> BatchView:
    """Return a batch as its page shows it to a reviewer."""
    names = show_names([batch])
    return BatchView(
        batch=batch,
        of=schedule().classes[batch.class_id],
        proposed_by=names.get(batch.proposed_by_id, ""),
        approved_by=names.get(batch.approved_by_id, "") if batch.approved_by_id else "",
        is_own=batch.proposed_by_id == user.id,
        items=show_items(batch, user),
        counts=count_items(batch),
        certificate=certificate_rows(batch),
    )


def certificate_rows(batch: RetentionBatch) -> list[tuple[str, str]]:
    """Return the certificate as pairs of words, reviewers by name; empty while the batch is not done."""
    if batch.certificate is None:
        return []
    names = {str(user_id): name for user_id, name in show_names([batch]).items()}
    pairs = ((key.replace("_", " ").capitalize(), str(value)) for key, value in batch.certificate.items())
    return [(key, f"{names[value]} ({value})" if value in names else value) for key, value in pairs]


def certificate_csv(batch: RetentionBatch) -> str:
    """Return the certificate as CSV.

    Raises:
        NotFoundError: the batch is not done.
    """
    rows = certificate_rows(batch)
    if not rows:
        raise NotFoundError
    return csv_text(("What", "Value"), rows)
