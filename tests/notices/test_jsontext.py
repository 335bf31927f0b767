"""Reading JSON from strangers: a bad value is named, none raises anything else; writing is one form. No database."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.notices.jsontext import DEPTH_MAX, NoticeError, canonical, join_path, read_json

NUMBERS = st.integers(-(10**17), 10**17) | st.decimals(
    min_value=-(10**9), max_value=10**9, places=3, allow_nan=False
).map(lambda number: number if number else abs(number))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs", "Cn")), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)

BAD = {
    "half a surrogate": (b'{"x": "\\ud800"}', "x: The text holds a character that cannot be stored"),
    "a NUL": (b'["\\u0000"]', "[0]: The text holds a character that cannot be stored"),
    "a NUL in a key": (b'{"a\\u0000": 1}', "A key holds a character"),
    "a whole number too long": (b'{"x": 9223372036854775808}', "more than 18 digits"),
    "thousands of digits": (b"9" * 5000, "more than 18 digits"),
    "a large exponent": (b'{"x": 1e400}', "too large or too small"),
    "a tiny number": (b'{"x": 1e-400}', "too large or too small"),
    "minus nothing": (b'{"x": -0}', "-0"),
    "not a number": (b'{"x": NaN}', "NaN is not a number"),
    "infinity": (b'{"x": -Infinity}', "-Infinity is not a number"),
    "100,000 lists": (b"[" * 100_000, "nested deeper"),
    "100,000 objects": (b'{"a":' * 100_000, "nested deeper"),
    "one level too deep": (b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1), "nested deeper"),
    "a key twice": (b'{"x": 1, "x": 2}', 'The key "x" is given twice'),
    "a key twice far in": (b'[{"a": {"b": 1, "b": 1}}]', "given twice"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "byte order mark"),
    "UTF-16": ('{"x": 1}'.encode("utf-16"), "byte order mark"),
    "no UTF-8": (b'{"x": "\xff"}', "not UTF-8 (byte 8)"),
    "a trailing comma": (b'{"x": 1,}', "Not JSON"),
    "a comment": (b"{} // no", "Not JSON"),
    "nothing": (b"", "Not JSON"),
    "half a text": (b'{"x": ', "Not JSON"),
    "an underscore": (b"[1_000]", "Not JSON"),
    "wide digits": ("[\uff19]".encode(), "Not JSON"),
    "too much": (b'"' + b"a" * 200 + b'"', "larger than 100 bytes"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_text_is_refused_with_the_reason(name: str) -> None:
    data, reason = BAD[name]
    limit = 100 if name == "too much" else 10**7
    with pytest.raises(NoticeError) as caught:
        read_json(data, bytes_max=limit)
    assert reason in caught.value.message


def test_the_deepest_text_allowed_is_read() -> None:
    assert read_json(b"[" * DEPTH_MAX + b"]" * DEPTH_MAX)


def test_numbers_keep_their_digits() -> None:
    value = read_json(b'{"b": 650000000.0, "a": 0.10, "c": 7.9E+28}')
    assert value["a"] == Decimal("0.10")
    assert canonical(value) == b'{"a":0.10,"b":650000000.0,"c":7.9E+28}'


@given(VALUES)
def test_writing_and_reading_again_changes_nothing(value: object) -> None:
    once = canonical(value)
    assert read_json(once) == value
    assert canonical(read_json(once)) == once


@given(st.dictionaries(TEXT, st.integers(-9, 9), max_size=6), st.randoms())
def test_order_of_keys_and_spaces_make_no_difference(value: dict[str, int], random: object) -> None:
    items = list(value.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert canonical(read_json(json.dumps(dict(items), indent=3))) == canonical(value)


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_text_gives_a_value_or_the_named_error(data: bytes | str) -> None:
    with suppress(NoticeError):
        read_json(data)


def test_a_place_reads_as_people_write_it() -> None:
    assert join_path(join_path(join_path("", "releases"), 0), "tender") == "releases[0].tender"
    assert join_path("a", "b c") == 'a."b c"'
