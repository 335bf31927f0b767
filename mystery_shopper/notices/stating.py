"""Facts of the registry that a notice states, each a value the registry accepts. Pure.

Only what the notice says: no currency is converted, a limit is not an estimate, and a field it lacks is no fact.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from mystery_shopper.core.calendar import add_months
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.registry import registry
from mystery_shopper.notices.policy import Dialect, Money, NoticeView, Span, london_day

POUNDS = "GBP"
PLACEHOLDER = Decimal(1)
"""An amount below this is how a form is filled in that asks for a value nobody wants to give."""
MONTH_DAYS = 30
"""Days of a month in durations of Public Contracts Scotland and Sell2Wales, whose forms ask for months."""
MONTHS_MAX = 1200
DIRECT = "direct"
"""The method of an award without a competition."""
PLANNING_TAGS = frozenset({"planning", "planningUpdate"})
TENDER_TAGS = frozenset({"tender", "tenderUpdate", "tenderAmendment"})
AWARD_TAGS = frozenset({"award", "awardUpdate", "contract"})
_PROCEDURES = (
    (re.compile(r"competitive flexible", re.IGNORECASE), "competitive-flexible"),
    (re.compile(r"\bdialogue\b", re.IGNORECASE), "dialogue"),
    (re.compile(r"negotiat", re.IGNORECASE), "negotiated"),
    (re.compile(r"^restricted procedure", re.IGNORECASE), "restricted"),
    (re.compile(r"^open procedure", re.IGNORECASE), "open"),
)
_SAYS_NOTHING = re.compile(r"(not specified|other)?\Z", re.IGNORECASE)
_CALL_OFF = re.compile(r"call-off from a framework", re.IGNORECASE)
TWO_STAGES = frozenset({"restricted", "negotiated", "dialogue"})
"""Procedures in which the first deadline is for requests to take part."""


def facts_of(view: NoticeView) -> dict[str, FactValue]:
    """Return the facts a notice states, in the order of the registry."""
    found = dict(_stated(view))
    facts = registry()
    return {name: found[name] for name in facts.sorted_ids(found) if facts[name].accepts(found[name])}


def _stated(view: NoticeView) -> Iterator[tuple[str, FactValue]]:
    yield from _worth(view)
    yield from _procedure(view)
    yield from _times(view)
    yield from _length(view)
    yield from _division(view)
    yield from _publication(view)


def _worth(view: NoticeView) -> Iterator[tuple[str, FactValue]]:
    if view.category in ("goods", "services", "works"):
        yield "contract_kind", view.category
    yield from _pounds("estimated_value_gbp", view.value, gross=False)
    yield from _pounds("estimated_value_gbp_inc_vat", view.value, gross=True)


def _pounds(fact_id: str, money: Money | None, *, gross: bool) -> Iterator[tuple[str, FactValue]]:
    amount = None if money is None else (money.gross if gross else money.amount)
    if money is not None and amount is not None and money.currency == POUNDS and amount >= PLACEHOLDER:
        yield fact_id, int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def procedure_of(view: NoticeView) -> str:
    """Return the procedure as the registry names it, empty where the notice does not say."""
    said = view.procedure
    if _SAYS_NOTHING.match(said):
        return ""
    return next((name for pattern, name in _PROCEDURES if pattern.search(said)), "other")


def _procedure(view: NoticeView) -> Iterator[tuple[str, FactValue]]:
    procedure = procedure_of(view)
    if procedure:
        yield "procedure", procedure
    if _CALL_OFF.match(view.procedure):
        yield "is_framework_calloff", True
    for fact_id, said in (
        ("accelerated", view.accelerated),
        ("is_dps", view.dynamic_system),
        ("open_framework", view.open_framework),
        ("electronic_submission", view.electronic),
    ):
        if said is not None:
            yield fact_id, said
    if view.framework and view.framework_suppliers == 1:
        yield "single_supplier_framework", True
    for regime, fact_id in (("lightTouch", "light_touch"), ("concession", "is_concession")):
        if regime in view.special_regime:
            yield fact_id, True


def _times(view: NoticeView) -> Iterator[tuple[str, FactValue]]:
    published, closes = view.published_on, london_day(view.tender_deadline)
    is_invitation = bool(TENDER_TAGS & set(view.tags))
    if published is not None:
        yield "procurement_start_date", published
        yield "notice_date", published
    if closes is None or view.method == DIRECT:
        return  # the form of a direct award asks for a deadline that nobody could have met
    if procedure_of(view) in TWO_STAGES:
        yield "participation_deadline", closes
        return
    yield "deadline_date", closes
    if published is not None and is_invitation and closes >= published:
        yield "response_days", (closes - published).days


def _length(view: NoticeView) -> Iterator[tuple[str, FactValue]]:
    if view.framework:
        return  # the length of a framework is not the length of a contract
    months = months_of(view.runs)
    if months is not None:
        yield "contract_term_months", months
        if months % 12 == 0:
            yield "contract_years", months // 12


def months_of(runs: Span) -> int | None:
    """Return the whole months something runs, None where the notice gives none or they are not whole."""
    if runs.months is not None:
        return runs.months
    if runs.days is not None:
        return runs.days // MONTH_DAYS if runs.days and runs.days % MONTH_DAYS == 0 else None
    if runs.start is None or runs.end is None or runs.end <= runs.start:
        return None
    return _months_between(runs.start, runs.end)


def _months_between(start: date, end: date) -> int | None:
    """Return the whole months between two days, the last counted or not (notices write it both ways)."""
    near = (end.year - start.year) * 12 + end.month - start.month
    ends = (end, end + timedelta(days=1))
    return next(
        (months for months in (near, near + 1) if 0 < months <= MONTHS_MAX and add_months(start, months) in ends), None
    )


def _division(view: NoticeView) -> Iterator[tuple[str, FactValue]]:
    if view.lots and not set(view.tags) <= PLANNING_TAGS:
        yield "uses_lots", len(view.lots) > 1
    if view.no_lots_reason:
        yield "lots_reason_given", True


def _publication(view: NoticeView) -> Iterator[tuple[str, FactValue]]:
    tags = set(view.tags)
    if tags & TENDER_TAGS and view.dialect in (Dialect.FIND_A_TENDER, Dialect.CONTRACTS_FINDER):
        yield "published_on_portal", True
    if "tender" in tags:
        yield "tender_notice_published", True
    if tags & AWARD_TAGS and view.award_published_on is not None:
        yield "award_notice_published", True
        yield "award_notice_date", view.award_published_on
    if view.signed_on is not None:
        yield "contract_date", view.signed_on
    if view.direct_award_reason:
        yield "direct_award_ground", True
    if view.status == "cancelled":
        yield "cancelled", True
