"""An index over closed cases that still have their content: what is due to be destroyed is found along it.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CLOSED = sa.text("closed_on IS NOT NULL AND erased_on IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_cases_closed", "cases", ["closed_on", "serial"], sqlite_where=CLOSED, postgresql_where=CLOSED)


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_cases_closed", "cases")
