"""PDF: opened by qpdf (pikepdf), which decodes nothing it need not; the copy keeps pages and loses everything else."""

import io
from collections.abc import Set as AbstractSet
from typing import BinaryIO, cast

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf, Stream

from mystery_shopper.evidence.formats import embedded
from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import Kind, Reason

PAGE_KEPT = frozenset(
    {
        *("/Type", "/Parent", "/Resources", "/Contents", "/Group", "/Rotate", "/UserUnit"),
        *("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"),
    }
)
"""What stays of a page. All else goes: actions, metadata, times, previews, private data of programs."""
DROPPED = frozenset(
    {
        *("/AA", "/AF", "/Alternates", "/CreatorInfo", "/EmbeddedFiles", "/JavaScript", "/JS", "/LastModified"),
        *("/Measure", "/Metadata", "/OPI", "/PieceInfo", "/StructParent", "/StructParents", "/XFA"),
    }
)
"""Keys that carry a person, a time, a program or an action, wherever they stand."""
WIDGET = "/Widget"
JPEG_FILTER = "/DCTDecode"
JPEG_2000_FILTER = "/JPXDecode"
DEPTH_MAX = 20
ODD = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What qpdf and its binding raise at a file that is no PDF inside."""


def inspect(file: BinaryIO) -> Kind:
    """Return that a file is a PDF.

    Raises:
        RefusedError: protected by a password, damaged, or of more pages or objects than are taken.
    """
    try:
        with pikepdf.open(file, attempt_recovery=True) as document:
            pages, objects = len(document.pages), len(document.objects)
    except pikepdf.PasswordError as error:
        raise RefusedError(Reason.PASSWORD) from error
    except ODD as error:
        raise RefusedError(Reason.BROKEN) from error
    if pages > limits()[Limit.PAGES] or objects > limits()[Limit.OBJECTS]:
        raise RefusedError(Reason.TOO_COMPLEX)
    if pages == 0:
        raise RefusedError(Reason.BROKEN)
    return Kind.PDF


def clean(file: BinaryIO, out: BinaryIO) -> None:
    """Write a PDF with the same pages and nothing about who made it, when, with what, or what it does when opened.

    Raises:
        CannotCleanError: it cannot be read, or holds pictures that cannot be cleaned.
    """
    try:
        with pikepdf.open(file) as document:
            _clean_document(document)
            # A second document takes over only what the pages need: nothing unreferenced can come along.
            with Pdf.new() as copy:
                _take_over(document, copy)
                copy.save(out, linearize=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except (pikepdf.PasswordError, *ODD) as error:
        raise CannotCleanError("The PDF cannot be read") from error


def _clean_document(document: Pdf) -> None:
    if Name.OCProperties in document.Root:
        raise CannotCleanError("The PDF has layers that can be hidden")
    _draw_fields(document)
    for page in document.pages:
        _keep(page.obj, PAGE_KEPT)
    for item in document.objects:
        if isinstance(item, (Dictionary, Stream)):
            _clean_item(item)


def _draw_fields(document: Pdf) -> None:
    """Make what is filled into forms part of the page. The other annotations name their author or lead somewhere."""
    for page in document.pages:
        if Name.Annots in page.obj:
            notes = [note for note in cast("list[Object]", page.obj.Annots) if isinstance(note, Dictionary)]
            page.obj.Annots = pikepdf.Array([note for note in notes if str(note.get(Name.Subtype, "")) == WIDGET])
    if Name.AcroForm in document.Root:
        document.generate_appearance_streams()
        document.flatten_annotations("screen")


def _keep(item: Object, wanted: AbstractSet[str]) -> None:
    for key in _keys(item):
        if key not in wanted:
            del item[key]


def _keys(item: Object) -> list[str]:
    return [str(key) for key in item.keys()]  # noqa: SIM118 - a stream is no mapping


def _clean_item(item: Object, depth: int = 0) -> None:
    """Drop from an object the keys that carry traces, and from a picture what the camera wrote into it."""
    for key in _keys(item):
        value = item[key]
        if key in DROPPED:
            del item[key]
        elif isinstance(value, Dictionary) and not value.is_indirect and depth < DEPTH_MAX:
            _clean_item(value, depth + 1)
    if isinstance(item, Stream):
        _clean_picture(item)


def _clean_picture(item: Stream) -> None:
    filters = _filters(item)
    if filters == [JPEG_FILTER]:
        item.write(embedded.strip_jpeg(item.read_raw_bytes()), filter=Name(JPEG_FILTER))
    elif filters == [JPEG_2000_FILTER]:
        item.write(embedded.strip_jpeg_2000(item.read_raw_bytes()), filter=Name(JPEG_2000_FILTER))
    elif JPEG_FILTER in filters or JPEG_2000_FILTER in filters:
        raise CannotCleanError("The PDF holds a picture that is packed twice")


def _filters(item: Object) -> list[str]:
    found = item.get(Name.Filter)
    if found is None:
        return []
    return [str(one) for one in cast("list[Object]", found)] if isinstance(found, pikepdf.Array) else [str(found)]


def _take_over(document: Pdf, copy: Pdf) -> None:
    copy.pages.extend(document.pages)
    for key in ("/Info", "/ID"):
        if key in copy.trailer:
            del copy.trailer[key]


def read(file: BinaryIO, most: int) -> str:
    """Return the text of a PDF in the order it is drawn, up to `most` characters.

    Raises:
        CannotCleanError: its text cannot be read.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    parts: list[str] = []
    length = 0
    try:
        for page in PdfReader(io.BytesIO(file.read())).pages:
            parts.append(page.extract_text())
            length += len(parts[-1])
            if length > most:
                break
    except (PyPdfError, *ODD, RecursionError) as error:
        raise CannotCleanError("The text of the PDF cannot be read") from error
    return "\n".join(parts)[:most]
