"""A small backlog: cases with a bond of some percent of the contract, and the rules on record."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Flag, FlagDecision
from mystery_shopper.cases.queries import find_flag, get_case_for_update
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.replays import candidates, queries, services
from mystery_shopper.replays.models import Replay
from mystery_shopper.replays.states import RUNNING
from mystery_shopper.triage.services import decide_flag
from tests.factories.reports import POUNDS, Filed, add_report

RULE = "FIN-BOND"
FIGURE = "bond-share-medium"
"""Above this share of the contract (10 percent as shipped) a bond counts as large."""
STARTED = date(2025, 6, 1)
VALUE = 1_000_000


def bond_of(percent: int) -> dict[str, object]:
    """Return the facts of a report about a bond of so many percent of a million pounds, after the award."""
    return {
        "bond_gbp": VALUE * percent // 100 * POUNDS,
        "estimated_value_gbp": VALUE * POUNDS,
        "bond_required_before_award": False,
        "pcg_required": False,
        "procurement_start_date": STARTED,
    }


def committed(**details: Any) -> Filed:
    """File a report in a transaction of its own."""
    with transaction():
        return add_report(**details)


def file_bonds(file_report: Callable[..., Filed], *percents: int) -> list[Filed]:
    """Put the rules on record and file a report for each bond."""
    with transaction():
        services.record_release(now=clock.utc_now())
    return [file_report(facts=bond_of(percent)) for percent in percents]


def start(value: str = "5", figure: str = FIGURE) -> UUID:
    """Begin to compare another figure."""
    with transaction():
        candidate = candidates.with_figure(figure, Decimal(value))
        return services.start_replay(candidate, user=None, now=clock.utc_now()).id


def work(replay_id: UUID, *, limit: int | None = None, slices: int = 1000) -> int:
    """Do slices of a replay, each in its own transaction, until nothing is left; returns how many were done."""
    for done in range(slices):
        with transaction():
            replay = services.work_on(replay_id, now=clock.utc_now(), limit=limit)
            if replay.state not in RUNNING:
                return done + 1
    return slices


def compare(value: str = "5", figure: str = FIGURE) -> Replay:
    """Compare another figure with the backlog, whole."""
    replay_id = start(value, figure)
    work(replay_id)
    return queries.get_replay(replay_id)


def put_in_force(replay: Replay, reason: str = "Ten percent lets too much through.") -> UUID:
    """Put a compared candidate in force; its cases are still to be judged."""
    replay_id = replay.id
    db.session.rollback()
    with transaction():
        locked = queries.lock_replay(replay_id)
        services.apply_replay(locked, reason=reason, version=locked.row_version, actor="system", now=clock.utc_now())
    return replay_id


def apply(value: str = "5", figure: str = FIGURE) -> Replay:
    """Compare another figure, put it in force and judge the whole backlog again."""
    replay_id = put_in_force(compare(value, figure))
    work(replay_id)
    return queries.get_replay(replay_id)


def case_of(filed: Filed) -> Case:
    """Return the case, read anew."""
    db.session.expire_all()
    return get_case_for_update(filed.case_id)


def flag_of(filed: Filed, rule_id: str = RULE) -> Flag | None:
    """Return the flag in force of the bond rule."""
    return find_flag(case_of(filed), rule_id)


def decide(filed: Filed, decision: FlagDecision, decider: StaffMember) -> None:
    """Confirm or overrule the bond flag of a case."""
    with transaction():
        flag = flag_of(filed)
        assert flag
        decide_flag(
            case_of(filed),
            flag,
            decision,
            reason="Seen",
            version=flag.version,
            decider=decider,
            now=clock.utc_now(),
        )


def changes_of(replay: Replay) -> list[tuple[str, str, bool]]:
    """Return what a replay found, as reference, change and whether it is kept."""
    from mystery_shopper.replays.models import ReplayChange

    phase = "compared" if replay.number is None else "applied"
    rows = db.session.query(ReplayChange).filter_by(replay_id=replay.id, phase=phase).order_by(ReplayChange.serial)
    return [(str(row.case_id), row.change.value, row.is_kept) for row in rows]
