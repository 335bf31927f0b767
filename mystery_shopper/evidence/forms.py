"""The field that takes files, the same on every page, and what the person sent in it."""

import re
from typing import Any, cast

from werkzeug.datastructures import FileStorage

from mystery_shopper.core.forms import FileField, GovForm
from mystery_shopper.core.languages import _
from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import ACCEPT, kinds_in_words
from mystery_shopper.evidence.uploading import Sent, Upload

NAME_IN_HEADER = re.compile(r';\s*filename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
CHOOSE_AGAIN = _("Nothing was sent. Select the files again, without this one")


class FilesField(FileField):
    """Takes several files, and says which are taken, in the language of its reader."""

    def __init__(self, label: str, *, required: str = "", label_size: str = "m", **options: Any) -> None:
        known = limits()
        hint = _(
            "{kinds}. Each must be smaller than {file}MB. You can add up to {files} files, {report}MB together.",
            kinds=kinds_in_words(),
            file=known[Limit.FILE],
            files=known[Limit.FILES],
            report=known[Limit.REPORT],
        )
        own = {"hint": hint, "required": required, "label_size": label_size}
        super().__init__(label, accept=ACCEPT, multiple=True, **own, **options)


def sent_files(field: FileField) -> list[Sent]:
    """Return the files of a field; their bytes lie in the spools the request put them into."""
    files = cast("list[FileStorage]", field.data or [])
    return [Sent(name_in_header(file), cast(SealedSpool, file.stream)) for file in files]


def name_in_header(file: FileStorage) -> str:
    """Return the name as it was sent: Werkzeug takes backslashes out, so that a path could not be told from a name."""
    match = NAME_IN_HEADER.search(file.headers.get("Content-Disposition", ""))
    return match.group(1) if match else file.filename or ""


def show_refused(form: GovForm, upload: Upload) -> None:
    """Say at the field `files` why a file was not taken."""
    first, *others = upload.refused
    form.add_error(first, "files")
    for message in others:
        form.add_error(message)
