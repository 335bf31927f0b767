"""One of everything a page can be about, and a member of staff of every kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.accounts.services import disable_user
from mystery_shopper.authorities.models import Authority
from mystery_shopper.casenotices.queries import list_links
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, GateOverride
from mystery_shopper.cases.queries import get_case_for_update, list_reports
from mystery_shopper.cases.services import ask_override, assign, guard_word, move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.casework.models import BulkAction, SavedView
from mystery_shopper.casework.queries.bulk import Order, choose_cases
from mystery_shopper.casework.services.bulk import do_order
from mystery_shopper.casework.services.saved_views import save_view
from mystery_shopper.casework.states import BulkKind
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, new_id, transaction
from mystery_shopper.disclosure.policy import Hit
from mystery_shopper.disclosure.terms import TermKind
from mystery_shopper.evidence.queries import Holder
from mystery_shopper.guidance.queries import list_stages
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.interventions.models import CaseFollowUp
from mystery_shopper.interventions.policy import InterventionKind
from mystery_shopper.interventions.services import NewIntervention, make_recommendation, record_intervention
from mystery_shopper.publication.services import start_draft
from mystery_shopper.replays import candidates
from mystery_shopper.replays.services import record_release, start_replay, work_on
from mystery_shopper.requests.services.packing import build_pack
from mystery_shopper.retention.policy import CASE_FILE, IDENTITY, schedule
from mystery_shopper.retention.queries import get_batch
from mystery_shopper.retention.services.batches import approve, propose
from mystery_shopper.retention.worker import retention_round
from mystery_shopper.suggestions.states import SuggestionState, TextState
from mystery_shopper.teamwork.models import CaseTask, Label
from mystery_shopper.teamwork.queries.labels import get_label
from mystery_shopper.teamwork.services.labels import keep_label
from mystery_shopper.teamwork.services.tasks import NewTask, make_task
from mystery_shopper.teamwork.states import Colour
from tests.factories.evidence import add_evidence, attach_to_message
from tests.factories.inquiries import add_inquiry, ask_for_time
from tests.factories.letters import add_approved_letter, add_batch, add_letter, add_waiting_letter
from tests.factories.notices import TENDER, UPDATE, keep, read
from tests.factories.publications import (
    ROAD,
    Staff,
    add_approved,
    add_authority,
    add_published,
    add_submitted,
    add_told_case,
)
from tests.factories.records import add_closed_case, add_hold
from tests.factories.referrals import add_agreed
from tests.factories.reports import Filed, add_report
from tests.factories.requests import add_request
from tests.factories.staff import PASSWORD, Member, add_member, give_password, sign_in_member
from tests.factories.suggestions import public_reference_of, suggestion_in, text_in

UNKNOWN_REFERENCE = "MS-2020-99999"
UNKNOWN_ID = UUID(int=7)
COLLEAGUE = "colleague"
COPY = read().content.decode()
"""A notice as a reporter pasted it: its frozen copy lies in the report."""
ANONYMOUS = "anonymous"
BATCH_WAITING = "1"
BATCH_DONE = "2"
UNENROLLED = "un-enrolled"
DISABLED = "disabled"
PEOPLE = (ANONYMOUS, UNENROLLED, DISABLED, *(role.value for role in Role))


@dataclass(frozen=True)
class CaseThings:
    """A case and the ids of what hangs on it, as addresses need them."""

    reference: str
    report_id: str
    intervention_id: str = str(uuid4())
    recommendation_id: str = str(uuid4())
    follow_up_id: str = str(uuid4())
    letter_id: str = str(uuid4())
    waiting_letter_id: str = str(uuid4())
    approved_letter_id: str = str(uuid4())
    rule_id: str = "FIN-BOND"
    referral_id: str = str(uuid4())
    link_id: str = str(uuid4())
    file_id: str = str(uuid4())
    task_id: str = str(uuid4())
    attachment_id: str = str(uuid4())
    override_id: str = str(uuid4())
    word_id: str = str(uuid4())
    inquiry_id: str = str(uuid4())
    question_id: str = str(uuid4())
    officer_id: str = str(uuid4())
    inquiry_request_id: str = str(uuid4())
    answer_file_id: str = str(uuid4())


@dataclass(frozen=True)
class World:
    """What there is. `told` waits for a public text; `on_its_way` holds cases that pages of later steps need."""

    owned: CaseThings
    unassigned: CaseThings
    others: CaseThings
    told: CaseThings
    on_its_way: Mapping[str, CaseThings]
    public_reference: str
    authority_slug: str
    suggestion: str
    suggestions: Mapping[str, str]
    replay_id: str
    stage_id: str
    notice_id: str
    version_id: str
    label_id: str
    bulk_id: str
    view_id: str
    hold_id: str
    authority_id: str
    batch_id: str
    request: str
    pack_id: str
    members: Mapping[str, Member]

    def address(self, rule: Rule, case: CaseThings | None = None, **others: str) -> str:
        """Return an address of a route, with everything it asks for filled in."""
        things = case or self._usual_case(rule.endpoint)
        values = {**vars(things), **self._values(rule.endpoint), **_letter_for(rule.endpoint, things), **others}
        path = rule.rule
        for name in rule.arguments:
            for pattern in (f"<{name}>", f"<uuid:{name}>", f"<int:{name}>"):
                path = path.replace(pattern, values[name])
        return path

    def _usual_case(self, endpoint: str) -> CaseThings:
        if endpoint.startswith("publication.") or endpoint == "interests.declare_as_publisher":
            return self.on_its_way.get(endpoint, self.told)
        return self.owned

    def _values(self, endpoint: str) -> dict[str, str]:
        slugs = {
            "results.show_authority": self.authority_slug,
            "interventions.show_authority": self.authority_slug,
            "suggestions.show_step": "force",
            "guidance.show_page": "bonds-and-guarantees",
        }
        values = {"fact_id": "bond_gbp", "key": "0" * 24, "user_id": str(self.members[COLLEAGUE].id)}
        values["slug"] = slugs.get(endpoint, "who-you-are")
        values |= {"replay_id": self.replay_id, "figure_id": "bond-share-medium", "number": "1"}
        values |= {"token": "0" * 43, "passkey_id": str(UNKNOWN_ID)}
        values["stage_id"] = self.stage_id
        values |= {
            "label_id": self.label_id,
            "bulk_id": self.bulk_id,
            "view_id": self.view_id,
            "checklist_id": "every-case",
            "part": "reports",
        }
        values |= {"letter": "informal-enquiry", "language": "en"}
        values |= {"authority_id": self.authority_id, "batch_id": self.batch_id}
        values |= {"hold_id": self.hold_id, "class_id": IDENTITY}
        if endpoint.startswith("requests."):
            values |= {"reference": self.request, "pack_id": self.pack_id}
        if endpoint == "retention.download_certificate":
            values["number"] = BATCH_DONE
        values |= {"notice_id": self.notice_id, "version_id": self.version_id}
        if endpoint == "results.show_result":
            values["reference"] = self.public_reference
        if endpoint.startswith("suggestions."):
            values["reference"] = self.suggestions.get(endpoint.removeprefix("suggestions."), self.suggestion)
        return values

    def enter(self, app: Flask, person: str) -> FlaskClient:
        """Return a browser in which a kind of person has gone as far in as they can."""
        browser = app.test_client()
        if person == UNENROLLED:
            give_password(browser, self.members[person].email, PASSWORD)
        elif person != ANONYMOUS:
            sign_in_member(browser, self.members[person])
        if person == DISABLED:
            with app.app_context(), transaction():
                disable_user(get_user(self.members[person].id), actor="system", now=clock.utc_now())
        return browser


def build_world(app: Flask) -> World:
    """Make one of everything, and a member of staff of each role."""
    with app.app_context():
        members = {role.value: add_member(role, name=f"Any {role.value}") for role in Role}
        members[COLLEAGUE] = add_member(Role.CASEWORKER, name="Another Caseworker")
        members[UNENROLLED] = add_member(Role.SENIOR_CASEWORKER, enrolled=False)
        members[DISABLED] = add_member(Role.SENIOR_CASEWORKER)
        worker = as_staff(members[Role.CASEWORKER], Role.CASEWORKER)
        colleague = as_staff(members[COLLEAGUE], Role.CASEWORKER)
        staff = Staff(
            as_staff(members[Role.PUBLISHER], Role.PUBLISHER),
            as_staff(members[Role.SENIOR_CASEWORKER], Role.SENIOR_CASEWORKER),
        )
        with transaction():
            authority = add_authority()
            published, filed = add_told_case(authority=authority)
            version = keep(TENDER, UPDATE)
            public_reference = add_published(published, staff).public_reference
            world = World(
                owned=_worked_on(
                    _report_about_a_live_tender(),
                    worker,
                    staff.approver,
                    owner=worker,
                ),
                unassigned=_worked_on(
                    _report_about_a_live_tender(),
                    worker,
                    staff.approver,
                    owner=None,
                ),
                others=_worked_on(
                    _report_about_a_live_tender(),
                    colleague,
                    staff.approver,
                    owner=colleague,
                ),
                told=_things(add_told_case(authority=authority)[1]),
                on_its_way={**_on_its_way(authority, staff), **dict.fromkeys(AFTER_PUBLICATION, _things(filed))},
                public_reference=public_reference,
                authority_slug=authority.slug,
                suggestion=suggestion_in(SuggestionState.RECEIVED, authority="Barchester City Council").reference,
                suggestions=_suggestions(
                    as_staff(members[COLLEAGUE], Role.POLICY_OWNER),
                    as_staff(members[Role.PUBLISHER], Role.PUBLISHER),
                ),
                replay_id="",
                stage_id=str(list_stages()[0].id),
                notice_id=str(version.notice_id),
                version_id=str(version.id),
                label_id=str(_add_label().id),
                bulk_id="",
                view_id=str(_shared_view(worker).id),
                hold_id=str(add_hold(Subject(HoldScope.AUTHORITY, authority.id), by_id=members[COLLEAGUE].id).id),
                authority_id=str(authority.id),
                batch_id=str(_letters_together(authority, worker, staff.approver)),
                request="",
                pack_id="",
                members=members,
            )
            request = add_request(by=staff.approver)
            pack_id = build_pack(request, "", by=staff.approver, now=clock.utc_now()).id
            bulk_id = _label_several(world, worker).id
            world = replace(world, request=request.reference, pack_id=str(pack_id), bulk_id=str(bulk_id))
        replay_id = _compared(members[Role.POLICY_OWNER])
        _make_batches(as_staff(members[DISABLED], Role.SENIOR_CASEWORKER), staff.approver)
        db.session.remove()
    return replace(world, replay_id=str(replay_id))


def _add_label() -> Label:
    return keep_label(None, name="Press", colour=Colour.BLUE, version=0, actor="system", now=clock.utc_now())


def _shared_view(worker: StaffMember) -> SavedView:
    view = save_view("Press", "channel=web", is_shared=False, by=worker, now=clock.utc_now())
    view.is_shared = True
    return view


def _label_several(world: World, worker: StaffMember) -> BulkAction:
    order = Order(kind=BulkKind.LABEL, submission_id=uuid4(), label=get_label(UUID(world.label_id)))
    cases = choose_cases([world.owned.reference, world.unassigned.reference], worker)
    chosen = {case.reference: case.version for case in cases}
    return do_order(order, chosen, worker, asks=False, now=clock.utc_now())


def _make_batches(proposer: StaffMember, approver: StaffMember) -> None:
    """Make two batches: one that waits for the senior of the world to approve it, one that is done."""
    for number, class_id in ((BATCH_WAITING, CASE_FILE), (BATCH_DONE, IDENTITY)):
        with transaction():
            add_closed_case(by_id=proposer.id)
        with transaction():
            propose(schedule().classes[class_id], submission_id=uuid4(), by=proposer, now=clock.utc_now())
            if number == BATCH_DONE:
                approve(get_batch(int(number)), by=approver, now=clock.utc_now())
    while retention_round():
        pass


def _compared(member: Member) -> UUID:
    """Put the rules on record and compare other ones with the cases."""
    with transaction():
        record_release(now=clock.utc_now())
    with transaction():
        user = as_staff(member, Role.POLICY_OWNER)
        replay = start_replay(candidates.with_figure("bond-share-medium", Decimal(5)), user=user, now=clock.utc_now())
        work_on(replay.id, now=clock.utc_now())
        return replay.id


def as_staff(member: Member, role: Role) -> StaffMember:
    """Return the snapshot of a member that pages pass to services."""
    return StaffMember(
        id=member.id,
        email=member.email,
        name="Somebody",
        roles=frozenset({role}),
        has_second_factor=True,
        must_change_password=False,
    )


def _on_its_way(authority: Authority, staff: Staff) -> dict[str, CaseThings]:
    found = {}
    for endpoint, step in STEPS_NEEDED.items():
        case, filed = add_told_case(authority=authority)
        step(case, staff)
        found[f"publication.{endpoint}"] = _things(filed)
    return found


def _start_draft(case: Case, staff: Staff) -> object:
    return start_draft(case, author=staff.writer, now=clock.utc_now())


STEPS_NEEDED: dict[str, Callable[[Case, Staff], object]] = {
    "edit_text": _start_draft,
    "ask_override": _start_draft,
    "decide_text": add_submitted,
    "send_back": add_submitted,
    "publish_text": add_approved,
}
"""What must have been done with the text before a page can be opened."""
AFTER_PUBLICATION = ("publication.withdraw_result", "publication.start_correction")


def _suggestions(writer: StaffMember, approver: StaffMember) -> dict[str, str]:
    """Return the references of suggestions as far as a page needs them, by the view; one page has a public address."""
    staff = (writer, approver)
    found = {
        "remind_body": suggestion_in(SuggestionState.ROUTED).reference,
        "reopen_suggestion": suggestion_in(SuggestionState.CLOSED).reference,
        "edit_text": suggestion_in(SuggestionState.ANSWERED).reference,
        "correct_text": suggestion_in(SuggestionState.PUBLISHED, staff=staff).reference,
        "withdraw_text": suggestion_in(SuggestionState.PUBLISHED, staff=staff).reference,
    }
    waiting = suggestion_in(SuggestionState.ANSWERED)
    text_in(TextState.AWAITING_APPROVAL, waiting, staff=staff)
    published = suggestion_in(SuggestionState.PUBLISHED, staff=staff)
    return {**found, "decide_text": waiting.reference, "show_published": public_reference_of(published)}


def _letter_for(endpoint: str, case: CaseThings) -> dict[str, str]:
    """Return the letter a page is for: it went, but where it must not have gone yet."""
    earlier = {
        "letters.edit_letter": case.waiting_letter_id,
        "letters.drop_letter": case.waiting_letter_id,
        "letters.decide_letter": case.waiting_letter_id,
        "letters.send_letter": case.approved_letter_id,
    }
    return {"letter_id": earlier[endpoint]} if endpoint in earlier else {}


def _things(filed: Filed) -> CaseThings:
    return CaseThings(reference=filed.case_reference, report_id=str(filed.report_id))


def _worked_on(filed: Filed, worker: StaffMember, approver: StaffMember, *, owner: StaffMember | None) -> CaseThings:
    """Give a case an intervention and a recommendation that an authority can answer, and an owner."""
    return _with_steps(_accepted(filed, owner), filed, worker, approver)


def _accepted(filed: Filed, owner: StaffMember | None) -> Case:
    case = get_case_for_update(filed.case_id)
    now = clock.utc_now()
    for state in ROAD[: ROAD.index(CaseState.ACCEPTED) + 1]:
        move(case, state, actor="system", now=now)
    if owner is not None:
        assign(case, get_user(owner.id), actor="system", now=now)
    return case


def _letters_together(authority: Authority, worker: StaffMember, approver: StaffMember) -> UUID:
    """Make a case of a registered authority from which one letter went in a batch and one is ready to."""
    case = _accepted(add_report(), worker)
    case.authority = authority
    return add_batch(case, worker, approver)


def _add_task(case: Case, maker: StaffMember) -> CaseTask:
    new = NewTask(title="Ring the authority", due_on=clock.today(), assignee_id=None, submission_id=uuid4())
    return make_task(case, new, maker=maker, now=clock.utc_now())


def ask_about(case: Case, writer: StaffMember) -> GateOverride:
    """Put a text that the gate stopped before a second person."""
    stopped = DisclosureError({"body": (Hit(0, 4, TermKind.NAME, "Acme"),)}, {"body": "Acme says so"})
    return ask_override(case, stopped, "It is their public name", page="/", by=writer, now=clock.utc_now())


def _add_follow_up(case: Case) -> CaseFollowUp:
    row = CaseFollowUp(id=new_id(), case_id=case.id, planned_at=clock.utc_now(), due_on=clock.today())
    db.session.add(row)
    return row


def _report_about_a_live_tender() -> Filed:
    return add_report(notice_copy=COPY, tender_closes_on=clock.today() + timedelta(days=21))


def _with_steps(case: Case, filed: Filed, worker: StaffMember, approver: StaffMember) -> CaseThings:
    now, today = clock.utc_now(), clock.today()
    call = NewIntervention(
        submission_id=uuid4(), kind=InterventionKind.CALL, made_on=today, summary="We asked why the bond is so high."
    )
    intervention = record_intervention(case, call, version=case.version, maker=worker, now=now)
    recommendation = make_recommendation(
        case,
        "Lower the bond.",
        addressee="The authority",
        rule_id=None,
        made_on=today,
        submission_id=uuid4(),
        maker=worker,
        now=now,
    )
    way = add_inquiry(case, by=worker)
    return CaseThings(
        case.reference,
        str(filed.report_id),
        str(intervention.id),
        str(recommendation.id),
        str(_add_follow_up(case).id),
        referral_id=str(add_agreed(case, filed.report_id, worker).id),
        link_id=str(list_links(case)[0].id),
        file_id=str(add_evidence(filed.report_id).id),
        task_id=str(_add_task(case, worker).id),
        override_id=str(ask_about(case, worker).id),
        word_id=str(guard_word(case, "Larkspur Lane", by=worker, now=now).id),
        letter_id=str(add_letter(case, worker, approver).id),
        waiting_letter_id=str(add_waiting_letter(case, worker).id),
        approved_letter_id=str(add_approved_letter(case, worker, approver).id),
        attachment_id=str(attach_to_message(case, list_reports(case)[0], worker).id),
        inquiry_id=way.inquiry_id,
        question_id=way.question_id,
        officer_id=way.officer_id,
        inquiry_request_id=str(ask_for_time(way)),
        answer_file_id=str(add_evidence(Holder(inquiry_id=UUID(way.inquiry_id), case_id=case.id)).id),
    )
