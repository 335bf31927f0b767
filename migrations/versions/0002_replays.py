"""Versions of the catalogue, the facts of each case in one piece, and replays.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "catalogue_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("origin", one_of("origin", "figure", "pack", "release"), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("rule_versions", sa.JSON(), nullable=False),
        sa.Column("shipped_version", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_catalogue_versions")),
    )
    op.create_table(
        "case_snapshots",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("catalogue_number", sa.Integer(), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_snapshots_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_snapshots")),
    )
    with op.batch_alter_table("case_snapshots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_snapshots_catalogue_number"), ["catalogue_number"], unique=False)
    op.create_table(
        "replays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            one_of("replaystate", "comparing", "compared", "applying", "applied", "discarded"),
            nullable=False,
        ),
        sa.Column("origin", one_of("origin", "figure", "pack", "release"), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("applied_by", sa.String(length=60), nullable=True),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('applying', 'applied')) = (number IS NOT NULL)", name=op.f("ck_replays_applied_has_a_number")
        ),
        sa.CheckConstraint("(number IS NULL) = (applied_at IS NULL)", name=op.f("ck_replays_applied_has_a_moment")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_replays_created_by_users")),
        sa.ForeignKeyConstraint(
            ["number"], ["catalogue_versions.number"], name=op.f("fk_replays_number_catalogue_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replays")),
    )
    with op.batch_alter_table("replays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replays_state"), ["state"], unique=False)
    op.create_table(
        "replay_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("replay_id", sa.Uuid(), nullable=False),
        sa.Column("phase", one_of("phase", "compared", "applied"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("change", one_of("change", "appears", "vanishes", "rises", "falls", "other"), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("old_outcome", sa.String(length=20), nullable=True),
        sa.Column("old_severity", sa.Integer(), nullable=True),
        sa.Column("new_outcome", sa.String(length=20), nullable=True),
        sa.Column("new_severity", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_replay_changes_case_id_cases")),
        sa.ForeignKeyConstraint(["replay_id"], ["replays.id"], name=op.f("fk_replay_changes_replay_id_replays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_changes")),
        sa.UniqueConstraint(
            "replay_id",
            "phase",
            "case_id",
            "rule_id",
            name=op.f("uq_replay_changes_replay_id_phase_case_id_rule_id"),
        ),
    )
    with op.batch_alter_table("replay_changes", schema=None) as batch_op:
        batch_op.create_index("ix_replay_changes_listed", ["replay_id", "phase", "serial", "rule_id"], unique=False)
        batch_op.create_index("ix_replay_changes_case_id", ["case_id"], unique=False)
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule_now_version", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("rule_now_outcome", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("rule_now_severity", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_flags_only_a_decision_is_kept"), "rule_now_outcome IS NULL OR decision <> 'undecided'"
        )


def downgrade() -> None:
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_flags_only_a_decision_is_kept"), type_="check")
        batch_op.drop_column("rule_now_severity")
        batch_op.drop_column("rule_now_outcome")
        batch_op.drop_column("rule_now_version")
    op.drop_table("replay_changes")
    op.drop_table("replays")
    op.drop_table("case_snapshots")
    op.drop_table("catalogue_versions")
