"""The console command `mystery-shopper`: the operator's door to every feature."""

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError

from mystery_shopper.accounts.cli import accounts_cli
from mystery_shopper.app import create_app
from mystery_shopper.audit.cli import audit_cli
from mystery_shopper.authorities.cli import authorities_cli
from mystery_shopper.cases.cli import cases_cli
from mystery_shopper.clocks.cli import clocks_cli
from mystery_shopper.core.errors import ConfigurationError, DomainError
from mystery_shopper.demo.cli import demo_cli
from mystery_shopper.guidance.cli import guidance_cli
from mystery_shopper.intake.cli import proof_cli
from mystery_shopper.interests.cli import interests_cli
from mystery_shopper.notices.cli import notices_cli
from mystery_shopper.notifications.cli import worker_command
from mystery_shopper.operations import doctor_command, prepare_command, serve_command
from mystery_shopper.publication.cli import results_cli
from mystery_shopper.replays.cli import replay_command
from mystery_shopper.retention.cli import retention_cli
from mystery_shopper.retention.keys_cli import keys_cli
from mystery_shopper.similarity.cli import similar_cli
from mystery_shopper.triage.cli import triage_cli
from mystery_shopper.triage.facts_cli import facts_cli
from mystery_shopper.web.cli import translations_cli

triage_cli.add_command(replay_command)
COMMANDS = (
    prepare_command,
    serve_command,
    doctor_command,
    worker_command,
    accounts_cli,
    audit_cli,
    authorities_cli,
    cases_cli,
    clocks_cli,
    demo_cli,
    guidance_cli,
    interests_cli,
    notices_cli,
    proof_cli,
    results_cli,
    retention_cli,
    keys_cli,
    similar_cli,
    triage_cli,
    facts_cli,
    translations_cli,
)


cli = click.Group(
    name="mystery-shopper",
    help="Case management for procurement-barrier complaints. Settings: docs/operations.md.",
    commands={str(command.name): command for command in COMMANDS},
)


def main() -> None:
    """Run a command; a problem the operator can mend is one line and exit code 1."""
    app = ScriptInfo(create_app=create_app, set_debug_flag=False, load_dotenv_defaults=False)
    try:
        cli.main(prog_name="mystery-shopper", obj=app)
    except (ConfigurationError, DomainError) as error:
        click.echo(f"mystery-shopper: {error}", err=True)
        raise SystemExit(1) from error
    except OperationalError as error:
        click.echo(f"mystery-shopper: the database did not answer ({error.orig}). Try again.", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
