"""What is done to several cases at once, so that it can be undone; saved views of the list.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = ("view_looks", "saved_views", "bulk_items", "bulk_actions")


def upgrade() -> None:
    """Make the tables."""
    _make_bulk_actions()
    _make_bulk_items()
    _make_views()


def downgrade() -> None:
    """Drop the tables; what was done stays in the events of the cases."""
    for table in TABLES:
        op.drop_table(table)


def _key(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def _named(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_bulk_actions() -> None:
    op.create_table(
        "bulk_actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _named("bulkkind", "assign", "label", "unlabel", "task"), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('label', 'unlabel')) = (label_id IS NOT NULL)", name=op.f("ck_bulk_actions_names_a_label")
        ),
        _key("bulk_actions", "user_id", "users"),
        _key("bulk_actions", "label_id", "labels"),
        _key("bulk_actions", "owner_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_actions")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_bulk_actions_submission_id")),
    )
    op.create_index(op.f("ix_bulk_actions_user_id"), "bulk_actions", ["user_id"])


def _make_bulk_items() -> None:
    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ended", _named("bulkend", "done", "refused", "undone", "kept"), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("old_owner_id", sa.Uuid(), nullable=True),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=True),
        _key("bulk_items", "bulk_id", "bulk_actions", ondelete="CASCADE"),
        _key("bulk_items", "case_id", "cases"),
        _key("bulk_items", "old_owner_id", "users"),
        sa.PrimaryKeyConstraint("bulk_id", "case_id", name=op.f("pk_bulk_items")),
    )
    op.create_index(op.f("ix_bulk_items_case_id"), "bulk_items", ["case_id"])


def _make_views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("saved_views", "owner_id", "users"),
        _key("saved_views", "data_key_id", "data_keys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index(op.f("ix_saved_views_owner_id"), "saved_views", ["owner_id"])
    op.create_table(
        "view_looks",
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seen_sequence", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        _key("view_looks", "view_id", "saved_views", ondelete="CASCADE"),
        _key("view_looks", "user_id", "users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("view_id", "user_id", name=op.f("pk_view_looks")),
    )
    op.create_index(op.f("ix_view_looks_user_id"), "view_looks", ["user_id"])
