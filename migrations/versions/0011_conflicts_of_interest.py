"""Interests of staff and the blocks that follow, declarations, access in an emergency, looks at who reported; an index of the log.

Revision ID: 0011
Revises: 0010
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ACCESS_ALERT = "access-alert"


def upgrade() -> None:
    """Make the tables. Reports that are there already are marked by `mystery-shopper interests rebuild`."""
    op.add_column("users", sa.Column("emergency_case_id", sa.Uuid(), nullable=True))
    op.add_column("users", sa.Column("emergency_until", sa.DateTime(), nullable=True))
    _make_interests()
    _make_marks()
    _make_need_to_know()
    _make_reveals()
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "seq"])
    _allow_letters(lambda known: [*known, ACCESS_ALERT])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index("ix_audit_entries_at", "audit_entries")
    op.execute("DELETE FROM outbox_messages WHERE letter = 'access-alert'")
    _allow_letters(lambda known: [letter for letter in known if letter != ACCESS_ALERT])
    for table in (
        "identity_reveals",
        "emergency_accesses",
        "case_declarations",
        "supplier_marks",
        "interest_marks",
        "case_recusals",
        "interests",
    ):
        op.drop_table(table)
    op.drop_column("users", "emergency_until")
    op.drop_column("users", "emergency_case_id")


def _allow_letters(change: Callable[[list[str]], list[str]]) -> None:
    """Change which letters the outbox takes; the others that are allowed are read from the database."""
    name = op.f("ck_outbox_messages_letter")
    checks = sa.inspect(op.get_bind()).get_check_constraints("outbox_messages")
    text = next(check["sqltext"] for check in checks if check["name"] == str(name))
    allowed = ", ".join(f"'{letter}'" for letter in change(re.findall(r"'([a-z-]+)'", text)))
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"letter IN ({allowed})")


def _make_interests() -> None:
    kind = sa.Enum(
        "authority", "supplier", "case", name="interestkind", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "interests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("blocks_until", sa.Date(), nullable=True),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawal_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'authority') = (authority_id IS NOT NULL)", name=op.f("ck_interests_authority_is_named")
        ),
        sa.CheckConstraint("(kind = 'case') = (case_id IS NOT NULL)", name=op.f("ck_interests_case_is_named")),
        sa.CheckConstraint("(ends_on IS NULL) = (blocks_until IS NULL)", name=op.f("ck_interests_ends_for_both")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_interests_ends_after_it_starts")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_interests_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_interests_authority_id_authorities")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_interests_case_id_cases")),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_interests_data_key_id_data_keys")),
        sa.ForeignKeyConstraint(["declared_by"], ["users.id"], name=op.f("fk_interests_declared_by_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_interests_user_id_users")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["users.id"], name=op.f("fk_interests_withdrawn_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
    )
    for column in ("user_id", "authority_id", "case_id", "blocks_until"):
        op.create_index(op.f(f"ix_interests_{column}"), "interests", [column])


def _make_marks() -> None:
    for table, column, other in (
        ("interest_marks", "interest_id", "interests"),
        ("supplier_marks", "report_id", "reports"),
    ):
        op.create_table(
            table,
            sa.Column(column, sa.Uuid(), nullable=False),
            sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(column, "digest", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_digest"), table, ["digest"])


def _make_need_to_know() -> None:
    op.create_table(
        "case_recusals",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("interest_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_recusals_case_id_cases")),
        sa.ForeignKeyConstraint(["interest_id"], ["interests.id"], name=op.f("fk_case_recusals_interest_id_interests")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_recusals_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "case_id", "interest_id", name=op.f("pk_case_recusals")),
    )
    op.create_index("ix_case_recusals_case_id", "case_recusals", ["case_id"])
    op.create_index(op.f("ix_case_recusals_interest_id"), "case_recusals", ["interest_id"])
    op.create_table(
        "case_declarations",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_case_declarations_authority_id_authorities")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_declarations_case_id_cases")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_declarations_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "case_id", name=op.f("pk_case_declarations")),
    )
    op.create_table(
        "emergency_accesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("given_back_at", sa.DateTime(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("until > opened_at", name=op.f("ck_emergency_accesses_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_emergency_accesses_case_id_cases")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_emergency_accesses_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_accesses")),
    )
    op.create_index(op.f("ix_emergency_accesses_case_id"), "emergency_accesses", ["case_id"])
    op.create_index(op.f("ix_emergency_accesses_opened_at"), "emergency_accesses", ["opened_at"])


def _make_reveals() -> None:
    op.create_table(
        "identity_reveals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("closes_at >= revealed_at", name=op.f("ck_identity_reveals_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_identity_reveals_report_id_reports")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_identity_reveals_case_id_cases")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_identity_reveals_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_reveals")),
    )
    op.create_index("ix_identity_reveals_report_user", "identity_reveals", ["report_id", "user_id", "closes_at"])
    op.create_index(op.f("ix_identity_reveals_case_id"), "identity_reveals", ["case_id"])
    op.create_index(op.f("ix_identity_reveals_revealed_at"), "identity_reveals", ["revealed_at"])
