"""What a file is, by its first bytes and then by the parser of that kind. Neither name nor declared type is asked."""

from typing import BinaryIO

from mystery_shopper.evidence.formats import images, mail, office, pdf, texts
from mystery_shopper.evidence.formats.errors import RefusedError
from mystery_shopper.evidence.policy import Kind, Reason

PDF = b"%PDF-"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
RIFF = b"RIFF"
WEBP = b"WEBP"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
HEAD = 64


def recognise(file: BinaryIO) -> Kind:
    """Return what a file is.

    Raises:
        RefusedError: it is nothing we take, or something in it is not taken.
    """
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(PDF):
        return pdf.inspect(file)
    if head.startswith(IMAGES) or (head.startswith(RIFF) and head[8:12] == WEBP):
        return images.inspect(file)
    if head.startswith(ZIP):
        return office.inspect(file)
    if head.startswith(OLE):
        raise RefusedError(Reason.PASSWORD if ENCRYPTED_OFFICE in file.read() else Reason.WRONG_TYPE)
    text = texts.decode(file.read())
    return mail.inspect(text) or texts.inspect(text)
