"""Office documents: which kind an archive is, and whether something in it would run, load or hide another file."""

import re
import zipfile
from typing import BinaryIO

from mystery_shopper.evidence.formats import xml
from mystery_shopper.evidence.formats.archives import open_archive, read_member
from mystery_shopper.evidence.formats.errors import RefusedError
from mystery_shopper.evidence.policy import Kind, Reason

CONTENT_TYPES = "[Content_Types].xml"
MIMETYPE = "mimetype"
MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Kind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Kind.XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": Kind.PPTX,
}
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": Kind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.ODS,
}
MACRO_WORDS = ("macroenabled", "vbaproject", "activex", "vbadata")
ACTIVE_NAME = re.compile(r"(?i)(^|/)(vbaproject|vbadata|activex|macrosheets|basic|scripts|configurations2/.*macro)")
HARMLESS_LINKS = frozenset({"hyperlink"})
FIELD_THAT_LOADS = re.compile(
    rb"(?i)\b(?:DDEAUTO|DDE)\b[^<]{0,20}[\"\\a-z]|INCLUDETEXT|INCLUDEPICTURE\s+(?:\"|&quot;)?https?:"
)
FIELD_PARTS = re.compile(rb"<w:instrText[^>]*>([^<]*)<")
SPREADSHEET_LINK = re.compile(
    rb"(?i)<(?:\w+:)?ddeLink|<(?:\w+:)?oleLink|<table:dde-link|<(?:\w+:)?f[^>]*>[^<]{0,8}\bcmd\|"
)
MANIFEST = "META-INF/manifest.xml"


def inspect(file: BinaryIO) -> Kind:
    """Return which kind of office document an archive is.

    Raises:
        RefusedError: none we take, protected by a password, or with macros or links that load other files.
    """
    archive = open_archive(file)
    names = archive.namelist()
    if MIMETYPE in names and CONTENT_TYPES not in names:
        return _open_document(archive)
    if CONTENT_TYPES not in names:
        raise RefusedError(Reason.WRONG_TYPE)
    if any(ACTIVE_NAME.search(name) for name in names):
        raise RefusedError(Reason.ACTIVE)
    kind = _declared_kind(archive)
    for name in names:
        _check_part(archive, name)
    return kind


def _declared_kind(archive: zipfile.ZipFile) -> Kind:
    types = [element.get("ContentType", "") for element in xml.parse(read_member(archive, CONTENT_TYPES))]
    if any(word in declared.lower() for declared in types for word in MACRO_WORDS):
        raise RefusedError(Reason.ACTIVE)
    found = [MAIN_TYPES[declared] for declared in types if declared in MAIN_TYPES]
    if len(found) != 1:
        raise RefusedError(Reason.WRONG_TYPE)
    return found[0]


def _check_part(archive: zipfile.ZipFile, name: str) -> None:
    if name.endswith(".rels"):
        for link in xml.parse(read_member(archive, name)):
            kind = str(link.get("Type", "")).rpartition("/")[2].lower()
            if link.get("TargetMode", "") == "External" and kind not in HARMLESS_LINKS:
                raise RefusedError(Reason.ACTIVE)
    elif name.endswith(".xml"):
        data = read_member(archive, name)
        xml.parse(data)
        fields = b"".join(FIELD_PARTS.findall(data))
        if FIELD_THAT_LOADS.search(fields) or SPREADSHEET_LINK.search(data):
            raise RefusedError(Reason.ACTIVE)


def _open_document(archive: zipfile.ZipFile) -> Kind:
    kind = OPEN_DOCUMENT.get(read_member(archive, MIMETYPE).strip())
    if kind is None:
        raise RefusedError(Reason.WRONG_TYPE)
    names = archive.namelist()
    if MANIFEST in names and b"encryption-data" in read_member(archive, MANIFEST):
        raise RefusedError(Reason.PASSWORD)
    if any(ACTIVE_NAME.search(name) for name in names):
        raise RefusedError(Reason.ACTIVE)
    for name in ("content.xml", "styles.xml"):
        if name in names:
            data = read_member(archive, name)
            _check_open_document_part(data)
    if "content.xml" not in names:
        raise RefusedError(Reason.BROKEN)
    return kind


def _check_open_document_part(data: bytes) -> None:
    if SPREADSHEET_LINK.search(data):
        raise RefusedError(Reason.ACTIVE)
    for element in xml.elements(xml.parse(data)):
        name = xml.local(element.tag)
        if name in ("event-listener", "dde-source", "dde-connection-decl", "table-source"):
            raise RefusedError(Reason.ACTIVE)
        if name in ("image", "object", "section-source", "plugin", "applet") and _is_outside(element):
            raise RefusedError(Reason.ACTIVE)


def _is_outside(element: xml.Element) -> bool:
    address = next((value for name, value in element.attrib.items() if xml.local(name) == "href"), "")
    return "://" in address or address.startswith(("/", "../", "\\"))
