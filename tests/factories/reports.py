"""Reports for tests, filed through the real service."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from mystery_shopper.cases.models import (
    Channel,
    FactSource,
    Identity,
    IdentityChoice,
    ReportContent,
    ReporterKind,
)
from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.cases.services import NewFact, NewReport, file_report
from mystery_shopper.core import clock, receipts
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry

POUNDS = 100
BOND_FACTS: dict[str, Any] = {
    "bond_gbp": 5_000_000 * POUNDS,
    "estimated_value_gbp": 1_200_000 * POUNDS,
    "min_years_accounts": 5,
    "procurement_start_date": date(2025, 6, 1),
}
IDENTITY = Identity(
    name="Joan Pargeter",
    organisation="Quillfeather Care Mutual Ltd",
    email="joan@quillfeather.example",
    phone="020 7946 0123",
    wants_email=True,
)
CONTENT_FIELDS = frozenset(field.name for field in fields(ReportContent))


@dataclass(frozen=True)
class Filed:
    """What a test needs to know of a filed report."""

    case_id: UUID
    case_reference: str
    public_reference: str
    report_id: UUID
    receipt_code: str


def facts_of(values: dict[str, Any]) -> tuple[NewFact, ...]:
    """Return typed facts as the reporter states them."""
    return tuple(
        NewFact(fact_id=fact_id, value=to_json(registry()[fact_id], value), source=FactSource.TYPED, is_confirmed=True)
        for fact_id, value in values.items()
    )


def add_report(*, facts: dict[str, Any] | None = None, found: tuple[NewFact, ...] = (), **overrides: Any) -> Filed:
    """File a report about a bond; every detail can be overridden by its name in NewReport or ReportContent.

    `found`: facts as they stand, for example those nobody confirmed.
    """
    code = receipts.new_code()
    words = {
        "procurement_title": "Community meals service",
        "requirement": "Bidders must lodge a performance bond of five million pounds.",
        "narrative": "We are a new mutual and no surety will write this bond for us.",
    }
    words |= {name: overrides.pop(name) for name in list(overrides) if name in CONTENT_FIELDS}
    values = BOND_FACTS if facts is None else facts
    details: dict[str, Any] = {
        "submission_id": uuid4(),
        "channel": Channel.WEB,
        "reporter_kind": ReporterKind.MUTUAL,
        "identity_choice": IdentityChoice.CONFIDENTIAL,
        "identity": IDENTITY,
        "receipt_mac": receipts.digest(code),
        "authority_text": "Borough of Nowhere",
        "procurement_started_on": values.get("procurement_start_date"),
        "facts": (*facts_of(values), *found),
    }
    report = file_report(NewReport(content=ReportContent(**words), **(details | overrides)), now=clock.reporter_now())
    case = get_case_of(report)
    return Filed(case.id, case.reference, case.public_reference, report.id, code)
