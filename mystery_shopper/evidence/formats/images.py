"""Pictures: judged by the size they declare, then decoded whole; a copy is drawn anew and keeps nothing but pixels."""

import struct
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import Kind, Reason

FORMATS = {"PNG": Kind.PNG, "JPEG": Kind.JPEG, "MPO": Kind.JPEG, "GIF": Kind.GIF, "WEBP": Kind.WEBP}
MEGA = 1_000_000
QUALITY = 90
GREY = ("1", "L", "I", "I;16", "F")
ODD = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error)
"""What the decoders raise at bytes that make no picture."""


def open_image(file: BinaryIO) -> Image.Image:
    """Return a picture, not yet decoded, that declares no more pixels and frames than are taken.

    Raises:
        RefusedError: not a picture we take, or too large.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked below, before anything is decoded
    # The library that makes letters as PDF switches it on for the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image = Image.open(file, formats=[name for name in FORMATS if name != "MPO"])
        pixels = image.width * image.height
        if pixels > limits()[Limit.PIXELS] * MEGA:
            raise RefusedError(Reason.TOO_COMPLEX)
        if getattr(image, "n_frames", 1) > limits()[Limit.FRAMES]:
            raise RefusedError(Reason.TOO_COMPLEX)
        image.seek(0)
    except (UnidentifiedImageError, *ODD) as error:
        raise RefusedError(Reason.BROKEN) from error
    return image


def inspect(file: BinaryIO) -> Kind:
    """Return which kind of picture a file is.

    Raises:
        RefusedError: too large, cut, or damaged.
    """
    image = open_image(file)
    try:
        image.load()
    except ODD as error:
        raise RefusedError(Reason.BROKEN) from error
    return FORMATS[str(image.format)]


def clean(kind: Kind, file: BinaryIO, out: BinaryIO) -> None:
    """Draw a picture anew, turned as it was meant to be seen. Of an animation the first frame is kept.

    Raises:
        CannotCleanError: it cannot be decoded.
    """
    try:
        image = open_image(file)
        ImageOps.exif_transpose(image, in_place=True)
        drawn = _plain(image, keeps_transparency=kind is not Kind.JPEG)
        drawn.info.clear()
        if kind is Kind.JPEG:
            drawn.save(out, "JPEG", quality=QUALITY, comment=b"")
        else:
            drawn.save(out, "PNG")
    except (RefusedError, *ODD) as error:
        raise CannotCleanError("The picture cannot be decoded") from error


def _plain(image: Image.Image, *, keeps_transparency: bool) -> Image.Image:
    """Return a picture in grey or colour, so that nothing of its palette or its profile has to be kept."""
    is_transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    opaque = "L" if image.mode in GREY else "RGB"
    wanted = "RGBA" if is_transparent and keeps_transparency else opaque
    return image if image.mode == wanted and "transparency" not in image.info else image.convert(wanted)
