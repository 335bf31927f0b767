"""Forms of the officers of the authority, in English and Welsh."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from mystery_shopper.accounts.models import EMAIL_MAX, NAME_MAX
from mystery_shopper.answering.forms.staff import ROLE_MAX
from mystery_shopper.answering.policy import TYPED_MAX, Person
from mystery_shopper.answering.queries import QuestionView
from mystery_shopper.core.addresses import is_email
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import (
    NO,
    YES,
    CharacterCountField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SubmitField,
    TextField,
)
from mystery_shopper.core.languages import _
from mystery_shopper.evidence.forms import FilesField

ANSWER_MAX = 4000
TEXT_MAX = 2000


class CodeForm(GovForm):
    """The code that was told apart from the link."""

    code = TextField(
        _("Your code"),
        hint=_("8 letters and numbers. We told you the code by telephone. Spaces do not matter."),
        required=_("Enter your code"),
        max_length=TYPED_MAX,
        autocomplete="off",
        spellcheck=False,
        width=10,
        label_size="s",
    )
    proceed = SubmitField(_("Continue"))


class AnswersForm(GovForm):
    """The answers to all questions; the fields are made from the questions."""

    version = HiddenField()
    save = SubmitField(_("Save draft"), style="secondary")
    check = SubmitField(_("Check and send"))

    def answers(self, questions: Iterable[QuestionView]) -> Mapping[UUID, str]:
        """Return what was typed, by question."""
        return {view.row.id: self[field_of(view)].data for view in questions}


def field_of(view: QuestionView) -> str:
    """Return the name of the field of a question."""
    return f"answer_{view.row.position}"


def answers_form(questions: Iterable[QuestionView]) -> AnswersForm:
    """Return the form of an inquiry, filled with the draft."""
    fields = {
        field_of(view): CharacterCountField(
            _("Your answer to question {number}", number=view.row.position),
            error_name=_("Your answer to question {number}", number=view.row.position),
            max_length=ANSWER_MAX,
            label_size="s",
            rows=6,
        )
        for view in questions
    }
    stored = {field_of(view): view.answer for view in questions}
    form: AnswersForm = type("AnswersOfForm", (AnswersForm,), fields)(data=stored)
    return form


class SendForm(GovForm):
    """Sending what was read through."""

    version = HiddenField()
    send = SubmitField(_("Send the answer"))


class FilesForm(GovForm):
    """Files that belong to the answer."""

    files = FilesField(_("Upload files"), required=_("Select a file"))
    upload = SubmitField(_("Upload"), style="secondary")


class RemoveForm(GovForm):
    """Taking a file out again; also the other steps that need no more than a button."""


class ClarificationForm(GovForm):
    """A question of the officer to us."""

    text = CharacterCountField(
        _("What do you want to ask us?"),
        required=_("Enter what you want to ask us"),
        error_name=_("What you want to ask us"),
        max_length=TEXT_MAX,
        label_size="s",
    )
    send = SubmitField(_("Send the question"))


class TimeForm(GovForm):
    """A wish for more time."""

    until = DateField(
        _("When can you answer?"),
        required=_("Enter the day by which you can answer"),
        error_name=_("The day by which you can answer"),
    )
    text = CharacterCountField(
        _("Why do you need more time?"),
        required=_("Enter why you need more time"),
        error_name=_("Why you need more time"),
        max_length=TEXT_MAX,
        label_size="s",
    )
    send = SubmitField(_("Ask for more time"))


class ColleagueForm(GovForm):
    """A colleague of the officer."""

    name = TextField(
        _("Name of your colleague"),
        required=_("Enter the name of your colleague"),
        max_length=NAME_MAX,
        label_size="s",
        width="two-thirds",
    )
    role = TextField(
        _("Job title"),
        required=_("Enter the job title of your colleague"),
        max_length=ROLE_MAX,
        label_size="s",
        width="two-thirds",
    )
    email = TextField(
        _("Work email address"),
        required=_("Enter the work email address of your colleague"),
        max_length=EMAIL_MAX,
        input_type="email",
        spellcheck=False,
        label_size="s",
        width="two-thirds",
    )
    takes_over = RadiosField(
        _("Should your colleague answer instead of you?"),
        choices=(
            Option(NO, _("No, we answer together")),
            Option(YES, _("Yes, my link should stop working when theirs is sent")),
        ),
        required=_("Select whether your colleague answers instead of you"),
    )
    text = CharacterCountField(_("Anything we should know"), max_length=TEXT_MAX, label_size="s", rows=3)
    send = SubmitField(_("Name this colleague"))

    def to_person(self) -> Person:
        """Return the colleague.

        Raises:
            DomainError: the address is none.
        """
        if not is_email(self.email.data):
            message = _("Enter an email address in the correct format, like name@example.com")
            raise DomainError(message, field="email")
        return Person(name=self.name.data, role=self.role.data, email=self.email.data)


class ReplyForm(GovForm):
    """A reply to the text we want to publish."""

    text = CharacterCountField(
        _("Your reply"),
        hint=_("It goes to those who decide about the text. You can reply once."),
        required=_("Enter your reply"),
        error_name=_("Your reply"),
        max_length=TEXT_MAX,
        label_size="s",
        rows=8,
    )
    send = SubmitField(_("Send the reply"))
