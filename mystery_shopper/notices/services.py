"""Keeping notices: frozen copies are added, never changed. Flushes, never commits."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import record
from mystery_shopper.authorities.policy import words_of
from mystery_shopper.core.db import db, new_id
from mystery_shopper.notices.models import (
    CAME_FROM_MAX,
    KEY_MAX,
    NAME_MAX,
    NUMBER_MAX,
    TITLE_MAX,
    Notice,
    NoticeKey,
    NoticeReceipt,
    NoticeVersion,
    Origin,
)
from mystery_shopper.notices.policy import NoticeView, london_day
from mystery_shopper.notices.queries import find_by_hash

UNTITLED = "No title given"
NO_BUYER = "No buyer given"


class Release(Protocol):
    """A release that was read (see `reading.ReadRelease`)."""

    @property
    def view(self) -> NoticeView:
        """What it says."""

    @property
    def content(self) -> bytes:
        """Its canonical bytes."""

    @property
    def sha256(self) -> str:
        """Their hash."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The names that find it."""


@dataclass
class Imported:
    """What an import did: releases seen, procurements and versions that were new."""

    releases: int = 0
    new_notices: int = 0
    new_versions: int = 0

    def add(self, other: "Imported") -> None:
        """Count another import in."""
        self.releases += other.releases
        self.new_notices += other.new_notices
        self.new_versions += other.new_versions


def keep_releases(
    releases: Iterable[Release], *, origin: Origin, came_from: str, actor: str, now: datetime
) -> Imported:
    """Keep each release as a frozen copy. The same bytes again, by the same way, change nothing.

    `came_from` is the name of a file (without its folder) or of a service.
    """
    done = Imported()
    came_from = came_from[:CAME_FROM_MAX]
    for release in releases:
        done.releases += 1
        keep_release(release, done, origin=origin, came_from=came_from, now=now)
    if done.new_versions:
        record(Action.NOTICES_IMPORTED, actor=actor, subject="notices", subject_id=origin.value, now=now)
    db.session.flush()
    return done


def keep_release(release: Release, done: Imported, *, origin: Origin, came_from: str, now: datetime) -> NoticeVersion:
    """Keep one release and return its version; `done` counts what was new."""
    version = find_by_hash(release.sha256)
    if version is None:
        notice = _find_or_make(release.view, done)
        version = find_by_hash(release.sha256)  # the notice is locked now: somebody else may have been first
        if version is None:
            version = _add_version(release, notice, now)
            _show_newest(notice, release.view)
            done.new_versions += 1
    _add_receipt(version, origin=origin, came_from=came_from, now=now)
    return version


def _add_receipt(version: NoticeVersion, *, origin: Origin, came_from: str, now: datetime) -> None:
    """Note by which way a version came, once for each way."""
    known = select(NoticeReceipt.id).where(NoticeReceipt.version_id == version.id, NoticeReceipt.origin == origin)
    if db.session.scalar(known) is not None:
        return
    # Another import may note the same at this moment: then it is noted.
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(NoticeReceipt(version_id=version.id, origin=origin, came_from=came_from, received_at=now))


def _find_or_make(view: NoticeView, done: Imported) -> Notice:
    """Return the notice of a procurement, locked; two imports at once make one."""
    query = select(Notice).where(Notice.ocid == view.ocid).with_for_update()
    notice = db.session.scalar(query)
    if notice is not None:
        return notice
    notice = Notice(id=new_id(), ocid=view.ocid, dialect=view.dialect, **_shown(view))
    try:
        with db.session.begin_nested():
            db.session.add(notice)
    except IntegrityError:
        return db.session.scalars(query).one()
    done.new_notices += 1
    return notice


def _add_version(release: Release, notice: Notice, now: datetime) -> NoticeVersion:
    view = release.view
    version = NoticeVersion(
        id=new_id(),
        notice_id=notice.id,
        sha256=release.sha256,
        number=view.number[:NUMBER_MAX],
        tags=" ".join(view.tags)[:NAME_MAX],
        released_at=view.released_at,
        received_at=now,
        content=release.content,
    )
    db.session.add(version)
    db.session.flush()
    db.session.add_all(NoticeKey(key=key[:KEY_MAX], version_id=version.id) for key in release.keys)
    db.session.flush()
    return version


def _show_newest(notice: Notice, view: NoticeView) -> None:
    """Let the list show what the newest release says; a release that came late changes nothing."""
    newer = (
        select(NoticeVersion.id)
        .where(NoticeVersion.notice_id == notice.id, NoticeVersion.released_at > view.released_at)
        .limit(1)
    )
    if db.session.scalar(newer) is None:
        for name, value in _shown(view).items():
            setattr(notice, name, value)
        db.session.flush()


def _shown(view: NoticeView) -> dict[str, object]:
    searched = " ".join((view.title, view.buyer.name, view.number, view.reference, view.ocid))
    return {
        "title": view.title[:TITLE_MAX] or UNTITLED,
        "buyer_name": view.buyer.name[:NAME_MAX] or NO_BUYER,
        "number": view.number[:NUMBER_MAX],
        "tags": " ".join(view.tags)[:NAME_MAX],
        "released_on": london_day(view.released_at),
        "search_text": f" {' '.join(words_of(searched))} ",
    }
