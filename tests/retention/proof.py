"""The search for what was erased: every sealed value, digest and key of a record, in every file of the database."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import make_url, select, text, true

from mystery_shopper.core.db import Model, db
from mystery_shopper.core.vault import DataKey
from mystery_shopper.retention.policy import Fate, erasures_of
from mystery_shopper.retention.services.erasing import points_at
from tests.support.leaks import rows_of

POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"
SEALED = ("_sealed", "wrapped", "_mac", "_index", "_hash", "credential_id", "public_key", "sign_on_key")


def secrets_of(class_id: str, ids: Mapping[str, Sequence[UUID]]) -> dict[str, bytes]:
    """Return every sealed value, key and digest of what goes with some rows, by where it is: they are the canaries."""
    keys, found = set(), {}
    for rule in erasures_of(class_id):
        table = Model.metadata.tables[rule.table]
        which = table.c[rule.link].in_(ids[points_at(table, rule.link)])
        which &= table.c[rule.unless].is_(False) if rule.unless else true()
        for row in db.session.execute(select(table).where(which)).mappings() if rule.fate is not Fate.LEAVE else ():
            keys |= {row["data_key_id"]} if row.get("data_key_id") else set()
            sealed = {name: value for name, value in row.items() if name.endswith(SEALED) and value}
            place = f"{table.name} {row.get('id')}"
            found |= {
                f"{place} {name}": value.encode() if isinstance(value, str) else bytes(value)
                for name, value in sealed.items()
            }
    for key in db.session.scalars(select(DataKey).where(DataKey.id.in_(keys))):
        found[f"key {key.id}"] = key.wrapped
    return found


def keys_in(secrets: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the data keys among the canaries."""
    return {what: secret for what, secret in secrets.items() if what.startswith("key ")}


def places_of(database_url: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Return every file of the database, and a new backup of it."""
    yield from rows_of(database_url)
    if POSTGRESQL:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            home = Path(connection.execute(text("SHOW data_directory")).scalar_one())
            number = connection.execute(
                text("SELECT oid FROM pg_database WHERE datname = current_database()")
            ).scalar_one()
        files = sorted((home / "base" / str(number)).iterdir())
    else:
        name = Path(str(make_url(database_url).database))
        backup = folder / "new-backup.sqlite3"
        backup.unlink(missing_ok=True)
        raw = db.engine.raw_connection()
        raw.cursor().execute(f"VACUUM INTO '{backup}'")
        raw.close()
        files = [name, Path(f"{name}-wal"), backup]
    for file in files:
        if file.is_file():
            yield file.name, file.read_bytes()


def found_in(secrets: Mapping[str, bytes], database_url: str, folder: Path) -> set[str]:
    """Return which canaries are in any file of the database, or in a new backup."""
    db.session.rollback()
    data: Collection[tuple[str, bytes]] = list(places_of(database_url, folder))
    return {what for what, secret in secrets.items() if any(secret[:64] in one for _, one in data)}
