"""What would happen to several cases at once, and what did: each case with the reason where it is refused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.accounts.absences import deputies_on
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.declarations import declared_among
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.ownership import absence_refusal, ownable_by, ownership_refusal
from mystery_shopper.cases.queries import visible_cases, visible_to
from mystery_shopper.cases.states import CaseState
from mystery_shopper.casework.models import BulkAction, BulkItem
from mystery_shopper.casework.policy import undo_until
from mystery_shopper.casework.states import BulkEnd, BulkKind
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.teamwork.models import CaseLabel, Label

CHANGED = "Somebody changed it since you chose it"
NOT_DECLARED = "Open it first and say whether you have an interest in it"
JOINED = "It is part of another case now"

Cases = Sequence[Case]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be done to several cases. `owner` None puts them back in the queue; the rest is for its own kind."""

    kind: BulkKind
    submission_id: UUID
    owner: User | None = None
    reason: str = ""
    label: Label | None = None
    title: str = ""
    due_on: date | None = None
    assignee: User | None = None


@dataclass(frozen=True)
class Planned:
    """One case of an order, and why nothing will be done to it; empty when something will."""

    case: Case
    refusal: str


@dataclass(frozen=True)
class Plan:
    """What would happen. `unseen` counts the cases that were sent and are not open to the person."""

    items: Sequence[Planned]
    unseen: int

    @property
    def to_do(self) -> list[Planned]:
        """Return the cases something will be done to."""
        return [one for one in self.items if not one.refusal]

    @property
    def refused(self) -> list[Planned]:
        """Return the cases nothing will be done to."""
        return [one for one in self.items if one.refusal]


@dataclass(frozen=True)
class Ended:
    """One case of an action that was done, for those who may see it."""

    case: Case
    ended: BulkEnd
    why: str


def choose_cases(references: Collection[str], user: StaffMember) -> Sequence[Case]:
    """Return the cases of some references that a person may see, read anew, in the order they came."""
    statement = visible_cases(user).where(Case.reference.in_(references)).order_by(Case.serial)
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def plan_order(order: Order, chosen: Mapping[str, int], by: StaffMember, *, asks: bool, today: date) -> Plan:
    """Say of each chosen case (reference to the version its page showed) what an order would do to it.

    `asks`: nobody changes a case before they have declared that they have no interest in it. Whoever only says who
    is to have it does not open it, and is not asked: as with handing over.
    """
    cases = choose_cases(chosen, by)
    refusals = {
        **_refused_by_kind(order, cases, by, today),
        **{case.id: JOINED for case in cases if case.state is CaseState.JOINED and order.kind is not BulkKind.UNLABEL},
        **(_not_declared(cases, by) if asks and order.kind is not BulkKind.ASSIGN else {}),
        **{case.id: CHANGED for case in cases if case.version != chosen[case.reference]},
    }
    return Plan([Planned(case, refusals.get(case.id, "")) for case in cases], unseen=len(chosen) - len(cases))


def _not_declared(cases: Sequence[Case], by: StaffMember) -> dict[UUID, str]:
    declared = declared_among(cases, by.id)
    return {case.id: NOT_DECLARED for case in cases if case.id not in declared and case.id != by.emergency_case_id}


def _refused_by_kind(order: Order, cases: Sequence[Case], by: StaffMember, today: date) -> dict[UUID, str]:
    if order.kind is BulkKind.ASSIGN:
        return _refused_owner(order.owner, cases, by, today)
    if order.kind is BulkKind.TASK:
        return _refused_assignee(order.assignee, cases, today)
    return _refused_label(order, cases)


def _refused_owner(owner: User | None, cases: Sequence[Case], by: StaffMember, today: date) -> dict[UUID, str]:
    if owner is None:
        return {case.id: "Nobody owns it now" for case in cases if case.owner_id is None}
    away = absence_refusal(owner, today)
    if away is not None:
        return {case.id: away for case in cases}
    ids = [case.id for case in cases]
    allowed = set(db.session.scalars(select(Case.id).where(visible_to(by), Case.id.in_(ids), ownable_by(owner.id))))
    found = {}
    for case in cases:
        if case.owner_id == owner.id:
            found[case.id] = f"{owner.name} has it already"
        elif case.id not in allowed:
            found[case.id] = ownership_refusal(case, owner) or ""
    return found


def _refused_assignee(person: User | None, cases: Sequence[Case], today: date) -> dict[UUID, str]:
    if person is None:
        return {}
    member = person.to_staff_member(stands_in_for=deputies_on(today).get(person.id, frozenset()))
    ids = [case.id for case in cases]
    seen = set(db.session.scalars(select(Case.id).where(visible_to(member), Case.id.in_(ids))))
    return {case.id: f"{person.name} may not see it" for case in cases if case.id not in seen}


def _refused_label(order: Order, cases: Sequence[Case]) -> dict[UUID, str]:
    label = order.label
    if label is None:
        return {}
    ids = [case.id for case in cases]
    having = set(
        db.session.scalars(select(CaseLabel.case_id).where(CaseLabel.label_id == label.id, CaseLabel.case_id.in_(ids)))
    )
    if order.kind is BulkKind.LABEL:
        return dict.fromkeys(having, f"It has the label “{label.name}” already")
    return {case.id: f"It does not have the label “{label.name}”" for case in cases if case.id not in having}


def find_bulk_by_submission(submission_id: UUID) -> BulkAction | None:
    """Return the action a form did."""
    return db.session.scalar(select(BulkAction).where(BulkAction.submission_id == submission_id))


def get_bulk(bulk_id: UUID, user: StaffMember) -> BulkAction:
    """Return an action of this person; senior caseworkers look at those of others too.

    Raises:
        NotFoundError: there is none, or somebody else did it.
    """
    action = db.session.get(BulkAction, bulk_id)
    if action is None or not (action.user_id == user.id or user.can(Permission.CASE_ALLOCATE)):
        raise NotFoundError
    return action


def list_items(action: BulkAction) -> Sequence[BulkItem]:
    """Return what an action did to each case, whoever may see it: nothing of the cases themselves."""
    return db.session.scalars(select(BulkItem).where(BulkItem.bulk_id == action.id)).all()


def references_of(case_ids: Collection[UUID], user: StaffMember) -> Sequence[str]:
    """Return the references of some cases, of those that a person may see."""
    return db.session.scalars(select(Case.reference).where(visible_to(user), Case.id.in_(case_ids))).all()


def show_items(action: BulkAction, user: StaffMember) -> tuple[list[Ended], int]:
    """Return how it ended for each case its person may see now, and how many more there were."""
    items = {item.case_id: item for item in list_items(action)}
    cases = db.session.scalars(visible_cases(user).where(Case.id.in_(items)).order_by(Case.serial)).all()
    shown = [Ended(case, items[case.id].ended, items[case.id].why(case.data_key)) for case in cases]
    return shown, action.unseen + len(items) - len(shown)


def can_be_undone(action: BulkAction, now: datetime) -> bool:
    """Tell whether an action can be undone: it was not, it is not too late, and something was done."""
    return (
        action.undone_at is None
        and now <= undo_until(action.done_at)
        and any(item.ended is BulkEnd.DONE for item in list_items(action))
    )
