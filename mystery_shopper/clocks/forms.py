"""Forms of clocks: stopping one and letting it go on."""

from collections.abc import Iterable

from mystery_shopper.cases.pauses import PauseKind, pause_rules
from mystery_shopper.core.forms import (
    CharacterCountField,
    DateField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SubmitField,
)

REASON_MAX = 1000


class PauseForm(GovForm):
    """Stop the clock of a case."""

    version = HiddenField()
    kind = RadiosField("Who or what do we wait for?", required="Select who or what we wait for", label_size="m")
    look_again_on = DateField(
        "When do we look again?",
        hint="The case comes back to the desk on this day, whatever has happened.",
        required="Enter the day to look again",
        error_name="Day to look again",
        label_size="m",
    )
    reason = CharacterCountField(
        "Why does the clock stop?",
        hint="Staff read this on the case. The reporter does not.",
        required="Enter why the clock stops",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Stop the clock")

    def offer(self, kinds: Iterable[PauseKind]) -> None:
        """Fill in what can be waited for, and say what each stops."""
        self.kind.choices = tuple(Option(kind.value, pause_rules()[kind].label, hint=_hint(kind)) for kind in kinds)


def _hint(kind: PauseKind) -> str:
    rule = pause_rules()[kind]
    if rule.stops_step and rule.stops_target:
        return "Stops the clock of this step and the target of the outcome"
    return "Stops the clock of this step. The target of the outcome runs on" if rule.stops_step else "Stops the target"


class ResumeForm(GovForm):
    """Let the clock of a case go on."""

    version = HiddenField()
    reason = CharacterCountField(
        "Why does the clock go on?",
        hint="For example: the authority has found the tender file.",
        required="Enter why the clock goes on",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
    )
    save = SubmitField("Let the clock go on")
