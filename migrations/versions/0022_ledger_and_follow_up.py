"""To whom a recommendation was made, and the amended notice that shows what was done.

Revision ID: 0022
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the ledger of recommendations lacked."""
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("addressee_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("evidence_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_column("evidence_sealed")
        batch_op.drop_column("addressee_sealed")
