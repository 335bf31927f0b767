"""Writes of saved views. Only seniors share one, or change one that is shared."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import CaseEventRecord
from mystery_shopper.casework.models import SavedView, ViewLook
from mystery_shopper.casework.policy import Figure, figures
from mystery_shopper.casework.queries.saved_views import count_views, list_views
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError, StaleEditError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import create_data_key


def save_view(name: str, query: str, *, is_shared: bool, by: StaffMember, now: datetime) -> SavedView:
    """Keep filters, columns and order (`query`, as an address has them) under a name.

    Raises:
        DomainError: the person has a view of this name, or there are as many views as there may be.
        PermissionDeniedError: sharing is for senior caseworkers.
    """
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())  # two at once are counted
    _check_name(name, None, by)
    _check_room(is_shared=is_shared, by=by)
    key = create_data_key(now)
    view = SavedView(id=new_id(), owner_id=by.id, is_shared=is_shared, data_key=key, made_at=now)
    view.write(name, query)
    db.session.add(view)
    db.session.flush()
    look_at(db.session(), view, by)
    _note(view, by, now)
    return view


def change_view(view: SavedView, *, name: str, is_shared: bool, version: int, by: StaffMember, now: datetime) -> None:
    """Give a view another name, share it or take it back; one that is taken back is its owner's alone.

    Raises:
        StaleEditError: somebody changed it since the page was opened.
        DomainError, PermissionDeniedError: as `save_view`.
    """
    check_may_change(view, by)
    if view.version != version:
        raise StaleEditError("Somebody else changed this view while you were working on it.")
    _check_name(name, view, by)
    if is_shared != view.is_shared:
        _check_room(is_shared=is_shared, by=by)
    if (name, is_shared) == (view.name, view.is_shared):
        return
    if name != view.name:
        view.write(name, view.query)
    view.is_shared = is_shared
    db.session.flush()
    _note(view, by, now)


def delete_view(view: SavedView, *, by: StaffMember, now: datetime) -> None:
    """Delete a view for everybody who has it, with its key.

    Raises:
        DomainError: it is shared, and the person is no senior caseworker.
    """
    check_may_change(view, by)
    _note(view, by, now)
    key = view.data_key
    db.session.execute(delete(ViewLook).where(ViewLook.view_id == view.id))
    db.session.delete(view)
    db.session.flush()
    db.session.delete(key)
    db.session.flush()


def make_default(view: SavedView, *, is_default: bool, by: StaffMember) -> None:
    """Let a person's list open with a view, or no longer."""
    if is_default:
        db.session.execute(update(ViewLook).where(ViewLook.user_id == by.id).values(is_default=False))
    _look_of(db.session(), view, by).is_default = is_default
    db.session.flush()


def is_default(view: SavedView, by: StaffMember) -> bool:
    """Tell whether a person's list opens with a view."""
    look = db.session.get(ViewLook, (view.id, by.id))
    return look is not None and look.is_default


def look_at(session: Session, view: SavedView, by: StaffMember) -> None:
    """Note that a person looked at a view: nothing that has happened so far is new to them there."""
    look = _look_of(session, view, by)
    look.seen_sequence = session.scalar(select(func.max(CaseEventRecord.sequence))) or 0
    session.flush()


def _look_of(session: Session, view: SavedView, by: StaffMember) -> ViewLook:
    look = session.get(ViewLook, (view.id, by.id))
    if look is None:
        look = ViewLook(view_id=view.id, user_id=by.id, seen_sequence=0, is_default=False)
        session.add(look)
    return look


def can_change(view: SavedView, by: StaffMember) -> bool:
    """Tell whether a person may rename, share or delete a view: seniors the shared ones, everybody their own others."""
    return by.can(Permission.CASE_ALLOCATE) if view.is_shared else view.owner_id == by.id


def check_may_change(view: SavedView, by: StaffMember) -> None:
    """Refuse to change a view that is not a person's to change.

    Raises:
        NotFoundError: it is somebody else's alone.
        DomainError: it is shared, and the person is no senior caseworker.
    """
    if not can_change(view, by):
        if not view.is_shared:
            raise NotFoundError
        raise DomainError("Ask a senior caseworker to change a view that is shared")


def _check_name(name: str, view: SavedView | None, by: StaffMember) -> None:
    own = view.id if view else None
    if any(one.name.casefold() == name.casefold() and one.id != own for one in list_views(by)):
        raise DomainError(f"There is a view “{name}” already", field="name")


def _check_room(*, is_shared: bool, by: StaffMember) -> None:
    if is_shared and not by.can(Permission.CASE_ALLOCATE):
        raise PermissionDeniedError("Ask a senior caseworker to share this view")
    most = figures()[Figure.VIEWS_SHARED if is_shared else Figure.VIEWS_OWN]
    if count_views(by, shared=is_shared) >= most:
        whose = "The team shares" if is_shared else "You keep"
        raise DomainError(f"{whose} {most} views already. Delete one first", field="name")


def _note(view: SavedView, by: StaffMember, now: datetime) -> None:
    audit.record(Action.VIEW_CHANGED, actor=by.actor, subject="view", subject_id=view.id, now=now)
