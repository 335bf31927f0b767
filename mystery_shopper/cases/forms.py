"""What every form with a text that leaves has in common: when the gate stops it, a second person can be asked."""

from collections.abc import Iterator
from typing import Any

from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.core.forms import CharacterCountField, GovForm, SubmitField

REASON_MAX = 1000
ASKING = frozenset({"override_reason", "ask_override"})
ASKED = "A second person has been asked. You find their answer on the case"


class GatedForm(GovForm):
    """A form whose text passes the disclosure gate. The two fields are on the page only after the gate stopped it.

    `is_asked`: a second person is to be asked instead.
    """

    override_reason = CharacterCountField(
        "Why must this go out as it is?",
        hint="A senior caseworker reads the text, the words that were found in it and your reason, and decides.",
        error_name="Reason",
        max_length=REASON_MAX,
        rows=3,
        label_size="s",
    )
    ask_override = SubmitField("Ask a second person to allow it", style="secondary")
    is_stopped = False
    is_asked = False

    def __iter__(self) -> Iterator[Any]:
        """Yield the fields of the page; those that ask a second person come last, and only when the gate stopped it."""
        fields = list(super().__iter__())
        yield from (field for field in fields if field.name not in ASKING)
        if self.is_stopped:
            yield from (field for field in fields if field.name in ASKING)

    def wants_override(self, error: DisclosureError) -> bool:
        """Tell whether the person asks for a second person; otherwise show what was found, and offer to ask."""
        self.is_asked = bool(self.ask_override.data and self.override_reason.data)
        if self.is_asked:
            return True
        self.is_stopped = True
        for field, message in error.messages.items():
            self.add_error(message, field if field in self else None)
        if self.ask_override.data:
            self.add_error("Enter why this must go out as it is", "override_reason")
        return False
