"""What may be evidence, in which states a file can be, and who may open what. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from mystery_shopper.core.languages import _


class Kind(StrEnum):
    """What a file is, found by parsing it. The name and the type its sender gave it play no part."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    TEXT = "txt"
    CSV = "csv"
    EMAIL = "eml"


@dataclass(frozen=True)
class KindInfo:
    """How a kind is called, how its files end, and how its cleaned copies end."""

    label: str
    extension: str
    copy_extension: str
    other_extensions: tuple[str, ...] = ()

    @property
    def extensions(self) -> tuple[str, ...]:
        """Return every ending a file of the kind may have."""
        return (self.extension, *self.other_extensions)


KINDS: dict[Kind, KindInfo] = {
    Kind.PDF: KindInfo("PDF", "pdf", "pdf"),
    Kind.JPEG: KindInfo("JPG", "jpg", "jpg", ("jpeg", "jpe", "jfif")),
    Kind.PNG: KindInfo("PNG", "png", "png"),
    Kind.GIF: KindInfo("GIF", "gif", "png"),
    Kind.WEBP: KindInfo("WEBP", "webp", "png"),
    Kind.DOCX: KindInfo("DOCX", "docx", "docx"),
    Kind.XLSX: KindInfo("XLSX", "xlsx", "xlsx"),
    Kind.PPTX: KindInfo("PPTX", "pptx", "pptx"),
    Kind.ODT: KindInfo("ODT", "odt", "odt"),
    Kind.ODS: KindInfo("ODS", "ods", "ods"),
    Kind.TEXT: KindInfo("TXT", "txt", "txt", ("text", "md", "log")),
    Kind.CSV: KindInfo("CSV", "csv", "csv", ("tsv", "tab")),
    Kind.EMAIL: KindInfo("EML", "eml", "txt"),
}
_NAMES = [info.label for info in KINDS.values()]
ACCEPT = ",".join(f".{extension}" for info in KINDS.values() for extension in info.extensions)
READABLE = frozenset(Kind) - {Kind.PNG, Kind.JPEG, Kind.GIF, Kind.WEBP}
"""Kinds whose text can be read by a program, so that the disclosure gate can look at it."""


def kinds_in_words() -> str:
    """Return the kinds of files that are taken, in the reader's language."""
    return _("{kinds} or {last}", kinds=", ".join(_NAMES[:-1]), last=_NAMES[-1])


class Reason(StrEnum):
    """Why a file was not taken."""

    EMPTY = "empty"
    TOO_BIG = "too-big"
    WRONG_TYPE = "wrong-type"
    PASSWORD = "password"  # noqa: S105 - the name of a reason
    VIRUS = "virus"
    BROKEN = "broken"
    ACTIVE = "active"
    TOO_COMPLEX = "too-complex"
    TOO_MANY = "too-many"
    TOO_MUCH = "too-much"
    NO_ROOM = "no-room"


MESSAGES: dict[Reason, str] = {
    Reason.EMPTY: _("{file} is empty"),
    Reason.TOO_BIG: _("{file} must be smaller than {file_megabytes}MB"),
    Reason.WRONG_TYPE: _("{file} must be a {kinds}"),
    Reason.PASSWORD: _("{file} is password protected"),
    Reason.VIRUS: _("{file} contains a virus"),
    Reason.BROKEN: _("{file} is damaged and cannot be opened"),
    Reason.ACTIVE: _("{file} must not contain macros, or links that load other files. Save it as a PDF and try again"),
    Reason.TOO_COMPLEX: _("{file} is too complicated for us to check. Save it as a PDF, or in smaller parts"),
    Reason.TOO_MANY: _("You can only add up to {report_files} files to a report"),
    Reason.TOO_MUCH: _("The files of a report must be smaller than {report_megabytes}MB together"),
    Reason.NO_ROOM: _(
        "{file} could not be stored. Try again later. You can send your report without it, and add it then"
    ),
}


class ScanState(StrEnum):
    """What the virus scanner said."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class CopyState(StrEnum):
    """Whether there is a copy without traces. What cannot be cleaned never leaves the team."""

    WAITING = "waiting"
    CLEANED = "cleaned"
    CANNOT = "cannot-be-cleaned"


def may_open(scan: ScanState) -> bool:
    """Tell whether a file may be downloaded at all: not before it was scanned, never when it is infected.

    Where no scanner is installed the service says so on every page, and lets staff decide.
    """
    return scan in (ScanState.CLEAN, ScanState.UNSCANNED)


def may_release(scan: ScanState, copy: CopyState) -> bool:
    """Tell whether the copy of a file may be shown to an authority: what cannot be cleaned never leaves the team."""
    return may_open(scan) and copy is CopyState.CLEANED


def neutral_name(number: int, extension: str) -> str:
    """Return the name a file has outside: nothing of the name its sender gave it."""
    return f"evidence-{number}.{extension}"


def words_of_size(size: int) -> str:
    """Return a size as people read it."""
    for unit, factor in (("MB", 1024 * 1024), ("KB", 1024)):
        if size >= factor:
            return f"{size / factor:.1f}".removesuffix(".0") + unit
    return f"{size} bytes"
