"""Shape of the files of a rule pack. Unknown keys are refused; condition trees are checked by the compiler."""

from __future__ import annotations

from datetime import date, datetime

from marshmallow import Schema, ValidationError, fields, validate

from mystery_shopper.facts.definitions import FactType
from mystery_shopper.rules.results import Basis, Kind, Outcome

_RULE_ID = validate.Regexp(r"\A[A-Z][A-Z0-9-]{2,39}\Z", error="must be capitals, digits and -")
_KEBAB = validate.Regexp(r"\A[a-z0-9][a-z0-9-]{0,59}\Z", error="must be lower case letters, digits and -")
_SNAKE = validate.Regexp(r"\A[a-z][a-z0-9_]{0,59}\Z", error="must be lower case letters, digits and _")
_REGIME = validate.Regexp(r"\A[A-Z][A-Z0-9]{1,19}\Z", error="must be capitals and digits")
_ADDRESS = validate.URL(schemes={"http", "https"}, error="must be a web address")
_TEXT = validate.Length(min=1)
_SEVERITY = validate.Range(min=1, max=5)


def _one_of(members: type[Basis] | type[Kind] | type[Outcome] | type[FactType]) -> validate.OneOf:
    return validate.OneOf([member.value for member in members])


class StrictDate(fields.Field[date]):
    """A date written as a date in the file (2025-02-24), not as text."""

    def _deserialize(self, value: object, attr: object, data: object, **kwargs: object) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise ValidationError("must be a date like 2025-02-24")
        return value


def _strict_boolean(*, required: bool = False) -> fields.Boolean:
    return fields.Boolean(required=required, truthy={True}, falsy={False})


class SourceSchema(Schema):
    """A place in law or guidance."""

    title = fields.String(required=True, validate=_TEXT)
    section = fields.String(required=True, validate=_TEXT)
    says = fields.String(required=True, validate=_TEXT)
    address = fields.String(load_default="", validate=lambda text: text == "" or _ADDRESS(text))
    verified = _strict_boolean(required=True)
    regime = fields.String(validate=_REGIME)
    starts_on = StrictDate()
    ends_on = StrictDate()


class FindingSchema(Schema):
    """One test of a variant; the gravest that is true is the finding."""

    id = fields.String(required=True, validate=_KEBAB)
    when = fields.Raw(required=True)
    kind = fields.String(validate=_one_of(Kind))
    severity = fields.Integer(strict=True, validate=_SEVERITY)
    explanation = fields.List(fields.String(validate=_TEXT), required=True, validate=validate.Length(min=1))
    margin = fields.String(validate=_TEXT)


class ClearanceSchema(Schema):
    """An exception: when it is true, nothing is raised."""

    id = fields.String(required=True, validate=_KEBAB)
    when = fields.Raw(required=True)
    text = fields.String(required=True, validate=_TEXT)
    outcome = fields.String(
        load_default=Outcome.CLEARED.value,
        validate=validate.OneOf([Outcome.CLEARED.value, Outcome.NOT_APPLICABLE.value]),
    )
    when_unknown = fields.String(load_default="assume-absent", validate=validate.OneOf(["assume-absent", "ask"]))


class AppliesSchema(Schema):
    """A condition outside which a variant does not apply, and the sentence that says so."""

    when = fields.Raw(required=True)
    otherwise = fields.String(required=True, validate=_TEXT)


class VariantSchema(Schema):
    """The test of a rule under one or several regimes, for procurements that started within the dates."""

    regimes = fields.List(fields.String(validate=_REGIME), required=True, validate=validate.Length(min=1))
    starts_on = StrictDate()
    ends_on = StrictDate()
    applies = fields.Nested(AppliesSchema)
    figures = fields.Dict(keys=fields.String(validate=_SNAKE), values=fields.Raw(), load_default=dict)
    tests = fields.List(fields.Nested(FindingSchema), required=True, validate=validate.Length(min=1))
    exceptions = fields.List(fields.Nested(ClearanceSchema), load_default=list)
    cleared = fields.String(validate=_TEXT)


class RuleSchema(Schema):
    """One rule."""

    id = fields.String(required=True, validate=_RULE_ID)
    title = fields.String(required=True, validate=_TEXT)
    summary = fields.String(required=True, validate=_TEXT)
    kind = fields.String(required=True, validate=_one_of(Kind))
    severity = fields.Integer(required=True, strict=True, validate=_SEVERITY)
    triggers = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    complaints = fields.List(fields.String(), load_default=list)
    questions = fields.List(fields.String(), load_default=list)
    variants = fields.List(fields.Nested(VariantSchema), required=True, validate=validate.Length(min=1))
    sources = fields.List(fields.Nested(SourceSchema), required=True, validate=validate.Length(min=1))
    note = fields.String()


class TermSchema(Schema):
    """A named part of conditions: one tree for all regimes, or one per regime."""

    id = fields.String(required=True, validate=_KEBAB)
    title = fields.String(required=True, validate=_TEXT)
    value = fields.Raw()
    regimes = fields.Dict(keys=fields.String(validate=_REGIME), values=fields.Raw())


class ParameterRowSchema(Schema):
    """The value, or table of values, of one span of days."""

    starts_on = StrictDate(required=True)
    ends_on = StrictDate()
    value = fields.Raw()
    table = fields.Dict(keys=fields.String(), values=fields.Raw())
    source = fields.String(validate=_ADDRESS)


class ParameterSchema(Schema):
    """One dated value."""

    id = fields.String(required=True, validate=_KEBAB)
    title = fields.String(required=True, validate=_TEXT)
    type = fields.String(required=True, validate=_one_of(FactType))
    currency = fields.String(load_default="GBP", validate=validate.Length(equal=3))
    basis = fields.String(required=True, validate=_one_of(Basis))
    source = fields.String(required=True, validate=_TEXT)
    by = fields.List(fields.String(), load_default=list)
    values = fields.List(fields.Nested(ParameterRowSchema), required=True, validate=validate.Length(min=1))
    note = fields.String()


class RegimeSchema(Schema):
    """One body of law."""

    id = fields.String(required=True, validate=_REGIME)
    title = fields.String(required=True, validate=_TEXT)
    starts_on = StrictDate(required=True)
    ends_on = StrictDate()
    when = fields.String()


class FamilySchema(Schema):
    """A kind of barrier as reporters see it."""

    id = fields.String(required=True, validate=_KEBAB)
    title = fields.String(required=True, validate=_TEXT)
    hint = fields.String(load_default="")
    rules = fields.List(fields.String(), load_default=list)
    facts = fields.List(fields.String(), load_default=list)


class KindWordsSchema(Schema):
    """How strongly one kind of rule may speak."""

    strength = fields.String(required=True, validate=_TEXT)
    required = fields.List(fields.String(), load_default=list)
    forbidden = fields.List(fields.String(), load_default=list)


class PackSchema(Schema):
    """The head of a pack: its name, version, the fact that dates it, and its fixed words."""

    name = fields.String(required=True, validate=_TEXT)
    version = fields.String(required=True, validate=_TEXT)
    dated_by = fields.String(required=True)
    notice = fields.String(required=True, validate=_TEXT)
    undecided = fields.String(required=True, validate=validate.ContainsNoneOf(["\t"]))
    figure_missing = fields.String(required=True, validate=_TEXT)
    not_applicable = fields.String(required=True, validate=_TEXT)
    no_regime = fields.String(required=True, validate=_TEXT)
    cleared = fields.String(required=True, validate=_TEXT)
    holidays = fields.List(StrictDate(), load_default=list)
    joiner = fields.String(required=True, validate=_TEXT)
    kinds = fields.Dict(
        keys=fields.String(validate=_one_of(Kind)), values=fields.Nested(KindWordsSchema), required=True
    )
