"""What a file is, whatever it is called: kinds taken, and everything of the catalogue that is not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from mystery_shopper.evidence.formats.errors import RefusedError
from mystery_shopper.evidence.formats.recognising import recognise
from mystery_shopper.evidence.policy import Kind, Reason
from tests.factories.evidence import EICAR, SMALLEST, docx, opendocument, pdf, picture, relations, xlsx, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LINK = "officeDocument/2006/relationships/"


SAVED_PAGE = (
    b"From: FROM\r\nSubject: A page\r\nDate: Mon, 2 Jun 2025 10:11:12 +0100\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="e"\r\n\r\n--e\r\nContent-Type: text/html\r\n\r\n'
    b"<html><script>alert(1)</script></html>\r\n--e--\r\n"
)


def pdf_of_pages(count: int) -> bytes:
    """Return a small file that says it has very many pages: all of them are one."""
    kids = b"3 0 R " * count
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count "
        + str(count).encode()
        + b"/Kids["
        + kids
        + b"]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n9\n%%EOF"
    )


def reason_of(data: bytes) -> Reason | Kind:
    try:
        return recognise(io.BytesIO(data))
    except RefusedError as error:
        return error.reason


@pytest.mark.parametrize("kind", list(Kind))
def test_the_smallest_file_of_each_kind_is_recognised(kind: Kind) -> None:
    assert reason_of(SMALLEST[kind]) is kind


def part(name: str, data: str | bytes = "x") -> bytes:
    return docx(more={name: data})


def changed(data: bytes, **entry: int) -> bytes:
    """Return an archive whose last member declares something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in zipfile.ZipFile(io.BytesIO(data)).infolist():
            archive.writestr(member, zipfile.ZipFile(io.BytesIO(data)).read(member))
        for name, value in entry.items():
            setattr(archive.infolist()[-1], name, value)
    return out.getvalue()


def with_name(name: str) -> bytes:
    """Return a document with a member of any name, also one the library would clean."""
    data = docx(more={"x" * len(name.encode()): "x"})
    return data.replace(b"x" * len(name.encode()), name.encode())


def overlapping() -> bytes:
    """Return an archive in which two entries of the directory point to the same bytes."""
    data = docx(more={"word/aaaa.xml": "<a/>", "word/bbbb.xml": "<a/>"})
    first, second = (data.rindex(name) - 4 for name in (b"word/aaaa.xml", b"word/bbbb.xml"))
    return data[:second] + data[first : first + 4] + data[second + 4 :]


def doubled() -> bytes:
    return docx(more={"word/aaaa.xml": "<a/>", "word/bbbb.xml": "<b/>"}).replace(b"word/bbbb.xml", b"word/aaaa.xml")


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(((width + 7) // 8 + 1) * min(height, 100)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animation(frames: int) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("L", (2, 2), index % 250) for index in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=10)
    return out.getvalue()


def locked() -> bytes:
    return pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))


BAD: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "PE": (lambda: b"MZ\x90\x00\x03" + bytes(100), Reason.WRONG_TYPE),
    "ELF": (lambda: b"\x7fELF\x02\x01" + bytes(100), Reason.WRONG_TYPE),
    "mht": (lambda: SAVED_PAGE.replace(b"FROM", b"<Saved by Blink>"), Reason.WRONG_TYPE),
    "mht of another browser": (lambda: SAVED_PAGE.replace(b"FROM", b'"Saved by a browser 11"'), Reason.WRONG_TYPE),
    "mht without a name": (
        lambda: SAVED_PAGE.replace(b"From: FROM", b"Snapshot-Content-Location: https://evil.example/"),
        Reason.WRONG_TYPE,
    ),
    "xml": (lambda: b'<?xml version="1.0"?><a><script>1</script></a>', Reason.WRONG_TYPE),
    "html that is a pdf too": (lambda: b"<html><script>1</script>" + pdf(), Reason.WRONG_TYPE),
    "pdf of 100,000 pages": (lambda: pdf_of_pages(100_000), Reason.BROKEN),
    "html": (lambda: b"<!DOCTYPE html><html><script>alert(1)</script>", Reason.WRONG_TYPE),
    "html after words": (lambda: b"Dear all,\n<html><body onload=alert(1)>", Reason.WRONG_TYPE),
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', Reason.WRONG_TYPE),
    "xxe": (lambda: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', Reason.WRONG_TYPE),
    "hta": (lambda: b"<html><hta:application>", Reason.WRONG_TYPE),
    "url": (lambda: b"[InternetShortcut]\nURL=http://evil.example\n", Reason.WRONG_TYPE),
    "lnk": (lambda: b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", Reason.WRONG_TYPE),
    "script": (lambda: b"#!/bin/sh\nrm -rf /\n", Reason.WRONG_TYPE),
    "rtf": (lambda: b"{\\rtf1 {\\object}}", Reason.WRONG_TYPE),
    "old word": (lambda: OLE + bytes(600), Reason.WRONG_TYPE),
    "locked word": (lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), Reason.PASSWORD),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(50), Reason.WRONG_TYPE),
    "heic": (lambda: b"\0\0\0\x18ftypheic" + bytes(50), Reason.WRONG_TYPE),
    "tiff": (lambda: b"II*\0\x08\0\0\0" + bytes(50), Reason.WRONG_TYPE),
    "plain zip": (lambda: zipped({"a.txt": "x"}), Reason.WRONG_TYPE),
    "zip of eicar": (lambda: zipped({"eicar.com": EICAR}), Reason.WRONG_TYPE),
    "zip slip": (lambda: with_name("../../x"), Reason.BROKEN),
    "absolute": (lambda: with_name("/etc/passwd"), Reason.BROKEN),
    "drive": (lambda: with_name("C:/x"), Reason.BROKEN),
    "symlink": (lambda: changed(part("word/x.xml"), external_attr=0o120777 << 16), Reason.BROKEN),
    "encrypted member": (lambda: changed(part("word/x.xml"), flag_bits=1), Reason.PASSWORD),
    "doubled": (doubled, Reason.BROKEN),
    "overlapping": (overlapping, Reason.BROKEN),
    "nested": (lambda: part("word/x.zip", zipped({"a": "b"})), Reason.ACTIVE),
    "cut zip": (lambda: docx()[:-30], Reason.BROKEN),
    "no document": (lambda: zipped({"[Content_Types].xml": "<Types/>"}), Reason.WRONG_TYPE),
    "macro": (lambda: part("word/vbaProject.bin"), Reason.ACTIVE),
    "macro type": (
        lambda: zipped(
            {"[Content_Types].xml": '<Types><Override PartName="/w" ContentType="x.macroEnabled.main+xml"/></Types>'}
        ),
        Reason.ACTIVE,
    ),
    "activex": (lambda: part("word/activeX/activeX1.xml", "<a/>"), Reason.ACTIVE),
    "outside template": (
        lambda: part(
            "word/_rels/settings.xml.rels", relations((LINK + "attachedTemplate", "http://evil.example/t", "External"))
        ),
        Reason.ACTIVE,
    ),
    "outside picture": (
        lambda: part("word/_rels/document.xml.rels", relations((LINK + "image", "http://evil.example/p", "External"))),
        Reason.ACTIVE,
    ),
    "dde": (lambda: docx('<w:p><w:r><w:instrText>DDEAUTO c:\\\\x "/k calc"</w:instrText></w:r></w:p>'), Reason.ACTIVE),
    "dde in pieces": (
        lambda: docx("<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\\\x</w:instrText></w:r>"),
        Reason.ACTIVE,
    ),
    "xlsx outside data": (
        lambda: xlsx(
            more={
                "xl/externalLinks/_rels/externalLink1.xml.rels": relations((LINK + "externalLinkPath", "x", "External"))
            }
        ),
        Reason.ACTIVE,
    ),
    "xlsx dde": (
        lambda: xlsx(more={"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>"}),
        Reason.ACTIVE,
    ),
    "entities in docx": (
        lambda: zipped({**members(docx()), "word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        Reason.BROKEN,
    ),
    "broken xml": (lambda: part("word/styles.xml", "<a>"), Reason.BROKEN),
    "odt macro": (lambda: opendocument(more={"Basic/script-lc.xml": "<a/>"}), Reason.ACTIVE),
    "odt locked": (
        lambda: opendocument(more={"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        Reason.PASSWORD,
    ),
    "odt outside picture": (
        lambda: opendocument(body='<text:p><text:image xlink:href="https://evil.example/x.png"/></text:p>'),
        Reason.ACTIVE,
    ),
    "odt of another kind": (lambda: opendocument("graphics"), Reason.WRONG_TYPE),
    "pdf locked": (locked, Reason.PASSWORD),
    "pdf cut": (lambda: pdf()[:60], Reason.BROKEN),
    "pdf head only": (lambda: b"%PDF-1.7\n", Reason.BROKEN),
    "pdf xref loop": (
        lambda: (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\nxref\n0 1\n0000000000 65535 f \n"
            b"trailer<</Root 1 0 R/Size 2/Prev 54>>\nstartxref\n54\n%%EOF"
        ),
        Reason.BROKEN,
    ),
    "pixel flood": (lambda: png_of(30_000, 30_000), Reason.TOO_COMPLEX),
    "cut jpeg": (lambda: picture("JPEG", (300, 300))[:-400], Reason.BROKEN),
    "cut png": (lambda: picture("PNG", (300, 300))[:60], Reason.BROKEN),
    "animation": (lambda: animation(201), Reason.TOO_COMPLEX),
    "nul in text": (lambda: b"hello\0there", Reason.WRONG_TYPE),
    "half of a pair": (lambda: b"\xff\xfe\x00\xd8A\x00", Reason.WRONG_TYPE),
}


def members(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", list(BAD))
def test_what_is_not_taken_has_its_own_reason(name: str) -> None:
    make, reason = BAD[name]
    assert reason_of(make()) is reason


def test_a_cut_picture_is_refused_although_another_library_lets_this_process_take_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert reason_of(picture("PNG", (300, 300))[:60]) is Reason.BROKEN


def test_a_link_to_a_page_is_no_reason_to_refuse() -> None:
    data = part("word/_rels/document.xml.rels", relations((LINK + "hyperlink", "https://www.gov.uk", "External")))
    assert reason_of(data) is Kind.DOCX


@pytest.mark.parametrize("text", ["Llŷr a'r bond: £5m", "Preis: 100 €", "入札"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_any_usual_encoding_is_text(text: str, encoding: str) -> None:
    assert reason_of(text.encode(encoding)) is Kind.TEXT


def test_old_windows_text_is_text() -> None:
    assert reason_of("The “bond” is £5m: too much".encode("cp1252")) is Kind.TEXT


@settings(max_examples=300, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"",
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"RIFF\0\0\0\0WEBP",
            OLE,
        ]
    ),
    rest=st.binary(max_size=400),
)
def test_any_bytes_are_a_kind_or_a_reason(start: bytes, rest: bytes) -> None:
    assert isinstance(reason_of(start + rest), (Kind, Reason))


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(list(Kind)), place=st.integers(0, 10_000), patch=st.binary(min_size=1, max_size=6))
def test_a_file_with_a_few_bytes_changed_is_a_kind_or_a_reason(kind: Kind, place: int, patch: bytes) -> None:
    data = bytearray(SMALLEST[kind])
    place %= len(data)
    data[place : place + len(patch)] = patch
    assert isinstance(reason_of(bytes(data)), (Kind, Reason))
