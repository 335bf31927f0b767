"""Words that stand nowhere else are put where programs write names, places and times: no copy holds one of them."""

import io
import re
import zipfile

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mystery_shopper.evidence.formats.copying import read_text, write_copy
from mystery_shopper.evidence.formats.errors import CannotCleanError
from mystery_shopper.evidence.formats.recognising import recognise
from mystery_shopper.evidence.policy import KINDS, READABLE, Kind
from tests.factories.evidence import SMALLEST, docx, opendocument, pptx, relations, xlsx, zipped

CANARY = re.compile(rb"(?:z\0?q\0?){2}[a-z\0]+", re.IGNORECASE)
PROPERTIES = "<cp:p xmlns:cp='c'><creator>zqzqauthor</creator><lastModifiedBy>zqzqeditor</lastModifiedBy></cp:p>"
WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DRAWN = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'


def copy_of(kind: Kind, data: bytes) -> bytes:
    assert recognise(io.BytesIO(data)) is kind
    out = io.BytesIO()
    write_copy(kind, io.BytesIO(data), out)
    return out.getvalue()


def text_of(kind: Kind, copy: bytes) -> str:
    return read_text(kind, io.BytesIO(copy), 100_000)


def unpacked(data: bytes) -> bytes:
    """Return everything a file holds, packed parts unpacked, as bytes to be searched."""
    found = [data]
    if data.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(data))
        found += [name.encode() + archive.read(name) for name in archive.namelist()]
        found += [member.extra + member.comment for member in archive.infolist()]
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as document:
            out = io.BytesIO()
            document.save(
                out,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                compress_streams=False,
            )
            found.append(out.getvalue())
    return b"\n".join(found)


def canaries(data: bytes) -> set[bytes]:
    return {found.replace(b"\0", b"") for found in CANARY.findall(unpacked(data))}


def photo() -> bytes:
    image = Image.effect_noise((40, 20), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "zqzqartist"
    exif[0x010F] = "zqzqmaker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = "zqzqgps"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"zqzqcomment", icc_profile=b"zqzqprofile", xmp=b"<x>zqzqxmp</x>")
    return out.getvalue() + b"zqzqtrailer"


def test_a_photograph_keeps_its_pixels_the_right_way_up_and_nothing_else() -> None:
    source = photo()
    assert len(canaries(source)) >= 6
    copy = copy_of(Kind.JPEG, source)
    assert canaries(copy) == set()
    drawn = Image.open(io.BytesIO(copy))
    assert drawn.size == (20, 40)
    assert dict(drawn.getexif()) == {}
    assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_a_png_of_every_mode_is_drawn_anew(mode: str) -> None:
    notes = PngInfo()
    notes.add_text("Author", "zqzqauthor")
    notes.add_itxt("XML:com.adobe.xmp", "zqzqxmp")
    out = io.BytesIO()
    Image.new(mode, (8, 6)).save(out, "PNG", pnginfo=notes)
    assert len(canaries(out.getvalue())) == 2
    copy = copy_of(Kind.PNG, out.getvalue())
    assert canaries(copy) == set()
    drawn = Image.open(io.BytesIO(copy))
    assert (drawn.size, drawn.info) == ((8, 6), {})
    assert (drawn.mode == "RGBA") == (mode in ("RGBA", "LA"))


def test_of_an_animation_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], comment=b"zqzqcomment")
    copy = copy_of(Kind.GIF, out.getvalue())
    assert canaries(copy) == set()
    assert Image.open(io.BytesIO(copy)).convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def marked_pdf() -> bytes:
    name = pikepdf.Name
    with pikepdf.open(io.BytesIO(SMALLEST[Kind.PDF])) as document:
        page = document.pages[0].obj
        photograph = photo().removesuffix(b"zqzqtrailer")
        page.Resources.XObject = pikepdf.Dictionary(
            Im0=document.make_stream(
                photograph,
                Type=name.XObject,
                Subtype=name.Image,
                Width=40,
                Height=20,
                ColorSpace=name.DeviceRGB,
                BitsPerComponent=8,
                Filter=name.DCTDecode,
                Metadata=document.make_stream(b"<x>zqzqpicturexmp</x>"),
            )
        )
        page.PieceInfo = pikepdf.Dictionary(Zq=pikepdf.Dictionary(LastModified="zqzqpiece"))
        page.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=name.JavaScript, JS="zqzqpagescript"))
        note = pikepdf.Dictionary(
            Type=name.Annot, Subtype=name.Text, T="zqzqannotator", Contents="zqzqnote", Rect=[0, 0, 9, 9]
        )
        drawn = document.make_stream(
            b"BT /F1 9 Tf 2 2 Td (Filled in) Tj ET",
            Type=name.XObject,
            Subtype=name.Form,
            BBox=[0, 0, 90, 20],
            Resources=page.Resources,
        )
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=name.Annot, Subtype=name.Widget, FT=name.Btn, T="zqzqfield", TU="zqzqvalue", Rect=[0, 0, 90, 20]
            )
        )
        field.AP = pikepdf.Dictionary(N=drawn)
        page.Annots = pikepdf.Array([document.make_indirect(note), field])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), XFA="zqzqxfa")
        document.Root.OpenAction = pikepdf.Dictionary(S=name.JavaScript, JS="zqzqscript")
        document.Root.AF = pikepdf.Array([])
        document.Root.Lang = "zqzqlang"
        document.docinfo["/Author"] = "zqzqauthor"
        document.docinfo["/Title"] = "zqzqtitle"
        document.attachments["zqzqattached.txt"] = b"zqzqinside"
        with document.open_metadata() as meta:
            meta["dc:creator"] = ["zqzqxmp"]
        document.trailer.ID = pikepdf.Array([pikepdf.String("zqzqid"), pikepdf.String("zqzqid")])
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def test_a_pdf_keeps_its_pages_and_nothing_else() -> None:
    source = marked_pdf()
    assert len(canaries(source)) >= 14
    copy = copy_of(Kind.PDF, source)
    assert canaries(copy) == set()
    assert {"A bond of five million pounds", "Filled in"} <= set(text_of(Kind.PDF, copy).splitlines())
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in document.trailer
        assert "/Annots" not in document.pages[0].obj


@pytest.mark.parametrize("what", ["/JavaScript", "/Launch", "/SubmitForm", "zip behind", "html behind"])
def test_nothing_a_pdf_would_do_or_be_besides_is_in_its_copy(what: str) -> None:
    behind = {"zip behind": zipped({"zqzq.txt": "x"}), "html behind": b"<html><script>zqzqrun</script>"}.get(what, b"")
    with pikepdf.open(io.BytesIO(SMALLEST[Kind.PDF])) as document:
        if not behind:
            action = pikepdf.Dictionary(S=pikepdf.Name(what), JS="zqzqscript", F="zqzqcmd.exe")
            document.Root.OpenAction = action
            document.pages[0].obj.AA = pikepdf.Dictionary(O=action)
        out = io.BytesIO()
        document.save(out)
    source = out.getvalue() + behind
    assert b"zqzq" in source
    copy = copy_of(Kind.PDF, source)
    assert b"zqzq" not in unpacked(copy)
    assert what.encode() not in copy


def test_a_pdf_with_layers_is_not_copied() -> None:
    with pikepdf.open(io.BytesIO(SMALLEST[Kind.PDF])) as document:
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([]))
        out = io.BytesIO()
        document.save(out)
    with pytest.raises(CannotCleanError, match="layers"):
        copy_of(Kind.PDF, out.getvalue())


def marked_docx() -> bytes:
    office = "officeDocument/2006/relationships/"
    body = (
        '<w:p w:rsidR="00AA" w:rsidRDefault="00BB"><w:r><w:t>A bond </w:t></w:r>'
        '<w:ins w:id="1" w:author="zqzqinserter" w:date="2025"><w:r><w:t>of five million</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="zqzqdeleter"><w:r><w:delText>zqzqdeleted</w:delText></w:r></w:del>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>zqzqhidden</w:t></w:r>"
        '<w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        '<w:r><w:instrText>HYPERLINK "file:///C:/People/zqzqjane/bid.docx"</w:instrText></w:r>'
        f'<w:r><w:drawing><wp:inline {DRAWN}><wp:docPr id="1" name="zqzqname" descr="C:\\Users\\zqzqpath\\photo.jpg"/>'
        "</wp:inline></w:drawing></w:r><w:r><w:t> pounds</w:t></w:r></w:p>"
    )
    return docx(
        body,
        {
            "docProps/core.xml": PROPERTIES,
            "docProps/app.xml": "<a><Company>zqzqcompany</Company></a>",
            "docProps/thumbnail.jpeg": photo(),
            "customXml/item1.xml": "<a>zqzqcustom</a>",
            "word/comments.xml": f'<w:comments {WORDS}><w:comment w:author="zqzqcommenter"/></w:comments>',
            "word/people.xml": "<a>zqzqpeople</a>",
            "word/settings.xml": f"<w:settings {WORDS}><w:mailMerge>zqzqmerge</w:mailMerge></w:settings>",
            "word/media/image1.jpeg": photo(),
            "word/_rels/document.xml.rels": relations(
                (office + "comments", "comments.xml", ""),
                (office + "image", "media/image1.jpeg", ""),
                (office + "hyperlink", "file:///C:/People/zqzqlink/x", "External"),
            ),
        },
    )


def test_a_word_document_takes_changes_as_made_and_loses_people_comments_and_properties() -> None:
    source = marked_docx()
    assert len(canaries(source)) >= 18
    copy = copy_of(Kind.DOCX, source)
    assert canaries(copy) == set()
    assert "A bond of five million pounds" in text_of(Kind.DOCX, copy)
    archive = zipfile.ZipFile(io.BytesIO(copy))
    assert b"comments" not in archive.read("word/_rels/document.xml.rels")
    assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert Image.open(io.BytesIO(archive.read("word/media/image1.jpeg"))).size == (40, 20)


def test_a_workbook_loses_paths_comments_and_properties() -> None:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    path = '<x15ac:absPath xmlns:x15ac="a" url="C:\\Users\\zqzqjane\\"/>'
    source = xlsx(
        rows='<row r="1"><c r="A1" t="inlineStr"><is><t>Bond price</t></is></c></row>',
        more={
            "docProps/core.xml": PROPERTIES,
            "xl/comments1.xml": f"<comments {space}><authors><author>zqzqcommenter</author></authors></comments>",
            "xl/persons/person.xml": "<a>zqzqperson</a>",
            "xl/printerSettings/printerSettings1.bin": b"zqzqprinter",
            "xl/workbook.xml": f'<workbook {space}>{path}<fileSharing userName="zqzquser"/><sheets>'
            '<sheet name="Prices" sheetId="1"/></sheets></workbook>',
        },
    )
    copy = copy_of(Kind.XLSX, source)
    assert len(canaries(source)) >= 7
    assert canaries(copy) == set()
    assert "Bond price" in text_of(Kind.XLSX, copy)


def test_a_presentation_loses_notes_comments_and_properties() -> None:
    source = pptx(
        more={
            "docProps/core.xml": PROPERTIES,
            "ppt/notesSlides/notesSlide1.xml": "<a>zqzqspeakernote</a>",
            "ppt/comments/comment1.xml": "<a>zqzqcomment</a>",
            "ppt/commentAuthors.xml": "<a>zqzqcommenter</a>",
            "ppt/slides/_rels/slide1.xml.rels": relations(
                ("officeDocument/2006/relationships/notesSlide", "../notesSlides/notesSlide1.xml", "")
            ),
        }
    )
    copy = copy_of(Kind.PPTX, source)
    assert len(canaries(source)) >= 5
    assert canaries(copy) == set()
    assert b"notesSlide" not in unpacked(copy)


def test_an_open_document_loses_notes_changes_and_properties() -> None:
    body = (
        "<text:p>A bond<office:annotation><dc:creator>zqzqannotator</dc:creator>"
        "<text:p>zqzqnote</text:p></office:annotation>"
        ' of five million <text:a xlink:href="file:///C:/People/zqzqjane">here</text:a> pounds</text:p>'
        "<text:tracked-changes><text:p>zqzqdeleted</text:p></text:tracked-changes>"
        "<text:p><text:author-name>zqzqauthor</text:author-name></text:p>"
    )
    source = opendocument(
        body=body,
        more={
            "meta.xml": "<a>zqzqmeta</a>",
            "settings.xml": "<a>zqzqprinter</a>",
            "Thumbnails/thumbnail.png": b"zqzqthumb",
            "META-INF/manifest.xml": '<m:manifest xmlns:m="m"><m:file-entry m:full-path="/"/>'
            '<m:file-entry m:full-path="meta.xml"/></m:manifest>',
        },
    )
    copy = copy_of(Kind.ODT, source)
    assert len(canaries(source)) >= 7
    assert canaries(copy) == set()
    assert "A bond of five million here pounds" in text_of(Kind.ODT, copy)
    assert zipfile.ZipFile(io.BytesIO(copy)).infolist()[0].filename == "mimetype"


def test_an_email_keeps_its_day_its_subject_and_its_words() -> None:
    source = (
        b"From: zqzqjane <zqzqjane@zqzqfirm.example>\r\nTo: zqzqbuyer@council.example\r\nReceived: from zqzqhost\r\n"
        b"Subject: The bond\r\nDate: Mon, 2 Jun 2025 10:11:12 +0100\r\nX-Mailer: zqzqmailer\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="e"\r\n\r\n--e\r\nContent-Type: text/html\r\n\r\n'
        b"<html><head><title>zqzqtitle</title></head><p>Please lower the <b>bond</b></p></html>\r\n--e\r\n"
        b'Content-Type: application/pdf; name="zqzqfile.pdf"\r\nContent-Disposition: attachment\r\n\r\n'
        b"zqzqattached\r\n--e--\r\n"
    )
    copy = copy_of(Kind.EMAIL, source)
    assert canaries(copy) == set()
    assert copy.decode().splitlines() == [
        "Date: 2025-06-02",
        "Subject: The bond",
        "",
        "Please lower the bond",
        "",
        "[1 attached file left out]",
    ]


def test_a_table_loses_what_a_spreadsheet_would_run() -> None:
    copy = copy_of(Kind.CSV, b"\xef\xbb\xbflot;price\r\n1;=cmd|' /C calc'!A0\r\n")
    assert copy.decode().splitlines() == ["lot,price", "1,'=cmd|' /C calc'!A0"]


def test_text_loses_what_cannot_be_seen() -> None:
    assert copy_of(Kind.TEXT, "A\u202e bond\r\n".encode("utf-16")) == b"A bond\n"


UNCLEANABLE = {
    "hidden sheet": (Kind.XLSX, xlsx('<sheet name="a" sheetId="1"/><sheet name="b" sheetId="2" state="hidden"/>')),
    "very hidden sheet": (Kind.XLSX, xlsx('<sheet name="b" sheetId="2" state="veryHidden"/>')),
    "hidden row": (Kind.XLSX, xlsx(rows='<row r="1" hidden="1"/>')),
    "pivot cache": (Kind.XLSX, xlsx(more={"xl/pivotCache/pivotCacheRecords1.xml": "<a/>"})),
    "embedded file": (Kind.DOCX, docx(more={"word/embeddings/Sheet.xlsx": zipped({"a": "b"})})),
    "ole package": (Kind.DOCX, docx(more={"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"})),
    "other picture": (Kind.DOCX, docx(more={"word/media/image1.emf": b"EMF"})),
    "unknown part": (Kind.DOCX, docx(more={"word/strange.dat": b"?"})),
    "hidden slide": (Kind.PPTX, pptx('<p:sld {space} show="0"/>')),
    "odt object": (Kind.ODT, opendocument(more={"Object 1/content.xml": "<a/>"})),
    "ods hidden": (Kind.ODS, opendocument("spreadsheet", '<table:table-column table:visibility="collapse"/>')),
    "odt hidden text": (Kind.ODT, opendocument(body="<text:p><text:hidden-text>x</text:hidden-text></text:p>")),
}


@pytest.mark.parametrize("name", list(UNCLEANABLE))
def test_what_may_hide_something_is_not_copied(name: str) -> None:
    kind, data = UNCLEANABLE[name]
    with pytest.raises(CannotCleanError) as caught:
        copy_of(kind, data)
    assert re.fullmatch(r"[A-Z][a-zA-Z0-9 .,()]+", str(caught.value))


@pytest.mark.parametrize("kind", list(Kind))
def test_the_copy_of_every_kind_is_a_file_we_would_take_and_read(kind: Kind) -> None:
    copy = copy_of(kind, SMALLEST[kind])
    known = {Kind.GIF: Kind.PNG, Kind.WEBP: Kind.PNG, Kind.EMAIL: Kind.EMAIL}
    assert recognise(io.BytesIO(copy)) is known.get(kind, kind)
    assert KINDS[kind].copy_extension
    if kind in READABLE:
        read_text(kind, io.BytesIO(copy), 1000)
