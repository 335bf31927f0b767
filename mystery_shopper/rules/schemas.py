"""Results as JSON (marshmallow, dump only). Values of facts are written as `facts.policy.to_json` writes them."""

from __future__ import annotations

from marshmallow import Schema, fields

from mystery_shopper.facts.policy import to_json
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.questions import questions_for
from mystery_shopper.rules.results import Basis, Evaluation, Kind, Level, Outcome, ParameterUse, RuleResult


class SourceJson(Schema):
    """A place in law or guidance."""

    title = fields.String()
    section = fields.String()
    says = fields.String()
    address = fields.String()
    verified = fields.Boolean()
    regime = fields.String(allow_none=True)
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)


class ThresholdJson(Schema):
    """A dated value as it was used."""

    parameter = fields.String()
    title = fields.String()
    value = fields.Function(lambda use: _plain(use))
    display = fields.String()
    basis = fields.Enum(Basis, by_value=True)
    source = fields.String()
    key = fields.List(fields.String())


class ResultJson(Schema):
    """The answer of one rule. `inputs` is filled in by `evaluation_json`, which knows the types of the facts."""

    rule_id = fields.String()
    rule_version = fields.String()
    title = fields.String()
    regime = fields.String(allow_none=True)
    outcome = fields.Enum(Outcome, by_value=True)
    kind = fields.Enum(Kind, by_value=True)
    severity = fields.Integer()
    level = fields.Enum(Level, by_value=True)
    strength = fields.String()
    explanation = fields.String()
    margin = fields.String()
    test = fields.String()
    triggered = fields.Boolean()
    thresholds = fields.List(fields.Nested(ThresholdJson))
    missing = fields.List(fields.String())
    open_facts = fields.List(fields.String())
    figures_missing = fields.List(fields.String())
    sources = fields.List(fields.Nested(SourceJson))


def _plain(use: ParameterUse) -> object:
    """Write a dated value as text (money in pence, as it is compared)."""
    return str(use.value)


def result_json(result: RuleResult, catalogue: Catalogue) -> dict[str, object]:
    """Write one result as a JSON object."""
    written: dict[str, object] = dict(ResultJson().dump(result))
    ordered = catalogue.registry.sorted_ids(result.inputs)
    written["inputs"] = {name: to_json(catalogue.registry[name], result.inputs[name]) for name in ordered}
    return written


def evaluation_json(evaluation: Evaluation, catalogue: Catalogue, *, everything: bool = False) -> dict[str, object]:
    """Write an evaluation as a JSON object.

    Without `everything`, rules about which nothing was stated are left out.
    """
    return {
        "catalogue": evaluation.catalogue_version,
        "regime": evaluation.regime,
        "missing": list(evaluation.missing),
        "assumed": list(evaluation.assumed),
        "notice": evaluation.notice,
        "questions": list(questions_for(evaluation, catalogue=catalogue)),
        "results": [result_json(result, catalogue) for result in evaluation.results if everything or result.triggered],
    }
