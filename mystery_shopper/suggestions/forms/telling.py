"""One form for each page of the commissioner, and those of the receipt."""

from typing import Any, ClassVar

from mystery_shopper.core.forms import (
    CharacterCountField,
    ConfirmField,
    GovForm,
    HiddenField,
    IntegerField,
    MoneyField,
    Option,
    RadiosField,
    RequiredIf,
    SubmitField,
    TextField,
)
from mystery_shopper.core.languages import _
from mystery_shopper.core.receipts import MAX_TYPED
from mystery_shopper.suggestions import journey
from mystery_shopper.suggestions.bodies import OTHER_BODY, OTHER_TITLE, UNKNOWN_BODY, UNKNOWN_TITLE, imposing_bodies
from mystery_shopper.suggestions.journey import NO_RULE, NO_RULE_TITLE, Answers
from mystery_shopper.suggestions.policy import (
    FORCED_BY_LABELS,
    HELPED_LABELS,
    LINE_MAX,
    MOST_POUNDS,
    MOST_TENDERS,
    TEXT_MAX,
    ForcedBy,
    Helped,
)


class DraftForm(GovForm):
    """A form about one draft; `draft` says which, and is empty before the first page was saved."""

    draft = HiddenField(max_length=40)


class StepForm(DraftForm):
    """Base of the pages. A page that asks more than one thing has a heading of its own, and words below it."""

    title: ClassVar[str] = ""
    words: ClassVar[str] = ""
    return_to = HiddenField(max_length=20)
    save = SubmitField(_("Save and continue"))
    later = SubmitField(_("Save and come back later"), style="secondary")

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored answers as the fields take them."""
        return dict(answers.values)

    def offer(self, answers: Answers) -> None:
        """Fill in options that depend on other answers."""


class ForceForm(StepForm):
    """What forces it."""

    forced_by = RadiosField(
        _("What makes you ask for more than you think is needed?"),
        choices=[Option(one.value, FORCED_BY_LABELS[one]) for one in ForcedBy],
        required=_("Select what makes you ask for it"),
        reveals={ForcedBy.OTHER.value: "forced_by_other"},
        heading=True,
    )
    forced_by_other = TextField(
        _("What is it?"),
        max_length=LINE_MAX,
        error_name=_("What it is"),
        validators=[RequiredIf("forced_by", ForcedBy.OTHER.value, _("Enter what it is"))],
    )


class BodyForm(StepForm):
    """Who imposes it."""

    body = RadiosField(
        _("Who imposes it?"),
        hint=_("The body that could change the rule, template, condition or advice."),
        required=_("Select who imposes it, or that you do not know"),
        reveals={OTHER_BODY: "body_other"},
        heading=True,
    )
    body_other = TextField(
        _("What is the body called?"),
        max_length=LINE_MAX,
        error_name=_("The name of the body"),
        validators=[RequiredIf("body", OTHER_BODY, _("Enter what the body is called"))],
    )

    def offer(self, answers: Answers) -> None:
        """Offer the bodies that fit the force; one that was chosen before stays among them."""
        chosen = answers.get("forced_by")
        bodies = imposing_bodies()
        fitting = bodies.forcing(ForcedBy(chosen)) if chosen else list(bodies.by_id.values())
        kept = bodies.by_id.get(answers.get("body"))
        if kept is not None and kept not in fitting:
            fitting.append(kept)
        self.body.choices = (
            *(Option(body.id, body.title) for body in fitting),
            Option(OTHER_BODY, OTHER_TITLE, divider=_("or")),
            Option(UNKNOWN_BODY, UNKNOWN_TITLE),
        )


class FamilyForm(StepForm):
    """Which kind of barrier."""

    family = RadiosField(
        _("What is the requirement about?"), required=_("Select what the requirement is about"), heading=True
    )

    def offer(self, answers: Answers) -> None:
        """Offer the kinds of barrier of the catalogue."""
        self.family.choices = tuple(Option(value, title, hint=hint) for value, title, hint in journey.family_options())


class RuleForm(StepForm):
    """Which rule of the kind of barrier."""

    rule = RadiosField(
        _("Which of these is it closest to?"),
        hint=_("We check suppliers' reports against these rules. Your choice links what you say to their reports."),
        required=_("Select one, or that you are not sure"),
        heading=True,
    )

    def offer(self, answers: Answers) -> None:
        """Offer the rules of the chosen kind of barrier."""
        rules = journey.rules_of(answers.get("family"))
        self.rule.choices = (
            *(Option(rule_id, title) for rule_id, title in rules.items()),
            Option(NO_RULE, NO_RULE_TITLE, divider=_("or")),
        )


class RequirementForm(StepForm):
    """What has to be asked for."""

    requirement = CharacterCountField(
        _("What do you have to ask suppliers for?"),
        hint=_("Leave out names of people and anything that could identify you."),
        required=_("Enter what you have to ask suppliers for"),
        error_name=_("What you have to ask for"),
        max_length=TEXT_MAX,
        heading=True,
        rows=8,
    )


class InsteadForm(StepForm):
    """What they would rather do."""

    would_rather = CharacterCountField(
        _("What would you rather do?"),
        hint=_("What would be enough for the contract, or how could the rule be changed?"),
        required=_("Enter what you would rather do"),
        error_name=_("What you would rather do"),
        max_length=TEXT_MAX,
        heading=True,
        rows=8,
    )


class ValueForm(StepForm):
    """What is at stake; both may be left out."""

    title = _("How much does it affect?")
    words = _("A rough figure is enough. If you do not know, leave it empty and continue.")
    value_pence = MoneyField(
        _("What is one of the contracts worth? (optional)"),
        hint=_("Over its whole term, without VAT. We publish it only as a range, for example £150,000 to £1 million."),
        error_name=_("The value of one contract"),
        low=1,
        high=MOST_POUNDS,
    )
    tenders = IntegerField(
        _("How many of your tenders does it affect in a year? (optional)"),
        error_name=_("The number of tenders"),
        width=4,
        low=1,
        high=MOST_TENDERS,
    )

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored numbers."""
        return {name: answers.number(name) for name in ("value_pence", "tenders")}


class AuthorityForm(StepForm):
    """Who must not learn of it; both may be left out."""

    title = _("What must not get out?")
    words = _(
        "You do not have to answer this. What you enter is encrypted, and never published or shown to your authority. "
        "A program uses it to stop us from sending or publishing a text that would point to you."
    )
    authority = TextField(
        _("Which authority do you work for? (optional)"),
        max_length=LINE_MAX,
        error_name=_("The authority"),
    )
    giveaways = TextField(
        _("Words that would point to you (optional)"),
        hint=_("For example the name of your team, a town or a project. Put commas between them."),
        max_length=LINE_MAX,
        error_name=_("The words"),
    )


STEP_FORMS: dict[str, type[StepForm]] = {
    "force": ForceForm,
    "body": BodyForm,
    "about": FamilyForm,
    "rule": RuleForm,
    "requirement": RequirementForm,
    "instead": InsteadForm,
    "value": ValueForm,
    "authority": AuthorityForm,
}


class CheckForm(DraftForm):
    """Send it."""

    saved_code = ConfirmField(
        _("I have saved my receipt code"), required=_("Confirm that you have saved your receipt code")
    )
    send = SubmitField(_("Send"))


class CodeForm(GovForm):
    """Open a receipt or a draft; `page` is the page that was lost."""

    page = HiddenField(max_length=20)
    code = TextField(
        _("Receipt code"),
        hint=_("27 letters and numbers. Spaces and capital letters do not matter."),
        required=_("Enter your receipt code"),
        max_length=MAX_TYPED,
        autocomplete="off",
        spellcheck=False,
    )
    save = SubmitField(_("Open"))


class ConfirmForm(GovForm):
    """A page with a button only."""

    confirm = SubmitField(_("Confirm"))

    def say(self, button: str) -> None:
        """Set the words of the button."""
        self.confirm.label.text = button


class ReplyForm(GovForm):
    """What the commissioner says to an answer, or before there is one."""

    helped = RadiosField(
        _("Did our answer help?"),
        choices=[Option(one.value, HELPED_LABELS[one]) for one in Helped],
        inline=True,
    )
    text = CharacterCountField(
        _("What do you want to tell us? (optional)"),
        hint=_("Leave out names of people and anything that could identify you."),
        error_name=_("What you want to tell us"),
        max_length=TEXT_MAX,
        rows=6,
    )
    save = SubmitField(_("Send"))

    def without_answer(self) -> None:
        """Ask only for words: there is no answer yet that could have helped."""
        del self.helped
        self.text.label.text = _("What do you want to tell us?")

    def to_helped(self) -> Helped | None:
        """Return whether the answer helped, None when that was not said."""
        chosen = self.helped.data if "helped" in self else ""
        return Helped(chosen) if chosen else None
