"""Forms of doing one thing to several cases: each carries which cases its page showed, and in which version."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.casework.forms import PUT_BACK, REASON_MAX
from mystery_shopper.casework.policy import Figure, figures
from mystery_shopper.casework.queries.bulk import Order
from mystery_shopper.casework.states import BulkKind
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import (
    CharacterCountField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    SubmitField,
    as_submission,
)
from mystery_shopper.core.forms.carried import LONGEST_VERSION
from mystery_shopper.teamwork.forms import TaskForm
from mystery_shopper.teamwork.models import Label
from mystery_shopper.teamwork.queries.labels import get_label
from mystery_shopper.teamwork.services.tasks import check_day as check_task_day

SEEN_MAX = 40_000
"""More than the references and versions of as many cases as may be chosen at once."""
CHOOSE_AGAIN = "Choose the cases again"


def read_seen(text: str) -> dict[str, int]:
    """Return the cases a page carried, each with the version it showed.

    Raises:
        DomainError: they cannot be read, or are more than may be chosen at once.
    """
    found = {}
    for part in text.split():
        reference, _, version = part.partition(":")
        if not (version.isascii() and version.isdigit() and len(version) <= LONGEST_VERSION):
            raise DomainError(CHOOSE_AGAIN)
        found[reference] = int(version)
    if not found or len(found) > figures()[Figure.BULK_CASES]:
        raise DomainError(CHOOSE_AGAIN)
    return found


class AssignCasesForm(GovForm):
    """Give several cases to somebody."""

    seen = HiddenField(max_length=SEEN_MAX)
    submission_id = HiddenField()
    owner = RadiosField("Who should have these cases?", required="Select who should have them", label_size="m")
    reason = CharacterCountField(
        "Why?",
        hint="Staff read this on the timeline of each case. The reporter does not.",
        required="Enter why the cases change hands",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Continue")

    def offer(self, people: Iterable[tuple[UUID, str, str]]) -> None:
        """Fill in the people with how they stand, and the queue."""
        options = [Option(str(user_id), name, hint=hint) for user_id, name, hint in people]
        back = Option(PUT_BACK, "Nobody: put them back in the queue", divider="or" if options else "")
        self.owner.choices = (*options, back)

    def to_order(self) -> Order:
        """Return what is to be done; the form has been validated."""
        owner = None if self.owner.data == PUT_BACK else get_user(UUID(self.owner.data))
        once = as_submission(self.submission_id)
        return Order(kind=BulkKind.ASSIGN, submission_id=once, owner=owner, reason=self.reason.data)


class LabelCasesForm(GovForm):
    """Put a label on several cases, or take one off them."""

    seen = HiddenField(max_length=SEEN_MAX)
    submission_id = HiddenField()
    what = RadiosField(
        "What should happen?",
        choices=(
            Option(BulkKind.LABEL, "Put a label on the cases"),
            Option(BulkKind.UNLABEL, "Take a label off the cases"),
        ),
        required="Select what should happen",
        label_size="m",
    )
    label = RadiosField("Which label?", required="Select the label", label_size="m")
    save = SubmitField("Continue")

    def offer(self, labels: Sequence[Label]) -> None:
        """Fill in the labels, those that were retired too: they can be taken off."""
        self.label.choices = tuple(
            Option(str(one.id), one.name, hint="No longer on the list: it can be taken off" if one.retired_at else "")
            for one in labels
        )

    def to_order(self) -> Order:
        """Return what is to be done; the form has been validated.

        Raises:
            DomainError: the label was taken off the list, so it is put on no other case.
        """
        label, kind = get_label(UUID(self.label.data)), BulkKind(self.what.data)
        if kind is BulkKind.LABEL and label.retired_at is not None:
            raise DomainError(f"The label “{label.name}” is no longer on the list", field="label")
        return Order(kind=kind, submission_id=as_submission(self.submission_id), label=label)


class TaskForCasesForm(TaskForm):
    """Put down the same task on several cases."""

    seen = HiddenField(max_length=SEEN_MAX)
    assignee = SelectField("Who does it?", empty="Whoever takes it", label_size="m")
    save = SubmitField("Continue")

    def to_order(self, days: Mapping[int, date], today: date) -> Order:
        """Return what is to be done; the form has been validated.

        Raises:
            DomainError: the day has passed.
        """
        user_id, due_on = self.assignee_id(), self.chosen_day(days)
        check_task_day(due_on, today)
        return Order(
            kind=BulkKind.TASK,
            submission_id=as_submission(self.submission_id),
            title=self.title.data,
            due_on=due_on,
            assignee=get_user(user_id) if user_id else None,
        )
