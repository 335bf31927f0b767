"""What the short form leaves out, for the receipt: nothing here has to be answered."""

from typing import ClassVar

from mystery_shopper.core.forms import (
    CharacterCountField,
    CheckboxesField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SubmitField,
    TextField,
)
from mystery_shopper.core.languages import _
from mystery_shopper.intake.forms.pages import KINDS, NAME_MAX, SHORT_MAX, STAGES, STORY_MAX
from mystery_shopper.rules.catalogue import Family


class DetailsForm(GovForm):
    """Who is buying what, how far it has got, and what stands in the way."""

    TEXTS: ClassVar[tuple[str, ...]] = (
        "authority_text", "procurement_title", "procurement_reference", "requirement", "buyer_answer",
    )  # fmt: skip

    submission_id = HiddenField()
    reporter_kind = RadiosField(_("Who are you?"), choices=KINDS)
    authority_text = TextField(
        _("Who is buying?"), error_name=_("Who is buying"), max_length=NAME_MAX, label_size="m", spellcheck=False
    )
    procurement_title = TextField(
        _("Title of the procurement"),
        hint=_("As the notice or the tender documents give it, or in a few words what is bought."),
        error_name=_("Title of the procurement"),
        max_length=300,
        label_size="m",
    )
    procurement_reference = TextField(
        _("Reference number"),
        hint=_("For example from Find a Tender, Contracts Finder or the buyer's portal."),
        error_name=_("Reference number"),
        max_length=100,
        width=20,
        label_size="m",
        spellcheck=False,
    )
    stage = RadiosField(_("How far has it got?"), choices=STAGES)
    barriers = CheckboxesField(_("What stands in your way?"), hint=_("Select all that apply."))
    requirement = CharacterCountField(
        _("What do the tender documents say?"),
        hint=_("Copy the words of the requirement if you can, and say where they are."),
        error_name=_("What the tender documents say"),
        max_length=STORY_MAX,
        label_size="m",
    )
    buyer_answer = CharacterCountField(
        _("If you raised it with the buyer: what did the buyer say?"),
        error_name=_("What the buyer said"),
        max_length=SHORT_MAX,
        label_size="m",
    )
    save = SubmitField(_("Send"))

    def offer(self, families: tuple[Family, ...]) -> "DetailsForm":
        """Offer the families of the rule catalogue."""
        self.barriers.choices = tuple(Option(family.id, family.title, family.hint) for family in families)
        return self

    def in_words(self) -> list[tuple[str, str]]:
        """Return each question that was answered, with the answer in words."""
        answered = []
        for field in self:
            given = set(field.data if isinstance(field.data, list) else [field.data]) - {None, ""}
            if isinstance(field, CheckboxesField | RadiosField):
                words = "\n".join(str(option.label) for option in field.options if option.value in given)
            else:
                words = field.data if field.name in self.TEXTS else ""
            if words:
                answered.append((str(field.label.text).removesuffix("?"), words))
        return answered
