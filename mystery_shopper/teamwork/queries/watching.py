"""Who watches which case, what changed since they last looked, and what each person wants mail about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.audience import people_who_may_see
from mystery_shopper.cases.models import Case, CaseEventRecord
from mystery_shopper.cases.queries import visible_to
from mystery_shopper.core.db import db
from mystery_shopper.core.vault import DataKey, unseal
from mystery_shopper.teamwork.models import CaseWatch, MailChoice
from mystery_shopper.teamwork.policy import MailAbout, wanted_mail

WATCHED_SHOWN = 20


@dataclass(frozen=True)
class Changed:
    """A watched case on which others did something since the person last looked."""

    reference: str
    title: str
    changes: int


@dataclass(frozen=True)
class Watch:
    """How a person watches a case: how many changes by others are new to them, and the last event there is."""

    changes: int
    latest: int
    is_behind: bool


def find_watch(case: Case, user: StaffMember) -> Watch | None:
    """Return how a person watches a case, None when they do not."""
    by_others = and_(CaseEventRecord.sequence > CaseWatch.seen_sequence, CaseEventRecord.actor != user.actor)
    row = db.session.execute(
        select(CaseWatch.seen_sequence, func.max(CaseEventRecord.sequence), func.count().filter(by_others))
        .join(CaseEventRecord, CaseEventRecord.case_id == CaseWatch.case_id)
        .where(CaseWatch.case_id == case.id, CaseWatch.user_id == user.id)
        .group_by(CaseWatch.seen_sequence)
    ).first()
    return None if row is None else Watch(changes=row[2], latest=row[1], is_behind=row[1] > row[0])


def watched_and_changed(user: StaffMember) -> list[Changed]:
    """Return the watched cases of a person that others changed since their last look, the last changed first.

    At most WATCHED_SHOWN; a case they may no longer see is not among them.
    """
    by_others = (
        select(func.count(), func.max(CaseEventRecord.sequence).label("latest"), CaseEventRecord.case_id)
        .join(CaseWatch, CaseWatch.case_id == CaseEventRecord.case_id)
        .where(
            CaseWatch.user_id == user.id,
            CaseEventRecord.sequence > CaseWatch.seen_sequence,
            CaseEventRecord.actor != user.actor,
        )
        .group_by(CaseEventRecord.case_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Case.id, Case.reference, Case.title_sealed, DataKey, by_others.c[0])
        .join(by_others, by_others.c.case_id == Case.id)
        .join(DataKey, DataKey.id == Case.data_key_id)
        .where(visible_to(user))
        .order_by(by_others.c.latest.desc())
        .limit(WATCHED_SHOWN)
    )
    return [
        Changed(reference, unseal(key, title, f"cases.title:{case_id}"), changes)
        for case_id, reference, title, key, changes in rows
    ]


def watchers_to_tell(case: Case, *, but: str, today: date) -> Sequence[UUID]:
    """Return who watches a case, may see it, wants mail about it and did not make the change themselves (`but`)."""
    watching = db.session.scalars(select(CaseWatch.user_id).where(CaseWatch.case_id == case.id)).all()
    if not watching:
        return ()
    wanted = wants_mail(watching, MailAbout.WATCHED)
    if not wanted:
        return ()
    return [one.id for one in people_who_may_see(case, today) if one.id in wanted and one.actor != but]


def mail_choice_of(user_id: UUID) -> frozenset[MailAbout]:
    """Return what a person wants mail about."""
    return _chosen([user_id])[user_id]


def wants_mail(user_ids: Collection[UUID], about: MailAbout) -> frozenset[UUID]:
    """Return which of some people want mail about a thing."""
    return frozenset(user_id for user_id, chosen in _chosen(user_ids).items() if about in chosen)


def _chosen(user_ids: Collection[UUID]) -> Mapping[UUID, frozenset[MailAbout]]:
    rows = {row.user_id: row for row in db.session.scalars(select(MailChoice).where(MailChoice.user_id.in_(user_ids)))}
    found = {}
    for user_id in user_ids:
        row = rows.get(user_id)
        chosen = None if row is None else [about for about in MailAbout if getattr(row, about.value)]
        found[user_id] = wanted_mail(chosen)
    return found
