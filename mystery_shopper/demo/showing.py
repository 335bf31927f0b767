"""One of everything the stories leave out: evidence, a referral, interests, questions, an inquiry, a letter, views."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.allocation.queries import list_owned
from mystery_shopper.answering import keys
from mystery_shopper.answering import services as answering
from mystery_shopper.answering.policy import Contact, Person
from mystery_shopper.answering.queries import find_page, list_questions
from mystery_shopper.answering.services.inviting import Invited
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.asking import ask_reporter, facts_stated_by, take_answers
from mystery_shopper.cases.models import Case, FactSource, InterestContent, InterestKind, Report
from mystery_shopper.cases.policy import BEFORE_OUTCOME
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.cases.services import NewFact
from mystery_shopper.cases.states import CaseState
from mystery_shopper.casework.services.saved_views import save_view
from mystery_shopper.core.db import new_id
from mystery_shopper.demo.papers import Paper
from mystery_shopper.demo.telling import Cast
from mystery_shopper.evidence.uploading import Upload
from mystery_shopper.guidance.referring import Consent, ConsentHow
from mystery_shopper.guidance.services import referring
from mystery_shopper.intake.uploading import add_to_report
from mystery_shopper.interests.services import NewInterest, declare_interest
from mystery_shopper.interventions.policy import InterventionKind
from mystery_shopper.interventions.services import NewIntervention, record_intervention
from mystery_shopper.letters.models import AuthorityLetter
from mystery_shopper.letters.policy import KnownBy, LetterText, kinds
from mystery_shopper.letters.services import NewLetter, approve_letter, send_letter, start_letter, submit_letter

DAY = timedelta(days=1)
ASKED_AGO, ANSWERED_AGO, ANSWER_WITHIN = 9 * DAY, 2 * DAY, 20 * DAY
FACTS_ASKED = ("published_on_portal", "advertised_openly", "tender_notice_published", "competition_held")
QUESTIONS = (
    "What is the requirement for, and who decided its level?",
    "Which other evidence did you think of accepting instead?",
)
ANSWERS = (
    "It stands in our template for works. Nobody changed it for this contract.",
    "A guarantee would have been possible. The template does not mention it.",
)
OFFICERS = (
    Person(name="Olga Ordway", role="Head of Procurement", email="head.of.procurement@buyer.example"),
    Person(name="Ivo Ledger", role="Category Manager", email="category.manager@buyer.example"),
)
CONTACT = Contact(name="The case team", reach="020 7946 0999")
LETTER = (
    "{date}\n\nWe look into a concern about one of your procurements. Please tell us what the financial requirement is "
    "for, who decided its level, and whether other evidence is accepted.\n\nPlease answer by {due}."
)
LETTERS = ("informal-enquiry", "reminder")
REFERRED_TO = ("mutuals-support-programme", "mutuals-information-service")
REFERRAL_WORDS = "A young organisation needs advice on the security a public buyer asks for."
BROTHER = "My brother works in the procurement team."
FORMER_EMPLOYER = ("I worked there until two years ago.", "Tamarack Grounds Ltd")
VIEWS = (
    ("Mine, waiting for the authority", "owner=me&waiting=authority&sort=due"),
    ("Nobody owns these", "owner=nobody&sort=received"),
)


def show_the_rest(
    cast: Cast, authorities: Sequence[Authority], papers: Sequence[Future[Paper]], today: date, now: datetime
) -> None:
    """Use every feature once or twice on cases of the first caseworker, as far as there are cases; open ones first."""
    worker = cast.caseworkers[0]
    acts: Sequence[Callable[[Case], None]] = (
        partial(_ask_the_authority, worker=worker, today=today, now=now),
        partial(_invite_somebody, worker=worker, today=today, now=now),
        partial(_write_letters, worker=worker, approver=cast.senior, now=now),
        partial(_send_files, papers=papers[:2], now=now),
        partial(_ask_and_answer, worker=worker, now=now),
        partial(_refer, worker=worker, now=now),
        partial(_send_files, papers=papers[2:], now=now),
    )
    owned = sorted(list_owned(worker.id, cast.senior), key=_how_late)
    for case, act in zip(owned, acts, strict=False):
        act(case)
    _declare(cast.away, authorities, today, now)
    _keep_views(cast, now)


def _how_late(case: Case) -> int:
    """Return how late a case is for what is shown: first those whose authority was asked, last those with a result."""
    if case.state is CaseState.AUTHORITY_CONTACTED:
        return 0
    return 1 if case.state in BEFORE_OUTCOME else 2


def _report_of(case: Case) -> Report:
    return list_reports(case)[0]


def _send_files(case: Case, *, papers: Sequence[Future[Paper]], now: datetime) -> None:
    if not papers:
        return
    made = [paper.result() for paper in papers]
    upload = Upload(taken=[paper.taken for paper in made])
    add_to_report(_report_of(case), upload, now=now)
    for paper, file in zip(made, upload.added, strict=True):
        paper.record(file, now=now)


def _ask_and_answer(case: Case, *, worker: User, now: datetime) -> None:
    """Put two questions to the reporter, of whom one is answered and the other waits."""
    report = _report_of(case)
    stated = facts_stated_by(report)
    asked = [fact_id for fact_id in FACTS_ASKED if fact_id not in stated][:2]
    for fact_id in asked:
        ask_reporter(case, report, fact_id, actor=worker.actor, now=now - DAY)
    answer = NewFact(fact_id=asked[0], value=True, source=FactSource.TYPED, is_confirmed=True)
    take_answers(case, report, [answer], [], now=now)


def _ask_the_authority(case: Case, *, worker: User, today: date, now: datetime) -> None:
    """Ask the authority, whose officer has answered on the page for it."""
    since = min(ASKED_AGO, today - case.received_on)
    invited = _begin(case, worker, OFFICERS[0], today - since, now - since)
    moment = now - min(ANSWERED_AGO, since)
    token = keys.token_of(invited.officer.id, invited.officer.issue)
    session = answering.open_inquiry(token, invited.code, now=moment)
    page = find_page(session, moment, lock=True) if session else None
    if page is None:
        raise RuntimeError("The officer of the demonstration cannot come in")
    answers = {view.row.id: text for view, text in zip(list_questions(case, page.inquiry), ANSWERS, strict=True)}
    answering.save_draft(page, answers, version=page.inquiry.version, now=moment)
    answering.send_answer(page, version=page.inquiry.version, now=moment)


def _invite_somebody(case: Case, *, worker: User, today: date, now: datetime) -> None:
    """Ask the authority, whose officer was invited and has not come in yet."""
    _begin(case, worker, OFFICERS[1], today, now)


def _begin(case: Case, worker: User, officer: Person, day: date, now: datetime) -> Invited:
    by = worker.to_staff_member()
    new = NewIntervention(
        submission_id=uuid4(),
        kind=InterventionKind.INFORMATION_REQUEST,
        made_on=day,
        summary="Asked in writing what the requirement is for.",
        asked_for=day + ANSWER_WITHIN,
    )
    row = record_intervention(case, new, version=case.version, maker=by, now=now)
    inquiry = answering.start_inquiry(case, row, CONTACT, by=by, now=now)
    for text in QUESTIONS:
        answering.add_question(case, inquiry, text, rule_id="", question_id=new_id(), actor=by.actor, now=now)
    return answering.invite(case, inquiry, officer, actor=by.actor, now=now)


def _write_letters(case: Case, *, worker: User, approver: StaffMember, now: datetime) -> None:
    """Send one letter that a second person approved; another waits for them."""
    by = worker.to_staff_member()
    sent, _waits = [_draft_letter(case, key, by, now) for key in LETTERS]
    approve_letter(case, sent, version=sent.version, by=approver, now=now)
    send_letter(case, sent, version=sent.version, is_confirmed=True, sender=by, now=now)


def _draft_letter(case: Case, key: str, by: StaffMember, now: datetime) -> AuthorityLetter:
    kind = kinds()[key]
    content = LetterText(text=LETTER, answer_days=kind.answer_days, known_by=KnownBy.MORE)
    new = NewLetter(submission_id=uuid4(), kind=kind, language="en", content=content)
    letter = start_letter(case, new, writer=by, now=now)
    submit_letter(case, letter, writer=by, now=now)
    return letter


def _refer(case: Case, *, worker: User, now: datetime) -> None:
    """Suggest two bodies to the reporter, who agreed to one by telephone and has not answered about the other."""
    by, report = worker.to_staff_member(), _report_of(case)
    rows = [
        referring.propose_referral(
            case,
            report,
            referring.NewReferral(submission_id=uuid4(), body_id=body_id, words=REFERRAL_WORDS),
            proposer=by,
            now=now,
        )
        for body_id in REFERRED_TO
    ]
    consent = Consent(now.date(), ConsentHow.PHONE, shares_contact=False)
    referring.agree(case, rows[0], consent, version=rows[0].version, actor=by.actor, now=now)


def _declare(person: User, authorities: Sequence[Authority], today: date, now: datetime) -> None:
    """Put two interests into the register: one in an authority, one in a supplier that ended."""
    by = person.to_staff_member()
    kin = NewInterest(
        kind=InterestKind.AUTHORITY,
        content=InterestContent(words=BROTHER),
        starts_on=today - 400 * DAY,
        authority_id=authorities[-1].id,
    )
    words, supplier = FORMER_EMPLOYER
    former = NewInterest(
        kind=InterestKind.SUPPLIER,
        content=InterestContent(words=words, supplier=supplier),
        starts_on=today - 2000 * DAY,
        ends_on=today - 730 * DAY,
    )
    for interest in (kin, former):
        declare_interest(person, interest, by=by, now=now)


def _keep_views(cast: Cast, now: datetime) -> None:
    worker = cast.caseworkers[0].to_staff_member()
    (own, own_query), (shared, shared_query) = VIEWS
    save_view(own, own_query, is_shared=False, by=worker, now=now)
    save_view(shared, shared_query, is_shared=True, by=cast.senior, now=now)
