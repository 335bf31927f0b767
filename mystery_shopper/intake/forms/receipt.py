"""Forms for coming back: the code, messages, withdrawal and objection."""

from mystery_shopper.cases.followup import FollowUpGiven, PracticeChanged
from mystery_shopper.core.forms import (
    CharacterCountField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SubmitField,
    TextField,
)
from mystery_shopper.core.languages import _
from mystery_shopper.core.receipts import MAX_TYPED
from mystery_shopper.evidence.forms import FilesField

MESSAGE_MAX = 5000
WORDS_MAX = 1000


class CodeForm(GovForm):
    """The receipt code. It is posted, never put into an address."""

    code = TextField(
        _("Receipt code"),
        hint=_("27 letters and numbers. Capital letters, spaces and hyphens do not matter."),
        required=_("Enter your receipt code"),
        autocomplete="off",
        spellcheck=False,
        max_length=MAX_TYPED,
        error_name=_("Receipt code"),
    )
    proceed = SubmitField(_("Continue"))


class ReturnForm(CodeForm):
    """The receipt code of a draft whose page was sent after the browser's session had ended."""

    page = HiddenField(max_length=80)


class MessageForm(GovForm):
    """A message to the team. `submission_id` makes a form sent twice one message."""

    submission_id = HiddenField()
    body = CharacterCountField(
        _("Your message"),
        required=_("Enter your message"),
        error_name=_("Message"),
        max_length=MESSAGE_MAX,
        rows=6,
    )
    files = FilesField(_("Attach files (optional)"), label_size="s")
    send = SubmitField(_("Send message"))


class FollowUpForm(GovForm):
    """What came of it, in the reporter's eyes."""

    changed = RadiosField(
        _("Did the practice change?"),
        hint=_("For example: did the buyer take the requirement out, or leave it out the next time?"),
        choices=(
            Option(PracticeChanged.YES, _("Yes")),
            Option(PracticeChanged.PARTLY, _("In part")),
            Option(PracticeChanged.NO, _("No")),
            Option(PracticeChanged.NOT_KNOWN, _("I do not know yet"), divider=_("or")),
        ),
        required=_("Select whether the practice changed"),
    )
    satisfied = RadiosField(
        _("How satisfied are you with this service?"),
        choices=(
            Option("5", _("Very satisfied")),
            Option("4", _("Satisfied")),
            Option("3", _("Neither satisfied nor dissatisfied")),
            Option("2", _("Dissatisfied")),
            Option("1", _("Very dissatisfied")),
        ),
    )
    words = CharacterCountField(
        _("What should we know? (optional)"),
        hint=_("Do not write who you are."),
        error_name=_("What we should know"),
        label_size="m",
        max_length=WORDS_MAX,
    )
    send = SubmitField(_("Send"))

    @classmethod
    def said(cls, before: FollowUpGiven | None) -> dict[str, object]:
        """Return what was answered before, for the fields."""
        if before is None:
            return {}
        stars = str(before.satisfied) if before.satisfied else ""
        return {"changed": before.changed, "satisfied": stars, "words": before.words}

    def changed_kind(self) -> PracticeChanged:
        """Return whether the practice changed."""
        return PracticeChanged(self.changed.data)

    def stars(self) -> int:
        """Return how satisfied the reporter is, 1 to 5; 0 when not answered."""
        return int(self.satisfied.data or 0)


class ConfirmForm(GovForm):
    """A page with a button only."""

    confirm = SubmitField(_("Confirm"))


class StartForm(GovForm):
    """The two buttons that open a draft; `about` names what it begins with (see `journey.BEGINNINGS`)."""

    about = HiddenField(max_length=40)

    start = SubmitField(_("Start now"))
    short = SubmitField(_("I only have two minutes"), style="secondary")
