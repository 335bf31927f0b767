"""Making a text public, taking it back, and deciding not to publish."""

from datetime import datetime

from mystery_shopper.cases.models import Case
from mystery_shopper.cases.search import words
from mystery_shopper.cases.services import move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.publication.models import Publication, PublishedResult
from mystery_shopper.publication.policy import Period, PublicText, ResultSource, WithdrawalReason, check_hold
from mystery_shopper.publication.queries import find_published_version, find_result_of
from mystery_shopper.publication.services.drafting import (
    check_publishable,
    check_version,
    drop_open_version,
    take_step,
)
from mystery_shopper.publication.states import PublicationState


def publish(publication: Publication, *, version: int, hold_days: int, actor: str, now: datetime) -> PublishedResult:
    """Make an approved text public: a new row, or the corrected words of the row that is there.

    Units: `hold_days` are calendar days between the approval and the first day on which it may become public.

    The first publication takes the case from ready to publish to published.

    Raises:
        DisclosureError, DomainError: it may not become public as things stand now, or not yet.
        StaleEditError: it changed since the page was opened, or is not approved.
        TransitionNotAllowedError: the case is not ready to publish.
    """
    check_version(publication, version)
    check_publishable(publication)
    if publication.state is PublicationState.APPROVED:  # the last change of an approved text is its approval
        check_hold(approved_on=day_of(publication.changed_at), today=day_of(now), hold_days=hold_days)
    case = publication.case
    replaced = find_published_version(case)
    if replaced is not None:
        take_step(replaced, PublicationState.SUPERSEDED, "replaced", actor=actor, now=now)
    publication.published_on = day_of(now)
    take_step(publication, PublicationState.PUBLISHED, "published", actor=actor, now=now)
    result = _write_result(case, publication.content, Period.of(day_of(now)))
    db.session.flush()
    if case.state is CaseState.READY_TO_PUBLISH:
        move(case, CaseState.PUBLISHED, actor=actor, now=now)
    return result


def _write_result(case: Case, text: PublicText, period: Period) -> PublishedResult:
    result = find_result_of(case)
    if result is None:
        result = PublishedResult(
            public_reference=case.public_reference,
            source=ResultSource.SCHEME,
            case_id=case.id,
            period=period.number,
            is_demonstration=case.is_demonstration,
        )
        db.session.add(result)
    else:
        result.corrected_period = period.number
        result.withdrawn_period = result.withdrawal_reason = None
    result.authority = None if text.details_withheld else case.authority
    result.authority_name = text.shown_authority
    result.subject, result.sub_issue = text.subject, text.sub_issue
    result.issue_text, result.outcome_text = text.issue_text, text.outcome_text
    index_words(result)
    return result


def index_words(result: PublishedResult) -> None:
    """Set the folded words a result is found by."""
    columns = (result.authority_name, result.subject, result.sub_issue, result.issue_text, result.outcome_text)
    result.search_text = " ".join(word for column in columns for word in words(column))
    result.authority_search = " ".join(words(result.authority_name))


def withdraw(
    result: PublishedResult, reason: WithdrawalReason, note: str, *, case: Case, version: int, actor: str, now: datetime
) -> None:
    """Take a published result back: its address stays and says so, its words are gone.

    `note` is for the record of the case and never shown in public.

    Raises:
        StaleEditError: it changed since the page was opened, or is withdrawn already.
    """
    publication = find_published_version(case)
    if publication is None or result.version != version:
        raise StaleEditError("Somebody else changed this result while you were working on it.")
    result.withdrawn_period = Period.of(day_of(now)).number
    result.withdrawal_reason = reason
    result.authority = None
    result.authority_name = result.subject = result.sub_issue = ""
    result.issue_text = result.outcome_text = ""
    index_words(result)
    take_step(publication, PublicationState.WITHDRAWN, f"withdrawn ({reason}: {note})", actor=actor, now=now)


def take_back_result(case: Case, *, actor: str, now: datetime) -> None:
    """Withdraw the public result of a case whose report was taken back after it was reopened. Nothing without one."""
    result = find_result_of(case)
    if result is not None and result.withdrawn_period is None:
        reason, note = WithdrawalReason.REPORTER, "the report was withdrawn"
        withdraw(result, reason, note, case=case, version=result.version, actor=actor, now=now)


def withhold(case: Case, reason: str, *, actor: str, now: datetime) -> None:
    """Decide that the result of a case is not published, with the reason.

    Raises:
        DomainError: no reason.
        TransitionNotAllowedError: the case is not at that point.
    """
    if not reason:
        raise DomainError("Enter why the result is not published", field="reason")
    drop_open_version(case, actor=actor, now=now)
    move(case, CaseState.WITHHELD, actor=actor, now=now, reason=reason)
