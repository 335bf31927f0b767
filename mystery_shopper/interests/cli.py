"""The `interests` commands."""

from uuid import UUID

import click
from flask.cli import AppGroup

from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.interests import services

interests_cli = AppGroup("interests", help="Look after the blocks that follow from interests of staff.")


@interests_cli.command("rebuild", epilog="Example: mystery-shopper interests rebuild")
def rebuild_command() -> None:
    """Mark every report anew and match every interest: after an upgrade, or after the folding of names was changed.

    Works in batches, each committed by itself; it can be stopped and started again at any time.
    """
    after: UUID | None = None
    reports = interests = 0
    while True:
        with transaction():
            after, count = services.mark_next_reports(after)
        if not count:
            break
        reports += count
    after = None
    while True:
        with transaction():
            after, count = services.apply_next_interests(after, now=clock.utc_now())
        if not count:
            break
        interests += count
    click.echo(f"{reports} reports marked, {interests} interests matched")
