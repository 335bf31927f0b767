"""Reads of referrals and of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import MUTUAL_KINDS, Case, Flag, FlagDecision, Report, ReporterKind
from mystery_shopper.cases.queries import list_reports, visible_to
from mystery_shopper.cases.states import FINISHED
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.guidance.bodies import body_of
from mystery_shopper.guidance.models import ProvideStage, Referral
from mystery_shopper.guidance.referring import Body
from mystery_shopper.guidance.states import ReferralState
from mystery_shopper.rules.results import Outcome


@dataclass(frozen=True)
class ReferralView:
    """One referral, opened, with the number its report has on the case page."""

    row: Referral
    body: Body
    report_number: int


def list_referrals(case: Case) -> list[ReferralView]:
    """Return the referrals of every report of a case, in the order they were suggested."""
    rows = db.session.scalars(
        select(Referral).join(Report).where(Report.case_id == case.id).order_by(Referral.proposed_at, Referral.id)
    ).all()
    if not rows:
        return []
    numbers = {report.id: number for number, report in enumerate(list_reports(case), start=1)}
    return [ReferralView(row, body_of(row.body_id), numbers[row.report_id]) for row in rows]


def list_for_reporter(report: Report) -> list[ReferralView]:
    """Return the referrals of one report, the newest first: what its reporter sees."""
    rows = db.session.scalars(
        select(Referral).where(Referral.report_id == report.id).order_by(Referral.proposed_at.desc(), Referral.id)
    )
    return [ReferralView(row, body_of(row.body_id), 1) for row in rows]


def get_referral(case: Case, referral_id: UUID) -> Referral:
    """Return a referral of a report of a case.

    Raises:
        NotFoundError: none of this case has the id.
    """
    row = db.session.get(Referral, referral_id)
    if row is None or row.report.case_id != case.id:
        raise NotFoundError
    return row


def get_for_reporter(report: Report, referral_id: UUID) -> Referral:
    """Return a referral for the reporter it is about.

    Raises:
        NotFoundError: none of this report has the id.
    """
    row = db.session.get(Referral, referral_id)
    if row is None or row.report_id != report.id:
        raise NotFoundError
    return row


def find_by_submission(submission_id: UUID) -> Referral | None:
    """Return the referral a form made when it was sent before."""
    return db.session.scalar(select(Referral).where(Referral.submission_id == submission_id))


def open_to(report: Report, body_id: str, states: Sequence[str]) -> bool:
    """Tell whether a report has a referral to a body in one of some states."""
    wanted = select(Referral.id).where(
        Referral.report_id == report.id, Referral.body_id == body_id, Referral.state.in_(states)
    )
    return db.session.scalar(wanted.limit(1)) is not None


@dataclass(frozen=True)
class Standing:
    """Where a department, or a service of it, stands: the newest entry, and all of them from the oldest."""

    current: ProvideStage
    history: tuple[ProvideStage, ...]


def list_standings() -> list[Standing]:
    """Return the register by department and service; entries that were taken back do not count."""
    rows = db.session.scalars(
        select(ProvideStage)
        .where(ProvideStage.taken_back_at.is_(None))
        .order_by(ProvideStage.said_on, ProvideStage.recorded_at, ProvideStage.id)
    )
    held: dict[tuple[str, str], list[ProvideStage]] = {}
    for row in rows:
        held.setdefault((row.department, row.service), []).append(row)
    return [Standing(held[key][-1], tuple(held[key])) for key in sorted(held, key=_alphabetical)]


def _alphabetical(key: tuple[str, str]) -> tuple[str, str]:
    department, service = key
    return department.removeprefix("Department of ").removeprefix("Department for ").casefold(), service.casefold()


def list_stages() -> Sequence[ProvideStage]:
    """Return every entry of the register, also those taken back, the newest first."""
    return db.session.scalars(
        select(ProvideStage).order_by(
            ProvideStage.said_on.desc(), ProvideStage.recorded_at.desc(), ProvideStage.department, ProvideStage.service
        )
    ).all()


def get_stage(stage_id: UUID) -> ProvideStage:
    """Return one entry of the register.

    Raises:
        NotFoundError: there is none with the id.
    """
    row = db.session.get(ProvideStage, stage_id)
    if row is None:
        raise NotFoundError
    return row


@dataclass(frozen=True)
class GroupCount:
    """How many cases have a report of one kind of reporter, of those a person may see."""

    kind: ReporterKind
    open: int
    closed: int


@dataclass(frozen=True)
class MutualGroup:
    """The cases of mutuals as a group: by kind, in all (a case counts once), by rule, and their referrals by state."""

    kinds: tuple[GroupCount, ...]
    all_open: int
    all_closed: int
    rules: tuple[tuple[str, int], ...]
    referrals: tuple[tuple[ReferralState, int], ...]


def count_mutuals(user: StaffMember) -> MutualGroup:
    """Return the counts of the cases of mutuals that a person may see."""
    is_over = sql_case((Case.state.in_(FINISHED), 1), else_=0)
    of_mutuals = (visible_to(user), Report.reporter_kind.in_(MUTUAL_KINDS))
    cases = func.count(Case.id.distinct())
    kinds = db.session.execute(
        select(Report.reporter_kind, is_over, cases)
        .join(Case, Case.id == Report.case_id)
        .where(*of_mutuals)
        .group_by(Report.reporter_kind, is_over)
    ).all()
    found = {(kind, over): count for kind, over, count in kinds}
    totals = db.session.execute(
        select(is_over, cases).join(Report, Report.case_id == Case.id).where(*of_mutuals).group_by(is_over)
    ).all()
    whole: dict[int, int] = dict(iter(totals))
    return MutualGroup(
        kinds=tuple(GroupCount(kind, found.get((kind, 0), 0), found.get((kind, 1), 0)) for kind in MUTUAL_KINDS),
        all_open=whole.get(0, 0),
        all_closed=whole.get(1, 0),
        rules=_rules_of_mutuals(user),
        referrals=_referrals_of_mutuals(user),
    )


def _rules_of_mutuals(user: StaffMember) -> tuple[tuple[str, int], ...]:
    """Return the rules raised on these cases and not overruled, the most frequent first."""
    count = func.count(Case.id.distinct())
    rows = db.session.execute(
        select(Flag.rule_id, count)
        .join(Case, Case.id == Flag.case_id)
        .join(Report, Report.case_id == Case.id)
        .where(
            visible_to(user),
            Report.reporter_kind.in_(MUTUAL_KINDS),
            Flag.is_current,
            Flag.outcome == Outcome.RAISED.value,
            Flag.decision != FlagDecision.OVERRULED,
        )
        .group_by(Flag.rule_id)
        .order_by(count.desc(), Flag.rule_id)
    )
    return tuple((rule_id, cases) for rule_id, cases in rows)


def _referrals_of_mutuals(user: StaffMember) -> tuple[tuple[ReferralState, int], ...]:
    rows = db.session.execute(
        select(Referral.state, func.count())
        .join(Report, Report.id == Referral.report_id)
        .join(Case, Case.id == Report.case_id)
        .where(visible_to(user), Report.reporter_kind.in_(MUTUAL_KINDS))
        .group_by(Referral.state)
    )
    found = dict(iter(rows))
    return tuple((state, found[state]) for state in ReferralState if state in found)
