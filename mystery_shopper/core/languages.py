"""The language of what is read now, and the words of the service in it. Knows nothing of the web.

Words are written in English where they are used: `_("Buyer")`. The Welsh stands in `translations/cy/*.po`, found by the
English. A text that has no Welsh is said in English. docs/languages.md says how to wrap, translate and check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import SupportsIndex

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from markupsafe import Markup, escape

ENGLISH = "en"
WELSH = "cy"
OWN_NAMES = {ENGLISH: "English", WELSH: "Cymraeg"}
"""Each language as its own readers call it."""
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def current() -> str:
    """Return the language of what is read now; English outside a page for the public."""
    return _language.get()


def speak(language: str) -> None:
    """Say from here on everything in a language, as far as it has the words."""
    _language.set(language if language in OWN_NAMES else ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said in the block in a language."""
    token = _language.set(language if language in OWN_NAMES else ENGLISH)
    try:
        yield
    finally:
        _language.reset(token)


def translate(text: str) -> str:
    """Return an English text of the service in the current language."""
    return words_in(current()).gettext(text) if text and current() != ENGLISH else text


def translate_plural(one: str, many: str, count: int) -> str:
    """Return the form of a text that stands with a number, in the current language (Welsh has six)."""
    if current() == ENGLISH:
        return one if count == 1 else many
    return words_in(current()).ngettext(one, many, count)


class Phrase(str):
    """An English text of the service that is said in the language of whoever reads it, at the moment it is drawn.

    It is the English to everything that compares, stores or counts it. `str()`, an f-string and a template say it.
    What only ever joins characters (`"".join`, a slice) has to be given `str(phrase)`.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """Say it."""
        return translate(str.__str__(self))

    def __html__(self) -> Markup:
        """Say it on a page."""
        return escape(str(self))

    def __format__(self, spec: str) -> str:
        """Say it within a text."""
        return format(str(self), spec)

    def __add__(self, other: str) -> str:
        """Say it before something."""
        return str(self) + str(other)

    def __radd__(self, other: str) -> str:
        """Say it after something."""
        return str(other) + str(self)

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return len(self) > 0

    def lower(self) -> str:
        """Say it in small letters."""
        return str(self).lower()

    def upper(self) -> str:
        """Say it in capitals."""
        return str(self).upper()

    def capitalize(self) -> str:
        """Say it with one capital."""
        return str(self).capitalize()

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> str:
        """Say it with something else in place of a part."""
        return str(self).replace(old, new, count)

    def format(self, *args: object, **values: object) -> str:
        """Say it with values in it."""
        return str(self).format(*args, **values)


def _(text: str, /, **values: object) -> str:
    """Return a text to be said in the language of its reader; with values, said at once with them in it.

    `_("Buyer")` may stand anywhere, also where a module is read. `_("{name} must be a real date", name=...)` belongs
    where the request is answered.
    """
    return translate(text).format(**values) if values else Phrase(text)


def _n(one: str, many: str, count: int, /, **values: object) -> str:
    """Return a text with a number in it, as {count}, said at once: 1 file, 2 files, 1,200 files."""
    return translate_plural(one, many, count).format(count=f"{count:,}", **values)


@cache
def words_in(language: str) -> NullTranslations:
    """Return the words of the service in a language, read once.

    Raises:
        ValueError: a file of translations that cannot be read.
    """
    if language == ENGLISH:
        return NullTranslations()
    return compiled(language, read_files(language, sorted((TRANSLATIONS / language).glob("*.po"))))


def read_files(language: str, paths: Iterable[Path]) -> list[Catalog]:
    """Read files of translations.

    Raises:
        ValueError: one that cannot be read; file and line are named.
    """
    found = []
    for path in paths:
        try:
            with path.open("rb") as file:
                found.append(read_po(file, locale=language, abort_invalid=True))
        except (PoFileError, ValueError) as error:
            raise ValueError(f"{path}: {error}") from error
    return found


def compiled(language: str, catalogs: Iterable[Catalog]) -> GNUTranslations:
    """Return the words of some files as one. What a translator has not finished (fuzzy, empty) is left out."""
    whole = Catalog(locale=language)
    for catalog in catalogs:
        for message in catalog:
            if message.id and message.string and not message.fuzzy:
                whole.add(message.id, message.string, flags=message.flags)
    target = BytesIO()
    write_mo(target, whole)
    target.seek(0)
    return GNUTranslations(target)
