"""Reads of cases. Every one goes through `visible_to`: what a person may not see does not exist for them."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal_column, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.cases.events import PublicationStepTaken
from mystery_shopper.cases.models import (
    IS_OPEN,
    Case,
    CaseEventRecord,
    CaseFact,
    CaseJoin,
    CasePause,
    CaseRecusal,
    Flag,
    Identity,
    Message,
    Note,
    Report,
    ReporterIdentity,
    ReportStay,
)
from mystery_shopper.cases.states import PUBLICATION_STATES, CaseState
from mystery_shopper.core.db import db, read_once
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import unseal_json

T = TypeVar("T")


_OWNER_UNINDEXED = func.coalesce(Case.owner_id, Case.owner_id)
"""The owner in a form no index has: a query is to be read along what it asks for, not along all a person ever owned."""


def visible_to(user: StaffMember) -> ColumnElement[bool]:
    """Return the condition under which a case exists for this person.

    A senior caseworker sees every case; a caseworker their own, those nobody owns yet and those of a colleague for
    whom they stand in today; a publisher those whose result can be published. Everybody else sees none. Whatever the
    role, a case against which an interest of the person stands does not exist for them. The case they opened in an
    emergency does, while that lasts. A case whose content was erased exists for nobody.
    """
    visible = and_(_open_to_roles_of(user), ~is_recused(user.id))
    if user.emergency_case_id is not None:
        visible = or_(visible, Case.id == user.emergency_case_id)
    return and_(Case.erased_on.is_(None), visible)


def _whose(owner: ColumnElement[Any] | InstrumentedAttribute[Any], user: StaffMember) -> list[ColumnElement[bool]]:
    """Return whose cases a caseworker sees, each apart: nobody's, their own, those of each for whom they stand in."""
    return [owner.is_(None), *(owner == one for one in (user.id, *sorted(user.stands_in_for)))]


def visible_parts(user: StaffMember) -> list[ColumnElement[bool]]:
    """Return conditions that no case meets twice, and that together are `visible_to`.

    A list in some order is read from each part along an index of its own, until its page is full, and put together.
    """
    is_by_owner = user.can(Permission.CASE_READ) and not user.can(Permission.PUBLICATION_READ)
    if Role.SENIOR_CASEWORKER in user.roles or not is_by_owner or user.emergency_case_id is not None:
        return [visible_to(user)]
    return [and_(one, visible_to(user)) for one in _whose(Case.owner_id, user)]


def _open_to_roles_of(user: StaffMember) -> ColumnElement[bool]:
    if Role.SENIOR_CASEWORKER in user.roles:
        return true()
    conditions: list[ColumnElement[bool]] = []
    if user.can(Permission.CASE_READ):
        conditions.append(or_(*_whose(_OWNER_UNINDEXED, user)))
    if user.can(Permission.PUBLICATION_READ):
        conditions.append(or_(Case.state.in_(PUBLICATION_STATES), _was_published()))
    return or_(false(), *conditions)


def is_recused(user_id: UUID) -> ColumnElement[bool]:
    """Return the condition under which an interest of a person stands against a case: one look into an index."""
    found = select(CaseRecusal.interest_id).where(CaseRecusal.user_id == user_id, CaseRecusal.case_id == Case.id)
    return found.exists()


def is_recused_from(case: Case, user_id: UUID) -> bool:
    """Tell whether an interest of a person stands against a case, though they have it open in an emergency."""
    found = select(Case.id).where(Case.id == case.id, is_recused(user_id))
    return db.session.scalar(found) is not None


def _was_published() -> ColumnElement[bool]:
    """A closed case with a public text stays open to publishers: it may have to be corrected or withdrawn."""
    steps = select(CaseEventRecord.id).where(
        CaseEventRecord.case_id == Case.id, CaseEventRecord.tag == PublicationStepTaken.tag
    )
    return and_(Case.state == CaseState.CLOSED, steps.exists())


def is_open() -> ColumnElement[bool]:
    """Return the condition "something may still be due", word for word as the partial indexes over open cases have it.

    It has no type: SQLite would be asked whether a Boolean is 1, which is not the condition of the indexes.
    """
    return literal_column(IS_OPEN)


def first_due(statement: Select[T], limit: int) -> list[T]:
    """Return the first rows of a query over cases by due date, those without a date last.

    Dated and undated cases are read apart, each along its index: sorted together, all of them would be read first.
    """
    dated = statement.where(Case.due_on.is_not(None)).order_by(Case.due_on, Case.serial)
    rows = list(db.session.scalars(dated.limit(limit)))
    if len(rows) < limit:
        undated = statement.where(Case.due_on.is_(None)).order_by(Case.serial)
        rows += db.session.scalars(undated.limit(limit - len(rows)))
    return rows


def visible_cases(user: StaffMember) -> Select[Case]:
    """Return the query of the cases this person may see."""
    return select(Case).where(visible_to(user))


def get_case(reference: str, user: StaffMember) -> Case:
    """Return a case by its staff reference.

    Raises:
        NotFoundError: no such case, or not for this person; both look alike.
    """
    case = db.session.scalar(visible_cases(user).where(Case.reference == reference))
    if case is None:
        raise NotFoundError
    return case


def lock_case(reference: str, user: StaffMember) -> Case:
    """Return a case for a page that changes it: on PostgreSQL the row is locked first, so nobody saves in between.

    Raises:
        NotFoundError: as `get_case`.
    """
    condition = visible_to(user) & (Case.reference == reference)
    db.session.execute(select(Case.id).where(condition).with_for_update())
    return get_case(reference, user)


def lock_cases(references: Sequence[str], user: StaffMember) -> None:
    """Lock several cases for a page that changes them all, always in the same order: nobody waits in a circle."""
    condition = visible_to(user) & Case.reference.in_(references)
    db.session.execute(select(Case.id).where(condition).order_by(Case.serial).with_for_update())


@read_once
def list_joins(case: Case) -> Sequence[CaseJoin]:
    """Return the joins that stand by which other cases became part of this one, oldest first."""
    return db.session.scalars(
        select(CaseJoin).where(CaseJoin.kept_id == case.id, CaseJoin.undone_at.is_(None)).order_by(CaseJoin.joined_at)
    ).all()


@read_once
def find_join(case: Case) -> CaseJoin | None:
    """Return the join that stands by which this case became part of another."""
    if case.state is not CaseState.JOINED:
        return None
    return db.session.scalar(select(CaseJoin).where(CaseJoin.joined_id == case.id, CaseJoin.undone_at.is_(None)))


def list_pauses(case: Case) -> Sequence[CasePause]:
    """Return the pauses of a case in the order they began."""
    return db.session.scalars(
        select(CasePause).where(CasePause.case_id == case.id).order_by(CasePause.started_on, CasePause.id)
    ).all()


def find_pause(case: Case) -> CasePause | None:
    """Return the pause that lasts, None while the clock runs."""
    if case.paused_since is None:
        return None
    return db.session.scalar(select(CasePause).where(CasePause.case_id == case.id, CasePause.ended_on.is_(None)))


def get_case_for_update(case_id: UUID, *, lock: bool = False) -> Case:
    """Return a case by id for work that no member of staff asked for (handlers, commands, its reporter).

    With `lock` it is read anew and nobody else changes it before the commit.

    Raises:
        NotFoundError: no such case.
    """
    case = db.session.get(Case, case_id, with_for_update={"of": Case} if lock else None, populate_existing=lock)
    if case is None:
        raise NotFoundError
    return case


def list_events(case: Case) -> Sequence[CaseEventRecord]:
    """Return what happened to a case, oldest first."""
    return db.session.scalars(
        select(CaseEventRecord).where(CaseEventRecord.case_id == case.id).order_by(CaseEventRecord.sequence)
    ).all()


def list_reports(case: Case) -> Sequence[Report]:
    """Return the reports of a case in the order they came."""
    return db.session.scalars(
        select(Report).where(Report.case_id == case.id).order_by(Report.received_on, Report.id)
    ).all()


def get_report_of(case: Case, report_id: UUID) -> Report:
    """Return a report of a case by its id.

    Raises:
        NotFoundError: it belongs to another case, or there is none.
    """
    report = db.session.scalar(select(Report).where(Report.case_id == case.id, Report.id == report_id))
    if report is None:
        raise NotFoundError
    return report


def list_facts(case: Case) -> Sequence[CaseFact]:
    """Return the facts in force, by fact id. What was found in a text and nobody confirmed is not among them."""
    return [row for row in _current_facts(case) if row.is_confirmed]


def list_findings(case: Case) -> Sequence[CaseFact]:
    """Return what was found in the texts of a case and nobody has confirmed, of facts that nobody stated."""
    current = _current_facts(case)
    stated = {row.fact_id for row in current if row.is_confirmed}
    return [row for row in current if not row.is_confirmed and row.fact_id not in stated]


def _current_facts(case: Case) -> Sequence[CaseFact]:
    return db.session.scalars(
        select(CaseFact).where(CaseFact.case_id == case.id, CaseFact.is_current).order_by(CaseFact.fact_id)
    ).all()


@read_once
def list_flags(case: Case) -> Sequence[Flag]:
    """Return the results in force of every rule, the most severe first."""
    return db.session.scalars(
        select(Flag).where(Flag.case_id == case.id, Flag.is_current).order_by(Flag.severity.desc(), Flag.rule_id)
    ).all()


def find_flag(case: Case, rule_id: str) -> Flag | None:
    """Return the result in force of one rule."""
    return db.session.scalar(select(Flag).where(Flag.case_id == case.id, Flag.rule_id == rule_id, Flag.is_current))


def list_messages(report: Report) -> Sequence[Message]:
    """Return the messages of one report, oldest first."""
    return db.session.scalars(
        select(Message).where(Message.report_id == report.id).order_by(Message.sent_at, Message.id)
    ).all()


def list_notes(case: Case) -> Sequence[Note]:
    """Return the internal notes of a case, newest first."""
    return db.session.scalars(
        select(Note).where(Note.case_id == case.id).order_by(Note.written_at.desc(), Note.id)
    ).all()


def find_report_by_receipt(receipt_mac: bytes) -> Report | None:
    """Return the report a receipt code opens."""
    return db.session.scalar(select(Report).where(Report.receipt_mac == receipt_mac))


def find_report_by_submission(submission_id: UUID) -> Report | None:
    """Return the report a draft became."""
    return db.session.scalar(select(Report).where(Report.submission_id == submission_id))


def get_case_of(report: Report) -> Case:
    """Return the case a report belongs to, for its reporter."""
    return get_case_for_update(report.case_id)


def lock_case_of(report: Report) -> Case:
    """Return the case a report belongs to, for its reporter who is about to change it."""
    return get_case_for_update(report.case_id, lock=True)


def was_in(case: Case) -> ColumnElement[bool]:
    """Return the condition under which a report is, or once was, in a case."""
    been_here = select(ReportStay.report_id).where(ReportStay.case_id == case.id)
    return or_(Report.case_id == case.id, Report.id.in_(been_here))


def list_reports_ever(case: Case) -> Sequence[Report]:
    """Return the reports of a case and those that have left it, but for those whose words were erased."""
    rows = db.session.scalars(select(Report).where(was_in(case)).order_by(Report.received_on, Report.id))
    return [report for report in rows if report.data_key.erased_at is None]


def identities_of(case: Case, *, but: Report | None = None) -> list[Identity]:
    """Return who sent the reports of a case, also those that have left it. Only for the disclosure gate.

    What a report said may live on in a text of a case it was once in, so its reporter stays protected there. `but`
    leaves out the one reporter a text is written to.
    """
    rows = db.session.scalars(
        select(ReporterIdentity).join(Report, Report.id == ReporterIdentity.report_id).where(was_in(case))
    )
    return [read_identity(row) for row in rows if but is None or row.report_id != but.id]


def find_identity(report: Report) -> Identity | None:
    """Return who sent one report, None for an anonymous one. Same caution as `identities_of`."""
    row = db.session.scalar(select(ReporterIdentity).where(ReporterIdentity.report_id == report.id))
    return None if row is None else read_identity(row)


def read_identity(row: ReporterIdentity) -> Identity:
    """Open one identity record."""
    return Identity.from_json(unseal_json(row.data_key, row.content_sealed, f"reporter_identities.content:{row.id}"))
