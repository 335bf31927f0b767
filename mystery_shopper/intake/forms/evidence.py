"""The form that takes files, on the journey and through the receipt."""

from mystery_shopper.core.forms import GovForm, HiddenField, SubmitField
from mystery_shopper.evidence.forms import files_field


class EvidenceForm(GovForm):
    """Files to add. `draft` and `return_to` are for the journey alone."""

    draft = HiddenField()
    return_to = HiddenField(max_length=20)
    files = files_field("Upload files", required="Select a file")
    upload = SubmitField("Upload", style="secondary")
