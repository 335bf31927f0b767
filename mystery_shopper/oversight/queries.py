"""Reads for auditors: entries with names and references, what belongs to a case, anchors beside the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import or_, select

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import fold_email
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.audit.queries import macs_of
from mystery_shopper.audit.verification import Anchor, AnchorFileError, read_anchors
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.timeline import STAFF_PREFIX
from mystery_shopper.core.crypto import same
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.oversight.policy import OTHER_ACTORS

CASE, ACCOUNT = "case", "account"
ANCHORS_SHOWN = 100
UNKNOWN = "unknown"


@dataclass(frozen=True)
class EntryView:
    """An entry as an auditor reads it: with the name of who did it and the reference of a case, and no content."""

    seq: int
    at: datetime
    who: str
    actor: str
    action: str
    what: str
    subject: str
    subject_id: str
    outcome: str


@dataclass(frozen=True)
class AnchorView:
    """An anchor of the file, and whether the log still holds the entry it was made of."""

    anchor: Anchor
    fits: bool


def show_entries(entries: Sequence[AuditEntry]) -> list[EntryView]:
    """Return entries with names and references; two queries for a whole page."""
    people = {_user_id(entry.actor) for entry in entries} | {
        _as_id(entry.subject_id) for entry in entries if entry.subject == ACCOUNT
    }
    names = names_of({user_id for user_id in people if user_id is not None})
    references = _references(_as_id(entry.subject_id) for entry in entries if entry.subject == CASE)
    return [_show(entry, names, references) for entry in entries]


def _show(entry: AuditEntry, names: dict[UUID, str], references: dict[UUID, str]) -> EntryView:
    user_id, subject_id = _user_id(entry.actor), _as_id(entry.subject_id)
    who = names.get(user_id) if user_id else OTHER_ACTORS.get(entry.actor)
    what = None
    if subject_id is not None:
        what = references.get(subject_id) if entry.subject == CASE else names.get(subject_id)
    return EntryView(
        seq=entry.seq,
        at=entry.at,
        who=who or entry.actor,
        actor=entry.actor,
        action=entry.action,
        what=what or "",
        subject=entry.subject,
        subject_id=entry.subject_id,
        outcome=entry.outcome,
    )


def _references(case_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    ids = {case_id for case_id in case_ids if case_id is not None}
    if not ids:
        return {}
    rows = db.session.execute(select(Case.id, Case.reference).where(Case.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _user_id(actor: str) -> UUID | None:
    return _as_id(actor.removeprefix(STAFF_PREFIX)) if actor.startswith(STAFF_PREFIX) else None


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def find_actors(text: str) -> str:
    """Return how somebody stands in the log: by name or email address, otherwise what was typed, as it is."""
    found = db.session.scalars(select(User.id).where(or_(User.name == text, User.email == fold_email(text)))).all()
    if len(found) == 1:
        return f"{STAFF_PREFIX}{found[0]}"
    return next((actor for actor, words in OTHER_ACTORS.items() if words == text), text)


def known_actor(text: str) -> str:
    """Return an actor as it may stay in the log: a person by id, or one of the others; never what was typed."""
    user_id = _user_id(text)
    is_known = text in OTHER_ACTORS or (user_id is not None and text == f"{STAFF_PREFIX}{user_id}")
    return text if is_known else UNKNOWN


def subjects_of_case(reference: str) -> tuple[str, ...]:
    """Return the ids that entries about a case may name: its own, those of its reports and of their files.

    Raises:
        NotFoundError: there is no such case.
    """
    case_id = db.session.scalar(select(Case.id).where(Case.reference == reference))
    if case_id is None:
        raise NotFoundError("There is no case with this reference")
    reports = db.session.scalars(select(Report.id).where(Report.case_id == case_id)).all()
    files = db.session.scalars(select(EvidenceFile.id).where(EvidenceFile.report_id.in_(reports))).all()
    return tuple(str(one) for one in (case_id, *reports, *files))


def list_anchors(path: Path | None) -> list[AnchorView]:
    """Return the latest ANCHORS_SHOWN anchors of the file, the last first, each compared with the entry it was made of.

    Raises:
        AnchorFileError: the file is named and cannot be read.
    """
    if path is None:
        return []
    latest = list(reversed(read_anchors(path)))[:ANCHORS_SHOWN]
    macs = macs_of(db.session(), [anchor.seq for anchor in latest])
    return [AnchorView(anchor, _fits(anchor, macs.get(anchor.seq))) for anchor in latest]


def _fits(anchor: Anchor, mac: bytes | None) -> bool:
    """Tell whether an anchor is of the entry as it is now; that of an empty log has no entry."""
    return anchor.seq == 0 if mac is None else same(mac, anchor.mac)


def usable_anchors(path: Path | None) -> list[Anchor]:
    """Return the anchors a check can use; none when no file is named or it cannot be read."""
    try:
        return [] if path is None else read_anchors(path)
    except AnchorFileError:
        return []
