"""What the case page shows of a case: reports, facts, messages, notes. Who reported is never among it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case, CaseFact, Direction, FactSource, Message, Note, Report, ReportContent
from mystery_shopper.cases.queries import list_facts, list_findings, list_messages, list_notes, list_reports
from mystery_shopper.cases.timeline import STAFF_PREFIX
from mystery_shopper.casework.queries.evidence import AttachedView, show_attached
from mystery_shopper.facts.definitions import FactDefinition
from mystery_shopper.facts.policy import FactValueError, display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.loading import families

FOUND = "Found in the report, not confirmed"
FOUND_CONFIRMED = "Found in the report, and the reporter says it is right"
FOUND_CORRECTED = "Found in the report, and corrected by the reporter"
SOURCE_WORDS: Mapping[str, str] = {
    "typed": "Stated by the reporter",
    "notice": "From the notice",
    "register": "From the register",
}


@dataclass(frozen=True)
class ReportView:
    """One report with its words, opened."""

    number: int
    report: Report
    content: ReportContent
    barriers: tuple[str, ...]


@dataclass(frozen=True)
class FactView:
    """One fact in force: what it is, its value in words, and where it came from."""

    fact_id: str
    title: str
    value: str
    source: str
    quoted: str
    stated_at: datetime


@dataclass(frozen=True)
class MessageView:
    """One message, opened. `is_unread`: the reporter wrote it and nobody here has dealt with it."""

    body: str
    at: datetime
    is_from_reporter: bool
    is_unread: bool
    files: tuple[AttachedView, ...]


@dataclass(frozen=True)
class Conversation:
    """The messages of one report: nobody else's reporter ever sees them."""

    number: int
    report: Report
    messages: tuple[MessageView, ...]


@dataclass(frozen=True)
class NoteView:
    """One internal note, opened."""

    body: str
    at: datetime
    by: str


def show_reports(case: Case) -> list[ReportView]:
    """Return the reports of a case in the order they came."""
    titles = {family.id: family.title for family in families()}
    shown = []
    for number, report in enumerate(list_reports(case), start=1):
        content = report.content
        barriers = tuple(titles.get(barrier, barrier) for barrier in content.barriers)
        shown.append(ReportView(number, report, content, barriers))
    return shown


def show_facts(case: Case) -> list[FactView]:
    """Return the facts in force in the order of the registry."""
    return _show_rows(case, list_facts(case))


def show_findings(case: Case) -> list[FactView]:
    """Return what was found in the texts and nobody has confirmed, in the order of the registry."""
    return _show_rows(case, list_findings(case))


def _show_rows(case: Case, rows: Sequence[CaseFact]) -> list[FactView]:
    names = names_of({UUID(row.actor.removeprefix(STAFF_PREFIX)) for row in rows if row.source is FactSource.STAFF})
    views = [_show_fact(case, row, names) for row in rows]
    known = registry().sorted_ids([view.fact_id for view in views if view.fact_id in registry()])
    place = {fact_id: at for at, fact_id in enumerate(known)}
    return sorted(views, key=lambda view: place.get(view.fact_id, len(place)))


def _show_fact(case: Case, row: CaseFact, names: Mapping[UUID, str]) -> FactView:
    definition = registry().get(row.fact_id)
    return FactView(
        fact_id=row.fact_id,
        title=definition.title if definition else row.fact_id,
        value=_display(case, row, definition),
        source=_source_words(row, names),
        quoted=row.quoted(case.data_key),
        stated_at=row.stated_at,
    )


def _source_words(row: CaseFact, names: Mapping[UUID, str]) -> str:
    if row.source is FactSource.STAFF:
        return f"Recorded by {names.get(UUID(row.actor.removeprefix(STAFF_PREFIX)), 'a former member of staff')}"
    if row.source is FactSource.EXTRACTED:
        return FOUND_CONFIRMED if row.is_confirmed else FOUND
    if row.source is FactSource.TYPED and row.quoted_sealed is not None:
        return FOUND_CORRECTED
    return SOURCE_WORDS[row.source]


def _display(case: Case, row: CaseFact, definition: FactDefinition | None) -> str:
    raw = row.value_json(case.data_key)
    if definition is None:
        return str(raw)
    try:
        return display(definition, from_json(definition, raw))
    except FactValueError:
        return str(raw)


def find_fact(case: Case, fact_id: str) -> CaseFact | None:
    """Return the statement of a fact in force, None when it was never stated."""
    return next((row for row in list_facts(case) if row.fact_id == fact_id), None)


def find_finding(case: Case, fact_id: str) -> CaseFact | None:
    """Return what was found of a fact and nobody has confirmed, None when nothing was."""
    return next((row for row in list_findings(case) if row.fact_id == fact_id), None)


def find_report(case: Case, report_id: object) -> Report | None:
    """Return a report of this case, None when it belongs to another."""
    return next((report for report in list_reports(case) if str(report.id) == str(report_id)), None)


def show_conversations(case: Case) -> list[Conversation]:
    """Return the messages of each report, oldest first."""
    reports = list_reports(case)
    attached = show_attached(case, reports)
    return [
        Conversation(number, report, tuple(_show_message(case, message, attached) for message in list_messages(report)))
        for number, report in enumerate(reports, start=1)
    ]


def unread_messages(report: Report) -> list[Message]:
    """Return the messages of a reporter that nobody has dealt with."""
    return [
        message
        for message in list_messages(report)
        if message.direction is Direction.FROM_REPORTER and message.read_at is None
    ]


def _show_message(case: Case, message: Message, attached: Mapping[UUID, list[AttachedView]]) -> MessageView:
    from_reporter = message.direction is Direction.FROM_REPORTER
    return MessageView(
        body=message.body(case.data_key),
        at=message.sent_at,
        is_from_reporter=from_reporter,
        is_unread=from_reporter and message.read_at is None,
        files=tuple(attached.get(message.id, ())),
    )


def show_notes(case: Case) -> list[NoteView]:
    """Return the internal notes, newest first."""
    notes: Sequence[Note] = list_notes(case)
    names = names_of({note.author_id for note in notes})
    return [
        NoteView(note.body(case.data_key), note.written_at, names.get(note.author_id, "a former member of staff"))
        for note in notes
    ]
