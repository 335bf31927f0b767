"""How looking into a file can end, apart from well."""

from mystery_shopper.evidence.policy import Reason


class RefusedError(Exception):
    """The file is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class CannotCleanError(Exception):
    """There can be no copy without traces; the message says why, in words for staff, without anything of the file."""
