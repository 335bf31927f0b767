"""What the case page shows of a case: reports, facts, messages, notes. Who reported is never among it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import (
    Case,
    CaseFact,
    Direction,
    FactSource,
    FlagDecision,
    Message,
    Note,
    Report,
    ReportContent,
)
from mystery_shopper.cases.queries import (
    list_facts,
    list_findings,
    list_flags,
    list_joins,
    list_messages,
    list_notes,
    list_reports,
)
from mystery_shopper.cases.timeline import STAFF_PREFIX
from mystery_shopper.casework.queries.evidence import AttachedView, show_attached
from mystery_shopper.core.db import db
from mystery_shopper.facts.definitions import FactDefinition
from mystery_shopper.facts.policy import FactValueError, display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.loading import families
from mystery_shopper.rules.results import Outcome
from mystery_shopper.teamwork.queries.notes import Reader, readers_of

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
class Gist:
    """What a report says in a few lines: enough to know what is wrong, with the whole of it one link away."""

    number: int
    received_on: date
    barriers: tuple[str, ...]
    words: str
    is_withdrawn: bool


@dataclass(frozen=True)
class RaisedFlag:
    """A rule that was raised, in one line: what it says, how firmly, how grave, and whether a person confirmed it."""

    rule_id: str
    title: str
    strength: str
    severity: int
    is_confirmed: bool


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
    """One internal note, opened, and whom it is for. `reference` names a joined case it was written on, if any."""

    reference: str
    body: str
    at: datetime
    by: str
    readers: tuple[Reader, ...]


def show_reports(case: Case) -> list[ReportView]:
    """Return the reports of a case in the order they came."""
    titles = {family.id: family.title for family in families()}
    shown = []
    for number, report in enumerate(list_reports(case), start=1):
        content = report.content
        barriers = tuple(titles.get(barrier, barrier) for barrier in content.barriers)
        shown.append(ReportView(number, report, content, barriers))
    return shown


def show_gist(case: Case) -> list[Gist]:
    """Return what each report of a case says in a few lines; no report's words stand under another's number."""
    return [
        Gist(
            number=view.number,
            received_on=view.report.received_on,
            barriers=view.barriers,
            words=view.content.requirement or view.content.narrative,
            is_withdrawn=view.report.withdrawn_on is not None,
        )
        for view in show_reports(case)
    ]


def show_raised(case: Case) -> list[RaisedFlag]:
    """Return the rules raised on a case and not overruled, gravest first."""
    raised = [flag for flag in list_flags(case) if flag.outcome == Outcome.RAISED.value]
    found = []
    for flag in raised:
        if flag.decision is not FlagDecision.OVERRULED:
            result = flag.result_json(case.data_key)
            is_confirmed = flag.decision is FlagDecision.CONFIRMED
            found.append(RaisedFlag(flag.rule_id, result["title"], result["strength"], flag.severity, is_confirmed))
    return found


def count_unread(case: Case) -> int:
    """Return how many messages of its reporters nobody has dealt with."""
    unread = select(func.count()).where(
        Message.case_id == case.id, Message.direction == Direction.FROM_REPORTER, Message.read_at.is_(None)
    )
    return db.session.scalar(unread) or 0


def show_facts(case: Case) -> list[FactView]:
    """Return the facts in force in the order of the registry."""
    return _show_rows(case, list_facts(case))


def show_findings(case: Case) -> list[FactView]:
    """Return what was found in the texts and nobody has confirmed, in the order of the registry."""
    return _show_rows(case, list_findings(case))


def _show_rows(case: Case, rows: Sequence[CaseFact]) -> list[FactView]:
    names = names_of({UUID(row.actor.removeprefix(STAFF_PREFIX)) for row in rows if row.source is FactSource.STAFF})
    reports = list_reports(case)
    of_report = (
        {report.id: f" (report {number})" for number, report in enumerate(reports, 1)} if len(reports) > 1 else {}
    )
    views = [_show_fact(case, row, names, of_report.get(row.report_id, "") if row.report_id else "") for row in rows]
    known = registry().sorted_ids([view.fact_id for view in views if view.fact_id in registry()])
    place = {fact_id: at for at, fact_id in enumerate(known)}
    return sorted(views, key=lambda view: place.get(view.fact_id, len(place)))


def _show_fact(case: Case, row: CaseFact, names: Mapping[UUID, str], of_report: str) -> FactView:
    definition = registry().get(row.fact_id)
    return FactView(
        fact_id=row.fact_id,
        title=definition.title if definition else row.fact_id,
        value=_display(case, row, definition),
        source=_source_words(row, names) + of_report,
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
    """Return the internal notes of a case and of the cases joined to it, newest first."""
    found = [view for one in (case, *(join.joined for join in list_joins(case))) for view in _notes_on(one, case)]
    return sorted(found, key=lambda view: view.at, reverse=True)


def _notes_on(case: Case, shown_on: Case) -> list[NoteView]:
    notes: Sequence[Note] = list_notes(case)
    names = names_of({note.author_id for note in notes})
    readers = readers_of(case) if notes else {}
    return [
        NoteView(
            reference="" if case is shown_on else case.reference,
            body=note.body(case.data_key),
            at=note.written_at,
            by=names.get(note.author_id, "a former member of staff"),
            readers=tuple(readers.get(note.id, ())),
        )
        for note in notes
    ]
