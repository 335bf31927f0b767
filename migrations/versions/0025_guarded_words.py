"""Words that caseworkers put on the list of what must not leave a case.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "guarded_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("taken_off_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_off_at", sa.DateTime(), nullable=True),
        sa.Column("word_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(taken_off_at IS NULL) = (taken_off_by_id IS NULL)",
            name=op.f("ck_guarded_words_taken_off_by_a_person"),
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_guarded_words_added_by_id_users")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_guarded_words_case_id_cases")),
        sa.ForeignKeyConstraint(["taken_off_by_id"], ["users.id"], name=op.f("fk_guarded_words_taken_off_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarded_words")),
    )
    op.create_index(op.f("ix_guarded_words_case_id"), "guarded_words", ["case_id"])


def downgrade() -> None:
    """Drop it: what was on the lists is lost."""
    op.drop_table("guarded_words")
