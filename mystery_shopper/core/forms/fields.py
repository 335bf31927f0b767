"""Fields that hold text, files and buttons, and the base of every GOV.UK field."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms import HiddenField as WtHiddenField
from wtforms.validators import StopValidation

from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.forms.validators import MaxLength, Required, too_long
from mystery_shopper.core.forms.widgets import ComponentWidget, Params, shown, shown_lines
from mystery_shopper.core.languages import ENGLISH, _, current
from mystery_shopper.core.text import clean_line, clean_text

LINE_MAX = 200
TEXT_MAX = 5000
HIDDEN_MAX = 500
PASSWORD_MAX = 200
PLURALS = ("zero", "one", "two", "few", "many", "other")
"""The forms a number has in Welsh, as browsers name them."""
RAW_FACTOR = 4
"""What is typed may be this many times longer than what is kept: cleaning shortens it. More is cut unread."""

Validator = Callable[[Any, Any], None]


class GovField(Field):
    """Base of every visible field.

    `required` is the error message for an empty answer ("Enter ..."), empty when the question may be skipped.
    `error_name` starts the other messages ("The bond must be ..."); the label serves when it reads as a name.
    `heading` makes the label the h1 of a page that asks one thing. Size: "s", "m", "l" or "xl" of label or legend.
    """

    widget = ComponentWidget()
    component: ClassVar[str] = "input"
    default_label_size: ClassVar[str] = ""
    data: Any

    def __init__(
        self,
        label: str = "",
        *,
        hint: str | Markup = "",
        required: str = "",
        error_name: str = "",
        heading: bool = False,
        label_size: str = "",
        hide_label: bool = False,
        validators: Sequence[Validator] = (),
        **options: Any,
    ) -> None:
        given = (Required(required),) if required else ()
        super().__init__(label, (*given, *self.own_validators(), *validators), description=hint, **options)
        self.required_message = required
        self.error_name = error_name or label
        self.is_heading = heading
        self.label_size = label_size or ("l" if heading else self.default_label_size)
        self.hide_label = hide_label

    def own_validators(self) -> tuple[Validator, ...]:
        """Return the validators every field of the class has."""
        return ()

    def pre_validate(self, form: Any) -> None:
        """Stop at what could not be read: one error for one field."""
        if self.process_errors:
            raise StopValidation

    @property
    def error_target(self) -> str:
        """Return the id the error summary links to: something that can take the focus."""
        return str(self.id)

    @property
    def typed(self) -> str:
        """Return what the person typed, or the stored value written the way a person would."""
        if self.raw_data and isinstance(self.raw_data[0], str):
            return shown(self.raw_data[0])
        return self.written()

    def written(self) -> str:
        """Return the stored value as the text a person would type."""
        return "" if self.data is None else shown(str(self.data))

    def title_params(self, prefix: str) -> Params:
        """Return the options of the label (prefix "govuk-label") or legend ("govuk-fieldset__legend")."""
        size = [f"{prefix}--{self.label_size}"] if self.label_size else []
        hidden = ["govuk-visually-hidden"] if self.hide_label else []
        return {"text": str(self.label.text), "classes": " ".join(size + hidden), "isPageHeading": self.is_heading}

    def common_params(self) -> Params:
        """Return the options all components share: id, name, hint, error."""
        params: Params = {"id": self.id, "name": self.name}
        if self.description:
            is_html = isinstance(self.description, Markup)
            params["hint"] = {"html": self.description} if is_html else {"text": str(self.description)}
        if self.errors:
            params["errorMessage"] = {"text": str(self.errors[0]), "visuallyHiddenText": str(_("Error"))}
        return params

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        label = self.title_params("govuk-label") | {"attributes": {"id": f"{self.id}-label"}}
        return {**self.common_params(), "label": label, **options}


class TextField(GovField):
    """One line of text. `data` is clean (`core.text.clean_line`), "" when nothing was typed.

    `width` is a number of characters (2, 3, 4, 5, 10, 20, 30) or a fraction ("one-half", "two-thirds").
    """

    def __init__(
        self,
        label: str = "",
        *,
        max_length: int = LINE_MAX,
        width: str | int = "",
        prefix: str = "",
        suffix: str = "",
        autocomplete: str = "",
        inputmode: str = "",
        spellcheck: bool | None = None,
        input_type: str = "text",
        **options: Any,
    ) -> None:
        self.max_length = max_length
        super().__init__(label, **options)
        self.width = str(width)
        self.prefix, self.suffix = prefix, suffix
        self.autocomplete, self.inputmode, self.spellcheck = autocomplete, inputmode, spellcheck
        self.input_type = input_type

    def own_validators(self) -> tuple[Validator, ...]:
        """Limit the length, always."""
        return (MaxLength(self.max_length),)

    def clean(self, value: str) -> str:
        """Return what was typed as it is kept."""
        return clean_line(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed.

        Raises:
            ValueError: it holds a character that cannot be stored, or is far too long to be read.
        """
        value = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
        self.data = ""
        if len(value) > RAW_FACTOR * self.max_length + RAW_FACTOR:
            raise ValueError(too_long(self.error_name, self.max_length))
        try:
            self.data = self.clean(value)
        except DomainError as error:
            raise ValueError(error.message) from error

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        width = f"govuk-input--width-{self.width}" if self.width.isdigit() else f"govuk-!-width-{self.width}"
        own: Params = {"value": self.typed, "type": self.input_type, "classes": width if self.width else ""}
        for key in ("autocomplete", "inputmode"):
            if getattr(self, key):
                own[key] = getattr(self, key)
        for key in ("prefix", "suffix"):
            if getattr(self, key):
                own[key] = {"text": str(getattr(self, key))}
        if self.spellcheck is not None:
            own["spellcheck"] = self.spellcheck
        return {**super().params(), **own, **options}


class TextAreaField(TextField):
    """Several lines of text. `data` is clean (`core.text.clean_text`), line ends are LF."""

    component = "textarea"

    def __init__(self, label: str = "", *, max_length: int = TEXT_MAX, rows: int = 5, **options: Any) -> None:
        super().__init__(label, max_length=max_length, **options)
        self.rows = rows

    def clean(self, value: str) -> str:
        """Return what was typed as it is kept."""
        return clean_text(value)

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        return super().params(**{"value": shown_lines(self.typed), "rows": self.rows, **options})


class CharacterCountField(TextAreaField):
    """Several lines of text with a count of the characters that are left."""

    component = "character-count"

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        return super().params(**{"maxlength": self.max_length, **counting_words(), **options})


def counting_words() -> Params:
    """Return what the script of the count says; the component has the English itself."""
    if current() == ENGLISH:
        return {}
    left, over = _("You have %{count} characters remaining"), _("You have %{count} characters too many")
    return {
        "textareaDescriptionText": str(_("You can enter up to %{count} characters")),
        "charactersUnderLimitText": dict.fromkeys(PLURALS, str(left)),
        "charactersAtLimitText": str(_("You have 0 characters remaining")),
        "charactersOverLimitText": dict.fromkeys(PLURALS, str(over)),
    }


class PasswordField(TextField):
    """A password. Never shown back, never changed: spaces and all characters count."""

    component = "password-input"

    def __init__(
        self, label: str = "", *, max_length: int = PASSWORD_MAX, autocomplete: str = "current-password", **options: Any
    ) -> None:
        super().__init__(label, max_length=max_length, autocomplete=autocomplete, **options)

    def clean(self, value: str) -> str:
        """Return what was typed, unchanged."""
        return value

    @property
    def typed(self) -> str:
        """Return nothing: a password is not shown back."""
        return ""


class HiddenField(WtHiddenField):
    """A value the page carries: clean text, "" when absent or longer than allowed."""

    def __init__(self, label: str = "", *, max_length: int = HIDDEN_MAX, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_length = max_length

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the value when it is fit to be kept, else nothing."""
        value = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
        try:
            self.data = clean_line(value) if len(value) <= self.max_length else ""
        except DomainError:
            self.data = ""

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class FileField(GovField):
    """Files to upload. `data` is a list of `FileStorage` (empty when none was chosen). `accept` as in HTML."""

    component = "file-upload"

    def __init__(self, label: str = "", *, accept: str = "", multiple: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.accept, self.multiple = accept, multiple

    def process_data(self, value: object) -> None:
        """Start without files."""
        self.data = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the files that have a name; one only unless `multiple`."""
        files = [item for item in valuelist if isinstance(item, FileStorage) and item.filename]
        self.data = files if self.multiple else files[:1]

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        own = {"multiple": self.multiple, "attributes": {"accept": self.accept} if self.accept else {}}
        return {**super().params(), **own, **options}


class SubmitField(Field):
    """A button that sends the form. `data` is True when it was the one selected. Style: "secondary" or "warning"."""

    widget = ComponentWidget()
    component = "button"

    def __init__(self, label: str = _("Continue"), *, style: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.style = style

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Note whether the button was the one selected."""
        self.data = bool(valuelist)

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        classes = f"govuk-button--{self.style}" if self.style else ""
        own = {"text": str(self.label.text), "name": self.name, "value": "yes", "classes": classes, "type": "submit"}
        return {**own, "preventDoubleClick": True, **options}
