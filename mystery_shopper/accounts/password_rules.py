"""Which passwords are accepted. Pure.

Length counts, composition does not: any characters, spaces too, nothing cut off. A password is refused when little of
it is its own: common words (data/common_words.txt), words of this service, the person's own name and address, runs of
the keyboard or of counting, and repeats are taken out, and seven characters must be left.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from mystery_shopper.core.errors import DomainError

STAFF_MIN = 15
LONGEST = 128
OWN_CHARACTERS_MIN = 7
DIFFERENT_CHARACTERS_MIN = 6
RUN_MIN = 4
CONTEXT_WORD_MIN = 3

WORDS_FILE = Path(__file__).parent / "data" / "common_words.txt"

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "qwertzuiop", "azertyuiop", "abcdefghijklmnopqrstuvwxyz")
_COLUMNS = "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"
_LOOKALIKES = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class PasswordNotAllowedError(DomainError):
    """The password is too short, too long or too easy to guess."""


def check_password(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that others would guess; `about` holds the person's name and email address.

    Units: lengths in characters.

    Raises:
        PasswordNotAllowedError: naming what to change.
    """
    if len(password) < STAFF_MIN:
        raise PasswordNotAllowedError(f"Password must be {STAFF_MIN} characters or more", field="password")
    if len(password) > LONGEST:
        raise PasswordNotAllowedError(f"Password must be {LONGEST} characters or fewer", field="password")
    if not password.isprintable():
        raise PasswordNotAllowedError("Password must not include control characters", field="password")
    if is_guessable(password, about=about):
        raise PasswordNotAllowedError(
            "Enter a password that is harder to guess, for example three words that have nothing to do with each other",
            field="password",
        )


def is_guessable(password: str, *, about: Iterable[str] = ()) -> bool:
    """Tell whether too little of a password is its own."""
    folded = password.casefold()
    if len(set(folded)) < DIFFERENT_CHARACTERS_MIN:
        return True
    words = _longest_first(common_words() | context_words(about))
    plain = _own_characters(folded, words)
    disguised = _own_characters(folded.translate(_LOOKALIKES), words)
    return min(plain, disguised) < OWN_CHARACTERS_MIN


def context_words(about: Iterable[str]) -> frozenset[str]:
    """Return the words of a name or an email address that must not make up the password."""
    parts = (part for text in about for part in _NOT_LETTERS.split(text.casefold()))
    return frozenset(part for part in parts if len(part) >= CONTEXT_WORD_MIN)


@cache
def common_words() -> frozenset[str]:
    """Return the words of the list that comes with the service."""
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _own_characters(folded: str, words: Iterable[str]) -> int:
    """Count what is left of a password, each repeated part counted once."""
    left = _without_runs(_once(folded))
    for word in words:
        left = left.replace(word, "\0")
    letters = "".join(character for character in left if character.isalnum() or ord(character) > 127)
    return len(_once(letters))


def _without_runs(text: str) -> str:
    kept, start = [], 0
    while start < len(text):
        length = _run_length(text[start:])
        if length >= RUN_MIN:
            kept.append("\0")
            start += length
        else:
            kept.append(text[start])
            start += 1
    return "".join(kept)


def _run_length(text: str) -> int:
    """Return how many characters from the beginning follow the keyboard, the alphabet, counting or one another."""
    best = 1
    for row in (*_ROWS, _COLUMNS):
        for line in (row, row[::-1]):
            length = 1
            while length < len(text) and text[: length + 1] in line:
                length += 1
            best = max(best, length)
    repeated = len(text) - len(text.lstrip(text[0]))
    return max(best, repeated)


def _once(text: str) -> str:
    """Return the shortest part whose repetition gives the text ("abcabcab" gives "abc")."""
    for period in range(1, len(text) // 2 + 1):
        if all(text[index] == text[index - period] for index in range(period, len(text))):
            return text[:period]
    return text
