"""What a page carries hidden: the version it shows, and the id that makes a form sent twice one thing."""

from uuid import UUID

from wtforms import Field

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms.base import TIMED_OUT

LONGEST_VERSION = 9


def as_version(field: Field) -> int:
    """Return the version a page carried; one that cannot be read is older than any."""
    text = field.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else -1


def as_submission(field: Field) -> UUID:
    """Return the id that makes a form sent twice one thing.

    Raises:
        DomainError: the page carried none.
    """
    try:
        return UUID(field.data or "")
    except ValueError as error:
        raise DomainError(TIMED_OUT) from error
