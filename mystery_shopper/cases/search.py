"""Full-text search over sealed text: an index of keyed digests of word stems (docs/decisions/0005).

The index holds no word. Whoever steals the database sees which cases share a digest and how often one occurs,
and cannot compute the digest of a guessed word without the key file.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from hmac import digest

from snowballstemmer import stemmer
from sqlalchemy import ColumnElement, Integer, Select, column, false, func, literal_column, select, table, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from mystery_shopper.cases.search_terms import read_terms
from mystery_shopper.core.crypto import keyring

TOKEN_BYTES = 6
MAX_QUERY = 400
MAX_WORD = 40
RARE_MAX = 2000
"""What no more cases hold than this is rare."""
_WORD = re.compile(r"[^\W_]+")
_INDEX = table("case_search", column("case_serial", Integer))


def words(value: str) -> list[str]:
    """Return the words of a text, folded: NFKC, lower case, no accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", value).casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return [word[:MAX_WORD] for word in _WORD.findall(bare)]


def tokens(values: Iterable[str]) -> list[str]:
    """Return the keyed tokens of the words of some texts, in the order of the words.

    A token is 48 bits of HMAC-SHA256 over the English stem, as 10 letters and digits.
    """
    key = keyring().subkey("search-token")
    stems = stemmer("english").stemWords([word for value in values for word in words(value)])
    return [_token(key, stem) for stem in stems]


def _token(key: bytes, stem: str) -> str:
    return base64.b32encode(digest(key, stem.encode(), sha256)[:TOKEN_BYTES]).decode().rstrip("=").lower()


def index_case(session: Session, serial: int, values: Iterable[str]) -> None:
    """Put the texts of a case into the index, in place of what was there."""
    if session.get_bind().dialect.name == "sqlite":
        remove_case(session, serial)
    index_documents(session, [(serial, " ".join(tokens(values)))])


def index_documents(session: Session, documents: Iterable[tuple[int, str]]) -> None:
    """Put cases into the index that are not in it yet: the serial, and the tokens with spaces between them."""
    if session.get_bind().dialect.name == "sqlite":
        statement = "INSERT INTO case_search (rowid, tokens) VALUES (:serial, :document)"
    else:
        statement = (
            "INSERT INTO case_search (case_serial, tokens) VALUES (:serial, to_tsvector('simple', :document)) "
            "ON CONFLICT (case_serial) DO UPDATE SET tokens = excluded.tokens"
        )
    session.execute(text(statement), [{"serial": serial, "document": document} for serial, document in documents])


def remove_case(session: Session, serial: int) -> None:
    """Take a case out of the index."""
    key = "rowid" if session.get_bind().dialect.name == "sqlite" else "case_serial"
    session.execute(text(f"DELETE FROM case_search WHERE {key} = :serial"), {"serial": serial})  # noqa: S608


def holding_words(column: InstrumentedAttribute[str], typed: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a folded text holds every word that was typed; signs alone (%, _) stand in none."""
    looked_for = words(typed)
    if typed.strip() and not looked_for:
        return [false()]
    return [column.contains(word, autoescape=True) for word in looked_for]


def matching_serials(session: Session, query: str) -> ColumnElement[bool] | None:
    """Return a condition "this case holds what `query` asks for"; None for one that only leaves words out.

    No case holds a query of signs alone (%, _, a backslash). The words of a term must follow one another: the index
    keeps their order, sealed as they are. What many cases hold is looked up for each case of the list; what few hold
    is read first, and then put in order. Neither way is good for both.
    """
    terms = read_terms(query[:MAX_QUERY])
    groups = [made for group in terms.groups if (made := [each for term in group if (each := tokens([term.words]))])]
    if not groups:
        return None if terms.unwanted else false()
    unwanted = [each for term in terms.unwanted if (each := tokens([term.words]))]
    serial: ColumnElement[int]
    if session.get_bind().dialect.name == "sqlite":
        serial = literal_column("rowid", Integer)
        match = _for_sqlite(groups, unwanted)
        found = select(serial).select_from(_INDEX).where(text("case_search MATCH :match").bindparams(match=match))
        if _has_more_than(session, found, RARE_MAX):
            # With a sign before it no index serves it: the list is walked in its order until the page is full.
            return literal_column("+cases.serial", Integer).in_(found)
    else:
        serial = _INDEX.c.case_serial
        vector: ColumnElement[str] = literal_column("case_search.tokens")
        found = select(serial).where(vector.op("@@")(func.to_tsquery("simple", _for_postgresql(groups, unwanted))))
    return literal_column("cases.serial", Integer).in_(found)


def _has_more_than(session: Session, found: Select[int], most: int) -> bool:
    some = found.limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > most


def _for_sqlite(groups: list[list[list[str]]], unwanted: list[list[str]]) -> str:
    phrases = [" OR ".join(f'"{" ".join(term)}"' for term in group) for group in groups]
    wanted = " AND ".join(f"({phrase})" for phrase in phrases)
    return " NOT ".join([f"({wanted})", *(f'"{" ".join(term)}"' for term in unwanted)])


def _for_postgresql(groups: list[list[list[str]]], unwanted: list[list[str]]) -> str:
    wanted = [" | ".join(f"({' <-> '.join(term)})" for term in group) for group in groups]
    refused = [f"!({' <-> '.join(term)})" for term in unwanted]
    return " & ".join([*(f"({each})" for each in wanted), *refused])


def highlight_words(value: str, query: str) -> list[tuple[str, bool]]:
    """Split a decrypted text into pieces, each with whether its stem is one of the query's: for marking on a page."""
    stem = stemmer("english").stemWord
    wanted = {stem(word) for word in words(read_terms(query).wanted_words)}
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in _WORD.finditer(value):
        folded = words(match.group())
        if folded and stem(folded[0]) in wanted:
            pieces += [(value[at : match.start()], False), (match.group(), True)]
            at = match.end()
    pieces.append((value[at:], False))
    return [piece for piece in pieces if piece[0]]
