"""A report that came by phone, letter or email, on one page for staff: the same questions, the same facts."""

from typing import Any

from wtforms import ValidationError

from mystery_shopper.cases.models import Channel, IdentityChoice, ReporterKind
from mystery_shopper.core.forms import (
    CharacterCountField,
    CheckboxesField,
    ConfirmField,
    DateField,
    GovField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    RequiredIf,
    SubmitField,
    TextField,
)
from mystery_shopper.facts.fields import fact_field
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.forms.facts import with_facts_of
from mystery_shopper.intake.forms.member import MANDATE_MAX
from mystery_shopper.intake.forms.pages import CHOICES, KINDS, NAME_MAX, SHORT_MAX, STAGES, STORY_MAX, TYPED
from mystery_shopper.intake.found import read_words
from mystery_shopper.intake.journey import DATE_FACTS, VALUE_FACTS
from mystery_shopper.intake.policy import EMAIL_MAX, PHONE_MAX, is_email_address, is_phone_number
from mystery_shopper.rules.catalogue import Family

KEYED_FACTS = (*VALUE_FACTS, *DATE_FACTS)
CHANNELS = (
    Option(Channel.PHONE, "Phone"),
    Option(Channel.LETTER, "Letter"),
    Option(Channel.EMAIL, "Email"),
)
FOR_MEMBER = ("trade_body", "mandate", "member_choice", "member")
WRITTEN = ("name", "organisation", "trading_names", "email", "phone")
MEMBER_CHOICES_KEYED = (
    Option(IdentityChoice.ANONYMOUS, "Anonymous", "We are not told who the member is"),
    Option(
        IdentityChoice.CONFIDENTIAL,
        "Confidential",
        "We are told the name. It is sealed when you save, and only checks that it is in nothing that goes out",
    ),
)
MEMBER_NOT_CHOSEN = "Select how the member wants to be known. When in doubt, choose anonymous"
PLAIN = ("procurement_title", "procurement_reference", "narrative", "requirement", "buyer_answer")


class KeyingForm(GovForm):
    """Everything staff can take down. Fields of facts are added by `keying_form`."""

    submission_id = HiddenField()
    channel = RadiosField("How did it come?", choices=CHANNELS, required="Select how it came", inline=True)
    received_on = DateField(
        "When did it come?",
        hint="The day it reached us: the clocks count from it.",
        required="Enter the day it came",
        error_name="The day it came",
    )
    reporter_kind = RadiosField(
        "Who reports?", choices=(*KINDS, Option(ReporterKind.NOT_SAID, "Not said")), required="Select who reports"
    )
    identity_choice = RadiosField(
        "How does the reporter want to be known?", choices=CHOICES, required="Select how the reporter wants to be known"
    )
    agreed = ConfirmField(
        "The reporter knows what this means and chose it, or wrote so",
        required="Select that the reporter chose how to be known. When in doubt, choose anonymous",
    )
    trade_body = TextField(
        "Name of the trade body",
        hint="The caseworker sees it. It is in nothing we send out or publish.",
        validators=(RequiredIf("reporter_kind", ReporterKind.TRADE_BODY, "Enter the name of the trade body"),),
        error_name="Name of the trade body",
        max_length=NAME_MAX,
        spellcheck=False,
    )
    mandate = CharacterCountField(
        "What has the member asked it to do?",
        hint="For example: to report this requirement, and to answer our questions. Do not name the member.",
        validators=(RequiredIf("reporter_kind", ReporterKind.TRADE_BODY, "Enter what the member has asked it to do"),),
        error_name="What the member has asked it to do",
        max_length=MANDATE_MAX,
        rows=3,
    )
    has_mandate = ConfirmField("The trade body says, or wrote, that the member has agreed")
    member_choice = RadiosField(
        "How does the member want to be known?",
        choices=MEMBER_CHOICES_KEYED,
        validators=(RequiredIf("reporter_kind", ReporterKind.TRADE_BODY, MEMBER_NOT_CHOSEN),),
    )
    member = TextField(
        "Names of the member",
        hint="Only if it is confidential: the name of the firm and other names it uses, with commas between them.",
        validators=(RequiredIf("member_choice", IdentityChoice.CONFIDENTIAL, "Enter the name of the member"),),
        error_name="Names of the member",
        max_length=NAME_MAX,
        spellcheck=False,
    )
    name = TextField("Name", max_length=NAME_MAX, spellcheck=False)
    organisation = TextField("Organisation", max_length=NAME_MAX, spellcheck=False)
    trading_names = TextField("Other names it uses", max_length=NAME_MAX, spellcheck=False)
    email = TextField("Email address", input_type="email", max_length=EMAIL_MAX, spellcheck=False)
    phone = TextField("Phone number", input_type="tel", max_length=PHONE_MAX, width=20)
    query = TextField(
        "Name of the buyer",
        hint="Select Search to find it in the register. Without a match the name is kept as typed, and flagged.",
        required="Enter the name of the buyer",
        error_name="Name of the buyer",
        max_length=NAME_MAX,
        spellcheck=False,
    )
    search = SubmitField("Search", style="secondary")
    choice = RadiosField("Select the buyer")
    procurement_title = TextField(
        "Title of the procurement",
        hint="Or in a few words what is bought.",
        required="Enter the title of the procurement",
        error_name="Title of the procurement",
        max_length=300,
    )
    procurement_reference = TextField("Reference number", max_length=100, width=20, spellcheck=False)
    stage = RadiosField("How far has it got?", choices=STAGES)
    learnt_on = DateField(
        "When did the reporter first know of the problem?",
        hint="The time limit to go to court counts from it.",
        error_name="The day the reporter first knew of it",
    )
    barriers = CheckboxesField("What stands in the way?")
    narrative = CharacterCountField(
        "What happened, in the reporter's words",
        hint="Leave out names. From a letter or an email, copy the words.",
        required="Enter what happened",
        error_name="What happened",
        max_length=STORY_MAX,
        rows=8,
    )
    requirement = CharacterCountField(
        "What the tender documents say", error_name="What the tender documents say", max_length=STORY_MAX
    )
    buyer_answer = CharacterCountField(
        "What the buyer said, if it was asked", error_name="What the buyer said", max_length=SHORT_MAX
    )
    save = SubmitField("Open the case")

    def validate_email(self, field: TextField) -> None:
        """Refuse what cannot be an email address.

        Raises:
            ValidationError: with the message for the person.
        """
        if field.data and not is_email_address(field.data):
            raise ValidationError("Enter an email address in the correct format, like name@example.com")

    def validate_phone(self, field: TextField) -> None:
        """Refuse what cannot be a phone number.

        Raises:
            ValidationError: with the message for the person.
        """
        if field.data and not is_phone_number(field.data):
            raise ValidationError("Enter a phone number, like 020 7946 0000 or +44 7700 900982")

    @property
    def is_for_member(self) -> bool:
        """Tell whether a trade body reports."""
        return bool(self.reporter_kind.data == ReporterKind.TRADE_BODY)

    def validate_has_mandate(self, field: ConfirmField) -> None:
        """Take no report for a member who has not agreed.

        Raises:
            ValidationError: with the message for the person.
        """
        if self.is_for_member and not field.data:
            raise ValidationError("Select that the member has agreed. Without that nobody can report for it")

    def validate_member(self, field: TextField) -> None:
        """Keep no name of a member who wants to be anonymous.

        Raises:
            ValidationError: with the message for the person.
        """
        if self.is_for_member and field.data and self.member_choice.data == IdentityChoice.ANONYMOUS:
            raise ValidationError("Take out the names of the member, or select that it is confidential")

    def validate_identity_choice(self, field: RadiosField) -> None:
        """Refuse to keep who somebody is who wants to be anonymous, and to lose somebody who does not.

        Raises:
            ValidationError: with the message for the person.
        """
        given = any(self[name].data for name in WRITTEN)
        if field.data == IdentityChoice.ANONYMOUS and given:
            raise ValidationError("Take out the name and contact details, or select confidential or named")
        if field.data not in ("", IdentityChoice.ANONYMOUS) and not (self.email.data or self.phone.data):
            raise ValidationError("Enter an email address or a phone number below, or select anonymous")

    def offer(self, families: tuple[Family, ...], matches: list[Option]) -> None:
        """Offer the families of the rule catalogue, and the buyers a name may mean."""
        for field in self:
            if isinstance(field, GovField):
                field.label_size = "s"  # a page of many questions under headings of its own
        self.barriers.choices = tuple(Option(family.id, family.title) for family in families)
        if self.query.data:
            typed = Option(TYPED, f"Use the name as typed: {self.query.data}", divider="or" if matches else "")
            self.choice.choices = (*matches, typed)

    def has_chosen(self) -> bool:
        """Tell whether a buyer was chosen; a choice that is missing becomes an error."""
        if not self.choice.data:
            self.add_error("Select the buyer, or the name as typed", "choice")
        return bool(self.choice.data)

    def to_answers(self) -> Answers:
        """Return what was taken down as the answers of a report, with what can be read in its words."""
        chosen = "" if self.choice.data == TYPED else str(self.choice.data)
        learnt = self.learnt_on.data
        answers = Answers(
            reporter_kind=self.reporter_kind.data,
            identity_choice=self.identity_choice.data,
            authority_id=chosen,
            authority_text=self.query.data,
            stage=self.stage.data or "",
            learnt_on=learnt.isoformat() if learnt else "",
            barriers=tuple(self.barriers.data or ()),
            raised_with_buyer="yes" if self.buyer_answer.data else "",
            **{name: self[name].data for name in (*WRITTEN, *PLAIN, *(FOR_MEMBER if self.is_for_member else ()))},
        )
        return read_words(with_facts_of(self, KEYED_FACTS, answers))


def keying_form() -> type[KeyingForm]:
    """Return the form with a field for each fact that is asked of every report."""
    fields: dict[str, Any] = {
        definition.id: fact_field(definition, "en") for definition in registry().of_ids(KEYED_FACTS)
    }
    return type("KeyingFormWithFacts", (KeyingForm,), {**fields, "__doc__": KeyingForm.__doc__})
