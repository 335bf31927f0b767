"""Forms of the registers of requests."""

from mystery_shopper.core.forms import (
    CharacterCountField,
    CheckboxesField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    RequiredIf,
    SubmitField,
    TextField,
    as_submission,
)
from mystery_shopper.requests.policy import decision_labels, exemptions, kinds
from mystery_shopper.requests.services.register import NewRequest
from mystery_shopper.requests.states import REQUESTER_LABELS, Requester, RequestKind

NAME_MAX = 200
REASON_MAX = 2000
WORDS_MAX = 5000
ANSWER_MAX = 10_000
REFERENCE_MAX = 20
CODE_MAX = 60
ABOUT_SOMEBODY = tuple(kind.value for kind, rules in kinds().items() if rules.about_somebody)


class NewRequestForm(GovForm):
    """Record a request."""

    submission_id = HiddenField()
    kind = RadiosField(
        "What is it?",
        choices=tuple(Option(kind.value, rules.label) for kind, rules in kinds().items()),
        required="Select what it is",
        label_size="m",
    )
    about = RadiosField(
        "Whose data is it about?",
        hint="Not for freedom of information, and not for a complaint",
        choices=tuple(Option(one.value, label) for one, label in REQUESTER_LABELS.items()),
        validators=(RequiredIf("kind", ABOUT_SOMEBODY, "Select whose data it is about"),),
        label_size="m",
    )
    requester = TextField("Name of who asks", max_length=NAME_MAX, required="Enter the name of who asks")
    contact = TextField("How to reach them", max_length=NAME_MAX, required="Enter how to reach them")
    words = CharacterCountField(
        "What do they ask for?",
        hint="In their own words",
        required="Enter what they ask for",
        error_name="What they ask for",
        max_length=WORDS_MAX,
        rows=6,
    )
    received_on = DateField(
        "When did it come?", required="Enter the day it came", error_name="Day it came", label_size="s"
    )
    save = SubmitField("Record the request")

    def to_request(self) -> NewRequest:
        """Return what was typed."""
        kind = RequestKind(self.kind.data)
        return NewRequest(
            kind=kind,
            about=Requester(self.about.data) if kinds()[kind].about_somebody else None,
            requester=self.requester.data,
            contact=self.contact.data,
            words=self.words.data,
            received_on=self.received_on.data,
            submission_id=as_submission(self.submission_id),
        )


class DayForm(GovForm):
    """Give the day of a step. The view sets the words."""

    version = HiddenField()
    day = DateField("On which day?", required="Enter the day", error_name="The day", label_size="m")
    save = SubmitField("Save")


class NameCaseForm(GovForm):
    """Name a case that holds what is asked for."""

    version = HiddenField()
    case = TextField(
        "Reference of the case",
        hint="Like MS-2026-00417",
        required="Enter the reference of the case",
        max_length=REFERENCE_MAX,
        label_size="m",
    )
    save = SubmitField("Name the case")


class IdentityForm(GovForm):
    """Record how it was checked who asks."""

    version = HiddenField()
    how = CharacterCountField(
        "How was it checked?",
        hint="For example: a copy of a passport, seen and destroyed. Do not keep the copy.",
        required="Enter how it was checked",
        error_name="How it was checked",
        max_length=REASON_MAX,
        rows=3,
        label_size="m",
    )
    code = TextField(
        "Receipt code",
        hint="Only whoever has the code sent the report. A name and address prove nothing here.",
        max_length=CODE_MAX,
        label_size="m",
    )
    save = SubmitField("Save")


class ReasonForm(GovForm):
    """Give the reason or the result of a step. The view sets the words."""

    version = HiddenField()
    reason = CharacterCountField(
        "Why?", required="Enter why", error_name="Reason", max_length=REASON_MAX, rows=4, label_size="m"
    )
    save = SubmitField("Save")


class DecideForm(GovForm):
    """Record how a request was answered."""

    version = HiddenField()
    decision = RadiosField(
        "How was it answered?",
        required="Select how it was answered",
        label_size="m",
    )
    exemptions = CheckboxesField("What was held against it?", hint="Those considered and applied", label_size="m")
    reason = CharacterCountField(
        "Why?",
        hint="With the test of the public interest, where there is one.",
        required="Enter why",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=4,
        label_size="m",
    )
    save = SubmitField("Record the answer")

    def offer(self, kind: RequestKind) -> None:
        """Fill in what the law of the request knows."""
        answers = decision_labels().items()
        self.decision.choices = tuple(Option(one.value, label) for (of, one), label in answers if of is kind)
        self.exemptions.choices = tuple(
            Option(one.id, one.title, hint=f"Test: {one.test}") for one in exemptions().values() if one.kind is kind
        )


class PackForm(GovForm):
    """Build a pack."""

    version = HiddenField()
    answer = CharacterCountField(
        "Answer to the requester",
        hint="Goes into the pack as answer.txt. It is looked through for every reporter of the cases named.",
        error_name="Answer",
        max_length=ANSWER_MAX,
        rows=8,
        label_size="m",
    )
    save = SubmitField("Build the pack")
