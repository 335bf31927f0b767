"""Forms of caseworkers. What an officer will read passes the disclosure gate."""

from datetime import date

from mystery_shopper.accounts.models import EMAIL_MAX, NAME_MAX
from mystery_shopper.answering.policy import Contact, Person
from mystery_shopper.answering.services import Ruling
from mystery_shopper.answering.states import DECISIONS, Decision, RequestKind
from mystery_shopper.cases.forms import GatedForm
from mystery_shopper.core.addresses import is_email
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import (
    CharacterCountField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    SubmitField,
    TextField,
)

QUESTION_MAX = 1500
ENTRY_MAX = 4000
REPLY_MAX = 2000
ROLE_MAX = 100
CHOICES = {
    RequestKind.MORE_TIME: (
        Option(Decision.GRANTED, "Yes, give more time"),
        Option(Decision.REFUSED, "No, the day stays as it is"),
    ),
    RequestKind.COLLEAGUE: (
        Option(Decision.GRANTED, "Yes, invite the colleague"),
        Option(Decision.REFUSED, "No"),
    ),
}


def person_of(form: GovForm) -> Person:
    """Return the person a form names.

    Raises:
        DomainError: the address is none.
    """
    if not is_email(form["email"].data):
        raise DomainError("Enter an email address in the correct format, like name@example.com", field="email")
    return Person(name=form["name"].data, role=form["role"].data, email=form["email"].data)


class StartForm(GatedForm):
    """Whom the authority can turn to: the one name of ours that it sees."""

    name = TextField(
        "Who can the authority ask?",
        hint="The only name of ours that the officer sees.",
        required="Enter a name",
        error_name="Name",
        max_length=NAME_MAX,
        label_size="s",
        width="two-thirds",
    )
    reach = TextField(
        "Telephone number or email address",
        required="Enter a telephone number or email address",
        max_length=EMAIL_MAX,
        label_size="s",
        width="two-thirds",
    )
    save = SubmitField("Save and write the questions")

    def to_contact(self) -> Contact:
        """Return what was typed."""
        return Contact(name=self.name.data, reach=self.reach.data)


class QuestionForm(GatedForm):
    """One question to the authority."""

    submission_id = HiddenField()
    text = CharacterCountField(
        "What do you ask?",
        hint="The officer reads this as it stands. Do not write who reported it, how many did, or when.",
        required="Enter what you ask",
        error_name="What you ask",
        max_length=QUESTION_MAX,
        label_size="s",
        rows=5,
    )
    rule_id = SelectField(
        "Which rule is it about?",
        hint="The officer sees the title of the rule and its public sources, and nothing else of it.",
        empty="No rule: it is general",
        label_size="s",
    )
    save = SubmitField("Add the question")


class InviteForm(GatedForm):
    """Somebody of the authority."""

    name = TextField(
        "Name",
        required="Enter the name of the officer",
        max_length=NAME_MAX,
        label_size="s",
        width="two-thirds",
    )
    role = TextField(
        "Job title",
        required="Enter the job title of the officer",
        max_length=ROLE_MAX,
        label_size="s",
        width="two-thirds",
    )
    email = TextField(
        "Work email address",
        hint="The link goes there. You tell the officer the code yourself, by telephone.",
        required="Enter a work email address",
        max_length=EMAIL_MAX,
        input_type="email",
        spellcheck=False,
        label_size="s",
        width="two-thirds",
    )
    save = SubmitField("Invite this person")


class EntryForm(GatedForm):
    """The text we want to publish."""

    text = CharacterCountField(
        "Text the authority may reply to",
        hint="The officer reads it as it stands, before it is published.",
        required="Enter the text",
        error_name="The text",
        max_length=ENTRY_MAX,
        label_size="s",
        rows=12,
    )
    save = SubmitField("Show it to the authority")


class DecideForm(GatedForm):
    """What a caseworker decides about what came from the authority."""

    decision = RadiosField("What do you decide?", required="Select what you decide", label_size="s")
    until = DateField(
        "The answer is due on", hint="Only if you give more time.", error_name="The day the answer is due"
    )
    reply = CharacterCountField(
        "Reply to the officer",
        hint="The officer reads this as it stands. Do not write who reported it, how many did, or when.",
        error_name="The reply",
        max_length=REPLY_MAX,
        label_size="s",
        rows=5,
    )
    save = SubmitField("Save")

    def offer(self, kind: RequestKind, wanted: date | None) -> None:
        """Leave the fields that fit the kind of request; `wanted` is the day the officer asked for."""
        if kind in CHOICES:
            self.decision.choices = CHOICES[kind]
        else:
            del self.decision
        if kind is not RequestKind.MORE_TIME:
            del self.until
        elif not self.is_submitted():
            self.until.data = wanted
        if kind in (RequestKind.ANSWER, RequestKind.REPLY):
            del self.reply
            self.save.label.text = "I have read it"

    def to_ruling(self, kind: RequestKind) -> Ruling:
        """Return what was decided.

        Raises:
            DomainError: a question of the officer gets no answer.
        """
        decision = Decision(self.decision.data) if "decision" in self else DECISIONS[kind][0]
        reply = self.reply.data if "reply" in self else ""
        if not reply and (kind is RequestKind.CLARIFICATION or decision is Decision.REFUSED):
            raise DomainError("Enter a reply", field="reply")
        return Ruling(decision, reply, self.until.data if "until" in self else None)


class ConfirmForm(GovForm):
    """A step that is confirmed with a button, whose words the page gives."""

    confirm = SubmitField("Confirm")
