"""Writes of similarity: marks of reports, links and dismissed suggestions, answers to repeat patterns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.joining_events import (
    CasesLinked,
    CasesUnlinked,
    PatternDecided,
    SimilarDismissed,
    SimilarRestored,
)
from mystery_shopper.cases.models import Case, Report, ReportContent
from mystery_shopper.cases.services import check_version, record
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import seal
from mystery_shopper.interventions.policy import InterventionKind
from mystery_shopper.interventions.services import NewIntervention, record_intervention
from mystery_shopper.similarity import policy
from mystery_shopper.similarity.models import (
    CaseRelation,
    MarkKind,
    PatternAnswer,
    PatternDecision,
    RelationKind,
    ReportMark,
)
from mystery_shopper.similarity.patterns import Pattern, last_decision, references_of
from mystery_shopper.similarity.queries import find_relation, runs_of_content

BAND_KEY = "similar-bands"
NOTICE_KEY = "similar-notice"
BATCH = 500


def mark_report(report: Report) -> None:
    """Keep the marks by which similar reports find this one, in place of those it had; none of an erased report."""
    db.session.execute(delete(ReportMark).where(ReportMark.report_id == report.id))
    if report.data_key.erased_at is not None:
        return
    for mark, kind in marks_of(report.content).items():
        db.session.add(ReportMark(report_id=report.id, mark=mark, kind=kind))
    db.session.flush()


def marks_of(content: ReportContent) -> dict[bytes, MarkKind]:
    """Return the marks of what a report says: of its notice reference, and of the bands of its text."""
    ring = keyring()
    marks = dict.fromkeys(policy.text_marks(runs_of_content(content), ring.subkey(BAND_KEY)), MarkKind.TEXT_BAND)
    reference = policy.notice_reference(content.procurement_reference)
    if reference:
        marks[ring.mac(NOTICE_KEY, reference.encode())[: policy.MARK_BYTES]] = MarkKind.NOTICE
    return marks


def mark_next_reports(after: UUID | None) -> tuple[UUID | None, int]:
    """Mark the next reports by id; return the last one's id (None at the end) and how many. Safe to repeat."""
    query = select(Report).order_by(Report.id).limit(BATCH)
    reports = db.session.scalars(query if after is None else query.where(Report.id > after)).all()
    for report in reports:
        mark_report(report)
    return (reports[-1].id if reports else None), len(reports)


def relate(
    case: Case, other: Case, kind: RelationKind, *, reason: str, version: int, maker: StaffMember, now: datetime
) -> CaseRelation:
    """Link two cases, or note that a suggested one is not similar; both cases say so.

    Raises:
        StaleEditError: somebody changed the case since the page was opened, or was first.
        DomainError: it is the same case.
    """
    if case.id == other.id:
        raise DomainError("Enter the reference of another case", field="other")
    check_version(case, version)
    if find_relation(case, other, kind) is not None:
        raise StaleEditError(f"Somebody else said the same of {case.reference} and {other.reference} first.")
    first, second = sorted((case, other), key=lambda one: one.serial)
    row_id = new_id()
    relation = CaseRelation(
        id=row_id,
        case=first,
        other=second,
        kind=kind,
        made_at=now,
        made_by=maker.id,
        reason_sealed=seal(first.data_key, reason, f"case_relations.reason:{row_id}"),
    )
    db.session.add(relation)
    for one, partner in ((first, second), (second, first)):
        made = CasesLinked if kind is RelationKind.LINKED else SimilarDismissed
        record(one, made(other=partner.reference, reason=reason), actor=maker.actor, now=now)
    return relation


def undo_relation(relation: CaseRelation, *, reason: str, undoer: StaffMember, now: datetime) -> None:
    """Take a link or a dismissal back; the suggestion can come again.

    Raises:
        StaleEditError: somebody took it back first.
    """
    if relation.undone_at is not None:
        raise StaleEditError("Somebody else took this back first.")
    relation.undone_at, relation.undone_by = now, undoer.id
    for one, partner in ((relation.case, relation.other), (relation.other, relation.case)):
        undone = CasesUnlinked if relation.kind is RelationKind.LINKED else SimilarRestored
        record(one, undone(other=partner.reference, reason=reason), actor=undoer.actor, now=now)


def decide_pattern(
    case: Case,
    pattern: Pattern,
    answer: PatternAnswer,
    *,
    reason: str,
    version: int,
    submission_id: UUID,
    decider: StaffMember,
    now: datetime,
) -> PatternDecision:
    """Answer a repeat pattern from the page of one of its cases. A referral is recorded as an intervention there.

    Raises:
        StaleEditError: somebody changed the case, or answered the pattern, since the page was opened.
    """
    check_version(case, version)
    last = last_decision(pattern.authority.id, pattern.rule_id)
    if last is not None and (pattern.last is None or last.id != pattern.last.id):
        raise StaleEditError("Somebody else answered this pattern while you were working on it.")
    row_id, count = new_id(), pattern.count
    if answer is PatternAnswer.REFERRED:
        _record_referral(case, pattern, reason, version, submission_id, decider, now)
    decision = PatternDecision(
        id=row_id,
        authority=pattern.authority,
        rule_id=pattern.rule_id,
        case=case,
        answer=answer,
        upheld_cases=count,
        decided_at=now,
        decided_by=decider.id,
        reason_sealed=seal(case.data_key, reason, f"pattern_decisions.reason:{row_id}"),
    )
    db.session.add(decision)
    event = PatternDecided(rule_id=pattern.rule_id, decision=answer.value, cases=count, reason=reason)
    record(case, event, actor=decider.actor, now=now)
    return decision


def _record_referral(
    case: Case, pattern: Pattern, reason: str, version: int, submission_id: UUID, decider: StaffMember, now: datetime
) -> None:
    references = ", ".join(references_of(pattern, decider, today=day_of(now)))
    summary = (
        f"Referred to the compliance service: {pattern.count} upheld cases about “{pattern.title}” "
        f"({references}). {reason}"
    )
    new = NewIntervention(
        submission_id=submission_id, kind=InterventionKind.REFERRAL, made_on=day_of(now), summary=summary
    )
    record_intervention(case, new, version=version, maker=decider, now=now)
