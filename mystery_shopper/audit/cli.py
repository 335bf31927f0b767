"""Operator commands of the audit log."""

from pathlib import Path

import click
from flask.cli import AppGroup

from mystery_shopper.audit import verification
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import separate_reading

audit_cli = AppGroup("audit", help="Prove that the audit log is whole, and anchor it outside the database.")


@audit_cli.command("verify")
@click.option("--anchor", "anchor_file", type=click.Path(path_type=Path), help="File written by 'audit anchor'.")
def verify(anchor_file: Path | None) -> None:
    """Walk the audit log and name the first entry that is wrong; exit code 1 when there is one.

    Example: mystery-shopper audit verify --anchor /mnt/elsewhere/audit-anchors.jsonl
    """
    anchors = verification.read_anchors(anchor_file) if anchor_file else []
    with separate_reading() as session:
        result = verification.verify(session, keyring().audit_key(), anchors)
    if not result.is_whole:
        raise click.ClickException(result.summary)
    click.echo(result.summary)


@audit_cli.command("anchor")
@click.argument("anchor_file", type=click.Path(path_type=Path))
def anchor(anchor_file: Path) -> None:
    """Append the state of the log to ANCHOR_FILE. Keep the file where the database's keeper cannot write.

    The log is verified first, against the anchors already there: a damaged log is not anchored.

    Example: mystery-shopper audit anchor /mnt/elsewhere/audit-anchors.jsonl
    """
    known = verification.read_anchors(anchor_file) if anchor_file.exists() else []
    with separate_reading() as session:
        result = verification.verify(session, keyring().audit_key(), known)
        if not result.is_whole:
            raise click.ClickException(result.summary)
        made = verification.make_anchor(session, clock.utc_now())
    try:
        with anchor_file.open("a") as file:
            file.write(made.to_line() + "\n")
    except OSError as error:
        raise click.ClickException(f"The anchor file {anchor_file} cannot be written") from error
    click.echo(f"Anchored {made.count} entries.")
