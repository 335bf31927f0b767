"""Writes of interests: declared, ended, withdrawn, and the block that follows from them at once.

The audit entry is written before cases are matched. On PostgreSQL it takes the lock that every step of a case takes,
and keeps it to the commit: an interest and a report that come at the same moment cannot miss each other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, true, union
from sqlalchemy.types import Uuid

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.access_events import InterestFound
from mystery_shopper.cases.declarations import keep_declaration
from mystery_shopper.cases.models import (
    Case,
    CaseDeclaration,
    CaseRecusal,
    Interest,
    InterestContent,
    InterestKind,
    InterestMark,
    Report,
    SupplierMark,
)
from mystery_shopper.cases.queries import find_identity
from mystery_shopper.cases.services import assign, record
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, PermissionDeniedError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import create_data_key, seal, seal_json
from mystery_shopper.interests.matching import (
    Match,
    cases_against,
    find_matches,
    in_force,
    marks_of,
    marks_of_reporter,
    reports_against,
)
from mystery_shopper.interests.policy import Figure, counted_since, figures, stands_until

SUBJECT = "interest"
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class NewInterest:
    """An interest as it is entered; `content` holds the words, and of a supplier its names."""

    kind: InterestKind
    content: InterestContent
    starts_on: date
    ends_on: date | None = None
    authority_id: UUID | None = None
    case_id: UUID | None = None


def declare_interest(person: User, new: NewInterest, *, by: StaffMember, now: datetime) -> Interest:
    """Put an interest of a person into the register and close the cases it stands against to them, at once.

    Whether there are any is told to nobody here: a supplier's name must not be tried out to learn who reported.

    Raises:
        DomainError: the dates cannot be right, it stands there already, or too many suppliers were entered lately.
        PermissionDeniedError: somebody else's interest, and the person may not allocate cases; or it is in a supplier.
    """
    _check_may_enter(person, new, by)
    _check_dates(new, day_of(now))
    if new.kind is InterestKind.SUPPLIER:
        _check_supplier(new, by, now)
    _check_is_new(person, new, day_of(now))
    interest = _add(person, new, by, now)
    audit.record(Action.INTEREST_DECLARED, actor=by.actor, subject=SUBJECT, subject_id=interest.id, now=now)
    tell_reporters(interest, now=now)
    apply(interest, now=now)
    return interest


def _check_may_enter(person: User, new: NewInterest, by: StaffMember) -> None:
    if by.id == person.id:
        return
    if not by.can(Permission.CASE_ALLOCATE):
        raise PermissionDeniedError("You can only enter interests of your own")
    if new.kind is InterestKind.SUPPLIER:
        raise PermissionDeniedError("Only the person can enter an interest in a supplier. Ask them to.")


def _check_dates(new: NewInterest, today: date) -> None:
    if new.starts_on > today:
        raise DomainError("The day it began must be today or in the past", field="starts_on")
    if new.ends_on is not None and not new.starts_on <= new.ends_on <= today:
        raise DomainError("The day it ended must be after it began, and today or in the past", field="ends_on")


def _check_supplier(new: NewInterest, by: StaffMember, now: datetime) -> None:
    if not marks_of((new.content.supplier,), (new.content.company_number,)):
        raise DomainError("Enter the full name of the supplier", field="supplier")
    entered = db.session.scalar(
        select(func.count()).where(
            Interest.user_id == by.id,
            Interest.kind == InterestKind.SUPPLIER,
            Interest.declared_at > counted_since(now),
        )
    )
    if (entered or 0) >= figures()[Figure.SUPPLIERS]:
        most, days = figures()[Figure.SUPPLIERS], figures()[Figure.SUPPLIERS_IN]
        raise DomainError(
            f"You can enter {most} suppliers in {days} days. When you meet a case that concerns another, say so there.",
            field="supplier",
        )


def _check_is_new(person: User, new: NewInterest, today: date) -> None:
    same = [Interest.user_id == person.id, Interest.kind == new.kind, in_force(today), Interest.ends_on.is_(None)]
    if new.kind is InterestKind.AUTHORITY:
        same.append(Interest.authority_id == new.authority_id)
    elif new.kind is InterestKind.CASE:
        same.append(Interest.case_id == new.case_id)
    else:
        return
    if db.session.scalar(select(Interest.id).where(*same)) is not None:
        raise DomainError("This interest stands in the register already", field="authority")


def _add(person: User, new: NewInterest, by: StaffMember, now: datetime) -> Interest:
    key, row_id = create_data_key(now), new_id()
    interest = Interest(
        id=row_id,
        user_id=person.id,
        kind=new.kind,
        authority_id=new.authority_id,
        case_id=new.case_id,
        data_key=key,
        content_sealed=seal_json(key, new.content.to_json(), f"interests.content:{row_id}"),
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        blocks_until=stands_until(new.ends_on),
        declared_at=now,
        declared_by=by.id,
    )
    db.session.add(interest)
    db.session.flush()
    if new.kind is InterestKind.SUPPLIER:
        marks = marks_of((new.content.supplier,), (new.content.company_number,))
        db.session.add_all(InterestMark(interest_id=row_id, digest=digest) for digest in sorted(marks))
        db.session.flush()
    return interest


def deny_interest(case: Case, person: StaffMember, *, now: datetime) -> None:
    """Keep that a person has no interest in a case and its authority, as far as they know."""
    keep_declaration(case, person.id, now=now)
    audit.record(Action.INTEREST_DENIED, actor=person.actor, subject="case", subject_id=case.id, now=now)


def end_interest(interest: Interest, ends_on: date, *, by: StaffMember, now: datetime) -> None:
    """Note that an interest has ended. It counts a while longer (data/figures.csv), and stays on record for good.

    Who has it can say so once, and for no day before they entered it: the block is not theirs to take back.

    Raises:
        DomainError: the day cannot be right, or the interest has ended already or is of a kind that does not end.
        PermissionDeniedError: it is somebody else's, and the person may not allocate cases.
    """
    is_own = by.id == interest.user_id
    if not is_own and not by.can(Permission.CASE_ALLOCATE):
        raise PermissionDeniedError("You can only end interests of your own")
    if interest.kind is InterestKind.CASE or interest.ends_on is not None or interest.withdrawn_at is not None:
        raise DomainError("This interest cannot be ended", field="ends_on")
    earliest = max(interest.starts_on, day_of(interest.declared_at)) if is_own else interest.starts_on
    if not earliest <= ends_on <= day_of(now):
        raise DomainError(f"The day it ended must be from {format_day(earliest)} to today", field="ends_on")
    interest.ends_on, interest.blocks_until = ends_on, stands_until(ends_on)
    db.session.flush()
    audit.record(Action.INTEREST_ENDED, actor=by.actor, subject=SUBJECT, subject_id=interest.id, now=now)
    apply(interest, now=now)


def withdraw_interest(interest: Interest, *, reason: str, by: StaffMember, now: datetime) -> None:
    """Note that an interest was entered by mistake: the block ends at once, the entry stays.

    Raises:
        PermissionDeniedError: it is the person's own, or they may not allocate cases.
        DomainError: it was withdrawn before.
    """
    if by.id == interest.user_id or not by.can(Permission.CASE_ALLOCATE):
        raise PermissionDeniedError("A senior caseworker other than the person must find that it was a mistake")
    if interest.withdrawn_at is not None:
        raise DomainError("This interest was withdrawn before")
    interest.withdrawn_at, interest.withdrawn_by = now, by.id
    interest.withdrawal_sealed = seal(interest.data_key, reason, f"interests.withdrawal:{interest.id}")
    db.session.flush()
    audit.record(Action.INTEREST_WITHDRAWN, actor=by.actor, subject=SUBJECT, subject_id=interest.id, now=now)
    apply(interest, now=now)


def apply(interest: Interest, *, now: datetime) -> None:
    """Bring the block of one interest up to date: rows as it stands today, and no case left in the person's hands."""
    db.session.execute(delete(CaseRecusal).where(CaseRecusal.interest_id == interest.id))
    if not _stands(interest, day_of(now)):
        return
    found = union(*cases_against(interest)).subquery()
    user_id, interest_id = literal(interest.user_id, Uuid()), literal(interest.id, Uuid())
    rows = select(user_id, found.c[0], interest_id)
    db.session.execute(insert(CaseRecusal).from_select(["user_id", "case_id", "interest_id"], rows))
    blocked = select(CaseRecusal.case_id).where(CaseRecusal.interest_id == interest.id)
    owned = select(Case).where(Case.owner_id == interest.user_id, Case.state.not_in(FINISHED), Case.id.in_(blocked))
    for case in db.session.scalars(owned.order_by(Case.serial)).all():
        assign(case, None, actor=SYSTEM, now=now)


def _stands(interest: Interest, today: date) -> bool:
    lasts = interest.blocks_until is None or interest.blocks_until >= today
    return interest.withdrawn_at is None and interest.starts_on <= today and lasts


def tell_reporters(interest: Interest, *, now: datetime, case: Case | None = None) -> None:
    """Put on record, for its reporter too, each report of a supplier in a case (one, or every) that the person knew.

    Naming a supplier and seeing a known case go is as good as a look at who reported, so it leaves the same trace.
    """
    rows = db.session.execute(
        select(Report.id, Case)
        .join(Case, Case.id == Report.case_id)
        .outerjoin(
            CaseDeclaration,
            (CaseDeclaration.case_id == Case.id) & (CaseDeclaration.user_id == interest.user_id),
        )
        .where(
            Report.id.in_(reports_against(interest)),
            (Case.owner_id == interest.user_id) | CaseDeclaration.user_id.is_not(None),
            true() if case is None else Case.id == case.id,
        )
        .order_by(Case.serial, Report.id)
    ).all()
    for report_id, known in rows:
        record(known, InterestFound(report_id=str(report_id)), actor=SYSTEM, now=now)


def rematch(case: Case, *, now: datetime) -> None:
    """Bring the blocks of one case up to date, because its authority or its reports changed."""
    wanted = find_matches(case, day_of(now))
    rows = db.session.scalars(select(CaseRecusal).where(CaseRecusal.case_id == case.id)).all()
    for row in rows:
        if Match(row.user_id, row.interest_id) not in wanted:
            db.session.delete(row)
    known = {Match(row.user_id, row.interest_id) for row in rows}
    added = wanted - known
    db.session.add_all(
        CaseRecusal(user_id=match.user_id, case_id=case.id, interest_id=match.interest_id) for match in sorted(added)
    )
    db.session.flush()
    for interest in db.session.scalars(select(Interest).where(Interest.id.in_([match.interest_id for match in added]))):
        tell_reporters(interest, now=now, case=case)
    if case.owner_id in {match.user_id for match in added} and case.state not in FINISHED:
        assign(case, None, actor=SYSTEM, now=now)


def mark_report(report: Report) -> None:
    """Keep the digests by which an interest in the supplier behind a report finds it; nothing of an anonymous one."""
    identity = find_identity(report)
    digests: Collection[bytes] = () if identity is None else marks_of_reporter(identity)
    db.session.execute(delete(SupplierMark).where(SupplierMark.report_id == report.id))
    db.session.add_all(SupplierMark(report_id=report.id, digest=digest) for digest in sorted(digests))
    db.session.flush()


def mark_next_reports(after: UUID | None) -> tuple[UUID | None, int]:
    """Mark the next reports anew, by id, and return the last id and how many; for `interests rebuild`."""
    statement = select(Report).order_by(Report.id).limit(BATCH)
    reports = db.session.scalars(statement if after is None else statement.where(Report.id > after)).all()
    for report in reports:
        mark_report(report)
    return (reports[-1].id if reports else after), len(reports)


def apply_next_interests(after: UUID | None, *, now: datetime) -> tuple[UUID | None, int]:
    """Match the next interests anew, by id, and return the last id and how many; for `interests rebuild`."""
    statement = select(Interest).order_by(Interest.id).limit(BATCH)
    interests = db.session.scalars(statement if after is None else statement.where(Interest.id > after)).all()
    for interest in interests:
        apply(interest, now=now)
    return (interests[-1].id if interests else after), len(interests)


def let_lapse(today: date) -> None:
    """Take away the blocks of interests that stand against nothing any more; once a day, safe to repeat."""
    over = select(Interest.id).where(Interest.blocks_until < today)
    db.session.execute(delete(CaseRecusal).where(CaseRecusal.interest_id.in_(over)))
