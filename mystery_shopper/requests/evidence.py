"""Files of evidence in a pack: cleaned copies that may leave and pass the disclosure gate; the others with the reason.

An original never leaves. Of a case, anybody gets what a person released to be shown outside; a reporter gets their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mystery_shopper.cases.gate import DisclosureError, check_texts
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import READABLE, ScanState, may_open, may_release
from mystery_shopper.evidence.queries import Holder, list_files, read_copy
from mystery_shopper.evidence.stores import StoreError
from mystery_shopper.requests.packs import FILES_FOLDER, Part, table
from mystery_shopper.requests.queries import has_lost_names, list_evidence

BYTES_MAX = 50 * 1024 * 1024
"""A pack is kept whole, so it has an end: what is beyond goes by itself."""
CASE_FILE_COLUMNS = ("Public reference", "File", "Kind", "In this pack as", "Withheld because")
OWN_FILE_COLUMNS = ("Name", "Bytes", "Day", "SHA-256 of what you sent", "In this pack as", "Withheld because")
NOT_RELEASED = "It was given in confidence, and nobody released it"
INFECTED = "A virus was found in it"
NOT_SCANNED = "It was not scanned yet"
NOT_CLEANED = "There is no copy of it without traces of who made it"
NOT_READABLE = "Its text cannot be read, so it cannot be looked through"
NAMES_LOST = "Who reported was erased, so it cannot be looked through for them"
TELLS = "Somebody who reported could be recognised by it"
NOT_THERE = "It cannot be read from the store at the moment"
TOO_LARGE = "It is too large for this pack and is sent by itself"


@dataclass(frozen=True)
class Weighed:
    """A file and the bytes of its copy, or why they are withheld."""

    file: EvidenceFile
    data: bytes
    why_not: str


def evidence_of_cases(cases: Sequence[Case]) -> list[Part]:
    """Return the files of cases that anybody may have, and the list of all, under names of ours and without days."""
    parts, rows, room = [], [], BYTES_MAX
    for case in cases:
        for number, file in enumerate(list_evidence(case), start=1):
            found = _weigh(case, file, room, to=None)
            name = f"{FILES_FOLDER}{case.public_reference}-{number}.{file.copy_extension}"
            parts += [] if found.why_not else [Part(name, found.data, 0)]
            room -= len(found.data)
            rows.append((case.public_reference, str(number), file.kind.value, *_said(found, name)))
    return [table("evidence.csv", CASE_FILE_COLUMNS, rows), *parts]


def evidence_of_report(report: Report, case: Case) -> list[Part]:
    """Return the copies of what somebody sent, for that person, and the list of all of it."""
    parts, rows, room = [], [], BYTES_MAX
    for number, file in enumerate(list_files(Holder(report_id=report.id)), start=1):
        found = _weigh(case, file, room, to=report)
        name = f"{FILES_FOLDER}{number}.{file.copy_extension}"
        parts += [] if found.why_not else [Part(name, found.data, 0)]
        room -= len(found.data)
        known = (str(file.details["name"]), str(file.size), file.added_on.isoformat(), str(file.details["sha256"]))
        rows.append((*known, *_said(found, name)))
    return [table("files.csv", OWN_FILE_COLUMNS, rows), *parts]


def _said(found: Weighed, name: str) -> tuple[str, str]:
    return ("", found.why_not) if found.why_not else (name, "")


def _weigh(case: Case, file: EvidenceFile, room: int, *, to: Report | None) -> Weighed:
    """Return the copy of a file, or the first reason there is to withhold it."""
    why_not = next(_reasons(case, file, room, to), "")
    if why_not:
        return Weighed(file, b"", why_not)
    try:
        return Weighed(file, b"".join(read_copy(file)), "")
    except (StoreError, UnsealError):
        return Weighed(file, b"", NOT_THERE)


def _reasons(case: Case, file: EvidenceFile, room: int, to: Report | None) -> Iterator[str]:
    if not may_open(file.scan_state):
        yield INFECTED if file.scan_state is ScanState.INFECTED else NOT_SCANNED
    if not may_release(file.scan_state, file.copy_state):
        yield NOT_CLEANED
    if to is None and file.released_at is None:
        yield NOT_RELEASED
    if file.text is None and file.kind in READABLE:
        yield NOT_READABLE
    if has_lost_names(case):
        yield NAMES_LOST
    try:
        check_texts(case, {"file": file.text or ""}, to=to)
    except DisclosureError:
        yield TELLS
    if (file.copy_size or 0) > room:
        yield TOO_LARGE
