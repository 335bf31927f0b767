"""Counts of open cases are read from an index alone, and the newest cases of an authority along one.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OPEN = sa.text("state NOT IN ('closed', 'closed-no-reply', 'joined')")
BEFORE = {
    "ix_cases_open_due": ["due_on", "serial"],
    "ix_cases_open_counts": ["owner_id", "priority", "waiting", "due_on", "tender_closes_on"],
}
NEWEST = "ix_cases_authority_received"
WHO_MAY_SEE = ["state", "erased_on", "id"]
AFTER = {
    "ix_cases_open_due": ["due_on", "serial", "due_kind", "owner_id", *WHO_MAY_SEE],
    "ix_cases_open_counts": [*BEFORE["ix_cases_open_counts"], *WHO_MAY_SEE],
}


def upgrade() -> None:
    """Make the indexes anew, with more columns, and one more."""
    _make(AFTER)
    op.create_index(NEWEST, "cases", ["authority_id", "received_on", "serial"])


def downgrade() -> None:
    """Make them as they were."""
    op.drop_index(NEWEST, "cases")
    _make(BEFORE)


def _make(indexes: dict[str, list[str]]) -> None:
    for name, columns in indexes.items():
        op.drop_index(name, "cases")
        op.create_index(name, "cases", columns, sqlite_where=OPEN, postgresql_where=OPEN)
