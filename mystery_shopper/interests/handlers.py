"""Reactions of interests: a report that comes or moves, and an authority that is corrected, are matched anew."""

from uuid import UUID

from mystery_shopper.accounts.models import User
from mystery_shopper.cases.events import CaseEvent, DetailsCorrected, ReportFiled
from mystery_shopper.cases.joining_events import CasesJoined, JoinUndone, ReportSplitOff
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.ownership import OwnershipRule, add_rule
from mystery_shopper.cases.queries import is_recused
from mystery_shopper.core.db import db
from mystery_shopper.core.events import Occasion, subscribe
from mystery_shopper.interests import services
from mystery_shopper.interests.queries import who_is_recused

RULE = "interest"


def register() -> None:
    """Listen to the events of a case, and stand against owners who have an interest in it."""
    subscribe(ReportFiled, on_report_filed)
    for event in (DetailsCorrected, CasesJoined, JoinUndone, ReportSplitOff):
        subscribe(event, on_case_changed)
    add_rule(
        OwnershipRule(
            key=RULE, refusal=refuse_owner, condition=lambda user_id: ~is_recused(user_id), barred=who_is_recused
        )
    )


def on_report_filed(event: ReportFiled, occasion: Occasion) -> None:
    """Keep the digests of who sent the report, and close the case to whoever has an interest in it."""
    services.mark_report(db.session.get_one(Report, UUID(event.report_id)))
    services.rematch(occasion.subject, now=occasion.now)


def on_case_changed(_event: CaseEvent, occasion: Occasion) -> None:
    """Match a case anew: another authority, or other reports."""
    services.rematch(occasion.subject, now=occasion.now)


def refuse_owner(case: Case, person: User) -> str | None:
    """Return that a person may not own a case, in words that do not say why."""
    if person.id not in who_is_recused(case):
        return None
    return f"{person.name} cannot be given this case. Select somebody else."
