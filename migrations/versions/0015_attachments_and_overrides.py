"""Files that go with messages, and texts that a second person may let past the disclosure gate.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OVERRIDES = "gate_overrides"
STATES = ("waiting", "allowed", "refused")
CHECKS = {
    "staff_send_with_a_message": "NOT to_reporter OR message_id IS NOT NULL",
    "only_evidence_released": "NOT to_reporter OR released_at IS NULL",
}


def upgrade() -> None:
    """Let files belong to a message, in either direction; those there are came without one."""
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("to_reporter", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(op.f("fk_evidence_files_message_id_messages"), "messages", ["message_id"], ["id"])
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_evidence_files_{name}"), condition)
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        batch_op.alter_column("to_reporter", server_default=None)
    op.create_index(op.f("ix_evidence_files_message_id"), "evidence_files", ["message_id"])
    _make_overrides()


def _make_overrides() -> None:
    state = sa.Enum(*STATES, name="overridestate", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        OVERRIDES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_gate_overrides_decided_at_a_time")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_gate_overrides_decided_by_a_person")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id",
            name=op.f("ck_gate_overrides_decided_by_a_second_person"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_gate_overrides_case_id_cases")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_gate_overrides_asked_by_id_users")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_gate_overrides_decided_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_overrides")),
    )
    for name in ("case_id", "digest", "state"):
        op.create_index(op.f(f"ix_gate_overrides_{name}"), OVERRIDES, [name])


def downgrade() -> None:
    """Drop the columns, and with them what staff sent: a file without its message would pass for evidence."""
    op.drop_table(OVERRIDES)
    op.execute("DELETE FROM evidence_files WHERE to_reporter")
    op.drop_index(op.f("ix_evidence_files_message_id"), table_name="evidence_files")
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_evidence_files_{name}"), type_="check")
        batch_op.drop_constraint(op.f("fk_evidence_files_message_id_messages"), type_="foreignkey")
        batch_op.drop_column("to_reporter")
        batch_op.drop_column("message_id")
