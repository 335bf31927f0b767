"""Reads of public texts (staff) and of what is published (everybody)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from mystery_shopper.cases.search import holding_words
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import CursorKey, Page, decode_cursor, make_page, whole_number
from mystery_shopper.suggestions.models import PublishedSuggestion, Suggestion, SuggestionText
from mystery_shopper.suggestions.states import TextState

PAGE_SIZE = 20
BATCH = 500
FEED_SIZE = 50
TEXTS_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class ItemFilter:
    """What somebody looks for among what is published; empty values do not filter."""

    query: str = ""
    family: str = ""
    body: str = ""


def find_text(suggestion: Suggestion) -> SuggestionText | None:
    """Return the public text about a suggestion."""
    return db.session.scalar(select(SuggestionText).where(SuggestionText.suggestion_id == suggestion.id))


def get_text(reference: str) -> SuggestionText:
    """Return the public text about the suggestion with this reference.

    Raises:
        NotFoundError: no such suggestion, or no text about it; both look alike.
    """
    row = db.session.scalar(
        select(SuggestionText)
        .join(Suggestion, Suggestion.id == SuggestionText.suggestion_id)
        .where(Suggestion.reference == reference)
    )
    if row is None:
        raise NotFoundError
    return row


def list_texts(state: TextState) -> Sequence[SuggestionText]:
    """Return the texts in a state, longest waiting first."""
    query = select(SuggestionText).where(SuggestionText.state == state)
    return db.session.scalars(query.order_by(SuggestionText.changed_at, SuggestionText.id).limit(TEXTS_SHOWN)).all()


def count_texts(state: TextState) -> int:
    """Return how many texts are in a state."""
    return db.session.scalar(select(func.count()).select_from(SuggestionText).where(SuggestionText.state == state)) or 0


def find_item_of(suggestion: Suggestion) -> PublishedSuggestion | None:
    """Return what is published of a suggestion, also when it has been withdrawn."""
    return db.session.scalar(select(PublishedSuggestion).where(PublishedSuggestion.suggestion_id == suggestion.id))


def get_item(public_reference: str) -> PublishedSuggestion:
    """Return a published item, also a withdrawn one.

    Raises:
        NotFoundError: there is none.
    """
    item = db.session.scalar(
        select(PublishedSuggestion).where(PublishedSuggestion.public_reference == public_reference)
    )
    if item is None:
        raise NotFoundError
    return item


def find_items(wanted: ItemFilter, cursor_text: str | None) -> Page[PublishedSuggestion]:
    """Return a page of what is published and not withdrawn, the newest month first."""
    query = _filtered(wanted)
    cursor = decode_cursor(cursor_text)
    backward = cursor is not None and cursor.is_backward
    if cursor is not None:
        query = query.where(_beyond(cursor.key, backward=backward))
    sorting = [column.asc() if backward else column.desc() for column in _order()]
    rows = db.session.scalars(query.order_by(*sorting).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, size=PAGE_SIZE, cursor=cursor, key=_key)


def count_items(wanted: ItemFilter) -> int:
    """Return how many items a filter finds."""
    return db.session.scalar(select(func.count()).select_from(_filtered(wanted).subquery())) or 0


def each_item(wanted: ItemFilter) -> Iterator[PublishedSuggestion]:
    """Yield every item a filter finds, newest month first, read in batches so that a file of any size streams."""
    key: CursorKey | None = None
    while True:
        query = _filtered(wanted)
        if key is not None:
            query = query.where(_beyond(key, backward=False))
        rows = db.session.scalars(query.order_by(*(column.desc() for column in _order())).limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        key = _key(rows[-1])


def newest_items() -> Sequence[PublishedSuggestion]:
    """Return the newest items, withdrawn and corrected ones at their latest month, for the feed."""
    item = PublishedSuggestion
    latest = func.coalesce(item.withdrawn_period, item.corrected_period, item.period)
    query = select(item).order_by(latest.desc(), item.public_reference.desc()).limit(FEED_SIZE)
    return db.session.scalars(query).all()


def published_families() -> Sequence[str]:
    """Return the kinds of barrier something is published about."""
    return _distinct(PublishedSuggestion.family)


def published_bodies() -> Sequence[str]:
    """Return the bodies something is published about, in order of the alphabet."""
    return [name for name in _distinct(PublishedSuggestion.body_name) if name]


def _distinct(column: InstrumentedAttribute[str]) -> Sequence[str]:
    query = select(column).where(PublishedSuggestion.withdrawn_period.is_(None)).distinct()
    return db.session.scalars(query.order_by(column)).all()


def _order() -> tuple[ColumnElement[int], ColumnElement[str]]:
    return PublishedSuggestion.period.expression, PublishedSuggestion.public_reference.expression


def _key(item: PublishedSuggestion) -> CursorKey:
    return str(item.period), item.public_reference


def _beyond(key: CursorKey, *, backward: bool) -> ColumnElement[bool]:
    if len(key) != 2:
        raise NotFoundError
    here = tuple_(whole_number(key[0]), key[1])
    place = tuple_(*_order())
    return place > here if backward else place < here


def _filtered(wanted: ItemFilter) -> Select[PublishedSuggestion]:
    item = PublishedSuggestion
    conditions: list[ColumnElement[bool]] = [item.withdrawn_period.is_(None)]
    if wanted.family:
        conditions.append(item.family == wanted.family)
    if wanted.body:
        conditions.append(item.body_name == wanted.body)
    conditions += holding_words(item.search_text, wanted.query)
    return select(item).where(*conditions)
