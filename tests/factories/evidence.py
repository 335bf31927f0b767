"""Files of reports for tests, and the smallest file of each kind."""

import hashlib
import io
import zipfile
from datetime import datetime
from uuid import UUID

import pikepdf
from PIL import Image

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.services import send_message
from mystery_shopper.core import clock
from mystery_shopper.core.db import new_id
from mystery_shopper.core.vault import new_data_key, seal_stream
from mystery_shopper.evidence import services
from mystery_shopper.evidence.models import EvidenceFile, copy_context, original_context
from mystery_shopper.evidence.policy import Kind, ScanState
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.evidence.services import Taken
from mystery_shopper.evidence.stores import new_name, store

TEXT = b"The tender asks for a bond of five million pounds."
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>{more}'
    "</Types>"
)
RELATION = '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/{kind}" Target="{target}"{mode}/>'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def add_evidence(
    holder: UUID | Holder,
    *,
    content: bytes = TEXT,
    name: str = "tender.txt",
    kind: Kind = Kind.TEXT,
    scan: ScanState = ScanState.CLEAN,
    is_copied: bool = True,
    now: datetime | None = None,
) -> EvidenceFile:
    """Add a file to a report (by its id) or another holder, stored as a real one, without asking the process apart."""
    moment = now or clock.reporter_now()
    file_id, key, stored = new_id(), new_data_key(moment), new_name()
    store().put(stored, seal_stream(key, [content], original_context(file_id)))
    digest = hashlib.sha256(content).hexdigest()
    taken = Taken(file_id, key, kind, name, len(content), digest, stored, scan)
    held = holder if isinstance(holder, Holder) else Holder(report_id=holder)
    file, _ = services.add_file(held, taken, now=moment)
    if is_copied:
        copy = new_name()
        store().put(copy, seal_stream(key, [content], copy_context(file_id)))
        services.record_copy(file, copy, len(content), text=content.decode(errors="replace"), now=moment)
    return file


def attach_to_message(case: Case, report: Report, sender: StaffMember, *, now: datetime | None = None) -> EvidenceFile:
    """Send a reporter a message with a file that was checked and cleaned."""
    moment = now or clock.utc_now()
    message = send_message(case, report, "Please read this.", submission_id=new_id(), sender=sender, now=moment)
    return add_evidence(Holder(report_id=report.id, message_id=message.id, to_reporter=True), now=moment)


def relations(*links: tuple[str, str, str]) -> str:
    """Return the links of a part: kind, target, mode ("External" or "")."""
    rows = (
        RELATION.format(id=f"rId{n}", kind=kind, target=target, mode=f' TargetMode="{mode}"' if mode else "")
        for n, (kind, target, mode) in enumerate(links, start=1)
    )
    start = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return f'<?xml version="1.0"?>{start}{"".join(rows)}</Relationships>'


def zipped(members: dict[str, str | bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def docx(body: str = "<w:p><w:r><w:t>A bond.</w:t></w:r></w:p>", more: dict[str, str | bytes] | None = None) -> bytes:
    """Return a Word document with a body and further parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES.format(
            part="word/document.xml", kind="wordprocessingml.document", more=""
        ),
        "_rels/.rels": relations(("officeDocument/2006/relationships/officeDocument", "word/document.xml", "")),
        "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
    }
    return zipped({**parts, **(more or {})})


def xlsx(
    sheets: str = '<sheet name="Prices" sheetId="1"/>', rows: str = "", more: dict[str, str | bytes] | None = None
) -> bytes:
    """Return an Excel workbook with one sheet."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES.format(part="xl/workbook.xml", kind="spreadsheetml.sheet", more=""),
        "_rels/.rels": relations(("officeDocument/2006/relationships/officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": f"<workbook {space}><sheets>{sheets}</sheets></workbook>",
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>",
    }
    return zipped({**parts, **(more or {})})


def pptx(slide: str = "<p:sld {space}/>", more: dict[str, str | bytes] | None = None) -> bytes:
    """Return a presentation with one slide."""
    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES.format(
            part="ppt/presentation.xml", kind="presentationml.presentation", more=""
        ),
        "_rels/.rels": relations(("officeDocument/2006/relationships/officeDocument", "ppt/presentation.xml", "")),
        "ppt/presentation.xml": f"<p:presentation {space}/>",
        "ppt/slides/slide1.xml": slide.format(space=space),
    }
    return zipped({**parts, **(more or {})})


def opendocument(
    kind: str = "text", body: str = "<text:p>A bond.</text:p>", more: dict[str, str | bytes] | None = None
) -> bytes:
    """Return an OpenDocument file."""
    office, text = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    spaces = f'xmlns:office="{office}" xmlns:text="{text}" xmlns:xlink="http://www.w3.org/1999/xlink"'
    spaces += (
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>",
    }
    return zipped({**parts, **(more or {})}, stored=("mimetype",))


def picture(kind: str = "PNG", size: tuple[int, int] = (12, 8), **options: object) -> bytes:
    """Return a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, words: str = "A bond of five million pounds", **saving: object) -> bytes:
    """Return a PDF with some words on its first page."""
    with pikepdf.Pdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(400, 300))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        first = document.pages[0].obj
        first.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
        first.Contents = document.make_stream(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
        out = io.BytesIO()
        document.save(out, **saving)
    return out.getvalue()


EMAIL = (
    b"From: Joan <joan@quillfeather.example>\r\nTo: buyer@council.example\r\nSubject: The bond\r\n"
    b"Date: Mon, 2 Jun 2025 10:00:00 +0100\r\nMessage-ID: <zq@quillfeather.example>\r\n\r\nPlease lower the bond.\r\n"
)

SMALLEST: dict[Kind, bytes] = {
    Kind.PDF: pdf(),
    Kind.PNG: picture("PNG"),
    Kind.JPEG: picture("JPEG"),
    Kind.GIF: picture("GIF"),
    Kind.WEBP: picture("WEBP"),
    Kind.DOCX: docx(),
    Kind.XLSX: xlsx(),
    Kind.PPTX: pptx(),
    Kind.ODT: opendocument(),
    Kind.ODS: opendocument("spreadsheet", "<table:table/>"),
    Kind.TEXT: TEXT,
    Kind.CSV: b"lot,price\n1,200\n2,300\n",
    Kind.EMAIL: EMAIL,
}
"""One file of each kind."""
