"""The public text: written, sent to a second person past the disclosure gate, published, corrected, withdrawn."""

from dataclasses import replace
from datetime import date, datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action, Outcome
from mystery_shopper.cases.search import words
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.vault import seal_json
from mystery_shopper.suggestions import gate
from mystery_shopper.suggestions.events import PublicTextStepTaken
from mystery_shopper.suggestions.models import PublishedSuggestion, Suggestion, SuggestionText
from mystery_shopper.suggestions.policy import (
    LINE_MAX,
    SaidAndDone,
    check_approver,
    check_ready,
    new_reference,
)
from mystery_shopper.suggestions.queries import find_item_of, find_text
from mystery_shopper.suggestions.services.recording import SUBJECT, record, step
from mystery_shopper.suggestions.states import SuggestionState, TextState, can_text_step

PUBLIC_PREFIX = "YS"
MOVED_ON = "Somebody else changed this text while you were working on it."
CAN_BE_PUBLISHED = frozenset({SuggestionState.ANSWERED, SuggestionState.PUBLISHED})
NOT_OPEN = frozenset({TextState.AWAITING_APPROVAL, TextState.PUBLISHED})


def save_text(
    suggestion: Suggestion, text: SaidAndDone, *, version: int, author: StaffMember, now: datetime
) -> SuggestionText:
    """Save the draft of the public text; the first save, and one after a withdrawal, begin it. `version` 0: none yet.

    Raises:
        DomainError: the suggestion is not answered.
        StaleEditError: somebody saved since the page was opened, or the text is with a second person.
    """
    if suggestion.state not in CAN_BE_PUBLISHED:
        raise DomainError("Answer the suggestion before you write what is published about it.")
    row = find_text(suggestion)
    if (row.version if row else 0) != version:
        raise StaleEditError(MOVED_ON)
    if row is None:
        row = SuggestionText(
            id=new_id(), suggestion=suggestion, author_id=author.id, content_sealed=b"", changed_at=now
        )
        _seal(row, text.with_writer(author.id))
        db.session.add(row)
        db.session.flush()
        _record(row, "drafted", actor=author.actor, now=now)
        return row
    if row.state in NOT_OPEN:
        raise StaleEditError(MOVED_ON)
    before = row.content
    if row.state is TextState.WITHDRAWN:
        _step(row, TextState.DRAFT, "drafted", actor=author.actor, now=now)
    row.author_id = author.id
    row.changed_at = now
    _seal(row, replace(text, note=before.note, writers=before.writers).with_writer(author.id))
    db.session.flush()
    return row


def submit_text(row: SuggestionText, *, author: StaffMember, now: datetime) -> None:
    """Send the text to a second person, past the disclosure gate.

    Raises:
        DisclosureError: the commissioner or their authority can be recognised.
        DomainError: something is missing.
    """
    check_publishable(row)
    _seal(row, replace(row.content, note=""))
    _step(row, TextState.AWAITING_APPROVAL, "sent for approval", actor=author.actor, now=now)


def check_publishable(row: SuggestionText) -> None:
    """Refuse a text that may not become public as things stand now.

    Raises:
        DisclosureError: the commissioner or their authority can be recognised.
        DomainError: something is missing, or the suggestion is not answered.
    """
    suggestion, text = row.suggestion, row.content
    if suggestion.state not in CAN_BE_PUBLISHED or suggestion.result is None:
        raise DomainError("Answer the suggestion, and say what came of it, before you publish.")
    check_ready(text, has_objection=suggestion.objects_to_publication)
    gate.check_texts(suggestion, {**text.public, "title": f"{text.title}\n{_body_name(suggestion)}"})


def approve(row: SuggestionText, *, version: int, approver: StaffMember, now: datetime) -> PublishedSuggestion:
    """Publish a text somebody else wrote: a new item, or the corrected words of the one that is there.

    Raises:
        PermissionDeniedError: the approver wrote some of it.
        DisclosureError, DomainError: it may not become public as things stand now.
        StaleEditError: it changed since the page was opened, or does not wait for approval.
    """
    _check_version(row, version)
    check_approver(approver.id, row.content)
    check_publishable(row)
    row.approver_id = approver.id
    _step(row, TextState.PUBLISHED, "published", actor=approver.actor, now=now)
    item = _write_item(row, day_of(now))
    suggestion = row.suggestion
    if suggestion.state is SuggestionState.ANSWERED:
        step(suggestion, SuggestionState.PUBLISHED, suggestion.version)
    db.session.flush()
    return item


def _write_item(row: SuggestionText, today: date) -> PublishedSuggestion:
    suggestion, text = row.suggestion, row.content
    if suggestion.result is None:
        raise DomainError("Say what came of it before you publish.")
    month = today.year * 100 + today.month
    item = find_item_of(suggestion)
    if item is None:
        item = PublishedSuggestion(
            public_reference=new_reference(PUBLIC_PREFIX),
            suggestion_id=suggestion.id,
            period=month,
            is_demonstration=suggestion.is_demonstration,
        )
        db.session.add(item)
    else:
        item.corrected_period, item.withdrawn_period = month, None
    item.forced_by, item.family, item.rule_id = suggestion.forced_by, suggestion.family, suggestion.rule_id
    item.body_name, item.value_band = _body_name(suggestion), suggestion.value_band
    item.result = suggestion.result
    item.title, item.said_text, item.done_text = text.title, text.said, text.done
    item.search_text = " ".join(word for part in (*text.public.values(), item.body_name) for word in words(part))
    db.session.flush()
    return item


def _body_name(suggestion: Suggestion) -> str:
    """Return the body that was asked, empty when none was: what the commissioner says of it is not published."""
    sent = suggestion.route
    return sent.to[:LINE_MAX] if sent is not None else ""


def send_back(row: SuggestionText, note: str, *, version: int, actor: str, now: datetime) -> None:
    """Give a text back to its author with what must change.

    Raises:
        StaleEditError: it changed since the page was opened, or does not wait for approval.
        DomainError: no note.
    """
    if not note:
        raise DomainError("Enter what must change", field="note")
    _check_version(row, version)
    if row.state is not TextState.AWAITING_APPROVAL:
        raise StaleEditError(MOVED_ON)
    row.approver_id = None
    _seal(row, replace(row.content, note=note))
    _step(row, TextState.DRAFT, "sent back", note=note, actor=actor, now=now)


def correct_text(row: SuggestionText, *, version: int, actor: str, now: datetime) -> None:
    """Open a published text for correction; the public reads the old words until the new ones are approved.

    Raises:
        StaleEditError: it changed since the page was opened, or is not published.
    """
    _check_version(row, version)
    if row.state is not TextState.PUBLISHED:
        raise StaleEditError(MOVED_ON)
    row.approver_id = None
    _step(row, TextState.DRAFT, "opened for correction", actor=actor, now=now)


def withdraw(row: SuggestionText, reason: str, *, version: int, actor: str, now: datetime) -> None:
    """Take back what is published: the address stays and says so, the words are gone. The reason is for the record.

    Raises:
        StaleEditError: it changed since the page was opened, or nothing is published.
        DomainError: no reason.
    """
    if not reason:
        raise DomainError("Enter why it is withdrawn", field="reason")
    _check_version(row, version)
    item = find_item_of(row.suggestion)
    if item is None or item.withdrawn_period is not None:
        raise StaleEditError(MOVED_ON)
    today = day_of(now)
    item.withdrawn_period = today.year * 100 + today.month
    item.title = item.said_text = item.done_text = item.search_text = item.body_name = ""
    row.approver_id = None
    _step(row, TextState.WITHDRAWN, "withdrawn", note=reason, actor=actor, now=now)
    step(row.suggestion, SuggestionState.ANSWERED, row.suggestion.version)
    db.session.flush()


def stop_text(row: SuggestionText, *, now: datetime) -> None:
    """Stop a text that is not public, because the commissioner took the suggestion back."""
    if row.state is not TextState.WITHDRAWN:
        row.approver_id = None
        _step(row, TextState.WITHDRAWN, "stopped", actor=REPORTER, now=now)


def record_refusal(suggestion: Suggestion, *, actor: str, now: datetime) -> None:
    """Keep on record that the disclosure gate stopped a text."""
    audit.record(
        Action.DISCLOSURE_BLOCKED,
        actor=actor,
        subject=SUBJECT,
        subject_id=suggestion.id,
        outcome=Outcome.REFUSED,
        now=now,
    )


def _check_version(row: SuggestionText, version: int) -> None:
    if row.version != version:
        raise StaleEditError(MOVED_ON)


def _step(
    row: SuggestionText, new: TextState, words_of_step: str, *, actor: str, now: datetime, note: str = ""
) -> None:
    if not can_text_step(row.state, new):
        raise StaleEditError(MOVED_ON)
    row.state = new
    row.changed_at = now
    db.session.flush()
    _record(row, words_of_step, note=note, actor=actor, now=now)


def _record(row: SuggestionText, words_of_step: str, *, actor: str, now: datetime, note: str = "") -> None:
    record(row.suggestion, PublicTextStepTaken(step=words_of_step, note=note), actor=actor, now=now)


def _seal(row: SuggestionText, text: SaidAndDone) -> None:
    context = f"suggestion_texts.content:{row.id}"
    row.content_sealed = seal_json(row.suggestion.data_key, text.to_json(), context)
