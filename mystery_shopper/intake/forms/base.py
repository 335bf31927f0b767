"""What every page of the journey is: it carries its draft, keeps what was typed, and may be left unfinished."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, ClassVar

from mystery_shopper.core.forms import GovForm, HiddenField, SubmitField
from mystery_shopper.core.forms.validators import is_empty
from mystery_shopper.core.languages import _
from mystery_shopper.intake.answers import Answers

MARK_LENGTH = 16


def mark_of(stored: Mapping[str, Any]) -> str:
    """Return a short mark of what stands on a page: two states of a page have two marks."""
    return sha256(repr(sorted(stored.items())).encode()).hexdigest()[:MARK_LENGTH]


class DraftForm(GovForm):
    """Base of every form of a draft: it carries the draft's id, so that two tabs keep their own."""

    draft = HiddenField()


class PageForm(DraftForm):
    """A page of the journey. `return_to` is "check" when the page was opened from the answers.

    Whoever leaves a page unfinished (`later`, `steps`) is not asked for what is missing; what they typed is kept.
    """

    template: ClassVar[str] = "intake/show_page.html"
    carried: ClassVar[frozenset[str]] = frozenset({"draft", "return_to", "seen", "save", "later", "steps"})
    has_gaps = False

    return_to = HiddenField()
    seen = HiddenField()

    def overtaken_by(self, answers: Answers) -> tuple[str, ...]:
        """Return the words that stand on this page since another window saved it; none when nothing would be lost.

        `seen` says what stood there when the page was drawn. Whoever sees the words and sends again replaces them.
        """
        now = mark_of(self.stored(answers))
        if self.seen.data in ("", now) or self.apply(answers) == answers:
            return ()
        self.seen.data = now
        return tuple(value for value in self.stored(answers).values() if isinstance(value, str) and value)

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored values of the page's fields."""
        return {name: getattr(answers, name) for name in cls.names() if hasattr(answers, name)}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the fields that are answers."""
        fields = (name for name in dir(cls) if hasattr(getattr(cls, name), "field_class"))
        return tuple(name for name in fields if name not in cls.carried)

    @property
    def is_left(self) -> bool:
        """Tell whether the person leaves the page for now."""
        return bool(self.later.data or self.steps.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a field that is still empty is no error for somebody who leaves the page."""
        valid = super().validate(extra_validators)
        if valid or not self.is_left:
            return valid
        for field in self:
            if field.errors and not field.process_errors and (is_empty(field.data) or field.data is False):
                field.errors = []
                self.has_gaps = True
        return not self.errors

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with those of this page."""
        return replace(answers, **{name: self[name].data for name in self.names()})

    save = SubmitField(_("Save and continue"))
    later = SubmitField(_("Save and come back later"), style="secondary")
    steps = SubmitField(_("Save and see all the steps"))
