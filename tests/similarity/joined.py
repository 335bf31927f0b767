"""Two reporters who say different things, for tests of walls: each has words that must not reach the other."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case, CaseJoin, Identity
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign, join_cases, move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from tests.factories.reports import POUNDS, Filed, add_report

FIRST = "heronfirst"
SECOND = "kestrelsecond"
TO_ACCEPTED = (CaseState.ACKNOWLEDGED, CaseState.TRIAGE, CaseState.ACCEPTED)
FIRST_FACTS: Mapping[str, Any] = {
    "bond_gbp": 5_111_111 * POUNDS,
    "estimated_value_gbp": 1_200_000 * POUNDS,
    "procurement_start_date": date(2025, 6, 3),
}
SECOND_FACTS: Mapping[str, Any] = {
    "bond_gbp": 5_222_222 * POUNDS,
    "estimated_value_gbp": 1_200_000 * POUNDS,
    "min_years_accounts": 7,
    "procurement_start_date": date(2025, 6, 17),
}


def file_with_canary(canary: str, facts: Mapping[str, Any], **details: Any) -> Filed:
    """File a report in which every text holds the canary."""
    return add_report(
        facts=dict(facts),
        procurement_title=f"Meals {canary}title",
        procurement_reference=f"{canary}-2025/44",
        requirement=f"Bidders must lodge a bond, says {canary}requirement.",
        narrative=f"No surety writes this bond for us, {canary}narrative.",
        raised_with_buyer=f"We asked {canary}asked",
        buyer_answer=f"They said {canary}answer",
        authority_text=f"Borough of {canary}authority",
        identity=Identity(
            name=f"{canary}name Oldcastle",
            organisation=f"{canary}org Ltd",
            email=f"{canary}@example.org",
            wants_email=True,
        ),
        **details,
    )


def case_of(filed: Filed) -> Case:
    """Return the case a report opened."""
    return get_case_for_update(filed.case_id)


def advance(case: Case, *states: CaseState) -> None:
    """Take a case some steps on."""
    for state in states:
        move(case, state, actor="system", now=clock.utc_now())


def join(kept: Case, joined: Case, joiner: StaffMember, reason: str = "The same tender") -> CaseJoin:
    """Join two cases as a page that is up to date would."""
    db.session.flush()
    return join_cases(
        kept,
        joined,
        kept_version=kept.version,
        joined_version=joined.version,
        reason=reason,
        joiner=joiner,
        now=clock.utc_now(),
    )


def give(case: Case, owner: StaffMember) -> None:
    """Give a case to somebody."""
    assign(case, get_user(owner.id), actor="system", now=clock.utc_now())
