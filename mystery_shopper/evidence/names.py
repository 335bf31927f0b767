"""Names of files, made fit to be shown: no folder, no control or direction mark, one ending that is true. Pure."""

import re
import unicodedata

from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import KINDS, Kind

UNNAMED = "file"
SHORT_ENDING = 8
_FOLDERS = re.compile(r"[\\/\u2044\u2215\u29f8\uff0f\uff3c]")
_DRIVE = re.compile(r"\A[A-Za-z]:.*\Z", re.DOTALL)
"""A drive without folders: the slashes were lost on the way, and what is left may name a person."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_AWKWARD = re.compile(r'[<>:"|?*\x00-\x1f]')
_SPACES = re.compile(r"\s+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")
_MARKS_IN_A_ROW = 4


def clean_name(sent: str, kind: Kind) -> str:
    """Return a name to show: what came after the last slash, cleaned, with the ending of what the file really is."""
    name = _visible(_DRIVE.sub("", _FOLDERS.split(sent)[-1]))
    name = _SPACES.sub(" ", _AWKWARD.sub("", name)).strip(" .")
    info = KINDS[kind]
    stem, ending = _split(name)
    if ending.lower() not in info.extensions:
        stem, ending = _without_ending(name, info.extensions), info.extension
    stem = stem.strip(" .") or UNNAMED
    if _RESERVED.fullmatch(stem):
        stem = f"{UNNAMED} {stem}"
    room = limits()[Limit.NAME] - len(ending) - 1
    return f"{stem[:room].rstrip(' .')}.{ending}"


def sent_name(sent: str) -> str:
    """Return the name of a file that was refused, to be named in the message about it."""
    name = _SPACES.sub(" ", _visible(_FOLDERS.split(sent)[-1])).strip()
    return name[: limits()[Limit.NAME]] or UNNAMED


def _visible(name: str) -> str:
    """Return a name in composed form, without what cannot be seen, turns the direction, or piles up marks."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", name):
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category not in _HIDDEN and marks <= _MARKS_IN_A_ROW:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, ending) if dot else (name, "")


def _without_ending(name: str, true_endings: tuple[str, ...]) -> str:
    """Return a name without an ending that is not true, and without a true one before it (x.pdf.exe)."""
    stem, ending = _split(name)
    if not ending or len(ending) > SHORT_ENDING or not ending.isalnum():
        return name
    inner, before = _split(stem)
    return inner if before.lower() in true_endings else stem
