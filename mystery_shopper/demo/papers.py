"""The files of the demonstration, made here: a tender, a picture of the portal and notes. Nobody's name is in them.

Looking into a file and copying it happen in a process apart, as for every upload. That takes seconds, so it is done
beside the telling of the stories.
"""

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from PIL import Image, ImageDraw

from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.core.vault import seal_stream
from mystery_shopper.evidence import apart
from mystery_shopper.evidence.models import EvidenceFile, copy_context
from mystery_shopper.evidence.services import Taken, record_copy, take_in
from mystery_shopper.evidence.stores import new_name, store

PAGE = (595, 842)
TENDER = (
    "Invitation to tender, part 4: financial standing",
    "4.1 Every bidder lodges security in the sum named in the notice before award.",
    "4.2 Accounts of the last five financial years are sent with the tender.",
    "4.3 A retention or a guarantee of the parent is not accepted instead.",
)
PORTAL = (
    "Clarification 17",
    "Q: Would a lower bond or a retention do?",
    "A: The figure is in our standard terms and cannot be changed.",
)
NOTES = (
    "What we were told on the telephone\n\n"
    "- The figure comes from a template for building works.\n"
    "- Nobody has worked out what the risk of this contract is.\n"
    "- They would look at it again if the policy team asked in writing.\n"
)


@dataclass(frozen=True)
class Paper:
    """A file that was taken in and copied, and that no row names yet."""

    taken: Taken
    copy_name: str
    copy_size: int
    text: str | None

    def record(self, file: EvidenceFile, *, now: datetime) -> None:
        """Record the copy with the file, as the worker does."""
        record_copy(file, self.copy_name, self.copy_size, text=self.text, now=now)


@contextmanager
def papers_made_beside(now: datetime, *, wanted: bool) -> Iterator[Sequence[Future[Paper]]]:
    """Make the files, if any are wanted, while something else goes on; each is waited for where it is needed."""
    if not wanted:
        yield []
        return
    drawn = (("Tender part 4.pdf", _tender()), ("Clarification 17.png", _portal()), ("Notes.txt", NOTES.encode()))
    with ThreadPoolExecutor(1) as pool:
        yield [pool.submit(_make, name, content, now) for name, content in drawn]


def _make(name: str, content: bytes, now: datetime) -> Paper:
    taken = take_in(name, SealedSpool.of([content]), now=now)
    copied = apart.make_copy(taken.kind, [content])
    if copied.content is None:
        raise RuntimeError(f"{name} of the demonstration cannot be copied: {copied.why_not}")
    copy_name = new_name()
    with copied.content as copy:
        store().put(copy_name, seal_stream(taken.key, copy.chunks(), copy_context(taken.id)))
        return Paper(taken, copy_name, copy.size, apart.read_text(taken.kind, copy.chunks()))


def _tender() -> bytes:
    lines = " ".join(f"({line}) Tj 0 -24 Td" for line in TENDER)
    with pikepdf.new() as document:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page = document.add_blank_page(page_size=PAGE)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = document.make_stream(f"BT /F1 12 Tf 60 760 Td {lines} ET".encode())
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _portal() -> bytes:
    picture = Image.new("RGB", (640, 140), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 640, 32), fill="#1d70b8")
    for number, line in enumerate(PORTAL):
        draw.text((12, 10 + number * 40), line, fill="black" if number else "white")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
