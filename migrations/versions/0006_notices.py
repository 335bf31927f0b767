"""Notices, their frozen copies, and which notice a case is about.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FROZEN = ("notice_versions", "notice_receipts", "notice_keys")
REFUSAL = "frozen copies of notices are append only"


def upgrade() -> None:
    """Make the tables, and let the database itself refuse to change or delete a frozen copy."""
    _make_notices()
    _make_links()
    for table in FROZEN:
        for statement in _guards(table):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables; their triggers go with them."""
    op.drop_table("case_notices")
    for table in reversed(FROZEN):
        op.drop_table(table)
    op.drop_table("notices")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS notice_copies_refuse()")


def _guards(table: str) -> tuple[str, ...]:
    if op.get_bind().dialect.name == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in ("UPDATE", "DELETE")
        )
    refuse = f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    runs = "EXECUTE FUNCTION notice_copies_refuse()"
    return (
        f"CREATE OR REPLACE FUNCTION notice_copies_refuse() RETURNS trigger LANGUAGE plpgsql AS {refuse}",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {runs}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {runs}",
    )


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_notices() -> None:
    services = ("find-a-tender", "contracts-finder", "public-contracts-scotland", "sell2wales", "other")
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ocid", sa.String(length=120), nullable=False),
        sa.Column("dialect", _kind("dialect", *services), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("buyer_name", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("tags", sa.String(length=300), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("ocid", name=op.f("uq_notices_ocid")),
    )
    op.create_index(op.f("ix_notices_dialect"), "notices", ["dialect"])
    op.create_index("ix_notices_order", "notices", ["released_on", "id"])
    op.create_table(
        "notice_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("tags", sa.String(length=300), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_versions_notice_id_notices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_versions")),
        sa.UniqueConstraint("sha256", name=op.f("uq_notice_versions_sha256")),
    )
    op.create_index("ix_notice_versions_order", "notice_versions", ["notice_id", "released_at"])
    op.create_table(
        "notice_receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("origin", _kind("origin", "imported", "added", "fetched"), nullable=False),
        sa.Column("came_from", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["notice_versions.id"], name=op.f("fk_notice_receipts_version_id_notice_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_receipts")),
        sa.UniqueConstraint("version_id", "origin", name=op.f("uq_notice_receipts_version_id_origin")),
    )
    op.create_table(
        "notice_keys",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["notice_versions.id"], name=op.f("fk_notice_keys_version_id_notice_versions")
        ),
        sa.PrimaryKeyConstraint("key", "version_id", name=op.f("pk_notice_keys")),
    )
    op.create_index(op.f("ix_notice_keys_version_id"), "notice_keys", ["version_id"])


def _make_links() -> None:
    op.create_table(
        "case_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        sa.Column("linked_by", sa.String(length=60), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(), nullable=True),
        sa.Column("unlinked_by", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(unlinked_at IS NULL) = (unlinked_by IS NULL)", name=op.f("ck_case_notices_unlinked_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notices_case_id_cases")),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_case_notices_data_key_id_data_keys")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_case_notices_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notices")),
    )
    for column in ("case_id", "report_id"):
        op.create_index(op.f(f"ix_case_notices_{column}"), "case_notices", [column])
