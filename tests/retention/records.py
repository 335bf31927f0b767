"""Records that are no cases, brought to where their period begins, through the real services."""

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.requests.services import register
from mystery_shopper.requests.services.packing import build_pack
from mystery_shopper.requests.states import Decision, RequestKind
from mystery_shopper.suggestions import services
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import Helped
from mystery_shopper.suggestions.states import SuggestionState
from tests.factories.publications import as_staff
from tests.factories.requests import add_request
from tests.factories.suggestions import suggestion_in
from tests.retention.office import Two

AUTHORITY = "Barchester City Council"
GIVEAWAY = "the meals team of Quillfeather Street"


def add_settled_suggestion(two: Two, state: SuggestionState = SuggestionState.PUBLISHED) -> Suggestion:
    """Take a suggestion to where it is settled now, with every kind of words in it."""
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
