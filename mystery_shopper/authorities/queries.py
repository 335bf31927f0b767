"""Reads of the register."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, union_all
from sqlalchemy.orm import selectinload

from mystery_shopper.authorities.models import Authority, AuthorityAlias, RegisterLoad
from mystery_shopper.authorities.policy import (
    CANDIDATES_MAX,
    AuthorityType,
    KnownName,
    LikeNames,
    Match,
    MatchKind,
    NameIndex,
    fold_name,
    words_of,
)
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError

SEARCH_LIMIT = 10
TEXT_MAX = 200
WORDS_MAX = 8


def get_authority(authority_id: UUID) -> Authority:
    """Return one authority with its successors and aliases.

    Raises:
        NotFoundError: there is none with this id.
    """
    authority = db.session.get(
        Authority, authority_id, options=[selectinload(Authority.successors), selectinload(Authority.aliases)]
    )
    if authority is None:
        raise NotFoundError("There is no such authority")
    return authority


def find_authority_by_slug(slug: str) -> Authority | None:
    """Return the authority whose page has this address, or None."""
    return db.session.scalars(select(Authority).where(Authority.slug == slug)).one_or_none()


def list_authorities(
    *, type_: AuthorityType | None = None, with_closed: bool = True, with_demonstration: bool = True
) -> Sequence[Authority]:
    """Return authorities by name, for a list to choose from."""
    statement = select(Authority).order_by(func.lower(Authority.name), Authority.id)
    if type_ is not None:
        statement = statement.where(Authority.type == type_)
    if not with_closed:
        statement = statement.where(Authority.ends_on.is_(None))
    if not with_demonstration:
        statement = statement.where(Authority.is_demonstration.is_(False))
    return db.session.scalars(statement).all()


def count_authorities() -> int:
    """Return how many authorities the register holds."""
    return db.session.scalar(select(func.count()).select_from(Authority)) or 0


def search_authorities(text: str, limit: int = SEARCH_LIMIT) -> Sequence[Authority]:
    """Return the authorities a person typing `text` may mean, the likeliest first, with their successors.

    Every word must begin a word of one of the names, old and short ones included. When none fits (a slip of the pen),
    names that look alike are returned instead. Bodies that exist go before closed ones.
    """
    words = words_of(text[:TEXT_MAX])[:WORDS_MAX]
    if not words:
        return []
    statement = select(Authority).options(selectinload(Authority.successors)).limit(limit)
    for word in words:
        statement = statement.where(Authority.search_text.contains(f" {word}", autoescape=True))
    order = (_closeness(" ".join(words)), Authority.ends_on.is_not(None), func.length(Authority.name), Authority.name)
    found = db.session.scalars(statement.order_by(*order)).all()
    return found or _get_in_order(_like_names().rank(text[:TEXT_MAX])[:limit])


def _closeness(phrase: str) -> ColumnElement[int]:
    """Return how close a name is: 0 a whole name, 1 its beginning, 2 an alias's beginning, 3 words in order, 4 else."""
    text = Authority.search_text
    return case(
        (text.contains(f"| {phrase} |", autoescape=True), 0),
        (text.startswith(f"| {phrase}", autoescape=True), 1),
        (text.contains(f"| {phrase}", autoescape=True), 2),
        (text.contains(f" {phrase}", autoescape=True), 3),
        else_=4,
    )


def match_name(text: str) -> Match[UUID]:
    """Recognise a typed name: as written, an alias, folded; else the likeliest candidates (see `NameIndex.match`)."""
    cut = text[:TEXT_MAX]
    folded = fold_name(cut)
    if not folded:
        return Match(MatchKind.NONE)
    sure = NameIndex(list_known_names(folded)).match(cut)
    if sure.kind is not MatchKind.NONE:
        return sure
    likely = tuple(_like_names().rank(cut)[:CANDIDATES_MAX])
    return Match(MatchKind.CANDIDATES, candidates=likely) if likely else sure


def list_known_names(folded: str | None = None) -> list[KnownName[UUID]]:
    """Return every name of the register, or only those that fold to `folded`."""
    own = select(Authority.id, Authority.name, Authority.ends_on.is_(None), Authority.id.is_(None))
    other = select(Authority.id, AuthorityAlias.name, Authority.ends_on.is_(None), AuthorityAlias.id.is_not(None)).join(
        AuthorityAlias, AuthorityAlias.authority_id == Authority.id
    )
    if folded is not None:
        own = own.where(Authority.folded_name == folded)
        other = other.where(AuthorityAlias.folded == folded)
    rows = db.session.execute(union_all(own, other)).all()
    return [
        KnownName(key, name, is_alias=bool(is_alias), is_live=bool(is_live)) for key, name, is_live, is_alias in rows
    ]


def _like_names() -> LikeNames[UUID]:
    """Return every name of the register by likeness: kept in memory until the register is another."""
    ids = select(Authority.id).limit(1)
    mark = select(
        func.count(),
        func.sum(Authority.version),
        ids.order_by(Authority.id).scalar_subquery(),
        ids.order_by(Authority.id.desc()).scalar_subquery(),
        select(func.count(AuthorityAlias.id)).scalar_subquery(),
    )
    return _like_names_at(tuple(db.session.execute(mark.select_from(Authority)).one()))


@lru_cache(maxsize=2)
def _like_names_at(_mark: tuple[object, ...]) -> LikeNames[UUID]:
    return LikeNames(list_known_names())


def _get_in_order(ids: Sequence[UUID]) -> list[Authority]:
    statement = select(Authority).where(Authority.id.in_(ids)).options(selectinload(Authority.successors))
    found = {authority.id: authority for authority in db.session.scalars(statement)}
    return [found[authority_id] for authority_id in ids]


def list_with_aliases() -> Sequence[Authority]:
    """Return the whole register with aliases and successors, for an import to compare with."""
    options = (selectinload(Authority.aliases), selectinload(Authority.successors))
    return db.session.scalars(select(Authority).options(*options)).all()


def is_register_loaded(content_hash: str) -> bool:
    """Tell whether this content of the program's own register is the one loaded last."""
    latest = select(RegisterLoad.content_hash).order_by(RegisterLoad.loaded_at.desc()).limit(1)
    return db.session.scalar(latest) == content_hash
