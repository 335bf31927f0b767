"""Operator commands of proofs of submission. `verify` needs no database: anybody may run it with the public keys."""

import base64
import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.signing import public_keys, rotate_signing_key
from mystery_shopper.intake.proofs import CONTENT_MAX, check_proof

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

proof_cli = AppGroup("proof", help="Proofs of submission: check one, show the public keys, change the key.")


@proof_cli.command("verify", with_appcontext=False)
@click.argument("file", type=FILE)
@click.option("--content", "content_file", type=FILE, help="The content file that was downloaded with the proof.")
@click.option("--keys", "keys_file", type=FILE, help="Public keys saved from /proof/keys.json; without it, our own.")
def verify_command(file: Path, content_file: Path | None, keys_file: Path | None) -> None:
    """Check a proof of submission; exit code 1 when something is wrong with it.

    Example: mystery-shopper proof verify proof.json --content content.json --keys keys.json
    """
    content = _text(content_file) if content_file else ""
    keys = _keys(keys_file) if keys_file else _own_keys()
    try:
        checked = check_proof(_text(file), content, keys)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    if not checked.is_genuine:
        raise click.ClickException("The signature is not ours, or the proof was changed after it was signed.")
    if checked.is_same_content is False:
        raise click.ClickException("The proof is genuine, and it is about another content than this.")
    proof = checked.proof
    click.echo(f"Genuine: report {proof.reference} was received on {proof.received_on} (key {proof.key_id}).")
    if checked.is_same_content:
        click.echo("The content is the one that was received.")


@proof_cli.command("keys")
def keys_command() -> None:
    """Print the public keys, old ones included, as /proof/keys.json gives them out.

    Example: mystery-shopper proof keys > keys.json
    """
    keys = {name: base64.b64encode(key).decode() for name, key in public_keys(keyring()).items()}
    click.echo(json.dumps({"algorithm": "Ed25519", "current": keyring().signing_id, "keys": keys}, indent=2))


@proof_cli.command("rotate-key")
@click.option("--write", is_flag=True, help="Do it. Without it, only say what would be done.")
def rotate_command(write: bool) -> None:
    """Put a new signing key in use. Proofs of the old one stay valid: its public key is kept.

    Restart the service afterwards, and keep a new copy of the key file.

    Example: mystery-shopper proof rotate-key --write
    """
    path = current_app.extensions["settings"].keys_file
    if not write:
        click.echo(f"Would put a new signing key into {path} in place of {keyring().signing_id}. Use --write to do it.")
        return
    click.echo(f"Signing key {rotate_signing_key(path)} is in use from the next start. Copy {path} again.")


@with_appcontext
def _own_keys() -> dict[str, bytes]:
    return public_keys(keyring())


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(4 * CONTENT_MAX + 1).decode("utf-8-sig", "replace")


def _keys(path: Path) -> dict[str, bytes]:
    try:
        content = json.loads(_text(path))
        return {str(name): base64.b64decode(key, validate=True) for name, key in content["keys"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise click.ClickException(f"{path} is not a file of public keys") from error
