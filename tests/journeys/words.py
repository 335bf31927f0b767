"""The words of the public pages as their readers see them, so that one journey can be walked in either language."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

import mystery_shopper
from mystery_shopper.core.languages import ENGLISH, WELSH, words_in

PACKAGE = Path(mystery_shopper.__file__).parent
DATA = ("facts/data/facts.yaml", "rules/wordings/cy/*.yaml", "suggestions/data/*.yaml")
PAIRS = ((ENGLISH, WELSH), ("name", "welsh"))


def say(text: str, language: str) -> str:
    """Return words of the service in a language; a name that has none in it stays as it is."""
    if language == ENGLISH:
        return text
    said = words_in(language).gettext(text)
    return _written_beside().get(text, said) if said == text else said


@cache
def _written_beside() -> dict[str, str]:
    """Return the Welsh that stands beside the English in data files."""
    files = [path for pattern in DATA for path in PACKAGE.glob(pattern)]
    return dict(pair for path in files for pair in _pairs(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _pairs(data: object) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        written = ((data.get(english), data.get(welsh)) for english, welsh in PAIRS)
        yield from ((text, said) for text, said in written if isinstance(text, str) and isinstance(said, str))
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            yield from _pairs(part)
