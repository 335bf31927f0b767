"""Forms of guidance: search, and the steps of a referral."""

from collections.abc import Iterable, Sequence

from mystery_shopper.cases.forms import GatedForm
from mystery_shopper.cases.models import Report
from mystery_shopper.core.forms import (
    NO,
    YES,
    YES_NO,
    CharacterCountField,
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
from mystery_shopper.core.languages import _
from mystery_shopper.guidance.models import STAGE_LABELS, Stage
from mystery_shopper.guidance.referring import (
    CONSENT_LABELS,
    REASON_MAX,
    REFERENCE_MAX,
    RESULT_LABELS,
    WORDS_MAX,
    Body,
    Consent,
    ConsentHow,
    ReferralResult,
)
from mystery_shopper.guidance.services.referring import NewReferral
from mystery_shopper.guidance.services.register import NewStage

QUERY_MAX = 200
NAME_MAX = 120
SOURCE_MAX = 200
DETAIL_MAX = 300
AGREES = (Option(YES, _("Yes, you may refer me")), Option(NO, _("No, do not pass anything on")))
CONTACT_CHOICES = (
    Option(YES, _("Yes, pass on my contact details"), _("The name, organisation, email and phone number you gave us.")),
    Option(NO, _("No, only the words above"), _("You can get in touch with them yourself and quote the reference.")),
)


class SearchForm(GovForm):
    """What somebody looks for. It is sent, never put into an address: no history and no log holds it."""

    q = TextField(
        _("Search guidance"),
        hint=_("For example bond, late payment or audited accounts"),
        required=_("Enter what you are looking for"),
        error_name=_("What you are looking for"),
        max_length=QUERY_MAX,
        autocomplete="off",
        spellcheck=True,
    )
    search = SubmitField(_("Search"))


class ReferralForm(GatedForm):
    """Suggest a referral. The reporter sees the words exactly as they stand here."""

    submission_id = HiddenField()
    report_id = RadiosField("Which reporter?", required="Select which reporter to ask", label_size="m")
    body_id = RadiosField("Which body?", required="Select the body to refer the reporter to", label_size="m")
    words = CharacterCountField(
        "What would you tell the body?",
        hint="The reporter sees these words before anything goes out. Say what help is needed. Do not say who it is.",
        required="Enter what you would tell the body",
        error_name="What you would tell the body",
        max_length=WORDS_MAX,
        label_size="m",
        rows=8,
    )
    save = SubmitField("Ask the reporter")

    def offer(self, reports: Sequence[Report], listed: Iterable[Body]) -> None:
        """Offer the reports that were not withdrawn (no question when there is one), and the bodies."""
        self.body_id.choices = tuple(Option(body.id, body.name, f"{body.does} {body.note}".strip()) for body in listed)
        if len(reports) == 1:
            del self.report_id
            return
        self.report_id.choices = tuple(
            Option(str(report.id), f"Report {number}") for number, report in enumerate(reports, start=1)
        )

    def to_referral(self) -> NewReferral:
        """Return what was typed, in the words of the domain.

        Raises:
            DomainError: the page carried no submission id.
        """
        return NewReferral(
            submission_id=as_submission(self.submission_id), body_id=self.body_id.data, words=self.words.data
        )


class ConsentForm(GovForm):
    """Record what the reporter said when they did not use the receipt."""

    version = HiddenField()
    agrees = RadiosField(
        "What did the reporter say?",
        choices=(Option(YES, "They agree"), Option(NO, "They do not agree")),
        required="Select what the reporter said",
        label_size="m",
    )
    consent_on = DateField(
        "When did they agree?",
        error_name="The day they agreed",
        validators=(RequiredIf("agrees", YES, "Enter the day they agreed"),),
    )
    consent_how = RadiosField(
        "How did they agree?",
        choices=tuple(
            Option(how.value, label[:1].upper() + label[1:])
            for how, label in CONSENT_LABELS.items()
            if how is not ConsentHow.RECEIPT
        ),
        validators=(RequiredIf("agrees", YES, "Select how they agreed"),),
        label_size="m",
    )
    shares_contact = RadiosField(
        "May we pass on their contact details?",
        hint="Only if they said so in as many words.",
        choices=YES_NO,
        inline=True,
        validators=(RequiredIf("agrees", YES, "Select yes if they agreed that we pass on their contact details"),),
        label_size="m",
    )
    save = SubmitField("Record it")

    def to_consent(self) -> Consent:
        """Return the consent."""
        return Consent(self.consent_on.data, ConsentHow(self.consent_how.data), self.shares_contact.data == YES)


class ReferralMadeForm(GovForm):
    """Record that the referral was made."""

    version = HiddenField()
    made_on = DateField("When was it made?", required="Enter the day it was made", error_name="The day it was made")
    reference = TextField(
        "Reference of the body",
        hint="Leave empty when it gave none.",
        error_name="Reference of the body",
        max_length=REFERENCE_MAX,
        width=20,
        spellcheck=False,
    )
    save = SubmitField("Record it")


class ReferralResultForm(GovForm):
    """Record what came of the referral."""

    version = HiddenField()
    result = RadiosField(
        "What came of it?",
        choices=tuple(Option(one.value, label) for one, label in RESULT_LABELS.items()),
        required="Select what came of the referral",
        label_size="m",
    )
    result_on = DateField("When did you hear?", required="Enter the day you heard", error_name="The day you heard")
    note = CharacterCountField(
        "What did the body say?",
        hint="The reporter reads this.",
        error_name="What the body said",
        max_length=REASON_MAX,
        label_size="m",
        rows=5,
    )
    save = SubmitField("Record result")

    def to_result(self) -> ReferralResult:
        """Return the result."""
        return ReferralResult(self.result.data)


class WithdrawForm(GovForm):
    """Take a referral back."""

    version = HiddenField()
    reason = CharacterCountField(
        "Why is it withdrawn?",
        required="Enter why it is withdrawn",
        error_name="Why it is withdrawn",
        max_length=REASON_MAX,
        label_size="m",
        rows=4,
    )
    save = SubmitField("Withdraw the referral", style="warning")


class TakeOutForm(GovForm):
    """The button that gives out the text for the body."""

    save = SubmitField("Download the text")


class AnswerReferralForm(GovForm):
    """The reporter's answer. A reporter without contact details is not asked about them."""

    version = HiddenField()
    agrees = RadiosField(
        _("May we refer you?"), choices=AGREES, required=_("Select yes if we may refer you"), label_size="m"
    )
    shares_contact = RadiosField(
        _("May we pass on your contact details?"),
        choices=CONTACT_CHOICES,
        validators=(RequiredIf("agrees", YES, _("Select yes if we may pass on your contact details")),),
        label_size="m",
    )
    save = SubmitField(_("Send my answer"))

    def offer(self, *, has_contact: bool) -> None:
        """Leave out the question about contact details where there are none."""
        if not has_contact:
            del self.shares_contact

    @property
    def shares(self) -> bool:
        """Tell whether the contact details may go along."""
        return "shares_contact" in self and self.shares_contact.data == YES


class StopReferralForm(GovForm):
    """The button by which a reporter takes their agreement back."""

    version = HiddenField()
    save = SubmitField(_("Take back my agreement"), style="warning")


class StageForm(GovForm):
    """Put a stage on the register of the Right to Provide."""

    submission_id = HiddenField()
    department = TextField(
        "Department", required="Enter the department", max_length=NAME_MAX, error_name="Department", label_size="s"
    )
    service = TextField(
        "Service",
        hint="Leave empty when the stage is that of the whole department.",
        max_length=NAME_MAX,
        error_name="Service",
        label_size="s",
    )
    stage = RadiosField(
        "Which stage?",
        choices=tuple(Option(stage.value, label) for stage, label in STAGE_LABELS.items()),
        required="Select the stage",
        label_size="s",
    )
    detail = TextField(
        "Detail",
        hint="In a few words, for example 40 services. Leave empty when there is none.",
        max_length=DETAIL_MAX,
        error_name="Detail",
        label_size="s",
    )
    said_on = DateField(
        "When did the source say so?",
        required="Enter the day the source said so",
        error_name="The day of the source",
        label_size="s",
    )
    source = TextField(
        "Source",
        hint="Who said it, and where.",
        required="Enter the source",
        max_length=SOURCE_MAX,
        error_name="Source",
        label_size="s",
    )
    address = TextField(
        "Web address of the source (optional)",
        input_type="url",
        spellcheck=False,
        max_length=DETAIL_MAX,
        error_name="Web address of the source",
        label_size="s",
    )
    save = SubmitField("Record the stage")

    def to_stage(self) -> NewStage:
        """Return what was typed, in the words of the domain.

        Raises:
            DomainError: the page carried no submission id.
        """
        return NewStage(
            submission_id=as_submission(self.submission_id),
            department=self.department.data,
            service=self.service.data,
            stage=Stage(self.stage.data),
            detail=self.detail.data,
            said_on=self.said_on.data,
            source=self.source.data,
            address=self.address.data,
        )


class TakeBackForm(GovForm):
    """The button that takes an entry off the register."""

    save = SubmitField("Take this entry back", style="warning")
