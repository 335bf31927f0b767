"""Is the service fit to take a report? Asked at start, by /readyz and by `doctor`. /healthz: the process lives."""

from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from mystery_shopper.accounts.access import public
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.limits import Limit, limited
from mystery_shopper.core.storage import durability_problems
from mystery_shopper.core.vault import check_keyring

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

bp = Blueprint("readiness", __name__)


def head_revision() -> str | None:
    """Return the newest revision of the migrations."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


def database_revision() -> str | None:
    """Return the revision the database is at, None for a new one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def problems() -> list[str]:
    """Return what stands against taking a report; empty when nothing does. Each is a code and a sentence."""
    try:
        found = [f"storage: {problem}" for problem in durability_problems(db.engine)]
        at, head = database_revision(), head_revision()
        if at != head:
            found.append(f"migrations: the database is at {at}, the program at {head}; run 'mystery-shopper prepare'")
        else:
            with transaction() as session:
                check_keyring(session, clock.utc_now())
    except ConfigurationError as error:
        found = [f"keys: {error}"]
    except SQLAlchemyError as error:
        found = [f"database: {type(error).__name__}"]
    return found


def assert_ready(app: Flask) -> None:
    """Refuse to serve when something stands against it.

    Raises:
        ConfigurationError: naming everything that is wrong.
    """
    with app.app_context():
        if found := problems():
            raise ConfigurationError("Not ready to start: " + "; ".join(found))
        db.engine.dispose()


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
@limited(Limit.API)
def readyz() -> ResponseReturnValue:
    """Say whether a report could be taken now, and the kinds of problem if not."""
    found = [problem.split(":", 1)[0] for problem in problems()]
    return jsonify(status="not-ready" if found else "ready", reasons=found), 503 if found else 200
