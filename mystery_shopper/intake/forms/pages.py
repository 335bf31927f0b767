"""The pages of the journey that ask the same of everybody."""

from dataclasses import replace
from typing import Any

from wtforms import ValidationError

from mystery_shopper.cases.models import IdentityChoice, ReporterKind
from mystery_shopper.core.forms import (
    YES,
    YES_NO,
    CharacterCountField,
    CheckboxesField,
    ConfirmField,
    Option,
    RadiosField,
    SubmitField,
    TextField,
)
from mystery_shopper.core.languages import _
from mystery_shopper.intake.answers import CANCELLED, MAIN_CONTRACTOR, PAYMENT, Answers, is_about_invoice
from mystery_shopper.intake.forms.base import DraftForm, PageForm
from mystery_shopper.intake.found import read_words
from mystery_shopper.intake.journey import SCOPE_TITLES
from mystery_shopper.intake.policy import EMAIL_MAX, PHONE_MAX, is_email_address, is_phone_number
from mystery_shopper.rules.catalogue import Family

STORY_MAX = 5000
SHORT_MAX = 2000
NAME_MAX = 200
TYPED = "typed"
BUYER_OF_THE_CONTRACTOR = (
    "The public body that the main contractor works for, not the contractor. For example a council or an NHS trust."
)

SCOPE_OPTIONS = {
    "body": (
        Option(
            "english-public-body",
            _("A public body in England"),
            _("For example a department, council, NHS trust, police force or college"),
        ),
        Option(MAIN_CONTRACTOR, _("A company that is the main contractor on a public contract")),
        Option("school", _("A school, academy or sixth form college")),
        Option("wales", _("A public body in Wales")),
        Option("scotland", _("A public body in Scotland")),
        Option("northern-ireland", _("A public body in Northern Ireland")),
        Option("private-utility", _("A private utility"), _("For example a water or energy company")),
        Option("unsure", _("I am not sure"), divider=_("or")),
    ),
    "yes-no": (*YES_NO, Option("unsure", _("I am not sure"))),
    "payment": (
        Option("no", _("No, it is about something else")),
        Option("invoices", _("Yes, and I can give the number, date and amount of the invoices")),
        Option("no-invoices", _("Yes, but I do not have the invoices at hand")),
    ),
}

KINDS = (
    Option(ReporterKind.SMALL_BUSINESS, _("A small or medium-sized business"), _("Fewer than 250 people")),
    Option(
        ReporterKind.MUTUAL,
        _("A public service mutual"),
        _("Staff who left the public sector to run a service together"),
    ),
    Option(ReporterKind.PROSPECTIVE_MUTUAL, _("Public sector staff planning a mutual")),
    Option(
        ReporterKind.PATHFINDER_MUTUAL,
        _("A pathfinder mutual"),
        _("One of the first mutuals, set up with government support"),
    ),
    Option(ReporterKind.SOCIAL_ENTERPRISE, _("A charity, social enterprise or voluntary organisation")),
    Option(ReporterKind.TRADE_BODY, _("A trade body, for a member")),
    Option(ReporterKind.LARGER_BUSINESS, _("A larger business")),
    Option(ReporterKind.SOMEONE_ELSE, _("Someone else"), divider=_("or")),
)

CHOICES = (
    Option(
        IdentityChoice.ANONYMOUS,
        _("Anonymous"),
        _("We do not ask who you are. You come back with a receipt code."),
    ),
    Option(
        IdentityChoice.CONFIDENTIAL,
        _("Confidential"),
        _(
            "You give us a way to reach you. It is encrypted and kept apart from your report. "
            "Caseworkers do not see it."
        ),
    ),
    Option(
        IdentityChoice.NAMED,
        _("Named to our team"),
        _("As confidential, and you allow the caseworker who deals with your report to know who you are."),
    ),
)

STAGES = (
    Option("before-tender", _("Not advertised yet")),
    Option("live", _("Open for tenders now")),
    Option("closed", _("Tenders are in, nothing is awarded yet")),
    Option("awarded", _("Awarded")),
    Option("in-contract", _("The contract is running")),
    Option(CANCELLED, _("Cancelled"), _("The buyer stopped before a contract was signed")),
    Option("unsure", _("I am not sure"), divider=_("or")),
)

RAISED = (*YES_NO, Option("not-said", _("I would rather not say"), divider=_("or")))


class ScopeForm(PageForm):
    """Questions of the scope check: the name of a field is the question."""

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored answers of the page's questions."""
        return {question: answers.scope.get(question) for question in cls.names()}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with those of this page."""
        given = {name: self[name].data for name in self.names() if self[name].data}
        kept = {name: value for name, value in answers.scope.items() if name not in self.names()}
        return replace(answers, scope={**kept, **given})


class ScopeBodyForm(ScopeForm):
    """The first question of the scope check."""

    body = RadiosField(
        SCOPE_TITLES["body"],
        heading=True,
        choices=SCOPE_OPTIONS["body"],
        required=_("Select what kind of organisation is buying"),
    )


def _check(question: str, *, hint: str, required: str) -> RadiosField:
    options = SCOPE_OPTIONS["yes-no"]
    return RadiosField(
        SCOPE_TITLES[question], hint=hint, choices=options, required=required, inline=True, label_size="s"
    )


class ScopeChecksForm(ScopeForm):
    """The other questions of the scope check: each is answered at a glance."""

    template = "intake/scope_checks.html"

    specific = _check(
        "specific",
        hint=_(
            "For example one tender, one framework, one contract you have, or one request under the Right to Provide."
        ),
        required=_("Select yes if your report is about one procurement or contract"),
    )
    healthcare = _check(
        "healthcare",
        hint=_("For example clinical services. Not cleaning, catering, equipment or building work for the NHS."),
        required=_("Select yes if the contract is for health care services to patients"),
    )
    recent = _check(
        "recent",
        hint=_("Count from the last thing that happened, for example the day you read the tender documents."),
        required=_("Select yes if it happened in the last 2 years"),
    )
    legal = _check(
        "legal",
        hint=_("We cannot look into something that is before a court."),
        required=_("Select yes if you have started legal proceedings"),
    )
    payment = RadiosField(
        SCOPE_TITLES["payment"],
        choices=SCOPE_OPTIONS["payment"],
        required=_("Select whether it is about an invoice that was paid late or not at all"),
        label_size="s",
    )


class KindForm(PageForm):
    """Who reports."""

    reporter_kind = RadiosField(_("Who are you?"), heading=True, choices=KINDS, required=_("Select who you are"))


class KnownForm(PageForm):
    """How the reporter wants to be known."""

    template = "intake/how_to_be_known.html"

    identity_choice = RadiosField(
        _("How do you want to be known to us?"),
        choices=CHOICES,
        required=_("Select how you want to be known"),
    )


class ContactForm(PageForm):
    """How to reach a reporter who is not anonymous: one way at least."""

    template = "intake/contact.html"

    name = TextField(_("Your name"), autocomplete="name", spellcheck=False, max_length=NAME_MAX)
    organisation = TextField(_("Your organisation"), autocomplete="organization", spellcheck=False, max_length=NAME_MAX)
    trading_names = TextField(
        _("Other names your organisation uses"),
        hint=_("We check that none of them ever appears in anything we send out or publish."),
        spellcheck=False,
        max_length=NAME_MAX,
    )
    email = TextField(
        _("Email address"),
        error_name=_("Email address"),
        input_type="email",
        autocomplete="email",
        spellcheck=False,
        max_length=EMAIL_MAX,
    )
    wants_email = ConfirmField(_("Send me an email that says there is an update, and nothing more"))
    phone = TextField(_("Phone number"), input_type="tel", autocomplete="tel", width=20, max_length=PHONE_MAX)

    def validate_email(self, field: TextField) -> None:
        """Refuse what cannot be an email address.

        Raises:
            ValidationError: with the message for the person.
        """
        if field.data and not is_email_address(field.data):
            raise ValidationError(_("Enter an email address in the correct format, like name@example.com"))

    def validate_phone(self, field: TextField) -> None:
        """Refuse what cannot be a phone number.

        Raises:
            ValidationError: with the message for the person.
        """
        if field.data and not is_phone_number(field.data):
            raise ValidationError(_("Enter a phone number, like 020 7946 0000 or +44 7700 900982"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that there is one way to reach the reporter, and an address if mail is wanted."""
        if not super().validate(extra_validators):
            return False
        if self.is_left:
            self.has_gaps = not (self.email.data or self.phone.data)
            return True
        if self.wants_email.data and not self.email.data:
            self.add_error(_("Enter an email address, so that we can tell you there is an update"), "email")
            return False
        if not (self.email.data or self.phone.data):
            self.add_error(_("Enter an email address or a phone number"), "email")
            return False
        return True


class AuthorityForm(PageForm):
    """The buyer: a search over the register, then a choice; a name that is not in it can be kept as typed."""

    template = "intake/authority.html"

    query = TextField(
        _("Name of the buyer"),
        hint=_("For example a council, a department or an NHS trust. Old names and short names work too."),
        required=_("Enter the name of the buyer"),
        max_length=NAME_MAX,
        spellcheck=False,
        error_name=_("Name of the buyer"),
    )
    search = SubmitField(_("Search"), style="secondary")
    choice = RadiosField(_("Select the buyer"))

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the name typed before; the choice is made anew."""
        return {"query": answers.authority_text}

    def ask_of(self, answers: Answers) -> None:
        """Say whom to name: a supplier of a main contractor may think that the contractor is the buyer."""
        if answers.scope.get("body") == MAIN_CONTRACTOR:
            self.query.description = BUYER_OF_THE_CONTRACTOR

    def offer(self, options: list[Option]) -> None:
        """Offer the matches and the name as typed."""
        words = _("Use the name I typed: {name}", name=self.query.data)
        typed = Option(TYPED, words, divider=_("or") if options else "")
        self.choice.choices = (*options, typed)

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the buyer."""
        chosen = "" if self.choice.data == TYPED else self.choice.data
        return replace(answers, authority_id=chosen, authority_text=self.query.data)


class BarriersForm(PageForm):
    """What stands in the way."""

    barriers = CheckboxesField(
        _("What stands in your way?"),
        hint=_("Select all that apply. We ask a few short questions about each."),
        heading=True,
        required=_("Select at least one thing that stands in your way"),
    )

    def offer(self, families: tuple[Family, ...]) -> "BarriersForm":
        """Offer the families of the rule catalogue."""
        self.barriers.choices = tuple(Option(family.id, family.title, family.hint) for family in families)
        return self

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the barriers chosen; before there are any, payment for who said that it is about an invoice."""
        said = (PAYMENT,) if is_about_invoice(answers) else ()
        return {**super().stored(answers), "barriers": answers.barriers or said}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the barriers."""
        return replace(answers, barriers=tuple(self.barriers.data or ()))


class StoryForm(PageForm):
    """The words of the tender documents, and what happened, in the reporter's words."""

    template = "intake/what_happened.html"

    narrative = CharacterCountField(
        _("How does this stand in your way?"),
        hint=_("Say what happened, and what would be fair instead."),
        required=_("Enter how this stands in your way"),
        error_name=_("How this stands in your way"),
        label_size="s",
        max_length=STORY_MAX,
        rows=8,
    )
    requirement = CharacterCountField(
        _("What do the tender documents say? (optional)"),
        hint=_("Copy the words of the requirement if you can, and say where they are."),
        error_name=_("What the tender documents say"),
        label_size="s",
        max_length=STORY_MAX,
        rows=5,
    )

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the texts, and with what can be read in them."""
        return read_words(super().apply(answers))


class RaisedForm(PageForm):
    """What the buyer was told, and said."""

    raised_with_buyer = RadiosField(
        _("Have you raised this with the buyer?"),
        hint=_("You do not have to. It helps us to know."),
        choices=RAISED,
        reveals={YES: "buyer_answer"},
        heading=True,
        required=_("Select yes if you have raised this with the buyer"),
    )
    buyer_answer = CharacterCountField(
        _("What did the buyer say? You can leave this empty."),
        error_name=_("What the buyer said"),
        max_length=SHORT_MAX,
        rows=5,
    )

    def apply(self, answers: Answers) -> Answers:
        """Return the answers; an answer of the buyer only where there was a question."""
        asked = self.raised_with_buyer.data == YES
        answer = self.buyer_answer.data if asked else ""
        return replace(answers, raised_with_buyer=self.raised_with_buyer.data, buyer_answer=answer)


class CheckForm(DraftForm):
    """The last page before the report is sent."""

    saved_code = ConfirmField(
        _("I have saved my receipt code"),
        required=_("Select that you have saved your receipt code. Without it you cannot come back to your report"),
    )
    send = SubmitField(_("Send report"))
