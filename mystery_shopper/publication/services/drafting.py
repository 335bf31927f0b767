"""Writing the public text and getting it past a second person."""

from dataclasses import replace
from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action, Outcome
from mystery_shopper.cases.events import PublicationStepTaken
from mystery_shopper.cases.gate import DisclosureError, check_texts
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import is_recused_from
from mystery_shopper.cases.services import move, record
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError, StaleEditError
from mystery_shopper.core.events import staff_actor
from mystery_shopper.core.vault import seal_json
from mystery_shopper.publication.models import Publication
from mystery_shopper.publication.policy import PublicText, check_approver, check_ready
from mystery_shopper.publication.queries import (
    Basis,
    basis_of,
    count_objections,
    find_open_publication,
    find_published_version,
    next_number,
)
from mystery_shopper.publication.states import PublicationState, can_step, state_label
from mystery_shopper.publication.taxonomy import taxonomy

UNPUBLISHED = frozenset({CaseState.SUPPLIER_TOLD, CaseState.READY_TO_PUBLISH})
"""States in which a case waits for its first public text."""


def start_draft(case: Case, *, author: StaffMember, now: datetime) -> Publication:
    """Begin the public text of a case with what is known: authority, raised flags, outcome.

    Returns:
        The version; the one already being worked on when there is one.

    Raises:
        DomainError: the case is not at the point where its result is made public.
    """
    known = find_open_publication(case)
    if known is not None:
        return known
    if case.state not in UNPUBLISHED:
        raise DomainError("A public text can be started once the reporter has been told the result.")
    return _add_version(case, _prefilled(case, basis_of(case)), author=author, now=now, step="started")


def start_correction(case: Case, *, author: StaffMember, now: datetime) -> Publication:
    """Begin a new version of a published text; the public reads the old one until the new one is published.

    Raises:
        NotFoundError: nothing is published.
    """
    known = find_open_publication(case)
    if known is not None:
        return known
    current = find_published_version(case)
    if current is None:
        raise NotFoundError("There is no published result to correct")
    text = replace(current.content, note="", objection_answer="", writers=())
    return _add_version(case, text, author=author, now=now, step="correction started")


def save_draft(publication: Publication, text: PublicText, *, version: int, author: StaffMember, now: datetime) -> None:
    """Keep the text as it is now. The name of the authority comes from the case, never from a form.

    Raises:
        StaleEditError: somebody saved since the page was opened.
        DomainError: the version is not a draft any more.
    """
    check_version(publication, version)
    if publication.state is not PublicationState.DRAFT:
        raise DomainError("This text has been sent for approval. Send it back to change it.")
    publication.author_id = author.id
    named = replace(text, authority_name=_registered_name(publication.case), writers=publication.content.writers)
    _seal(publication, named.with_writer(author.id))
    publication.changed_at = now
    db.session.flush()
    subject_id = publication.case_id
    audit.record(Action.PUBLICATION_DRAFTED, actor=author.actor, subject="case", subject_id=subject_id, now=now)


def submit(publication: Publication, *, author: StaffMember, now: datetime) -> None:
    """Send the text to a second person, past the disclosure gate.

    Raises:
        DisclosureError: a text holds a trace of a reporter.
        DomainError: something is missing, or an objection is not answered.
    """
    check_publishable(publication)
    publication.author_id = author.id
    _seal(publication, publication.content.with_writer(author.id))
    take_step(
        publication, PublicationState.AWAITING_APPROVAL, "sent for approval", actor=staff_actor(author.id), now=now
    )


def what_stops(publication: Publication) -> DisclosureError | None:
    """Return what the disclosure gate finds in a text, None when it lets it out."""
    try:
        check_texts(publication.case, publication.content.gate_texts)
    except DisclosureError as error:
        return error
    return None


def check_publishable(publication: Publication) -> None:
    """Refuse a text that may not become public as things stand now: gate, objections, missing parts.

    Raises:
        DisclosureError: a text holds a trace of a reporter.
        DomainError: something is missing, or fiction would be attached to a real authority.
    """
    case, text = publication.case, publication.content
    check_texts(case, text.gate_texts)
    if not text.details_withheld and case.authority is None:
        raise DomainError(
            "The authority is not from the register. Correct it on the case, or withhold the details of the authority.",
            field="details_withheld",
        )
    check_ready(text, has_objection=count_objections(case) > 0)
    if case.authority is not None and case.authority.is_demonstration != case.is_demonstration:
        raise DomainError("A demonstration case must concern a fictional authority, and a real case a real one.")


def approve(publication: Publication, *, version: int, approver: StaffMember, now: datetime) -> None:
    """Approve a text somebody else wrote; the case becomes ready to publish.

    Raises:
        PermissionDeniedError: the approver wrote some of it, or has an interest in the case.
        DisclosureError, DomainError: it may not become public as things stand now.
        StaleEditError: it changed since the page was opened.
    """
    check_version(publication, version)
    check_approver(approver_id=approver.id, writer_ids=publication.writer_ids)
    if is_recused_from(publication.case, approver.id):
        raise PermissionDeniedError("An interest of yours stands against this case, so somebody else must approve it.")
    check_publishable(publication)
    publication.approver_id = approver.id
    actor = staff_actor(approver.id)
    take_step(publication, PublicationState.APPROVED, "approved", actor=actor, now=now)
    if publication.case.state is CaseState.SUPPLIER_TOLD:
        move(publication.case, CaseState.READY_TO_PUBLISH, actor=actor, now=now)


def send_back(publication: Publication, note: str, *, version: int, actor: str, now: datetime) -> None:
    """Give a text back to its author with what must change.

    Raises:
        StaleEditError: it changed since the page was opened.
    """
    check_version(publication, version)
    publication.approver_id = None
    _seal(publication, publication.content.with_note(note))
    take_step(publication, PublicationState.DRAFT, "sent back", actor=actor, now=now)


def drop_open_version(case: Case, *, actor: str, now: datetime) -> None:
    """Stop work on the public text of a case that will not be published. Nothing happens when there is none."""
    publication = find_open_publication(case)
    if publication is not None:
        take_step(publication, PublicationState.DROPPED, "dropped", actor=actor, now=now)


def record_refusal(case: Case, *, actor: str, now: datetime) -> None:
    """Keep on record that the disclosure gate stopped a text."""
    audit.record(
        Action.DISCLOSURE_BLOCKED,
        actor=actor,
        subject="case",
        subject_id=case.id,
        outcome=Outcome.REFUSED,
        now=now,
    )


def take_step(publication: Publication, new: PublicationState, words: str, *, actor: str, now: datetime) -> None:
    """Take a version one step on and write the event, in `words` of the past tense.

    Raises:
        StaleEditError: the version is in a state from which this step cannot be taken.
    """
    if not can_step(publication.state, new):
        raise StaleEditError(f"This text is '{state_label(publication.state)}' now, so that step is no longer open.")
    publication.state = new
    publication.changed_at = now
    event = PublicationStepTaken(publication_id=str(publication.id), step=words, version=publication.number)
    record(publication.case, event, actor=actor, now=now)


def check_version(publication: Publication, version: int) -> None:
    """Refuse to go on with a page that shows an older version of the text.

    Raises:
        StaleEditError: somebody saved since the page was opened.
    """
    if publication.version != version:
        raise StaleEditError("Somebody else changed this text while you were working on it.")


def _add_version(case: Case, text: PublicText, *, author: StaffMember, now: datetime, step: str) -> Publication:
    publication = Publication(
        id=new_id(),
        case=case,
        number=next_number(case),
        state=PublicationState.DRAFT,
        started_by_id=author.id,
        author_id=author.id,
        changed_at=now,
    )
    _seal(publication, text.with_writer(author.id))
    db.session.add(publication)
    db.session.flush()
    event = PublicationStepTaken(publication_id=str(publication.id), step=step, version=publication.number)
    record(case, event, actor=staff_actor(author.id), now=now)
    return publication


def _seal(publication: Publication, text: PublicText) -> None:
    context = f"publications.content:{publication.id}"
    publication.content_sealed = seal_json(publication.case.data_key, text.to_json(), context)


def _registered_name(case: Case) -> str:
    return case.authority.name if case.authority is not None else ""


def _prefilled(case: Case, basis: Basis) -> PublicText:
    proposal = taxonomy().propose(str(flag["rule_id"]) for flag in basis.flags)
    explanations = [str(flag["explanation"]) for flag in basis.flags if flag.get("explanation")]
    issue = ["A supplier was concerned about what a tender asked for.", *explanations] if explanations else []
    return PublicText(
        authority_name=_registered_name(case),
        subject=proposal.subject if proposal else "",
        sub_issue=proposal.sub_issue if proposal else "",
        issue_text="\n".join(issue),
        outcome_text=taxonomy().outcomes.get(basis.outcome.code, "") if basis.outcome else "",
    )
