"""Writes of watching: beginning, ending, having looked, and what a person wants mail about."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import Case, CaseEventRecord
from mystery_shopper.core.db import db
from mystery_shopper.teamwork.models import CaseWatch, MailChoice
from mystery_shopper.teamwork.policy import MailAbout


def watch(case: Case, watcher: StaffMember, *, now: datetime) -> None:
    """Begin to watch a case: what happened so far counts as seen. Safe to repeat."""
    if db.session.get(CaseWatch, (case.id, watcher.id)) is not None:
        return
    latest = db.session.scalar(select(func.max(CaseEventRecord.sequence)).where(CaseEventRecord.case_id == case.id))
    db.session.add(CaseWatch(case_id=case.id, user_id=watcher.id, since=now, seen_sequence=latest or 0))
    db.session.flush()
    audit.record(Action.WATCH_BEGUN, actor=watcher.actor, subject="case", subject_id=case.id, now=now)


def stop_watching(case: Case, watcher: StaffMember, *, now: datetime) -> None:
    """Stop watching a case. Safe to repeat."""
    row = db.session.get(CaseWatch, (case.id, watcher.id))
    if row is None:
        return
    db.session.delete(row)
    db.session.flush()
    audit.record(Action.WATCH_ENDED, actor=watcher.actor, subject="case", subject_id=case.id, now=now)


def note_look(session: Session, case_id: UUID, user_id: UUID, latest: int) -> None:
    """Note that a person has looked past the events up to `latest`; one who looked further meanwhile stays there."""
    session.execute(
        update(CaseWatch)
        .where(CaseWatch.case_id == case_id, CaseWatch.user_id == user_id, CaseWatch.seen_sequence < latest)
        .values(seen_sequence=latest)
    )


def choose_mail(user_id: UUID, wanted: Collection[MailAbout], *, actor: str, now: datetime) -> None:
    """Put down what a person wants mail about; what was put down before is replaced."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    row = db.session.get(MailChoice, user_id)
    if row is None:
        row = MailChoice(user_id=user_id)
        db.session.add(row)
    row.mentions, row.tasks, row.watched = (about in wanted for about in MailAbout)
    db.session.flush()
    audit.record(Action.MAIL_CHOSEN, actor=actor, subject="account", subject_id=user_id, now=now)
