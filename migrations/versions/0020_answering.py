"""The authority answers here: what it is asked, who may answer, what they ask of us, and their files and letters.

Revision ID: 0020
Revises: 0019
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LETTERS = ("answer-invited", "answer-update")
KINDS = ("clarification", "more-time", "colleague", "answer", "reply")
DECISIONS = ("answered", "granted", "refused", "read")


def upgrade() -> None:
    """Make the tables, and let files and letters belong to them."""
    _make_inquiries()
    _make_questions()
    _make_officers()
    _make_requests()
    _let_files_belong()
    _allow_letters(lambda known: [*known, *LETTERS])
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer_id", sa.Uuid(), nullable=True))
        batch_op.drop_constraint(op.f("ck_outbox_messages_one_recipient"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_outbox_messages_one_recipient"), _one_of("report_id", "user_id", "officer_id")
        )
        batch_op.create_foreign_key(
            op.f("fk_outbox_messages_officer_id_inquiry_officers"), "inquiry_officers", ["officer_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_outbox_messages_officer_id"), ["officer_id"])


def downgrade() -> None:
    """Drop what the authority sent, and the letters to it."""
    op.execute("DELETE FROM outbox_messages WHERE officer_id IS NOT NULL")
    op.execute("DELETE FROM evidence_files WHERE inquiry_id IS NOT NULL")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_outbox_messages_officer_id"))
        batch_op.drop_constraint(op.f("fk_outbox_messages_officer_id_inquiry_officers"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_outbox_messages_one_recipient"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_outbox_messages_one_recipient"), "(report_id IS NULL) <> (user_id IS NULL)"
        )
        batch_op.drop_column("officer_id")
    _allow_letters(lambda known: [letter for letter in known if letter not in LETTERS])
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        for name in ("case_id", "inquiry_id"):
            batch_op.drop_index(op.f(f"ix_evidence_files_{name}"))
        batch_op.drop_constraint(op.f("fk_evidence_files_case_id_cases"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_evidence_files_inquiry_id_inquiries"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_evidence_files_inquiry_of_a_case"), type_="check")
        batch_op.drop_constraint(op.f("ck_evidence_files_one_holder"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_evidence_files_one_holder"), "(draft_id IS NULL) <> (report_id IS NULL)"
        )
        batch_op.drop_column("case_id")
        batch_op.drop_column("inquiry_id")
    for table in ("inquiry_requests", "inquiry_officers", "inquiry_questions", "inquiries"):
        op.drop_table(table)


def _one_of(*columns: str) -> str:
    return " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in columns) + " = 1"


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow_letters(change: Callable[[list[str]], list[str]]) -> None:
    """Change which letters the outbox takes; the others that are allowed are read from the database."""
    name = op.f("ck_outbox_messages_letter")
    checks = sa.inspect(op.get_bind()).get_check_constraints("outbox_messages")
    text = next(check["sqltext"] for check in checks if check["name"] == str(name))
    allowed = ", ".join(f"'{letter}'" for letter in change(re.findall(r"'([a-z-]+)'", text)))
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"letter IN ({allowed})")


def _let_files_belong() -> None:
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("inquiry_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("case_id", sa.Uuid(), nullable=True))
        batch_op.drop_constraint(op.f("ck_evidence_files_one_holder"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_evidence_files_one_holder"), _one_of("draft_id", "report_id", "inquiry_id")
        )
        batch_op.create_check_constraint(
            op.f("ck_evidence_files_inquiry_of_a_case"), "(inquiry_id IS NULL) = (case_id IS NULL)"
        )
        batch_op.create_foreign_key(op.f("fk_evidence_files_inquiry_id_inquiries"), "inquiries", ["inquiry_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_evidence_files_case_id_cases"), "cases", ["case_id"], ["id"])
        for name in ("case_id", "inquiry_id"):
            batch_op.create_index(op.f(f"ix_evidence_files_{name}"), [name])


def _make_inquiries() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("intervention_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entry_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inquiries_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["intervention_id"], ["interventions.id"], name=op.f("fk_inquiries_intervention_id_interventions")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_inquiries_created_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
        sa.UniqueConstraint("intervention_id", name=op.f("uq_inquiries_intervention_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_inquiries_reference")),
    )
    op.create_index(op.f("ix_inquiries_case_id"), "inquiries", ["case_id"])


def _make_questions() -> None:
    op.create_table(
        "inquiry_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_questions_inquiry_id_inquiries")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inquiry_questions_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_questions")),
    )
    op.create_index(op.f("ix_inquiry_questions_case_id"), "inquiry_questions", ["case_id"])
    op.create_index("uq_inquiry_questions_place", "inquiry_questions", ["inquiry_id", "position"], unique=True)


def _make_officers() -> None:
    op.create_table(
        "inquiry_officers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_mac", sa.LargeBinary(length=32), nullable=True),
        sa.Column("invited_at", sa.DateTime(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("session_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("session_began_at", sa.DateTime(), nullable=True),
        sa.Column("session_seen_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(token_hash IS NULL) = (code_mac IS NULL)", name=op.f("ck_inquiry_officers_link_has_a_code")
        ),
        sa.CheckConstraint(
            "session_hash IS NULL OR token_hash IS NOT NULL", name=op.f("ck_inquiry_officers_open_page_has_a_link")
        ),
        sa.CheckConstraint(
            "revoked_at IS NULL OR token_hash IS NULL", name=op.f("ck_inquiry_officers_revoked_has_no_link")
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_officers_inquiry_id_inquiries")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inquiry_officers_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_officers")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_inquiry_officers_token_hash")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_inquiry_officers_session_hash")),
    )
    for name in ("case_id", "inquiry_id"):
        op.create_index(op.f(f"ix_inquiry_officers_{name}"), "inquiry_officers", [name])


def _make_requests() -> None:
    op.create_table(
        "inquiry_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("requestkind", KINDS), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("decision", _enum("decision", DECISIONS), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_inquiry_requests_decided_at_a_time")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_inquiry_requests_decided_by_a_person")
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_requests_inquiry_id_inquiries")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inquiry_requests_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["inquiry_officers.id"], name=op.f("fk_inquiry_requests_officer_id_inquiry_officers")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_inquiry_requests_decided_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_requests")),
    )
    for name in ("case_id", "inquiry_id"):
        op.create_index(op.f(f"ix_inquiry_requests_{name}"), "inquiry_requests", [name])
    op.create_index("ix_inquiry_requests_waiting", "inquiry_requests", ["decision", "case_id"])
