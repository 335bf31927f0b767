"""How one entry of the audit log is chained to the one before. Pure."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import NamedTuple

GENESIS = bytes(32)


class Link(NamedTuple):
    """One entry as it is digested: every column but the digest itself."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: str
    outcome: str
    prev_mac: bytes


def canonical(link: Link) -> bytes:
    """Return the one spelling of an entry that is digested: JSON with sorted keys and no spaces, the time in UTC."""
    return json.dumps(
        {
            "action": link.action,
            "actor": link.actor,
            "at": link.at.isoformat(timespec="microseconds"),
            "outcome": link.outcome,
            "prev": link.prev_mac.hex(),
            "seq": link.seq,
            "subject": link.subject,
            "subject_id": link.subject_id,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def digest(key: bytes, link: Link) -> bytes:
    """Return the 32-byte keyed digest (HMAC-SHA256) of an entry."""
    return hmac.digest(key, canonical(link), hashlib.sha256)


def fits(key: bytes, link: Link, mac: object) -> bool:
    """Tell whether a stored digest is the digest of the entry. False too for values the service never stores."""
    prev_mac: object = link.prev_mac
    if not isinstance(mac, bytes) or not isinstance(prev_mac, bytes):
        return False
    return hmac.compare_digest(digest(key, link), mac)
