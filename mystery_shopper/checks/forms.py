"""The form of the check: the text, and every fact that was read or is asked for as a field that can be corrected."""

from collections.abc import Iterable, Mapping
from typing import Any

from mystery_shopper.checks.policy import START_FACT, TEXT_MAX
from mystery_shopper.core.forms import CharacterCountField, GovForm, HiddenField, SubmitField
from mystery_shopper.core.languages import _, current
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.fields import FactRadios, fact_field
from mystery_shopper.facts.registry import registry

FIRST_FACTS = ("contract_kind", "estimated_value_gbp", START_FACT)
"""What is asked before the text is read: without them few rules can say anything."""
SHOWN_MAX = 60
"""Facts one check may carry."""


class CheckForm(GovForm):
    """The requirement and the facts. `shown` names the facts the page held, separated by spaces."""

    saves = False

    requirement = CharacterCountField(
        _("What do you plan to ask suppliers for?"),
        hint=_("Paste or type the words of the requirement. Leave out names of people and suppliers."),
        required=_("Enter what you plan to ask suppliers for"),
        error_name=_("What you plan to ask for"),
        max_length=TEXT_MAX,
        label_size="m",
        rows=10,
    )
    shown = HiddenField(max_length=4000)
    check = SubmitField(_("Check the requirement"))
    fact_ids: tuple[str, ...] = ()

    def facts(self) -> dict[str, FactValue]:
        """Return the facts as the person left them; an empty field is not known."""
        values: dict[str, FactValue] = {}
        for fact_id in self.fact_ids:
            field = self[fact_id]
            value = field.fact if isinstance(field, FactRadios) else field.data
            if value is not None and value != "":
                values[fact_id] = value
        return values


def check_form(fact_ids: Iterable[str], *, values: Mapping[str, FactValue] | None = None, text: str = "") -> CheckForm:
    """Return the form with a field for each fact; with `values` it is filled in, otherwise with what was sent."""
    ids = tuple(fact_id for fact_id in dict.fromkeys(fact_ids) if fact_id in registry())[:SHOWN_MAX]
    fields: dict[str, Any] = {fact_id: fact_field(registry()[fact_id], current()) for fact_id in ids}
    kind = type("CheckOfFacts", (CheckForm,), {**fields, "fact_ids": ids, "__doc__": CheckForm.__doc__})
    if values is None:
        return kind()  # type: ignore[no-any-return]
    data = {fact_id: _as_typed(value) for fact_id, value in values.items() if fact_id in ids}
    return kind(formdata=None, data={**data, "requirement": text, "shown": " ".join(ids)})  # type: ignore[no-any-return]


def _as_typed(value: FactValue) -> FactValue:
    return ("yes" if value else "no") if isinstance(value, bool) else value
