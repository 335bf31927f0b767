"""Forms of publication: the public text, the decisions about it, and the filters of the results."""

from collections.abc import Sequence
from typing import Any

from mystery_shopper.core.forms import (
    YES,
    YES_NO,
    CharacterCountField,
    ConfirmField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    RequiredIf,
    SelectField,
    SharedForm,
    SubmitField,
    TextField,
)
from mystery_shopper.core.languages import _, translate
from mystery_shopper.publication.policy import (
    KNOWN_BY_WORDS,
    TEXT_MAX,
    WITHDRAWAL_WORDS,
    KnownBy,
    PublicText,
    WithdrawalReason,
)
from mystery_shopper.publication.taxonomy import taxonomy

REASON_MAX = 1000
SEARCH_MAX = 200


class TextForm(SharedForm):
    """The public text of a case."""

    is_stopped = False
    version = HiddenField()
    subject = SelectField("Subject", empty="Select a subject")
    sub_issue = SelectField("Sub issue", empty="Select a sub issue")
    issue_text = CharacterCountField(
        "What the issue was",
        hint="Say what the authority asked for. Leave out anything only one supplier could know.",
        error_name="The issue",
        max_length=TEXT_MAX,
        rows=8,
    )
    outcome_text = CharacterCountField(
        "What came of it", hint="Say what changed, or why nothing did.", error_name="The outcome", max_length=TEXT_MAX
    )
    details_withheld = ConfirmField(
        "Withhold the name of the authority", hint="The public reads “Details withheld” in its place."
    )
    known_by = RadiosField(
        "How many suppliers could have known what this says?",
        hint="Think of everybody who read the tender or took part in it.",
        choices=[Option(one.value, KNOWN_BY_WORDS[one]) for one in KnownBy],
        label_size="s",
    )
    objection_answer = CharacterCountField(
        "How the objection was dealt with",
        hint="The approver reads this. The public does not.",
        error_name="The answer",
        max_length=REASON_MAX,
    )
    save = SubmitField("Save draft", style="secondary")
    send = SubmitField("Save and send for approval")

    def __init__(self, *args: Any, has_objection: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject.choices = tuple(Option(word, word) for word in taxonomy().subjects)
        self.sub_issue.choices = tuple(Option(word, word) for word in taxonomy().sub_issues)
        if not has_objection:
            del self.objection_answer

    def to_text(self) -> PublicText:
        """Return what was typed. The authority's name is not asked: it comes from the case."""
        return PublicText(
            subject=self.subject.data or "",
            sub_issue=self.sub_issue.data or "",
            details_withheld=bool(self.details_withheld.data),
            known_by=self.known_by.data or "",
            objection_answer=self.objection_answer.data or "" if "objection_answer" in self else "",
            issue_text=self.issue_text.data or "",
            outcome_text=self.outcome_text.data or "",
        )


class StartForm(GovForm):
    """Begin a draft or a correction."""

    start = SubmitField("Start the public text")


class AskForm(GovForm):
    """Ask a second person to let the text out as it is."""

    reason = CharacterCountField(
        "Why must this go out as it is?",
        hint="A senior caseworker reads the text, the words that were found in it and your reason, and decides.",
        required="Enter why this must go out as it is",
        error_name="Reason",
        max_length=REASON_MAX,
    )
    ask = SubmitField("Ask a second person to allow it")


class DecisionForm(GovForm):
    """Approve a text, or send it back."""

    version = HiddenField()
    approve = RadiosField("Can this be published as it stands?", choices=YES_NO, required="Select yes if it can")
    note = CharacterCountField(
        "What must change",
        hint="The author reads this.",
        error_name="What must change",
        max_length=REASON_MAX,
        validators=[RequiredIf("approve", "no", "Enter what must change")],
    )
    save = SubmitField("Save decision")

    @property
    def approves(self) -> bool:
        """Tell whether the answer was yes."""
        return bool(self.approve.data == YES)


class PublishForm(GovForm):
    """Make an approved text public."""

    version = HiddenField()
    publish = SubmitField("Publish now")


class SendBackForm(GovForm):
    """Take an approved or waiting text back to draft."""

    version = HiddenField()
    note = CharacterCountField(
        "What must change",
        required="Enter what must change",
        error_name="What must change",
        max_length=REASON_MAX,
    )
    save = SubmitField("Send back")


class WithholdForm(GovForm):
    """Decide not to publish."""

    version = HiddenField()
    reason = CharacterCountField(
        "Why is the result not published?",
        hint="Staff read this on the timeline. Reporters and the public do not.",
        required="Enter why the result is not published",
        error_name="Reason",
        max_length=REASON_MAX,
    )
    save = SubmitField("Do not publish", style="warning")


class WithdrawForm(GovForm):
    """Take a published result back."""

    version = HiddenField()
    reason = RadiosField(
        "Why is it withdrawn?",
        hint="The public reads this sentence in place of the result.",
        choices=[Option(one.value, WITHDRAWAL_WORDS[one]) for one in WithdrawalReason],
        required="Select why it is withdrawn",
    )
    note = CharacterCountField(
        "Note for the record",
        hint="Staff read this on the timeline. The public does not.",
        required="Enter a note for the record",
        error_name="Note",
        max_length=REASON_MAX,
    )
    save = SubmitField("Withdraw the result", style="warning")


class ResultsForm(GovForm):
    """The filters of the results; all are in the address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    q = TextField(_("Words in the result"), hint=_("Finds results that hold every word"), max_length=SEARCH_MAX)
    year = SelectField(_("Year"), empty=_("Any year"))
    subject = SelectField(_("Subject"), empty=_("Any subject"))
    authority = TextField(_("Authority"), max_length=SEARCH_MAX)

    def offer(self, years: Sequence[int], subjects: Sequence[str]) -> None:
        """Fill in what can be chosen."""
        self.year.choices = tuple(Option(str(year), str(year)) for year in years)
        self.subject.choices = tuple(Option(subject, translate(subject)) for subject in subjects)
