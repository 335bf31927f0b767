"""The form that takes files, on the journey and through the receipt."""

from mystery_shopper.core.forms import GovForm, HiddenField, SubmitField
from mystery_shopper.core.languages import _
from mystery_shopper.evidence.forms import FilesField


class EvidenceForm(GovForm):
    """Files to add. `draft` and `return_to` are for the journey alone."""

    draft = HiddenField()
    return_to = HiddenField(max_length=20)
    files = FilesField(_("Upload files"), required=_("Select a file"))
    upload = SubmitField(_("Upload"), style="secondary")
