"""Forms of casework: one for each step a person takes on a case."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from mystery_shopper.allocation.policy import Suggestion
from mystery_shopper.cases.forms import GatedForm
from mystery_shopper.cases.states import CaseState
from mystery_shopper.cases.timeline import TimelineItem
from mystery_shopper.casework.history import KIND_WORDS, Wanted, people_in
from mystery_shopper.casework.policy import (
    STEP_WORDS,
)
from mystery_shopper.core.forms import (
    CharacterCountField,
    CheckboxesField,
    ConfirmField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    SharedForm,
    SubmitField,
    TextField,
)
from mystery_shopper.evidence.forms import FilesField

REASON_MAX = 1000
WORD_MAX = 100
NOTE_MAX = 5000
MESSAGE_MAX = 5000
TITLE_MAX = 200
PUT_BACK = "nobody"


class TimelineForm(GovForm):
    """The filters of a timeline, in its address."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    kind = SelectField("What", empty="Everything")
    by = SelectField("By whom", empty="Anybody")
    since = DateField("From", error_name="From", label_size="s")
    until = DateField("To", error_name="To", label_size="s")

    def offer(self, items: Iterable[TimelineItem]) -> None:
        """Fill in what can be chosen: who did something on this case."""
        self.kind.choices = tuple(Option(kind.value, words) for kind, words in KIND_WORDS.items())
        self.by.choices = tuple(Option(name, name) for name in people_in(items))

    def to_filter(self) -> Wanted:
        """Return what is wanted; the form has been validated."""
        return Wanted(kind=self.kind.data, by=self.by.data, since=self.since.data, until=self.until.data)


class MoveForm(GovForm):
    """Move the case on."""

    version = HiddenField()
    new = RadiosField("What happens next?", required="Select what happens next", label_size="m")
    reason = CharacterCountField(
        "Why",
        hint="Staff read this on the timeline. The reporter does not.",
        error_name="Reason",
        max_length=REASON_MAX,
    )
    close_anyway = ConfirmField("Close the case although points are open")
    save = SubmitField("Move the case")

    def offer(self, steps: Iterable[CaseState], *, can_close_anyway: bool) -> None:
        """Fill in the steps that are open; the last box is only for closing with open points."""
        self.new.choices = tuple(Option(one.value, STEP_WORDS[one][0], hint=STEP_WORDS[one][1]) for one in steps)
        if not can_close_anyway:
            del self.close_anyway


class AssignForm(GovForm):
    """Give the case to somebody."""

    version = HiddenField()
    owner = RadiosField("Who should have this case?", required="Select who should have this case", label_size="m")
    reason = CharacterCountField(
        "Why",
        hint="Needed when somebody else has the case now. Staff read this on the timeline. The reporter does not.",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Save")

    def offer(self, people: Iterable[Suggestion], *, can_put_back: bool) -> None:
        """Fill in the people with what speaks for each, and the queue when somebody has the case now."""
        options = [
            Option(
                str(one.user_id), f"{one.name} (suggested)" if one.is_first else one.name, hint=". ".join(one.reasons)
            )
            for one in people
        ]
        back = [Option(PUT_BACK, "Nobody: put it back in the queue", divider="or" if options else "")]
        self.owner.choices = (*options, *(back if can_put_back else ()))

    def to_owner_id(self) -> UUID | None:
        """Return the person's id, None for the queue."""
        return None if self.owner.data == PUT_BACK else UUID(self.owner.data)


class OriginalForm(GovForm):
    """Download the original of a file."""

    reason = CharacterCountField(
        "Why do you need the original?",
        hint="This goes on the timeline of the case. For most work the cleaned copy is enough.",
        required="Enter why you need the original",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Download the original", style="warning")


class ReleaseForm(GatedForm):
    """Decide whether the authority may see the cleaned copy of a file."""

    decision = RadiosField(
        "May the authority see this copy?",
        choices=(
            Option("yes", "Yes", hint="I have read it, and nothing in it could identify the reporter"),
            Option("no", "No, it stays in the team"),
        ),
        required="Select yes if the authority may see this copy",
        label_size="m",
    )
    reason = CharacterCountField(
        "Why",
        hint="Staff read this on the timeline. The reporter does not.",
        required="Enter why you decided this",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Save decision")

    def is_released(self) -> bool:
        """Tell whether the authority may see it."""
        return bool(self.decision.data == "yes")


class NoteForm(GovForm):
    """Write an internal note."""

    submission_id = HiddenField()
    body = CharacterCountField(
        "Note",
        hint="Only staff read this. Do not write who the reporter is.",
        required="Enter a note",
        max_length=NOTE_MAX,
        label_size="m",
        rows=8,
    )
    readers = CheckboxesField(
        "Who should read it?",
        hint="It stands on their desk until they have. You can also write @ and the name of one of them in the note.",
        label_size="m",
        small=True,
    )
    save = SubmitField("Save note")

    def offer(self, people: Mapping[UUID, str]) -> None:
        """Fill in who can be named: whoever else may see the case."""
        self.readers.choices = tuple(Option(str(user_id), name) for user_id, name in people.items())

    def chosen_readers(self) -> frozenset[UUID]:
        """Return who was ticked."""
        return frozenset(UUID(one) for one in self.readers.data)


class WordForm(GovForm):
    """Put a word on the list of what must not leave a case."""

    word = TextField(
        "Add a word, a phrase or an amount",
        hint="For example a trade name, the name of a project, or an amount like £412,350.",
        required="Enter a word, a phrase or an amount",
        error_name="The word",
        max_length=WORD_MAX,
        label_size="m",
        spellcheck=False,
    )
    add = SubmitField("Add to the list")


class MessageForm(GatedForm):
    """Write to a reporter."""

    submission_id = HiddenField()
    body = CharacterCountField(
        "Message",
        hint="The reporter reads this with their receipt code. Do not ask who they are.",
        required="Enter a message",
        max_length=MESSAGE_MAX,
        label_size="m",
        rows=8,
    )
    files = FilesField("Attach files (optional)", label_size="s")
    send = SubmitField("Send message")


class OverrideForm(GovForm):
    """Let a stopped text out, or not."""

    known_by = RadiosField(
        "How many suppliers could have known what this text says?",
        hint="Where 3 or fewer could, the authority can guess who told us.",
        choices=(Option("few", "3 or fewer"), Option("more", "More than 3"), Option("unsure", "I am not sure")),
        required="Select how many suppliers could have known what this text says",
        label_size="s",
    )
    decision = RadiosField(
        "May it go out exactly as it is?",
        choices=(Option("yes", "Yes"), Option("no", "No, it must be changed")),
        required="Select yes if it may go out as it is",
        label_size="s",
    )
    answer = CharacterCountField(
        "Why?", required="Enter why you decide this", error_name="Reason", max_length=REASON_MAX, label_size="s"
    )
    save = SubmitField("Save decision")


class TitleForm(SharedForm):
    """Correct the title."""

    version = HiddenField()
    title = TextField("Title of the procurement", required="Enter the title of the procurement", max_length=TITLE_MAX)
    reason = CharacterCountField(
        "Why are you changing it?", required="Enter why you are changing it", error_name="Reason", max_length=REASON_MAX
    )
    save = SubmitField("Save title")


class AuthorityForm(SharedForm):
    """Name the authority the case is about."""

    version = HiddenField()
    authority = RadiosField("Which authority is it?", required="Select the authority", label_size="m")
    reason = CharacterCountField(
        "How do you know?", required="Enter how you know", error_name="Reason", max_length=REASON_MAX
    )
    save = SubmitField("Save authority")
