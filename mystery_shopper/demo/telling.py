"""Telling the story of one case: every step through the service a person would use, on the day they would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases import services as cases
from mystery_shopper.cases.models import (
    Case,
    Channel,
    FactSource,
    FlagDecision,
    Identity,
    IdentityChoice,
    Report,
    ReportContent,
)
from mystery_shopper.cases.queries import get_case_of, list_flags
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import receipts
from mystery_shopper.core.db import new_id
from mystery_shopper.demo.plans import Change, Plan, read_data, road_to
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import parse, to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.interventions import services as acts
from mystery_shopper.interventions.models import Answer, Implemented, OutcomeCode, Upheld
from mystery_shopper.interventions.policy import InterventionKind
from mystery_shopper.interventions.queries import list_interventions, list_recommendations
from mystery_shopper.publication import services as publishing
from mystery_shopper.publication.queries import find_open_publication
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.triage.services import decide_flag

OFFICE_OPENS = 9
OVERRULED_ONE_IN = 7
S = CaseState

REASONS = {
    S.OUT_OF_SCOPE: "The body is outside the remit of the service.",
    S.REFERRED: "Another body deals with this.",
    S.CLOSED_NO_REPLY: "No answer within the time given.",
    S.REOPENED: "New facts came in.",
    S.NON_COMPLIANT: "No documents within the period of the notice.",
    S.WITHHELD: "So few suppliers could know this that any text would name one.",
}
PUBLIC_OUTCOMES = {
    True: "The authority accepted what we recommended and changed the requirement.",
    False: "We found that the requirement could be explained. Not upheld.",
}


@dataclass(frozen=True)
class Cast:
    """The people of the demonstration. `away` works on cases too, and is out of office."""

    caseworkers: tuple[User, ...]
    away: User
    senior: StaffMember
    second_senior: StaffMember
    publisher: StaffMember
    policy_owner: StaffMember


class Story:
    """One case being told. `day` goes on with every step and never beyond today."""

    def __init__(self, plan: Plan, authorities: Mapping[str, Authority], cast: Cast, number: int, today: date) -> None:
        self.plan = plan
        self.cast = cast
        self.number = number
        self.today = today
        self.day = today - timedelta(days=plan.filed_days_ago)
        self.owner_row = cast.caseworkers[number % len(cast.caseworkers)]
        self.owner = self.owner_row.to_staff_member()
        self.report = self._file(authorities)
        self.case: Case = get_case_of(self.report)

    def tell(self) -> None:
        """Take the case as far as it goes, or as far as today allows."""
        for state in road_to(self.plan.until):
            if self.plan.until is not S.RECEIVED and self.day + timedelta(days=self.plan.days_per_step) > self.today:
                break
            self.day += timedelta(days=self.plan.days_per_step)
            self._special.get(state, Story._step)(self, state)

    @property
    def now(self) -> datetime:
        """Return a moment of the working day the story has come to."""
        minute = (self.number * 37 + self.day.toordinal()) % 420
        return datetime.combine(self.day, time(OFFICE_OPENS), UTC) + timedelta(minutes=minute)

    def _file(self, authorities: Mapping[str, Authority]) -> Report:
        plan = self.plan
        authority = authorities.get(plan.authority) if plan.authority_is_listed else None
        started = {"procurement_start_date": plan.started_on.isoformat()} if plan.started_on else {}
        values = {name: _typed(name, text) for name, text in {**started, **plan.facts}.items()}
        closes = self.today + timedelta(days=plan.closes_in_days) if plan.closes_in_days is not None else None
        new = cases.NewReport(
            submission_id=new_id(),
            channel=Channel.WEB,
            reporter_kind=plan.kind,
            identity_choice=plan.identity,
            identity=None if plan.identity is IdentityChoice.ANONYMOUS else invented_identity(self.number),
            receipt_mac=receipts.digest(receipts.new_code()),
            authority_id=authority.id if authority else None,
            authority_text=plan.authority,
            content=ReportContent(
                procurement_title=plan.title,
                requirement=plan.requirement,
                narrative=plan.narrative,
                raised_with_buyer=plan.raised,
                buyer_answer=plan.answer,
                barriers=_families_of(values),
            ),
            facts=tuple(
                cases.NewFact(
                    fact_id=name,
                    value=to_json(registry()[name], value),
                    source=FactSource.TYPED,
                    is_confirmed=True,
                )
                for name, value in values.items()
            ),
            tender_closes_on=closes,
            procurement_started_on=plan.started_on,
            is_demonstration=True,
        )
        return cases.file_report(new, now=datetime.combine(self.day, time(0), UTC))

    def _step(self, state: CaseState) -> None:
        cases.move(self.case, state, actor=self.owner.actor, now=self.now, reason=REASONS.get(state, ""))

    def _take(self, state: CaseState) -> None:
        cases.assign(self.case, self.owner_row, actor=self.owner.actor, now=self.now)
        self._step(state)

    def _ask_reporter(self, state: CaseState) -> None:
        self._write(read_data("variations.yaml")["messages"][0])
        self._step(state)

    def _contact(self, _state: CaseState) -> None:
        self._decide_flags()
        self._act(InterventionKind.INFORMATION_REQUEST, "Asked what the requirement is for and who decided its level.")
        self._write(read_data("variations.yaml")["messages"][1])
        if self.number % 3 == 0:
            replies = read_data("variations.yaml")["replies"]
            cases.receive_message(
                self.case, self.report, replies[self.number % len(replies)], submission_id=new_id(), now=self.now
            )

    def _decide_flags(self) -> None:
        """Confirm the raised flags; some of every few cases turn out to be wrong."""
        for number, flag in enumerate(flag for flag in list_flags(self.case) if flag.outcome == "raised"):
            wrong = (self.number + number) % OVERRULED_ONE_IN == 0
            decide_flag(
                self.case,
                flag,
                FlagDecision.OVERRULED if wrong else FlagDecision.CONFIRMED,
                reason="The buyer explained the risk it covers." if wrong else "Read in the tender documents.",
                version=flag.version,
                decider=self.owner,
                now=self.now,
            )

    def _give_notice(self, _state: CaseState) -> None:
        self._act(InterventionKind.FORMAL_NOTICE_S108, "Notice to give the documents of the procurement.")

    def _respond(self, _state: CaseState) -> None:
        row = list_interventions(self.case)[0].row
        acts.record_response(
            self.case,
            row,
            received_on=self.day,
            text="The level comes from a template and was not thought of for this contract.",
            moves_case=True,
            version=row.version,
            actor=self.owner.actor,
            now=self.now,
        )
        cases.add_note(
            self.case, "Template again. Third from this buyer.", submission_id=new_id(), author=self.owner, now=self.now
        )

    def _intervene(self, _state: CaseState) -> None:
        self._act(InterventionKind.LETTER, "Wrote with the rule, its source and wording that would be proportionate.")

    def _conclude(self, _state: CaseState) -> None:
        change = self.plan.change or Change(code="advice-to-supplier", upheld="not-applicable", positive=False)
        if change.positive:
            self._recommend()
        acts.record_outcome(
            self.case,
            acts.NewOutcome(
                submission_id=new_id(),
                code=OutcomeCode(change.code),
                upheld=Upheld(change.upheld),
                positive=change.positive,
                reached_on=self.day,
                summary=PUBLIC_OUTCOMES[change.positive],
                basis_fact_id=change.basis,
                before=_typed(change.basis, change.before) if change.basis and change.before else None,
                after=_typed(change.basis, change.after) if change.basis and change.after else None,
                money_freed_pence=_pence(change.freed),
                moves_case=True,
            ),
            version=self.case.version,
            recorder=self.owner,
            now=self.now,
        )

    def _recommend(self) -> None:
        raised = [flag.rule_id for flag in list_flags(self.case) if flag.outcome == "raised"]
        row = acts.make_recommendation(
            self.case,
            "Set the requirement by the risk and value of this contract, and accept other evidence.",
            addressee=self.case.authority_name,
            rule_id=raised[0] if raised else None,
            made_on=self.day,
            submission_id=new_id(),
            maker=self.owner,
            now=self.now,
        )
        acts.answer_recommendation(
            self.case,
            row,
            Answer.ACCEPTED,
            answered_on=self.day,
            reason="Accepted.",
            check_on=self.day + timedelta(days=90),
            version=row.version,
            actor=self.owner.actor,
            now=self.now,
        )

    def _tell_reporter(self, state: CaseState) -> None:
        self._write(
            PUBLIC_OUTCOMES[bool(self.plan.change and self.plan.change.positive)] + " Thank you for telling us."
        )
        self._step(state)

    def _get_ready(self, _state: CaseState) -> None:
        draft = publishing.start_draft(self.case, author=self.cast.publisher, now=self.now)
        positive = bool(self.plan.change and self.plan.change.positive)
        public = self.plan.public
        text = replace(
            draft.content,
            subject=public.get("subject", "Procurement Process"),
            sub_issue=public.get("sub_issue", "Tender process"),
            issue_text=public.get("issue", "A requirement kept smaller suppliers from bidding."),
            outcome_text=public.get("outcome", PUBLIC_OUTCOMES[positive]),
            known_by="many",
            details_withheld=self.case.authority is None,
        )
        publishing.save_draft(draft, text, version=draft.version, author=self.cast.publisher, now=self.now)
        publishing.submit(draft, author=self.cast.publisher, now=self.now)
        publishing.approve(draft, version=draft.version, approver=self.cast.senior, now=self.now)

    def _publish(self, _state: CaseState) -> None:
        draft = find_open_publication(self.case)
        if draft is not None:
            publishing.publish(draft, version=draft.version, hold_days=0, actor=self.cast.publisher.actor, now=self.now)

    def _check(self, state: CaseState) -> None:
        answers = {S.IMPLEMENTED: Implemented.YES, S.PARTLY_IMPLEMENTED: Implemented.PARTLY}
        for view in list_recommendations(self.case):
            acts.check_recommendation(
                self.case,
                view.row,
                answers.get(state, Implemented.NO),
                checked_on=self.day,
                note="Read the buyer's next notice.",
                version=view.row.version,
                actor=self.owner.actor,
                now=self.now,
            )
        self._step(state)

    def _withdraw(self, _state: CaseState) -> None:
        cases.withdraw(self.report, now=datetime.combine(self.day, time(0), UTC))

    def _act(self, kind: InterventionKind, summary: str) -> None:
        new = acts.NewIntervention(
            submission_id=new_id(), kind=kind, made_on=self.day, summary=summary, moves_case=True
        )
        acts.record_intervention(self.case, new, version=self.case.version, maker=self.owner, now=self.now)

    def _write(self, body: str) -> None:
        cases.send_message(self.case, self.report, body, submission_id=new_id(), sender=self.owner, now=self.now)

    _special: Mapping[CaseState, Callable[["Story", CaseState], None]] = {
        S.ACKNOWLEDGED: _take,
        S.MORE_INFORMATION: _ask_reporter,
        S.AUTHORITY_CONTACTED: _contact,
        S.FORMAL_NOTICE: _give_notice,
        S.RESPONDED: _respond,
        S.INTERVENTION: _intervene,
        S.OUTCOME_RECORDED: _conclude,
        S.SUPPLIER_TOLD: _tell_reporter,
        S.READY_TO_PUBLISH: _get_ready,
        S.PUBLISHED: _publish,
        S.IMPLEMENTED: _check,
        S.PARTLY_IMPLEMENTED: _check,
        S.NOT_IMPLEMENTED: _check,
        S.WITHDRAWN: _withdraw,
    }


def invented_identity(number: int) -> Identity:
    """Return an identity that belongs to nobody: reserved domain, reserved phone range."""
    return Identity(
        name=f"Demonstration Reporter {number}",
        organisation=f"Demonstration Firm {number} Ltd",
        email=f"reporter{number}@firm{number}.example",
        phone="020 7946 0000",
        wants_email=number % 2 == 0,
    )


def _typed(name: str, text: str) -> FactValue:
    return parse(registry()[name], text)


def _pence(text: str) -> int:
    return int(text.replace(",", "")) * 100


def _families_of(values: Mapping[str, FactValue]) -> tuple[str, ...]:
    return tuple(family.id for family in catalogue().families if not values.keys().isdisjoint(family.facts))
