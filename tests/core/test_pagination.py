import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import BACKWARD, FORWARD, Cursor, decode_cursor, encode_cursor, make_page
from mystery_shopper.core.text import is_storable


def read(rows: list[int], cursor: Cursor | None, size: int) -> list[int]:
    """Read like a query does: in the direction of the cursor, one row more than a page."""
    if cursor is None:
        return rows[: size + 1]
    at = int(cursor.key[0])
    if cursor.is_backward:
        return [row for row in reversed(rows) if row < at][: size + 1]
    return [row for row in rows if row > at][: size + 1]


@given(rows=st.sets(st.integers(0, 500), max_size=60).map(sorted), size=st.integers(1, 12))
def test_walking_forward_shows_every_row_once_and_back_the_same_pages(rows: list[int], size: int) -> None:
    pages = []
    cursor = None
    while True:
        page = make_page(read(rows, cursor, size), size=size, cursor=cursor, key=lambda row: (str(row),))
        pages.append(list(page.items))
        if page.next_cursor is None:
            break
        cursor = decode_cursor(page.next_cursor)
    assert [row for shown in pages for row in shown] == rows

    walked_back = [pages[-1]]
    while page.previous_cursor is not None:
        cursor = decode_cursor(page.previous_cursor)
        page = make_page(read(rows, cursor, size), size=size, cursor=cursor, key=lambda row: (str(row),))
        walked_back.insert(0, list(page.items))
    assert walked_back == pages


@given(
    key=st.lists(st.text(max_size=20).filter(is_storable), max_size=4), direction=st.sampled_from([FORWARD, BACKWARD])
)
def test_a_cursor_survives_an_address(key: list[str], direction: str) -> None:
    cursor = Cursor(direction, tuple(key))
    assert decode_cursor(encode_cursor(cursor)) == cursor


@given(text=st.text(min_size=1, max_size=60))
def test_any_text_is_a_cursor_or_is_not_found(text: str) -> None:
    with contextlib.suppress(NotFoundError):
        assert isinstance(decode_cursor(text), Cursor)


@pytest.mark.parametrize("text", ["W10", "bnVsbA", "WyJzaWRld2F5cyIsIjEiXQ", "WyJhZnRlciIsMV0"])
def test_a_cursor_that_is_not_ours_is_not_found(text: str) -> None:
    with pytest.raises(NotFoundError):
        decode_cursor(text)
