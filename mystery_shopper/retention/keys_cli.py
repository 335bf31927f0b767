"""The `keys` commands: the wrapping keys, without which a backup made under them is noise."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core import clock, rewrapping
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.purging import purge

BATCH = 500

keys_cli = AppGroup("keys", help="Wrapping keys: which there are, a new one, the old one retired.")


def _file() -> Path:
    found: Path = current_app.extensions["settings"].keys_file
    return found


def _note(name: str) -> None:
    audit.record(Action.KEYS_ROTATED, actor=SYSTEM, subject="wrapping-key", subject_id=name, now=clock.utc_now())


@keys_cli.command("status")
def status_command() -> None:
    """Say which wrapping keys there are, and how many data keys each wraps.

    Example: mystery-shopper keys status
    """
    with transaction() as session:
        used = rewrapping.count_by_wrapping_key(session)
    for name in keyring().wrapping:
        in_use = ", in use" if name == keyring().current else ""
        click.echo(f"{name}: wraps {used[name]} data keys{in_use}")


@keys_cli.command("rotate")
@click.option("--write", is_flag=True, help="Do it. Without it, only say what would be done.")
def rotate_command(write: bool) -> None:
    """Put a new wrapping key into the key file. Then restart every process, and run `keys rewrap`.

    Example: mystery-shopper keys rotate --write
    """
    if not write:
        click.echo(f"Would put a new wrapping key into {_file()} beside {keyring().current}. Use --write to do it.")
        return
    name = rewrapping.add_wrapping_key(_file())
    with transaction():
        _note(name)
    click.echo(f"{name} is in use from the next start. Copy {_file()} again, restart everything, then run keys rewrap.")


@keys_cli.command("rewrap")
def rewrap_command() -> None:
    """Wrap every data key with the key in use; the words are not touched. Can be stopped and started again.

    Example: mystery-shopper keys rewrap
    """
    with transaction() as session:
        used = rewrapping.count_by_wrapping_key(session)
    total = sum(count for name, count in used.items() if name != keyring().current)
    with click.progressbar(length=total, label="Wrapping", file=sys.stderr) as bar:
        while done := _rewrap_some():
            bar.update(done)
    db.session.remove()
    purge(db.engine, ())
    click.echo(f"{total} data keys are wrapped with {keyring().current}. Make a new backup, then run keys retire.")


def _rewrap_some() -> int:
    with transaction() as session:
        return rewrapping.rewrap(session, limit=BATCH)


@keys_cli.command("retire")
@click.option("--write", is_flag=True, help="Do it. Without it, only say what would be done.")
def retire_command(write: bool) -> None:
    """Take wrapping keys that wrap nothing out of the key file, each into a file of its own, to be destroyed.

    Once that file and every copy of the old key file are destroyed, no backup made before can be read by anybody.

    Example: mystery-shopper keys retire --write
    """
    old = [name for name in keyring().wrapping if name != keyring().current]
    if not write or not old:
        click.echo(f"Would retire: {', '.join(old)}. Use --write to do it." if old else "There is nothing to retire")
        return
    with transaction() as session:
        files = rewrapping.retire_wrapping_keys(_file(), session)
        for file in files:
            _note(file.stem)
    for file in files:
        click.echo(
            f"Retired into {file}. Destroy it, and every older copy of {_file()}, once the new backup is proven."
        )
