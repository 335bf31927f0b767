"""The first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END",
        "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'the audit log is append only'; END $$",
        "CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries\nFOR EACH ROW EXECUTE FUNCTION audit_entries_refuse()",
        "CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries\nFOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()",
    ),
}
UNGUARDS = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS audit_entries_no_update",
        "DROP TRIGGER IF EXISTS audit_entries_no_delete",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_entries_no_change ON audit_entries",
        "DROP TRIGGER IF EXISTS audit_entries_no_truncate ON audit_entries",
        "DROP FUNCTION IF EXISTS audit_entries_refuse()",
    ),
}

SEARCH_SQLITE = "CREATE VIRTUAL TABLE case_search USING fts5(tokens, tokenize='ascii')"
SEARCH_POSTGRESQL = (
    "CREATE TABLE case_search (case_serial integer PRIMARY KEY, tokens tsvector NOT NULL)",
    "CREATE INDEX ix_case_search_tokens ON case_search USING gin (tokens)",
)


def upgrade() -> None:
    """Make the tables, the search index and the guard of the audit log."""
    _make_tables()
    dialect = op.get_bind().dialect.name
    for statement in (SEARCH_SQLITE,) if dialect == "sqlite" else SEARCH_POSTGRESQL:
        op.execute(statement)
    for statement in GUARDS[dialect]:
        op.execute(statement)


def downgrade() -> None:
    """Drop everything."""
    for statement in UNGUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute("DROP TABLE case_search")
    _drop_tables()


def _make_tables() -> None:
    op.create_table(
        "attempt_tallies",
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("window_started_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locks", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_attempt_tallies")),
    )
    with op.batch_alter_table("attempt_tallies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_tallies_window_started_at"), ["window_started_at"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("prev_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("prev_mac", name=op.f("uq_audit_entries_prev_mac")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_action", ["action", "seq"], unique=False)
        batch_op.create_index("ix_audit_entries_actor", ["actor", "seq"], unique=False)
        batch_op.create_index("ix_audit_entries_subject_id", ["subject_id", "seq"], unique=False)

    op.create_table(
        "authorities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded_name", sa.String(length=1200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "central-government",
                "local-authority",
                "nhs",
                "police",
                "fire",
                "university",
                "college",
                "school",
                "housing-association",
                "other",
                name="authoritytype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subtype", sa.String(length=60), nullable=False),
        sa.Column("parent", sa.String(length=200), nullable=False),
        sa.Column(
            "nation",
            sa.Enum(
                "england",
                "wales",
                "scotland",
                "northern-ireland",
                "england-and-wales",
                "several",
                "united-kingdom",
                name="nation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "pcr_threshold_class",
            sa.Enum(
                "central",
                "sub-central",
                name="pcr_threshold_class",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "pcr_contracts_finder_class",
            sa.Enum(
                "central",
                "sub-central",
                name="pcr_contracts_finder_class",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "pa23_class",
            sa.Enum("central", "sub-central", name="pa23_class", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "scope",
            sa.Enum(
                "in",
                "out-devolved",
                "out-school",
                "check",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("source_id", sa.String(length=120), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on",
            name=op.f("ck_authorities_ends_after_it_starts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorities")),
        sa.UniqueConstraint("slug", name=op.f("uq_authorities_slug")),
    )
    with op.batch_alter_table("authorities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorities_folded_name"), ["folded_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorities_name"), ["name"], unique=False)

    op.create_table(
        "authority_register_loads",
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("pk_authority_register_loads")),
    )
    op.create_table(
        "case_counters",
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_case_counters")),
    )
    op.create_table(
        "data_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wrapping_key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_keys")),
    )
    with op.batch_alter_table("data_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_keys_wrapping_key_id"), ["wrapping_key_id"], unique=False)

    op.create_table(
        "authority_aliases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=1200), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authorities.id"],
            name=op.f("fk_authority_aliases_authority_id_authorities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_aliases")),
        sa.UniqueConstraint("authority_id", "name", name=op.f("uq_authority_aliases_authority_id_name")),
    )
    with op.batch_alter_table("authority_aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_aliases_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_authority_aliases_folded"), ["folded"], unique=False)

    op.create_table(
        "authority_successions",
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "authority_id <> successor_id", name=op.f("ck_authority_successions_nobody_succeeds_itself")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authorities.id"],
            name=op.f("fk_authority_successions_authority_id_authorities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["authorities.id"],
            name=op.f("fk_authority_successions_successor_id_authorities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("authority_id", "successor_id", name=op.f("pk_authority_successions")),
    )
    with op.batch_alter_table("authority_successions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_successions_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "suggestions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "routed",
                "answered",
                "published",
                name="suggestionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "forced_by",
            sa.Enum(
                "standing-orders",
                "legal-advice",
                "insurer",
                "central-policy",
                "template",
                "funder",
                "audit",
                "other",
                name="forcedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column(
            "value_band",
            sa.Enum(
                "under-30k",
                "30k-to-150k",
                "150k-to-1m",
                "1m-to-10m",
                "over-10m",
                "unknown",
                name="valueband",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("route_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("routed_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('answered', 'published')) = (answered_on IS NOT NULL)",
            name=op.f("ck_suggestions_answered_has_a_day"),
        ),
        sa.CheckConstraint("state <> 'routed' OR routed_on IS NOT NULL", name=op.f("ck_suggestions_routed_has_a_day")),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answer_sealed IS NULL)", name=op.f("ck_suggestions_answered_has_an_answer")
        ),
        sa.CheckConstraint(
            "(routed_on IS NULL) = (route_sealed IS NULL)", name=op.f("ck_suggestions_routed_has_a_note")
        ),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_suggestions_data_key_id_data_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("receipt_mac", name=op.f("uq_suggestions_receipt_mac")),
        sa.UniqueConstraint("reference", name=op.f("uq_suggestions_reference")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_suggestions_submission_id")),
    )
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.create_index("ix_suggestions_received", ["received_on", "reference"], unique=False)
        batch_op.create_index("ix_suggestions_state_received", ["state", "received_on", "reference"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_expires_at", sa.DateTime(), nullable=True),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_users_data_key_id_data_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("public_reference", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
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
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "waiting",
            sa.Enum(
                "us",
                "reporter",
                "authority",
                "nobody",
                name="waitingfor",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "supplier",
                "trade-body",
                "commissioner",
                "spot-check",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "urgent", "high", "normal", "low", name="priority", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("regime", sa.String(length=20), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("authority_text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("tender_closes_on", sa.Date(), nullable=True),
        sa.Column("procurement_started_on", sa.Date(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("step_due_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_kind", sa.String(length=40), nullable=True),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('closed', 'closed-no-reply')) = (closed_on IS NOT NULL)", name=op.f("ck_cases_closed_has_a_day")
        ),
        sa.CheckConstraint("(due_on IS NULL) = (due_kind IS NULL)", name=op.f("ck_cases_due_has_a_kind")),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name=op.f("fk_cases_authority_id_authorities")),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_cases_data_key_id_data_keys")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_cases_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("public_reference", name=op.f("uq_cases_public_reference")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
        sa.UniqueConstraint("serial", name=op.f("uq_cases_serial")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_authority_state", ["authority_id", "state"], unique=False)
        batch_op.create_index("ix_cases_due", ["state", "due_on", "serial"], unique=False)
        batch_op.create_index("ix_cases_due_serial", ["due_on", "serial"], unique=False)
        batch_op.create_index("ix_cases_owner_due", ["owner_id", "due_on", "serial"], unique=False)
        batch_op.create_index("ix_cases_owner_state", ["owner_id", "state", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_priority"), ["priority"], unique=False)
        batch_op.create_index("ix_cases_queue_due", ["queue", "due_on", "serial"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_received_on"), ["received_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_tender_closes_on"), ["tender_closes_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_waiting"), ["waiting"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "stored_sessions",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(), nullable=True),
        sa.Column("step_up_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_stored_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_stored_sessions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("stored_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "caseworker",
                "senior-caseworker",
                "policy-owner",
                "publisher",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "case_events",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("happened_at", sa.DateTime(), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_case_events")),
        sa.UniqueConstraint("id", name=op.f("uq_case_events_id")),
    )
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.create_index("ix_case_events_case_sequence", ["case_id", "sequence"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_events_tag"), ["tag"], unique=False)

    op.create_table(
        "flags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("catalogue_version", sa.String(length=80), nullable=False),
        sa.Column("regime", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "undecided",
                "confirmed",
                "overruled",
                name="flagdecision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("result_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decision = 'undecided') = (decided_at IS NULL)", name=op.f("ck_flags_decided_has_a_moment")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_flags_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_flags_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index("ix_flags_case_current", ["case_id", "is_current"], unique=False)
        batch_op.create_index("ix_flags_rule_outcome", ["rule_id", "outcome", "is_current", "decision"], unique=False)

    op.create_table(
        "interventions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "call",
                "letter",
                "meeting",
                "information-request",
                "formal-notice-s40",
                "formal-notice-s108",
                "live-tender-changed",
                "other",
                name="interventionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("response_due_on", sa.Date(), nullable=True),
        sa.Column("response_received_on", sa.Date(), nullable=True),
        sa.Column("summary_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("response_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "response_due_on IS NULL OR response_due_on >= made_on", name=op.f("ck_interventions_due_not_before_made")
        ),
        sa.CheckConstraint(
            "response_received_on IS NULL OR response_received_on >= made_on",
            name=op.f("ck_interventions_answered_not_before_made"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_interventions_case_id_cases")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_interventions_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interventions")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_interventions_submission_id")),
    )
    with op.batch_alter_table("interventions", schema=None) as batch_op:
        batch_op.create_index("ix_interventions_case_made", ["case_id", "made_on"], unique=False)

    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_notes_author_id_users")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notes_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_notes_submission_id")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notes_case_id"), ["case_id"], unique=False)

    op.create_table(
        "outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "live-procurement-changed",
                "recommendation-accepted",
                "recommendation-not-accepted",
                "payment-released",
                "advice-to-supplier",
                "not-upheld",
                "out-of-scope",
                "withdrawn",
                "referred",
                name="outcomecode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "upheld",
            sa.Enum(
                "yes",
                "partly",
                "no",
                "not-applicable",
                name="upheld",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("positive", sa.Boolean(), nullable=False),
        sa.Column("basis_fact_id", sa.String(length=60), nullable=True),
        sa.Column("money_freed_pence", sa.BigInteger(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("after_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("summary_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(basis_fact_id IS NULL) = (after_sealed IS NULL)", name=op.f("ck_outcomes_basis_has_a_value")
        ),
        sa.CheckConstraint("money_freed_pence >= 0", name=op.f("ck_outcomes_money_not_negative")),
        sa.CheckConstraint(
            "positive = false OR basis_fact_id IS NOT NULL", name=op.f("ck_outcomes_positive_rests_on_a_fact")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outcomes_case_id_cases")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_outcomes_recorded_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_outcomes_submission_id")),
    )
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.create_index("ix_outcomes_case", ["case_id", "recorded_at"], unique=False)
        batch_op.create_index(
            "uq_outcomes_current",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "publications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "awaiting-approval",
                "approved",
                "published",
                "superseded",
                "withdrawn",
                "dropped",
                name="publicationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('published', 'superseded', 'withdrawn')) = (published_on IS NOT NULL)",
            name=op.f("ck_publications_published_has_a_day"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'published', 'superseded', 'withdrawn') OR approver_id IS NOT NULL",
            name=op.f("ck_publications_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR (approver_id <> author_id AND approver_id <> started_by_id)",
            name=op.f("ck_publications_second_person"),
        ),
        sa.ForeignKeyConstraint(["approver_id"], ["users.id"], name=op.f("fk_publications_approver_id_users")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_publications_author_id_users")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_publications_case_id_cases")),
        sa.ForeignKeyConstraint(["started_by_id"], ["users.id"], name=op.f("fk_publications_started_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index("ix_publications_state_changed", ["state", "changed_at", "id"], unique=False)
        batch_op.create_index("uq_publications_case_version", ["case_id", "number"], unique=True)
        batch_op.create_index(
            "uq_publications_open_case",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'awaiting-approval', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'awaiting-approval', 'approved')"),
        )

    op.create_table(
        "published_results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_reference", sa.String(length=20), nullable=False),
        sa.Column(
            "source",
            sa.Enum("scheme", "import", name="resultsource", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("authority_name", sa.String(length=200), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("sub_issue", sa.String(length=120), nullable=False),
        sa.Column("issue_text", sa.Text(), nullable=False),
        sa.Column("outcome_text", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("authority_search", sa.Text(), nullable=False),
        sa.Column("corrected_period", sa.Integer(), nullable=True),
        sa.Column("withdrawn_period", sa.Integer(), nullable=True),
        sa.Column(
            "withdrawal_reason",
            sa.Enum(
                "error",
                "privacy",
                "reporter",
                "legal",
                name="withdrawalreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(source = 'scheme') = (case_id IS NOT NULL)", name=op.f("ck_published_results_scheme_has_a_case")
        ),
        sa.CheckConstraint(
            "withdrawn_period IS NULL OR (authority_id IS NULL AND authority_name = '' AND issue_text = '' AND outcome_text = '' AND search_text = '')",
            name=op.f("ck_published_results_withdrawn_has_no_words"),
        ),
        sa.CheckConstraint(
            "(withdrawn_period IS NULL) = (withdrawal_reason IS NULL)",
            name=op.f("ck_published_results_withdrawn_has_a_reason"),
        ),
        sa.CheckConstraint("period % 100 BETWEEN 1 AND 12", name=op.f("ck_published_results_period_is_a_month")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_published_results_authority_id_authorities")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_published_results_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_results")),
        sa.UniqueConstraint("case_id", name=op.f("uq_published_results_case_id")),
        sa.UniqueConstraint("public_reference", name=op.f("uq_published_results_public_reference")),
    )
    with op.batch_alter_table("published_results", schema=None) as batch_op:
        batch_op.create_index(
            "ix_published_results_authority", ["authority_id", "period", "public_reference"], unique=False
        )
        batch_op.create_index("ix_published_results_period", ["period", "public_reference"], unique=False)
        batch_op.create_index("ix_published_results_subject", ["subject", "period", "public_reference"], unique=False)

    op.create_table(
        "recommendations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "accepted",
                "partly",
                "refused",
                "silent",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.Column(
            "implemented",
            sa.Enum("yes", "partly", "no", name="implemented", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("check_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_on IS NULL)", name=op.f("ck_recommendations_answer_has_a_day")
        ),
        sa.CheckConstraint(
            "(implemented IS NULL) = (checked_on IS NULL)", name=op.f("ck_recommendations_check_has_a_day")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_recommendations_case_id_cases")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_recommendations_made_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_recommendations_submission_id")),
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index("ix_recommendations_case_made", ["case_id", "made_on"], unique=False)
        batch_op.create_index("ix_recommendations_check", ["check_on", "implemented"], unique=False)

    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_mac", sa.LargeBinary(length=32), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "phone",
                "letter",
                "email",
                "api",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reporter_kind",
            sa.Enum(
                "small-business",
                "mutual",
                "prospective-mutual",
                "social-enterprise",
                "trade-body",
                "larger-business",
                "someone-else",
                name="reporterkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "identity_choice",
            sa.Enum(
                "anonymous",
                "confidential",
                "named",
                name="identitychoice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("objects_to_publication", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reports_case_id_cases")),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_reports_data_key_id_data_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("receipt_mac", name=op.f("uq_reports_receipt_mac")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_reports_submission_id")),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_reporter_kind"), ["reporter_kind"], unique=False)

    op.create_table(
        "case_facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("fact_id", sa.String(length=60), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "typed",
                "extracted",
                "notice",
                "staff",
                "register",
                name="factsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("stated_at", sa.DateTime(), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("quoted_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_facts_case_id_cases")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_case_facts_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_facts")),
    )
    with op.batch_alter_table("case_facts", schema=None) as batch_op:
        batch_op.create_index("ix_case_facts_current", ["case_id", "is_current"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_facts_report_id"), ["report_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_mac", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("submitted_report_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(content_sealed IS NULL) = (code_mac IS NULL)", name=op.f("ck_drafts_content_has_a_code")),
        sa.CheckConstraint(
            "submitted_report_id IS NULL OR content_sealed IS NULL", name=op.f("ck_drafts_submitted_keeps_no_content")
        ),
        sa.ForeignKeyConstraint(["data_key_id"], ["data_keys.id"], name=op.f("fk_drafts_data_key_id_data_keys")),
        sa.ForeignKeyConstraint(
            ["submitted_report_id"], ["reports.id"], name=op.f("fk_drafts_submitted_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_drafts_code_mac")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_expires_on"), ["expires_on"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "to-reporter", "from-reporter", name="direction", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_messages_case_id_cases")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_messages_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_messages_submission_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_messages_report_sent", ["report_id", "sent_at"], unique=False)

    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "letter",
            sa.Enum(
                "reporter-update",
                "case-assigned",
                "reporter-wrote",
                name="letter",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=False),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=100), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("given_up_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("(report_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_outbox_messages_one_recipient")),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_outbox_messages_sent_or_given_up")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_outbox_messages_report_id_reports")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_outbox_messages_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_messages_due", ["sent_at", "given_up_at", "next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_messages_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_messages_user_id"), ["user_id"], unique=False)

    op.create_table(
        "reporter_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(length=16), nullable=True),
        sa.Column("company_number_index", sa.LargeBinary(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_reporter_identities_data_key_id_data_keys")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_reporter_identities_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporter_identities")),
        sa.UniqueConstraint("report_id", name=op.f("uq_reporter_identities_report_id")),
    )
    with op.batch_alter_table("reporter_identities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reporter_identities_company_number_index"), ["company_number_index"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reporter_identities_email_index"), ["email_index"], unique=False)


def _drop_tables() -> None:
    with op.batch_alter_table("reporter_identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reporter_identities_email_index"))
        batch_op.drop_index(batch_op.f("ix_reporter_identities_company_number_index"))

    op.drop_table("reporter_identities")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_messages_user_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_messages_report_id"))
        batch_op.drop_index("ix_outbox_messages_due")

    op.drop_table("outbox_messages")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_report_sent")
        batch_op.drop_index(batch_op.f("ix_messages_case_id"))

    op.drop_table("messages")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_expires_on"))

    op.drop_table("drafts")
    with op.batch_alter_table("case_facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_facts_report_id"))
        batch_op.drop_index("ix_case_facts_current")

    op.drop_table("case_facts")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_reporter_kind"))
        batch_op.drop_index(batch_op.f("ix_reports_case_id"))

    op.drop_table("reports")
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_index("ix_recommendations_check")
        batch_op.drop_index("ix_recommendations_case_made")

    op.drop_table("recommendations")
    with op.batch_alter_table("published_results", schema=None) as batch_op:
        batch_op.drop_index("ix_published_results_subject")
        batch_op.drop_index("ix_published_results_period")
        batch_op.drop_index("ix_published_results_authority")

    op.drop_table("published_results")
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_publications_open_case",
            sqlite_where=sa.text("state IN ('draft', 'awaiting-approval', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'awaiting-approval', 'approved')"),
        )
        batch_op.drop_index("uq_publications_case_version")
        batch_op.drop_index("ix_publications_state_changed")

    op.drop_table("publications")
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_outcomes_current", sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")
        )
        batch_op.drop_index("ix_outcomes_case")

    op.drop_table("outcomes")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_case_id"))

    op.drop_table("notes")
    with op.batch_alter_table("interventions", schema=None) as batch_op:
        batch_op.drop_index("ix_interventions_case_made")

    op.drop_table("interventions")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index("ix_flags_rule_outcome")
        batch_op.drop_index("ix_flags_case_current")

    op.drop_table("flags")
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_events_tag"))
        batch_op.drop_index("ix_case_events_case_sequence")

    op.drop_table("case_events")
    op.drop_table("user_roles")
    with op.batch_alter_table("stored_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_sessions_user_id"))
        batch_op.drop_index(batch_op.f("ix_stored_sessions_expires_at"))

    op.drop_table("stored_sessions")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_user_id"))

    op.drop_table("recovery_codes")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_waiting"))
        batch_op.drop_index(batch_op.f("ix_cases_tender_closes_on"))
        batch_op.drop_index(batch_op.f("ix_cases_received_on"))
        batch_op.drop_index("ix_cases_queue_due")
        batch_op.drop_index(batch_op.f("ix_cases_priority"))
        batch_op.drop_index("ix_cases_owner_state")
        batch_op.drop_index("ix_cases_owner_due")
        batch_op.drop_index("ix_cases_due_serial")
        batch_op.drop_index("ix_cases_due")
        batch_op.drop_index("ix_cases_authority_state")

    op.drop_table("cases")
    op.drop_table("users")
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_index("ix_suggestions_state_received")
        batch_op.drop_index("ix_suggestions_received")

    op.drop_table("suggestions")
    with op.batch_alter_table("authority_successions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_successions_successor_id"))

    op.drop_table("authority_successions")
    with op.batch_alter_table("authority_aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_aliases_folded"))
        batch_op.drop_index(batch_op.f("ix_authority_aliases_authority_id"))

    op.drop_table("authority_aliases")
    with op.batch_alter_table("data_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_keys_wrapping_key_id"))

    op.drop_table("data_keys")
    op.drop_table("case_counters")
    op.drop_table("authority_register_loads")
    with op.batch_alter_table("authorities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authorities_name"))
        batch_op.drop_index(batch_op.f("ix_authorities_folded_name"))

    op.drop_table("authorities")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_subject_id")
        batch_op.drop_index("ix_audit_entries_actor")
        batch_op.drop_index("ix_audit_entries_action")

    op.drop_table("audit_entries")
    with op.batch_alter_table("attempt_tallies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_tallies_window_started_at"))

    op.drop_table("attempt_tallies")
