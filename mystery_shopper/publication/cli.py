"""Operator commands: the scheme's own results file, in and out."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.publication.export import result_lines
from mystery_shopper.publication.queries import ResultFilter, count_results
from mystery_shopper.publication.reading import MAX_FILE_BYTES, ReadFile, WrongFileError, read_results
from mystery_shopper.publication.services import ImportReport, import_results

SHOWN_MAX = 50
STANDARD_OUTPUT = "-"

results_cli = AppGroup("results", help="Published results in the scheme's seven columns.")


@results_cli.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--write", is_flag=True, help="Save the result. Without it, only say what would be done.")
def import_command(file: Path, write: bool) -> None:
    """Add the results of a CSV file that are not here yet. Safe to repeat.

    FILE has the columns Year, Month, Authority, Subject, Sub Issue, Case Issue, Case Outcome. Non-breaking spaces and
    text that was decoded wrongly are mended. Every bad line is named, and then nothing is saved.

    Example: mystery-shopper results import results.csv --write
    """
    read = _read(file)
    _refuse_problems(read)
    with transaction():
        report = import_results(read.rows, actor=SYSTEM, now=clock.utc_now())
        if not write:
            db.session.rollback()
    _say(read, report, write)


@results_cli.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default=STANDARD_OUTPUT)
def export_command(file: Path) -> None:
    """Write every published result to FILE, or to the screen.

    Example: mystery-shopper results export results.csv
    """
    lines = result_lines(ResultFilter())
    if str(file) == STANDARD_OUTPUT:
        for line in lines:
            sys.stdout.write(line)
        return
    with file.open("w", encoding="utf-8", newline="") as target:
        target.writelines(lines)
    click.echo(f"{count_results(ResultFilter())} results written to {file}.")


def _read(file: Path) -> ReadFile:
    if file.stat().st_size > MAX_FILE_BYTES:
        raise click.ClickException(f"{file} is larger than {MAX_FILE_BYTES // 1_000_000} MB")
    try:
        return read_results(file.read_bytes())
    except WrongFileError as error:
        raise click.ClickException(f"{file}: {error.message}") from error


def _refuse_problems(read: ReadFile) -> None:
    for problem in read.problems[:SHOWN_MAX]:
        click.echo(str(problem), err=True)
    if len(read.problems) > SHOWN_MAX:
        click.echo(f"... and {len(read.problems) - SHOWN_MAX} more", err=True)
    if read.problems:
        raise click.ClickException(f"{len(read.problems)} problems, nothing saved")


def _say(read: ReadFile, report: ImportReport, write: bool) -> None:
    done = "Saved" if write else "Nothing saved (add --write to save)"
    click.echo(
        f"{report.added} added, {report.known} already here, {report.matched} of the added name an authority of the "
        f"register, {read.repaired} cells mended. {done}."
    )
