"""What can happen between a case and the authority that answers here. Reporters hear of none; no text, no name."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class QuestionAdded(CaseEvent):
    """A question was written for the authority, and passed the disclosure gate."""

    tag: ClassVar[str] = "answer:question-added"
    inquiry_id: str
    rule_id: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        about = f" about {self.rule_id}" if self.rule_id else ""
        return f"Question{about} written for the authority"


@dataclass(frozen=True, kw_only=True)
class QuestionRemoved(CaseEvent):
    """A question was taken out before anybody was invited."""

    tag: ClassVar[str] = "answer:question-removed"
    inquiry_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "A question for the authority was taken out"


@dataclass(frozen=True, kw_only=True)
class OfficerInvited(CaseEvent):
    """Somebody of the authority was sent a link, for the first time or again."""

    tag: ClassVar[str] = "answer:officer-invited"
    officer_id: str
    is_again: bool = False

    def sentence(self) -> str:
        """Return what staff read."""
        if self.is_again:
            return "A new link and code were made for an officer of the authority; the old ones are worthless"
        return "An officer of the authority was invited to answer here"


@dataclass(frozen=True, kw_only=True)
class OfficerRevoked(CaseEvent):
    """The access of an officer was taken back."""

    tag: ClassVar[str] = "answer:officer-revoked"
    officer_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "The access of an officer of the authority was taken back"


@dataclass(frozen=True, kw_only=True)
class OfficerOpened(CaseEvent):
    """An officer opened the page for the first time."""

    tag: ClassVar[str] = "answer:opened"
    officer_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "An officer of the authority opened our questions"


@dataclass(frozen=True, kw_only=True)
class EntryOffered(CaseEvent):
    """The text we want to publish was shown to the authority for a reply."""

    tag: ClassVar[str] = "answer:entry-offered"
    inquiry_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "The text we want to publish was offered to the authority for a reply"


@dataclass(frozen=True, kw_only=True)
class FilesReceived(CaseEvent):
    """The authority added files to its draft."""

    tag: ClassVar[str] = "answer:files-received"
    inquiry_id: str
    file_ids: tuple[str, ...]

    def sentence(self) -> str:
        """Return what staff read."""
        count = len(self.file_ids)
        return "The authority added 1 file to its answer" if count == 1 else f"The authority added {count} files"


@dataclass(frozen=True, kw_only=True)
class FileTakenOut(CaseEvent):
    """The authority took a file out of its draft: it was erased."""

    tag: ClassVar[str] = "answer:file-removed"
    inquiry_id: str

    def sentence(self) -> str:
        """Return what staff read."""
        return "The authority took a file out of its draft"


@dataclass(frozen=True, kw_only=True)
class AuthorityWrote(CaseEvent):
    """Something came from the authority that waits for a caseworker; `what` is its kind in words."""

    tag: ClassVar[str] = "answer:request-made"
    request_id: str
    what: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"The authority wrote: {self.what[:1].lower()}{self.what[1:]}"


@dataclass(frozen=True, kw_only=True)
class RequestDecided(CaseEvent):
    """A caseworker dealt with what came from the authority; `until` is the day more time was given to, in words."""

    tag: ClassVar[str] = "answer:request-decided"
    request_id: str
    officer_id: str
    decision: str
    until: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        if self.until:
            return f"The authority was given more time, until {self.until}"
        return f"What the authority wrote was dealt with: {self.decision}"
