"""Shape of the registry file `data/facts.yaml`. Unknown keys are refused."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from mystery_shopper.facts.definitions import AskedOf, FactType, Widget

_ID = validate.Regexp(r"\A[a-z][a-z0-9_]{1,59}\Z", error="must be lower case letters, digits and _")
_OPTION_ID = validate.Regexp(r"\A[a-z0-9][a-z0-9-]{0,39}\Z", error="must be lower case letters, digits and -")


class TextSchema(Schema):
    """Words in each language of the service; Welsh may be absent."""

    en = fields.String(required=True, validate=validate.Length(min=1))
    cy = fields.String(validate=validate.Length(min=1))


class OptionSchema(Schema):
    """One answer to a choice."""

    id = fields.String(required=True, validate=_OPTION_ID)
    title = fields.String(required=True, validate=validate.Length(min=1))


class FactSchema(Schema):
    """One fact."""

    id = fields.String(required=True, validate=_ID)
    title = fields.String(required=True, validate=validate.Length(min=1, max=80))
    type = fields.String(required=True, validate=validate.OneOf([member.value for member in FactType]))
    question = fields.Nested(TextSchema, required=True)
    hint = fields.Nested(TextSchema)
    letter = fields.String(validate=validate.ContainsNoneOf(["\n"]))
    widget = fields.String(validate=validate.OneOf([member.value for member in Widget]))
    currency = fields.String(validate=validate.Regexp(r"\A[A-Z]{3}\Z", error="must be a code like GBP"))
    minimum = fields.Raw()
    maximum = fields.Raw()
    options = fields.List(fields.Nested(OptionSchema), validate=validate.Length(min=2))
    max_length = fields.Integer(strict=True, validate=validate.Range(min=1, max=5000))
    sensitive = fields.Boolean(truthy={True}, falsy={False})
    asked_of = fields.String(validate=validate.OneOf([member.value for member in AskedOf]))
    aliases = fields.List(fields.String(validate=_ID))
