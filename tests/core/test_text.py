import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.text import TextNotAllowedError, clean_line, clean_text


@given(st.text())
def test_cleaning_is_stable_and_leaves_nothing_a_database_refuses(value: str) -> None:
    try:
        cleaned = clean_text(value)
    except TextNotAllowedError:
        return
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in cleaned)


@given(st.text())
def test_a_line_has_no_line_break_and_no_invisible_character(value: str) -> None:
    try:
        line = clean_line(value)
    except TextNotAllowedError:
        return
    assert not {"\n", "\r", "\t", "\u200b", "\u202e", "\ufeff"} & set(line)


@pytest.mark.parametrize("value", ["a\x00b", "a\ud800b", "a\uffffb"])
def test_characters_that_cannot_be_stored_are_refused(value: str) -> None:
    with pytest.raises(TextNotAllowedError, match="plain text"):
        clean_text(value)


@pytest.mark.parametrize("value", ["", "   ", "\u00a0\u200b", "\r\n \n"])
def test_text_that_only_looks_like_something_is_empty(value: str) -> None:
    assert clean_text(value) == ""


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("Café", "Café"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("Llŷr ŵ 👩‍👩‍👧", "Llŷr ŵ 👩‍👩‍👧"),
        ("bell\x07\x1b[31m", "bell[31m"),
        (
            "\u0634\u0631\u0643\u0629 \u05d7\u05d1\u05e8\u05d4 \u4f1a\u793e",
            "\u0634\u0631\u0643\u0629 \u05d7\u05d1\u05e8\u05d4 \u4f1a\u793e",
        ),
        ("\u05d1\u05b0\u05bc\u05e8\u05b5\u0591", "\u05d1\u05b0\u05bc\u05e8\u05b5\u0591"),
        ("\ufdfa\u00df\u0130", "\ufdfa\u00df\u0130"),
    ],
)
def test_text_is_kept_as_meant(value: str, cleaned: str) -> None:
    assert clean_text(value) == cleaned


def test_a_zero_width_space_does_not_split_a_name() -> None:
    assert clean_line("Ac\u200bme\u2066 Ltd\u2069  \t x") == "Acme Ltd x"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Ac\u200bme", "Acme"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\ufeffAcme", "Acme"),
        ("\u2066x\u2069", "x"),
        ("Ac\U000e0041me", "Acme"),
        ("a\r\nBcc: x@evil.example", "a Bcc: x@evil.example"),
    ],
)
def test_what_hides_in_a_name_or_turns_it_is_taken_out(value: str, line: str) -> None:
    assert clean_line(value) == line


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\u0e47", "\u05b0", "\u20dd", "\u0301\u0489\u036f"])
def test_no_letter_carries_more_marks_than_a_language_writes(mark: str) -> None:
    for count in (30, 2000):
        kept = clean_text("A" + mark * count + "bc")
        assert kept.startswith(("A", "\u00c1"))
        assert kept.endswith("bc")
        assert len(kept) <= 11
