"""The form that takes files, on the journey and through the receipt."""

from typing import Any

from mystery_shopper.core.forms import FileField, GovForm, HiddenField, SubmitField
from mystery_shopper.core.languages import _
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import ACCEPT, kinds_in_words


class EvidenceForm(GovForm):
    """Files to add. `draft` and `return_to` are for the journey alone."""

    draft = HiddenField()
    return_to = HiddenField(max_length=20)
    files = FileField(
        _("Upload files"),
        required=_("Select a file"),
        accept=ACCEPT,
        multiple=True,
        label_size="m",
    )
    upload = SubmitField(_("Upload"), style="secondary")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = limits()
        self.files.description = _(
            "{kinds}. Each must be smaller than {file}MB. You can add up to {files} files, {report}MB together.",
            kinds=kinds_in_words(),
            file=known[Limit.FILE],
            files=known[Limit.FILES],
            report=known[Limit.REPORT],
        )
