"""The words of office documents, for the disclosure gate: every part that holds words, in the order of its name."""

import re
from typing import BinaryIO

from mystery_shopper.evidence.formats import xml
from mystery_shopper.evidence.formats.archives import open_archive, read_member
from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError

WITH_WORDS = re.compile(
    r"word/(document|header|footer|footnotes|endnotes)[^/]*\.xml|xl/(sharedStrings|workbook|worksheets/|charts/|drawings/)"
    r"[^/]*(\.xml)?|ppt/(slides|slideMasters|slideLayouts|charts|diagrams)/[^/]*\.xml|content\.xml|styles\.xml"
)
BREAKS = ("p", "h", "si", "row", "c", "table-cell", "br", "tab", "v")
TEXT_IN_ATTRIBUTES = ("name", "string-value")


def read_document(file: BinaryIO) -> str:
    """Return the words of a document, one line for each paragraph or cell.

    Raises:
        CannotCleanError: a part cannot be read.
    """
    try:
        archive = open_archive(file)
        parts = sorted(name for name in archive.namelist() if WITH_WORDS.fullmatch(name) and name.endswith(".xml"))
        return "\n".join(_words(xml.parse(read_member(archive, name))) for name in parts)
    except RefusedError as error:
        raise CannotCleanError("The words of the document cannot be read") from error


def _words(root: xml.Element) -> str:
    named = [
        value
        for element in xml.elements(root)
        for key, value in element.attrib.items()
        if xml.local(key) in TEXT_IN_ATTRIBUTES
    ]
    return "\n".join([xml.words(root, BREAKS), *named])
