"""One request as its page shows it: what is known, what can be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case
from mystery_shopper.core.calendar import format_day
from mystery_shopper.requests.models import InfoRequest, RequestPack, RequestPause
from mystery_shopper.requests.policy import KindRules, RequestClock, clocks, decision_labels, exemptions, kinds
from mystery_shopper.requests.queries import count_cases, list_cases, list_packs, list_pauses
from mystery_shopper.requests.states import (
    REQUESTER_LABELS,
    STATE_LABELS,
    Decision,
    RequestState,
)

Rows = list[tuple[str, str]]
ERASED = "Erased"


@dataclass(frozen=True)
class RequestView:
    """A request, opened. `steps` are words and the ends of addresses of what can be done now."""

    content: Mapping[str, str]
    clock: RequestClock
    rows: Rows
    answer: Rows
    cases: Sequence[Case]
    hidden: int
    pauses: Sequence[RequestPause]
    packs: Sequence[RequestPack]
    names: Mapping[UUID, str]
    steps: list[tuple[str, str]]
    gives_pack: bool


def show_one(one: InfoRequest, user: StaffMember) -> RequestView:
    """Return a request as its page shows it."""
    cases, found = list_cases(one, user), list_packs(one)
    return RequestView(
        content=one.content,
        clock=clocks()[one.kind],
        rows=_rows(one),
        answer=_answer(one),
        cases=cases,
        hidden=count_cases(one) - len(cases),
        pauses=list_pauses(one),
        packs=found,
        names=names_of({one.recorded_by_id, *(pack.built_by_id for pack in found)}),
        steps=_steps(one),
        gives_pack=kinds()[one.kind].gives_pack and one.erased_on is None,
    )


def _rows(one: InfoRequest) -> Rows:
    content = one.content
    rows = [("Law", kinds()[one.kind].label)]
    if one.about is not None:
        checked = _told(one.identity_checked_on, content.get("identity")) if one.identity_checked_on else "Not yet"
        rows += [("Who asks", REQUESTER_LABELS[one.about]), ("Checked who asks", checked)]
    if one.erased_on is None:
        rows += [("Name", content["requester"]), ("Contact", content["contact"]), ("Asks for", content["words"])]
    rows += [("Came on", format_day(one.received_on)), ("State", STATE_LABELS[one.state])]
    if one.acknowledge_by is not None:
        rows.append(("Acknowledgement", _acknowledgement(one, one.acknowledge_by)))
    rows.append(("Answer due", "When the requester answers" if _waits(one) else format_day(one.due_on)))
    return rows + ([("Extended because", content.get("extension", ERASED))] if one.is_extended else [])


def _told(day: date, words: str | None) -> str:
    """Return a day with the words that belong to it, the day alone where they were erased."""
    return f"{format_day(day)}: {words}" if words else format_day(day)


def _acknowledgement(one: InfoRequest, by: date) -> str:
    if one.acknowledged_on is None:
        return f"Due {format_day(by)}"
    late = ", too late" if one.acknowledged_on > by else ""
    return f"Sent {format_day(one.acknowledged_on)}{late}"


def _waits(one: InfoRequest) -> bool:
    return one.state is RequestState.CLARIFYING


def _answer(one: InfoRequest) -> Rows:
    if one.decision is None or one.decided_on is None:
        return []
    known = exemptions()
    rows = [
        ("Answered", f"{format_day(one.decided_on)}: {decision_labels()[one.kind, one.decision]}"),
        ("Held against it", "\n".join(known[name].title for name in one.exemption_ids) or "Nothing"),
        ("Why", one.content.get("reason", ERASED)),
    ]
    if one.review_due_on is not None:
        rows.append(("Internal review", f"Due {format_day(one.review_due_on)}"))
    if one.reviewed_on is not None:
        rows.append(("Result of the review", _told(one.reviewed_on, one.content.get("review"))))
    if one.restriction_ended_on is not None:
        rows.append(("Restriction ended", _told(one.restriction_ended_on, one.content.get("restriction_ended"))))
    return rows


def _steps(one: InfoRequest) -> list[tuple[str, str]]:
    if one.erased_on is not None:
        return []
    rules = kinds()[one.kind]
    common = [("Name a case that holds what is asked for", "cases")]
    common += [("Record how it was checked who asks", "identity")] if rules.about_somebody else []
    if one.acknowledge_by is not None and one.acknowledged_on is None:
        common.insert(0, ("Record the acknowledgement", "acknowledge"))
    pack = [("Build the pack", "pack")] if rules.gives_pack else []
    match one.state:
        case RequestState.OPEN:
            can_extend = clocks()[one.kind].extension_months and not one.is_extended
            further = [("Take further time", "extend")] if can_extend else []
            asking = [("Ask the requester what they mean", "ask"), *further]
            return [*common, *asking, *pack, ("Record the answer", "decide")]
        case RequestState.CLARIFYING:
            return [("Record that the requester answered", "answered"), *common]
        case RequestState.REVIEW:
            return [("Record the result of the review", "review/result"), *pack]
        case RequestState.ANSWERED:
            return [*_after(one, rules), *pack]


def _after(one: InfoRequest, rules: KindRules) -> list[tuple[str, str]]:
    """Return what can still be done when a request was answered."""
    if rules.has_review and one.reviewed_on is None:
        return [("Record that a review is asked for", "review")]
    stands = rules.restricts and one.decision is Decision.GIVEN and one.restriction_ended_on is None
    return [("End the restriction", "restriction/end")] if stands else []
