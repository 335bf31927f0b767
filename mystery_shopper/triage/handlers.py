"""Reactions of triage: a report is flagged and routed, new facts are judged, in the transaction that brought them."""

from mystery_shopper.cases.events import DetailsCorrected, FactsAdded, ReportFiled
from mystery_shopper.core.events import SYSTEM, Occasion, subscribe
from mystery_shopper.triage import services

AUTHORITY_FIELD = "Authority"


def register() -> None:
    """Listen to the events of a case."""
    subscribe(ReportFiled, on_report_filed)
    subscribe(FactsAdded, on_facts_added)
    subscribe(DetailsCorrected, on_details_corrected)


def on_report_filed(_event: ReportFiled, occasion: Occasion) -> None:
    """Flag and route the case."""
    evaluation = services.triage_case(occasion.subject, actor=SYSTEM, now=occasion.now)
    services.route(occasion.subject, evaluation, actor=SYSTEM, now=occasion.now)


def on_facts_added(_event: FactsAdded, occasion: Occasion) -> None:
    """Apply the rules again; the queue and the target stay as they are."""
    services.triage_case(occasion.subject, actor=SYSTEM, now=occasion.now)


def on_details_corrected(event: DetailsCorrected, occasion: Occasion) -> None:
    """Another authority can mean other thresholds and another target: apply the rules and route again."""
    if event.field == AUTHORITY_FIELD:
        evaluation = services.triage_case(occasion.subject, actor=SYSTEM, now=occasion.now)
        services.route(occasion.subject, evaluation, actor=SYSTEM, now=occasion.now)
