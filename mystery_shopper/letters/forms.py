"""The form on which a letter is written."""

from collections.abc import Iterable, Iterator
from typing import Any

from mystery_shopper.cases.forms import GatedForm
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.forms import (
    YES,
    CharacterCountField,
    DateField,
    HiddenField,
    Option,
    RadiosField,
    SubmitField,
    as_submission,
)
from mystery_shopper.interventions.forms import move_options
from mystery_shopper.letters.policy import CONFIRMED, KnownBy, LetterKind
from mystery_shopper.letters.services import NewLetter

TEXT_MAX = 10_000


class LetterForm(GatedForm):
    """Write a letter to the authority. `summary` is its text: it is recorded as an intervention.

    `is_warned`: few suppliers could know what it says, and the page asks whether it may go all the same.
    """

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
    response_due_on = DateField(
        "When is an answer due?",
        hint="Leave empty for none. A formal notice gets the period of the law by itself.",
        error_name="The day the answer is due",
    )
    known_by = RadiosField(
        "How many suppliers could know what this letter says?",
        hint="Where 3 or fewer could, the authority can guess who told us.",
        choices=(
            Option(KnownBy.FEW.value, "3 or fewer"),
            Option(KnownBy.MORE.value, "More than 3"),
            Option(KnownBy.UNSURE.value, "I am not sure"),
        ),
        required="Select how many suppliers could know what this letter says",
        label_size="m",
    )
    is_confirmed = RadiosField(
        "Few suppliers could know this. May it go all the same?",
        choices=(Option(YES, "Yes: it cannot be made more general, and the reporter knows the risk"),),
        label_size="s",
    )
    moves_case = RadiosField("Does this move the case on?", required="Select yes if this moves the case on")
    send = SubmitField("Record as sent today")
    is_warned = False

    def __iter__(self) -> Iterator[Any]:
        """Yield the fields of the page; whether it may go all the same is asked only after the warning."""
        fields = super().__iter__()
        yield from (field for field in fields if field.name != CONFIRMED or self.is_warned or field.data)

    def offer(self, step: CaseState | None) -> None:
        """Offer the step that can follow, where one can."""
        if step is None:
            del self.moves_case
        else:
            self.moves_case.choices = move_options((step,))

    def to_letter(self, kind: LetterKind, language: str) -> NewLetter:
        """Return what was typed, in the words of the domain.

        Raises:
            DomainError: the page carried no submission id.
        """
        return NewLetter(
            submission_id=as_submission(self.submission_id),
            kind=kind,
            language=language,
            text=self.summary.data,
            asked_for=self.response_due_on.data,
            known_by=KnownBy(self.known_by.data),
            is_confirmed=self.is_confirmed.data == YES,
            moves_case="moves_case" in self and self.moves_case.data == YES,
        )


def kinds_allowed(kinds: Iterable[LetterKind], powers: frozenset[object]) -> list[LetterKind]:
    """Return the kinds the law allows for a case: a formal notice needs its power."""
    return [kind for kind in kinds if not kind.is_formal or kind.intervention in powers]
