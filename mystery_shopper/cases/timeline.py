"""What happened to a case as staff read it, and what stands between two people who changed it at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case, CaseEventRecord
from mystery_shopper.cases.queries import list_events
from mystery_shopper.cases.walls import KnownEvent, events_for_staff
from mystery_shopper.core.db import day_of
from mystery_shopper.core.events import REPORTER, SYSTEM

LATEST = 5
MIDNIGHT = time(0)
STAFF_PREFIX = "user:"
_OTHERS = {REPORTER: "the reporter", SYSTEM: "the service"}


@dataclass(frozen=True)
class TimelineItem:
    """One line of the timeline: what happened, when, by whom. `tag` is the event's, for filtering.

    `at` is a date where no hour was kept: what a reporter did, and what the service did on the spot.
    """

    title: str
    at: datetime | date
    by: str
    tag: str


def read_timeline(case: Case, known: Sequence[KnownEvent] | None = None) -> list[TimelineItem]:
    """Return what happened to a case and to what was joined to it, newest first; of another case with its reference.

    What a reporter did has a day and no hour.
    """
    events = events_for_staff(case) if known is None else known
    names = names_of({UUID(actor.removeprefix(STAFF_PREFIX)) for actor in _staff(one.row for one in events)})
    return [
        TimelineItem(
            title=_title(one, case),
            at=day_of(one.row.happened_at) if one.row.happened_at.time() == MIDNIGHT else one.row.happened_at,
            by=_name(one.row.actor, names),
            tag=one.row.tag,
        )
        for one in reversed(events)
    ]


def _title(known: KnownEvent, case: Case) -> str:
    sentence = known.row.to_event(known.case.data_key).sentence()
    return sentence if known.case.id == case.id else f"{known.case.reference}: {sentence}"


def latest_changes(case: Case) -> list[TimelineItem]:
    """Return the last few things that happened, newest first: what the other person may have done."""
    return read_timeline(case, [KnownEvent(row, case) for row in list_events(case)[-LATEST:]])


def _staff(rows: Iterable[CaseEventRecord]) -> set[str]:
    return {row.actor for row in rows if row.actor.startswith(STAFF_PREFIX)}


def _name(actor: str, names: dict[UUID, str]) -> str:
    if actor in _OTHERS:
        return _OTHERS[actor]
    if actor.startswith(STAFF_PREFIX):
        return names.get(UUID(actor.removeprefix(STAFF_PREFIX)), "a former member of staff")
    return actor


def typed_answers(form: Any) -> list[tuple[str, str]]:
    """Return what a person typed into a form, with the words of the page: for showing it beside what another saved."""
    answers = []
    for field in form:
        if not hasattr(field, "typed"):
            continue
        labels = {option.value: option.label for option in getattr(field, "options", ())}
        chosen = getattr(field, "selected", None)
        words = field.typed if chosen is None else ", ".join(labels.get(value, value) for value in sorted(chosen))
        answers.append((field.label.text, words))
    return answers
