"""Whether the pages of a person listen to single keys.

Revision ID: 0023
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; shortcuts are on until somebody switches them off."""
    op.add_column("users", sa.Column("has_shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.alter_column("has_shortcuts", server_default=None)


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("has_shortcuts")
