"""Forms that link a notice with a case and take the link back."""

from mystery_shopper.core.forms import (
    CharacterCountField,
    ConfirmField,
    GovForm,
    HiddenField,
    SubmitField,
    TextAreaField,
    TextField,
)
from mystery_shopper.notices.references import TEXT_MAX

REASON_MAX = 1000
PASTED_MAX = 200_000


def _reason() -> CharacterCountField:
    return CharacterCountField(
        "Why?",
        hint="Staff read this on the timeline. The reporter does not.",
        required="Enter why",
        error_name="Reason",
        max_length=REASON_MAX,
        label_size="m",
    )


class LinkForm(GovForm):
    """Name a notice we have, or paste one we do not."""

    version = HiddenField()
    typed = TextField(
        "Number or address of the notice",
        hint="For example 012345-2026, 2026/S 000-012345, an OCID or the address of its page",
        error_name="Number or address of the notice",
        max_length=TEXT_MAX,
        label_size="m",
        spellcheck=False,
    )
    pasted = TextAreaField(
        "Or paste the notice (OCDS JSON)",
        hint="Only if we do not have it. It is kept as a frozen copy that nobody outside the team finds.",
        error_name="The notice",
        max_length=PASTED_MAX,
        rows=4,
        label_size="m",
        spellcheck=False,
    )
    take_facts = ConfirmField("State the facts that the notice gives and nobody has stated yet")
    reason = _reason()
    save = SubmitField("Link the notice")


class UnlinkForm(GovForm):
    """Take a link back."""

    version = HiddenField()
    reason = _reason()
    save = SubmitField("Take the link back")
