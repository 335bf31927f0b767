"""Records that are no cases, brought to where their period begins, through the real services."""

from datetime import timedelta
from uuid import UUID

from mystery_shopper.accounts.absences import set_absence
from mystery_shopper.accounts.factors import add_passkey
from mystery_shopper.accounts.passkeys import NewPasskey
from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.accounts.services import disable_user
from mystery_shopper.cases.models import Case
from mystery_shopper.casework.services.saved_views import save_view
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.requests.services import register
from mystery_shopper.requests.services.packing import build_pack
from mystery_shopper.requests.states import Decision, RequestKind
from mystery_shopper.suggestions import services
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import Helped
from mystery_shopper.suggestions.states import SuggestionState
from tests.factories.interests import declare
from tests.factories.publications import as_staff
from tests.factories.requests import add_request
from tests.factories.staff import Member, add_member
from tests.factories.suggestions import suggestion_in
from tests.retention.office import Two

AUTHORITY = "Barchester City Council"
LEAVER = "Marguerite Oldcastle"
ADDRESS = "m.oldcastle@office.example"
GIVEAWAY = "the meals team of Quillfeather Street"


def add_old_suggestion(two: Two, state: SuggestionState = SuggestionState.PUBLISHED) -> Suggestion:
    """Take a suggestion to where it is dealt with now, with every kind of words in it."""
    staff = as_staff(two.ada.id, Role.POLICY_OWNER), as_staff(two.ben.id, Role.PUBLISHER)
    found = suggestion_in(state, staff=staff, authority=AUTHORITY, giveaways=GIVEAWAY)
    if state is SuggestionState.PUBLISHED:
        services.reply(found, "It was of use to us", Helped.YES, now=clock.reporter_now())
        services.mark_reply_read(found, version=found.version, actor=two.ada.actor, now=clock.utc_now())
    return found


def add_answered_request(two: Two, kind: RequestKind = RequestKind.FOI, *, case: Case | None = None) -> InfoRequest:
    """Record a request, name a case in it, build its pack where it has one, and answer it, all now."""
    now, by = clock.utc_now(), two.ada
    found = add_request(by=by, now=now, kind=kind)
    if case is not None:
        register.name_case(found, case, by=by, now=now)
    if kind is RequestKind.FOI:
        build_pack(found, "", by=by, now=now)
    register.decide(found, Decision.GIVEN, exemption_ids=(), reason="All of it was given", by=by, now=now)
    return found


def add_closed_account(two: Two, role: Role = Role.CASEWORKER, *, name: str = LEAVER, email: str = "") -> Member:
    """Make an account with everything a person can have, and close it, all now. Each step is a unit of work."""
    now = clock.utc_now()
    member = add_member(role, name=name, email=email, now=now)
    person = as_staff(member.id, role)
    declare(person, supplier="Oldcastle & Sons")
    with transaction():
        new = NewPasskey(credential_id=member.id.bytes * 2, public_key=b"public half of a key", sign_count=0)
        add_passkey(member.id, new, name=f"Telephone of {name.split()[0]}", now=now)
        for word, is_shared in (("mine", False), ("ours", True)):
            save_view(
                f"{word} {member.email}",
                f"q={word}",
                is_shared=is_shared,
                by=as_staff(member.id, Role.SENIOR_CASEWORKER),
                now=now,
            )
        _put_away(member.id, deputy_id=two.ada.id, days=1)
        _put_away(two.ben.id, deputy_id=member.id, days=0)
        disable_user(get_user(member.id), actor=SYSTEM, now=now)
    return member


def _put_away(user_id: UUID, *, deputy_id: UUID, days: int) -> None:
    day, now = clock.today() + timedelta(days=days), clock.utc_now()
    user, deputy = get_user(user_id), get_user(deputy_id)
    set_absence(user, starts_on=day, ends_on=day, deputy=deputy, today=day, actor=user.actor, now=now)
