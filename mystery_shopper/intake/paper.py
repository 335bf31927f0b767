"""The journey on paper: the same pages, questions and options, read from the forms, so that neither falls behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mystery_shopper.core.forms import CheckboxesField, ConfirmField, DateField, RadiosField, TextAreaField
from mystery_shopper.core.forms.choices import ChoiceField, as_option
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.journey import TRADE_BODY
from mystery_shopper.rules.catalogue import Family

LINES_PER_ROW = 2
MOST_LINES = 14
MOST_BESIDE = 4
SHORT = 20


@dataclass(frozen=True)
class Question:
    """One question on paper. Exactly one of `options`, `lines` and `is_date` says how it is answered."""

    label: str
    hint: str
    options: tuple[tuple[str, str], ...] = ()
    many: bool = False
    lines: int = 0
    is_date: bool = False

    @property
    def is_brief(self) -> bool:
        """Tell whether the options fit beside each other on one line."""
        return len(self.options) <= MOST_BESIDE and all(
            len(label) <= SHORT and not hint for label, hint in self.options
        )


@dataclass(frozen=True)
class PaperPage:
    """One part of the paper form: a page of the journey under the heading of its section."""

    section: str
    title: str
    questions: tuple[Question, ...]


def everything(families: Sequence[Family]) -> Answers:
    """Return answers under which the journey asks all it can ask."""
    return Answers(
        scope={"body": "english-public-body"},
        reporter_kind=TRADE_BODY,
        identity_choice="confidential",
        stage="awarded",
        barriers=tuple(family.id for family in families),
    )


def question_of(field: Any) -> Question | None:
    """Return a field as a question on paper; None for what nobody answers (buttons, hidden fields, empty choices)."""
    if getattr(field, "component", "button") == "button":
        return None
    label, hint = str(field.label.text), str(field.description or "")
    if isinstance(field, ConfirmField):
        return Question("", hint, options=((label, ""),), many=True)
    if isinstance(field, ChoiceField):
        found = tuple((option.label, option.hint) for option in map(as_option, field.choices))
        many = isinstance(field, CheckboxesField)
        return Question(label, hint, options=found, many=many) if found else None
    if isinstance(field, DateField):
        return Question(label, hint, is_date=True)
    rows = field.rows * LINES_PER_ROW if isinstance(field, TextAreaField) else 1
    return Question(label, hint, lines=min(rows, MOST_LINES))


def questions_of(form: Any) -> tuple[Question, ...]:
    """Return the questions of a form in the order of its page: what an option reveals comes after its question."""
    revealed = {name for field in form if isinstance(field, RadiosField) for name in field.reveals.values()}
    ordered: list[Any] = []
    for field in form:
        if field.name in revealed:
            continue
        ordered.append(field)
        if isinstance(field, RadiosField):
            ordered += [form[name] for name in dict.fromkeys(field.reveals.values())]
    return tuple(question for question in map(question_of, ordered) if question is not None)
