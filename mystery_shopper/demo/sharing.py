"""The demonstration of shared work: what people work on, somebody who is away, a clock that stands, what is overdue."""

from datetime import date, datetime, timedelta

from mystery_shopper.accounts.absences import set_absence
from mystery_shopper.allocation.queries import list_owned
from mystery_shopper.allocation.services import choose_work
from mystery_shopper.cases.pauses import PauseKind
from mystery_shopper.cases.pausing import kinds_open_to
from mystery_shopper.cases.policy import BEFORE_OUTCOME
from mystery_shopper.cases.services import assign, pause_clock
from mystery_shopper.clocks.services import escalate, list_overdue
from mystery_shopper.demo.telling import Cast

HANDED_ON = 3
ESCALATED = 4
AWAY_DAYS = 9
LOOK_AGAIN_DAYS = 12


def share_work(cast: Cast, today: date, now: datetime) -> None:
    """Give the staff queues and skills, send one away with a deputy, stop a clock, put what is overdue before a senior.

    Does as much as the cases that were told allow.
    """
    first, second = cast.caseworkers[0], cast.caseworkers[1]
    choose_work(first, queues=(), known=("live-tenders", "welsh"), actor=cast.senior.actor, now=now)
    choose_work(second, queues=("payment", "supply-chain"), known=("late-payment",), actor=cast.senior.actor, now=now)
    owned = list_owned(second.id, cast.senior)
    for case in owned[:HANDED_ON]:
        assign(case, cast.away, actor=cast.senior.actor, now=now, reason="Shared out so that nobody has too many.")
    last_day = today + timedelta(days=AWAY_DAYS)
    set_absence(cast.away, starts_on=today, ends_on=last_day, deputy=first, today=today, actor=cast.away.actor, now=now)
    _stop_a_clock(cast, today, now)
    for case_id in list_overdue(today)[:ESCALATED]:
        escalate(case_id, now=now)


def _stop_a_clock(cast: Cast, today: date, now: datetime) -> None:
    for case in list_owned(cast.caseworkers[0].id, cast.senior):
        kinds = kinds_open_to(case.state, has_target=case.target_on is not None)
        if case.state in BEFORE_OUTCOME and PauseKind.REPORTER in kinds:
            pause_clock(
                case,
                PauseKind.REPORTER,
                look_again_on=today + timedelta(days=LOOK_AGAIN_DAYS),
                reason="The reporter is looking for the tender documents and asked for two weeks.",
                actor=cast.caseworkers[0].actor,
                now=now,
            )
            return
