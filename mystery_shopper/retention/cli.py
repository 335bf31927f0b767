"""The `retention` commands."""

import json
import sys

import click
from flask.cli import AppGroup

from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.retention.policy import schedule
from mystery_shopper.retention.queries import count_items, find_approved, get_batch, list_due, records_of
from mystery_shopper.retention.states import ItemState
from mystery_shopper.retention.worker import advance

retention_cli = AppGroup("retention", help="Destroy what the retention schedule says, and prove it.")


@retention_cli.command("due")
def due_command() -> None:
    """Say what is due today by class, and what a legal hold keeps. Changes nothing.

    Example: mystery-shopper retention due
    """
    found = schedule()
    click.echo(f"Schedule {found.version}, {clock.today().isoformat()}")
    with transaction():
        counted = {due.of.id: due for due in list_due(clock.today())}
    for one in found.classes.values():
        due = counted.get(one.id)
        after = f"{one.id}: {one.period} after {one.trigger.value}"
        if due is None:
            click.echo(f"{after}, done by the {one.done_by.value}")
        else:
            click.echo(f"{after}: {due.free} due, {due.held} on hold, {due.in_batches} in open batches")


@retention_cli.command("run")
@click.option("--apply", "apply_", is_flag=True, help="Destroy. Without it the batches are only named.")
def run_command(apply_: bool) -> None:
    """Destroy what is in approved batches, as the worker does. Dry by default; can be stopped and started again.

    Batches are proposed and approved by two people on the page Records.

    Example: mystery-shopper retention run --apply
    """
    done = 0
    while (number := _next()) is not None:
        with transaction():
            batch = get_batch(number)
            noun, waiting = records_of(batch).noun, count_items(batch).get(ItemState.WAITING, 0)
        if not apply_:
            records = f"{waiting} {noun}{'' if waiting == 1 else 's'}"
            click.echo(f"Batch {number}: {records} would be destroyed. Nothing was changed; add --apply")
            return
        with click.progressbar(length=waiting, label=f"Batch {number}", file=sys.stderr) as bar:
            while advance(number):
                bar.update(1)
        if _next() == number:
            raise DomainError(f"Batch {number} is not finished: the database is in use. Run this again.")
        click.echo(f"Batch {number} is done")
        done += 1
    if not done:
        click.echo("No batch is approved and waiting")


def _next() -> int | None:
    with transaction():
        return find_approved()


@retention_cli.command("certificate")
@click.argument("number", type=int)
def certificate_command(number: int) -> None:
    """Print the certificate of a batch that is done, as JSON.

    Example: mystery-shopper retention certificate 3
    """
    with transaction():
        certificate = get_batch(number).certificate
    if certificate is None:
        raise DomainError(f"Batch {number} is not done, so it has no certificate")
    click.echo(json.dumps(certificate, indent=2))
