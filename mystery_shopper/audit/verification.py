"""Proving that the audit log is whole: walk the chain, name the first entry that is wrong and what was done to it.

A chain alone cannot show that its end was cut off; an anchor can, when it is kept where the database's keeper cannot
write.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from mystery_shopper.audit import queries
from mystery_shopper.audit.policy import GENESIS, Link, fits
from mystery_shopper.core.crypto import same
from mystery_shopper.core.errors import DomainError

WRONG_KEY_SAMPLE = 50


class Damage(StrEnum):
    """What was done to the log."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    WRONG_KEY = "wrong-key"


EXPLANATIONS: dict[Damage, str] = {
    Damage.EDITED: "The entry was changed after it was written, or (if it is the last) not written by the service.",
    Damage.DELETED: "The entry is missing.",
    Damage.INSERTED: "The entry was not written by the service.",
    Damage.REORDERED: "The entry stands in the place of another.",
    Damage.TRUNCATED: "The log ends before the anchor: entries were cut off, or an older backup was restored.",
    Damage.REWRITTEN: "The entry is not the one that was anchored: the log was written again with the key.",
    Damage.WRONG_KEY: "No entry fits the key: the key file does not belong to this log.",
}


@dataclass(frozen=True)
class Anchor:
    """What the log looked like at a moment, kept outside the database."""

    seq: int
    count: int
    mac: bytes
    at: datetime

    def to_line(self) -> str:
        """Return the anchor as one line of JSON."""
        return json.dumps({"seq": self.seq, "count": self.count, "mac": self.mac.hex(), "at": self.at.isoformat()})


@dataclass(frozen=True)
class Verification:
    """The result: up to which entry all is well, and the first that is wrong, if any.

    `first` is where the check began, `is_end` whether it came to the end of the log.
    """

    entries: int
    first_bad_seq: int | None = None
    damage: Damage | None = None
    first: int = 1
    is_end: bool = True

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.damage is None

    @property
    def summary(self) -> str:
        """Return the result as a sentence or two, which says no more than was looked at."""
        if self.damage is None and self.first == 1 and self.is_end:
            return f"The audit log is whole: {self.entries} entries checked."
        if self.damage is None:
            end = ", the end of the log," if self.is_end else ""
            return (
                f"Entries {self.first} to {self.entries}{end} are whole and follow from the entry before them. "
                "This says nothing of the others."
            )
        return f"The audit log is damaged at entry {self.first_bad_seq} ({self.damage}). {EXPLANATIONS[self.damage]}"


class AnchorFileError(DomainError):
    """The anchor file cannot be used."""


def make_anchor(session: Session, now: datetime) -> Anchor:
    """Return an anchor of the log as it is now."""
    seq, mac = queries.head(session)
    return Anchor(seq=seq, count=queries.count_entries(session), mac=mac, at=now.astimezone(UTC))


def read_anchors(path: Path) -> list[Anchor]:
    """Read the anchors of a file, one on each line.

    Raises:
        AnchorFileError: there is no such file, a line is not an anchor, or there is none.
    """
    try:
        lines = [line for line in path.read_text().splitlines() if line.strip()]
        anchors = [_parse_anchor(line) for line in lines]
    except OSError as error:
        raise AnchorFileError(f"The anchor file {path} cannot be read") from error
    except (ValueError, KeyError, TypeError) as error:
        raise AnchorFileError(f"The anchor file {path} holds a line that is not an anchor") from error
    if not anchors:
        raise AnchorFileError(f"The anchor file {path} holds no anchor")
    return anchors


def _parse_anchor(line: str) -> Anchor:
    raw = json.loads(line)
    return Anchor(int(raw["seq"]), int(raw["count"]), bytes.fromhex(raw["mac"]), datetime.fromisoformat(raw["at"]))


def verify(
    session: Session, key: bytes, anchors: Sequence[Anchor] = (), *, after: int = 0, limit: int | None = None
) -> Verification:
    """Walk the log and report the first thing that is wrong with it; `key` is the key of the chain.

    The whole of it, or at most `limit` entries after number `after`, whose own digest is then taken as it stands.
    """
    before = queries.find_link(session, after) if after else None
    start = (0, GENESIS) if before is None else (after, before[1])
    try:
        found = _walk(session, key, anchors, start, limit)
    except queries.UnreadableEntryError as error:
        found = Verification(error.seq - 1, error.seq, Damage.EDITED)
    return replace(found, first=start[0] + 1)


def _walk(
    session: Session, key: bytes, anchors: Sequence[Anchor], start: tuple[int, bytes], limit: int | None
) -> Verification:
    anchored = {anchor.seq: anchor for anchor in anchors}
    expected, last_mac = start[0] + 1, start[1]
    for link, mac in queries.iterate_links(session, start[0]):
        if limit is not None and expected > start[0] + limit:
            return Verification(expected - 1, is_end=False)
        genuine = fits(key, link, mac)
        if not genuine or link.seq != expected or link.prev_mac != last_mac:
            damage = _diagnose(session, key, (link, mac), expected=expected, last_mac=last_mac, genuine=genuine)
            return Verification(expected - 1, 1 if damage is Damage.WRONG_KEY else expected, damage)
        anchor = anchored.get(link.seq)
        if anchor is not None and not same(anchor.mac, mac):
            return Verification(expected - 1, link.seq, Damage.REWRITTEN)
        expected, last_mac = expected + 1, mac
    count = expected - 1
    if any(anchor.seq > count or anchor.count > count for anchor in anchors):
        return Verification(count, expected, Damage.TRUNCATED)
    return Verification(count)


def _diagnose(
    session: Session, key: bytes, found: tuple[Link, bytes], *, expected: int, last_mac: bytes, genuine: bool
) -> Damage:
    """Name what was done, from the entry found where `expected` should stand and from where the right one is now."""
    link, mac = found
    if not genuine and expected == 1 and _nothing_fits(session, key):
        return Damage.WRONG_KEY
    if not genuine and link.seq == expected and same(mac, _mac_told_by_next(session, key, expected + 1)):
        return Damage.EDITED
    if _is_elsewhere(session, key, expected, last_mac):
        return Damage.REORDERED if genuine or _fits_another_place(session, key, link, mac) else Damage.INSERTED
    if genuine or link.seq != expected or _fits_another_place(session, key, link, mac):
        return Damage.DELETED
    return Damage.EDITED if link.prev_mac == last_mac else Damage.INSERTED


def _nothing_fits(session: Session, key: bytes) -> bool:
    """Tell whether the first entries fit the key neither in their place nor, the last of them, in any other."""
    sample = _take(queries.iterate_links(session), WRONG_KEY_SAMPLE)
    if len(sample) < 2 or any(fits(key, link, mac) for link, mac in sample):
        return False
    return not any(_fits_another_place(session, key, link, mac) for link, mac in sample[-2:])


def _take(links: Iterable[tuple[Link, bytes]], count: int) -> list[tuple[Link, bytes]]:
    return [pair for pair, _ in zip(links, range(count), strict=False)]


def _mac_told_by_next(session: Session, key: bytes, seq: int) -> bytes:
    """Return the digest that a genuine following entry says the entry before it has; empty when there is none."""
    following = queries.find_link(session, seq)
    if following is None or not fits(key, following[0], following[1]):
        return b""
    return following[0].prev_mac


def _is_elsewhere(session: Session, key: bytes, expected: int, last_mac: bytes) -> bool:
    """Tell whether the entry that belongs at `expected` stands at another place."""
    return any(
        link.seq != expected and fits(key, link._replace(seq=expected), mac)
        for link, mac in queries.links_after(session, last_mac)
    )


def _fits_another_place(session: Session, key: bytes, link: Link, mac: bytes) -> bool:
    """Tell whether the entry is genuine but for its number; tries every number, once, after damage is known."""
    highest, _ = queries.head(session)
    places = range(1, max(highest, queries.count_entries(session)) + WRONG_KEY_SAMPLE)
    return any(fits(key, link._replace(seq=seq), mac) for seq in places if seq != link.seq)
