"""Forms of allocation: what a person works on, handing over, being out of office."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from mystery_shopper.allocation.policy import skills
from mystery_shopper.cases.queues import QUEUE_LABELS
from mystery_shopper.core.forms import (
    CharacterCountField,
    CheckboxesField,
    DateField,
    GovForm,
    Option,
    RadiosField,
    SelectField,
    SubmitField,
)

REASON_MAX = 1000
ALL = "all"


class WorkForm(GovForm):
    """Say what a person works on."""

    queues = CheckboxesField(
        "Which queues?",
        hint="Leave all empty if this person takes cases from every queue.",
        choices=tuple(Option(queue, label) for queue, label in QUEUE_LABELS.items()),
        label_size="m",
    )
    skills = CheckboxesField("Which skills?", label_size="m")
    save = SubmitField("Save")

    def offer(self) -> None:
        """Fill in the skills there are."""
        self.skills.choices = tuple(Option(skill.id, skill.label, hint=skill.why) for skill in skills().values())


class HandOverForm(GovForm):
    """Give several cases of one person to another."""

    cases = CheckboxesField("Which cases?", required="Select at least one case", label_size="m")
    to = RadiosField("Who should have them?", required="Select who should have them", label_size="m")
    reason = CharacterCountField(
        "Why are they handed over?",
        hint="Staff read this on the timeline of each case. The reporter does not.",
        required="Enter why they are handed over",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Hand over")

    def offer(self, cases: Mapping[str, str], people: Iterable[tuple[UUID, str, str]]) -> None:
        """Fill in the cases with their titles, and the people with how they stand."""
        each = [Option(reference, words) for reference, words in cases.items()]
        every = [Option(ALL, f"All {len(each)} of them", hint="Those in this list")] if len(each) > 1 else []
        self.cases.choices = (*every, *each)
        self.to.choices = tuple(Option(str(user_id), name, hint=hint) for user_id, name, hint in people)

    def references(self) -> list[str]:
        """Return the cases that were selected."""
        if ALL in self.cases.data:
            return [option.value for option in self.cases.options if option.value != ALL]
        return list(self.cases.data)


class AwayForm(GovForm):
    """Say when somebody is out of office."""

    starts_on = DateField(
        "First day away",
        required="Enter the first day away",
        error_name="First day away",
        label_size="m",
    )
    ends_on = DateField("Last day away", required="Enter the last day away", error_name="Last day away", label_size="m")
    deputy = SelectField(
        "Who stands in?",
        empty="Nobody",
        hint="They see the open cases on these days and hear when a reporter writes.",
        label_size="m",
    )
    save = SubmitField("Save")

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Fill in who can stand in."""
        self.deputy.choices = tuple(Option(str(user_id), name) for user_id, name in people)
