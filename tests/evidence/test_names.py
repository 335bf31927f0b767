import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.names import clean_name, sent_name
from mystery_shopper.evidence.policy import KINDS, Kind

KIND = st.sampled_from(list(Kind))
FORBIDDEN = set('\\/<>:"|?*\r\n\t\0\u202e\u202d\u2066\u200b\ufeff')
PIECES = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["../", "..\\", "C:\\Users\\jane.smith\\", ".pdf", ".exe", "\u202e", "\0", "\n", "con", "a\u0301" * 9]
        ),
    ),
    max_size=8,
).map("".join)


@given(sent=PIECES, kind=KIND)
def test_a_name_is_always_fit_to_be_shown(sent: str, kind: Kind) -> None:
    name = clean_name(sent, kind)
    assert not set(name) & FORBIDDEN
    assert 0 < len(name) <= limits()[Limit.NAME]
    stem, _, ending = name.rpartition(".")
    assert ending.lower() in KINDS[kind].extensions
    assert stem.strip(" .") == stem != ""
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Cs") for character in name)
    assert clean_name(name, kind) == name


@given(sent=PIECES)
def test_a_refused_name_is_fit_to_be_shown_too(sent: str) -> None:
    name = sent_name(sent)
    assert name
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Cs") for character in name)


@pytest.mark.parametrize(
    ("sent", "kind", "shown"),
    [
        ("../../etc/passwd", Kind.TEXT, "passwd.txt"),
        ("..\\..\\x.exe", Kind.PDF, "x.pdf"),
        ("/abs", Kind.PDF, "abs.pdf"),
        ("C:\\Users\\jane.smith\\bid.docx", Kind.DOCX, "bid.docx"),
        ("CON", Kind.PDF, "file CON.pdf"),
        ("con.pdf", Kind.PDF, "file con.pdf"),
        (".", Kind.PDF, "file.pdf"),
        ("", Kind.PDF, "file.pdf"),
        ("x.pdf.exe", Kind.PDF, "x.pdf"),
        ("x.exe\0.pdf", Kind.PDF, "x.exe.pdf"),
        ("x.PDF ", Kind.PDF, "x.PDF"),
        ('x";y="z.pdf', Kind.PDF, "x;y=z.pdf"),
        ("<img src=x onerror=alert(1)>.png", Kind.PNG, "img src=x onerror=alert(1).png"),
        ("invoice\u202efdp.exe", Kind.PDF, "invoicefdp.pdf"),
        ("日本語.pdf", Kind.PDF, "日本語.pdf"),
        ("two\nlines.pdf", Kind.PDF, "twolines.pdf"),
        ("no extension", Kind.EMAIL, "no extension.eml"),
        ("photo.JPEG", Kind.JPEG, "photo.JPEG"),
        ("x" * 300 + ".pdf", Kind.PDF, "x" * 96 + ".pdf"),
        ("version 1.2", Kind.PDF, "version 1.pdf"),
        ("a/b\uff0fc.pdf", Kind.PDF, "c.pdf"),
    ],
)
def test_names_from_the_catalogue_of_bad_input(sent: str, kind: Kind, shown: str) -> None:
    assert clean_name(sent, kind) == shown
