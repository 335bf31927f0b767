"""One request as its page shows it: what is known, what can be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import names_of
from mystery_shopper.cases.models import Case
from mystery_shopper.core.calendar import format_day
from mystery_shopper.requests.models import InfoRequest, RequestPack, RequestPause
from mystery_shopper.requests.policy import RequestClock, clocks, exemptions
from mystery_shopper.requests.queries import count_cases, list_cases, list_packs, list_pauses
from mystery_shopper.requests.states import (
    DECISION_LABELS,
    KIND_LABELS,
    REQUESTER_LABELS,
    STATE_LABELS,
    RequestKind,
    RequestState,
)

Rows = list[tuple[str, str]]


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
    )


def _rows(one: InfoRequest) -> Rows:
    content = one.content
    rows = [("Law", KIND_LABELS[one.kind])]
    if one.about is not None:
        checked = (
            f"{format_day(one.identity_checked_on)}: {content['identity']}" if one.identity_checked_on else "Not yet"
        )
        rows += [("Who asks", REQUESTER_LABELS[one.about]), ("Checked who asks", checked)]
    rows += [("Name", content["requester"]), ("Contact", content["contact"]), ("Asks for", content["words"])]
    rows += [("Came on", format_day(one.received_on)), ("State", STATE_LABELS[one.state])]
    rows.append(("Answer due", "When the requester answers" if _waits(one) else format_day(one.due_on)))
    return rows + ([("Extended because", content["extension"])] if one.is_extended else [])


def _waits(one: InfoRequest) -> bool:
    return one.state is RequestState.CLARIFYING


def _answer(one: InfoRequest) -> Rows:
    if one.decision is None or one.decided_on is None:
        return []
    known = exemptions()
    rows = [
        ("Answered", f"{format_day(one.decided_on)}: {DECISION_LABELS[one.decision]}"),
        ("Held against it", "\n".join(known[name].title for name in one.exemption_ids) or "Nothing"),
        ("Why", one.content["reason"]),
    ]
    if one.review_due_on is not None:
        rows.append(("Internal review", f"Due {format_day(one.review_due_on)}"))
    if one.reviewed_on is not None:
        rows.append(("Result of the review", f"{format_day(one.reviewed_on)}: {one.content['review']}"))
    return rows


def _steps(one: InfoRequest) -> list[tuple[str, str]]:
    is_access = one.kind is RequestKind.SUBJECT_ACCESS
    common = [("Name a case that holds what is asked for", "cases")]
    common += [("Record how it was checked who asks", "identity")] if is_access else []
    match one.state:
        case RequestState.OPEN:
            further = [("Take further time", "extend")] if is_access and not one.is_extended else []
            asking = [("Ask the requester what they mean", "ask"), *further]
            return [*common, *asking, ("Build the pack", "pack"), ("Record the answer", "decide")]
        case RequestState.CLARIFYING:
            return [("Record that the requester answered", "answered"), *common]
        case RequestState.REVIEW:
            return [("Record the result of the review", "review/result"), ("Build the pack", "pack")]
        case RequestState.ANSWERED:
            review = [("Record that a review is asked for", "review")] if one.reviewed_on is None else []
            return [*review, ("Build the pack", "pack")]
