"""Text as tokens and clauses. One pass of one pattern without nesting, so the time is linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

_TOKEN = re.compile(
    r"(?P<number>[0-9][0-9.,]*)|(?P<word>[^\W\d_]+)|(?P<break>\n)"
    r"|(?P<run>([^\s\w]|_)\5{3,})|(?P<mark>[^\s\w]|_)"
)
_RUN = re.compile(r"[^a-z]+[a-z]*|[a-z]+(?:[^\WA-Z]*)")
_LINE_END_LEFT = re.compile(r"(?:^|(?<=[b-df-hj-np-tv-zB-DF-HJ-NP-TV-Z]))(rn)$")
"""What is left of a line end whose backslashes were lost, after a consonant or alone: no English word ends so."""
_STEMMER = snowballstemmer.stemmer("english")
_LONGEST_STEMMED = 30
LONGEST_CLAUSE = 120
"""Most tokens read as one statement; longer than any clause of a real notice."""
_SHORTENED = {"can": "can", "won": "will", "shan": "shall"}
_APOSTROPHES = frozenset("'\u2019\u2018`\u00b4")
_HYPHENS = frozenset("-\u2010\u2011")
_ENDS = frozenset(".!?")
_LIST_MARKS = frozenset("•▪●")
_STOPS = _ENDS | _LIST_MARKS | {";", "\n"}
_ABBREVIATIONS = frozenset(
    "no nos e g i eg ie etc ltd co inc approx min max s ref refs".split()  # noqa: SIM905
)


class Kind(StrEnum):
    """What a token is made of."""

    NUMBER = "number"
    WORD = "word"
    MARK = "mark"
    BREAK = "break"


class Token(NamedTuple):
    """One token: `text` in lower case, `stem` of a word (a mark or number is its own stem), place in the text.

    `capitals`: a word of two letters or more, all of them capitals.
    """

    kind: Kind
    text: str
    stem: str
    start: int
    end: int
    capitals: bool = False


_RUN_OF_MARKS = "run"
FIGURE, WORD = Kind.NUMBER, Kind.WORD
"""Read for every token: a name of a module is looked up in a fraction of the time of a member of an enumeration."""
_KINDS = {kind.value: kind for kind in Kind} | {_RUN_OF_MARKS: Kind.MARK}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a lower-case word; words too long to be words are their own stem."""
    return word if len(word) > _LONGEST_STEMMED else str(_STEMMER.stemWord(word))


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text; a possessive `'s` is dropped, and a dot or comma after a number is a mark."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = _KINDS[match.lastgroup or "mark"]
        raw, start, end = match.group(), match.start(), match.end()
        if match.lastgroup == _RUN_OF_MARKS:
            tokens.extend(_ends_of_run(raw[0], start, end))
            continue
        if kind is Kind.NUMBER:
            number = raw.rstrip(".,")
            tokens.append(Token(kind, number, number, start, start + len(number)))
            for offset in range(len(number), min(len(raw), len(number) + 1)):
                mark = raw[offset]
                tokens.append(Token(Kind.MARK, mark, mark, start + offset, start + offset + 1))
            continue
        lowered = raw.lower()
        if kind is Kind.WORD:
            if lowered == "s" and tokens and tokens[-1].text in _APOSTROPHES:
                tokens.pop()
                continue
            if lowered == "t" and _is_short_not(tokens):
                _write_out_not(tokens, end)
                continue
            left = _LINE_END_LEFT.search(raw) if raw.endswith("rn") else None
            word = raw[: left.start(1)] if left else raw
            tokens.extend(_words(word, start))
            if left:
                tokens.append(Token(Kind.BREAK, "\n", "\n", start + len(word), end))
        elif (raw in _APOSTROPHES and tokens and tokens[-1].end == start and _plural_possessive(text, start)) or (
            raw in _HYPHENS and _joins_words(text, start, tokens)
        ):
            continue
        else:
            tokens.append(Token(kind, lowered, lowered, start, end))
    return tokens


def _ends_of_run(mark: str, start: int, end: int) -> Iterator[Token]:
    """Yield two marks and the last of a run of the same (`Name ........`): as many as tell that it is one."""
    for at in (start, start + 1, end - 1):
        yield Token(Kind.MARK, mark, mark, at, at + 1)


def _words(raw: str, start: int) -> Iterator[Token]:
    """Yield the words of a run of letters; a capital after a small letter begins one, as in `tEmployers`."""
    for text, stemmed, first, last, capitals in _parts(raw) if len(raw) <= _LONGEST_STEMMED else _cut(raw):
        yield Token(WORD, text, stemmed, start + first, start + last, capitals)


@lru_cache(maxsize=20_000)
def _parts(raw: str) -> tuple[tuple[str, str, int, int, bool], ...]:
    return tuple(_cut(raw))


def _cut(raw: str) -> Iterator[tuple[str, str, int, int, bool]]:
    for match in _RUN.finditer(raw):
        word = match.group()
        lowered = word.lower()
        yield lowered, stem(lowered), match.start(), match.end(), len(word) > 1 and word.isupper()


def _is_short_not(tokens: list[Token]) -> bool:
    """Tell whether the `t` that follows ends `didn't` or `can't`."""
    return len(tokens) > 1 and tokens[-1].text in _APOSTROPHES and tokens[-2].text.endswith("n") and _touch(tokens)


def _touch(tokens: list[Token]) -> bool:
    return tokens[-2].kind is Kind.WORD and tokens[-2].end == tokens[-1].start


def _write_out_not(tokens: list[Token], end: int) -> None:
    """Turn `didn` and `'` into `did` and `not`, `can` and `'` into `can` and `not`."""
    tokens.pop()
    before = tokens.pop()
    short = _SHORTENED.get(before.text, before.text[:-1])
    tokens.append(Token(Kind.WORD, short, stem(short), before.start, before.end))
    tokens.append(Token(Kind.WORD, "not", "not", before.end, end))


def _joins_words(text: str, at: int, tokens: list[Token]) -> bool:
    """Tell whether the hyphen at `at` stands inside a word, as in `pre-qualification`."""
    before = bool(tokens) and tokens[-1].kind is Kind.WORD and tokens[-1].end == at
    return before and at + 1 < len(text) and text[at + 1].isalpha()


def _plural_possessive(text: str, at: int) -> bool:
    """Tell whether the apostrophe at `at` ends a plural, as in `years' accounts`."""
    return at > 0 and text[at - 1] in "sS" and at + 1 < len(text) and text[at + 1].isspace()


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of tokens that is read as one statement: from token `first` up to, not including, `last`.

    `continues`: it goes on with the sentence of the clause before it.
    """

    first: int
    last: int
    continues: bool = False


def split_clauses(tokens: list[Token]) -> list[Clause]:
    """Return the clauses of a text in order: cut at sentence ends, line ends, semicolons and list marks.

    A clause has at most `LONGEST_CLAUSE` tokens, so that what is done inside one cannot grow with the text.
    """
    clauses: list[Clause] = []
    first, continues = 0, False
    for position, token in enumerate(tokens):
        if _ends_clause(tokens, position, token):
            if position > first:
                clauses.append(Clause(first, position, continues))
            first, continues = position + 1, token.text == ";"
        elif position - first >= LONGEST_CLAUSE:
            clauses.append(Clause(first, position, continues))
            first, continues = position, True
    if len(tokens) > first:
        clauses.append(Clause(first, len(tokens), continues))
    return clauses


def _ends_clause(tokens: list[Token], position: int, token: Token) -> bool:
    if token.text not in _STOPS:
        return False
    if token.kind is Kind.BREAK or token.text == ";" or token.text in _LIST_MARKS:
        return True
    if token.kind is not Kind.MARK or token.text not in _ENDS:
        return False
    if position + 1 < len(tokens) and tokens[position + 1].start == token.end:
        return token.text != "." or tokens[position + 1].kind is Kind.BREAK
    return position == 0 or tokens[position - 1].text not in _ABBREVIATIONS or tokens[position - 1].end != token.start
