"""Writing the audit log."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mystery_shopper.audit import queries, verification
from mystery_shopper.audit.actions import Action, Outcome
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.audit.policy import Link, digest
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db, separate_reading, separate_transaction


def record(
    action: Action,
    *,
    actor: str,
    subject: str,
    subject_id: object,
    outcome: str = "done",
    now: datetime,
    session: Session | None = None,
) -> AuditEntry:
    """Append an entry in the caller's transaction: if one of the two is undone, so is the other.

    `actor` is "user:<id>", "reporter", "authority" or "system"; `subject` names a table ("case"), `subject_id` a row.
    Never pass content or a name. For a reporter `now` is `clock.reporter_now()`.

    Raises:
        RuntimeError: the page only reads; use `record_access`.
    """
    target = session or db.session()
    target.flush()
    queries.lock_for_append(target)
    seq, prev_mac = queries.head(target)
    entry = AuditEntry(
        seq=seq + 1,
        at=now,
        actor=actor,
        action=Action(action).value,
        subject=subject,
        subject_id=str(subject_id),
        outcome=str(outcome),
        prev_mac=prev_mac,
    )
    entry.mac = digest(keyring().audit_key(), entry.link)
    target.add(entry)
    target.flush()
    return entry


class Done(NamedTuple):
    """Something to put in the log: see `record` for what the fields may hold."""

    action: Action
    actor: str
    subject: str
    subject_id: str
    at: datetime


def record_many(session: Session, done: Iterable[Done]) -> None:
    """Append many entries in the caller's transaction, each chained to the one before, as `record` chains one."""
    queries.lock_for_append(session)
    seq, prev_mac = queries.head(session)
    key = keyring().audit_key()
    rows = []
    for one in done:
        seq += 1
        link = Link(seq, one.at, one.actor, one.action.value, one.subject, one.subject_id, "done", prev_mac)
        mac = digest(key, link)
        rows.append({**link._asdict(), "mac": mac})
        prev_mac = mac
    if rows:
        session.connection().execute(insert(AuditEntry), rows)


def record_access(
    action: Action, *, actor: str, subject: str, subject_id: object, outcome: str = "done", now: datetime
) -> None:
    """Append an entry and commit it at once: for a page that only reads, before anything is shown.

    Not inside a unit of work that writes (on SQLite that one holds the only write lock): use `record` there.
    """
    with separate_transaction() as session:
        record(action, actor=actor, subject=subject, subject_id=subject_id, outcome=outcome, now=now, session=session)


def verify_log(
    *,
    actor: str,
    now: datetime,
    anchors: Sequence[verification.Anchor] = (),
    after: int = 0,
    limit: int | None = None,
) -> verification.Verification:
    """Verify the log for a person, or at most `limit` entries of it, and record that it was asked for and how it ended.

    The log is read without the write lock, so nobody waits.
    """
    with separate_reading() as session:
        result = verification.verify(session, keyring().audit_key(), anchors, after=after, limit=limit)
    outcome = Outcome.DONE if result.is_whole else Outcome.FAILED
    record_access(
        Action.AUDIT_VERIFIED, actor=actor, subject="audit", subject_id=result.entries, outcome=outcome, now=now
    )
    return result
