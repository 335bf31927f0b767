"""Retention of more than cases: an item names a record by its type and id, suggestions, requests and accounts can be erased and held.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TYPES = ("case", "suggestion", "request", "account")
SCOPES = ("case", "authority", "everything")
NEW_SCOPES = ("case", "suggestion", "request", "account", "authority", "everything")
CASE_CLASSES = "('identity', 'case-file')"


def upgrade() -> None:
    """Let items name records of any type; every one there is names a case. Nothing was erased but cases so far."""
    with op.batch_alter_table("retention_items", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_retention_items_case_id_cases"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_retention_items_case_id"))
        batch_op.alter_column("case_id", new_column_name="record_id", existing_type=sa.Uuid(), existing_nullable=False)
        batch_op.add_column(sa.Column("record_type", sa.String(length=40), nullable=False, server_default="case"))
    with op.batch_alter_table("retention_items", schema=None) as batch_op:
        batch_op.alter_column("record_type", server_default=None)
        batch_op.create_check_constraint(op.f("ck_retention_items_recordtype"), _among("record_type", TYPES))
        batch_op.create_index(op.f("ix_retention_items_record_id"), ["record_id"])
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_on", sa.Date(), nullable=True))
        batch_op.alter_column("receipt_mac", existing_type=sa.LargeBinary(length=32), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_suggestions_erased_has_no_code"), "erased_on IS NULL OR receipt_mac IS NULL"
        )
    op.add_column("info_requests", sa.Column("erased_on", sa.Date(), nullable=True))
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_users_erased_was_closed"), "erased_on IS NULL OR disabled_at IS NOT NULL"
        )
    _allow_scopes(NEW_SCOPES)


def downgrade() -> None:
    """Go back to cases alone: batches of other records and holds on them are lost.

    What was erased stays erased; a suggestion gets its own id, which is no digest of a receipt code.
    """
    op.execute("DELETE FROM legal_holds WHERE scope IN ('suggestion', 'request', 'account')")
    _allow_scopes(SCOPES)
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_users_erased_was_closed"), type_="check")
        batch_op.drop_column("erased_on")
    with op.batch_alter_table("info_requests", schema=None) as batch_op:
        batch_op.drop_column("erased_on")
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_suggestions_erased_has_no_code"), type_="check")
    _fill_codes()
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.alter_column("receipt_mac", existing_type=sa.LargeBinary(length=32), nullable=False)
        batch_op.drop_column("erased_on")
    op.execute("DELETE FROM retention_items WHERE record_type <> 'case'")
    op.execute(f"DELETE FROM retention_batches WHERE class_id NOT IN {CASE_CLASSES}")  # noqa: S608 - the names above
    with op.batch_alter_table("retention_items", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_retention_items_record_id"))
        batch_op.drop_constraint(op.f("ck_retention_items_recordtype"), type_="check")
        batch_op.drop_column("record_type")
        batch_op.alter_column("record_id", new_column_name="case_id", existing_type=sa.Uuid(), existing_nullable=False)
    with op.batch_alter_table("retention_items", schema=None) as batch_op:
        batch_op.create_foreign_key(op.f("fk_retention_items_case_id_cases"), "cases", ["case_id"], ["id"])
        batch_op.create_index(op.f("ix_retention_items_case_id"), ["case_id"])


def _fill_codes() -> None:
    connection = op.get_bind()
    table = sa.table("suggestions", sa.column("id", sa.Uuid()), sa.column("receipt_mac", sa.LargeBinary()))
    for (key,) in connection.execute(sa.select(table.c.id).where(table.c.receipt_mac.is_(None))).all():
        connection.execute(table.update().where(table.c.id == key).values(receipt_mac=key.bytes))


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _allow_scopes(scopes: tuple[str, ...]) -> None:
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_legal_holds_holdscope"), type_="check")
        batch_op.create_check_constraint(op.f("ck_legal_holds_holdscope"), _among("scope", scopes))
