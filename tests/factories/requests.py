"""Requests for information, through the real services."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.core import clock
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.requests.services.register import NewRequest, record_request
from mystery_shopper.requests.states import RequestKind


def add_request(*, by: StaffMember, now: datetime | None = None, **overrides: Any) -> InfoRequest:
    """Record a freedom of information request that came today."""
    moment = now or clock.utc_now()
    details: dict[str, Any] = {
        "kind": RequestKind.FOI,
        "about": None,
        "requester": "Petra Asker",
        "contact": "petra@asker.example",
        "words": "Every concern about Barchester in the last five years",
        "received_on": moment.date(),
        "submission_id": uuid4(),
    }
    return record_request(NewRequest(**(details | overrides)), by=by, now=moment)
