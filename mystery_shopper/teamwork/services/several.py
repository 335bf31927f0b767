"""One thing for several cases of a list: a label, or the same task. What cannot be done on a case is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case, lock_cases
from mystery_shopper.core.errors import DomainError, NotFoundError
from mystery_shopper.teamwork.models import Label
from mystery_shopper.teamwork.services.labels import add_label
from mystery_shopper.teamwork.services.tasks import NewTask, make_task

AT_ONCE = 100


@dataclass(frozen=True)
class DoneForSeveral:
    """On which cases it was done, and those on which it was not, with the reason in words.

    A case the person may not see is in neither: for them it does not exist.
    """

    done: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def label_cases(references: Sequence[str], label: Label, *, by: StaffMember, now: datetime) -> DoneForSeveral:
    """Put a label on several cases.

    Raises:
        DomainError: more than AT_ONCE cases.
    """

    def put(case: Case) -> None:
        if not add_label(case, label, by=by, now=now):
            raise DomainError("it has the label already")

    return _for_each(references, by, put)


def make_tasks(references: Sequence[str], new: NewTask, *, by: StaffMember, now: datetime) -> DoneForSeveral:
    """Put the same task on several cases; a form sent twice makes it once on each.

    Raises:
        DomainError: more than AT_ONCE cases.
    """
    return _for_each(references, by, lambda case: make_task(case, new, maker=by, now=now))


def _for_each(references: Sequence[str], by: StaffMember, act: Callable[[Case], object]) -> DoneForSeveral:
    wanted = sorted(set(references))
    if len(wanted) > AT_ONCE:
        raise DomainError(f"Select at most {AT_ONCE} cases")
    lock_cases(wanted, by)
    done: list[str] = []
    left: list[tuple[str, str]] = []
    for reference in wanted:
        try:
            case = get_case(reference, by)
            act(case)
        except NotFoundError:
            continue
        except DomainError as error:
            left.append((reference, error.message))
        else:
            done.append(reference)
    return DoneForSeveral(tuple(done), tuple(left))
