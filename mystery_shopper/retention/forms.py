"""Forms of records: holds, and batches of what is destroyed."""

from mystery_shopper.core.forms import (
    CharacterCountField,
    ConfirmField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    RequiredIf,
    SubmitField,
    TextField,
)
from mystery_shopper.holds.policy import GROUND_LABELS, HoldScope

REASON_MAX = 1000
NAME_MAX = 200
NAMED = (HoldScope.AUTHORITY, HoldScope.SUGGESTION, HoldScope.REQUEST, HoldScope.ACCOUNT)
"""What a wide hold can be on that is named in a field of its own."""
GROUNDS = tuple(Option(ground.value, label) for ground, label in GROUND_LABELS.items())


def _ground() -> RadiosField:
    return RadiosField("What is the hold for?", choices=GROUNDS, required="Select what the hold is for", label_size="m")


def _reason(label: str, missing: str) -> CharacterCountField:
    return CharacterCountField(
        label, required=missing, error_name="Reason", max_length=REASON_MAX, rows=3, label_size="m"
    )


def _review_on() -> DateField:
    return DateField(
        "When is the hold to be reviewed?",
        hint="It stands until somebody lifts it. On this day it comes up to be looked at again.",
        required="Enter the day of review",
        error_name="Day of review",
        label_size="m",
    )


class CaseHoldForm(GovForm):
    """Place a hold on one case."""

    submission_id = HiddenField()
    ground = _ground()
    reason = _reason("Why must this be kept?", "Enter why this must be kept")
    review_on = _review_on()
    save = SubmitField("Place the hold")


def _named(scope: HoldScope, label: str, missing: str, *, hint: str) -> TextField:
    return TextField(label, hint=hint, max_length=NAME_MAX, validators=(RequiredIf("scope", scope.value, missing),))


class WideHoldForm(GovForm):
    """Place a hold on one record that is no case, on every case about an authority, or on everything.

    Each scope that has to be named has a field of the same name.
    """

    submission_id = HiddenField()
    scope = RadiosField(
        "What is held?",
        choices=(
            Option(HoldScope.AUTHORITY.value, "Every case about one authority"),
            Option(HoldScope.SUGGESTION.value, "One suggestion sent through Tell us how"),
            Option(HoldScope.REQUEST.value, "One request or complaint in the registers"),
            Option(HoldScope.ACCOUNT.value, "The account of one member of staff"),
            Option(
                HoldScope.EVERYTHING.value,
                "Everything",
                hint="Nothing is destroyed or expires any more, drafts and leftover files included",
            ),
        ),
        reveals={scope.value: scope.value for scope in NAMED},
        required="Select what is held",
        label_size="m",
    )
    authority = _named(
        HoldScope.AUTHORITY,
        "Name of the authority",
        "Enter the name of the authority",
        hint="As the register of authorities writes it, or a name it is also known by",
    )
    suggestion = _named(
        HoldScope.SUGGESTION,
        "Reference of the suggestion",
        "Enter the reference of the suggestion",
        hint="For example, TH-4K7PX2MA",
    )
    request = _named(
        HoldScope.REQUEST,
        "Reference of the request",
        "Enter the reference of the request",
        hint="For example, FOI-2026-0012",
    )
    account = _named(
        HoldScope.ACCOUNT,
        "Email address of the account",
        "Enter the email address of the account",
        hint="The account is kept also when it is closed",
    )
    ground = _ground()
    reason = _reason("Why must this be kept?", "Enter why this must be kept")
    review_on = _review_on()
    save = SubmitField("Place the hold")

    def to_name(self) -> str:
        """Return what was typed under the scope that was chosen, empty for everything."""
        return str(self[self.scope.data].data or "") if HoldScope(self.scope.data) in NAMED else ""


class ReviewHoldForm(GovForm):
    """Keep a hold for longer."""

    reason = _reason("Why is the hold still needed?", "Enter why the hold is still needed")
    review_on = _review_on()
    save = SubmitField("Keep the hold")


class LiftHoldForm(GovForm):
    """Lift a hold."""

    reason = _reason("Why is the hold no longer needed?", "Enter why the hold is no longer needed")
    save = SubmitField("Lift the hold")


class ProposeForm(GovForm):
    """Propose a batch."""

    submission_id = HiddenField()
    save = SubmitField("Propose these to be destroyed")


class ApproveForm(GovForm):
    """Approve a batch."""

    checked = ConfirmField(
        "I have looked at the list, and none of these records is still needed",
        required="Confirm that you have looked at the list",
    )
    save = SubmitField("Approve: destroy these")
