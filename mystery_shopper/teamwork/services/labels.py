"""Writes of labels: the kept list, and putting them on cases."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.teamwork.events import LabelAdded, LabelRemoved
from mystery_shopper.teamwork.models import CaseLabel, Label
from mystery_shopper.teamwork.queries.labels import find_label_by_name
from mystery_shopper.teamwork.services.tasks import refuse_joined
from mystery_shopper.teamwork.states import Colour


def keep_label(label: Label | None, *, name: str, colour: Colour, version: int, actor: str, now: datetime) -> Label:
    """Add a label to the list (`label` None), or give it another name or colour.

    Raises:
        DomainError: another label has this name, also one that was retired.
        StaleEditError: somebody changed the label since the page was opened.
    """
    folded = name.casefold()
    other = find_label_by_name(folded)
    if other is not None and other is not label:
        was = " It was retired: bring it back instead" if other.retired_at else ""
        raise DomainError(f"There is a label “{other.name}” already.{was}", field="name")
    try:
        with db.session.begin_nested():
            kept = _save(label, name, folded, colour, version, now)
    except IntegrityError as error:  # somebody else took the name between the look and the write
        raise DomainError(f"There is a label “{name}” already", field="name") from error
    _note(kept, actor, now)
    return kept


def _save(label: Label | None, name: str, folded: str, colour: Colour, version: int, now: datetime) -> Label:
    if label is None:
        label = Label(id=new_id(), name=name, folded=folded, colour=colour, made_at=now)
        db.session.add(label)
    else:
        _check_version(label, version)
        label.name, label.folded, label.colour = name, folded, colour
    db.session.flush()
    return label


def retire_label(label: Label, *, actor: str, now: datetime) -> None:
    """Take a label off the list: it stays on the cases that have it and is offered for no other. Safe to repeat."""
    if label.retired_at is None:
        label.retired_at = now
        db.session.flush()
        _note(label, actor, now)


def bring_back_label(label: Label, *, actor: str, now: datetime) -> None:
    """Put a retired label on the list again. Safe to repeat."""
    if label.retired_at is not None:
        label.retired_at = None
        db.session.flush()
        _note(label, actor, now)


def _check_version(label: Label, version: int) -> None:
    if label.version != version:
        raise StaleEditError("Somebody else changed this label while you were working on it.")


def _note(label: Label, actor: str, now: datetime) -> None:
    audit.record(Action.LABEL_LIST_CHANGED, actor=actor, subject="label", subject_id=label.id, now=now)


def add_label(case: Case, label: Label, *, by: StaffMember, now: datetime) -> bool:
    """Put a label on a case; one that is there already changes nothing.

    Returns:
        Whether it was put there now.

    Raises:
        DomainError: the label was retired, or the case is part of another.
    """
    if db.session.get(CaseLabel, (case.id, label.id)) is not None:
        return False
    if label.retired_at is not None:
        raise DomainError(f"The label “{label.name}” is no longer on the list", field="labels")
    refuse_joined(case)
    db.session.add(CaseLabel(case_id=case.id, label_id=label.id, put_at=now, put_by=by.id))
    db.session.flush()
    record(case, LabelAdded(label_id=str(label.id), name=label.name), actor=by.actor, now=now)
    return True


def remove_label(case: Case, label: Label, *, by: StaffMember, now: datetime) -> bool:
    """Take a label off a case; one that is not there changes nothing.

    Returns:
        Whether it was taken off now.
    """
    if db.session.get(CaseLabel, (case.id, label.id)) is None:
        return False
    db.session.execute(delete(CaseLabel).where(CaseLabel.case_id == case.id, CaseLabel.label_id == label.id))
    record(case, LabelRemoved(label_id=str(label.id), name=label.name), actor=by.actor, now=now)
    return True
