"""A search for words that must not be where they are looked for: as typed, and as a program might have changed them."""

import base64
import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import Connection, MetaData, create_engine, select

SHORTEST = 6
DIGESTS = ("md5", "sha1", "sha256")


@dataclass(frozen=True)
class Leak:
    """A word and where it was found."""

    word: str
    form: str
    where: str


def forms_of(word: str) -> dict[str, bytes]:
    """Return how a word can look: plain, quoted for an address, in UTF-16, hexadecimal, base64, or as a bare digest."""
    assert len(word) >= SHORTEST, "a short word is found by chance"
    plain = word.encode()
    found = {"plain": plain, "quoted": quote(word).encode(), "quoted in a form": quote_plus(word).encode()}
    found["utf-16"] = word.encode("utf-16-le")
    found["hexadecimal"] = plain.hex().encode()
    found["hexadecimal in capitals"] = plain.hex().upper().encode()
    for shift in range(3):
        # The middle of base64 text, whatever stood before the word.
        text = base64.b64encode(b"\0" * shift + plain)
        found[f"base64 at {shift}"] = text[(0, 2, 3)[shift] : len(text) - 4]
    for name in DIGESTS:
        digest = hashlib.new(name, plain).digest()
        found[name] = digest
        found[f"{name} in hexadecimal"] = digest.hex().encode()
    return found


class Scanner:
    """Looks for some words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms = {word: forms_of(word) for word in words}

    def scan(self, data: bytes, where: str) -> list[Leak]:
        """Return the words that are in the data, each once."""
        lower = data.lower()
        found = []
        for word, forms in self._forms.items():
            if word.encode().lower() in lower:
                found.append(Leak(word, "plain", where))
                continue
            form = next((name for name, value in forms.items() if value in data), None)
            if form is not None:
                found.append(Leak(word, form, where))
        return found

    def scan_all(self, parts: Iterable[tuple[str, bytes]]) -> list[Leak]:
        """Scan many pieces of data, each with its place."""
        return [leak for where, data in parts for leak in self.scan(data, where)]


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Return the content of every file of a folder; a compressed one is opened. The names are content too."""
    for path in sorted(folder.rglob("*")):
        yield f"name of {path.name}", str(path.relative_to(folder)).encode()
        if path.is_file():
            data = path.read_bytes()
            yield str(path), gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def rows_of(database_url: str) -> Iterator[tuple[str, bytes]]:
    """Return every value of every table as the database holds it: what a stolen dump shows."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            yield from _values(connection)
    finally:
        engine.dispose()


def _values(connection: Connection) -> Iterator[tuple[str, bytes]]:
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.tables.values():
        for row in connection.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                if value is not None:
                    yield f"table {table.name}.{column.name}", _bytes(value)


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode()


def letter_without_address(data: bytes, address: str) -> bytes:
    """Return a letter without its To line, which must hold the address and nothing else."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert str(message["To"]) == address
    del message["To"]
    body = message.get_body()
    text = body.get_content() if body else ""
    return bytes(message) + text.encode()
