"""What was found in the reporter's words: for each finding, is it right, something else, or not about this case."""

from typing import Any, ClassVar

from mystery_shopper.core.forms import Option, RadiosField
from mystery_shopper.core.languages import _, current
from mystery_shopper.facts.definitions import UNSURE, FactDefinition, FactType, FactValue
from mystery_shopper.facts.fields import FactRadios, fact_field
from mystery_shopper.facts.policy import FactValueError, display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.forms.base import PageForm
from mystery_shopper.intake.found import Decision, FoundFact, Quote, decide, quote_of, to_confirm

SAID_PREFIX, VALUE_PREFIX = "said_", "value_"


class FoundForm(PageForm):
    """One question for each finding. Subclasses are made by `found_form`; nothing is chosen beforehand."""

    template: ClassVar[str] = "intake/found.html"
    fact_ids: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def stored(cls, answers: Answers) -> dict[str, Any]:
        """Return what was said of the findings before."""
        said: dict[str, Any] = {}
        for fact in to_confirm(answers):
            said[SAID_PREFIX + fact.fact_id] = fact.decision
            if fact.decision == Decision.CHANGED:
                said[VALUE_PREFIX + fact.fact_id] = answers.fact(fact.fact_id)
        return said

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each correction; what stands in a field that was not asked for is left aside."""
        for fact_id in set(self.fact_ids).difference(self._corrected()):
            if VALUE_PREFIX + fact_id in self:
                self[VALUE_PREFIX + fact_id].process_errors = []
        if not super().validate(extra_validators):
            return False
        lacking = [fact_id for fact_id in self._corrected() if self._value(fact_id) is None]
        if self.is_left:
            self.has_gaps = bool(lacking)
            return True
        for fact_id in lacking:
            title = registry()[fact_id].title_in(current())
            self.add_error(_("{title}: enter what it is", title=title), VALUE_PREFIX + fact_id)
        return not lacking

    def _corrected(self) -> list[str]:
        """Return the facts for which a value is to be typed."""
        asked = (fact_id for fact_id in self.fact_ids if VALUE_PREFIX + fact_id in self)
        return [fact_id for fact_id in asked if self._decision(fact_id) == Decision.CHANGED]

    def _decision(self, fact_id: str) -> str:
        return str(self[SAID_PREFIX + fact_id].data or "")

    def _value(self, fact_id: str) -> FactValue | None:
        """Return the value that was typed instead."""
        field = self[VALUE_PREFIX + fact_id]
        value: FactValue | None = field.fact if isinstance(field, FactRadios) else field.data
        return None if value in ("", UNSURE) else value

    def apply(self, answers: Answers) -> Answers:
        """Return the answers with what the reporter says of the findings."""
        said = {fact.fact_id: self._said(fact) for fact in to_confirm(answers) if fact.fact_id in self.fact_ids}
        return decide(answers, said)

    def _said(self, fact: FoundFact) -> tuple[str, FactValue | None]:
        decision, value = self._decision(fact.fact_id), fact.typed()
        if decision != Decision.CHANGED:
            return decision, value
        return decision, not value if isinstance(value, bool) else self._value(fact.fact_id)

    def show(self, answers: Answers) -> list["ShownFinding"]:
        """Return the findings in words, each with its question."""
        return [ShownFinding(fact, answers, self[SAID_PREFIX + fact.fact_id]) for fact in to_confirm(answers)]


class ShownFinding:
    """A finding as the page shows it."""

    def __init__(self, fact: FoundFact, answers: Answers, field: RadiosField) -> None:
        self.definition: FactDefinition = registry()[fact.fact_id]
        self.field = field
        self.quote: Quote = quote_of(answers, fact)
        self.is_from_documents = fact.source == "requirement"
        self.alternatives = tuple(filter(None, (_in_words(fact_id, value) for fact_id, value in fact.alternatives)))


def _in_words(fact_id: str, value: Any) -> str:
    definition = registry().get(fact_id)
    if definition is None:
        return ""
    try:
        words = display(definition, from_json(definition, value), current())
    except FactValueError:
        return ""
    return f"{definition.title_in(current())}: {words}"


def found_form(answers: Answers, language: str = "en") -> type[FoundForm]:
    """Return a form that asks about the findings in the answers."""
    facts = to_confirm(answers)
    fields: dict[str, object] = {}
    for fact in facts:
        definition = registry()[fact.fact_id]
        if definition.type is not FactType.BOOLEAN:
            fields[VALUE_PREFIX + fact.fact_id] = fact_field(definition, language, label=definition.title_in(language))
        fields[SAID_PREFIX + fact.fact_id] = _question(definition, fact, language)
    ids = tuple(fact.fact_id for fact in facts)
    return type("PageOfFindings", (FoundForm,), {**fields, "fact_ids": ids, "__doc__": FoundForm.__doc__})


def _question(definition: FactDefinition, fact: FoundFact, language: str) -> RadiosField:
    is_yes_no = definition.type is FactType.BOOLEAN
    options = _yes_no(bool(fact.value)) if is_yes_no else _this_or_other(definition, fact.typed())
    return RadiosField(
        definition.question_in(language),
        choices=(*options, Option(Decision.NOT, _("This is not about my case"))),
        reveals={} if is_yes_no else {Decision.CHANGED: VALUE_PREFIX + definition.id},
        error_name=definition.title_in(language),
        label_size="s",
        small=True,
    )


def _yes_no(found: bool) -> tuple[Option, ...]:
    return (
        Option(Decision.RIGHT if found else Decision.CHANGED, _("Yes")),
        Option(Decision.CHANGED if found else Decision.RIGHT, _("No")),
    )


def _this_or_other(definition: FactDefinition, value: FactValue | None) -> tuple[Option, ...]:
    shown = "" if value is None else display(definition, value, current())
    return (Option(Decision.RIGHT, shown), Option(Decision.CHANGED, _("Something else")))
