"""The `demo` commands."""

import click
from flask import current_app
from flask.cli import AppGroup

from config import Config
from mystery_shopper.core import clock
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.demo.people import describe_staff
from mystery_shopper.demo.services import DEFAULT_REPORTS, DEFAULT_SEED, demonstration_is_loaded, load_demonstration

LARGEST = 20_000

demo_cli = AppGroup("demo", help="Demonstration data: fictional, and marked as such.")


def _require_demonstration() -> None:
    settings: Config = current_app.extensions["settings"]
    if not settings.demo:
        raise ConfigurationError("Set DEMO=on first: demonstration accounts have a known password")


@demo_cli.command("load")
@click.option("--reports", default=DEFAULT_REPORTS, show_default=True, type=click.IntRange(1, LARGEST))
@click.option("--seed", default=DEFAULT_SEED, show_default=True)
def load(reports: int, seed: int) -> None:
    """Load fictional authorities, staff and cases into an empty database.

    Example: DEMO=on mystery-shopper demo load --reports 300 --seed 7
    """
    _require_demonstration()
    if demonstration_is_loaded():
        click.echo("Demonstration data is there already; nothing was done")
        return
    count = load_demonstration(reports=reports, seed=seed, say=click.echo)
    click.echo(f"{count} cases loaded")


@demo_cli.command("codes")
def codes() -> None:
    """Print the demonstration accounts with the codes of their second factors.

    Example: DEMO=on mystery-shopper demo codes
    """
    _require_demonstration()
    for line in describe_staff(clock.utc_now()):
        click.echo(line)
