"""Pages of facts: their fields are made from the registry, and all of them may be left empty."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from mystery_shopper.core.forms import DateField, GovForm, RadiosField, TextField
from mystery_shopper.core.languages import _
from mystery_shopper.facts.definitions import UNSURE
from mystery_shopper.facts.fields import FactRadios, fact_field
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake.answers import Answers, implied_facts
from mystery_shopper.intake.forms.base import PageForm
from mystery_shopper.intake.forms.pages import STAGES


class FactsForm(PageForm):
    """A page of facts. Subclasses are made by `facts_form` with one field for each fact of the page."""

    template: ClassVar[str] = "intake/facts.html"
    fact_ids: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored facts of the page."""
        return {fact_id: _stored_fact(fact_id, answers) for fact_id in cls.fact_ids}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the facts of this page."""
        return with_facts_of(self, self.fact_ids, answers)


class ProcurementForm(FactsForm):
    """Which procurement it is, what is bought and for how much, and how far it has got."""

    template = "intake/procurement.html"

    procurement_title = TextField(
        _("Title of the procurement"),
        hint=_(
            "As the notice or the tender documents give it. If you do not know it, say in a few words what is bought."
        ),
        required=_("Enter the title of the procurement"),
        error_name=_("Title of the procurement"),
        max_length=300,
        label_size="s",
    )
    procurement_reference = TextField(
        _("Reference number (optional)"),
        hint=_("For example from Find a Tender, Contracts Finder or the buyer's portal."),
        error_name=_("Reference number"),
        max_length=100,
        width=20,
        spellcheck=False,
        label_size="s",
    )

    stage = RadiosField(
        _("How far has it got?"), choices=STAGES, required=_("Select how far it has got"), label_size="s"
    )

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored title, reference, stage and facts."""
        written = {name: getattr(answers, name) for name in ("procurement_title", "procurement_reference", "stage")}
        return {**super().stored(answers), **written}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the title, the reference, the stage and the facts of this page."""
        return replace(
            super().apply(answers),
            procurement_title=self.procurement_title.data,
            procurement_reference=self.procurement_reference.data,
            stage=self.stage.data,
        )


class DatesForm(FactsForm):
    """The dates of the procurement, and the day from which the court's time limit counts."""

    learnt_on = DateField(
        _("When did you first know of the problem?"),
        hint=_("For example the day you read the tender documents. The time limit to go to court counts from it."),
        error_name=_("The day you first knew of the problem"),
        label_size="s",
    )

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return the stored dates."""
        return {**super().stored(answers), "learnt_on": answers.learnt_date}

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with the dates of this page."""
        learnt = self.learnt_on.data
        return replace(super().apply(answers), learnt_on=learnt.isoformat() if learnt else "")


def with_facts_of(form: GovForm, fact_ids: Sequence[str], answers: Answers) -> Answers:
    """Return the answers with the facts typed into a form."""
    fields = {fact_id: form[fact_id] for fact_id in fact_ids}
    values = {name: field.fact if isinstance(field, FactRadios) else field.data for name, field in fields.items()}
    unsure = frozenset(name for name, field in fields.items() if field.data == UNSURE)
    return answers.with_facts(values, unsure)


def _stored_fact(fact_id: str, answers: Answers) -> object:
    if fact_id in answers.unsure:
        return UNSURE
    value = answers.fact(fact_id)
    if value is None:
        value = implied_facts(answers).get(fact_id)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def facts_form(fact_ids: tuple[str, ...], base: type[FactsForm] = FactsForm, language: str = "en") -> type[FactsForm]:
    """Return a form that asks these facts, in this order."""
    fields: dict[str, object] = {
        definition.id: fact_field(definition, language) for definition in registry().of_ids(fact_ids)
    }
    return type("PageOfFacts", (base,), {**fields, "fact_ids": fact_ids, "__doc__": base.__doc__})
