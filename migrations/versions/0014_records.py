"""Legal holds, retention batches, cases whose content was erased, and requests for information.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and a day of erasure on cases."""
    op.add_column("cases", sa.Column("erased_on", sa.Date(), nullable=True))
    _make_holds()
    _make_batches()
    _make_requests()


def downgrade() -> None:
    """Drop the tables; what was erased stays erased."""
    requests = ("request_packs", "request_cases", "request_pauses", "info_requests")
    for table in (*requests, "retention_items", "retention_batches", "legal_holds"):
        op.drop_table(table)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("erased_on")


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_holds() -> None:
    scopes = ("case", "report", "authority", "everything")
    grounds = ("foi", "subject-access", "litigation", "inquiry", "audit", "other")
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", _words(scopes, "holdscope"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("ground", _words(grounds, "holdground"), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", sa.DateTime(), nullable=False),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lift_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(scope = 'everything') = (subject_id IS NULL)", name=op.f("ck_legal_holds_everything_has_no_subject")
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_legal_holds_lifted_by_somebody")
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lift_reason_sealed IS NULL)", name=op.f("ck_legal_holds_lifted_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_legal_holds_data_key_id_data_keys")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["users.id"], name=op.f("fk_legal_holds_placed_by_id_users")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["users.id"], name=op.f("fk_legal_holds_lifted_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_legal_holds_submission_id")),
    )
    op.create_index("ix_legal_holds_subject", "legal_holds", ["scope", "subject_id", "lifted_at"])


def _make_batches() -> None:
    op.create_table(
        "retention_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.String(length=40), nullable=False),
        sa.Column("schedule_version", sa.String(length=40), nullable=False),
        sa.Column("due_until", sa.Date(), nullable=False),
        sa.Column("state", _words(("proposed", "approved", "done", "cancelled"), "batchstate"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("certificate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_retention_batches_two_reviewers"),
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_retention_batches_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'done') OR approved_at IS NOT NULL",
            name=op.f("ck_retention_batches_approved_before_done"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (finished_at IS NOT NULL)", name=op.f("ck_retention_batches_done_has_a_moment")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (certificate IS NOT NULL)", name=op.f("ck_retention_batches_done_has_a_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_retention_batches_proposed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["users.id"], name=op.f("fk_retention_batches_approved_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_batches")),
        sa.UniqueConstraint("number", name=op.f("uq_retention_batches_number")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_retention_batches_submission_id")),
    )
    op.create_index(op.f("ix_retention_batches_state"), "retention_batches", ["state"])
    op.create_table(
        "retention_items",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", _words(("waiting", "erased", "held", "not-due"), "itemstate"), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (done_at IS NULL)", name=op.f("ck_retention_items_done_has_a_moment")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["retention_batches.id"], name=op.f("fk_retention_items_batch_id_retention_batches")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_retention_items_case_id_cases")),
        sa.PrimaryKeyConstraint("batch_id", "case_id", name=op.f("pk_retention_items")),
    )
    op.create_index("ix_retention_items_batch_state", "retention_items", ["batch_id", "state"])
    op.create_index(op.f("ix_retention_items_case_id"), "retention_items", ["case_id"])


def _make_requests() -> None:
    decisions = ("given", "given-in-part", "refused", "nothing-held", "withdrawn")
    op.create_table(
        "info_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("kind", _words(("foi", "subject-access"), "requestkind"), nullable=False),
        sa.Column("about", _words(("reporter", "named-person"), "requester"), nullable=True),
        sa.Column("state", _words(("open", "clarifying", "answered", "review"), "requeststate"), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("identity_checked_on", sa.Date(), nullable=True),
        sa.Column("exemption_ids", sa.JSON(), nullable=False),
        sa.Column("decision", _words(decisions, "decision"), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'subject-access') = (about IS NOT NULL)",
            name=op.f("ck_info_requests_subject_access_is_about_somebody"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_on IS NULL)", name=op.f("ck_info_requests_decided_has_a_day")
        ),
        sa.CheckConstraint(
            "state NOT IN ('answered', 'review') OR decision IS NOT NULL",
            name=op.f("ck_info_requests_answered_was_decided"),
        ),
        sa.CheckConstraint(
            "(state = 'review') = (review_due_on IS NOT NULL AND reviewed_on IS NULL)",
            name=op.f("ck_info_requests_review_runs"),
        ),
        sa.CheckConstraint(
            "kind = 'subject-access' OR is_extended = false",
            name=op.f("ck_info_requests_only_subject_access_is_extended"),
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_info_requests_recorded_by_id_users")),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_info_requests_data_key_id_data_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_info_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_info_requests_reference")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_info_requests_submission_id")),
    )
    op.create_index("ix_info_requests_due", "info_requests", ["state", "due_on"])
    _make_parts_of_requests()


def _make_parts_of_requests() -> None:
    waiting = sa.text("answered_on IS NULL")
    op.create_table(
        "request_pauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= asked_on", name=op.f("ck_request_pauses_answered_after_asked")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["info_requests.id"], name=op.f("fk_request_pauses_request_id_info_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_pauses")),
    )
    op.create_index(op.f("ix_request_pauses_request_id"), "request_pauses", ["request_id"])
    op.create_index(
        "uq_request_pauses_waiting",
        "request_pauses",
        ["request_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "request_cases",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["info_requests.id"], name=op.f("fk_request_cases_request_id_info_requests")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_request_cases_case_id_cases")),
        sa.ForeignKeyConstraint(["hold_id"], ["legal_holds.id"], name=op.f("fk_request_cases_hold_id_legal_holds")),
        sa.PrimaryKeyConstraint("request_id", "case_id", name=op.f("pk_request_cases")),
    )
    op.create_index(op.f("ix_request_cases_case_id"), "request_cases", ["case_id"])
    op.create_table(
        "request_packs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("built_at", sa.DateTime(), nullable=False),
        sa.Column("built_by_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("pack_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["info_requests.id"], name=op.f("fk_request_packs_request_id_info_requests")
        ),
        sa.ForeignKeyConstraint(["built_by_id"], ["users.id"], name=op.f("fk_request_packs_built_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_packs")),
    )
    op.create_index(op.f("ix_request_packs_request_id"), "request_packs", ["request_id"])
