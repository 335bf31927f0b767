"""What colleagues do on a case together, in the past tense. Reporters hear of none of it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mystery_shopper.cases.events import CaseEvent
from mystery_shopper.core.calendar import format_day


@dataclass(frozen=True, kw_only=True)
class ColleagueMentioned(CaseEvent):
    """A note named colleagues who are to read it."""

    tag: ClassVar[str] = "note:mentioned"
    note_id: str
    user_ids: tuple[str, ...]
    names: tuple[str, ...]

    def sentence(self) -> str:
        """Return what staff read."""
        return f"A note is for {', '.join(self.names) or 'nobody'}"


@dataclass(frozen=True, kw_only=True)
class TaskMade(CaseEvent):
    """Somebody put down a task. `assignee_name` is empty for one that nobody has yet."""

    tag: ClassVar[str] = "task:made"
    task_id: str
    title: str
    due_on: str
    assignee_id: str = ""
    assignee_name: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Task “{self.title}” for {self.assignee_name or 'whoever takes it'}, due {_day(self.due_on)}"


@dataclass(frozen=True, kw_only=True)
class TaskChanged(CaseEvent):
    """A task got other words, another day or another person."""

    tag: ClassVar[str] = "task:changed"
    task_id: str
    old_title: str
    title: str
    old_due_on: str
    due_on: str
    old_assignee_name: str
    assignee_id: str
    assignee_name: str

    def sentence(self) -> str:
        """Return what staff read."""
        changes = []
        if self.title != self.old_title:
            changes.append(f"now “{self.title}”")
        if self.due_on != self.old_due_on:
            changes.append(f"due {_day(self.due_on)} instead of {_day(self.old_due_on)}")
        if self.assignee_name != self.old_assignee_name:
            changes.append(f"for {self.assignee_name or 'whoever takes it'}")
        return f"Task “{self.old_title}” changed: {', '.join(changes) or 'nothing'}"


@dataclass(frozen=True, kw_only=True)
class TaskDone(CaseEvent):
    """A task was done."""

    tag: ClassVar[str] = "task:done"
    task_id: str
    title: str
    reason: str = ""

    def sentence(self) -> str:
        """Return what staff read."""
        return _because(f"Task done: “{self.title}”", self.reason)


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(CaseEvent):
    """A task was dropped."""

    tag: ClassVar[str] = "task:cancelled"
    task_id: str
    title: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return _because(f"Task cancelled: “{self.title}”", self.reason)


@dataclass(frozen=True, kw_only=True)
class TaskReopened(CaseEvent):
    """A task that was done or dropped is to be done after all."""

    tag: ClassVar[str] = "task:reopened"
    task_id: str
    title: str
    reason: str

    def sentence(self) -> str:
        """Return what staff read."""
        return _because(f"Task opened again: “{self.title}”", self.reason)


@dataclass(frozen=True, kw_only=True)
class LabelAdded(CaseEvent):
    """The case got a label of the list."""

    tag: ClassVar[str] = "label:added"
    label_id: str
    name: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Label added: {self.name}"


@dataclass(frozen=True, kw_only=True)
class LabelRemoved(CaseEvent):
    """A label was taken off the case."""

    tag: ClassVar[str] = "label:removed"
    label_id: str
    name: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Label removed: {self.name}"


@dataclass(frozen=True, kw_only=True)
class ChecklistTicked(CaseEvent):
    """A point of a checklist was ticked. `words` are those of the point on that day."""

    tag: ClassVar[str] = "checklist:ticked"
    checklist: str
    item: str
    words: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"Ticked: {self.words}"


@dataclass(frozen=True, kw_only=True)
class ChecklistUnticked(CaseEvent):
    """A point of a checklist was opened again."""

    tag: ClassVar[str] = "checklist:unticked"
    checklist: str
    item: str
    words: str

    def sentence(self) -> str:
        """Return what staff read."""
        return f"No longer ticked: {self.words}"


def _because(words: str, reason: str) -> str:
    return f"{words}. {reason}" if reason else words


def _day(day: str) -> str:
    try:
        return format_day(date.fromisoformat(day))
    except ValueError:
        return day or "no date"
