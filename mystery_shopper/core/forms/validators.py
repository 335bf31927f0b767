"""Validators in the words of GOV.UK: the message is the whole sentence, given where the field is declared."""

from typing import Any

from wtforms import ValidationError
from wtforms.validators import StopValidation

from mystery_shopper.core.languages import _


def is_empty(value: object) -> bool:
    """Tell whether nothing was answered. Zero and False are answers."""
    return value is None or value == "" or value == []


class Required:
    """Refuse an empty answer. Spaces and invisible characters are empty: they are gone when validators run."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Stop with the message when nothing was answered."""
        if is_empty(field.data):
            raise StopValidation(self.message)


class RequiredIf:
    """Refuse an empty answer when another field has one of the given values (a revealed question)."""

    def __init__(self, other: str, values: str | tuple[str, ...], message: str) -> None:
        self.other = other
        self.values = (values,) if isinstance(values, str) else values
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Stop with the message when the other field asks for an answer and there is none."""
        given = form[self.other].data
        chosen = set(given) if isinstance(given, list) else {given}
        if chosen & set(self.values) and is_empty(field.data):
            raise StopValidation(self.message)


def too_long(name: str, maximum: int) -> str:
    """Return what is said of a text that is too long."""
    limit = f"{maximum:,}"
    return _("{name} must be {maximum} characters or less", name=name, maximum=limit)


class MaxLength:
    """Refuse text longer than a number of characters, counted after cleaning (a line end is one)."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum

    def __call__(self, form: Any, field: Any) -> None:
        """Raise when the cleaned text is too long."""
        if len(field.data or "") > self.maximum:
            raise ValidationError(too_long(field.error_name, self.maximum))
