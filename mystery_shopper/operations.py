"""Commands that run the service: prepare, serve, doctor."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from sqlalchemy.engine import make_url
from sqlalchemy.orm import configure_mappers

from config import Config, load_config
from mystery_shopper.app import create_app
from mystery_shopper.authorities.services import load_register
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import create_key_file
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.holidays import calendar_problems
from mystery_shopper.demo.people import check_closed, describe_staff
from mystery_shopper.demo.services import demonstration_is_loaded, load_demonstration
from mystery_shopper.evidence.queries import Standing, standing
from mystery_shopper.evidence.scanner import find_scanner
from mystery_shopper.evidence.stores import store
from mystery_shopper.notifications.queries import outbox_status
from mystery_shopper.readiness import assert_ready, database_revision, head_revision, problems
from mystery_shopper.replays.services import record_release

PRIVATE_MODE = 0o077


def prepare(settings: Config, say: Callable[[str], None]) -> Flask:
    """Make everything the service needs that is not there yet: keys, tables, register, demonstration.

    Safe to repeat; a second time it only looks. Returns the application, ready to serve.
    """
    os.umask(PRIVATE_MODE)
    settings.instance_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not settings.keys_file.exists():
        create_key_file(settings.keys_file)
        say(f"Keys made: {settings.keys_file} (keep a copy apart from the database)")
    app = create_app(settings)
    with app.app_context():
        if database_revision() != head_revision():
            say("Migrating the database")
            upgrade()
        assert_ready(app)
        with transaction():
            report = load_register(actor=SYSTEM, now=clock.utc_now())
            rules = record_release(now=clock.utc_now())
        if report is not None:
            say(f"Register of authorities: {report.added} added, {report.changed} changed")
        if rules is not None:
            say(f"Rules in force: version {rules.number}, {rules.version}")
        if settings.demo and not demonstration_is_loaded():
            say("Loading demonstration data (a minute)")
            load_demonstration(say=say)
        if not settings.demo:
            check_closed()
        db.session.remove()
        db.engine.dispose()
    return app


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with an application that is already there, so that starting imports everything once."""

    def __init__(self, app: Flask, settings: Config) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our settings; it writes no access log, so no address of a visitor is kept."""
        wanted = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "accesslog": None,
            "loglevel": "warning",
            "graceful_timeout": 20,
            "timeout": 60,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "control_socket_disable": True,
        }
        for name, value in wanted.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application, its tables mapped already: a worker that is started anew answers sooner."""
        configure_mappers()
        return self._app


@click.command("prepare")
@click.option("--demo/--no-demo", default=None, help="Load demonstration data; DEMO=on does the same.")
def prepare_command(demo: bool | None) -> None:
    """Make keys, tables and register if they are not there.

    Example: mystery-shopper prepare --demo
    """
    prepare(_settings(demo), click.echo)


@click.command("serve")
@click.option("--demo/--no-demo", default=None, help="Load demonstration data and print its accounts.")
def serve_command(demo: bool | None) -> None:
    """Prepare, then serve until stopped.

    Example: PORT=8080 mystery-shopper serve --demo
    """
    settings = _settings(demo)
    app = prepare(settings, click.echo)
    click.echo(f"Mystery Shopper is on http://{settings.host}:{settings.port}/ (staff: /sign-in). Stop with Ctrl-C.")
    if settings.demo:
        with app.app_context():
            for line in describe_staff(clock.utc_now()):
                click.echo(line)
            db.session.remove()
            db.engine.dispose()
    Server(app, settings).run()


def _settings(demo: bool | None) -> Config:
    env = dict(os.environ)
    if demo is not None:
        env["DEMO"] = "on" if demo else "off"
    return load_config(env)


def _mode_problems(settings: Config) -> list[str]:
    watched = [settings.keys_file, settings.instance_dir]
    if settings.is_sqlite:
        watched.append(Path(make_url(settings.database_url).database or ""))
    return [
        f"files: {path.name} can be read by others (mode {stat.S_IMODE(path.stat().st_mode):o})"
        for path in watched
        if path.exists() and path.stat().st_mode & PRIVATE_MODE
    ]


def _words_of_files(files: Standing, *, has_scanner: bool) -> str:
    unread = f"{files.waiting} files wait for the virus scanner, {files.unscanned} were never scanned"
    return f"{unread}, {files.infected} hold a virus" if has_scanner else f"NO VIRUS SCANNER is installed; {unread}"


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Look for what is wrong with this installation; exit code 1 when something is.

    Example: mystery-shopper doctor
    """
    settings: Config = current_app.extensions["settings"]
    found = problems() + _mode_problems(settings) + calendar_problems(clock.today())
    if current_app.debug:
        found.append("debug: the debugger is on")
    if not settings.https and settings.host not in ("127.0.0.1", "::1", "localhost"):
        found.append("https: BASE_URL is not https but the service listens beyond this machine")
    found += [f"evidence: {problem}" for problem in store().problems()]
    scanner, files = find_scanner(), standing()
    if scanner is not None and not scanner.answers():
        found.append("scanner: it does not answer; files stay in quarantine")
    click.echo(_words_of_files(files, has_scanner=scanner is not None))
    status = outbox_status()
    if status.given_up:
        found.append(f"mail: {status.given_up} letters were given up")
    click.echo(f"{status.waiting} letters wait in the outbox")
    for problem in found:
        click.echo(f"PROBLEM {problem}", err=True)
    if found:
        raise SystemExit(1)
    click.echo("All is well")
