"""Letters as PDF: tagged, with language and title, and nothing fetched. Needs the libraries of the extra `pdf`."""

import io
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from mystery_shopper.letters import pdf
from mystery_shopper.letters.policy import paragraphs_of
from tests.support.outside import HAS_PDF

REFERENCE = "LTR-1A2B3C4D"
TEXT = """26 Tachwedd 2026
Ein cyfeirnod: LTR-1A2B3C4D

<img src="file:///etc/hostname"><script>alert(1)</script>

1. Mae'r bond yn rhy uchel
   Gweler: PPN 09/15.

2. Mae'r trosiant yn rhy uchel
   Gweler: PPN 09/15.

Mystery Shopper
"""


def tags_of(node: Any) -> Iterator[str]:
    """Yield the tags of the structure of a document, in the order they are read out."""
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from tags_of(one)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S)
        if "/K" in node:
            yield from tags_of(node.K)


def test_questions_have_headings_and_nothing_is_lost() -> None:
    found = paragraphs_of(TEXT)
    assert [heading for heading, _ in found if heading] == [
        "1. Mae'r bond yn rhy uchel",
        "2. Mae'r trosiant yn rhy uchel",
    ]
    words = [word for heading, lines in found for line in (heading, *lines) for word in line.split()]
    assert words == TEXT.split()
    assert paragraphs_of("5. One line alone") == [("", ("5. One line alone",))]


@pytest.mark.external(HAS_PDF)
def test_a_letter_is_tagged_and_says_its_language_and_title() -> None:
    made = pdf.make_pdf(TEXT, reference=REFERENCE, language="cy")
    with pikepdf.open(io.BytesIO(made)) as document:
        root = document.Root
        assert root.MarkInfo.Marked is True
        assert str(root.Lang) == "cy"
        assert root.ViewerPreferences.DisplayDocTitle is True
        tags = [tag for tag in tags_of(root.StructTreeRoot.K) if tag in ("/H1", "/H2", "/P")]
        assert tags == ["/H1", "/P", "/P", "/H2", "/P", "/H2", "/P", "/P"]
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == f"Mystery Shopper, {REFERENCE}"
            assert not [key for key in metadata if "Date" in key], "no moment stands in it"
        assert not {"/CreationDate", "/ModDate", "/Author"} & set(document.docinfo.keys())
        images = [name for page in document.pages for name in page.get_images()]
        assert images == [], "what was typed is text"
        assert not root.get("/Names"), "nothing is attached"


@pytest.mark.external(HAS_PDF)
@pytest.mark.parametrize("address", ["file:///etc/hostname", "https://example.org/x.png", "data:text/plain,x"])
def test_nothing_is_fetched(address: str) -> None:
    with pytest.raises(ValueError, match="disallowed"):
        pdf.closed_fetcher().fetch(address)


def test_without_the_libraries_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf.library.cache_clear()
    try:
        with pytest.raises(pdf.PdfNotInstalledError, match="choose to print it"):
            pdf.make_pdf(TEXT, reference=REFERENCE, language="en")
    finally:
        pdf.library.cache_clear()
