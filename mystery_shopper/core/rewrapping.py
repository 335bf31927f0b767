"""Changing the key that wraps data keys: a new one, every data key wrapped anew, the old one out of the key file.

Until the old wrapping key is gone, a backup made under it can be opened with it, and holds what was erased since. Once
it is destroyed, no such backup can be read by anybody: so make a new backup first.
"""

import base64
import json
import secrets
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mystery_shopper.core.crypto import KEY_BYTES, keyring, load_keyring, replace_key_file
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.vault import SENTINEL_CONTEXT, SENTINEL_ID, DataKey, wrap_context


def add_wrapping_key(path: Path) -> str:
    """Put a new wrapping key in use from the next start, keep those before it, and return its id."""
    ring, content = load_keyring(path), json.loads(path.read_text())
    name = f"k{max(int(known[1:]) for known in ring.wrapping) + 1}"
    content["wrapping"][name] = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    content["current"] = name
    replace_key_file(path, content)
    return name


def count_by_wrapping_key(session: Session) -> Counter[str]:
    """Return how many data keys that were not erased each wrapping key wraps."""
    used = select(DataKey.wrapping_key_id, func.count()).where(DataKey.erased_at.is_(None))
    rows = session.execute(used.group_by(DataKey.wrapping_key_id))
    return Counter({row[0]: row[1] for row in rows})


def rewrap(session: Session, *, limit: int) -> int:
    """Wrap some data keys anew with the key in use; return how many. What they seal is not touched."""
    ring = keyring()
    others = (
        select(DataKey)
        .where(DataKey.erased_at.is_(None), DataKey.wrapping_key_id != ring.current)
        .order_by(DataKey.id)
        .limit(limit)
        .with_for_update()
    )
    rows = session.scalars(others).all()
    for key in rows:
        context = SENTINEL_CONTEXT if key.id == SENTINEL_ID else wrap_context(key.id)
        opened = ring.unwrap(key.wrapping_key_id, key.wrapped, context)
        key.wrapping_key_id, key.wrapped = ring.wrap(opened, context)
    session.flush()
    return len(rows)


def retire_wrapping_keys(path: Path, session: Session) -> list[Path]:
    """Move every wrapping key that wraps nothing any more into a file of its own, and return those files.

    They are not deleted here: a process that was not restarted may have wrapped with one just now.

    Raises:
        DomainError: one still wraps data keys.
    """
    ring, content = load_keyring(path), json.loads(path.read_text())
    used = count_by_wrapping_key(session)
    old = [name for name in ring.wrapping if name != ring.current]
    if busy := [f"{name} wraps {used[name]}" for name in old if used[name]]:
        raise DomainError(f"Not yet: {', '.join(busy)} data keys. Run 'mystery-shopper keys rewrap' first.")
    files = []
    for name in old:
        retired = path.with_name(f"retired-{name}.json")
        replace_key_file(retired, {name: content["wrapping"].pop(name)})
        files.append(retired)
    if files:
        replace_key_file(path, content)
    return files
