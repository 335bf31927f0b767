"""Letters to an authority: drafted, approved by a second person, held, sent together; every text of each.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STATES = ("draft", "awaiting-approval", "approved", "sent", "dropped")


def upgrade() -> None:
    """Make the tables."""
    _make_letters()
    _make_versions()


def downgrade() -> None:
    """Drop the letters that were not sent with the others; what was sent stands among the interventions."""
    op.drop_table("authority_letter_versions")
    op.drop_table("authority_letters")


def _make_letters() -> None:
    table = "authority_letters"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="letterstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("intervention_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approver_id IS NULL OR (approver_id <> author_id AND approver_id <> started_by_id)",
            name=op.f(f"ck_{table}_second_person"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'sent') OR approver_id IS NOT NULL",
            name=op.f(f"ck_{table}_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (intervention_id IS NOT NULL)", name=op.f(f"ck_{table}_sent_is_recorded")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"))
            for column, of in (
                ("case_id", "cases"),
                ("started_by_id", "users"),
                ("author_id", "users"),
                ("approver_id", "users"),
                ("intervention_id", "interventions"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("submission_id", name=op.f(f"uq_{table}_submission_id")),
        sa.UniqueConstraint("intervention_id", name=op.f(f"uq_{table}_intervention_id")),
    )
    for column in ("batch_id", "case_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_authority_letters_state_changed", table, ["state", "changed_at", "id"])


def _make_versions() -> None:
    table = "authority_letter_versions"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> written_by_id", name=op.f(f"ck_{table}_second_person")
        ),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL)", name=op.f(f"ck_{table}_decided_at_a_time")
        ),
        sa.CheckConstraint("(decided_by_id IS NULL) = (is_approved IS NULL)", name=op.f(f"ck_{table}_decided_one_way")),
        *(
            sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"))
            for column, of in (
                ("letter_id", "authority_letters"),
                ("case_id", "cases"),
                ("written_by_id", "users"),
                ("decided_by_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])
    op.create_index("uq_authority_letter_versions_number", table, ["letter_id", "number"], unique=True)
