"""Fields that offer options: radios, checkboxes, select, and one box to confirm something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from mystery_shopper.core.forms.fields import GovField
from mystery_shopper.core.forms.validators import is_empty
from mystery_shopper.core.forms.widgets import Params
from mystery_shopper.core.languages import _

YES = "yes"
NO = "no"
CHOICES_MAX = 200
"""More boxes than this are never sent by a page of ours; the rest is not read."""


@dataclass(frozen=True)
class Option:
    """One option. `divider` is a word before it ("or"); `exclusive` unticks all other boxes (with scripts)."""

    value: str
    label: str
    hint: str = ""
    divider: str = ""
    exclusive: bool = False


YES_NO = (Option(YES, _("Yes")), Option(NO, _("No")))


def as_option(choice: Option | SelectChoice) -> Option:
    """Return an option, whether written as ours or as WTForms' own."""
    return choice if isinstance(choice, Option) else Option(str(choice.value), str(choice.label))


class ChoiceField(GovField):
    """Base of the fields with options. `choices` may be replaced on the form before it is validated or drawn."""

    default_label_size: ClassVar[str] = "m"

    def __init__(self, label: str = "", *, choices: Iterable[Option | SelectChoice] = (), **options: Any) -> None:
        super().__init__(label, **options)
        self.choices: Sequence[Option | SelectChoice] = tuple(choices)

    @property
    def options(self) -> list[Option]:
        """Return the options in order."""
        return [as_option(choice) for choice in self.choices]

    @property
    def values(self) -> frozenset[str]:
        """Return the values that can be chosen."""
        return frozenset(option.value for option in self.options)

    @property
    def selected(self) -> frozenset[str]:
        """Return the values shown as chosen."""
        given = self.data if isinstance(self.data, list) else [self.data]
        return frozenset(str(value) for value in given if not is_empty(value))

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that was not offered."""
        super().pre_validate(form)
        if not self.selected <= self.values:
            raise StopValidation(self.required_message or _("Select one of the options"))

    def params(self, **options: Any) -> Params:
        """Return the options of the component, in a fieldset with a legend."""
        shared = self.common_params()
        shared["idPrefix"] = shared.pop("id")
        legend = self.title_params("govuk-fieldset__legend")
        return {**shared, "fieldset": {"legend": legend}, "items": self.item_params(), **options}

    def item_params(self) -> list[Params]:
        """Return the options of each item."""
        items: list[Params] = []
        for option in self.options:
            if option.divider:
                items.append({"divider": str(option.divider)})
            items.append(self.one_item(option))
        return items

    def one_item(self, option: Option) -> Params:
        """Return the options of one item."""
        item: Params = {"value": option.value, "text": str(option.label), "checked": option.value in self.selected}
        if option.hint:
            item["hint"] = {"text": str(option.hint)}
        return item


class RevealingField(ChoiceField):
    """A field whose options may reveal another field of the same form: `reveals={"other": "other_words"}`."""

    def __init__(
        self, label: str = "", *, reveals: Mapping[str, str] | None = None, small: bool = False, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.reveals = dict(reveals or {})
        self.small = small

    def one_item(self, option: Option) -> Params:
        """Return the options of one item, with the field it reveals."""
        item = super().one_item(option)
        if option.value in self.reveals:
            item["conditional"] = {"html": self._form[self.reveals[option.value]]()}
        return item


class RadiosField(RevealingField):
    """One of several options. `data` is the value, "" when none was selected."""

    component = "radios"

    def __init__(self, label: str = "", *, inline: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.inline = inline

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the value."""
        self.data = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        classes = ["govuk-radios--inline"] * self.inline + ["govuk-radios--small"] * self.small
        return super().params(**{"classes": " ".join(classes), **options})


class CheckboxesField(RevealingField):
    """Any number of options. `data` is a list of values."""

    component = "checkboxes"

    def process_data(self, value: Iterable[str] | None) -> None:
        """Take the stored values."""
        self.data = [str(item) for item in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the values, each once; empty ones are no choice."""
        given = (value for value in valuelist[:CHOICES_MAX] if isinstance(value, str) and not is_empty(value))
        self.data = list(dict.fromkeys(given))

    def one_item(self, option: Option) -> Params:
        """Return the options of one box."""
        item = super().one_item(option)
        if option.exclusive:
            item["behaviour"] = "exclusive"
        return item

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        return super().params(**{"classes": "govuk-checkboxes--small" if self.small else "", **options})


class ConfirmField(GovField):
    """One box that confirms something. `data` is True or False; `required` is the message when it is not ticked."""

    component = "checkboxes"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read whether the box is ticked."""
        self.data = True if YES in valuelist else None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Make an unticked box False, after `required` has looked."""
        self.data = bool(self.data)

    def params(self, **options: Any) -> Params:
        """Return the options of the component."""
        shared = self.common_params()
        shared["idPrefix"] = shared.pop("id")
        hint = {"hint": shared.pop("hint")} if "hint" in shared else {}
        item = {"value": YES, "text": str(self.label.text), "checked": bool(self.data), **hint}
        return {**shared, "items": [item], **options}


class SelectField(ChoiceField):
    """One of many options in a list. `empty` is the first line, which chooses nothing.

    With `autocomplete` scripts turn the list into a field with suggestions; without scripts it stays a list.
    """

    component = "select"
    default_label_size: ClassVar[str] = ""

    def __init__(self, label: str = "", *, empty: str = "", autocomplete: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.empty, self.autocomplete = empty, autocomplete

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the value."""
        self.data = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""

    def item_params(self) -> list[Params]:
        """Return the options of each line."""
        first = [{"value": "", "text": str(self.empty), "selected": not self.selected}] if self.empty else []
        lines = [{"value": o.value, "text": str(o.label), "selected": o.value in self.selected} for o in self.options]
        return first + lines

    def params(self, **options: Any) -> Params:
        """Return the options of the component, with a label of its own."""
        attributes = {"data-module": "autocomplete"} if self.autocomplete else {}
        own = {"items": self.item_params(), "attributes": attributes}
        return {**GovField.params(self), **own, **options}


class AddingField(SelectField):
    """Several of many options, added one at a time from a list: those chosen before are sent along unseen.

    Made for the filters of a list, where each chosen option also stands as a tag that takes it away again. `data` is a
    list of values, in the order they were added, at most `most`.
    """

    def __init__(self, label: str = "", *, most: int, **options: Any) -> None:
        super().__init__(label, **options)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the values, each once; an empty one is no choice."""
        given = (value for value in valuelist[:CHOICES_MAX] if isinstance(value, str) and not is_empty(value))
        self.data = list(dict.fromkeys(given))

    def pre_validate(self, form: Any) -> None:
        """Refuse a value that was not offered, and more than there may be."""
        super().pre_validate(form)
        if len(self.selected) > self.most:
            raise StopValidation(_("Select {most} or fewer", most=self.most))

    @property
    def chosen(self) -> list[str]:
        """The values that are kept when another is added."""
        return [value for value in self.data or () if value in self.values]

    def item_params(self) -> list[Params]:
        """Return what can still be added."""
        first = {"value": "", "text": str(self.empty), "selected": True}
        return [first, *({"value": o.value, "text": str(o.label)} for o in self.options if o.value not in self.chosen)]

    def __call__(self, **options: Any) -> Markup:
        """Draw the list, after what was chosen before."""
        kept = (Markup('<input type="hidden" name="{}" value="{}">').format(self.name, value) for value in self.chosen)
        return Markup("").join((*kept, super().__call__(**options)))
