"""Cleaning of what people type, the same on every database: NFC, no control characters, no tricks with direction."""

import re
import unicodedata

from mystery_shopper.core.errors import DomainError

_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_SPACES = re.compile(r"\s+")
_BLANK = re.compile("[\\s\u00a0\u200b-\u200d\u2060\ufeff]*")
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_PILE = re.compile(f"({_MARK}{{8}}){_MARK}+")
"""More marks on one letter than any language writes: piled up they would cover the lines above."""
_FORBIDDEN = re.compile("[\x00\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class TextNotAllowedError(DomainError):
    """The text holds a character no database stores the same way (NUL, half of a surrogate pair)."""


def is_storable(value: str) -> bool:
    """Tell whether every database stores the text: no NUL, no lone surrogate, no non-character."""
    return _FORBIDDEN.search(value) is None


def clean_text(value: str) -> str:
    """Return text of several lines ready to store: NFC, line ends as LF, no controls, direction marks or piled marks.

    Text of spaces and invisible characters only becomes the empty string.

    Raises:
        TextNotAllowedError: the text holds NUL, a lone surrogate or a non-character.
    """
    if not is_storable(value):
        raise TextNotAllowedError("Use plain text: this holds a character that cannot be stored")
    if _BLANK.fullmatch(value):
        return ""
    unified = value.replace("\r\n", "\n").replace("\r", "\n")
    stripped = _DIRECTION.sub("", _CONTROLS.sub("", unified))
    return _PILE.sub(r"\1", unicodedata.normalize("NFC", stripped)).strip()


def clean_line(value: str) -> str:
    """Return text of one line ready to store: as `clean_text`, with invisible characters gone and spaces joined.

    Raises:
        TextNotAllowedError: as `clean_text`.
    """
    return _SPACES.sub(" ", _INVISIBLE.sub("", clean_text(value))).strip()
