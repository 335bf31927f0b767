"""Pictures inside other files: what they carry beside the picture is cut out, the picture stays bit by bit."""

import struct

from mystery_shopper.evidence.formats.errors import CannotCleanError

JPEG = b"\xff\xd8"
PNG = b"\x89PNG\r\n\x1a\n"
START_OF_SCAN = 0xDA
END_OF_IMAGE = 0xD9
STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
ADOBE = 0xEE
JFIF = 0xE0
JFIF_BYTES = 18
DROPPED_MARKERS = frozenset({0xFE, *range(0xE0, 0xF0)}) - {ADOBE, JFIF}
JPEG_2000 = b"\0\0\0\x0cjP  \r\n\x87\n"
JPEG_2000_STREAM = b"\xff\x4f"
KEPT_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
KEPT_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"bKGD", b"pHYs", b"sBIT"}
)


def strip(data: bytes) -> bytes:
    """Return a JPEG or PNG without comments, EXIF, XMP, profiles, previews and what follows its end.

    Raises:
        CannotCleanError: it is neither, or not well formed.
    """
    try:
        if data.startswith(JPEG):
            return strip_jpeg(data)
        if data.startswith(PNG):
            return strip_png(data)
    except (IndexError, struct.error) as error:
        raise CannotCleanError("A picture inside the file is damaged") from error
    raise CannotCleanError("The file holds a picture that is neither JPEG nor PNG")


def strip_jpeg(data: bytes) -> bytes:
    """Return a JPEG without its application segments (all but JFIF's first 18 bytes and Adobe's) and its comments."""
    kept = bytearray(JPEG)
    place = len(JPEG)
    while True:
        if data[place] != 0xFF:
            raise CannotCleanError("A picture inside the file is damaged")
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker == END_OF_IMAGE:
            return bytes(kept + b"\xff\xd9")
        elif marker in STANDALONE:
            place += 2
        else:
            (length,) = struct.unpack(">H", data[place + 2 : place + 4])
            segment = data[place : place + 2 + length]
            place += 2 + length
            if marker == JFIF:
                kept += _plain_jfif(segment)
            elif marker not in DROPPED_MARKERS:
                kept += segment
            if marker == START_OF_SCAN:
                end = _end_of_scan(data, place)
                kept += data[place:end]
                place = end


def _plain_jfif(segment: bytes) -> bytes:
    """Return the JFIF header without its preview; nothing for another use of its marker."""
    if segment[4:9] != b"JFIF\0":
        return b""
    return segment[:2] + struct.pack(">H", JFIF_BYTES - 2) + segment[4 : JFIF_BYTES - 2] + b"\0\0"


def _end_of_scan(data: bytes, place: int) -> int:
    """Return where the coded picture ends: at the next marker that is neither padding nor a restart."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise CannotCleanError("A picture inside the file is damaged")
        if data[place + 1] != 0 and data[place + 1] not in STANDALONE:
            return place
        place += 2


def strip_png(data: bytes) -> bytes:
    """Return a PNG with the chunks that make the picture, and no others."""
    kept = bytearray(PNG)
    place = len(PNG)
    while True:
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if end > len(data):
            raise CannotCleanError("A picture inside the file is damaged")
        if kind in KEPT_CHUNKS:
            kept += data[place:end]
        if kind == b"IEND":
            return bytes(kept)
        place = end


def strip_jpeg_2000(data: bytes) -> bytes:
    """Return a JPEG 2000 with the boxes that make the picture; a bare code stream stays as it is.

    Raises:
        CannotCleanError: it is not well formed.
    """
    if data.startswith(JPEG_2000_STREAM):
        return data
    if not data.startswith(JPEG_2000):
        raise CannotCleanError("A picture inside the file is damaged")
    kept = bytearray()
    place = 0
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        end = len(data) if length == 0 else place + length
        if length == 1 or (length and length < 8) or end > len(data):
            raise CannotCleanError("A picture inside the file is damaged")
        if kind in KEPT_BOXES:
            kept += data[place:end]
        place = end
    return bytes(kept)
