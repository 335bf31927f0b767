"""A suggestion that is being written: kept page by page, sent once, erased when nobody comes back.

`now` is the reporter's clock (midnight): no hour of a visit is stored.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from mystery_shopper.core import receipts
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.vault import Clearance, create_data_key, erase, seal_json
from mystery_shopper.holds import services as holds
from mystery_shopper.suggestions import journey
from mystery_shopper.suggestions.bodies import UNKNOWN_BODY
from mystery_shopper.suggestions.journey import Answers
from mystery_shopper.suggestions.models import Suggestion, SuggestionDraft
from mystery_shopper.suggestions.policy import ForcedBy, SuggestionContent, draft_expires_on
from mystery_shopper.suggestions.queries import OpenDraft, find_draft, find_suggestion, list_expired_drafts, read_draft
from mystery_shopper.suggestions.services.filing import NewSuggestion, file_suggestion


class IncompleteSuggestionError(DomainError):
    """The suggestion lacks an answer; `slug` is the page that asks for it."""

    def __init__(self, slug: str) -> None:
        super().__init__("Answer this question before you send it")
        self.slug = slug


def start_draft(*, now: datetime) -> OpenDraft:
    """Open an empty draft with a new receipt code."""
    code = receipts.new_code()
    draft = SuggestionDraft(
        id=new_id(),
        data_key=create_data_key(now),
        code_mac=receipts.digest(code),
        expires_on=draft_expires_on(day_of(now)),
    )
    _write(draft, code, Answers())
    db.session.add(draft)
    db.session.flush()
    return OpenDraft(draft, code, Answers())


def save_answers(draft: OpenDraft, answers: Answers, *, now: datetime) -> OpenDraft:
    """Keep the answers of a page; the draft lives on for another 28 days.

    Raises:
        DomainError: a text holds the receipt code.
    """
    for name, text in answers.values.items():
        receipts.refuse_own_code(text, draft.row.code_mac, field=name)
    _write(draft.row, draft.code, answers)
    draft.row.expires_on = draft_expires_on(day_of(now))
    db.session.flush()
    return replace(draft, answers=answers)


def submit_draft(draft_id: UUID, *, now: datetime) -> Suggestion:
    """Send a suggestion: file it and empty its draft, in one step. Sent again, it gives the same suggestion.

    Raises:
        NotFoundError: no such draft, or it has expired.
        IncompleteSuggestionError: an answer is missing.
    """
    row = find_draft(draft_id, day_of(now), lock=True)
    if row is None:
        raise NotFoundError
    if row.submitted_id is not None:
        sent = find_suggestion(row.submitted_id)
        if sent is None:
            raise NotFoundError
        return sent
    opened = read_draft(row)
    gap = journey.first_gap(opened.answers)
    if gap is not None:
        raise IncompleteSuggestionError(gap.slug)
    suggestion = file_suggestion(_new_suggestion(opened), now=now)
    _empty(row, holds.nothing_is_lost("the draft is a suggestion now"), now)
    row.submitted_id = suggestion.id
    db.session.flush()
    return suggestion


def _new_suggestion(draft: OpenDraft) -> NewSuggestion:
    if draft.row.code_mac is None:
        raise NotFoundError
    answers = journey.settle(draft.answers)
    body = answers.get("body")
    return NewSuggestion(
        submission_id=draft.row.id,
        receipt_mac=draft.row.code_mac,
        forced_by=ForcedBy(answers.get("forced_by")),
        family=answers.get("family"),
        rule_id=answers.get("rule") or None,
        body_id="" if body == UNKNOWN_BODY else body,
        value_pence=answers.number("value_pence"),
        tenders=answers.number("tenders"),
        content=SuggestionContent(
            requirement=answers.get("requirement"),
            would_rather=answers.get("would_rather"),
            forced_by_other=answers.get("forced_by_other"),
            body_other=answers.get("body_other"),
            authority=answers.get("authority"),
            giveaways=answers.get("giveaways"),
        ),
    )


def erase_expired_drafts(today: date, *, now: datetime) -> int:
    """Erase the drafts nobody came back to, keys first; return how many. None while a hold is on everything.

    Safe to repeat.
    """
    if holds.everything_is_held():
        return 0
    expired = list_expired_drafts(today)
    for row in expired:
        _empty(row, holds.clear(holds.draft(row.id)), now)
        db.session.delete(row)
    db.session.flush()
    return len(expired)


def _write(row: SuggestionDraft, code: str, answers: Answers) -> None:
    if row.data_key is None:
        raise NotFoundError
    content = {"code": code, "answers": answers.to_json()}
    row.content_sealed = seal_json(row.data_key, content, f"suggestion_drafts.content:{row.id}")


def _empty(row: SuggestionDraft, clearance: Clearance, now: datetime) -> None:
    if row.data_key is not None:
        erase(row.data_key, clearance, now)
    row.data_key = None
    row.content_sealed = None
    row.code_mac = None
