"""Decisions about similarity, pure: marks of a text, how alike two texts are, the order of suggestions, thresholds.

A text becomes the set of its runs of three words. Each run is hashed under a key (BLAKE2b), and MinHash draws from the
hashes a signature whose bands agree when two sets are much alike. Only keyed digests of the bands are ever stored.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b

from mystery_shopper.core.tables import read_numbers

THRESHOLDS_FILE = "similarity/data/thresholds.csv"
RUN_WORDS = 3
BANDS = 30
ROWS = 3
MARK_BYTES = 12
RUN_BYTES = 8
PRIME = (1 << 61) - 1
"""A Mersenne prime above every 60-bit hash: arithmetic modulo it is a universal family of hash functions."""
MASK = (1 << 60) - 1
REFERENCE_MIN = 6
PER_CENT = 100
_NOT_REFERENCE = re.compile(r"[^0-9a-z]+")


class Threshold(StrEnum):
    """The numbers of data/thresholds.csv."""

    TEXT = "text-similarity"
    SHORTEST = "shared-words-min"
    MONTHS = "similar-within"
    LONGEST_LIST = "suggestions-max"
    REPEAT_CASES = "repeat-cases"
    REPEAT_MONTHS = "repeat-within"


@cache
def thresholds() -> Mapping[Threshold, int]:
    """Return the thresholds by name, each a whole number above zero in the unit its line names.

    Raises:
        ConfigurationError: a line cannot be read or is missing; it is named.
    """
    return read_numbers(THRESHOLDS_FILE, Threshold)


def notice_reference(text: str) -> str:
    """Return a notice reference without spaces, signs and case; empty when it is too short or has no digit."""
    bare = _NOT_REFERENCE.sub("", text.casefold())
    return bare if len(bare) >= REFERENCE_MIN and any(char.isdigit() for char in bare) else ""


def runs_of(words: Sequence[str], key: bytes) -> frozenset[int]:
    """Return the runs of three words of a text as keyed 60-bit hashes; empty for a text too short to compare."""
    runs = {" ".join(words[at : at + RUN_WORDS]) for at in range(len(words) - RUN_WORDS + 1)}
    if len(runs) < thresholds()[Threshold.SHORTEST]:
        return frozenset()
    return frozenset(_hash_run(run, key) for run in runs)


def _hash_run(run: str, key: bytes) -> int:
    return int.from_bytes(blake2b(run.encode(), key=key, digest_size=RUN_BYTES).digest(), "big") & MASK


def likeness(left: frozenset[int], right: frozenset[int]) -> float:
    """Return the share of runs two texts have in common, 0 to 1 (Jaccard)."""
    return len(left & right) / len(left | right) if left and right else 0.0


def text_marks(runs: frozenset[int], key: bytes) -> frozenset[bytes]:
    """Return the marks of a text: one keyed digest for each band of its MinHash signature; none for a short text.

    Two texts share a band of 3 with probability s^3 at likeness s, so at least one of the 30 with 1 - (1 - s^3)^30.
    """
    if not runs:
        return frozenset()
    signature = [min((a * run + b) % PRIME for run in runs) for a, b in _family()]
    return frozenset(_band_mark(band, signature[band * ROWS : (band + 1) * ROWS], key) for band in range(BANDS))


@cache
def _family() -> tuple[tuple[int, int], ...]:
    """Return the fixed hash functions: what is hashed is keyed, so that they need not be secret."""
    drawn = (blake2b(f"minhash {n}".encode(), digest_size=RUN_BYTES * 2).digest() for n in range(BANDS * ROWS))
    return tuple(
        (int.from_bytes(one[:RUN_BYTES], "big") % (PRIME - 1) + 1, int.from_bytes(one[RUN_BYTES:], "big") % PRIME)
        for one in drawn
    )


def _band_mark(band: int, values: Iterable[int], key: bytes) -> bytes:
    content = ",".join(str(value) for value in (band, *values))
    return blake2b(content.encode(), key=key, digest_size=MARK_BYTES).digest()


class Because(StrEnum):
    """Why a case is suggested, the strongest first."""

    NOTICE = "same-notice"
    TEXT = "similar-text"
    RULE = "same-rule"


@dataclass(frozen=True)
class Reason:
    """One reason for a suggestion; `weight` ranks within its kind: likeness in percent, or the number of rules."""

    because: Because
    weight: int
    rules: tuple[str, ...] = ()


def in_words(reason: Reason, titles: Mapping[str, str]) -> str:
    """Return a reason as a caseworker reads it; `titles` are those of the rules."""
    if reason.because is Because.NOTICE:
        return "Gives the same notice reference"
    if reason.because is Because.TEXT:
        return f"Much the same words ({reason.weight}% of the runs of three words)"
    return f"Same authority, and raises the same rule: {'; '.join(titles.get(rule, rule) for rule in reason.rules)}"


def rank(reasons: Iterable[Reason]) -> tuple[int, ...]:
    """Return what a suggestion is sorted by, largest first: notice, then text, then the number of shared rules."""
    best = dict.fromkeys(Because, 0)
    for reason in reasons:
        best[reason.because] = max(best[reason.because], reason.weight)
    return tuple(best[because] for because in Because)
