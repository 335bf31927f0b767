"""Filling and damaging an audit log for tests."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from mystery_shopper.audit import ddl, services
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.verification import Anchor, Verification, make_anchor, verify
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db, separate_reading, transaction

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def fill(count: int) -> None:
    """Append `count` entries, a minute apart."""
    with transaction():
        for number in range(count):
            services.record(
                Action.CASE_VIEWED,
                actor="user:1",
                subject="case",
                subject_id=number,
                now=START + timedelta(minutes=number),
            )
    db.session.remove()


def tamper(*statements: str, **values: object) -> None:
    """Run statements as somebody who owns the database and has taken the triggers away."""
    with transaction() as session:
        dialect = session.get_bind().dialect.name
        for statement in (*ddl.drop_statements(dialect), *statements):
            wanted = {name: value for name, value in values.items() if f":{name}" in statement}
            session.execute(text(statement), wanted)
    db.session.remove()


def check(*anchors: Anchor, key: bytes | None = None) -> Verification:
    """Verify the log."""
    with separate_reading() as session:
        return verify(session, key or keyring().audit_key(), anchors)


def anchor_now() -> Anchor:
    """Return an anchor of the log as it is."""
    with separate_reading() as session:
        return make_anchor(session, START)
