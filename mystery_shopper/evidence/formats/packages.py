"""Copies of Word, Excel and PowerPoint documents: the parts that make the document, without who wrote it and when."""

import posixpath
import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO

from mystery_shopper.evidence.formats import embedded, spreadsheets, words, xml
from mystery_shopper.evidence.formats.archives import open_archive, read_member
from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError
from mystery_shopper.evidence.formats.office import CONTENT_TYPES
from mystery_shopper.evidence.policy import Kind

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
RELATIONS = "_rels"
DROPPED = (
    "docProps/", "customXml/", "word/comments", "word/people", "word/printerSettings", "word/stylesWithEffects",
    "word/webSettings", "word/glossary/", "xl/comments", "xl/threadedComments/", "xl/persons/", "xl/printerSettings/",
    "xl/calcChain", "xl/customProperty", "xl/revisions/", "xl/drawings/vmlDrawing", "ppt/comments/",
    "ppt/commentAuthors", "ppt/authors", "ppt/notesSlides/", "ppt/printerSettings", "ppt/tags/", "ppt/changesInfos/",
    "ppt/revisionInfo", "ppt/handoutMasters/", "docMetadata/", "thumbnail",
)  # fmt: skip
"""Parts that are left out, and the links that lead to them: properties, comments and who wrote them, notes."""
BLOCKING = (
    ("embeddings/", "The document holds another file"),
    ("xl/pivotCache/", "The workbook holds the data behind a pivot table"),
    ("xl/externalLinks/", "The workbook is linked with another one"),
    ("xl/connections", "The workbook is linked with a source of data"),
    ("xl/queryTables/", "The workbook is linked with a source of data"),
    ("xl/model/", "The workbook holds a data model"),
    ("word/afchunk", "The document holds another file"),
)
"""Parts that cannot be left out without breaking the document, and that may hold what nobody sees."""
PICTURES = (".jpeg", ".jpg", ".png")
NOWHERE = "about:blank"
PARTS: dict[Kind, Callable[[str, xml.Element], None]] = {
    Kind.DOCX: words.clean_part,
    Kind.XLSX: spreadsheets.clean_part,
    Kind.PPTX: words.clean_slide_part,
}


def clean(kind: Kind, file: BinaryIO, out: BinaryIO) -> None:
    """Write a document anew, part by part.

    Raises:
        CannotCleanError: it holds what can be neither cleaned nor left out.
    """
    try:
        archive = open_archive(file)
        names = archive.namelist()
        _refuse_blocking(names)
        kept = [name for name in names if not name.endswith("/") and not _is_dropped(name)]
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in kept:
                _write(copy, name, _cleaned(kind, archive, name, kept))
    except RefusedError as error:
        raise CannotCleanError("A part of the document cannot be read") from error


def _refuse_blocking(names: Iterable[str]) -> None:
    for name in names:
        for part, why in BLOCKING:
            if part in name:
                raise CannotCleanError(why)


def _is_dropped(name: str) -> bool:
    """Tell whether a part, or the links of a part, are left out."""
    folder, file_name = posixpath.split(name)
    if folder.endswith(RELATIONS) and file_name != ".rels":
        return _is_dropped(posixpath.join(posixpath.dirname(folder), file_name.removesuffix(".rels")))
    return name.startswith(DROPPED) or "thumbnail" in file_name.lower()


def _write(copy: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    copy.writestr(entry, data)


def _cleaned(kind: Kind, archive: zipfile.ZipFile, name: str, kept: list[str]) -> bytes:
    data = read_member(archive, name)
    lowered = name.lower()
    if lowered.endswith(PICTURES):
        return embedded.strip(data)
    if not lowered.endswith((".xml", ".rels")):
        raise CannotCleanError(f"The document holds a part of a kind that is not cleaned ({_ending(name)})")
    root = xml.parse(data)
    if name == CONTENT_TYPES:
        _clean_types(root, kept)
    elif name.endswith(".rels"):
        _clean_links(root, name, kept)
    else:
        PARTS[kind](name, root)
    return xml.written(root)


def _ending(name: str) -> str:
    ending = posixpath.splitext(name)[1].lower()
    return ending if ending[1:].isalnum() and len(ending) < 8 else "unnamed"


def _clean_types(root: xml.Element, kept: list[str]) -> None:
    known = set(kept)
    for element in list(root):
        part = element.get("PartName")
        if part is not None and part.lstrip("/") not in known:
            root.remove(element)


def _clean_links(root: xml.Element, name: str, kept: list[str]) -> None:
    """Drop links to parts that were left out; links out of the document lead nowhere."""
    base = posixpath.dirname(posixpath.dirname(name))
    known = set(kept)
    for link in list(root):
        if link.get("TargetMode") == "External":
            link.set("Target", NOWHERE)
            continue
        target = str(link.get("Target", ""))
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
        if place not in known:
            root.remove(link)
