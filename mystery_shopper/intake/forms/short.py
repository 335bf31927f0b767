"""The report on one page, for somebody who has two minutes: what happened, how to be known, the code, send."""

from dataclasses import replace
from typing import Any, ClassVar

from wtforms import ValidationError

from mystery_shopper.cases.models import IdentityChoice
from mystery_shopper.core.forms import CharacterCountField, ConfirmField, RadiosField, SubmitField, TextField
from mystery_shopper.core.languages import _
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.forms.base import PageForm
from mystery_shopper.intake.forms.pages import CHOICES, NAME_MAX, STORY_MAX
from mystery_shopper.intake.found import read_words
from mystery_shopper.intake.policy import EMAIL_MAX, is_email_address, is_phone_number


class ShortForm(PageForm):
    """Everything a report cannot be sent without. What is missing is asked later, through the receipt."""

    template: ClassVar[str] = "intake/report_briefly.html"
    carried: ClassVar[frozenset[str]] = PageForm.carried | {"saved_code", "longer"}

    narrative = CharacterCountField(
        _("What happened?"),
        hint=_("What does the buyer ask for, and how does it stand in your way? Amounts, years and dates help most."),
        required=_("Enter what happened"),
        error_name=_("What happened"),
        max_length=STORY_MAX,
        label_size="m",
        rows=8,
    )
    authority_text = TextField(
        _("Who is buying? (optional)"),
        hint=_("For example a council, a department or an NHS trust."),
        error_name=_("Who is buying"),
        max_length=NAME_MAX,
        label_size="m",
        spellcheck=False,
    )
    identity_choice = RadiosField(
        _("How do you want to be known to us?"), choices=CHOICES, required=_("Select how you want to be known")
    )
    contact = TextField(
        _("Email address or phone number"),
        hint=_("Leave this empty if you choose to be anonymous."),
        error_name=_("Email address or phone number"),
        max_length=EMAIL_MAX,
        label_size="s",
        spellcheck=False,
    )
    wants_email = ConfirmField(_("Send me an email that says there is an update, and nothing more"))
    saved_code = ConfirmField(
        _("I have saved my receipt code"),
        required=_("Select that you have saved your receipt code. Without it you cannot come back to your report"),
    )
    save = SubmitField(_("Send report"))
    longer = SubmitField(_("Save and answer all the questions instead"), style="secondary")

    @property
    def is_left(self) -> bool:
        """Tell whether the person does not send the report now."""
        return bool(super().is_left or self.longer.data)

    @property
    def is_known(self) -> bool:
        """Tell whether the reporter chose to be reached."""
        return self.identity_choice.data not in ("", IdentityChoice.ANONYMOUS)

    def validate_contact(self, field: TextField) -> None:
        """Refuse what is neither an address nor a number, and nothing where somebody wants to be reached.

        Raises:
            ValidationError: with the message for the person.
        """
        typed = field.data
        if typed and not (is_email_address(typed) or is_phone_number(typed)):
            raise ValidationError(_("Enter an email address, like name@example.com, or a phone number"))
        if self.is_known and not typed:
            raise ValidationError(_("Enter an email address or a phone number, or choose to be anonymous"))

    def validate_wants_email(self, field: ConfirmField) -> None:
        """Ask for an address where somebody wants mail.

        Raises:
            ValidationError: with the message for the person.
        """
        if field.data and self.is_known and not is_email_address(self.contact.data):
            raise ValidationError(_("Enter an email address, so that we can tell you there is an update"))

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return what was typed before."""
        return {**super().stored(answers), "contact": answers.email or answers.phone}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with those of this page; contact details of somebody anonymous are not kept."""
        contact = self.contact.data if self.is_known or self.is_left else ""
        is_email = is_email_address(contact)
        words = replace(
            answers,
            narrative=self.narrative.data,
            authority_text=self.authority_text.data,
            identity_choice=self.identity_choice.data,
            email=contact if is_email else "",
            phone="" if is_email else contact,
            wants_email=bool(self.wants_email.data and is_email),
            is_short=not self.longer.data,
        )
        return read_words(words)
