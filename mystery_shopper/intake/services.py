"""What a reporter does: write a draft, send it, come back, write to us, withdraw. Flushes, never commits.

`now` is the reporter's clock (midnight): no hour of a visit is stored. What others read of a step (events, audit,
letters) is said in English, whatever the reporter reads.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.cases import services as cases
from mystery_shopper.cases.evidence import take_evidence_along
from mystery_shopper.cases.followup import PracticeChanged, take_follow_up
from mystery_shopper.cases.models import (
    Channel,
    FactSource,
    Identity,
    IdentityChoice,
    Message,
    Report,
    ReportContent,
    ReporterKind,
)
from mystery_shopper.cases.queries import lock_case_of
from mystery_shopper.core import receipts
from mystery_shopper.core.db import day_of, db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.languages import ENGLISH, _, current, speaking
from mystery_shopper.core.vault import Clearance, create_data_key, erase, seal_json
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.evidence.services import erase_files
from mystery_shopper.evidence.uploading import Upload
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.guidance.models import Referral
from mystery_shopper.guidance.services import referring
from mystery_shopper.holds import services as holds
from mystery_shopper.intake import found, journey, noticed
from mystery_shopper.intake.answers import CANCELLED, DEADLINE_FACT, NOT_SAID, START_FACT, Answers, fact_values
from mystery_shopper.intake.models import Draft
from mystery_shopper.intake.policy import draft_expires_on
from mystery_shopper.intake.queries import (
    OpenDraft,
    families,
    find_authority,
    find_draft,
    get_report,
    read_draft,
    unread_messages,
)
from mystery_shopper.intake.uploading import add_to_report

TEXTS = (
    "trade_body", "mandate", "member", "name", "organisation", "trading_names", "email", "phone", "authority_text",
    "procurement_title", "procurement_reference", "requirement", "narrative", "raised_with_buyer", "buyer_answer",
)  # fmt: skip
"""The answers a person types in words of their own."""


class IncompleteReportError(DomainError):
    """The report lacks an answer; `slug` is the page that asks for it."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("Answer this question before you send your report"))
        self.slug = slug


def start_draft(*, about: str = "", is_short: bool = False, now: datetime) -> OpenDraft:
    """Open a draft with a new receipt code: empty, or with what a report `about` something begins with.

    When it `is_short` it is of the form of one page.
    """
    answers = replace(journey.BEGINNINGS.get(about, Answers()), is_short=is_short)
    code = receipts.new_code()
    today = day_of(now)
    draft = Draft(
        id=new_id(),
        data_key=create_data_key(now),
        code_mac=receipts.digest(code),
        created_on=today,
        updated_on=today,
        expires_on=draft_expires_on(today),
    )
    _write(draft, code, answers)
    db.session.add(draft)
    db.session.flush()
    return OpenDraft(draft, code, answers)


def save_answers(draft: OpenDraft, answers: Answers, *, now: datetime) -> OpenDraft:
    """Keep the answers of a page; the draft lives on for another 28 days.

    Raises:
        DomainError: a text holds the receipt code.
    """
    typed = {name: getattr(answers, name) for name in TEXTS}
    typed |= {fact_id: value for fact_id, value in answers.facts.items() if isinstance(value, str)}
    for name, text in typed.items():
        receipts.refuse_own_code(text, draft.row.code_mac, field=name)
    _write(draft.row, draft.code, answers)
    draft.row.updated_on = day_of(now)
    draft.row.expires_on = draft_expires_on(day_of(now))
    db.session.flush()
    return replace(draft, answers=answers)


def _write(draft: Draft, code: str, answers: Answers) -> None:
    if draft.data_key is None:
        raise NotFoundError
    content = {"code": code, "answers": answers.to_json()}
    draft.content_sealed = seal_json(draft.data_key, content, f"drafts.content:{draft.id}")


def submit_draft(draft_id: UUID, *, now: datetime) -> Report:
    """Send a report: file it and empty its draft, in one step. Sent again, it gives the same report.

    Raises:
        NotFoundError: no such draft, or it has expired.
        IncompleteReportError: an answer is missing.
    """
    draft = find_draft(draft_id, day_of(now), lock=True)
    if draft is None:
        raise NotFoundError
    if draft.submitted_report_id is not None:
        return get_report(draft.submitted_report_id)
    opened = read_draft(draft)
    gap = journey.first_gap(opened.answers, families())
    if gap is not None:
        raise IncompleteReportError(gap.slug)
    new = new_report(opened)
    with speaking(ENGLISH):
        report = cases.file_report(new, now=now)
    take_evidence_along(draft.id, report, now=now)
    _empty(draft, holds.nothing_is_lost("the draft is a report now"), now)
    draft.submitted_report_id = report.id
    db.session.flush()
    return report


def _empty(draft: Draft, clearance: Clearance, now: datetime) -> None:
    if draft.data_key is not None:
        erase(draft.data_key, clearance, now)
    draft.data_key = None
    draft.content_sealed = None
    draft.code_mac = None


def new_report(draft: OpenDraft) -> cases.NewReport:
    """Translate a draft into the words of the case."""
    return report_of(draft.answers, submission_id=draft.row.id, receipt_mac=draft.row.code_mac)


def report_of(answers: Answers, *, submission_id: UUID, receipt_mac: bytes | None) -> cases.NewReport:
    """Translate answers, wherever they come from, into the words of the case."""
    answers = journey.settle(answers, families())
    authority = find_authority(answers.authority_id)
    return cases.NewReport(
        submission_id=submission_id,
        channel=Channel.WEB,
        reporter_kind=ReporterKind(answers.reporter_kind or NOT_SAID),
        identity_choice=IdentityChoice(answers.identity_choice),
        content=_content(answers),
        identity=_identity(answers),
        receipt_mac=receipt_mac,
        authority_id=authority.id if authority else None,
        authority_text="" if authority else answers.authority_text,
        facts=_facts(answers),
        tender_closes_on=None if answers.stage == CANCELLED else answers.fact_date(DEADLINE_FACT),
        procurement_started_on=answers.fact_date(START_FACT),
        is_demonstration=authority is not None and authority.is_demonstration,
        language=current(),
    )


def _content(answers: Answers) -> ReportContent:
    notice = noticed.used(answers)
    return ReportContent(
        procurement_title=answers.procurement_title,
        procurement_reference=answers.procurement_reference,
        procurement_kind=str(answers.facts.get("contract_kind", "")),
        stage=answers.stage,
        requirement=answers.requirement,
        narrative=answers.narrative,
        raised_with_buyer=answers.raised_with_buyer,
        buyer_answer=answers.buyer_answer,
        barriers=answers.barriers,
        scope_answers=tuple(answers.scope.items()),
        learnt_on=answers.learnt_on,
        notice_version_id=notice.version_id if notice else "",
        notice_copy=notice.copy if notice else "",
        is_short=answers.is_short,
        trade_body=answers.trade_body,
        mandate=answers.mandate,
        member_choice=answers.member_choice,
    )


def _identity(answers: Answers) -> Identity | None:
    if answers.identity_choice == IdentityChoice.ANONYMOUS and not answers.trade_body:
        return None
    return Identity(
        name=answers.name,
        organisation=answers.organisation,
        trading_names=answers.trading_names,
        email=answers.email,
        phone=answers.phone,
        wants_email=answers.wants_email,
        trade_body=answers.trade_body,
        member=answers.member,
    )


def _facts(answers: Answers) -> tuple[cases.NewFact, ...]:
    """Return what the reporter stated, and what was found in their words that they said nothing of: not confirmed."""
    from_notice = noticed.standing(answers)
    quotes = {fact.fact_id: fact for fact in found.found_facts(answers) if fact.decision in found.STATED}
    confirmed = (
        cases.NewFact(
            fact_id=fact_id,
            value=to_json(registry()[fact_id], value),
            source=FactSource.NOTICE if fact_id in from_notice else _source(quotes.get(fact_id)),
            is_confirmed=True,
            quoted=quotes[fact_id].quote if fact_id in quotes else "",
        )
        for fact_id, value in fact_values(answers).items()
    )
    open_findings = (
        cases.NewFact(
            fact_id=fact.fact_id,
            value=fact.value,
            source=FactSource.EXTRACTED,
            is_confirmed=False,
            quoted=fact.quote,
        )
        for fact in found.unconfirmed(answers)
    )
    return (*confirmed, *open_findings)


def _source(fact: found.FoundFact | None) -> FactSource:
    """Return where a confirmed fact came from: a finding that was corrected was typed."""
    return FactSource.EXTRACTED if fact is not None and fact.decision == found.Decision.RIGHT else FactSource.TYPED


def erase_expired_drafts(today: date, *, now: datetime) -> int:
    """Erase the drafts nobody came back to, keys first; return how many. None while a hold is on everything.

    Safe to repeat.
    """
    if holds.everything_is_held():
        return 0
    expired = db.session.scalars(
        select(Draft).where(Draft.expires_on < today, Draft.content_sealed.is_not(None)).order_by(Draft.expires_on)
    ).all()
    for draft in expired:
        clearance = holds.clear(holds.draft(draft.id))
        erase_files(Holder(draft_id=draft.id), clearance, now=now)
        _empty(draft, clearance, now)
        db.session.delete(draft)
    db.session.flush()
    return len(expired)


def open_receipt(report: Report, *, now: datetime) -> list[str]:
    """Note that the reporter opened our messages; return the ids of those that were new."""
    unread = unread_messages(report)
    cases.mark_read(unread, now=now)
    return [str(message.id) for message in unread]


@speaking(ENGLISH)
def write_message(
    report: Report, body: str, *, upload: Upload | None = None, submission_id: UUID, now: datetime
) -> Message:
    """Take a message from the reporter. Its files are evidence of their report.

    Raises:
        DomainError: it holds the receipt code, or a file is one too many.
    """
    receipts.refuse_own_code(body, report.receipt_mac, field="body")
    case = lock_case_of(report)
    cases.mark_read(unread_messages(report), now=now)
    message = cases.receive_message(case, report, body, submission_id=submission_id, now=now)
    if upload is not None and upload.taken:
        add_to_report(report, upload, message_id=message.id, now=now)
        if upload.refused:
            raise DomainError(upload.refused[0], field="files")
    return message


@speaking(ENGLISH)
def follow_up(report: Report, changed: PracticeChanged, satisfied: int, words: str, *, now: datetime) -> None:
    """Take what a reporter says at the end: of the practice, and of us (1 to 5, 0 when not answered).

    Raises:
        DomainError: the words hold the receipt code.
    """
    receipts.refuse_own_code(words, report.receipt_mac, field="words")
    take_follow_up(lock_case_of(report), report, changed, satisfied, words, now=now)


@speaking(ENGLISH)
def withdraw_report(report: Report, *, now: datetime) -> None:
    """Take a report back; asked twice, it is done once.

    Raises:
        TransitionNotAllowedError: the result is public already, or the case is closed.
    """
    if report.withdrawn_on is None:
        cases.withdraw(report, now=now)


@speaking(ENGLISH)
def object_to_publication(report: Report) -> None:
    """Record that the reporter does not want the result published."""
    cases.object_to_publication(report)


@speaking(ENGLISH)
def answer_referral(
    report: Report, row: Referral, *, agrees: bool, shares_contact: bool, version: int, now: datetime
) -> None:
    """Take the reporter's answer to a suggested referral.

    Raises:
        StaleEditError: the referral changed since the page was opened.
        DomainError: it waits for no answer.
    """
    case = lock_case_of(report)
    if agrees:
        consent = referring.by_receipt(shares_contact, day_of(now))
        referring.agree(case, row, consent, version=version, actor=REPORTER, now=now)
    else:
        referring.decline(case, row, version=version, actor=REPORTER, now=now)


@speaking(ENGLISH)
def stop_referral(report: Report, row: Referral, *, version: int, now: datetime) -> None:
    """Take back the reporter's agreement to a referral.

    Raises:
        StaleEditError: the referral changed since the page was opened.
        DomainError: it is over already.
    """
    case = lock_case_of(report)
    referring.withdraw(case, row, reason="", version=version, actor=REPORTER, now=now)
