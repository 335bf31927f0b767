"""An index of the facts in force, by fact and case: the list of cases is filtered by the facts stated.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_case_facts_in_force",
        "case_facts",
        ["fact_id", "case_id"],
        sqlite_where=sa.text("is_current = 1 AND is_confirmed = 1"),
        postgresql_where=sa.text("is_current AND is_confirmed"),
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_case_facts_in_force", table_name="case_facts")
