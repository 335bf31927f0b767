"""Which interest stands against which case: the digests of names, and the two questions asked of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from mystery_shopper.cases.models import (
    Case,
    CaseJoin,
    Identity,
    Interest,
    InterestKind,
    InterestMark,
    Report,
    ReportStay,
    SupplierMark,
)
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db
from mystery_shopper.disclosure.terms import supplier_spellings

INDEX_FIELD = "supplier-spelling"


class Match(NamedTuple):
    """An interest that stands between a person and a case."""

    user_id: UUID
    interest_id: UUID


def marks_of(names: Iterable[str], company_numbers: Iterable[str]) -> frozenset[bytes]:
    """Return the keyed digests of the names and numbers of a supplier."""
    spellings = supplier_spellings(names, company_numbers)
    return frozenset(keyring().blind_index(INDEX_FIELD, spelling) for spelling in spellings)


def marks_of_reporter(identity: Identity) -> frozenset[bytes]:
    """Return the keyed digests of whoever sent a report or is behind it: the firm, its trade body, the person."""
    names = (identity.organisation, identity.trading_names, identity.trade_body, identity.member, identity.name)
    return marks_of(names, (identity.company_number,))


def in_force(today: date) -> ColumnElement[bool]:
    """Return the condition under which an interest stands against cases on a day."""
    lasts = or_(Interest.blocks_until.is_(None), Interest.blocks_until >= today)
    return (Interest.withdrawn_at.is_(None)) & (Interest.starts_on <= today) & lasts


def find_matches(case: Case, today: date) -> set[Match]:
    """Return every interest that stands against a case: in its authority, in the case, in a supplier behind a report.

    A report that left the case counts too: what it said may live on in the case's texts.
    """
    been_here = select(ReportStay.report_id).where(ReportStay.case_id == case.id)
    by_mark = (
        select(InterestMark.interest_id)
        .join(SupplierMark, SupplierMark.digest == InterestMark.digest)
        .join(Report, Report.id == SupplierMark.report_id)
        .where(or_(Report.case_id == case.id, Report.id.in_(been_here)))
    )
    joined = select(CaseJoin.joined_id).where(CaseJoin.kept_id == case.id, CaseJoin.undone_at.is_(None))
    concerns = [Interest.id.in_(by_mark), Interest.case_id == case.id, Interest.case_id.in_(joined)]
    if case.authority_id is not None:
        concerns.append(Interest.authority_id == case.authority_id)
    rows = db.session.execute(select(Interest.user_id, Interest.id).where(in_force(today), or_(*concerns)))
    return {Match(*row) for row in rows}


def cases_against(interest: Interest) -> Sequence[Select[UUID]]:
    """Return the queries whose cases an interest stands against, by what it is in; all use an index."""
    if interest.kind is InterestKind.AUTHORITY:
        return (select(Case.id).where(Case.authority_id == interest.authority_id),)
    if interest.kind is InterestKind.CASE:
        kept = select(CaseJoin.kept_id).where(CaseJoin.joined_id == interest.case_id, CaseJoin.undone_at.is_(None))
        return (select(Case.id).where(Case.id == interest.case_id), kept)
    reports = reports_against(interest)
    stays = select(ReportStay.case_id).where(ReportStay.report_id.in_(reports))
    return (select(Report.case_id).where(Report.id.in_(reports)), stays)


def reports_against(interest: Interest) -> Select[UUID]:
    """Return the query of the reports behind which stands the supplier an interest is in."""
    return (
        select(SupplierMark.report_id)
        .join(InterestMark, InterestMark.digest == SupplierMark.digest)
        .where(InterestMark.interest_id == interest.id)
    )
