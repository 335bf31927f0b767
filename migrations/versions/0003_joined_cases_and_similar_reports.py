"""Joined cases, where reports have been, marks of similar reports, what staff made of them.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STANDING = sa.text("undone_at IS NULL")
OLD_STATES = (
    "received",
    "acknowledged",
    "triage",
    "more-information",
    "closed-no-reply",
    "out-of-scope",
    "referred",
    "accepted",
    "authority-contacted",
    "formal-notice",
    "non-compliant",
    "responded",
    "assessment",
    "intervention",
    "outcome-recorded",
    "supplier-told",
    "ready-to-publish",
    "withheld",
    "published",
    "follow-up-due",
    "implemented",
    "partly-implemented",
    "not-implemented",
    "closed",
    "reopened",
    "withdrawn",
)
STATES = (*OLD_STATES, "joined")
OLD_KINDS = (
    "call",
    "letter",
    "meeting",
    "information-request",
    "formal-notice-s40",
    "formal-notice-s108",
    "live-tender-changed",
    "other",
)
KINDS = (*OLD_KINDS, "referral")


def upgrade() -> None:
    """Let a case be joined and a pattern be referred, and make the tables."""
    _allow("cases", "state", "casestate", STATES)
    _allow("interventions", "kind", "interventionkind", KINDS)
    _make_joins()
    _make_similar()


def downgrade() -> None:
    """Drop the tables; a case that is joined stands in the way, because its reports are in another."""
    for table in ("pattern_decisions", "case_relations", "report_marks", "report_stays", "case_joins"):
        op.drop_table(table)
    _allow("interventions", "kind", "interventionkind", OLD_KINDS)
    _allow("cases", "state", "casestate", OLD_STATES)


def _allow(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({allowed})")


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_joins() -> None:
    op.create_table(
        "case_joins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("joined_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.Column("joined_by", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("state_before", _kind("casestate", *STATES), nullable=False),
        sa.Column("step_due_before", sa.Date(), nullable=True),
        sa.Column("carried_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_case_joins_undone_by_somebody")),
        sa.CheckConstraint("kept_id <> joined_id", name=op.f("ck_case_joins_two_cases")),
        sa.ForeignKeyConstraint(["joined_by"], ["users.id"], name=op.f("fk_case_joins_joined_by_users")),
        sa.ForeignKeyConstraint(["joined_id"], ["cases.id"], name=op.f("fk_case_joins_joined_id_cases")),
        sa.ForeignKeyConstraint(["kept_id"], ["cases.id"], name=op.f("fk_case_joins_kept_id_cases")),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_case_joins_undone_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_joins")),
    )
    op.create_index(op.f("ix_case_joins_kept_id"), "case_joins", ["kept_id"])
    op.create_index(
        "uq_case_joins_standing",
        "case_joins",
        ["joined_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "report_stays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("since_sequence", sa.Integer(), nullable=False),
        sa.Column("until_sequence", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_report_stays_case_id_cases")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_report_stays_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_stays")),
    )
    op.create_index(op.f("ix_report_stays_case_id"), "report_stays", ["case_id"])
    op.create_index("ix_report_stays_report", "report_stays", ["report_id", "since_sequence"])


def _make_similar() -> None:
    op.create_table(
        "report_marks",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=12), nullable=False),
        sa.Column("kind", _kind("markkind", "notice", "text-band"), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_marks_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "mark", name=op.f("pk_report_marks")),
    )
    op.create_index(op.f("ix_report_marks_mark"), "report_marks", ["mark"])
    op.create_table(
        "case_relations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _kind("relationkind", "linked", "not-similar"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_case_relations_undone_by_somebody")
        ),
        sa.CheckConstraint("case_id <> other_id", name=op.f("ck_case_relations_two_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_relations_case_id_cases")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_case_relations_made_by_users")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_case_relations_other_id_cases")),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name=op.f("fk_case_relations_undone_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_relations")),
    )
    op.create_index(op.f("ix_case_relations_other_id"), "case_relations", ["other_id"])
    op.create_index(
        "uq_case_relations_standing",
        "case_relations",
        ["case_id", "other_id", "kind"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "pattern_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("answer", _kind("patternanswer", "referred", "dismissed"), nullable=False),
        sa.Column("upheld_cases", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_pattern_decisions_authority_id_authorities")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pattern_decisions_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_pattern_decisions_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_decisions")),
    )
    op.create_index("ix_pattern_decisions_pattern", "pattern_decisions", ["authority_id", "rule_id", "decided_at"])
