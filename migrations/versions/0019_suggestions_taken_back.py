"""A commissioner takes a suggestion back, or asks that nothing be published about it.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.elements import conv

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OLD_STATES = ("received", "routed", "answered", "published", "closed")
STATES = (*OLD_STATES, "withdrawn")
HAS_A_DAY = conv("ck_suggestions_withdrawn_has_a_day")


def upgrade() -> None:
    """Let a suggestion be withdrawn and objected to."""
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("objects_to_publication", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _allow(STATES)
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.alter_column("objects_to_publication", server_default=None)
        batch_op.create_check_constraint(HAS_A_DAY, "(state = 'withdrawn') = (withdrawn_on IS NOT NULL)")


def downgrade() -> None:
    """Drop the columns; a suggestion that was withdrawn stands in the way."""
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_constraint(HAS_A_DAY, type_="check")
    _allow(OLD_STATES)
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_column("objects_to_publication")
        batch_op.drop_column("withdrawn_on")


def _allow(states: tuple[str, ...]) -> None:
    name = op.f("ck_suggestions_suggestionstate")
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"state IN ({listed})")
