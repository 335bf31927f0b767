"""By which spellings the name of a file gives away who sent it. Pure."""

import re
from collections.abc import Iterator

from mystery_shopper.disclosure.folding import fold_words

MIN_LETTERS = 4
"""A name shorter than this, without its ending, is found in too many texts."""
MIN_WITH_ENDING = 8
"""From this length on an ordinary name counts together with its ending: `scan001.pdf`, but not `bid.pdf`."""
_PIECE = 3
"""Words at least this long are looked for in a name written without spaces, as `finaltender`."""
_MARK = 2
"""Words as short as this are marks, such as the letters of a reference: `Appendix B`, `DN123456`."""
_LONGEST = 24
_RUNS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def spellings(name: str, known: frozenset[str]) -> Iterator[str]:
    """Yield the folded spellings of a name that are looked for: as a whole, with its ending and without.

    `known` are folded words that say nothing (ordinary ones, those of documents, of public titles). A name made only
    of them and of numbers counts with its ending alone. Single words of a name never count.
    """
    stem, dot, _ = name.rpartition(".")
    stem = stem if dot else name
    whole, bare = "".join(fold_words(name)), "".join(fold_words(stem))
    is_ordinary = says_nothing(stem, known)
    if dot and len(whole) >= (MIN_WITH_ENDING if is_ordinary else MIN_LETTERS):
        yield whole
    if not is_ordinary and len(bare) >= MIN_LETTERS:
        yield bare


def says_nothing(stem: str, known: frozenset[str]) -> bool:
    """Tell whether a name without its ending is made only of known words, short marks and numbers."""
    runs = (part for run in _RUNS.findall(stem) for part in _HUMP.split(run))
    words = (word for run in runs for word in fold_words(run))
    return all(len(word) <= _MARK or _is_known(word, known) or _is_run_together(word, known) for word in words)


def _is_known(word: str, known: frozenset[str]) -> bool:
    return word in known or word.removesuffix("s") in known


def _is_run_together(word: str, known: frozenset[str]) -> bool:
    """Tell whether a word is several known words without spaces between them."""
    reached = {0}
    for end in range(_PIECE, len(word) + 1):
        starts = range(max(end - _LONGEST, 0), end - _PIECE + 1)
        if any(start in reached and _is_known(word[start:end], known) for start in starts):
            reached.add(end)
    return len(word) in reached
