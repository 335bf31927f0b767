"""Copies of OpenDocument texts and spreadsheets."""

import zipfile
from typing import BinaryIO

from mystery_shopper.evidence.formats import embedded, xml
from mystery_shopper.evidence.formats.archives import open_archive, read_member
from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError
from mystery_shopper.evidence.formats.office import MANIFEST, MIMETYPE
from mystery_shopper.evidence.formats.packages import FIXED_TIME, NOWHERE, PICTURES

KEPT = frozenset({MIMETYPE, "content.xml", "styles.xml", MANIFEST})
PICTURE_FOLDER = "Pictures/"
OBJECT_FOLDERS = ("Object ", "ObjectReplacements/")
REMOVED = frozenset(
    {
        *("annotation", "annotation-end", "tracked-changes", "change", "change-start", "change-end", "title", "desc"),
        *("tracked-changes", "event-listeners", "scripts", "forms", "user-field-decls", "variable-decls", "deletion"),
    }
)
AUTHORS = frozenset(
    {
        *(
            "author-name",
            "author-initials",
            "initial-creator",
            "creator",
            "file-name",
            "sender-firstname",
            "print-time",
        ),
        *("sender-lastname", "sender-initials", "sender-email", "sender-company", "printed-by", "creation-date"),
        *("creation-time", "modification-date", "modification-time", "print-date", "template-name", "editing-duration"),
    }
)
HIDDEN_TEXT = frozenset({"hidden-text", "hidden-paragraph", "conditional-text"})


def clean(file: BinaryIO, out: BinaryIO) -> None:
    """Write a document anew: its content, its styles and its pictures.

    Raises:
        CannotCleanError: it holds an object, or something hidden.
    """
    try:
        archive = open_archive(file)
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if any(name.startswith(OBJECT_FOLDERS) for name in names):
            raise CannotCleanError("The document holds another file or a chart")
        kept = [name for name in names if name in KEPT or name.startswith(PICTURE_FOLDER)]
        with zipfile.ZipFile(out, "w") as copy:
            for name in sorted(kept, key=lambda name: name != MIMETYPE):
                entry = zipfile.ZipInfo(name, FIXED_TIME)
                entry.compress_type = zipfile.ZIP_STORED if name == MIMETYPE else zipfile.ZIP_DEFLATED
                copy.writestr(entry, _cleaned(archive, name, kept))
    except RefusedError as error:
        raise CannotCleanError("A part of the document cannot be read") from error


def _cleaned(archive: zipfile.ZipFile, name: str, kept: list[str]) -> bytes:
    data = read_member(archive, name)
    if name == MIMETYPE:
        return data
    if name.startswith(PICTURE_FOLDER):
        if not name.lower().endswith(PICTURES):
            raise CannotCleanError("The document holds a picture that is neither JPEG nor PNG")
        return embedded.strip(data)
    root = xml.parse(data)
    if name == MANIFEST:
        _clean_manifest(root, kept)
    else:
        _clean_part(root)
    return xml.written(root)


def _clean_manifest(root: xml.Element, kept: list[str]) -> None:
    for entry in list(root):
        path = next((value for key, value in entry.attrib.items() if xml.local(key) == "full-path"), "/")
        if path != "/" and path not in kept:
            root.remove(entry)


def _clean_part(root: xml.Element) -> None:
    for element in xml.elements(root):
        name = xml.local(element.tag)
        if name in HIDDEN_TEXT or _is_hidden(element):
            raise CannotCleanError("The document has something that is hidden")
        if name in REMOVED:
            xml.remove(element)
        elif name in AUTHORS:
            element.text = ""
        elif name == "a":
            _lead_nowhere(element)


def _is_hidden(element: xml.Element) -> bool:
    """Tell whether an element is not shown: a sheet, rows and columns, a hidden section, text that is not displayed."""
    for key, value in element.attrib.items():
        name = xml.local(key)
        if (name == "display" and value in ("false", "none")) or (name == "visibility" and value != "visible"):
            return True
    return False


def _lead_nowhere(element: xml.Element) -> None:
    for key in list(element.attrib):
        if xml.local(key) == "href":
            element.attrib[key] = NOWHERE
