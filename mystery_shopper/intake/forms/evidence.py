"""The form that takes files, on the journey and through the receipt."""

from mystery_shopper.core.forms import FileField, GovForm, HiddenField, SubmitField
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import ACCEPT, KINDS_IN_WORDS


class EvidenceForm(GovForm):
    """Files to add. `draft` and `return_to` are for the journey alone."""

    draft = HiddenField()
    return_to = HiddenField(max_length=20)
    files = FileField(
        "Upload files",
        hint=(
            f"{KINDS_IN_WORDS}. Each must be smaller than {limits()[Limit.FILE]}MB. "
            f"You can add up to {limits()[Limit.FILES]} files, {limits()[Limit.REPORT]}MB together."
        ),
        required="Select a file",
        accept=ACCEPT,
        multiple=True,
        label_size="m",
    )
    upload = SubmitField("Upload", style="secondary")
