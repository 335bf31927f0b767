"""The rows of one case of a crowd: sealed as the services seal them, with the events that would have been written."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from mystery_shopper.accounts.models import User
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.models import (
    Case,
    CaseEventRecord,
    CaseFact,
    Channel,
    FactSource,
    Flag,
    FlagDecision,
    IdentityChoice,
    Message,
    Origin,
    Report,
    ReportContent,
    ReporterIdentity,
    ReporterKind,
)
from mystery_shopper.cases.policy import Due, DueKind, clocks, new_public_reference, next_due, staff_reference
from mystery_shopper.cases.states import CLOSED_STATES, CaseState
from mystery_shopper.core import receipts
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import new_id
from mystery_shopper.core.events import REPORTER
from mystery_shopper.core.holidays import calendar_of
from mystery_shopper.core.vault import DataKey, OpenKey
from mystery_shopper.demo.crowd import Outline
from mystery_shopper.demo.crowd_acts import Acts, Batch
from mystery_shopper.demo.judging import Bench, Judged, route_of
from mystery_shopper.demo.telling import invented_identity
from mystery_shopper.interventions.models import Intervention, Outcome
from mystery_shopper.replays.comparing import facts_context
from mystery_shopper.replays.models import CaseSnapshot
from mystery_shopper.replays.policy import write_small

S = CaseState
ORDER = (
    DataKey, Case, Report, ReporterIdentity, CaseFact, Flag, CaseEventRecord, Message, Intervention, Outcome,
    CaseSnapshot,
)  # fmt: skip
"""The tables in the order their rows go in: what is pointed at comes first."""
WRONG_ONE_IN = 7
UNLISTED = "A buyer that is not in the register"


class Filing(Acts):
    """One case as it is written."""

    def __init__(
        self,
        batch: Batch,
        outline: Outline,
        *,
        serial: int,
        number: int,
        authorities: Sequence[Authority],
        owners: Sequence[User],
        bench: Bench,
    ) -> None:
        self.batch, self.outline, self.serial, self.number = batch, outline, serial, number
        self.authority = authorities[outline.authority] if outline.authority is not None else None
        self.owner = owners[outline.owner]
        self.judged: Judged = bench.judge(outline, self.authority)
        self.route, self.scope = route_of(outline, self.judged, self.authority)
        self.filed_at = datetime.combine(outline.received_on, time(0), UTC)
        self.case_id, self.report_id = new_id(), new_id()
        self.subject_id = str(self.case_id)
        self.key = OpenKey(self.filed_at)
        self.replies: list[str] = []

    def write(self) -> None:
        """Add the rows of the case to the batch."""
        self.batch.rows[DataKey].append(self.key.row)
        self._add_report()
        self._add_facts()
        self._add_flags()
        self._tell()
        self._add_case()
        facts = self.key.seal_json(write_small(self.judged.values), facts_context(self.case_id))
        self._add(CaseSnapshot, case_id=self.case_id, catalogue_number=self.batch.catalogue_number, facts_sealed=facts)

    def _add_case(self) -> None:
        outline, judged = self.outline, self.judged
        public_reference, reference = new_public_reference(), staff_reference(outline.received_on.year, self.number)
        name = self.authority.name if self.authority else UNLISTED
        self._add(
            Case,
            id=self.case_id,
            serial=self.serial,
            reference=reference,
            public_reference=public_reference,
            state=outline.state,
            waiting=outline.waiting,
            origin=Origin.TRADE_BODY if outline.kind is ReporterKind.TRADE_BODY else Origin.SUPPLIER,
            queue=self.route.queue,
            priority=self.route.priority,
            scope=self.scope.value,
            regime=judged.regime,
            authority_id=self.authority.id if self.authority else None,
            owner_id=self.owner.id if outline.has_owner else None,
            data_key_id=self.key.id,
            title_sealed=self.key.seal(outline.title, f"cases.title:{self.case_id}"),
            authority_text_sealed=None
            if self.authority
            else self.key.seal(UNLISTED, f"cases.authority_text:{self.case_id}"),
            received_on=outline.received_on,
            procurement_started_on=judged.values.get("procurement_start_date"),
            is_demonstration=True,
            version=len(outline.steps) + 2,
            **self._clocks(),
        )
        texts = [reference, public_reference, name, outline.title, outline.requirement, outline.narrative]
        self.batch.documents.append((self.serial, [*texts, *self.replies]))

    def _clocks(self) -> dict[str, Any]:
        """Return the columns of the case that are dates of its clocks."""
        outline, state = self.outline, self.outline.state
        target_on, step_due_on = self.route.target_on(outline.received_on), self._step_due_on()
        is_notice = state is S.FORMAL_NOTICE
        step = Due(step_due_on, DueKind.STATUTORY if is_notice else DueKind.STEP) if step_due_on else None
        due = next_due(
            state, step=step, target_on=target_on, tender_closes_on=outline.closes_on, today=self.batch.today
        )
        return {
            "tender_closes_on": outline.closes_on,
            "target_on": target_on,
            "target_base_on": target_on,
            "step_due_on": step_due_on,
            "step_started_on": outline.since,
            "step_set_on": step_due_on if is_notice else None,
            "paused_since": None,
            "due_on": due.on if due else None,
            "due_kind": due.kind.value if due else None,
            "state_since": self._moment(outline.since),
            "closed_on": outline.since if state in CLOSED_STATES else None,
        }

    def _step_due_on(self) -> date | None:
        clock = clocks().get(self.outline.state)
        if clock is None:
            return None
        calendar = calendar_of(self.authority.calendar_division if self.authority else None)
        return clock.ends_on(self.outline.since, calendar.holidays)

    def _add_report(self) -> None:
        outline, key = self.outline, OpenKey(self.filed_at)
        content = ReportContent(
            procurement_title=outline.title,
            requirement=outline.requirement,
            narrative=outline.narrative,
            barriers=self.judged.barriers,
        )
        self.batch.rows[DataKey].append(key.row)
        self._add(
            Report,
            id=self.report_id,
            case_id=self.case_id,
            submission_id=new_id(),
            data_key_id=key.id,
            receipt_mac=receipts.digest(receipts.new_code()) if outline.channel is Channel.WEB else None,
            channel=outline.channel,
            reporter_kind=outline.kind,
            identity_choice=outline.identity,
            language=outline.language,
            received_on=outline.received_on,
            content_sealed=key.seal_json(content.to_json(), f"reports.content:{self.report_id}"),
            withdrawn_on=outline.passed(S.WITHDRAWN),
            objects_to_publication=False,
        )
        if outline.identity is not IdentityChoice.ANONYMOUS:
            self._add_identity()

    def _add_identity(self) -> None:
        key, row_id, identity = OpenKey(self.filed_at), new_id(), invented_identity(self.serial)
        self.batch.rows[DataKey].append(key.row)
        self._add(
            ReporterIdentity,
            id=row_id,
            report_id=self.report_id,
            data_key_id=key.id,
            content_sealed=key.seal_json(asdict(identity), f"reporter_identities.content:{row_id}"),
            email_index=keyring().blind_index("email", identity.email),
            company_number_index=None,
        )

    def _add_facts(self) -> None:
        for fact_id, text in self.judged.fact_texts:
            row_id = new_id()
            self._add(
                CaseFact,
                id=row_id,
                case_id=self.case_id,
                report_id=self.report_id,
                fact_id=fact_id,
                source=FactSource.TYPED,
                is_confirmed=True,
                is_current=True,
                actor=REPORTER,
                stated_at=self.filed_at,
                value_sealed=self.key.seal(text, f"case_facts.value:{row_id}"),
                quoted_sealed=None,
            )

    def _add_flags(self) -> None:
        """Add the flags; those raised are decided when the authority is contacted, and some turn out to be wrong."""
        looked_at = self.outline.passed(S.AUTHORITY_CONTACTED)
        for place, flag in enumerate(self.judged.flags):
            row_id, decision, reason = new_id(), FlagDecision.UNDECIDED, None
            if looked_at is not None and flag.is_raised:
                is_wrong = (self.serial + place) % WRONG_ONE_IN == 0
                decision = FlagDecision.OVERRULED if is_wrong else FlagDecision.CONFIRMED
                reason = "The buyer explained the risk it covers." if is_wrong else "Read in the tender documents."
            self._add(
                Flag,
                id=row_id,
                case_id=self.case_id,
                **flag.columns,
                is_current=True,
                evaluated_at=self.filed_at,
                decision=decision,
                decided_by=self.owner.id if reason else None,
                decided_at=self._moment(looked_at) if reason and looked_at else None,
                reason_sealed=self.key.seal(reason, f"flags.reason:{row_id}") if reason else None,
                result_sealed=self.key.seal(flag.result, f"flags.result:{row_id}"),
                version=2 if reason else 1,
            )
