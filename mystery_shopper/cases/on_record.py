"""The door of every staff page about a case: who opened it is on record, whatever the page and however it ends."""

from flask import g

from mystery_shopper.accounts.access import signed_in_user
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.presence import note_presence
from mystery_shopper.cases.queries import get_case, lock_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, separate_transaction


def open_case(reference: str) -> Case:
    """Return the case a page is about for whoever is signed in, and record that they opened it.

    A request that may change the case locks it first, and the entry stands with what it does. One that only reads has
    the entry committed before anything is shown, and its page says who else has the case open (`g.also_open`).

    Raises:
        NotFoundError: no such case, or not for this person; both look alike.
    """
    user, now = signed_in_user(), clock.utc_now()
    if is_reading():
        case = get_case(reference, user)
        with separate_transaction() as session:
            audit.record(
                Action.CASE_VIEWED, actor=user.actor, subject="case", subject_id=case.id, now=now, session=session
            )
            g.also_open = note_presence(session, case.id, user.id, now=now)
        return case
    case = lock_case(reference, user)
    audit.record(Action.CASE_VIEWED, actor=user.actor, subject="case", subject_id=case.id, now=now)
    return case
