"""Tasks, labels, checklists, mentions in notes, watching and the choice of mail.

Revision ID: 0012
Revises: 0011
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DESK_NEWS = "desk-news"
TABLES = (
    "mail_choices",
    "checklist_ticks",
    "note_mentions",
    "case_watches",
    "case_labels",
    "labels",
    "case_tasks",
)
COLOURS = ("grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow")


def upgrade() -> None:
    """Make the tables, and let the outbox take the letter that says there is news on the desk."""
    _make_tasks()
    _make_labels()
    _make_watches()
    _make_mentions()
    _make_ticks()
    _make_mail_choices()
    _allow_letters(lambda known: [*known, DESK_NEWS])


def downgrade() -> None:
    """Drop the tables; what they held stays in the events."""
    op.execute("DELETE FROM outbox_messages WHERE letter = 'desk-news'")
    _allow_letters(lambda known: [letter for letter in known if letter != DESK_NEWS])
    for table in TABLES:
        op.drop_table(table)


def _allow_letters(change: Callable[[list[str]], list[str]]) -> None:
    """Change which letters the outbox takes; the others that are allowed are read from the database."""
    name = op.f("ck_outbox_messages_letter")
    checks = sa.inspect(op.get_bind()).get_check_constraints("outbox_messages")
    text = next(check["sqltext"] for check in checks if check["name"] == str(name))
    allowed = ", ".join(f"'{letter}'" for letter in change(re.findall(r"'([a-z-]+)'", text)))
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"letter IN ({allowed})")


def _key(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def _named(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _make_tasks() -> None:
    op.create_table(
        "case_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("state", _named("taskstate", "open", "done", "cancelled"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_case_tasks_settled_has_a_moment")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_case_tasks_settled_by_somebody")
        ),
        _key("case_tasks", "case_id", "cases"),
        _key("case_tasks", "assignee_id", "users"),
        _key("case_tasks", "made_by", "users"),
        _key("case_tasks", "settled_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_tasks")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_case_tasks_submission_id")),
    )
    op.create_index("ix_case_tasks_case_state", "case_tasks", ["case_id", "state", "due_on"])
    op.create_index("ix_case_tasks_assignee_state", "case_tasks", ["assignee_id", "state", "due_on"])


def _make_labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.Column("colour", _named("colour", *COLOURS), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("folded", name=op.f("uq_labels_folded")),
    )
    op.create_table(
        "case_labels",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=False),
        sa.Column("put_at", sa.DateTime(), nullable=False),
        sa.Column("put_by", sa.Uuid(), nullable=False),
        _key("case_labels", "case_id", "cases"),
        _key("case_labels", "label_id", "labels"),
        _key("case_labels", "put_by", "users"),
        sa.PrimaryKeyConstraint("case_id", "label_id", name=op.f("pk_case_labels")),
    )
    op.create_index(op.f("ix_case_labels_label_id"), "case_labels", ["label_id"])


def _make_watches() -> None:
    op.create_table(
        "case_watches",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("seen_sequence", sa.Integer(), nullable=False),
        _key("case_watches", "case_id", "cases", "CASCADE"),
        _key("case_watches", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_watches")),
    )
    op.create_index(op.f("ix_case_watches_user_id"), "case_watches", ["user_id"])


def _make_mentions() -> None:
    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("mentioned_at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        _key("note_mentions", "note_id", "notes", "CASCADE"),
        _key("note_mentions", "user_id", "users", "CASCADE"),
        _key("note_mentions", "case_id", "cases"),
        sa.PrimaryKeyConstraint("note_id", "user_id", name=op.f("pk_note_mentions")),
    )
    op.create_index(op.f("ix_note_mentions_case_id"), "note_mentions", ["case_id"])
    op.create_index("ix_note_mentions_user_read", "note_mentions", ["user_id", "read_at"])


def _make_ticks() -> None:
    op.create_table(
        "checklist_ticks",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("checklist", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("ticked_at", sa.DateTime(), nullable=False),
        sa.Column("ticked_by", sa.Uuid(), nullable=False),
        _key("checklist_ticks", "case_id", "cases"),
        _key("checklist_ticks", "ticked_by", "users"),
        sa.PrimaryKeyConstraint("case_id", "checklist", "item", name=op.f("pk_checklist_ticks")),
    )


def _make_mail_choices() -> None:
    op.create_table(
        "mail_choices",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mentions", sa.Boolean(), nullable=False),
        sa.Column("tasks", sa.Boolean(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        _key("mail_choices", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_choices")),
    )
