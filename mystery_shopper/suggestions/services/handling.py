"""What policy owners do with a suggestion, and what the commissioner does through the receipt."""

from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import date, datetime

from mystery_shopper.core import receipts
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.events import REPORTER, SYSTEM
from mystery_shopper.core.languages import _
from mystery_shopper.core.vault import seal, seal_json
from mystery_shopper.suggestions import gate
from mystery_shopper.suggestions.bodies import OTHER_BODY, imposing_bodies
from mystery_shopper.suggestions.events import (
    AnswerOverdue,
    BodyReminded,
    CommissionerReplied,
    ReplyRead,
    SuggestionAnswered,
    SuggestionClassed,
    SuggestionClosed,
    SuggestionReopened,
    SuggestionRouted,
)
from mystery_shopper.suggestions.journey import family_title, rules_of
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import HELPED_LABELS, RESULT_LABELS, AnswerResult, Helped, Route, answer_due
from mystery_shopper.suggestions.queries import list_newly_overdue
from mystery_shopper.suggestions.services.recording import MOVED_ON, check_version, record, step
from mystery_shopper.suggestions.states import SuggestionState


@dataclass(frozen=True, kw_only=True)
class NewRoute:
    """To which body, in which words. `other` names a body that is not in the list; no `due_on`: the usual time."""

    body_id: str
    text: str
    other: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class NewAnswer:
    """What came of it, what the commissioner reads, and what the body said (for staff)."""

    result: AnswerResult
    text: str
    body_said: str = ""


def route(
    suggestion: Suggestion, new: NewRoute, *, version: int, actor: str, now: datetime, holidays: AbstractSet[date]
) -> None:
    """Pass a suggestion on to the body that imposes the rule, past the disclosure gate; the body's clock starts.

    Units: the answer is due after working days (England and Wales bank holidays), the day of asking not counted.

    Raises:
        DisclosureError: the words or the name of the body tell where it came from.
        DomainError: no body, no words, the commissioner's own authority, or a day that has passed.
        StaleEditError: somebody saved since the page was opened, or it cannot be passed on now.
    """
    to = _body_to_ask(new)
    if not new.text:
        raise DomainError("Enter what you ask the body", field="text")
    today = day_of(now)
    due_on = new.due_on or answer_due(today, imposing_bodies().days_of(new.body_id), holidays)
    if due_on < today:
        raise DomainError("The day must be today or later", field="due_on")
    check_version(suggestion, version)
    gate.check_texts(suggestion, {"text": new.text, "other": to})
    step(suggestion, SuggestionState.ROUTED, version)
    suggestion.routed_on = today
    suggestion.answer_due_on, suggestion.overdue_noted = due_on, False
    words = Route(to=to, text=new.text)
    suggestion.route_sealed = seal_json(suggestion.data_key, asdict(words), f"suggestions.route:{suggestion.id}")
    suggestion.waits_for_us = False
    db.session.flush()
    event = SuggestionRouted(to=to, text=new.text, due_on=due_on.isoformat())
    record(suggestion, event, actor=actor, now=now)


def _body_to_ask(new: NewRoute) -> str:
    if new.body_id == OTHER_BODY:
        if not new.other:
            raise DomainError("Enter the name of the body", field="other")
        return new.other
    body = imposing_bodies().by_id.get(new.body_id)
    if body is None:
        raise DomainError("Select the body that imposes the rule", field="body")
    if body.is_own:
        raise DomainError(
            "Select a body other than the commissioner's own authority: asking it would tell that somebody there "
            "wrote to us",
            field="body",
        )
    return body.name


def remind(suggestion: Suggestion, text: str, due_on: date, *, version: int, actor: str, now: datetime) -> None:
    """Note that the body was reminded, in words past the disclosure gate, with the day it is to answer by now.

    Raises:
        DisclosureError: the words tell where it came from.
        DomainError: no words, or a day that has passed.
        StaleEditError: somebody saved since the page was opened, or no answer is owed.
    """
    if not text:
        raise DomainError("Enter what you wrote to the body", field="text")
    if due_on < day_of(now):
        raise DomainError("The day must be today or later", field="due_on")
    check_version(suggestion, version)
    sent = suggestion.route
    if suggestion.state is not SuggestionState.ROUTED or sent is None:
        raise StaleEditError(MOVED_ON)
    gate.check_texts(suggestion, {"text": text})
    suggestion.answer_due_on, suggestion.overdue_noted = due_on, False
    db.session.flush()
    record(suggestion, BodyReminded(to=sent.to, text=text, due_on=due_on.isoformat()), actor=actor, now=now)


def note_overdue(today: date, *, now: datetime) -> int:
    """Note every answer of a body that is overdue, once for each day it was due; return how many. Safe to repeat."""
    found = list_newly_overdue(today)
    for suggestion in found:
        sent, due_on = suggestion.route, suggestion.answer_due_on
        suggestion.overdue_noted = True
        db.session.flush()
        event = AnswerOverdue(to=sent.to if sent else "", due_on=due_on.isoformat() if due_on else "")
        record(suggestion, event, actor=SYSTEM, now=now)
    return len(found)


def answer(suggestion: Suggestion, new: NewAnswer, *, version: int, actor: str, now: datetime) -> None:
    """Answer the commissioner through the receipt; answering again replaces the answer they read.

    Raises:
        StaleEditError: somebody saved since the page was opened, or it is closed.
        DomainError: no answer.
    """
    if not new.text:
        raise DomainError("Enter your answer", field="answer")
    was_published = suggestion.state is SuggestionState.PUBLISHED
    step(suggestion, SuggestionState.PUBLISHED if was_published else SuggestionState.ANSWERED, version)
    suggestion.answered_on = day_of(now)
    suggestion.answer_due_on = None
    suggestion.result = new.result
    suggestion.answer_sealed = seal(suggestion.data_key, new.text, f"suggestions.answer:{suggestion.id}")
    suggestion.waits_for_us = False
    db.session.flush()
    event = SuggestionAnswered(result=RESULT_LABELS[new.result], text=new.text, body_said=new.body_said)
    record(suggestion, event, actor=actor, now=now)


def close(suggestion: Suggestion, reason: str, *, version: int, actor: str, now: datetime) -> None:
    """Close a suggestion without action; the commissioner reads the reason through the receipt.

    Raises:
        StaleEditError: somebody saved since the page was opened, or it cannot be closed now.
        DomainError: no reason.
    """
    if not reason:
        raise DomainError("Enter why it is closed", field="reason")
    step(suggestion, SuggestionState.CLOSED, version)
    suggestion.closed_on = day_of(now)
    suggestion.answer_due_on = None
    suggestion.waits_for_us = False
    db.session.flush()
    record(suggestion, SuggestionClosed(reason=reason), actor=actor, now=now)


def reopen(suggestion: Suggestion, reason: str, *, version: int, actor: str, now: datetime) -> None:
    """Take a closed suggestion up again.

    Raises:
        StaleEditError: somebody saved since the page was opened, or it is not closed.
        DomainError: no reason.
    """
    if not reason:
        raise DomainError("Enter why it is reopened", field="reason")
    step(suggestion, SuggestionState.RECEIVED, version)
    suggestion.closed_on = None
    db.session.flush()
    record(suggestion, SuggestionReopened(reason=reason), actor=actor, now=now)


def class_suggestion(
    suggestion: Suggestion,
    *,
    family: str,
    rule_id: str,
    body_id: str,
    version: int,
    actor: str,
    now: datetime,
) -> None:
    """Say what a suggestion is about, where the commissioner did not or could not know.

    Raises:
        StaleEditError: somebody saved since the page was opened.
        DomainError: the rule is of another kind of barrier.
    """
    check_version(suggestion, version)
    titles = rules_of(family)
    if rule_id and rule_id not in titles:
        raise DomainError("Select a rule of this kind of barrier, or no rule", field="rule_id")
    suggestion.family, suggestion.rule_id, suggestion.body_id = family, rule_id or None, body_id
    db.session.flush()
    event = SuggestionClassed(family=family_title(family), rule=rule_id, body=imposing_bodies().name_of(body_id))
    record(suggestion, event, actor=actor, now=now)


def reply(suggestion: Suggestion, text: str, helped: Helped | None, *, now: datetime) -> None:
    """Take what the commissioner writes through the receipt: whether the answer helped, or more words, or both.

    Raises:
        DomainError: nothing was said, it was taken back, or the text holds the receipt code.
    """
    if suggestion.state is SuggestionState.WITHDRAWN:
        raise DomainError(_("You took it back, so we do not work on it any more. You can tell us again."))
    if not text and helped is None:
        raise DomainError(_("Enter what you want to tell us"), field="text")
    receipts.refuse_own_code(text, suggestion.receipt_mac, field="text")
    suggestion.helped = helped or suggestion.helped
    suggestion.waits_for_us = True
    db.session.flush()
    event = CommissionerReplied(text=text, helped=HELPED_LABELS[helped] if helped else "")
    record(suggestion, event, actor=REPORTER, now=now)


def mark_reply_read(suggestion: Suggestion, *, version: int, actor: str, now: datetime) -> None:
    """Note that a reply was read and needs nothing; nothing happens when none waits.

    Raises:
        StaleEditError: somebody saved since the page was opened: there may be a newer reply.
    """
    check_version(suggestion, version)
    if suggestion.waits_for_us:
        suggestion.waits_for_us = False
        db.session.flush()
        record(suggestion, ReplyRead(), actor=actor, now=now)
