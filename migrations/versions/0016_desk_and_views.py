"""Indexes over open cases, which stay few however many cases there have been.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("state NOT IN ('closed', 'closed-no-reply', 'joined')")
OPEN_INDEXES = {
    "ix_cases_open_due": ["due_on", "serial"],
    "ix_cases_open_owner_due": ["owner_id", "due_on", "serial"],
    "ix_cases_open_counts": ["owner_id", "priority", "waiting", "due_on", "tender_closes_on"],
    "ix_cases_open_queue_due": ["queue", "due_on", "serial"],
}


def upgrade() -> None:
    """Make the indexes."""
    for name, columns in OPEN_INDEXES.items():
        op.create_index(name, "cases", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    """Drop the indexes."""
    for name in OPEN_INDEXES:
        op.drop_index(name, "cases")
