"""Emails as files. Who wrote to whom is in every header, so a copy holds the day, the subject and the words alone."""

import re
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import Parser
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import BinaryIO

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.text import clean_line, clean_text
from mystery_shopper.evidence.formats.errors import CannotCleanError, RefusedError
from mystery_shopper.evidence.formats.texts import decode
from mystery_shopper.evidence.policy import Kind, Reason

HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):[ \t]?\S?")
FIELDS = frozenset({"from", "date", "received", "message-id", "subject", "to", "mime-version", "return-path"})
SAVED_PAGE = re.compile(r"(?i)(?:snapshot-content-location:|from:[ \t]*[\"<]*saved by\b)")
"""Headers of a web page saved as one file (.mht): built like an email, but opened by a browser that runs it."""
FIELDS_NEEDED = 2
HEADER_LINES = 200
SKIPPED = frozenset({"style", "script", "head", "title"})
BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3"})
ODD = (MessageError, ValueError, LookupError, TypeError, AttributeError, DomainError, RefusedError, RecursionError)


def inspect(text: str) -> Kind | None:
    """Return that a text is an email, None when it is not: it begins with header lines, two of those all mails have.

    Raises:
        RefusedError: it is a web page saved as one file.
    """
    names = set()
    for line in text.lstrip("\ufeff").splitlines()[:HEADER_LINES]:
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        if SAVED_PAGE.match(line):
            raise RefusedError(Reason.WRONG_TYPE)
        match = HEADER.match(line)
        if match is None:
            return None
        names.add(match.group(1).lower())
    return Kind.EMAIL if len(names & FIELDS) >= FIELDS_NEEDED else None


def clean(file: BinaryIO, out: BinaryIO) -> None:
    """Write the day, the subject and the words of an email; attachments are counted and left out.

    Raises:
        CannotCleanError: its words cannot be read.
    """
    try:
        out.write(read(file).encode())
    except ODD as error:
        raise CannotCleanError("The words of the email cannot be read") from error


def read(file: BinaryIO) -> str:
    """Return what a copy of an email holds."""
    message = Parser(policy=policy.default).parsestr(decode(file.read()))
    body = _body(message)
    left_out = sum(
        1 for part in message.walk() if part.get_filename() or part.get_content_disposition() == "attachment"
    )
    lines = [f"Date: {_day(message)}", f"Subject: {clean_line(str(message.get('subject', '')))}", "", clean_text(body)]
    if left_out:
        lines += ["", f"[{left_out} attached {'file' if left_out == 1 else 'files'} left out]"]
    return "\n".join(lines) + "\n"


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    if not isinstance(content, str):
        return ""
    return words_of_page(content) if part.get_content_subtype() == "html" else content


def _day(message: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(str(message["date"])).date().isoformat()
    except (TypeError, ValueError):
        return "not known"


class _Words(HTMLParser):
    """The visible words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping += tag in SKIPPED
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._skipping -= tag in SKIPPED and self._skipping > 0

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(data)


def words_of_page(page: str) -> str:
    """Return the visible words of a page of HTML."""
    reader = _Words()
    reader.feed(page)
    return "".join(reader.parts)
