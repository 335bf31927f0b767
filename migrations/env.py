"""Runs the migrations on SQLite and PostgreSQL: one transaction for each, constraints named, children kept."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from mystery_shopper.core.db import Base, UtcDateTime

UNMANAGED_PREFIXES = ("case_search",)


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Leave the search index and its shadow tables to the migrations written by hand."""
    return not (kind in {"table", "index"} and (name or "").startswith(UNMANAGED_PREFIXES))


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our datetime type as a plain column type, so that a migration needs no import of the program."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    return False


def run() -> None:
    """Apply the migrations. Foreign keys are off on SQLite meanwhile: rebuilding a table would delete its children."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=include_object,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite:
                broken = connection.execute(sa.text("PRAGMA foreign_key_check")).fetchall()
                if broken:
                    raise RuntimeError(f"the migration left rows without a parent: {broken[:3]}")
        if connection.in_transaction():
            connection.commit()
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations need a database")
run()
