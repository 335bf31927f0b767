"""The console command `mystery-shopper`: the operator's door to every feature."""

import click
from flask import Flask
from flask.cli import FlaskGroup

from mystery_shopper.accounts.cli import accounts_cli
from mystery_shopper.app import create_app
from mystery_shopper.audit.cli import audit_cli
from mystery_shopper.authorities.cli import authorities_cli
from mystery_shopper.cases.cli import cases_cli
from mystery_shopper.core.errors import ConfigurationError, DomainError
from mystery_shopper.demo.cli import demo_cli
from mystery_shopper.notifications.cli import worker_command
from mystery_shopper.operations import doctor_command, prepare_command, serve_command
from mystery_shopper.publication.cli import results_cli
from mystery_shopper.triage.cli import triage_cli

COMMANDS = (
    prepare_command,
    serve_command,
    doctor_command,
    worker_command,
    accounts_cli,
    audit_cli,
    authorities_cli,
    cases_cli,
    demo_cli,
    results_cli,
    triage_cli,
)


def _make_app() -> Flask:
    return create_app()


cli = FlaskGroup(
    name="mystery-shopper",
    help="Case management for procurement-barrier complaints. Settings: docs/operations.md.",
    create_app=_make_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
)
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run a command; a problem the operator can mend is one line and exit code 1."""
    try:
        cli.main(standalone_mode=True)
    except (ConfigurationError, DomainError) as error:
        click.echo(f"mystery-shopper: {error}", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
