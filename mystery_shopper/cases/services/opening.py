"""A report becomes a case: one transaction, once for each submission, however often the form is sent."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.events import ReportFiled
from mystery_shopper.cases.models import (
    Case,
    Channel,
    Identity,
    IdentityChoice,
    Origin,
    Report,
    ReportContent,
    ReporterIdentity,
    ReporterKind,
)
from mystery_shopper.cases.policy import new_public_reference, staff_reference
from mystery_shopper.cases.queries import find_report_by_submission
from mystery_shopper.cases.services.clocks import refresh_due, start_step
from mystery_shopper.cases.services.facts import NewFact, store_facts
from mystery_shopper.cases.services.indexing import refresh_index
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.states import CaseState, waiting_for
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.vault import create_data_key, seal, seal_json

UNTITLED = "Title not given"
"""What a case is called until somebody says what is bought."""


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """Everything a report brings. `submission_id` is the draft's: it makes filing idempotent.

    `received_on` is the day it came when staff key it in later, `keyed_by` the name of whoever does.
    """

    submission_id: UUID
    channel: Channel
    reporter_kind: ReporterKind
    identity_choice: IdentityChoice
    content: ReportContent
    identity: Identity | None = None
    receipt_mac: bytes | None = None
    authority_id: UUID | None = None
    authority_text: str = ""
    facts: tuple[NewFact, ...] = field(default=())
    tender_closes_on: date | None = None
    procurement_started_on: date | None = None
    language: str = "en"
    is_demonstration: bool = False
    received_on: date | None = None
    keyed_by: str = ""


def file_report(new: NewReport, *, actor: str = REPORTER, now: datetime) -> Report:
    """Open a case for a report, with facts and identity; handlers add flags, route and mail in the same transaction.

    Returns:
        The report; the one already filed when this submission was filed before.
    """
    known = find_report_by_submission(new.submission_id)
    if known is not None:
        return known
    case = _open_case(new, now)
    report = _add_report(case, new, now)
    is_known = new.identity_choice is not IdentityChoice.ANONYMOUS
    if new.identity is not None and (is_known or new.identity.trade_body):
        _add_identity(report, new.identity, now)
    store_facts(case, new.facts, report_id=report.id, actor=actor, now=now)
    refresh_index(case)
    came_on = report.received_on.isoformat() if new.keyed_by else ""
    event = ReportFiled(report_id=str(report.id), channel=new.channel, keyed_by=new.keyed_by, came_on=came_on)
    record(case, event, actor=actor, now=now)
    return report


def _open_case(new: NewReport, now: datetime) -> Case:
    today = day_of(now)
    key = create_data_key(now)
    case_id = new_id()
    received_on = new.received_on or today
    typed_name = new.authority_text if new.authority_id is None and new.authority_text else None
    case = Case(
        id=case_id,
        serial=next_number("serial"),
        reference=staff_reference(today.year, next_number(str(today.year))),
        public_reference=new_public_reference(),
        state=CaseState.RECEIVED,
        waiting=waiting_for(CaseState.RECEIVED),
        origin=Origin.TRADE_BODY if new.reporter_kind is ReporterKind.TRADE_BODY else Origin.SUPPLIER,
        authority=db.session.get_one(Authority, new.authority_id) if new.authority_id else None,
        data_key=key,
        title_sealed=seal(key, new.content.procurement_title or UNTITLED, f"cases.title:{case_id}"),
        authority_text_sealed=seal(key, typed_name, f"cases.authority_text:{case_id}") if typed_name else None,
        received_on=received_on,
        tender_closes_on=new.tender_closes_on,
        procurement_started_on=new.procurement_started_on,
        state_since=now,
        is_demonstration=new.is_demonstration,
    )
    start_step(case, CaseState.RECEIVED, received_on)
    refresh_due(case, today)
    db.session.add(case)
    db.session.flush()
    return case


def next_number(scope: str, count: int = 1) -> int:
    """Return the next number of a year, or of all cases ("serial"); the first of `count` when several are taken."""
    last = db.session.execute(
        text(
            "INSERT INTO case_counters (scope, last) VALUES (:scope, :count) "
            "ON CONFLICT (scope) DO UPDATE SET last = case_counters.last + :count RETURNING last"
        ),
        {"scope": scope, "count": count},
    ).scalar_one()
    return int(last) - count + 1


def _add_report(case: Case, new: NewReport, now: datetime) -> Report:
    key = create_data_key(now)
    report_id = new_id()
    report = Report(
        id=report_id,
        case_id=case.id,
        submission_id=new.submission_id,
        data_key=key,
        receipt_mac=new.receipt_mac,
        channel=new.channel,
        reporter_kind=new.reporter_kind,
        identity_choice=new.identity_choice,
        language=new.language,
        received_on=new.received_on or day_of(now),
        content_sealed=seal_json(key, new.content.to_json(), f"reports.content:{report_id}"),
    )
    db.session.add(report)
    db.session.flush()
    return report


def _add_identity(report: Report, identity: Identity, now: datetime) -> None:
    key = create_data_key(now)
    row_id = new_id()
    email = identity.email.casefold()
    company = identity.company_number.upper()
    db.session.add(
        ReporterIdentity(
            id=row_id,
            report_id=report.id,
            data_key=key,
            content_sealed=seal_json(key, asdict(identity), f"reporter_identities.content:{row_id}"),
            email_index=keyring().blind_index("email", email) if email else None,
            company_number_index=keyring().blind_index("company-number", company) if company else None,
        )
    )
    db.session.flush()
