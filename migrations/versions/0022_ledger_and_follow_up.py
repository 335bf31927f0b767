"""The ledger (to whom, the amended notice as evidence), what is looked at again after closing, and what reporters say.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the ledger of recommendations lacked, and the two tables."""
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("addressee_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("evidence_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "case_follow_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("result", _words("practice", "changed", "not-changed", "no-answer"), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(result IS NULL) = (done_by IS NULL)", name=op.f("ck_case_follow_ups_result_has_a_person")),
        sa.CheckConstraint("(result IS NULL) = (done_on IS NULL)", name=op.f("ck_case_follow_ups_result_has_a_day")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_follow_ups_case_id_cases")),
        sa.ForeignKeyConstraint(["done_by"], ["users.id"], name=op.f("fk_case_follow_ups_done_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_follow_ups")),
    )
    with op.batch_alter_table("case_follow_ups", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_case_follow_ups_case_id"), ["case_id"])
        batch_op.create_index("ix_case_follow_ups_due", ["due_on", "result"])
    op.create_table(
        "feedback_tallies",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", _words("feedbackquestion", "satisfied", "changed"), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_feedback_tallies_count_not_negative")),
        sa.PrimaryKeyConstraint("year", "question", "answer", name=op.f("pk_feedback_tallies")),
    )


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("feedback_tallies")
    op.drop_table("case_follow_ups")
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_column("evidence_sealed")
        batch_op.drop_column("addressee_sealed")
