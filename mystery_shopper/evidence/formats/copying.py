"""Which parser cleans which kind, and which reads its text. Runs in the process apart."""

from typing import BinaryIO

from mystery_shopper.evidence.formats import images, mail, opendocument, packages, pdf, reading, texts
from mystery_shopper.evidence.formats.errors import CannotCleanError
from mystery_shopper.evidence.policy import KINDS, Kind

PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.GIF, Kind.WEBP})
PACKAGES = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX})


def write_copy(kind: Kind, file: BinaryIO, out: BinaryIO) -> None:
    """Write a copy of a file that says nothing of who made it.

    Raises:
        CannotCleanError: there can be none; it says why.
    """
    if kind in PICTURES:
        images.clean(kind, file, out)
    elif kind is Kind.PDF:
        pdf.clean(file, out)
    elif kind in PACKAGES:
        packages.clean(kind, file, out)
    elif kind in (Kind.ODT, Kind.ODS):
        opendocument.clean(file, out)
    elif kind is Kind.EMAIL:
        mail.clean(file, out)
    else:
        texts.clean(kind, file, out)


def read_text(kind: Kind, file: BinaryIO, most: int) -> str:
    """Return the text of a cleaned copy of a file of a kind, up to `most` characters.

    Raises:
        CannotCleanError: it cannot be read.
    """
    if kind in PICTURES:
        raise CannotCleanError("The text of a picture cannot be read")
    if kind is Kind.PDF:
        return pdf.read(file, most)
    if KINDS[kind].copy_extension in ("txt", "csv"):
        return texts.decode(file.read())[:most]
    return reading.read_document(file)[:most]
