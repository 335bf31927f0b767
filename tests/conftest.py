"""Fixtures of all tests: a fresh, migrated database for each test that asks for `app`, on SQLite or PostgreSQL.

Commits are real. TEST_DATABASE=postgresql runs the same tests on a PostgreSQL server started for the session.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings as property_settings
from jinja2 import FileSystemBytecodeCache

from config import Config, load_config
from mystery_shopper.accounts.policy import Role
from mystery_shopper.app import create_app
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import create_key_file
from mystery_shopper.core.db import db, set_reading, transaction
from mystery_shopper.core.vault import check_keyring
from mystery_shopper.web import limits
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member, add_member, sign_in_member
from tests.support.databases import Store, open_store
from tests.support.passwords import cheap_passwords, passwords_as_shipped
from tests.support.standing import Standing

if TYPE_CHECKING:
    from tests.architecture.world import World

property_settings.register_profile("quick", max_examples=30, deadline=None)
if os.environ.get("FAULTS") != "full":  # `make faults` tries each property a hundred times
    property_settings.load_profile("quick")

POSTGRESQL = os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> Iterator[None]:
    """Digests of passwords take no work in this process, but where a test asks for `real_passwords`."""
    with cheap_passwords():
        yield


@pytest.fixture
def real_passwords() -> Iterator[None]:
    """Digests of passwords take the work they take in the service."""
    with passwords_as_shipped():
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for keys, database and mail of this worker."""
    folder = tmp_path_factory.mktemp("home")
    create_key_file(folder / "keys.json")
    return folder


@pytest.fixture(scope="session")
def store(home: Path) -> Iterator[Store]:
    """The database server of this session: files, or PostgreSQL."""
    with open_store(home, postgresql=POSTGRESQL) as opened:
        yield opened


@pytest.fixture(scope="session")
def settings(home: Path, store: Store) -> Config:
    """Settings of the application under test."""
    config = load_config({"INSTANCE_DIR": str(home), "MAIL_URL": f"folder:{home / 'mail'}"})
    return replace(
        config,
        database_url=store.url,
        keys_file=home / "keys.json",
        publication_hold_days=0,
        declare_each_case=False,
        testing=True,
    )


@pytest.fixture(scope="session")
def migrated(settings: Config, store: Store, pytestconfig: pytest.Config) -> Flask:
    """The application, its database migrated once and kept as the pattern of each test's database."""
    application = create_app(settings)
    # Compiled once for all workers and both databases; a template that changed has another checksum.
    templates = pytestconfig.cache.mkdir("templates")
    application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
    with application.app_context():
        upgrade()
        with transaction() as session:
            check_keyring(session, clock.utc_now())
        db.session.remove()
        db.engine.dispose()
    store.keep_pattern()
    return application


@pytest.fixture(scope="session")
def standing(store: Store, settings: Config) -> Standing:
    """What many tests begin with, made once."""
    return Standing(store, settings.instance_dir)


@pytest.fixture
def app(migrated: Flask, store: Store, settings: Config) -> Iterator[Flask]:
    """The application on a fresh database. No context is pushed: requests make their own."""
    if store.needs_closed:
        _dispose(migrated)
    store.restore_pattern()
    set_reading(False)
    for folder in ("mail", "evidence"):
        shutil.rmtree(settings.instance_dir / folder, ignore_errors=True)
    limits.limiter.enabled = False  # one limiter serves the process: an application made by another test may count
    yield migrated
    if store.needs_closed:
        _dispose(migrated)


def _dispose(application: Flask) -> None:
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """The application with a context pushed, for tests of services and queries."""
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def world(app: Flask, standing: Standing) -> "World":
    """One of everything and a member of staff of each role."""
    from tests.architecture.world import build_world

    return standing.get(app, "world", build_world)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript and without cookies."""
    return app.test_client()


def _context(app: Flask) -> AbstractContextManager[object]:
    return nullcontext() if has_app_context() else app.app_context()


@pytest.fixture
def make_user(app: Flask) -> Callable[..., Member]:
    """Add a member of staff with password and second factor; returns how they sign in."""

    def make(*roles: Role | str, **details: str) -> Member:
        with _context(app):
            db.session.commit()
            return add_member(*(Role(role) for role in roles), **details)

    return make


@pytest.fixture
def sign_in(app: Flask) -> Callable[[FlaskClient, Member], None]:
    """Sign somebody in through the pages, second factor included."""
    return sign_in_member


@pytest.fixture
def signed_in(
    app: Flask, make_user: Callable[..., Member], sign_in: Callable[[FlaskClient, Member], None]
) -> Callable[..., FlaskClient]:
    """Return a new browser in which somebody of a role is signed in."""

    def go(role: Role | str = Role.CASEWORKER) -> FlaskClient:
        browser = app.test_client()
        sign_in(browser, make_user(role))
        return browser

    return go


@pytest.fixture
def file_report(app: Flask) -> Callable[..., Filed]:
    """File a report through the service; `overrides` are fields of NewReport or of its content."""

    def file(**overrides: object) -> Filed:
        with _context(app), transaction():
            return add_report(**overrides)

    return file
