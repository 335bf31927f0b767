"""Referrals, the register of the Right to Provide with what was said in 2012, and pathfinder mutuals as reporters.

Revision ID: 0005
Revises: 0004
"""

import uuid
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OLD_KINDS = (
    "small-business",
    "mutual",
    "prospective-mutual",
    "social-enterprise",
    "trade-body",
    "larger-business",
    "someone-else",
)
KINDS = (*OLD_KINDS, "pathfinder-mutual")
SOURCE = "Cabinet Office, Right to Provide: where each department stands (2012)"
SAID_ON = date(2012, 1, 1)
RECORDED_AT = datetime(2026, 11, 25, tzinfo=UTC).replace(tzinfo=None)
STAGES_2012 = (
    ("Further Education", "", "starting", ""),
    ("Home Office", "", "not-started", ""),
    ("Ministry of Justice", "", "starting", ""),
    ("Department for Work and Pensions", "", "not-started", ""),
    ("Department for Education", "Youth services", "starting", ""),
    ("Department for Education", "Social work", "starting", ""),
    ("Department for Education", "Children's centres", "not-started", ""),
    ("Department of Health", "Right to Request", "near-completion", "40 services"),
)
"""Department, service, stage and detail, as the Cabinet Office gave them."""
NAMESPACE = uuid.UUID("5d0c6c4e-4a0b-5c53-9f0e-0b1b2f3a4c5d")


def upgrade() -> None:
    """Make the tables, put the stages of 2012 on record, and let a pathfinder mutual report."""
    _allow_kinds(KINDS)
    _make_referrals()
    _make_stages()


def downgrade() -> None:
    """Drop the tables; a pathfinder mutual becomes a mutual again."""
    op.drop_table("provide_stages")
    op.drop_table("referrals")
    op.execute("UPDATE reports SET reporter_kind = 'mutual' WHERE reporter_kind = 'pathfinder-mutual'")
    _allow_kinds(OLD_KINDS)


def _allow_kinds(values: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_reports_reporterkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_reports_reporterkind"), f"reporter_kind IN ({allowed})")


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_referrals() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            _kind("referralstate", "asked", "agreed", "declined", "made", "answered", "withdrawn"),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("consent_how", _kind("consenthow", "receipt", "phone", "letter", "email", "meeting"), nullable=True),
        sa.Column("consent_by", sa.Uuid(), nullable=True),
        sa.Column("shares_contact", sa.Boolean(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column(
            "result", _kind("referralresult", "helping", "advice", "could-not", "no-contact", "other"), nullable=True
        ),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'made', 'answered') OR consent_on IS NOT NULL",
            name=op.f("ck_referrals_passed_on_with_consent"),
        ),
        sa.CheckConstraint("(consent_on IS NULL) = (consent_how IS NULL)", name=op.f("ck_referrals_consent_says_how")),
        sa.CheckConstraint(
            "shares_contact = false OR consent_on IS NOT NULL", name=op.f("ck_referrals_contact_with_consent")
        ),
        sa.CheckConstraint(
            "state NOT IN ('made', 'answered') OR made_on IS NOT NULL", name=op.f("ck_referrals_made_has_a_day")
        ),
        sa.CheckConstraint("made_on IS NULL OR made_on >= consent_on", name=op.f("ck_referrals_made_after_consent")),
        sa.CheckConstraint(
            "(state = 'answered') = (result IS NOT NULL)", name=op.f("ck_referrals_answered_has_a_result")
        ),
        sa.CheckConstraint("(result IS NULL) = (result_on IS NULL)", name=op.f("ck_referrals_result_has_a_day")),
        sa.ForeignKeyConstraint(["consent_by"], ["users.id"], name=op.f("fk_referrals_consent_by_users")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_referrals_proposed_by_users")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_referrals_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_referrals_submission_id")),
    )
    op.create_index("ix_referrals_report_proposed", "referrals", ["report_id", "proposed_at"])


def _make_stages() -> None:
    table = op.create_table(
        "provide_stages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(length=120), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column(
            "stage",
            _kind("stage", "not-started", "starting", "under-way", "near-completion", "complete", "stopped"),
            nullable=False,
        ),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("year_only", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name=op.f("ck_provide_stages_taken_back_by_somebody")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_provide_stages_recorded_by_users")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["users.id"], name=op.f("fk_provide_stages_taken_back_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provide_stages")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_provide_stages_submission_id")),
    )
    op.create_index("ix_provide_stages_department", "provide_stages", ["department", "service", "said_on"])
    op.bulk_insert(table, [_stage_row(*stage) for stage in STAGES_2012])


def _stage_row(department: str, service: str, stage: str, detail: str) -> dict[str, object]:
    return {
        "id": uuid.uuid5(NAMESPACE, f"{department} {service}"),
        "submission_id": uuid.uuid5(NAMESPACE, f"form of {department} {service}"),
        "department": department,
        "service": service,
        "stage": stage,
        "detail": detail,
        "said_on": SAID_ON,
        "year_only": True,
        "source": SOURCE,
        "address": "",
        "recorded_at": RECORDED_AT,
        "recorded_by": None,
        "taken_back_at": None,
        "taken_back_by": None,
    }
