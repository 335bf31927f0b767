"""What can happen between a case and a notice. Reporters hear of none of it."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class NoticeLinked(CaseEvent):
    """A notice was linked; `reason` is empty when its reporter did it with the report."""

    tag: ClassVar[str] = "notice:linked"
    number: str
    reason: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        return (
            f"Notice {self.number} linked: {self.reason}" if self.reason else f"Notice {self.number} came with a report"
        )


@dataclass(frozen=True, kw_only=True)
class NoticeUnlinked(CaseEvent):
    """A link with a notice was taken back."""

    tag: ClassVar[str] = "notice:unlinked"
    number: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Notice {self.number} no longer linked: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class NoticeChanged(CaseEvent):
    """The buyer published a new version of a linked notice; `fields` are the titles of what changed."""

    tag: ClassVar[str] = "notice:changed"
    number: str
    fields: tuple[str, ...]

    def sentence(self) -> str:
        """Return what staff read."""
        what = ", ".join(self.fields) if self.fields else "nothing that we read"
        return f"The buyer changed notice {self.number}: {what}"
