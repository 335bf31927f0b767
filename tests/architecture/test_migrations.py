"""Migrations: numbered, one head, up and down again, and what they make is what the models say."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from mystery_shopper.core.db import Base, db, transaction

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


def test_migrations_are_numbered_without_a_gap_and_have_one_head() -> None:
    files = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert files
    for number, name in enumerate(files, start=1):
        assert re.fullmatch(rf"{number:04d}_[a-z0-9_]+\.py", name), name
    config = AlembicConfig()
    config.set_main_option("script_location", str(VERSIONS.parent))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def _ours(difference: object) -> bool:
    return "case_search" not in str(difference)


def test_the_migrated_database_is_what_the_models_say(app_context: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [found for found in compare_metadata(context, Base.metadata) if _ours(found)]
    assert differences == []


def test_down_and_up_again_leaves_the_same_tables(app_context: Flask) -> None:
    before = sorted(inspect(db.engine).get_table_names())
    db.session.remove()
    downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    upgrade()
    assert left == set()
    assert sorted(inspect(db.engine).get_table_names()) == before


def test_checks_of_the_models_are_in_the_database(app_context: Flask) -> None:
    names = {constraint["name"] for constraint in inspect(db.engine).get_check_constraints("cases")}
    assert {"ck_cases_closed_has_a_day", "ck_cases_due_has_a_kind"} <= names


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_the_audit_log(app_context: Flask, file_report, statement: str) -> None:
    file_report()
    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(text(statement))
