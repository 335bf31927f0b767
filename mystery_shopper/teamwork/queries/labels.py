"""Labels: the kept list, those of cases, and the condition by which a list of cases is filtered."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from mystery_shopper.cases.models import Case, CaseJoin
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.teamwork.models import CaseLabel, Label
from mystery_shopper.teamwork.queries.whole import STANDING, of_whole


def list_labels(*, with_retired: bool = False) -> Sequence[Label]:
    """Return the labels that can be put on a case, by name; with those that were retired when asked for."""
    statement = select(Label).order_by(Label.retired_at.is_not(None), Label.folded)
    return db.session.scalars(statement if with_retired else statement.where(Label.retired_at.is_(None))).all()


def get_label(label_id: UUID) -> Label:
    """Return a label.

    Raises:
        NotFoundError: there is none.
    """
    label = db.session.get(Label, label_id)
    if label is None:
        raise NotFoundError
    return label


def find_label_by_name(folded: str) -> Label | None:
    """Return the label of a folded name, retired or not."""
    return db.session.scalar(select(Label).where(Label.folded == folded))


def labels_on(case: Case) -> Sequence[Label]:
    """Return the labels of a case and of the cases joined to it, by name."""
    held = select(CaseLabel.label_id).where(of_whole(CaseLabel.case_id, case))
    return db.session.scalars(select(Label).where(Label.id.in_(held)).order_by(Label.folded)).all()


def labels_held_by(case: Case) -> Sequence[Label]:
    """Return the labels that were put on this very case, by name: those that can be taken off it."""
    held = select(CaseLabel.label_id).where(CaseLabel.case_id == case.id)
    return db.session.scalars(select(Label).where(Label.id.in_(held)).order_by(Label.folded)).all()


def labels_of(cases: Sequence[Case]) -> Mapping[UUID, Sequence[Label]]:
    """Return the labels that were put on several cases, by case and name: one query for a whole page."""
    rows = db.session.execute(
        select(CaseLabel.case_id, Label)
        .join(Label, Label.id == CaseLabel.label_id)
        .where(CaseLabel.case_id.in_([case.id for case in cases]))
        .order_by(Label.folded)
    )
    found: dict[UUID, list[Label]] = {}
    for case_id, label in rows:
        found.setdefault(case_id, []).append(label)
    return found


def has_label(label_id: UUID) -> ColumnElement[bool]:
    """Return the condition by which a list of cases is filtered: the label is on a case, or on one joined to it.

    Both sets are read along the index of the label before the list is walked, so that a rare label costs no more.
    """
    held = select(CaseLabel.case_id).where(CaseLabel.label_id == label_id)
    kept = select(CaseJoin.kept_id).where(CaseJoin.joined_id.in_(held), STANDING)
    return or_(Case.id.in_(held), Case.id.in_(kept))


def count_uses() -> Mapping[UUID, int]:
    """Return on how many cases each label is, by label."""
    rows = db.session.execute(select(CaseLabel.label_id, func.count()).group_by(CaseLabel.label_id))
    return {row[0]: row[1] for row in rows}
