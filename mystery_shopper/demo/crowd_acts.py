"""What happened to one case of a crowd: its events, and the messages, interventions and outcome behind them."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from mystery_shopper.accounts.models import User
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.services import Done
from mystery_shopper.cases.events import (
    CaseAssigned,
    CaseEvent,
    CaseRouted,
    FlagDecided,
    FlagsEvaluated,
    InterventionRecorded,
    MessageReceived,
    MessageSent,
    OutcomeRecorded,
    ReportFiled,
    StateChanged,
    to_payload,
)
from mystery_shopper.cases.models import (
    CaseEventRecord,
    Channel,
    Direction,
    Flag,
    FlagDecision,
    Message,
)
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import new_id
from mystery_shopper.core.events import REPORTER, SYSTEM
from mystery_shopper.core.vault import OpenKey
from mystery_shopper.demo.crowd import Outline
from mystery_shopper.demo.judging import Judged
from mystery_shopper.demo.plans import read_data
from mystery_shopper.demo.telling import REASONS
from mystery_shopper.interventions.models import Intervention, InterventionKind, Outcome, OutcomeCode, Upheld
from mystery_shopper.triage.policy import Route, ScopeFinding

S = CaseState
NOT_ON_THE_WEB = (Channel.PHONE, Channel.LETTER, Channel.EMAIL)
ANSWER_DAYS = 14
Rows = dict[type, list[dict[str, Any]]]


class Batch:
    """The rows of some cases, their audit entries and what of them goes into the search index."""

    def __init__(self, catalogue_number: int, today: date) -> None:
        self.rows: Rows = defaultdict(list)
        self.done: list[Done] = []
        self.documents: list[tuple[int, list[str]]] = []
        self.catalogue_number = catalogue_number
        self.today = today


class Acts:
    """The part of a case that is told in the order it happened. `crowd_rows.Filing` says what it is about."""

    batch: Batch
    outline: Outline
    serial: int
    owner: User
    judged: Judged
    route: Route
    scope: ScopeFinding
    filed_at: datetime
    case_id: UUID
    report_id: UUID
    subject_id: str
    key: OpenKey
    replies: list[str]

    def _add(self, model: type, **columns: Any) -> None:
        self.batch.rows[model].append(columns)

    def _moment(self, day: date) -> datetime:
        minute = (self.serial * 37 + day.toordinal()) % 420
        return datetime.combine(day, time(9), UTC) + timedelta(minutes=minute)

    def _record(self, event: CaseEvent, *, actor: str, at: datetime) -> None:
        row_id = new_id()
        self._add(
            CaseEventRecord,
            id=row_id,
            case_id=self.case_id,
            tag=event.tag,
            actor=actor,
            happened_at=at,
            payload_sealed=self.key.seal_json(to_payload(event), f"case_events.payload:{row_id}"),
        )
        self.batch.done.append(Done(Action(event.tag), actor, "case", self.subject_id, at))

    def _tell(self) -> None:
        """Write the events in the order they would have happened."""
        outline, judged = self.outline, self.judged
        is_keyed = outline.channel in NOT_ON_THE_WEB
        filed = ReportFiled(
            report_id=str(self.report_id),
            channel=outline.channel.value,
            keyed_by=self.owner.name if is_keyed else "",
            came_on=outline.received_on.isoformat() if is_keyed else "",
        )
        self._record(filed, actor=self.owner.actor if is_keyed else REPORTER, at=self.filed_at)
        evaluated = FlagsEvaluated(
            catalogue_version=judged.catalogue_version, raised=judged.raised, undecided=judged.undecided
        )
        self._record(evaluated, actor=SYSTEM, at=self.filed_at)
        routed = CaseRouted(
            queue=self.route.queue,
            priority=self.route.priority.value,
            target_on=self.route.target_on(outline.received_on).isoformat(),
            scope=self.scope.value,
            row=self.route.line,
        )
        self._record(routed, actor=SYSTEM, at=self.filed_at)
        for step in outline.steps:
            at = self._moment(step.on)
            self._act(step.new, step.on, at)
            changed = StateChanged(old=step.old.value, new=step.new.value, reason=REASONS.get(step.new, ""))
            self._record(changed, actor=REPORTER if step.new is S.WITHDRAWN else self.owner.actor, at=at)

    def _act(self, state: CaseState, day: date, at: datetime) -> None:
        """Write what goes with a step."""
        messages = read_data("variations.yaml")["messages"]
        if state is S.ACKNOWLEDGED:
            assigned = CaseAssigned(owner_id=str(self.owner.id), owner_name=self.owner.name)
            self._record(assigned, actor=self.owner.actor, at=at)
        elif state is S.MORE_INFORMATION:
            self._write(messages[0], Direction.TO_REPORTER, at)
        elif state is S.AUTHORITY_CONTACTED:
            self._decide(at)
            self._intervene(InterventionKind.INFORMATION_REQUEST, day, at)
            self._write(messages[1], Direction.TO_REPORTER, at)
            if self.outline.has_reply:
                replies = read_data("variations.yaml")["replies"]
                self._write(replies[self.serial % len(replies)], Direction.FROM_REPORTER, at)
        elif state is S.FORMAL_NOTICE:
            self._intervene(InterventionKind.FORMAL_NOTICE_S108, day, at)
        elif state is S.INTERVENTION:
            self._intervene(InterventionKind.LETTER, day, at)
        elif state is S.OUTCOME_RECORDED:
            self._conclude(day, at)
        elif state is S.SUPPLIER_TOLD:
            self._write(messages[2], Direction.TO_REPORTER, at)

    def _decide(self, at: datetime) -> None:
        for row in self.batch.rows[Flag][-len(self.judged.flags) :] if self.judged.flags else ():
            if row["decision"] is FlagDecision.UNDECIDED:
                continue
            is_wrong = row["decision"] is FlagDecision.OVERRULED
            decided = FlagDecided(
                rule_id=row["rule_id"],
                rule_version=row["rule_version"],
                decision=row["decision"].value,
                reason="The buyer explained the risk it covers." if is_wrong else "Read in the tender documents.",
            )
            self._record(decided, actor=self.owner.actor, at=at)

    def _write(self, body: str, direction: Direction, at: datetime) -> None:
        row_id, to_reporter = new_id(), direction is Direction.TO_REPORTER
        actor = self.owner.actor if to_reporter else REPORTER
        self._add(
            Message,
            id=row_id,
            case_id=self.case_id,
            report_id=self.report_id,
            direction=direction,
            author=actor,
            sent_at=at,
            read_at=at + timedelta(days=1) if self.outline.is_read or to_reporter else None,
            submission_id=new_id(),
            body_sealed=self.key.seal(body, f"messages.body:{row_id}"),
        )
        kind = MessageSent if to_reporter else MessageReceived
        self._record(kind(message_id=str(row_id), report_id=str(self.report_id)), actor=actor, at=at)
        if not to_reporter:
            self.replies.append(body)

    def _intervene(self, kind: InterventionKind, day: date, at: datetime) -> None:
        row_id: UUID = new_id()
        self._add(
            Intervention,
            id=row_id,
            case_id=self.case_id,
            submission_id=new_id(),
            kind=kind,
            made_on=day,
            made_by=self.owner.id,
            recorded_at=at,
            response_due_on=day + timedelta(days=ANSWER_DAYS),
            response_received_on=None,
            summary_sealed=self.key.seal("Asked what the requirement is for.", f"interventions.summary:{row_id}"),
            response_sealed=None,
            version=1,
        )
        event = InterventionRecorded(intervention_id=str(row_id), kind=kind.value, made_on=day.isoformat())
        self._record(event, actor=self.owner.actor, at=at)

    def _conclude(self, day: date, at: datetime) -> None:
        is_upheld, row_id = self.serial % 3 != 0, new_id()
        code = OutcomeCode.RECOMMENDATION_NOT_ACCEPTED if is_upheld else OutcomeCode.NOT_UPHELD
        upheld = Upheld.YES if is_upheld else Upheld.NO
        self._add(
            Outcome,
            id=row_id,
            case_id=self.case_id,
            submission_id=new_id(),
            is_current=True,
            code=code,
            upheld=upheld,
            positive=False,
            basis_fact_id=None,
            money_freed_pence=0,
            reached_on=day,
            recorded_at=at,
            recorded_by=self.owner.id,
            before_sealed=None,
            after_sealed=None,
            summary_sealed=self.key.seal("Weighed and recorded.", f"outcomes.summary:{row_id}"),
            version=1,
        )
        event = OutcomeRecorded(code=code.value, upheld=upheld.value, positive=False)
        self._record(event, actor=self.owner.actor, at=at)
