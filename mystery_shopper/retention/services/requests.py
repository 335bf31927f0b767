"""Erasing a request: who asked, in what words, why it was answered so, and the packs.

What stays is its line in the register: reference, kind, days, how it was answered, exemptions, the cases it named.
"""

from uuid import UUID

from sqlalchemy import select

from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.requests.models import InfoRequest, RequestCase
from mystery_shopper.retention.policy import BatchClass
from mystery_shopper.retention.services.cases import family_of, subjects_of
from mystery_shopper.retention.services.erasers import Eraser, Erasing, Reach


def _lock(request_id: UUID) -> InfoRequest:
    return db.session.get_one(InfoRequest, request_id, with_for_update={"of": InfoRequest}, populate_existing=True)


def _reach(_class_id: BatchClass, request_id: UUID) -> Reach:
    named = db.session.scalars(select(RequestCase.case_id).where(RequestCase.request_id == request_id)).all()
    of_cases = [subject for case_id in named for subject in subjects_of(family_of(case_id))]
    return Reach(ids={"info_requests": [request_id]}, subjects=[Subject(HoldScope.REQUEST, request_id), *of_cases])


def _after(one: Erasing) -> None:
    request = db.session.get_one(InfoRequest, one.record_id)
    request.erased_on = day_of(one.now)
    db.session.flush()
    audit.record(Action.REQUEST_ERASED, actor=SYSTEM, subject="request", subject_id=request.id, now=one.now)


REQUESTS = Eraser(lock=_lock, reach=_reach, after=_after)
