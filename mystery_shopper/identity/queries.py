"""Reads of looks at who reported, and the look itself. No page shows an identity without an open one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case, Identity, IdentityChoice, Report, ReporterIdentity
from mystery_shopper.cases.queries import find_identity, visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.vault import unseal
from mystery_shopper.identity.models import IdentityReveal
from mystery_shopper.identity.policy import reasons

SHOWN = 100


@dataclass(frozen=True)
class ReporterView:
    """What the case page says of one reporter: how they want to be known, and how often somebody looked."""

    number: int
    report_id: UUID
    choice: IdentityChoice
    is_known: bool
    looks: int


@dataclass(frozen=True)
class RevealView:
    """One line of the list of looks. Reference and words are empty for a case that its reader may not see."""

    name: str
    reference: str
    reason: str
    words: str
    revealed_at: datetime


def list_reporters(case: Case) -> list[ReporterView]:
    """Return the reporters of a case, in the order their reports came."""
    looks = (
        select(func.count()).select_from(IdentityReveal).where(IdentityReveal.report_id == Report.id).scalar_subquery()
    )
    rows = db.session.execute(
        select(Report.id, Report.identity_choice, ReporterIdentity.id, looks)
        .outerjoin(ReporterIdentity, ReporterIdentity.report_id == Report.id)
        .where(Report.case_id == case.id)
        .order_by(Report.received_on, Report.id)
    )
    return [
        ReporterView(number, report_id, choice, identity_id is not None, count)
        for number, (report_id, choice, identity_id, count) in enumerate(rows, start=1)
    ]


def find_open_reveal(report: Report, user: StaffMember, now: datetime) -> IdentityReveal | None:
    """Return the look a person has open at a report, None when there is none or its time is over."""
    return db.session.scalar(
        select(IdentityReveal)
        .where(
            IdentityReveal.report_id == report.id,
            IdentityReveal.user_id == user.id,
            IdentityReveal.closes_at > now,
        )
        .order_by(IdentityReveal.closes_at.desc())
        .limit(1)
    )


def is_known(report: Report) -> bool:
    """Tell whether the service knows who sent a report, without opening who it is."""
    found = select(ReporterIdentity.id).where(ReporterIdentity.report_id == report.id)
    return db.session.scalar(found) is not None


def identity_rows(report: Report) -> list[tuple[str, str]]:
    """Return who sent a report, line by line. The firm for which a trade body reports is shown to nobody.

    Only for a look that is open.
    """
    identity = find_identity(report) or Identity()
    return [
        ("Name", identity.name),
        ("Organisation", identity.organisation),
        ("Trading names", identity.trading_names),
        ("Trade body", identity.trade_body),
        ("Email address", identity.email),
        ("Telephone", identity.phone),
        ("Postcode", identity.postcode),
        ("Company number", identity.company_number),
    ]


def list_reveals(viewer: StaffMember) -> Sequence[RevealView]:
    """Return the latest looks; of a case the viewer may not see, only who, when and the reason chosen."""
    rows = db.session.scalars(select(IdentityReveal).order_by(IdentityReveal.revealed_at.desc()).limit(SHOWN)).all()
    ids = {row.case_id for row in rows}
    cases = {case.id: case for case in db.session.scalars(select(Case).where(visible_to(viewer), Case.id.in_(ids)))}
    names = names_of({row.user_id for row in rows})
    return [_show(row, cases.get(row.case_id), names.get(row.user_id, "A former member of staff")) for row in rows]


def _show(row: IdentityReveal, case: Case | None, name: str) -> RevealView:
    known = reasons().get(row.reason)
    label = known.label if known else row.reason
    if case is None:
        return RevealView(name, "", label, "", row.revealed_at)
    words = unseal(case.data_key, row.words_sealed, f"identity_reveals.words:{row.id}")
    return RevealView(name, case.reference, label, words, row.revealed_at)
