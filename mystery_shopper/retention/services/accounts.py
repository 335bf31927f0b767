"""Erasing an account of staff: name, address, password, second factors, sessions, links and what the person kept.

What stays is a row with a neutral name, so that events, decisions and the audit log go on pointing at somebody.
"""

from uuid import UUID

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import FORMER_STAFF, former_address
from mystery_shopper.accounts.queries import lock_user
from mystery_shopper.accounts.services import NO_PASSWORD
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.core.db import day_of, db
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.holds.policy import HoldScope, Subject
from mystery_shopper.retention.policy import BatchClass
from mystery_shopper.retention.services.erasers import Eraser, Erasing, Reach


def _reach(_class_id: BatchClass, user_id: UUID) -> Reach:
    return Reach(ids={"users": [user_id]}, subjects=[Subject(HoldScope.ACCOUNT, user_id)])


def _after(one: Erasing) -> None:
    user = db.session.get_one(User, one.record_id)
    user.name, user.email = FORMER_STAFF, former_address(user.id)
    user.password_hash, user.must_change_password = NO_PASSWORD, False
    user.erased_on = day_of(one.now)
    db.session.flush()
    audit.record(Action.ACCOUNT_ERASED, actor=SYSTEM, subject="account", subject_id=user.id, now=one.now)


ACCOUNTS = Eraser(lock=lock_user, reach=_reach, after=_after)
