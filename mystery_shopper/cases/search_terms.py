"""What a person typed into the search, as terms: words, "words in this order", either OR or, -not this. Pure."""

import re
from dataclasses import dataclass

MAX_TERMS = 16
EITHER = "OR"
_PIECE = re.compile(r'(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Term:
    """Words that must stand together, in this order; a single word is the usual case."""

    words: str
    is_unwanted: bool = False


@dataclass(frozen=True)
class Terms:
    """Of every group one term must be found, of `unwanted` none. Without a group there is nothing to look for."""

    groups: tuple[tuple[Term, ...], ...]
    unwanted: tuple[Term, ...] = ()

    @property
    def wanted_words(self) -> str:
        """Return the words that are looked for, to be marked where they are found."""
        return " ".join(term.words for group in self.groups for term in group)


def read_terms(query: str) -> Terms:
    """Read a query. Nothing is an error: a quote that is not closed ends with the query, a stray OR is left out."""
    groups: list[list[Term]] = []
    unwanted: list[Term] = []
    is_either = False
    for piece in list(_PIECE.finditer(query))[:MAX_TERMS]:
        if piece.group(3) == EITHER:
            is_either = bool(groups)
            continue
        term = _read_term(piece)
        if term.is_unwanted:
            unwanted.append(term)
        elif is_either:
            groups[-1].append(term)
        else:
            groups.append([term])
        is_either = False
    return Terms(tuple(tuple(group) for group in groups), tuple(unwanted))


def _read_term(piece: re.Match[str]) -> Term:
    minus, quoted, bare = piece.groups()
    if bare is None:
        return Term(quoted, is_unwanted=bool(minus))
    is_unwanted = bare.startswith("-") and len(bare) > 1
    return Term(bare[1:] if is_unwanted else bare, is_unwanted=is_unwanted)
