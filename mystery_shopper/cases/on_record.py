"""The door of every staff page about a case: who opened it is on record, whatever the page and however it ends.

Whoever comes to a case for the first time says at the door whether they have an interest in it.
"""

from http import HTTPStatus

from flask import abort, current_app, g, redirect, request, url_for

from mystery_shopper.accounts.access import SAFE_METHODS, signed_in_user
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.declarations import has_declared
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.presence import note_presence
from mystery_shopper.cases.queries import get_case, lock_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import is_reading, separate_transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission

DECLARE_ENDPOINT = "interests.declare"
DECLARE_AS_PUBLISHER = "interests.declare_as_publisher"


class DeclarationMissingError(DomainError):
    """Nobody changes a case before they have said that they have no interest in it."""

    status = HTTPStatus.CONFLICT
    title = "Say first whether you have an interest"

    def __init__(self) -> None:
        super().__init__("Nothing was saved. Open the case, say whether you have an interest in it, and do it again.")


def open_case(reference: str, *, asks: bool = True) -> Case:
    """Return the case a page is about for whoever is signed in, and record that they opened it.

    A request that may change the case locks it first, and the entry stands with what it does. One that only reads has
    the entry committed before anything is shown, and its page says who else has the case open (`g.also_open`).
    With `asks` off it is the page that asks for the declaration itself.

    Raises:
        NotFoundError: no such case, or not for this person; both look alike.
        HTTPException: a way to the declaration, which is missing.
        DeclarationMissingError: as before, and the request would have changed something.
    """
    user, now = signed_in_user(), clock.utc_now()
    case = get_case(reference, user) if is_reading() else lock_case(reference, user)
    if asks:
        _ask_for_declaration(case, user)
    if not is_reading():
        audit.record(Action.CASE_VIEWED, actor=user.actor, subject="case", subject_id=case.id, now=now)
        return case
    with separate_transaction() as session:
        audit.record(Action.CASE_VIEWED, actor=user.actor, subject="case", subject_id=case.id, now=now, session=session)
        g.also_open = note_presence(session, case.id, user.id, now=now)
    return case


def _ask_for_declaration(case: Case, user: StaffMember) -> None:
    is_emergency = user.emergency_case_id == case.id
    if is_emergency or not current_app.extensions["settings"].declare_each_case or has_declared(case, user.id):
        return
    if request.method not in SAFE_METHODS:
        raise DeclarationMissingError
    here = request.full_path if request.query_string else request.path
    endpoint = DECLARE_ENDPOINT if user.can(Permission.CASE_READ) else DECLARE_AS_PUBLISHER
    abort(redirect(url_for(endpoint, reference=case.reference, next=here)))
