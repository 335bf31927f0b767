"""The `demo` commands."""

import sys
import time

import click
from flask import current_app
from flask.cli import AppGroup

from config import Config
from mystery_shopper.core import clock
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.demo.people import describe_staff
from mystery_shopper.demo.services import DEFAULT_REPORTS, DEFAULT_SEED, TOLD, count_missing, load_demonstration

LARGEST = 2_000_000

demo_cli = AppGroup("demo", help="Demonstration data: fictional, and marked as such.")


def _require_demonstration() -> None:
    settings: Config = current_app.extensions["settings"]
    if not settings.demo:
        raise ConfigurationError("Set DEMO=on first: demonstration accounts have a known password")


@demo_cli.command("load")
@click.option("--reports", default=DEFAULT_REPORTS, show_default=True, type=click.IntRange(1, LARGEST))
@click.option("--seed", default=DEFAULT_SEED, show_default=True)
def load(reports: int, seed: int) -> None:
    """Load fictional authorities, staff and cases into an empty database, or the rest of a load that was stopped.

    The same seed, number and day give the same cases. Those beyond the first 260 are written in bulk, without letters,
    public texts and evidence; 'similar rebuild' and 'interests rebuild' make their marks. They are judged by the
    catalogue in force.

    Example: DEMO=on mystery-shopper demo load --reports 100000 --seed 7
    """
    _require_demonstration()
    missing = count_missing(reports)
    if not missing:
        click.echo("Demonstration data is there already; nothing was done")
        return
    bulk = min(missing, max(0, reports - TOLD))
    began = time.monotonic()
    with click.progressbar(length=bulk, label="Cases in bulk", file=sys.stderr, hidden=not bulk) as bar:
        count = load_demonstration(reports=reports, seed=seed, say=click.echo, tell=bar.update)
    click.echo(f"{count} cases loaded in {time.monotonic() - began:.0f} s")


@demo_cli.command("codes")
def codes() -> None:
    """Print the demonstration accounts with the codes of their second factors.

    Example: DEMO=on mystery-shopper demo codes
    """
    _require_demonstration()
    for line in describe_staff(clock.utc_now()):
        click.echo(line)
