"""A report may leave open what kind of reporter sent it: the short form does not ask.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OLD_KINDS = (
    "small-business",
    "mutual",
    "prospective-mutual",
    "pathfinder-mutual",
    "social-enterprise",
    "trade-body",
    "larger-business",
    "someone-else",
)
KINDS = (*OLD_KINDS, "not-said")


def upgrade() -> None:
    """Allow the kind that is not known."""
    _allow(KINDS)


def downgrade() -> None:
    """Forbid it again: reports that did not say are counted as of someone else."""
    op.execute("UPDATE reports SET reporter_kind = 'someone-else' WHERE reporter_kind = 'not-said'")
    _allow(OLD_KINDS)


def _allow(values: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_reports_reporterkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_reports_reporterkind"), f"reporter_kind IN ({allowed})")
