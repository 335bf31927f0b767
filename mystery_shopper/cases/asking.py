"""Questions between a case and one of its reporters: what staff asked, what is open, what was answered.

Everything here is of one report alone: a question never rests on what another reporter of the case said.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.cases.models import Case, CaseFact, Report
from mystery_shopper.cases.queries import get_case_of, list_facts
from mystery_shopper.cases.services.facts import NewFact, add_facts
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.walls import events_known_to
from mystery_shopper.core.db import db
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import _
from mystery_shopper.facts.registry import registry


def _titles(fact_ids: Collection[str]) -> str:
    known = registry()
    return ", ".join(known[fact_id].title if fact_id in known else fact_id for fact_id in fact_ids)


@dataclass(frozen=True, kw_only=True)
class FactAsked(CaseEvent):
    """Staff put the question of a fact to a reporter."""

    tag: ClassVar[str] = "fact:asked"
    report_id: str
    fact_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Question put to the reporter: {_titles([self.fact_id])}"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("We asked you a question.")


@dataclass(frozen=True, kw_only=True)
class QuestionsAnswered(CaseEvent):
    """A reporter answered questions. `passed`: facts they do not know, or that are not about their case."""

    tag: ClassVar[str] = "questions:answered"
    report_id: str
    fact_ids: tuple[str, ...]
    passed: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return what staff read."""
        answered = f"The reporter answered: {_titles(self.fact_ids)}" if self.fact_ids else ""
        passed = f"The reporter does not know, or says it is not so: {_titles(self.passed)}" if self.passed else ""
        return ". ".join(filter(None, (answered, passed))) or "The reporter answered"

    def reporter_sentence(self) -> str | None:
        """Return what the reporter reads."""
        return _("You answered our questions.")


def ask_reporter(case: Case, report: Report, fact_id: str, *, actor: str, now: datetime) -> None:
    """Put the question of a fact to a reporter, once while it is open."""
    if fact_id not in asked_of(report):
        record(case, FactAsked(report_id=str(report.id), fact_id=fact_id), actor=actor, now=now)


def asked_of(report: Report) -> tuple[str, ...]:
    """Return the facts staff asked a reporter for and that were neither answered nor passed since, oldest first."""
    waiting: dict[str, None] = {}
    for event in _own_events(report):
        if isinstance(event, FactAsked):
            waiting[event.fact_id] = None
        elif isinstance(event, QuestionsAnswered):
            for fact_id in (*event.fact_ids, *event.passed):
                waiting.pop(fact_id, None)
    return tuple(waiting)


def passed_by(report: Report) -> frozenset[str]:
    """Return the facts a reporter said they do not know, or that are not about their case."""
    answers = [event for event in _own_events(report) if isinstance(event, QuestionsAnswered)]
    return frozenset(fact_id for event in answers for fact_id in event.passed)


def _own_events(report: Report) -> list[CaseEvent]:
    known = (one.row.to_event(one.case.data_key) for one in events_known_to(report))
    return [event for event in known if getattr(event, "report_id", "") == str(report.id)]


def findings_of(report: Report) -> Sequence[CaseFact]:
    """Return what was found in a report and its reporter neither confirmed nor turned down.

    It stays open to them though another reporter of the case stated the fact.
    """
    rows = db.session.scalars(
        select(CaseFact).where(CaseFact.report_id == report.id).order_by(CaseFact.fact_id, CaseFact.id)
    ).all()
    settled = passed_by(report).union(row.fact_id for row in rows if row.is_confirmed)
    return [row for row in rows if not row.is_confirmed and row.fact_id not in settled]


def facts_stated_by(report: Report) -> dict[str, Any]:
    """Return what a reporter stated or confirmed, the newest of each fact, as JSON of the registry."""
    case = get_case_of(report)
    rows = db.session.scalars(
        select(CaseFact)
        .where(CaseFact.report_id == report.id, CaseFact.is_confirmed)
        .order_by(CaseFact.stated_at, CaseFact.is_current, CaseFact.id)
    )
    return {row.fact_id: row.value_json(case.data_key) for row in rows}


def take_answers(
    case: Case, report: Report, stated: Sequence[NewFact], passed: Collection[str], *, now: datetime
) -> None:
    """Record what a reporter answered, and what they passed; the rules are applied again. Nothing said does nothing.

    What another reporter of the case stated stays in force, unless staff asked this one: between two, people decide.
    """
    if not stated and not passed:
        return
    answered = [fact.fact_id for fact in stated]
    _put_aside(report, {*passed, *answered})
    if stated:
        behind = _stated_by_others(case, report) - set(asked_of(report))
        add_facts(case, stated, report_id=report.id, actor=REPORTER, now=now, behind=behind)
    event = QuestionsAnswered(
        report_id=str(report.id),
        fact_ids=tuple(sorted(answered)),
        passed=tuple(sorted(passed)),
    )
    record(case, event, actor=REPORTER, now=now)


def _stated_by_others(case: Case, report: Report) -> set[str]:
    return {row.fact_id for row in list_facts(case) if row.report_id != report.id}


def _put_aside(report: Report, fact_ids: Collection[str]) -> None:
    """A finding the reporter spoke of is on record, and no longer open."""
    for row in findings_of(report):
        if row.fact_id in fact_ids:
            row.is_current = False
    db.session.flush()
