"""The `clocks` commands."""

import sys
from collections.abc import Iterator

import click
from flask.cli import AppGroup

from mystery_shopper.cases.clock_events import DueDateMoved
from mystery_shopper.clocks.services import count_open, list_open, recompute
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.holidays import calendars

BATCH = 100
SHOWN = 50

clocks_cli = AppGroup("clocks", help="Look after the clocks of cases.")


@clocks_cli.command("recompute")
@click.option("--apply", "apply_", is_flag=True, help="Move the dates. Without it nothing is changed.")
@click.option(
    "--why",
    default="the calendar of bank holidays changed",
    show_default=True,
    help="Why the dates are counted again: this goes on the timeline of each case that moves.",
)
def recompute_command(apply_: bool, why: str) -> None:
    """Count the dates of every open case again, after the calendar of bank holidays or a clock has changed.

    Dry by default. Every date that moves is put on record on its case: from, to and why.

    Example: mystery-shopper clocks recompute --apply --why "3 May 2027 was declared a bank holiday"
    """
    for calendar in calendars().values():
        click.echo(f"{calendar.label}: bank holidays known until {calendar.known_until.isoformat()}")
    with transaction():
        expected = count_open()
    seen = moved = 0
    first: list[str] = []
    with click.progressbar(length=expected, label="Counting", file=sys.stderr) as bar:
        for found in _batches(why, apply=apply_):
            seen += len(found)
            moving = [_line(reference, moves) for reference, moves in found if moves]
            moved += len(moving)
            first += moving[: SHOWN - len(first)]
            bar.update(len(found))
    for line in first:
        click.echo(line)
    if moved > len(first):
        click.echo(f"... and {moved - len(first)} more")
    words = "moved" if apply_ else "would move; nothing was changed, add --apply to move them"
    click.echo(f"{seen} open cases counted, {moved} {words}")


def _batches(why: str, *, apply: bool) -> Iterator[list[tuple[str, list[DueDateMoved]]]]:
    after = 0
    while True:
        with transaction():
            cases = list_open(after, limit=BATCH)
            found = [recompute(case_id, why=why, apply=apply, now=clock.utc_now()) for _, case_id in cases]
        if not cases:
            return
        after = cases[-1][0]
        yield found


def _line(reference: str, moves: list[DueDateMoved]) -> str:
    parts = (f"{move.what} {move.old or 'none'} -> {move.new or 'none'}" for move in moves)
    return f"{reference}: {', '.join(parts)}"
