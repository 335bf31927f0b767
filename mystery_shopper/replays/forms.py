"""Forms of re-triage: what to try, the new value of a figure, why to apply it, and buttons alone."""

from collections.abc import Iterable

from mystery_shopper.core.forms import (
    CharacterCountField,
    DecimalField,
    GovForm,
    HiddenField,
    Option,
    RadiosField,
    SubmitField,
    as_version,
)
from mystery_shopper.facts.definitions import FactType
from mystery_shopper.replays.candidates import Figure

REASON_MAX = 1000
FIGURE = "figure."
PACK = "pack."
IN_FORCE = "in-force"
UNITS = {
    FactType.MONEY: "In pounds.",
    FactType.PERCENTAGE: "In percent, like 5 or 7.5.",
    FactType.MULTIPLE: "In times, like 2 or 1.5.",
    FactType.YEARS: "In whole years.",
    FactType.MONTHS: "In whole months.",
    FactType.DAYS: "In whole days.",
    FactType.WORKING_DAYS: "In whole working days.",
}


class TryForm(GovForm):
    """Page 'Try other rules'."""

    what = RadiosField(
        "What do you want to try?",
        hint="Figures that law or published policy set cannot be changed here.",
        required="Select what you want to try",
    )
    save = SubmitField("Continue")

    def offer(self, figures: Iterable[Figure], packs: Iterable[str]) -> None:
        """Offer the figures and the packs there are, and the rules in force."""
        self.what.choices = (
            *(Option(f"{FIGURE}{one.id}", one.title, hint=f"Now {one.shown}") for one in figures),
            *(Option(f"{PACK}{name}", f"Rule pack {name}") for name in packs),
            Option(IN_FORCE, "The rules in force", hint="On cases whose flags were judged by earlier rules"),
        )

    @property
    def figure_id(self) -> str:
        """The figure that was chosen, empty when something else was."""
        return self._after(FIGURE)

    @property
    def pack_name(self) -> str:
        """The rule pack that was chosen, empty when something else was."""
        return self._after(PACK)

    def _after(self, prefix: str) -> str:
        chosen = str(self.what.data)
        return chosen.removeprefix(prefix) if chosen.startswith(prefix) else ""


class FigureForm(GovForm):
    """Page 'Another figure'."""

    value = DecimalField("New value", required="Enter the new value", error_name="The new value", label_size="m")
    save = SubmitField("Compare with the open cases")


class ApplyForm(GovForm):
    """Page 'Apply these rules'."""

    version = HiddenField()
    reason = CharacterCountField(
        "Why?",
        hint="Kept with the rules for ever and read by every colleague. Do not name a case or a person.",
        required="Enter why",
        error_name="Reason",
        max_length=REASON_MAX,
        label_size="m",
    )
    save = SubmitField("Apply to the open cases")

    def to_version(self) -> int:
        """Return the version of the replay the page showed; one that cannot be read is older than any."""
        return as_version(self.version)


class ButtonForm(GovForm):
    """A button alone: carries the token that proves the page was ours."""
