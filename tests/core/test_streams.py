import os
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.core.streams import CHUNK, HEADER_BYTES, TAG_BYTES, seal_chunks, unseal_chunks

KEY = bytes(range(32))
SIZES = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def sealed(data: bytes, context: str = "evidence:1") -> bytes:
    return b"".join(seal_chunks(KEY, [data], context))


def opened(blob: bytes, context: str = "evidence:1", key: bytes = KEY) -> bytes:
    return b"".join(unseal_chunks(key, pieces(blob, 1000), context))


@given(size=SIZES, cut=st.integers(1, 3 * CHUNK), read=st.integers(1, 3 * CHUNK))
def test_a_stream_opens_however_it_was_cut_into_pieces(size: int, cut: int, read: int) -> None:
    data = os.urandom(size)
    blob = b"".join(seal_chunks(KEY, pieces(data, cut), "evidence:1"))
    assert b"".join(unseal_chunks(KEY, pieces(blob, read), "evidence:1")) == data
    assert len(blob) == HEADER_BYTES + size + max(1, -(-size // CHUNK)) * TAG_BYTES


@given(size=SIZES, position=st.integers(0, 3 * CHUNK), bit=st.integers(0, 7))
def test_a_flipped_bit_is_always_noticed(size: int, position: int, bit: int) -> None:
    blob = bytearray(sealed(os.urandom(size)))
    blob[position % len(blob)] ^= 1 << bit
    with pytest.raises(UnsealError):
        opened(bytes(blob))


@given(size=SIZES, kept=st.integers(0, 3 * CHUNK))
def test_a_stream_that_was_cut_is_noticed(size: int, kept: int) -> None:
    blob = sealed(os.urandom(size))
    with pytest.raises(UnsealError):
        opened(blob[: kept % len(blob)])


def test_chunks_cannot_be_left_out_or_change_places() -> None:
    blob = sealed(os.urandom(3 * CHUNK))
    step = CHUNK + TAG_BYTES
    head, first, second, last = (
        blob[:HEADER_BYTES],
        blob[HEADER_BYTES : HEADER_BYTES + step],
        blob[HEADER_BYTES + step : HEADER_BYTES + 2 * step],
        blob[HEADER_BYTES + 2 * step :],
    )
    for forged in (head + second + first + last, head + first + last, head + first + second, blob + last):
        with pytest.raises(UnsealError):
            opened(forged)


def test_another_context_or_key_opens_nothing() -> None:
    with pytest.raises(UnsealError):
        opened(sealed(b"secret"), "evidence:2")
    with pytest.raises(UnsealError):
        opened(sealed(b"secret"), key=bytes(32))


@given(data=st.binary(max_size=300), start=st.integers(0, 400), size=st.integers(0, 400))
def test_a_spool_reads_like_a_file(data: bytes, start: int, size: int) -> None:
    with SealedSpool.of([data]) as spool:
        spool.seek(start)
        assert spool.read(size) == data[start : start + size]
        spool.seek(0)
        assert spool.read() == data


def test_a_large_spool_reads_like_a_file() -> None:
    data = os.urandom(3 * CHUNK + 17)
    with SealedSpool.of(pieces(data, 7000)) as spool:
        assert b"".join(spool.chunks()) == data
        spool.seek(-20, os.SEEK_END)
        assert spool.read() == data[-20:]
        spool.seek(CHUNK - 5)
        assert spool.read(10) == data[CHUNK - 5 : CHUNK + 5]


def test_a_spool_holds_nothing_in_the_clear() -> None:
    with SealedSpool.of([b"quillfeather" * 20_000]) as spool:
        spool._file.seek(0)
        on_disk = spool._file.read()
    assert len(on_disk) > 100_000
    assert b"quillfeather" not in on_disk
