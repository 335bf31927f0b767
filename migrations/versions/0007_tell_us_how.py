"""Tell us how: drafts, events, imposing bodies, due answers, closing, replies, and what is published of it.

Revision ID: 0007
Revises: 0006
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OLD_STATES = ("received", "routed", "answered", "published")
STATES = (*OLD_STATES, "closed")
OLD_FORCES = (
    "standing-orders",
    "legal-advice",
    "insurer",
    "central-policy",
    "template",
    "funder",
    "audit",
    "other",
)
FORCES = (
    "standing-orders",
    "legal-advice",
    "insurer",
    "central-policy",
    "template",
    "funder",
    "audit",
    "committee",
    "other",
)
RESULTS = ("changed", "will-change", "not-required", "stays", "advice")
HELPED = ("yes", "partly", "no")
BANDS = ("under-30k", "30k-to-150k", "150k-to-1m", "1m-to-10m", "over-10m", "unknown")
TEXT_STATES = ("draft", "awaiting-approval", "published", "withdrawn")
NEW_LETTERS = ("answer-overdue", "commissioner-wrote")
CHECKS = {
    "closed_has_a_day": "(state = 'closed') = (closed_on IS NOT NULL)",
    "value_is_not_negative": "value_pence IS NULL OR value_pence >= 0",
    "tenders_are_counted": "tenders IS NULL OR tenders > 0",
}
NEW_COLUMNS = (
    "rule_id", "body_id", "value_pence", "tenders", "answer_due_on", "overdue_noted", "result", "closed_on", "helped", "waits_for_us"
)  # fmt: skip


def upgrade() -> None:
    """Let a suggestion be closed and say more, and make the tables."""
    _change_checks(STATES, FORCES, "state NOT IN ('answered', 'published') OR answered_on IS NOT NULL")
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule_id", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("body_id", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("value_pence", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("tenders", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answer_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("overdue_noted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("result", _kind("answerresult", *RESULTS), nullable=True))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("helped", _kind("helped", *HELPED), nullable=True))
        batch_op.add_column(sa.Column("waits_for_us", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.alter_column("body_id", server_default=None)
        batch_op.alter_column("waits_for_us", server_default=None)
        batch_op.alter_column("overdue_noted", server_default=None)
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_suggestions_{name}"), condition)
        batch_op.create_index("ix_suggestions_rule", ["rule_id", "received_on"])
        batch_op.create_index("ix_suggestions_due", ["state", "answer_due_on"])
    _make_drafts_and_events()
    _make_texts()
    _allow_letters(lambda there: [*there, *(letter for letter in NEW_LETTERS if letter not in there)])


def downgrade() -> None:
    """Drop the tables and columns; a suggestion that is closed or forced by a committee stands in the way."""
    op.execute(sa.text("DELETE FROM outbox_messages WHERE letter IN ('answer-overdue', 'commissioner-wrote')"))
    _allow_letters(lambda there: [letter for letter in there if letter not in NEW_LETTERS])
    for table in ("published_suggestions", "suggestion_texts", "suggestion_drafts", "suggestion_events"):
        op.drop_table(table)
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_index("ix_suggestions_due")
        batch_op.drop_index("ix_suggestions_rule")
        for name in (*CHECKS, "answerresult", "helped"):
            batch_op.drop_constraint(op.f(f"ck_suggestions_{name}"), type_="check")
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        for column in NEW_COLUMNS:
            batch_op.drop_column(column)
    _change_checks(OLD_STATES, OLD_FORCES, "(state IN ('answered', 'published')) = (answered_on IS NOT NULL)")


def _change_checks(states: tuple[str, ...], forces: tuple[str, ...], answered: str) -> None:
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        for name, condition in {
            "suggestionstate": f"state IN ({_listed(states)})",
            "forcedby": f"forced_by IN ({_listed(forces)})",
            "answered_has_a_day": answered,
        }.items():
            batch_op.drop_constraint(op.f(f"ck_suggestions_{name}"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_suggestions_{name}"), condition)


def _allow_letters(change: Callable[[list[str]], list[str]]) -> None:
    """Change which letters the outbox takes; the others that are allowed are read from the database."""
    name = op.f("ck_outbox_messages_letter")
    checks = sa.inspect(op.get_bind()).get_check_constraints("outbox_messages")
    text = next(check["sqltext"] for check in checks if check["name"] == str(name))
    allowed = change(re.findall(r"'([a-z-]+)'", text))
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"letter IN ({_listed(tuple(allowed))})")


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_drafts_and_events() -> None:
    op.create_table(
        "suggestion_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_mac", sa.LargeBinary(length=32), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("submitted_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "submitted_id IS NULL OR content_sealed IS NULL",
            name=op.f("ck_suggestion_drafts_submitted_keeps_no_content"),
        ),
        sa.CheckConstraint(
            "(content_sealed IS NULL) = (code_mac IS NULL)", name=op.f("ck_suggestion_drafts_content_has_a_code")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_suggestion_drafts_data_key_id_data_keys")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_id"], ["suggestions.id"], name=op.f("fk_suggestion_drafts_submitted_id_suggestions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_drafts")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_suggestion_drafts_code_mac")),
    )
    op.create_index(op.f("ix_suggestion_drafts_expires_on"), "suggestion_drafts", ["expires_on"])
    op.create_table(
        "suggestion_events",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("happened_at", sa.DateTime(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name=op.f("fk_suggestion_events_suggestion_id_suggestions")
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_suggestion_events")),
        sa.UniqueConstraint("id", name=op.f("uq_suggestion_events_id")),
    )
    op.create_index("ix_suggestion_events_suggestion", "suggestion_events", ["suggestion_id", "sequence"])


def _make_texts() -> None:
    op.create_table(
        "suggestion_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), nullable=False),
        sa.Column("state", _kind("textstate", *TEXT_STATES), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id", name=op.f("ck_suggestion_texts_second_person")
        ),
        sa.CheckConstraint(
            "state <> 'published' OR approver_id IS NOT NULL", name=op.f("ck_suggestion_texts_approved_by_somebody")
        ),
        sa.ForeignKeyConstraint(["approver_id"], ["users.id"], name=op.f("fk_suggestion_texts_approver_id_users")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_suggestion_texts_author_id_users")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name=op.f("fk_suggestion_texts_suggestion_id_suggestions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_texts")),
        sa.UniqueConstraint("suggestion_id", name=op.f("uq_suggestion_texts_suggestion_id")),
    )
    op.create_index("ix_suggestion_texts_state", "suggestion_texts", ["state", "changed_at", "id"])
    op.create_table(
        "published_suggestions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_reference", sa.String(length=20), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("corrected_period", sa.Integer(), nullable=True),
        sa.Column("withdrawn_period", sa.Integer(), nullable=True),
        sa.Column("forced_by", _kind("forcedby", *FORCES), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=True),
        sa.Column("body_name", sa.String(length=200), nullable=False),
        sa.Column("value_band", _kind("valueband", *BANDS), nullable=False),
        sa.Column("result", _kind("answerresult", *RESULTS), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("said_text", sa.Text(), nullable=False),
        sa.Column("done_text", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "withdrawn_period IS NULL OR (title = '' AND said_text = '' AND done_text = '' AND search_text = '')",
            name=op.f("ck_published_suggestions_withdrawn_has_no_words"),
        ),
        sa.CheckConstraint("period % 100 BETWEEN 1 AND 12", name=op.f("ck_published_suggestions_period_is_a_month")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name=op.f("fk_published_suggestions_suggestion_id_suggestions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_suggestions")),
        sa.UniqueConstraint("public_reference", name=op.f("uq_published_suggestions_public_reference")),
        sa.UniqueConstraint("suggestion_id", name=op.f("uq_published_suggestions_suggestion_id")),
    )
    op.create_index("ix_published_suggestions_period", "published_suggestions", ["period", "public_reference"])
