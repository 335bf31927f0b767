"""The form that opens a look at who reported."""

from mystery_shopper.core.forms import CharacterCountField, GovForm, Option, RadiosField, SubmitField
from mystery_shopper.identity.policy import Figure, figures, offered_reasons

WORDS_MAX = 1000


class RevealForm(GovForm):
    """Say why one needs to know who reported."""

    reason = RadiosField(
        "Why do you need to know?",
        hint="The reporter reads the reason you select.",
        required="Select why you need to know",
        label_size="m",
    )
    words = CharacterCountField(
        "What will you do with it?",
        required="Enter what you will do with it",
        error_name="What you will do with it",
        max_length=WORDS_MAX,
        rows=3,
    )
    save = SubmitField("Show who reported")

    def offer(self) -> None:
        """Fill in the reasons there are."""
        self.reason.choices = tuple(Option(one.id, one.label) for one in offered_reasons().values())
        shortest = figures()[Figure.REASON]
        self.words.description = (
            f"At least {shortest} characters. Staff who work on the case read this. The reporter does not."
        )
