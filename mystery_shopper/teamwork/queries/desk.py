"""What working together puts on the desk of a person: tasks, notes to read, watched cases that changed."""

from dataclasses import dataclass
from datetime import date

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.teamwork.queries.notes import ToRead, notes_to_read
from mystery_shopper.teamwork.queries.tasks import OwnTask, tasks_of
from mystery_shopper.teamwork.queries.watching import Changed, watched_and_changed


@dataclass(frozen=True)
class TeamDesk:
    """What colleagues want of a person, and what they watch."""

    tasks: list[OwnTask]
    to_read: list[ToRead]
    watched: list[Changed]

    @property
    def overdue(self) -> int:
        """Return how many of the tasks are overdue."""
        return sum(task.is_overdue for task in self.tasks)


def load_team_desk(user: StaffMember, today: date) -> TeamDesk:
    """Return what stands on the desk of a person; three statements however much it is."""
    return TeamDesk(tasks_of(user, today), notes_to_read(user), watched_and_changed(user))
