"""Reads of suggestions."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_

from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import CursorKey, Page, decode_cursor, make_page
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import ForcedBy
from mystery_shopper.suggestions.states import SuggestionState

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class SuggestionFilter:
    """What a policy owner looks for; None does not filter."""

    state: SuggestionState | None = None
    forced_by: ForcedBy | None = None
    family: str | None = None


def get_suggestion(reference: str) -> Suggestion:
    """Return a suggestion by its reference.

    Raises:
        NotFoundError: there is none.
    """
    suggestion = db.session.scalar(select(Suggestion).where(Suggestion.reference == reference))
    if suggestion is None:
        raise NotFoundError
    return suggestion


def find_by_receipt(receipt_mac: bytes) -> Suggestion | None:
    """Return the suggestion a receipt code opens."""
    return db.session.scalar(select(Suggestion).where(Suggestion.receipt_mac == receipt_mac))


def find_by_submission(submission_id: UUID) -> Suggestion | None:
    """Return the suggestion a form became."""
    return db.session.scalar(select(Suggestion).where(Suggestion.submission_id == submission_id))


def find_suggestion(suggestion_id: UUID) -> Suggestion | None:
    """Return a suggestion by id, for the person who opened it with its code."""
    return db.session.get(Suggestion, suggestion_id)


def list_suggestions(wanted: SuggestionFilter, cursor_text: str | None) -> Page[Suggestion]:
    """Return a page of suggestions, newest first."""
    query = select(Suggestion).where(*_conditions(wanted))
    cursor = decode_cursor(cursor_text)
    backward = cursor is not None and cursor.is_backward
    order = (Suggestion.received_on, Suggestion.reference)
    if cursor is not None:
        here = tuple_(*_read_key(cursor.key))
        query = query.where(tuple_(*order) > here if backward else tuple_(*order) < here)
    sorting = [column.asc() if backward else column.desc() for column in order]
    rows = db.session.scalars(query.order_by(*sorting).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, size=PAGE_SIZE, cursor=cursor, key=lambda one: (one.received_on.isoformat(), one.reference))


def count_by_state() -> dict[SuggestionState, int]:
    """Return how many suggestions stand in each state; states with none are left out."""
    rows = db.session.execute(select(Suggestion.state, func.count()).group_by(Suggestion.state))
    return {row[0]: row[1] for row in rows}


def _conditions(wanted: SuggestionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(Suggestion.state == wanted.state)
    if wanted.forced_by is not None:
        conditions.append(Suggestion.forced_by == wanted.forced_by)
    if wanted.family is not None:
        conditions.append(Suggestion.family == wanted.family)
    return conditions


def _read_key(key: CursorKey) -> tuple[date, str]:
    try:
        day, reference = key
        return date.fromisoformat(day), reference
    except ValueError as error:
        raise NotFoundError from error
