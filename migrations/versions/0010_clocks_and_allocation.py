"""Pauses and escalations of clocks, skills and queues of staff, absences, and who has a case open.

Revision ID: 0010
Revises: 0009
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CASE_DATES = ("target_base_on", "step_started_on", "step_set_on", "paused_since")
NEEDS_YOU = "needs-you"
LASTING = sa.text("ended_on IS NULL")


def upgrade() -> None:
    """Make the tables; a running step began when its state did, and a date by a notice stays as it is."""
    for name in CASE_DATES:
        op.add_column("cases", sa.Column(name, sa.Date(), nullable=True))
    op.execute("UPDATE cases SET target_base_on = target_on")
    op.execute(
        "UPDATE cases SET step_started_on = CASE WHEN state = 'received' THEN received_on ELSE date(state_since) END"
    )
    op.execute("UPDATE cases SET step_set_on = step_due_on WHERE state IN ('authority-contacted', 'formal-notice')")
    _make_clock_tables()
    _make_staff_tables()
    _allow_letters(lambda known: [*known, NEEDS_YOU])


def downgrade() -> None:
    """Drop the tables and the dates; dates that pauses moved stay where they are."""
    op.execute("DELETE FROM outbox_messages WHERE letter = 'needs-you'")
    _allow_letters(lambda known: [letter for letter in known if letter != NEEDS_YOU])
    for table in ("staff_skills", "staff_queues", "absences", "case_presences", "case_escalations", "case_pauses"):
        op.drop_table(table)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name in CASE_DATES:
            batch_op.drop_column(name)


def _allow_letters(change: Callable[[list[str]], list[str]]) -> None:
    """Change which letters the outbox takes; the others that are allowed are read from the database."""
    name = op.f("ck_outbox_messages_letter")
    checks = sa.inspect(op.get_bind()).get_check_constraints("outbox_messages")
    text = next(check["sqltext"] for check in checks if check["name"] == str(name))
    allowed = ", ".join(f"'{letter}'" for letter in change(re.findall(r"'([a-z-]+)'", text)))
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"letter IN ({allowed})")


def _make_clock_tables() -> None:
    op.create_table(
        "case_pauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "authority",
                "reporter",
                "statutory-period",
                name="pausekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_case_pauses_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_pauses_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pauses")),
    )
    op.create_index(op.f("ix_case_pauses_case_id"), "case_pauses", ["case_id"])
    op.create_index(
        "uq_case_pauses_lasting",
        "case_pauses",
        ["case_id"],
        unique=True,
        sqlite_where=LASTING,
        postgresql_where=LASTING,
    )
    op.create_table(
        "case_escalations",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("due_kind", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_escalations_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "due_kind", "due_on", name=op.f("pk_case_escalations")),
    )
    op.create_table(
        "case_presences",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_presences_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_case_presences_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_presences")),
    )
    op.create_index(op.f("ix_case_presences_seen_at"), "case_presences", ["seen_at"])


def _make_staff_tables() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absences_ends_after_it_starts")),
        sa.CheckConstraint(
            "deputy_id IS NULL OR deputy_id <> user_id", name=op.f("ck_absences_deputy_is_somebody_else")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["users.id"], name=op.f("fk_absences_deputy_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_user_id"), "absences", ["user_id"])
    op.create_index(op.f("ix_absences_deputy_id"), "absences", ["deputy_id"])
    for table, column in (("staff_queues", "queue"), ("staff_skills", "skill")):
        op.create_table(
            table,
            sa.Column("user_id", sa.Uuid(), nullable=False),
            sa.Column(column, sa.String(length=40), nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("user_id", column, name=op.f(f"pk_{table}")),
        )
