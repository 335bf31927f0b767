"""Forms of Tell us How: one for each page of the commissioner, and those of the policy owner."""

from collections.abc import Iterable

from mystery_shopper.core.forms import (
    CharacterCountField,
    ConfirmField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    RequiredIf,
    SelectField,
    SubmitField,
    TextField,
)
from mystery_shopper.core.receipts import MAX_TYPED
from mystery_shopper.suggestions.policy import (
    FORCED_BY_LABELS,
    LINE_MAX,
    TEXT_MAX,
    VALUE_BAND_LABELS,
    ForcedBy,
    ValueBand,
)
from mystery_shopper.suggestions.queries import SuggestionFilter
from mystery_shopper.suggestions.states import SuggestionState, state_label

NOTE_MAX = 1000


class ForceForm(GovForm):
    """What forces it."""

    forced_by = RadiosField(
        "What makes you ask for more than you think is needed?",
        choices=[Option(one.value, FORCED_BY_LABELS[one]) for one in ForcedBy],
        required="Select what makes you ask for it",
        reveals={ForcedBy.OTHER.value: "forced_by_other"},
        heading=True,
    )
    forced_by_other = TextField(
        "What is it?",
        max_length=LINE_MAX,
        error_name="What it is",
        validators=[RequiredIf("forced_by", ForcedBy.OTHER.value, "Enter what it is")],
    )
    save = SubmitField()


class FamilyForm(GovForm):
    """Which kind of barrier."""

    family = RadiosField(
        "What is the requirement about?", required="Select what the requirement is about", heading=True
    )
    save = SubmitField()

    def offer(self, families: Iterable[tuple[str, str, str]]) -> None:
        """Fill in the kinds of barrier: id, title, hint."""
        self.family.choices = tuple(Option(value, title, hint=hint) for value, title, hint in families)


class RequirementForm(GovForm):
    """What has to be asked for."""

    requirement = CharacterCountField(
        "What do you have to ask suppliers for?",
        hint="Leave out names of people and anything that could identify you.",
        required="Enter what you have to ask suppliers for",
        error_name="What you have to ask for",
        max_length=TEXT_MAX,
        heading=True,
        rows=8,
    )
    save = SubmitField()


class InsteadForm(GovForm):
    """What they would rather do."""

    would_rather = CharacterCountField(
        "What would you rather do?",
        hint="What would be enough for the contract, or how could the rule be changed?",
        required="Enter what you would rather do",
        error_name="What you would rather do",
        max_length=TEXT_MAX,
        heading=True,
        rows=8,
    )
    save = SubmitField()


class ValueForm(GovForm):
    """The value of the contracts."""

    value_band = RadiosField(
        "What are the contracts worth that this affects?",
        hint="The value of one contract over its whole term, without VAT.",
        choices=[Option(one.value, VALUE_BAND_LABELS[one]) for one in ValueBand],
        required="Select what the contracts are worth",
        heading=True,
    )
    save = SubmitField()


class AuthorityForm(GovForm):
    """The own authority, if they like."""

    authority = TextField(
        "Which authority do you work for? (optional)",
        hint="You do not have to say. We never tell an authority that somebody there wrote to us.",
        max_length=LINE_MAX,
        error_name="The authority",
        heading=True,
    )
    save = SubmitField()


class CheckForm(GovForm):
    """Send it."""

    saved_code = ConfirmField("I have saved my receipt code", required="Confirm that you have saved your receipt code")
    send = SubmitField("Send")


class CodeForm(GovForm):
    """Open a receipt."""

    code = TextField(
        "Receipt code",
        hint="27 letters and numbers. Spaces and capital letters do not matter.",
        required="Enter your receipt code",
        max_length=MAX_TYPED,
        autocomplete="off",
        spellcheck=False,
    )
    save = SubmitField("Open")


class RouteForm(GovForm):
    """Pass it on."""

    version = HiddenField()
    note = CharacterCountField(
        "Who was it passed on to, and what did you ask?",
        hint="Staff read this. The person who wrote to us only reads that it was passed on.",
        required="Enter who it was passed on to",
        error_name="The note",
        max_length=NOTE_MAX,
    )
    save = SubmitField("Save as passed on")


class AnswerForm(GovForm):
    """Answer through the receipt."""

    version = HiddenField()
    answer = CharacterCountField(
        "Your answer",
        hint="The person who wrote to us reads this through the receipt code.",
        required="Enter your answer",
        error_name="Your answer",
        max_length=TEXT_MAX,
        rows=8,
    )
    save = SubmitField("Send answer")


class FilterForm(GovForm):
    """The filters of the list; all are in the address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    state = SelectField(
        "State", empty="Any state", choices=[Option(one.value, state_label(one)) for one in SuggestionState]
    )
    forced_by = SelectField(
        "Forced by", empty="Anything", choices=[Option(one.value, FORCED_BY_LABELS[one]) for one in ForcedBy]
    )
    family = SelectField("About", empty="Anything")

    def offer(self, families: Iterable[tuple[str, str]]) -> None:
        """Fill in the kinds of barrier."""
        self.family.choices = tuple(Option(value, title) for value, title in families)

    def to_filter(self) -> SuggestionFilter:
        """Return the filters that can be read; one with an error filters nothing."""
        good = {field.name: field.data for field in self if not field.errors and field.data}
        return SuggestionFilter(
            state=SuggestionState(good["state"]) if "state" in good else None,
            forced_by=ForcedBy(good["forced_by"]) if "forced_by" in good else None,
            family=good.get("family"),
        )
