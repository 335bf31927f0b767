"""Links that work once, passkeys, the device of a session, and the day of the last sign-in.

Revision ID: 0013
Revises: 0012
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LETTERS = (
    "account-invited",
    "account-renewed",
    "password-changed",
    "second-factor-changed",
    "roles-changed",
    "hand-over",
)


def upgrade() -> None:
    """Make the table of links and the column; let the outbox take letters about accounts."""
    op.add_column("users", sa.Column("last_signed_in_on", sa.Date(), nullable=True))
    op.add_column("users", sa.Column("sign_on_key", sa.LargeBinary(length=32), nullable=True))
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_users_sign_on_key"), ["sign_on_key"])
    op.create_table(
        "account_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "password",
                "access",
                name="linkpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_account_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_links_token_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_account_links_user_id")),
    )
    op.add_column("stored_sessions", sa.Column("device", sa.String(length=40), nullable=True))
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"])
    _allow_letters(lambda known: [*known, *LETTERS])


def downgrade() -> None:
    """Drop them; letters about accounts that wait are not sent. Who was invited and has no password cannot sign in."""
    letters = ", ".join(f"'{letter}'" for letter in LETTERS)
    op.execute(f"DELETE FROM outbox_messages WHERE letter IN ({letters})")  # noqa: S608 - the names above
    _allow_letters(lambda known: [letter for letter in known if letter not in LETTERS])
    op.drop_table("passkeys")
    op.drop_table("account_links")
    with op.batch_alter_table("stored_sessions", schema=None) as batch_op:
        batch_op.drop_column("device")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_users_sign_on_key"), type_="unique")
        batch_op.drop_column("sign_on_key")
        batch_op.drop_column("last_signed_in_on")


def _allow_letters(change: Callable[[list[str]], list[str]]) -> None:
    """Change which letters the outbox takes; the others that are allowed are read from the database."""
    name = op.f("ck_outbox_messages_letter")
    checks = sa.inspect(op.get_bind()).get_check_constraints("outbox_messages")
    text = next(check["sqltext"] for check in checks if check["name"] == str(name))
    allowed = ", ".join(f"'{letter}'" for letter in change(re.findall(r"'([a-z-]+)'", text)))
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"letter IN ({allowed})")
