"""Forms of working together: tasks, labels, checklists and the choice of mail."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.forms import (
    CharacterCountField,
    CheckboxesField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    RequiredIf,
    SelectField,
    SharedForm,
    SubmitField,
    TextField,
)
from mystery_shopper.teamwork.checklists import Checklist
from mystery_shopper.teamwork.models import LABEL_MAX, Label
from mystery_shopper.teamwork.policy import MailAbout
from mystery_shopper.teamwork.states import Colour, TaskState

TITLE_MAX = 200
REASON_MAX = 1000
SEEN_MAX = 20_000
OTHER_DAY = "other"
TITLE_HINT = "For example: ring the authority about the bond. Do not write who the reporter is."
SETTLE_WORDS: Mapping[TaskState, str] = {
    TaskState.DONE: "It is done",
    TaskState.CANCELLED: "It is not needed any more",
    TaskState.OPEN: "Open it again: it is to be done after all",
}
MAIL_WORDS: Mapping[MailAbout, tuple[str, str]] = {
    MailAbout.MENTIONS: ("Somebody names me in a note", ""),
    MailAbout.TASKS: ("Somebody gives me a task", ""),
    MailAbout.WATCHED: ("A case I watch changes", "When it takes a step, changes hands, or its reporter writes"),
}


class TaskForm(GovForm):
    """Put down a task: on a working day that is offered, or on a day of one's own."""

    submission_id = HiddenField()
    title = TextField(
        "What is to be done?",
        hint=TITLE_HINT,
        required="Enter what is to be done",
        error_name="What is to be done",
        max_length=TITLE_MAX,
        label_size="m",
    )
    when = RadiosField("By when?", required="Select by when", label_size="m", reveals={OTHER_DAY: "due_on"})
    due_on = DateField(
        "Which day?",
        error_name="The day",
        label_size="s",
        validators=[RequiredIf("when", OTHER_DAY, "Enter the day")],
    )
    assignee = SelectField("Who does it?", empty="Whoever takes it", label_size="m")
    save = SubmitField("Save the task")

    def offer(self, days: Mapping[int, date], people: Iterable[tuple[UUID, str]]) -> None:
        """Fill in the days that are offered, and who can do it."""
        offered = [Option(str(count), _in_days(count), hint=format_day(day)) for count, day in days.items()]
        self.when.choices = (*offered, Option(OTHER_DAY, "On another day"))
        self.assignee.choices = tuple(Option(str(user_id), name) for user_id, name in people)

    def chosen_day(self, days: Mapping[int, date]) -> date:
        """Return the day that was chosen; the form has been validated."""
        if self.when.data == OTHER_DAY:
            day: date = self.due_on.data
            return day
        return days[int(self.when.data)]

    def assignee_id(self) -> UUID | None:
        """Return who is to do it, None for whoever takes it."""
        return UUID(self.assignee.data) if self.assignee.data else None


def _in_days(count: int) -> str:
    return "The next working day" if count == 1 else f"In {count} working days"


class ChangeTaskForm(SharedForm):
    """Change an open task."""

    version = HiddenField()
    title = TextField(
        "What is to be done?",
        hint=TITLE_HINT,
        required="Enter what is to be done",
        error_name="What is to be done",
        max_length=TITLE_MAX,
        label_size="m",
    )
    due_on = DateField("By when?", required="Enter the day", error_name="The day", label_size="m")
    assignee = SelectField("Who does it?", empty="Whoever takes it", label_size="m")
    save = SubmitField("Save the task")

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Fill in who can do it."""
        self.assignee.choices = tuple(Option(str(user_id), name) for user_id, name in people)

    def assignee_id(self) -> UUID | None:
        """Return who is to do it, None for whoever takes it."""
        return UUID(self.assignee.data) if self.assignee.data else None


class SettleForm(GovForm):
    """Settle a task, or open it again."""

    version = HiddenField()
    new = RadiosField("What about this task?", required="Select what about this task", label_size="m")
    reason = CharacterCountField(
        "Why?",
        hint="You need not say why a task is done. Staff read this on the case, the reporter does not.",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Save")

    def offer(self, states: Iterable[TaskState]) -> None:
        """Fill in what the task can become; where that is one thing it is chosen already."""
        self.new.choices = tuple(Option(state.value, SETTLE_WORDS[state]) for state in states)
        if len(self.new.choices) == 1 and not self.is_submitted():
            self.new.data = self.new.choices[0].value


class CaseLabelsForm(GovForm):
    """Choose the labels of a case. `seen` is what its page showed: only what a person changed is changed."""

    seen = HiddenField(max_length=SEEN_MAX)
    labels = CheckboxesField("Which labels?", hint="Senior caseworkers keep this list.", label_size="m")
    save = SubmitField("Save the labels")

    def offer(self, labels: Iterable[Label]) -> None:
        """Fill in the labels that can be chosen, those of the case among them."""
        self.labels.choices = tuple(
            Option(str(one.id), one.name, hint="No longer on the list" if one.retired_at else "") for one in labels
        )


class LabelForm(GovForm):
    """Add a label to the list, or give one another name."""

    version = HiddenField()
    name = TextField(
        "What does the label say?",
        hint="A word about the work, never about a person or a reporter. For example: press interest.",
        required="Enter what the label says",
        error_name="The label",
        max_length=LABEL_MAX,
        label_size="m",
    )
    colour = RadiosField(
        "Which colour?",
        hint="The colour only helps to find it. The words carry the meaning.",
        choices=tuple(Option(colour.value, colour.value.capitalize()) for colour in Colour),
        required="Select a colour",
        label_size="m",
        small=True,
        default=Colour.BLUE.value,
    )
    save = SubmitField("Save the label")


class ChecklistForm(GovForm):
    """Tick the points of one checklist. `seen` is what the page showed as ticked."""

    seen = HiddenField(max_length=SEEN_MAX)
    items = CheckboxesField("Points", label_size="m")
    save = SubmitField("Save the checklist")

    def offer(self, checklist: Checklist, done: Mapping[str, str]) -> None:
        """Fill in the points; `done` says of each that is ticked who ticked it and when."""
        self.items.label.text = checklist.title
        self.items.choices = tuple(
            Option(
                item.id, item.words, hint=". ".join(part for part in (item.hint.rstrip("."), done.get(item.id)) if part)
            )
            for item in checklist.items
        )


class MailForm(GovForm):
    """Choose what to be told of by mail."""

    about = CheckboxesField(
        "When do you want an email?",
        hint="Emails never say what it is about. They ask you to look at your desk. "
        "You always get an email when you are given a case and when its reporter writes.",
        choices=tuple(Option(about.value, *words) for about, words in MAIL_WORDS.items()),
        label_size="l",
        heading=True,
    )
    save = SubmitField("Save")


def seen_in(field: HiddenField) -> frozenset[str]:
    """Return the values a page showed as chosen when it was drawn."""
    return frozenset((field.data or "").split())
