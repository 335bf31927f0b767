"""Files that go with messages.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

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


def downgrade() -> None:
    """Drop the columns, and with them what staff sent: a file without its message would pass for evidence."""
    op.execute("DELETE FROM evidence_files WHERE to_reporter")
    op.drop_index(op.f("ix_evidence_files_message_id"), table_name="evidence_files")
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_evidence_files_{name}"), type_="check")
        batch_op.drop_constraint(op.f("fk_evidence_files_message_id_messages"), type_="foreignkey")
        batch_op.drop_column("to_reporter")
        batch_op.drop_column("message_id")
