"""Operator commands of the register."""

from pathlib import Path

import click
from flask.cli import AppGroup

from mystery_shopper.authorities.queries import count_authorities
from mystery_shopper.authorities.rows import RowsRead, read_rows
from mystery_shopper.authorities.services import ImportReport, import_authorities, load_register
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction

ACTOR = "system"
SHOWN_MAX = 50
FILE_BYTES_MAX = 20_000_000

authorities_cli = AppGroup("authorities", help="The register of contracting authorities.")


@authorities_cli.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--write", is_flag=True, help="Save the result. Without it, only say what would be done.")
def import_command(file: Path, write: bool) -> None:
    """Add the authorities of a CSV file that the register does not hold yet.

    FILE has a line of column names (name and type at least). A bad cell is named by line and column, and nothing is
    saved.

    Example: mystery-shopper authorities import colleges.csv --write
    """
    read = _read(file)
    if write:
        with transaction():
            report = import_authorities(read, actor=ACTOR, now=clock.utc_now())
    else:
        report = import_authorities(read, actor=ACTOR, now=clock.utc_now())
        db.session.rollback()
    _refuse_problems(report)
    for difference in report.differences[:SHOWN_MAX]:
        click.echo(f"Kept as in the register: {difference}")
    if len(report.differences) > SHOWN_MAX:
        click.echo(f"... and {len(report.differences) - SHOWN_MAX} more that differ")
    done = "Saved" if write else "Nothing saved (add --write to save)"
    click.echo(f"{report.matched} matched, {report.changed} of them changed, {report.added} added. {done}.")


@authorities_cli.command("load")
def load_command() -> None:
    """Load the register that comes with the program. Safe to repeat.

    Example: mystery-shopper authorities load
    """
    with transaction():
        report = load_register(actor=ACTOR, now=clock.utc_now())
        total = count_authorities()
    if report is None:
        click.echo(f"The register is loaded already: {total} authorities.")
    else:
        click.echo(f"{report.added} added, {report.changed} changed: {total} authorities.")


def _read(file: Path) -> RowsRead:
    if file.stat().st_size > FILE_BYTES_MAX:
        raise click.ClickException(f"{file} is larger than {FILE_BYTES_MAX // 1_000_000} MB")
    try:
        return read_rows(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not text in UTF-8") from error
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read") from error


def _refuse_problems(report: ImportReport) -> None:
    for problem in report.problems[:SHOWN_MAX]:
        click.echo(str(problem), err=True)
    if report.problems:
        raise click.ClickException(f"{len(report.problems)} problems, nothing saved")
