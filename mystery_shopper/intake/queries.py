"""Reads of drafts, and of what a reporter may see of their report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.asking import facts_stated_by
from mystery_shopper.cases.assessment import assess
from mystery_shopper.cases.events import ReportFiled, StateChanged
from mystery_shopper.cases.joining_events import ReportMoved
from mystery_shopper.cases.models import Case, Direction, Message, Report
from mystery_shopper.cases.queries import (
    find_identity,
    find_report_by_receipt,
    get_case_of,
    list_facts,
    list_messages,
)
from mystery_shopper.cases.walls import events_known_to, facts_said_by, home_case_of, is_for, shares_case
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.holidays import bank_holidays
from mystery_shopper.core.languages import _, current
from mystery_shopper.core.vault import unseal_json
from mystery_shopper.facts.definitions import FactDefinition
from mystery_shopper.facts.policy import FactValueError, display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.guidance.lookup import pages_for_rules
from mystery_shopper.guidance.policy import Audience, GuidancePage, Language
from mystery_shopper.intake import journey, noticed, scope
from mystery_shopper.intake.answers import (
    AWARD_NOTICE_FACT,
    CANCELLED,
    START_FACT,
    Answers,
    fact_values,
    is_only_about_invoice,
)
from mystery_shopper.intake.models import Draft
from mystery_shopper.intake.policy import RunningClock, running_clocks
from mystery_shopper.intake.uploading import AttachedView, attached_for
from mystery_shopper.notices.models import NoticeVersion
from mystery_shopper.notices.policy import NoticeView
from mystery_shopper.notices.queries import list_versions
from mystery_shopper.notices.reading import compiled_view
from mystery_shopper.notices.showing import state_at
from mystery_shopper.rules.catalogue import Family
from mystery_shopper.rules.results import Evaluation, RuleResult
from mystery_shopper.rules.translating import catalogue_in

IDENTITY_WORDS = {
    "name": _("your name"),
    "organisation": _("the name of your organisation"),
    "trading_names": _("other names your organisation uses"),
    "email": _("your email address"),
    "phone": _("your phone number"),
    "trade_body": _("the name of the trade body"),
    "member": _("the names of the member"),
}
MOST_PAGES = 6
"""Pages of guidance named on a receipt."""
STATUS_EVENTS = (StateChanged, ReportFiled, ReportMoved)
"""Events that say where a report stands from then on."""


@dataclass(frozen=True)
class OpenDraft:
    """A draft that was unsealed: its row, its receipt code and its answers."""

    row: Draft
    code: str
    answers: Answers


def find_draft(draft_id: UUID, today: date, *, lock: bool = False) -> Draft | None:
    """Return a draft that has not expired, submitted or not. With `lock`, nobody else changes it until the commit."""
    query = select(Draft).where(Draft.id == draft_id, Draft.expires_on >= today)
    return db.session.scalar(query.with_for_update(of=Draft) if lock else query)


def find_draft_by_code(code_mac: bytes, today: date) -> Draft | None:
    """Return the draft a receipt code opens."""
    return db.session.scalar(select(Draft).where(Draft.code_mac == code_mac, Draft.expires_on >= today))


@dataclass(frozen=True)
class Found:
    """What a receipt code opens: a draft, a report, or neither."""

    draft: Draft | None
    report: Report | None


def find_by_code(code_mac: bytes, today: date) -> Found:
    """Return what a code opens. Both tables are always asked, so that the time tells nothing."""
    return Found(find_draft_by_code(code_mac, today), find_report_by_receipt(code_mac))


def read_draft(draft: Draft) -> OpenDraft:
    """Open a draft.

    Raises:
        NotFoundError: it was submitted, so nothing is kept in it.
    """
    if draft.data_key is None or draft.content_sealed is None:
        raise NotFoundError
    content = unseal_json(draft.data_key, draft.content_sealed, f"drafts.content:{draft.id}")
    return OpenDraft(draft, content["code"], Answers.from_json(content["answers"]))


def families() -> tuple[Family, ...]:
    """Return the kinds of barrier that reporters choose from."""
    return catalogue_in(current()).families


def find_authority(authority_id: str) -> Authority | None:
    """Return the authority an answer names, None when it names none that is in the register."""
    try:
        return db.session.get(Authority, UUID(authority_id)) if authority_id else None
    except ValueError:
        return None


def scope_given(answers: Answers) -> dict[str, str]:
    """Return the answers of the scope check that count. What the register knows of the buyer comes before an answer."""
    given = journey.scope_path(answers)
    authority = find_authority(answers.authority_id)
    known = scope.body_in_register(authority.scope, authority.nation) if authority is not None else None
    return {**given, "body": known.value} if known is not None else given


def authority_name(answers: Answers) -> str:
    """Return the name of the buyer as it will stand on the report."""
    authority = find_authority(answers.authority_id)
    return authority.name if authority is not None else answers.authority_text


def notice_of(answers: Answers) -> NoticeView | None:
    """Return what the notice kept with the answers says, None when there is none (any more)."""
    kept = noticed.noticed(answers)
    if kept is None:
        return None
    if kept.copy:
        return compiled_view([kept.copy.encode()])
    version = db.session.get(NoticeVersion, UUID(kept.version_id))
    if version is None:
        return None
    return state_at(list_versions(version.notice_id, public_only=True), version.id)


def evaluate(answers: Answers) -> Evaluation:
    """Return what every rule says of the answers so far."""
    settled = journey.settle(answers, families())
    return assess(fact_values(settled), find_authority(settled.authority_id), current())


@dataclass(frozen=True)
class SpotView:
    """The on-the-spot view: rules that the requirement seems to break, to meet, and those that lack a fact."""

    regime: str | None
    regime_missing: tuple[str, ...]
    raised: tuple[RuleResult, ...]
    undecided: tuple[RuleResult, ...]
    cleared: tuple[RuleResult, ...]


def spot_view(answers: Answers) -> SpotView:
    """Return the results that matter to this reporter: of the barriers they chose, and every flag."""
    evaluation = evaluate(answers)
    chosen = {rule for family in families() if family.id in answers.barriers for rule in family.rules}
    about = [result for result in evaluation.results if result.rule_id in chosen and result.triggered]
    return SpotView(
        regime=evaluation.regime,
        regime_missing=evaluation.missing,
        raised=tuple(sorted(evaluation.raised, key=lambda result: (-result.severity, result.rule_id))),
        undecided=tuple(result for result in about if result.outcome == "undecided"),
        cleared=tuple(result for result in about if result.outcome == "cleared"),
    )


def get_report(report_id: UUID) -> Report:
    """Return a report by id, for its reporter.

    Raises:
        NotFoundError: no such report.
    """
    report = db.session.get(Report, report_id)
    if report is None:
        raise NotFoundError
    return report


@dataclass(frozen=True)
class TimelineEntry:
    """One line of what the reporter reads: a date without a time. `is_status`: where the report stood from then."""

    on: date
    sentence: str
    is_status: bool


def reporter_timeline(report: Report) -> list[TimelineEntry]:
    """Return what happened as its reporter may know it, newest first.

    Events about another report of the same case are left out: one reporter never learns of another.
    """
    entries: list[TimelineEntry] = []
    for known in events_known_to(report):
        event = known.row.to_event(known.case.data_key)
        sentence = event.reporter_sentence()
        if sentence is None or not is_for(report, event):
            continue
        entry = TimelineEntry(known.row.happened_at.date(), sentence, isinstance(event, STATUS_EVENTS))
        if not (entry.is_status and entries and sentence == reporter_status(entries[::-1])):
            entries.append(entry)
    return entries[::-1]


def reporter_status(timeline: Sequence[TimelineEntry]) -> str:
    """Return where the report stands, in words for its reporter."""
    return next(entry.sentence for entry in timeline if entry.is_status)


@dataclass(frozen=True)
class ShownMessage:
    """A message as its reporter sees it."""

    id: UUID
    on: date
    is_mine: bool
    is_new: bool
    body: str
    files: tuple[AttachedView, ...] = ()


def reporter_messages(case: Case, report: Report, just_read: Sequence[str]) -> list[ShownMessage]:
    """Return the messages of a report, oldest first; `just_read` are ids that were new when the receipt was opened."""
    attached = attached_for(report)
    return [
        ShownMessage(
            id=message.id,
            on=message.sent_at.date(),
            is_mine=message.direction is Direction.FROM_REPORTER,
            is_new=_is_unread(message) or str(message.id) in just_read,
            body=message.body(case.data_key),
            files=tuple(attached.get(message.id, ())),
        )
        for message in list_messages(report)
    ]


def report_clocks(report: Report, today: date) -> tuple[RunningClock, ...]:
    """Return the clocks that a report does not stop, from what is on record: none of them runs for an invoice."""
    content = report.content
    if is_only_about_invoice(dict(content.scope_answers), content.barriers):
        return ()
    case, home = get_case_of(report), home_case_of(report)
    by_staff = {row.fact_id: row.value_json(case.data_key) for row in list_facts(case) if row.report_id is None}
    known = {**facts_stated_by(report), **by_staff}
    award, started = known.get(AWARD_NOTICE_FACT), known.get(START_FACT)
    learnt = content.learnt_on
    return running_clocks(
        tender_closes_on=home.tender_closes_on,
        award_notice_on=date.fromisoformat(award) if award else None,
        started_on=date.fromisoformat(started) if started else _started_on(report, home),
        learnt_on=date.fromisoformat(learnt) if learnt else None,
        holidays=bank_holidays(),
        today=today,
        is_cancelled=content.stage == CANCELLED,
    )


def _started_on(report: Report, home: Case) -> date | None:
    """Return the start of the procurement as the case has it, unless another reporter may have said it."""
    is_alone = home.id == report.case_id and not shares_case(report)
    return home.procurement_started_on if is_alone else None


def guidance_on(report: Report) -> Sequence[GuidancePage]:
    """Return the pages of guidance about the barriers a reporter chose."""
    chosen = set(report.content.barriers)
    rules = (rule_id for family in families() if family.id in chosen for rule_id in family.rules)
    return pages_for_rules(rules, Audience.SUPPLIER, Language(current()))[:MOST_PAGES]


def unread_messages(report: Report) -> list[Message]:
    """Return what we wrote and the reporter has not opened."""
    return [message for message in list_messages(report) if _is_unread(message)]


def _is_unread(message: Message) -> bool:
    return message.direction is Direction.TO_REPORTER and message.read_at is None


NOT_CONFIRMED = _("found in your words, not confirmed by you")


@dataclass(frozen=True)
class Held:
    """What the service holds about one reporter: the kinds of identity data (not the data), the words and the facts."""

    identity: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def what_we_hold(report: Report) -> Held:
    """Return what is held of a report. Identity is named by kind only: a slip may be in other hands."""
    identity = find_identity(report)
    kinds = tuple(words for name, words in IDENTITY_WORDS.items() if identity and getattr(identity, name))
    stated = facts_stated_by(report)
    shown = []
    for fact_id, value in sorted({**facts_said_by(report), **stated}.items()):
        definition = registry().get(fact_id)
        if definition is not None:
            words = _display(definition, value)
            shown.append((definition.title_in(current()), words if fact_id in stated else f"{words} ({NOT_CONFIRMED})"))
    return Held(kinds, tuple(shown))


def _display(definition: FactDefinition, raw: object) -> str:
    try:
        return display(definition, from_json(definition, raw), current())  # type: ignore[arg-type]
    except FactValueError:
        return str(raw)
