"""A file that is not taken, and what its sender reads about it."""

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import _
from mystery_shopper.evidence.limits import Limit, limits
from mystery_shopper.evidence.names import sent_name
from mystery_shopper.evidence.policy import MESSAGES, Reason, kinds_in_words

FIELD = "files"
SELECTED = _("The selected file")


class FileRefusedError(DomainError):
    """A file was not taken; `reason` says why. The message belongs to the field the file was chosen in."""

    def __init__(self, reason: Reason, name: str = "") -> None:
        super().__init__(message_of(reason, name), field=FIELD)
        self.reason = reason


def message_of(reason: Reason, name: str = "") -> str:
    """Return the message for a refused file; it is named when several were selected."""
    known = limits()
    return MESSAGES[reason].format(
        file=f"“{sent_name(name)}”" if name else str(SELECTED),
        kinds=kinds_in_words(),
        file_megabytes=known[Limit.FILE],
        report_files=known[Limit.FILES],
        report_megabytes=known[Limit.REPORT],
    )
