"""Receipt codes: how somebody without an account comes back to what they sent.

A code is 26 random characters of Crockford's base 32 (130 bits) and one check character. The code itself is stored
nowhere: the database holds its keyed digest. It is unrelated to any number the public sees.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator

from mystery_shopper.core.crypto import keyring, same
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 26
CODE_LENGTH = RANDOM_CHARACTERS + 1
GROUP_LENGTH = 4
MIXED_GROUPS = 3
DIGEST_PURPOSE = "receipt"
MAX_TYPED = 200

OWN_CODE_IN_TEXT = _("Remove your receipt code from the text. Nobody else should know it.")

_TOKEN = re.compile(r"[0-9A-Za-z]+")
_NOT_TOKEN = re.compile(r"[^0-9A-Za-z]+")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile("[\\s\\-_.,/\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
_FIELD_POLYNOMIAL = 0b100101
_FIELD_BITS = 5


class ReceiptCodeError(DomainError):
    """What was typed cannot be a receipt code; the database was not asked."""


def new_code() -> str:
    """Return a new code: 130 bits from the system's random source and the check character."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(RANDOM_CHARACTERS))
    return body + _check_character(body)


def parse(typed: str, *, field: str | None = "code") -> str:
    """Return the code somebody typed in the form it was given out.

    Case, spaces, hyphens and dots do not matter; the letter O is read as 0, I and L as 1. What was pasted with it
    (quotes, "my code:") is left aside when there is one code in it and no more.

    Raises:
        ReceiptCodeError: empty, a wrong length, a character no code has, or a check character that does not fit.
    """
    code = fold(typed[: MAX_TYPED + 1])
    if len(code) > CODE_LENGTH:
        code = _only_code_in(typed[: MAX_TYPED + 1]) or code
    if not code:
        raise ReceiptCodeError(_("Enter your receipt code"), field=field)
    if len(code) != CODE_LENGTH:
        message = _("Check the code: it has {right} letters and numbers, and you entered {typed}", **_counts(code))
        raise ReceiptCodeError(message, field=field)
    if any(character not in _VALUES for character in code):
        raise ReceiptCodeError(_("Check the code: it has only letters (never U) and numbers"), field=field)
    if _syndrome(code):
        raise ReceiptCodeError(_("Check the code: one of the letters or numbers is wrong"), field=field)
    return code


def grouped(code: str) -> str:
    """Return a code in groups of four, for reading and writing down."""
    return " ".join(groups(code))


def groups(code: str) -> list[str]:
    """Return the groups of four (the last of three) a code is shown in."""
    return [code[start : start + GROUP_LENGTH] for start in range(0, len(code), GROUP_LENGTH)]


_GROUP_LENGTHS = [*map(len, groups("0" * CODE_LENGTH))]


def digest(code: str) -> bytes:
    """Return the 32-byte keyed digest by which a code (as `parse` returns it) is stored and found."""
    return keyring().mac(DIGEST_PURPOSE, code.encode())


def refuse_own_code(text: str, code_mac: bytes | None, *, field: str | None = None) -> None:
    """Refuse a text in which somebody typed the code whose digest is `code_mac`, or what looks like one.

    None: there is no code any more.

    Raises:
        DomainError: attached to the field.
    """
    if code_mac is None:
        return
    if looks_like_code(text) or holds_code(text, lambda code: same(digest(code), code_mac)):
        raise DomainError(OWN_CODE_IN_TEXT, field=field)


def refuse_known_code(text: str, code: str, *, field: str | None = None) -> None:
    """Refuse a text that holds this code, however it is spaced: for long texts, in time that grows with their length.

    Raises:
        DomainError: attached to the field.
    """
    if code in _NOT_TOKEN.sub("", text).upper().translate(_LOOKALIKES):
        raise DomainError(OWN_CODE_IN_TEXT, field=field)


def holds_code(text: str, is_own: Callable[[str], bool]) -> bool:
    """Tell whether somebody typed their own receipt code into a text.

    `is_own` is asked only about runs of characters that have the length and the check character of a code.
    """
    return any(_has_check_character(run) and is_own(fold(run)) for run in _runs(text))


def looks_like_code(text: str) -> bool:
    """Tell whether a text holds what was meant for a receipt code: one with a slip of the pen in it, for example.

    That is a run of a code's length in groups as codes are shown, or in one piece, with letters and digits mixed in
    several groups. Words and references are not.
    """
    return any(_is_grouped_as_a_code(run) for run in _runs(text))


def _runs(text: str) -> Iterator[str]:
    """Yield the parts of a text that have as many letters and digits as a code, from word to word."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    first = length = 0
    for begin, end in tokens:
        length += end - begin
        while length > CODE_LENGTH:
            length -= tokens[first][1] - tokens[first][0]
            first += 1
        if length == CODE_LENGTH:
            yield text[tokens[first][0] : end]


def _is_grouped_as_a_code(run: str) -> bool:
    groups_of_it = _TOKEN.findall(run)
    if len(groups_of_it) == 1:
        groups_of_it = groups(groups_of_it[0])
    if [*map(len, groups_of_it)] != _GROUP_LENGTHS:
        return False
    mixed = sum(any(map(str.isdigit, group)) and any(map(str.isalpha, group)) for group in groups_of_it)
    return mixed >= MIXED_GROUPS


def _only_code_in(text: str) -> str | None:
    found = {fold(run) for run in _runs(text) if _has_check_character(run)}
    return found.pop() if len(found) == 1 else None


def _has_check_character(run: str) -> bool:
    code = fold(run)
    return len(code) == CODE_LENGTH and all(map(_VALUES.__contains__, code)) and not _syndrome(code)


def fold(typed: str) -> str:
    """Return what was typed as a code is compared: case, separators and characters that look alike do not matter."""
    wide = unicodedata.normalize("NFKC", typed)
    return _SEPARATORS.sub("", wide).upper().translate(_LOOKALIKES)


def _counts(code: str) -> dict[str, object]:
    """Return how many characters a code has, and how many there were."""
    typed = _("more than {most}", most=CODE_LENGTH) if len(code) > CODE_LENGTH else len(code)
    return {"right": CODE_LENGTH, "typed": typed}


def _check_character(body: str) -> str:
    return ALPHABET[_syndrome(body + ALPHABET[0])]


def _syndrome(code: str) -> int:
    """Return 0 for a code whose check character fits.

    The characters are read as a polynomial over the field of 32 elements and evaluated at a generator. Position by
    position the weights are different non-zero elements (27 < 31), so any one wrong character and any two characters
    that changed places give a value that is not 0.
    """
    total = 0
    for character in code:
        total = _times_generator(total) ^ _VALUES[character]
    return total


def _times_generator(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled >> _FIELD_BITS else doubled
