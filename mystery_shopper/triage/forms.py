"""The form by which a caseworker confirms or overrules a flag."""

from mystery_shopper.cases.models import FlagDecision
from mystery_shopper.core.forms import (
    CharacterCountField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    SubmitField,
    TextField,
)

REASON_MAX = 1000
SEARCH_MAX = 100
DECISION_LABELS = {
    FlagDecision.UNDECIDED: "Not decided yet",
    FlagDecision.CONFIRMED: "Confirmed",
    FlagDecision.OVERRULED: "Overruled",
}


class RuleCasesForm(GovForm):
    """Which cases of a rule to show. The choice is in the address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    decision = SelectField("Decision", empty="Any", choices=[Option(one, DECISION_LABELS[one]) for one in FlagDecision])


class FactsForm(GovForm):
    """Which facts of the dictionary to show. The words are in the address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    q = TextField("Find a fact", hint="Words of its name or question, in English or Welsh", max_length=SEARCH_MAX)


class FlagForm(GovForm):
    """Confirm or overrule a flag."""

    version = HiddenField()
    decision = RadiosField(
        "Is the flag right?",
        choices=(
            Option(FlagDecision.CONFIRMED, "Confirm it", hint="The requirement is as the rule describes."),
            Option(
                FlagDecision.OVERRULED,
                "Overrule it",
                hint="A justification or a fact the rule cannot see speaks against it.",
            ),
        ),
        required="Select whether the flag is right",
    )
    reason = CharacterCountField(
        "Why?",
        hint="Kept with the flag and on the timeline. Precision of the rules is measured from this.",
        required="Enter why",
        error_name="Reason",
        max_length=REASON_MAX,
        label_size="m",
    )
    save = SubmitField("Save decision")

    def to_version(self) -> int:
        """Return the version of the flag the page showed; one that cannot be read is older than any."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
