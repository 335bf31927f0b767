"""Zip archives, judged by what they declare before anything is unpacked. What they declare also bounds what is read."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import BinaryIO

from mystery_shopper.evidence.formats.errors import RefusedError
from mystery_shopper.evidence.limits import Limit, in_bytes, limits
from mystery_shopper.evidence.policy import Reason

END = b"PK\x05\x06"
END_BYTES = 22
COMMENT_MAX = 65_535
DIRECTORY_ENTRY = 46
NAME_ALLOWANCE = 300
LOCAL_HEADER = 30
RATIO_FROM = 1024 * 1024
ENCRYPTED = 0x1
ARCHIVES = frozenset(
    [
        *(".7z", ".apk", ".bz2", ".cab", ".gz", ".iso", ".jar", ".rar", ".tar", ".tgz", ".war", ".xz", ".zip", ".zst"),
        *(".docm", ".docx", ".ods", ".odt", ".pptm", ".pptx", ".xlsm", ".xlsx"),
    ]
)
EMBEDDED = "embeddings"


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """Return an archive whose directory holds nothing that is refused.

    Raises:
        RefusedError: too many members, too large once unpacked, a name that leads out of the archive, a link, an
            encrypted, doubled, overlapping or nested member, or no archive at all.
    """
    _check_directory_size(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise RefusedError(Reason.BROKEN) from error
    members = archive.infolist()
    for member in members:
        _check_member(member)
    _check_together(members)
    return archive


def _check_directory_size(file: BinaryIO) -> None:
    """Look at the end of the archive by hand: the library would read a directory of a million members first."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - END_BYTES - COMMENT_MAX))
    tail = file.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_BYTES:
        raise RefusedError(Reason.BROKEN)
    count, directory = struct.unpack("<HI", tail[place + 10 : place + 16])
    most = limits()[Limit.MEMBERS]
    if count > most or directory > most * (DIRECTORY_ENTRY + NAME_ALLOWANCE):
        raise RefusedError(Reason.TOO_COMPLEX)
    file.seek(0)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & ENCRYPTED:
        raise RefusedError(Reason.PASSWORD)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedError(Reason.BROKEN)
    if _leads_out(member.orig_filename) or stat.S_ISLNK(member.external_attr >> 16):
        raise RefusedError(Reason.BROKEN)
    if member.file_size > RATIO_FROM and member.file_size > member.compress_size * limits()[Limit.RATIO]:
        raise RefusedError(Reason.TOO_COMPLEX)
    path = PurePosixPath(member.filename)
    if path.suffix.lower() in ARCHIVES and EMBEDDED not in path.parts:
        raise RefusedError(Reason.ACTIVE)


def _leads_out(name: str) -> bool:
    return not name or "\\" in name or "\0" in name or ":" in name or name.startswith("/") or ".." in name.split("/")


def _check_together(members: Sequence[zipfile.ZipInfo]) -> None:
    if len({member.filename.casefold() for member in members}) != len(members):
        raise RefusedError(Reason.BROKEN)
    if sum(member.file_size for member in members) > in_bytes(Limit.UNPACKED):
        raise RefusedError(Reason.TOO_COMPLEX)
    ordered = sorted(members, key=lambda member: member.header_offset)
    for member, following in pairwise(ordered):
        if member.header_offset + LOCAL_HEADER + member.compress_size > following.header_offset:
            raise RefusedError(Reason.BROKEN)


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member; never more than it declares.

    Raises:
        RefusedError: it is not there, or not what it declares.
    """
    try:
        with archive.open(name) as member:
            return member.read()
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise RefusedError(Reason.BROKEN) from error
