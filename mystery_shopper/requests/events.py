"""What a request for information does to a case, in the past tense."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class CaseNamedInRequest(CaseEvent):
    """The case holds what somebody asked for, so it is on hold. Never says who asked."""

    tag: ClassVar[str] = "request:case-named"
    reference: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Named in request {self.reference}: on hold until the hold is lifted"


@dataclass(frozen=True, kw_only=True)
class CaseInPack(CaseEvent):
    """A pack was built in which something of this case stands."""

    tag: ClassVar[str] = "request:pack-built"
    reference: str
    sha256: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Something of this case stands in the pack of request {self.reference} (SHA-256 {self.sha256[:16]}…)"
