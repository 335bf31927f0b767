"""The `similar` commands."""

import sys
from uuid import UUID

import click
from flask.cli import AppGroup

from mystery_shopper.core.db import transaction
from mystery_shopper.similarity import services

similar_cli = AppGroup("similar", help="Look after the marks by which similar reports find each other.")


@similar_cli.command("rebuild", epilog="Example: mystery-shopper similar rebuild")
def rebuild_command() -> None:
    """Mark every report anew: after an upgrade, or after the thresholds for texts were changed.

    Works in batches, each committed by itself; it can be stopped and started again at any time.
    """
    after: UUID | None = None
    marked = 0
    while True:
        with transaction():
            after, count = services.mark_next_reports(after)
        if not count:
            break
        marked += count
        click.echo(f"{marked} reports", file=sys.stderr)
    click.echo(f"{marked} reports marked")
