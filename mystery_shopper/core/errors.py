"""The family of errors a user may see. Knows nothing of the web beyond the meaning of a status code."""

from http import HTTPStatus
from typing import ClassVar

from mystery_shopper.core.languages import _


class DomainError(Exception):
    """A rule of the service was broken; the message is safe to show to the user.

    `field` names the form field to attach the message to, when there is one.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    title: ClassVar[str] = _("There is a problem")

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFoundError(DomainError):
    """The thing does not exist, or the person asking may not know that it does (both look alike)."""

    status = HTTPStatus.NOT_FOUND
    title = _("Page not found")

    def __init__(self, message: str = _("Page not found")) -> None:
        super().__init__(message)


class PermissionDeniedError(DomainError):
    """The person is known and may not do this."""

    status = HTTPStatus.FORBIDDEN
    title = _("You do not have permission to do this")


class TransitionNotAllowedError(DomainError):
    """The case is not in a state from which this step can be taken."""

    status = HTTPStatus.CONFLICT
    title = _("This case has moved on")

    def __init__(self, *, reference: str, from_state: str, to_state: str) -> None:
        super().__init__(f"Case {reference} is '{from_state}', so it cannot become '{to_state}'.")


class StaleEditError(DomainError):
    """Somebody else saved first; nothing was overwritten."""

    status = HTTPStatus.CONFLICT
    title = _("This case has moved on")

    def __init__(self, message: str = "Somebody else changed this while you were working on it.") -> None:
        super().__init__(message)


class TooManyAttemptsError(DomainError):
    """A limit was reached; `retry_after_seconds` says when to try again."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    title = _("Too many attempts")

    def __init__(self, message: str, *, retry_after_seconds: int, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.retry_after_seconds = retry_after_seconds


class UnavailableError(DomainError):
    """A part the service needs does not answer now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = _("Sorry, the service is unavailable")


class ConfigurationError(Exception):
    """The service refuses to start; the message tells the operator what to mend."""
