"""A new wrapping key, every data key wrapped anew, the old one retired: then an older backup is noise."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from config import Config
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import UnsealError, install_keyring, keyring, load_keyring
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.vault import check_keyring, wrap_context
from mystery_shopper.retention.keys_cli import keys_cli
from tests.factories.reports import add_report


@pytest.fixture
def keys(app_context: Flask, settings: Config, tmp_path: Path) -> Iterator[Path]:
    """The key file of the session, put back afterwards with the keyring it makes."""
    kept = tmp_path / "kept.json"
    shutil.copyfile(settings.keys_file, kept)
    yield settings.keys_file
    shutil.copyfile(kept, settings.keys_file)
    for file in settings.keys_file.parent.glob("retired-*.json"):
        file.unlink()
    install_keyring(load_keyring(settings.keys_file))


def run(app: Flask, *words: str) -> str:
    answer = app.test_cli_runner().invoke(keys_cli, list(words))
    assert answer.exit_code == 0, answer.output + str(answer.exception)
    return answer.output


def data_key_of(url: str) -> tuple[str, str, bytes]:
    """Return id, wrapping key and wrapped form of the data key of the first case, as a thief of the file reads them."""
    engine = create_engine(url)
    query = "SELECT k.id, k.wrapping_key_id, k.wrapped FROM data_keys k JOIN cases c ON c.data_key_id = k.id"
    with engine.connect() as connection:
        row = connection.execute(text(query)).one()
    engine.dispose()
    return str(row[0]), row[1], bytes(row[2])


@pytest.mark.sqlite
def test_a_backup_made_before_cannot_be_read_once_the_old_wrapping_key_is_destroyed(
    app: Flask, keys: Path, tmp_path: Path
) -> None:
    with transaction():
        filed = add_report()
    old_backup = tmp_path / "old.sqlite3"
    raw = db.engine.raw_connection()
    raw.cursor().execute(f"VACUUM INTO '{old_backup}'")
    raw.close()
    key_id, wrapped_by, wrapped = data_key_of(f"sqlite:///{old_backup}")
    context = wrap_context(UUID(key_id))
    assert keyring().unwrap(wrapped_by, wrapped, context), "the backup opens while the key is there"

    assert "Use --write" in run(app, "rotate")
    assert json.loads(keys.read_text())["current"] == "k1"
    run(app, "rotate", "--write")
    install_keyring(load_keyring(keys))  # what a restart does
    assert keyring().current == "k2"
    refused = app.test_cli_runner().invoke(keys_cli, ["retire", "--write"])
    assert "k1 wraps" in str(refused.exception)
    run(app, "rewrap")
    assert "k1: wraps 0 data keys" in run(app, "status")
    assert "Retired into" in run(app, "retire", "--write")
    install_keyring(load_keyring(keys))
    assert "There is nothing to retire" in run(app, "retire")
    with pytest.raises(UnsealError, match="is not in the key file"):
        keyring().unwrap(wrapped_by, wrapped, context)
    assert get_case_for_update(filed.case_id).title == "Community meals service"
    with transaction() as session:
        check_keyring(session, clock.utc_now())
    db.session.rollback()
    name = str(make_url(str(db.engine.url)).database)
    assert wrapped not in Path(name).read_bytes() + Path(f"{name}-wal").read_bytes()
