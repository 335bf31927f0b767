"""Suggestions for tests, filed and taken on through the real services."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.core import clock, receipts
from mystery_shopper.suggestions import services
from mystery_shopper.suggestions.models import Suggestion, SuggestionText
from mystery_shopper.suggestions.policy import AnswerResult, ForcedBy, SaidAndDone, SuggestionContent
from mystery_shopper.suggestions.queries import find_item_of, get_suggestion
from mystery_shopper.suggestions.states import SuggestionState, TextState

POLICY = "user:00000000-0000-0000-0000-000000000001"
NO_HOLIDAYS: frozenset[date] = frozenset()
TEXT = SaidAndDone(title="Cover for small jobs", said="An insurer asks too much.", done="It asks less now.")


@dataclass(frozen=True)
class FiledSuggestion:
    """What a test needs to know of a suggestion."""

    id: UUID
    reference: str
    receipt_code: str


def add_suggestion(
    *,
    forced_by: ForcedBy = ForcedBy.INSURER,
    family: str = "insurance",
    rule_id: str | None = "INS-LEVEL",
    body_id: str = "insurance-market",
    value_pence: int | None = 100_000_00,
    tenders: int | None = 4,
    requirement: str = "Cover of £10 million",
    authority: str = "",
    giveaways: str = "",
) -> FiledSuggestion:
    """File a suggestion."""
    code = receipts.new_code()
    suggestion = services.file_suggestion(
        services.NewSuggestion(
            submission_id=uuid4(),
            receipt_mac=receipts.digest(code),
            forced_by=forced_by,
            family=family,
            rule_id=rule_id,
            body_id=body_id,
            value_pence=value_pence,
            tenders=tenders,
            content=SuggestionContent(
                requirement=requirement,
                would_rather="Ask for £1 million",
                authority=authority,
                giveaways=giveaways,
            ),
        ),
        now=clock.reporter_now(),
    )
    return FiledSuggestion(suggestion.id, suggestion.reference, code)


def pass_on(suggestion: Suggestion, *, text: str = "Is this a condition of yours?", due_on: date | None = None) -> None:
    """Pass a suggestion on to the insurers."""
    new = services.NewRoute(body_id="insurance-market", text=text, due_on=due_on)
    now = clock.utc_now()
    services.route(suggestion, new, version=suggestion.version, actor=POLICY, now=now, holidays=NO_HOLIDAYS)


def answer(suggestion: Suggestion, text: str = "It is no condition.") -> None:
    """Answer a suggestion."""
    new = services.NewAnswer(result=AnswerResult.NOT_REQUIRED, text=text)
    services.answer(suggestion, new, version=suggestion.version, actor=POLICY, now=clock.utc_now())


def suggestion_in(state: SuggestionState, *, staff: tuple[StaffMember, StaffMember] | None = None, **details: object):
    """File a suggestion and take it to a state; `staff` writes and approves, for a published one."""
    filed = add_suggestion(**details)  # type: ignore[arg-type]
    suggestion = get_suggestion(filed.reference)
    if state is SuggestionState.CLOSED:
        services.close(suggestion, "No rule", version=suggestion.version, actor=POLICY, now=clock.utc_now())
    if state is SuggestionState.WITHDRAWN:
        services.withdraw_suggestion(suggestion.id, now=clock.reporter_now())
    if state in (SuggestionState.ROUTED, SuggestionState.ANSWERED, SuggestionState.PUBLISHED):
        pass_on(suggestion)
    if state in (SuggestionState.ANSWERED, SuggestionState.PUBLISHED):
        answer(suggestion)
    if state is SuggestionState.PUBLISHED:
        assert staff is not None
        text_in(TextState.PUBLISHED, suggestion, staff=staff)
    return suggestion


def text_in(state: TextState, suggestion: Suggestion, *, staff: tuple[StaffMember, StaffMember]) -> SuggestionText:
    """Write the public text about an answered suggestion and take it to a state."""
    writer, approver = staff
    now = clock.utc_now()
    row = services.save_text(suggestion, TEXT, version=0, author=writer, now=now)
    if state is TextState.DRAFT:
        return row
    services.submit_text(row, author=writer, now=now)
    if state is TextState.AWAITING_APPROVAL:
        return row
    services.approve(row, version=row.version, approver=approver, now=now)
    if state is TextState.WITHDRAWN:
        services.withdraw(row, "A mistake", version=row.version, actor=writer.actor, now=now)
    return row


def public_reference_of(suggestion: Suggestion) -> str:
    """Return the public reference of a published suggestion."""
    item = find_item_of(suggestion)
    assert item is not None
    return item.public_reference
