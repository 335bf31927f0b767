"""Whether pages listen to single keys of a person; requests about personal data, and data protection complaints.

A hold is on a case, an authority or everything: one on a report becomes one on the case the report is in.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OLD = ("foi", "subject-access")
NEW = (*OLD, "rectification", "restriction", "objection", "complaint")
ADDED = ("acknowledge_by", "acknowledged_on", "restriction_ended_on")
OLD_CHECKS = {
    "subject_access_is_about_somebody": "(kind = 'subject-access') = (about IS NOT NULL)",
    "only_subject_access_is_extended": "kind = 'subject-access' OR is_extended = false",
}
NEW_CHECKS = {
    "personal_is_about_somebody": "(kind IN ('foi', 'complaint')) = (about IS NULL)",
    "only_personal_is_extended": "kind NOT IN ('foi', 'complaint') OR is_extended = false",
    "acknowledged_was_to_be": "acknowledged_on IS NULL OR acknowledge_by IS NOT NULL",
    "only_a_restriction_ends": "restriction_ended_on IS NULL OR kind = 'restriction'",
}


def upgrade() -> None:
    """Add the columns and let the register take the other kinds; shortcuts are on until somebody switches them off."""
    op.add_column("users", sa.Column("has_shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.alter_column("has_shortcuts", server_default=None)
    for name in ADDED:
        op.add_column("info_requests", sa.Column(name, sa.Date(), nullable=True))
    _change_checks(OLD_CHECKS, NEW_CHECKS, NEW)
    of_report = "(SELECT case_id FROM reports WHERE reports.id = legal_holds.subject_id)"
    op.execute(f"UPDATE legal_holds SET subject_id = {of_report}, scope = 'case' WHERE scope = 'report'")  # noqa: S608
    _allow_scopes("case", "authority", "everything")


def downgrade() -> None:
    """Drop them; requests of the other kinds are lost, what held their cases stays on hold."""
    _allow_scopes("case", "report", "authority", "everything")
    others = ", ".join(f"'{kind}'" for kind in NEW if kind not in OLD)
    of_others = f"request_id IN (SELECT id FROM info_requests WHERE kind IN ({others}))"  # noqa: S608 - the names above
    for table in ("request_packs", "request_cases", "request_pauses"):
        op.execute(f"DELETE FROM {table} WHERE {of_others}")  # noqa: S608 - the names above
    op.execute(f"DELETE FROM info_requests WHERE kind IN ({others})")  # noqa: S608 - the names above
    _change_checks(NEW_CHECKS, OLD_CHECKS, OLD)
    with op.batch_alter_table("info_requests", schema=None) as batch_op:
        for name in ADDED:
            batch_op.drop_column(name)
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("has_shortcuts")


def _change_checks(gone: dict[str, str], come: dict[str, str], kinds: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("info_requests", schema=None) as batch_op:
        for name in gone:
            batch_op.drop_constraint(op.f(f"ck_info_requests_{name}"), type_="check")
        batch_op.drop_constraint(op.f("ck_info_requests_requestkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_info_requests_requestkind"), f"kind IN ({allowed})")
        for name, condition in come.items():
            batch_op.create_check_constraint(op.f(f"ck_info_requests_{name}"), condition)


def _allow_scopes(*scopes: str) -> None:
    allowed = ", ".join(f"'{scope}'" for scope in scopes)
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_legal_holds_holdscope"), type_="check")
        batch_op.create_check_constraint(op.f("ck_legal_holds_holdscope"), f"scope IN ({allowed})")
