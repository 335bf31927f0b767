"""The field that takes files, the same on every page, and what the person sent in it."""

import re
from typing import cast

from werkzeug.datastructures import FileStorage

from mystery_shopper.core.forms import FileField, GovForm
from mystery_shopper.core.spool import SealedSpool
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.policy import ACCEPT, KINDS_IN_WORDS
from mystery_shopper.evidence.uploading import Sent, Upload

NAME_IN_HEADER = re.compile(r';\s*filename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
CHOOSE_AGAIN = "Nothing was sent. Select the files again, without this one"


def files_field(label: str, *, required: str = "", label_size: str = "m") -> FileField:
    """Return an unbound field that takes several files."""
    hint = (
        f"{KINDS_IN_WORDS}. Each must be smaller than {limits()[Limit.FILE]}MB. "
        f"You can add up to {limits()[Limit.FILES]} files, {limits()[Limit.REPORT]}MB together."
    )
    return FileField(label, hint=hint, required=required, accept=ACCEPT, multiple=True, label_size=label_size)


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
