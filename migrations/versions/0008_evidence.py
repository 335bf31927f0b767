"""Evidence: files of drafts and reports. Their bytes lie in the store, sealed.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("pdf", "png", "jpeg", "gif", "webp", "docx", "xlsx", "pptx", "odt", "ods", "txt", "csv", "eml")
SCANS = ("waiting", "clean", "infected", "unscanned")
COPIES = ("waiting", "cleaned", "cannot-be-cleaned")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("kind", KINDS), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("content_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("object_name", sa.String(length=64), nullable=False),
        sa.Column("scan_state", _enum("scanstate", SCANS), nullable=False),
        sa.Column("copy_state", _enum("copystate", COPIES), nullable=False),
        sa.Column("copy_name", sa.String(length=64), nullable=True),
        sa.Column("copy_size", sa.Integer(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("copy_note", sa.String(length=200), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=False),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(draft_id IS NULL) <> (report_id IS NULL)", name=op.f("ck_evidence_files_one_holder")),
        sa.CheckConstraint("(copy_name IS NULL) = (copy_size IS NULL)", name=op.f("ck_evidence_files_copy_has_a_size")),
        sa.CheckConstraint(
            "text_sealed IS NULL OR copy_name IS NOT NULL", name=op.f("ck_evidence_files_text_of_a_copy")
        ),
        sa.CheckConstraint(
            "(copy_state = 'cleaned') = (copy_name IS NOT NULL)", name=op.f("ck_evidence_files_cleaned_has_a_copy")
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL)", name=op.f("ck_evidence_files_release_has_a_person")
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR copy_state = 'cleaned'", name=op.f("ck_evidence_files_only_cleaned_released")
        ),
        sa.CheckConstraint(
            "scan_state IN ('clean', 'unscanned') OR released_at IS NULL",
            name=op.f("ck_evidence_files_only_scanned_released"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_evidence_files_draft_id_drafts")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_evidence_files_report_id_reports")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_evidence_files_data_key_id_data_keys")
        ),
        sa.ForeignKeyConstraint(["released_by_id"], ["users.id"], name=op.f("fk_evidence_files_released_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint("content_mac", name=op.f("uq_evidence_files_content_mac")),
        sa.UniqueConstraint("object_name", name=op.f("uq_evidence_files_object_name")),
        sa.UniqueConstraint("copy_name", name=op.f("uq_evidence_files_copy_name")),
    )
    op.create_index(op.f("ix_evidence_files_draft_id"), "evidence_files", ["draft_id"])
    op.create_index(op.f("ix_evidence_files_report_id"), "evidence_files", ["report_id"])
    op.create_index("ix_evidence_files_due", "evidence_files", ["scan_state", "copy_state", "next_try_at"])


def downgrade() -> None:
    """Drop the table. The stored files are swept by hand: nothing names them any more, nor can anybody read them."""
    op.drop_table("evidence_files")
