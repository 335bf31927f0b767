"""Decisions about interventions and outcomes, pure: which power, by when, which step, and what an outcome may claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from mystery_shopper.cases.states import CaseState, can_move
from mystery_shopper.core.calendar import last_day_beginning_with
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.tables import make_rows, read_table, whole_above_zero
from mystery_shopper.facts.definitions import FactValue

POWERS_FILE = "interventions/data/powers.csv"
FOLLOW_UP_FILE = "interventions/data/follow_up.csv"
LONGEST_NOTICE_DAYS = 366


class InterventionKind(StrEnum):
    """What was done towards the authority."""

    CALL = "call"
    LETTER = "letter"
    MEETING = "meeting"
    INFORMATION_REQUEST = "information-request"
    FORMAL_NOTICE_S40 = "formal-notice-s40"
    FORMAL_NOTICE_S108 = "formal-notice-s108"
    LIVE_TENDER_CHANGED = "live-tender-changed"
    REFERRAL = "referral"
    OTHER = "other"


KIND_LABELS = {
    InterventionKind.CALL: "Call",
    InterventionKind.LETTER: "Letter or email",
    InterventionKind.MEETING: "Meeting",
    InterventionKind.INFORMATION_REQUEST: "Information request",
    InterventionKind.FORMAL_NOTICE_S40: "Formal notice, section 40 (2015 Act)",
    InterventionKind.FORMAL_NOTICE_S108: "Formal notice, section 108 (2023 Act)",
    InterventionKind.LIVE_TENDER_CHANGED: "Live tender changed",
    InterventionKind.REFERRAL: "Referral to another body",
    InterventionKind.OTHER: "Something else",
}
FORMAL_NOTICES = frozenset({InterventionKind.FORMAL_NOTICE_S40, InterventionKind.FORMAL_NOTICE_S108})
NOT_A_CONTACT = FORMAL_NOTICES | {InterventionKind.REFERRAL}
"""Kinds that are no informal contact with the authority: a referral goes to another body and moves no case."""


class OutcomeCode(StrEnum):
    """What came of a case, as published."""

    LIVE_PROCUREMENT_CHANGED = "live-procurement-changed"
    RECOMMENDATION_ACCEPTED = "recommendation-accepted"
    RECOMMENDATION_NOT_ACCEPTED = "recommendation-not-accepted"
    PAYMENT_RELEASED = "payment-released"
    ADVICE_TO_SUPPLIER = "advice-to-supplier"
    NOT_UPHELD = "not-upheld"
    OUT_OF_SCOPE = "out-of-scope"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"


OUTCOME_LABELS = {
    OutcomeCode.LIVE_PROCUREMENT_CHANGED: "Live procurement changed",
    OutcomeCode.RECOMMENDATION_ACCEPTED: "Recommendation accepted",
    OutcomeCode.RECOMMENDATION_NOT_ACCEPTED: "Recommendation made, not accepted",
    OutcomeCode.PAYMENT_RELEASED: "Payment released",
    OutcomeCode.ADVICE_TO_SUPPLIER: "Advice to the supplier",
    OutcomeCode.NOT_UPHELD: "Not upheld",
    OutcomeCode.OUT_OF_SCOPE: "Out of scope",
    OutcomeCode.WITHDRAWN: "Withdrawn",
    OutcomeCode.REFERRED: "Referred to another body",
}
WITHOUT_FINDING = frozenset({OutcomeCode.OUT_OF_SCOPE, OutcomeCode.WITHDRAWN, OutcomeCode.REFERRED})


class Upheld(StrEnum):
    """Whether the concern was well founded. It says nothing of whether anything got better."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"


UPHELD_LABELS = {
    Upheld.YES: "Yes",
    Upheld.PARTLY: "Partly",
    Upheld.NO: "No",
    Upheld.NOT_APPLICABLE: "No finding was made",
}


class Standing(StrEnum):
    """What of the ledger of recommendations somebody looks for."""

    TO_CHECK = "to-check"
    UNANSWERED = "unanswered"
    CHECKED = "checked"
    ALL = "all"


STANDING_LABELS = {
    Standing.TO_CHECK: "To check",
    Standing.UNANSWERED: "Not answered",
    Standing.CHECKED: "Checked",
    Standing.ALL: "All",
}


class OutcomeNotAllowedError(DomainError):
    """The parts of an outcome contradict each other."""


class NoticeNotAllowedError(DomainError):
    """The law gives no such notice for this case, or not that long to answer."""


@dataclass(frozen=True)
class Power:
    """A power to require answers. It is chosen by the day the investigation opened, not by the procurement's.

    `notice_days` are calendar days; with `day_given_counts` the day of the notice is day 1.
    """

    title: str
    kind: InterventionKind
    opened_from: date
    opened_to: date | None
    notice_days: int
    day_given_counts: bool
    may_be_longer: bool
    basis: str
    source: str
    not_covered: tuple[str, ...]

    def covers(self, opened_on: date) -> bool:
        """Tell whether the power was in force when an investigation opened."""
        return self.opened_from <= opened_on and (self.opened_to is None or opened_on <= self.opened_to)

    def shortest_due(self, given_on: date) -> date:
        """Return the earliest last day an authority can be given for its answer."""
        if self.day_given_counts:
            return last_day_beginning_with(given_on, self.notice_days)
        return given_on + timedelta(days=self.notice_days)


@cache
def powers() -> tuple[Power, ...]:
    """Return the powers of data/powers.csv.

    Raises:
        ConfigurationError: a line of the file cannot be read; the line is named.
    """
    return tuple(make_rows(read_table(POWERS_FILE), POWERS_FILE, _power))


def _power(row: Mapping[str, str]) -> Power:
    return Power(
        title=row["power"],
        kind=InterventionKind(row["kind"]),
        opened_from=date.fromisoformat(row["opened_from"]),
        opened_to=date.fromisoformat(row["opened_to"]) if row["opened_to"] else None,
        notice_days=int(row["notice_days"]),
        day_given_counts={"yes": True, "no": False}[row["day_given_counts"]],
        may_be_longer={"yes": True, "no": False}[row["may_be_longer"]],
        basis=row["basis"],
        source=row["source"],
        not_covered=tuple(row["not_covered"].split("; ")),
    )


@cache
def follow_up_months() -> int:
    """Return how many months after closing a case is looked at again."""
    rows = make_rows(read_table(FOLLOW_UP_FILE), FOLLOW_UP_FILE, lambda row: whole_above_zero(row["months"]))
    return rows[0]


def power_for(opened_on: date) -> Power | None:
    """Return the power in force on the day an investigation opened; None before 26 May 2015 (help was voluntary)."""
    return next((power for power in powers() if power.covers(opened_on)), None)


def powers_open(opened_on: date, procurement_started_on: date | None) -> tuple[Power, ...]:
    """Return the powers a caseworker may choose from, the usual one first.

    Which power covers an investigation opened after the change of law into a procurement started before it is not
    settled in any source found, so both are offered then (project assumption).
    """
    usual = power_for(opened_on)
    if usual is None:
        return ()
    older = [
        power
        for power in powers()
        if power is not usual
        and power.opened_from < usual.opened_from
        and procurement_started_on is not None
        and power.covers(procurement_started_on)
    ]
    return (usual, *older)


def response_due(
    kind: InterventionKind, made_on: date, asked_for: date | None, available: tuple[Power, ...]
) -> date | None:
    """Return the last day for the authority's answer.

    A formal notice gets the statutory period; a longer one only where the power allows it. Anything else gets the day
    asked for, or none.

    Raises:
        NoticeNotAllowedError: no such power for this case, or the day asked for does not fit the period.
    """
    if kind not in FORMAL_NOTICES:
        if asked_for is not None and asked_for < made_on:
            raise NoticeNotAllowedError("The answer cannot be due before the day you asked", field="response_due_on")
        return asked_for
    power = next((one for one in available if one.kind is kind), None)
    if power is None:
        raise NoticeNotAllowedError(_no_power_message(available), field="kind")
    shortest = power.shortest_due(made_on)
    if asked_for is None or asked_for == shortest:
        return shortest
    if asked_for < shortest or not power.may_be_longer:
        limit = "no earlier than" if power.may_be_longer else "exactly"
        raise NoticeNotAllowedError(
            f"The law gives {power.notice_days} days: the answer must be due {limit} {_words(shortest)}",
            field="response_due_on",
        )
    if (asked_for - made_on).days > LONGEST_NOTICE_DAYS:
        raise NoticeNotAllowedError("The answer must be due within a year of the notice", field="response_due_on")
    return asked_for


def _no_power_message(available: tuple[Power, ...]) -> str:
    if not available:
        return "No power to give a formal notice covers this case. Ask the authority informally"
    return f"Select {KIND_LABELS[available[0].kind]}: that is the power for cases opened on this day"


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def step_after(kind: InterventionKind, state: CaseState) -> CaseState | None:
    """Return the state an intervention of this kind leads to, None when the case stays where it is."""
    wanted = {
        CaseState.ACCEPTED: None if kind in NOT_A_CONTACT else CaseState.AUTHORITY_CONTACTED,
        CaseState.AUTHORITY_CONTACTED: CaseState.FORMAL_NOTICE if kind in FORMAL_NOTICES else None,
        CaseState.ASSESSMENT: None if kind is InterventionKind.REFERRAL else CaseState.INTERVENTION,
    }.get(state)
    return wanted if wanted is not None and can_move(state, wanted) else None


def possible_steps(state: CaseState) -> tuple[CaseState, ...]:
    """Return the states some intervention can lead to from `state`."""
    steps = {step_after(kind, state) for kind in InterventionKind}
    return tuple(step for step in CaseState if step in steps)


def check_outcome(
    code: OutcomeCode, upheld: Upheld, *, positive: bool, basis_fact_id: str | None, money_freed_pence: int
) -> None:
    """Refuse an outcome whose parts contradict each other.

    Raises:
        OutcomeNotAllowedError: a positive outcome that rests on no fact, or a finding where none can be made.
    """
    if positive and not basis_fact_id:
        raise OutcomeNotAllowedError("Select the fact that shows what got better", field="basis_fact_id")
    if code in WITHOUT_FINDING and upheld is not Upheld.NOT_APPLICABLE:
        raise OutcomeNotAllowedError(
            f"Select “{UPHELD_LABELS[Upheld.NOT_APPLICABLE]}” when the outcome is “{OUTCOME_LABELS[code]}”",
            field="upheld",
        )
    if code is OutcomeCode.NOT_UPHELD and upheld is not Upheld.NO:
        raise OutcomeNotAllowedError("Select no when the outcome is “Not upheld”", field="upheld")
    if code is OutcomeCode.PAYMENT_RELEASED and money_freed_pence <= 0:
        raise OutcomeNotAllowedError("Enter how much money was paid", field="money_freed")
    if code is OutcomeCode.LIVE_PROCUREMENT_CHANGED and not positive:
        raise OutcomeNotAllowedError("Select yes when a live procurement was changed", field="positive")


def is_proven(*, positive: bool, has_before: bool, has_after: bool, money_freed_pence: int) -> bool:
    """Tell whether what an outcome claims rests on a fact: its values before and after, or the money that was paid."""
    return not positive or (has_after and (has_before or money_freed_pence > 0))


def check_change(before: FactValue | None, after: FactValue, *, positive: bool, money_freed_pence: int = 0) -> None:
    """Refuse a positive outcome whose fact did not change.

    What was paid is a change by itself: for a payment the value before may be unknown.

    Raises:
        OutcomeNotAllowedError: there is no value before, or the value after is the same.
    """
    proven = is_proven(
        positive=positive, has_before=before is not None, has_after=True, money_freed_pence=money_freed_pence
    )
    if not proven:
        raise OutcomeNotAllowedError("Enter the value before the change", field="before")
    if positive and before == after:
        raise OutcomeNotAllowedError("Enter the value after the change: it is the same as before", field="after")
