"""Writes of one case: steps, ownership, replies, facts. They check what the person saw before they change anything."""

from datetime import datetime
from uuid import UUID

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.closure import ClosureNotConfirmedError, closing_obstacles
from mystery_shopper.cases.models import Case, FactSource, Message, Report
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.cases.services import (
    NewFact,
    add_facts,
    assign,
    check_version,
    correct_authority,
    correct_title,
    mark_read,
    move,
    send_message,
)
from mystery_shopper.cases.states import FINISHED, CaseState, state_label
from mystery_shopper.casework.policy import NEEDS_REASON, manual_steps
from mystery_shopper.casework.queries.page import find_fact, unread_messages
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, PermissionDeniedError, StaleEditError, TransitionNotAllowedError
from mystery_shopper.core.permissions import Permission
from mystery_shopper.evidence.uploading import Upload
from mystery_shopper.facts.definitions import FactDefinition, FactValue
from mystery_shopper.facts.policy import to_json


def step(
    case: Case,
    new: CaseState,
    *,
    reason: str,
    version: int,
    close_anyway: bool = False,
    actor: str,
    now: datetime,
) -> None:
    """Take a case one step on, by hand.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        TransitionNotAllowedError: the step is not open, or a second person must take it (publication).
        ClosureNotConfirmedError: something is open and nobody said to close all the same, or why.
        DomainError: a step that somebody will ask about later, without a reason.
    """
    check_version(case, version)
    if new not in manual_steps(case.state):
        raise TransitionNotAllowedError(reference=case.reference, from_state=case.state, to_state=new)
    if new in NEEDS_REASON and not reason:
        raise DomainError(f"Enter why the case becomes “{state_label(new)}”", field="reason")
    if new in FINISHED:
        reason = _closing_reason(case, reason, close_anyway)
    move(case, new, actor=actor, now=now, reason=reason)
    if new is CaseState.WITHDRAWN:
        for report in list_reports(case):
            report.withdrawn_on = report.withdrawn_on or day_of(now)
        db.session.flush()


def _closing_reason(case: Case, reason: str, close_anyway: bool) -> str:
    obstacles = closing_obstacles(case)
    if not obstacles:
        return reason
    first = [words for point in obstacles if point.is_must for words in point.still_open]
    if first:
        raise ClosureNotConfirmedError(f"You cannot close this case yet. {'; '.join(first)}", field="new")
    if not close_anyway:
        raise ClosureNotConfirmedError(
            "Settle the open points, or confirm that you close the case all the same", field="close_anyway"
        )
    if not reason:
        raise ClosureNotConfirmedError("Enter why the case is closed with open points", field="reason")
    return f"{reason} (open when closed: {'; '.join(point.label.lower() for point in obstacles)})"


def take(case: Case, taker: StaffMember, *, version: int, now: datetime) -> None:
    """Take a case nobody owns.

    Raises:
        StaleEditError: somebody changed the case, or took it first.
    """
    check_version(case, version)
    if case.owner_id is not None:
        raise StaleEditError(f"Somebody else already owns case {case.reference}.")
    assign(case, get_user(taker.id), actor=taker.actor, now=now)


def give(
    case: Case, owner_id: UUID | None, giver: StaffMember, *, version: int, now: datetime, reason: str = ""
) -> None:
    """Give a case to somebody, or put it back in its queue (`owner_id` None).

    A person who may not allocate can only put back a case of their own. A case that somebody else has changes hands
    with a reason.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        PermissionDeniedError: allocating is for senior caseworkers.
        DomainError: a reason is missing, or the person may not own this case or is away.
    """
    check_version(case, version)
    if not giver.can(Permission.CASE_ALLOCATE) and (owner_id is not None or case.owner_id != giver.id):
        raise PermissionDeniedError("Ask a senior caseworker to give this case to somebody")
    if case.owner_id not in (None, giver.id) and not reason:
        raise DomainError("Enter why the case changes hands", field="reason")
    owner: User | None = get_user(owner_id) if owner_id else None
    assign(case, owner, actor=giver.actor, now=now, reason=reason)


def reply(
    case: Case,
    report: Report,
    body: str,
    *,
    upload: Upload | None = None,
    submission_id: UUID,
    sender: StaffMember,
    now: datetime,
) -> Message:
    """Write to the reporter of one report; what they wrote before counts as read.

    Raises:
        DisclosureError: the text could identify another reporter of the case.
        DomainError: a file is one too many.
    """
    mark_read(unread_messages(report), now=now)
    return send_message(case, report, body, upload=upload, submission_id=submission_id, sender=sender, now=now)


def note_read(case: Case, report: Report, *, actor: str, now: datetime) -> None:
    """Note that the messages of a reporter need no answer."""
    mark_read(unread_messages(report), now=now)
    audit.record(Action.MESSAGES_MARKED, actor=actor, subject="case", subject_id=case.id, now=now)


def state_fact(
    case: Case,
    definition: FactDefinition,
    value: FactValue,
    *,
    origin: str,
    seen: str,
    actor: str,
    now: datetime,
) -> None:
    """State or correct a fact for staff; the rules are applied again in the same transaction.

    `origin` says where the value was found; `seen` is the id of the statement the person saw, "" when there was none.

    Raises:
        StaleEditError: somebody else stated the fact since the page was opened.
    """
    current = find_fact(case, definition.id)
    if (str(current.id) if current else "") != seen:
        raise StaleEditError(f"Somebody else recorded “{definition.title}” while you were working on it.")
    fact = NewFact(
        fact_id=definition.id,
        value=to_json(definition, value),
        source=FactSource.STAFF,
        is_confirmed=True,
        quoted=origin,
    )
    add_facts(case, [fact], actor=actor, now=now)


def retitle(case: Case, title: str, *, reason: str, version: int, actor: str, now: datetime) -> None:
    """Correct the title of the procurement.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
    """
    check_version(case, version)
    correct_title(case, title, reason=reason, actor=actor, now=now)


def name_authority(case: Case, authority_id: UUID, *, reason: str, version: int, actor: str, now: datetime) -> None:
    """Name the registered authority a case is about; triage applies the rules and routes again.

    Raises:
        StaleEditError: somebody changed the case since the page was opened.
        DomainError: there is no such authority.
    """
    check_version(case, version)
    correct_authority(case, authority_id, reason=reason, actor=actor, now=now)
