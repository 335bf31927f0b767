"""Records of the demonstration: requests, accounts closed long ago, a hold, a batch that waits for a reviewer."""

from datetime import datetime, timedelta
from uuid import uuid4

from mystery_shopper.accounts import services as accounts
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.demo.telling import Cast
from mystery_shopper.holds import services as holds
from mystery_shopper.holds.policy import HoldGround, HoldScope, Subject
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.requests.services import register
from mystery_shopper.requests.services.packing import build_pack
from mystery_shopper.requests.services.register import NewRequest
from mystery_shopper.requests.states import Decision, RequestKind
from mystery_shopper.retention.policy import SUGGESTION, schedule
from mystery_shopper.retention.services.batches import propose

DAY = timedelta(days=1)
LONG_AGO, ANSWERED_AFTER, LATELY = 900 * DAY, 15 * DAY, 6 * DAY
FORMER = (("fergus@former.example", "Fergus Former", 1300 * DAY), ("freda@former.example", "Freda Former", 1200 * DAY))
REVIEW_IN = 90 * DAY
WORDS = {
    RequestKind.FOI: "How many concerns about bonds and guarantees did you receive in the last two years?",
    RequestKind.COMPLAINT: "Your letter went to an old address of mine although I had told you the new one.",
}


def keep_records(cast: Cast, now: datetime) -> None:
    """Record requests old and new, leave two accounts behind of which one is held, and propose a batch."""
    _answer(_record(RequestKind.FOI, cast.senior, now - LONG_AGO), cast.senior, now - LONG_AGO + ANSWERED_AFTER)
    for kind in WORDS:
        _record(kind, cast.senior, now - LATELY)
    kept = [_leave(email, name, now - ago) for email, name, ago in FORMER][-1]
    holds.place(
        Subject(HoldScope.ACCOUNT, kept.id),
        HoldGround.AUDIT,
        reason="The auditors look at what was approved in that year.",
        review_on=(now + REVIEW_IN).date(),
        submission_id=uuid4(),
        by_id=cast.senior.id,
        now=now,
    )
    propose(schedule().classes[SUGGESTION], submission_id=uuid4(), by=cast.second_senior, now=now)


def _record(kind: RequestKind, by: StaffMember, at: datetime) -> InfoRequest:
    new = NewRequest(
        kind=kind,
        about=None,
        requester="Rosa Example",
        contact="rosa@asker.example",
        words=WORDS[kind],
        received_on=at.date(),
        submission_id=uuid4(),
    )
    return register.record_request(new, by=by, now=at)


def _answer(one: InfoRequest, by: StaffMember, at: datetime) -> None:
    build_pack(one, "", by=by, now=at)
    register.decide(one, Decision.GIVEN, exemption_ids=(), reason="The figures were sent.", by=by, now=at)


def _leave(email: str, name: str, at: datetime) -> User:
    """Make an account that nobody ever signed in to, and close it on the same day."""
    user = accounts.create_user(email=email, name=name, roles=[Role.CASEWORKER], actor=SYSTEM, now=at).user
    accounts.disable_user(user, actor=SYSTEM, now=at)
    return user
