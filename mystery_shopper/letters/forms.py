"""Forms of letters: writing one, deciding on it, sending or holding it, and releasing several together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from wtforms import ValidationError

from mystery_shopper.cases.forms import GatedForm
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms import (
    YES,
    CharacterCountField,
    CheckboxesField,
    DateField,
    GovForm,
    HiddenField,
    IntegerField,
    Option,
    RadiosField,
    RequiredIf,
    SubmitField,
    as_submission,
)
from mystery_shopper.core.forms.validators import is_empty
from mystery_shopper.interventions.forms import move_options
from mystery_shopper.letters.policy import CONFIRMED, KnownBy, LetterKind, LetterText, first_of_next_month
from mystery_shopper.letters.queries import WaitingLetter
from mystery_shopper.letters.services import NewLetter

TEXT_MAX = 10_000
REASON_MAX = 1000
DAYS_MAX = 365
NOW, HOLD, FREE = "now", "hold", "free"
KNOWN_BY_LABELS = {
    KnownBy.FEW: "3 or fewer",
    KnownBy.MORE: "More than 3",
    KnownBy.UNSURE: "The writer is not sure",
}


class WarnedForm(GovForm):
    """A form that asks whether something may be done all the same, once it was warned of it."""

    is_warned = False

    def __iter__(self) -> Iterator[Any]:
        """Yield the fields of the page; the question comes only after the warning."""
        fields = super().__iter__()
        yield from (field for field in fields if field.name != CONFIRMED or self.is_warned or field.data)

    def show_refusal(self, error: DomainError) -> None:
        """Show a broken rule; a warning brings its question with it."""
        self.is_warned = error.field == CONFIRMED
        self.add_error(error)


class LetterForm(WarnedForm, GatedForm):
    """Write a letter to the authority. `summary` is its text: what it is recorded as, an intervention, calls it so."""

    version = HiddenField()
    submission_id = HiddenField()
    summary = CharacterCountField(
        "The letter",
        hint="{date} and {due} are filled in when it is sent. Replace everything else in curly brackets. "
        "Do not write who told us, when, or how many did.",
        required="Enter the letter",
        error_name="The letter",
        max_length=TEXT_MAX,
        label_size="m",
        rows=24,
    )
    answer_days = IntegerField(
        "In how many days is an answer due?",
        hint="Counted from the day it is sent. Leave empty for none. A formal notice gets the period of the law by "
        "itself.",
        error_name="The days to answer",
        low=1,
        high=DAYS_MAX,
        width=3,
        suffix="days",
    )
    known_by = RadiosField(
        "How many suppliers could know what this letter says?",
        hint="Where 3 or fewer could, the authority can guess who told us.",
        choices=(
            Option(KnownBy.FEW.value, "3 or fewer"),
            Option(KnownBy.MORE.value, "More than 3"),
            Option(KnownBy.UNSURE.value, "I am not sure"),
        ),
        label_size="m",
    )
    is_confirmed = RadiosField(
        "Few suppliers could know this. May it go all the same?",
        choices=(Option(YES, "Yes: it cannot be made more general, and the reporter knows the risk"),),
        label_size="s",
    )
    moves_case = RadiosField("When it is sent, does the case move on?")
    submit = SubmitField("Save and send for approval")
    save = SubmitField("Save draft", style="secondary")

    def validate_moves_case(self, field: Any) -> None:
        """Want an answer before it goes to a second person; a draft may be left as it is.

        Raises:
            ValidationError: nothing was selected.
        """
        if self.submit.data and is_empty(field.data):
            raise ValidationError("Select yes if the case moves on when the letter is sent")

    def offer(self, step: CaseState | None) -> None:
        """Offer the step that can follow, where one can."""
        if step is None:
            del self.moves_case
        else:
            self.moves_case.choices = move_options((step,))

    def to_content(self) -> LetterText:
        """Return what was typed, in the words of the domain."""
        return LetterText(
            text=self.summary.data,
            answer_days=self.answer_days.data,
            known_by=KnownBy(self.known_by.data) if self.known_by.data else None,
            is_confirmed=self.is_confirmed.data == YES,
            moves_case="moves_case" in self and self.moves_case.data == YES,
        )

    def to_letter(self, kind: LetterKind, language: str) -> NewLetter:
        """Return what was typed as a letter that begins.

        Raises:
            DomainError: the page carried no submission id.
        """
        submission_id = as_submission(self.submission_id)
        return NewLetter(submission_id=submission_id, kind=kind, language=language, content=self.to_content())


def typed_of(content: LetterText) -> dict[str, Any]:
    """Return what was written before, as the form takes it."""
    return {
        "summary": content.text,
        "answer_days": content.answer_days,
        "known_by": content.known_by.value if content.known_by else "",
        "is_confirmed": YES if content.is_confirmed else "",
        "moves_case": YES if content.moves_case else "",
    }


class DecisionForm(GovForm):
    """Approve a letter somebody else wrote, or send it back."""

    version = HiddenField()
    approve = RadiosField(
        "May it go as it stands?",
        choices=(Option(YES, "Yes, approve it"), Option("no", "No, send it back")),
        required="Select yes if it may go as it stands",
    )
    reason = CharacterCountField(
        "What must change, if it goes back",
        hint="The writer reads this.",
        error_name="What must change",
        max_length=REASON_MAX,
        rows=4,
        validators=[RequiredIf("approve", "no", "Enter what must change")],
    )
    save = SubmitField("Save decision")


class SendForm(WarnedForm):
    """Send an approved letter today, hold it until a day, or hold it no longer."""

    version = HiddenField()
    when = RadiosField("When does it go?", required="Select when it goes")
    not_before = DateField(
        "If it is held, from which day may it go?",
        error_name="The day it may go",
        validators=[RequiredIf("when", HOLD, "Enter the day it may go")],
    )
    is_confirmed = RadiosField(
        "A report came just before. Must it go today?",
        choices=(Option(YES, "Yes: waiting would do more harm, and the reporter knows the risk"),),
        label_size="s",
    )
    save = SubmitField("Save and continue")

    def offer(self, *, is_held: bool, today: date) -> None:
        """Offer what can be done with the letter now."""
        first = format_day(first_of_next_month(today))
        self.not_before.description = f"The first of a month says nothing of a report, for example {first}"
        now = Option(NOW, "Today: record it as sent")
        hold = Option(HOLD, "Hold it until a day, and send it together with others to the same authority")
        free = Option(FREE, "Hold it no longer, and do not send it yet")
        self.when.choices = (Option(HOLD, "Hold it until another day"), free) if is_held else (now, hold)

    def to_day(self) -> date | None:
        """Return the day until which it is held, None for no longer."""
        return self.not_before.data if self.when.data == HOLD else None


class ReleaseForm(GovForm):
    """Send several approved letters to one authority together."""

    letters = CheckboxesField(
        "Which letters go now?", hint="All of those you tick go today, or none does.", required="Select the letters"
    )
    save = SubmitField("Record as sent today")

    def offer(self, ready: Sequence[WaitingLetter]) -> None:
        """Offer the letters whose day has come; all are ticked when the page is opened."""
        self.letters.choices = tuple(
            Option(str(one.id), f"{one.reference}: {one.title}", hint=f"Case {one.case_reference}") for one in ready
        )


class DropForm(GovForm):
    """Give a letter up."""

    version = HiddenField()
    drop = SubmitField("Give this letter up", style="warning")


def kinds_allowed(kinds: Iterable[LetterKind], powers: frozenset[object]) -> list[LetterKind]:
    """Return the kinds the law allows for a case: a formal notice needs its power."""
    return [kind for kind in kinds if not kind.is_formal or kind.intervention in powers]
