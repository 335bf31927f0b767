"""Forms for coming back: the code, messages, withdrawal and objection."""

from mystery_shopper.core.forms import CharacterCountField, GovForm, HiddenField, SubmitField, TextField
from mystery_shopper.core.receipts import MAX_TYPED

MESSAGE_MAX = 5000


class CodeForm(GovForm):
    """The receipt code. It is posted, never put into an address."""

    code = TextField(
        "Receipt code",
        hint="27 letters and numbers. Capital letters, spaces and hyphens do not matter.",
        required="Enter your receipt code",
        autocomplete="off",
        spellcheck=False,
        max_length=MAX_TYPED,
        error_name="Receipt code",
    )
    proceed = SubmitField("Continue")


class ReturnForm(CodeForm):
    """The receipt code of a draft whose page was sent after the browser's session had ended."""

    page = HiddenField(max_length=80)


class MessageForm(GovForm):
    """A message to the team. `submission_id` makes a form sent twice one message."""

    submission_id = HiddenField()
    body = CharacterCountField(
        "Your message",
        required="Enter your message",
        error_name="Message",
        max_length=MESSAGE_MAX,
        rows=6,
    )
    send = SubmitField("Send message")


class ConfirmForm(GovForm):
    """A page with a button only."""

    confirm = SubmitField("Confirm")


class StartForm(GovForm):
    """The two buttons that open a draft."""

    start = SubmitField("Start now")
    short = SubmitField("I only have two minutes", style="secondary")
