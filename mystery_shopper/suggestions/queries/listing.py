"""Reads of suggestions: one, the list with its filters, what happened to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_

from mystery_shopper.accounts.queries import names_of
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.events import REPORTER, SYSTEM
from mystery_shopper.core.pagination import CursorKey, Page, decode_cursor, make_page
from mystery_shopper.suggestions.events import CommissionerReplied
from mystery_shopper.suggestions.models import Suggestion, SuggestionEventRecord
from mystery_shopper.suggestions.policy import ForcedBy
from mystery_shopper.suggestions.states import SuggestionState

PAGE_SIZE = 25
ON_A_RULE = 20
STAFF_PREFIX = "user:"
_OTHERS = {REPORTER: "The commissioner", SYSTEM: "The service"}


@dataclass(frozen=True, kw_only=True)
class SuggestionFilter:
    """What a policy owner looks for; None does not filter. Days include both ends."""

    state: SuggestionState | None = None
    forced_by: ForcedBy | None = None
    family: str | None = None
    rule_id: str | None = None
    body_id: str | None = None
    received_from: date | None = None
    received_to: date | None = None
    overdue_on: date | None = None
    waits_for_us: bool = False


@dataclass(frozen=True)
class TimelineLine:
    """One thing that happened, in words: for staff, and for the commissioner (None: not for them)."""

    happened_at: datetime
    who: str
    sentence: str
    detail: str
    receipt_sentence: str | None
    is_reply: bool


def get_suggestion(reference: str) -> Suggestion:
    """Return a suggestion by its reference.

    Raises:
        NotFoundError: there is none.
    """
    suggestion = find_reference(reference)
    if suggestion is None:
        raise NotFoundError
    return suggestion


def find_reference(reference: str) -> Suggestion | None:
    """Return the suggestion with a reference."""
    return db.session.scalar(select(Suggestion).where(Suggestion.reference == reference))


def find_by_receipt(receipt_mac: bytes) -> Suggestion | None:
    """Return the suggestion a receipt code opens."""
    return db.session.scalar(select(Suggestion).where(Suggestion.receipt_mac == receipt_mac))


def find_by_submission(submission_id: UUID) -> Suggestion | None:
    """Return the suggestion a form became."""
    return db.session.scalar(select(Suggestion).where(Suggestion.submission_id == submission_id))


def find_suggestion(suggestion_id: UUID, *, lock: bool = False) -> Suggestion | None:
    """Return a suggestion by id, for the person who opened it with its code; None also for one that was erased since.

    With `lock`, it is read anew and locked.
    """
    found = db.session.get(
        Suggestion, suggestion_id, with_for_update={"of": Suggestion} if lock else None, populate_existing=lock
    )
    return found if found is not None and found.erased_on is None else None


def timeline_of(suggestion: Suggestion) -> list[TimelineLine]:
    """Return what happened to a suggestion, newest first, with the names of staff; nothing from before its erasure."""
    kept = SuggestionEventRecord.payload_sealed != b""
    rows = db.session.scalars(
        select(SuggestionEventRecord)
        .where(SuggestionEventRecord.suggestion_id == suggestion.id, kept)
        .order_by(SuggestionEventRecord.sequence.desc())
    ).all()
    staff = {UUID(row.actor.removeprefix(STAFF_PREFIX)) for row in rows if row.actor.startswith(STAFF_PREFIX)}
    names = names_of(staff) if staff else {}
    lines = []
    for row in rows:
        told = row.to_event(suggestion.data_key)
        is_reply = isinstance(told, CommissionerReplied)
        who = _name(row.actor, names)
        lines.append(
            TimelineLine(row.happened_at, who, told.sentence(), told.detail(), told.receipt_sentence(), is_reply)
        )
    return lines


def _name(actor: str, names: dict[UUID, str]) -> str:
    if actor.startswith(STAFF_PREFIX):
        return names.get(UUID(actor.removeprefix(STAFF_PREFIX)), "a former member of staff")
    return _OTHERS.get(actor, actor)


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


def count_overdue(today: date) -> int:
    """Return how many answers of bodies are overdue."""
    return _count(SuggestionFilter(overdue_on=today))


def list_newly_overdue(today: date) -> Sequence[Suggestion]:
    """Return the suggestions whose answer is overdue and nobody was told."""
    conditions = _conditions(SuggestionFilter(overdue_on=today))
    query = select(Suggestion).where(*conditions, Suggestion.overdue_noted.is_(False))
    return db.session.scalars(query.order_by(Suggestion.answer_due_on, Suggestion.reference)).all()


def count_waiting() -> int:
    """Return how many suggestions have a reply nobody has read."""
    return _count(SuggestionFilter(waits_for_us=True))


def about_rule(rule_id: str) -> Sequence[Suggestion]:
    """Return the newest suggestions about a rule."""
    query = select(Suggestion).where(Suggestion.rule_id == rule_id)
    order = (Suggestion.received_on.desc(), Suggestion.reference.desc())
    return db.session.scalars(query.order_by(*order).limit(ON_A_RULE)).all()


def count_about_rule(rule_id: str) -> int:
    """Return how many suggestions are about a rule."""
    return _count(SuggestionFilter(rule_id=rule_id))


def _count(wanted: SuggestionFilter) -> int:
    return db.session.scalar(select(func.count()).select_from(Suggestion).where(*_conditions(wanted))) or 0


def _conditions(wanted: SuggestionFilter) -> list[ColumnElement[bool]]:
    equal = (
        (Suggestion.state, wanted.state),
        (Suggestion.forced_by, wanted.forced_by),
        (Suggestion.family, wanted.family),
        (Suggestion.rule_id, wanted.rule_id),
        (Suggestion.body_id, wanted.body_id),
    )
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.received_from is not None:
        conditions.append(Suggestion.received_on >= wanted.received_from)
    if wanted.received_to is not None:
        conditions.append(Suggestion.received_on <= wanted.received_to)
    if wanted.overdue_on is not None:
        conditions.append(Suggestion.state == SuggestionState.ROUTED)
        conditions.append(Suggestion.answer_due_on < wanted.overdue_on)
    if wanted.waits_for_us:
        conditions.append(Suggestion.waits_for_us.is_(True))
    return conditions


def _read_key(key: CursorKey) -> tuple[date, str]:
    try:
        day, reference = key
        return date.fromisoformat(day), reference
    except ValueError as error:
        raise NotFoundError from error
