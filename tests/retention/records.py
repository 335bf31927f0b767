"""Records that are no cases, brought to where their period begins, through the real services."""

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock
from mystery_shopper.suggestions import services
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import Helped
from mystery_shopper.suggestions.states import SuggestionState
from tests.factories.publications import as_staff
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
