"""Shape of the registry file `data/facts.yaml`. Unknown keys are refused."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from mystery_shopper.facts.definitions import AskedOf, FactType, Widget

_ID = validate.Regexp(r"\A[a-z][a-z0-9_]{1,59}\Z", error="must be lower case letters, digits and _")
_OPTION_ID = validate.Regexp(r"\A[a-z0-9][a-z0-9-]{0,39}\Z", error="must be lower case letters, digits and -")


NEEDS_CHECK = "needs-professional-check"
CHECKED = "checked"


def _one_phrase(text: str) -> None:
    """Refuse a second line, and any placeholder but `{value}`."""
    rest = text.replace("{value}", "")
    if "\n" in text or "{" in rest or "}" in rest:
        raise ValidationError("must be one line, with no placeholder but {value}")


class TextSchema(Schema):
    """Words in each language of the service; Welsh may be absent in the registry of another place."""

    en = fields.String(required=True, validate=validate.Length(min=1))
    cy = fields.String(validate=validate.Length(min=1))


class ShortTextSchema(TextSchema):
    """Words that stand in a table or a list."""

    en = fields.String(required=True, validate=validate.Length(min=1, max=80))
    cy = fields.String(validate=validate.Length(min=1, max=80))


class LetterSchema(Schema):
    """How a letter writes a fact, on one line; `{value}` is the only placeholder."""

    en = fields.String(required=True, validate=[validate.Length(min=1), _one_phrase])
    cy = fields.String(validate=[validate.Length(min=1), _one_phrase])


class TranslationSchema(Schema):
    """How far the texts of a language are to be trusted."""

    cy = fields.String(validate=validate.OneOf([NEEDS_CHECK, CHECKED]))


class OptionSchema(Schema):
    """One answer to a choice."""

    id = fields.String(required=True, validate=_OPTION_ID)
    title = fields.Nested(ShortTextSchema, required=True)


class FactSchema(Schema):
    """One fact."""

    id = fields.String(required=True, validate=_ID)
    title = fields.Nested(ShortTextSchema, required=True)
    type = fields.String(required=True, validate=validate.OneOf([member.value for member in FactType]))
    question = fields.Nested(TextSchema, required=True)
    hint = fields.Nested(TextSchema)
    letter = fields.Nested(LetterSchema)
    letter_no = fields.Nested(LetterSchema)
    widget = fields.String(validate=validate.OneOf([member.value for member in Widget]))
    currency = fields.String(validate=validate.Regexp(r"\A[A-Z]{3}\Z", error="must be a code like GBP"))
    minimum = fields.Raw()
    maximum = fields.Raw()
    options = fields.List(fields.Nested(OptionSchema), validate=validate.Length(min=2))
    max_length = fields.Integer(strict=True, validate=validate.Range(min=1, max=5000))
    sensitive = fields.Boolean(truthy={True}, falsy={False})
    asked_of = fields.String(validate=validate.OneOf([member.value for member in AskedOf]))
    aliases = fields.List(fields.String(validate=_ID))

    @validates_schema
    def check_letters(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a yes or no that a letter could not write, and a value that a letter would leave out."""
        has_yes_no = data["type"] == FactType.BOOLEAN.value
        if ("letter_no" in data) != (has_yes_no and "letter" in data):
            raise ValidationError("a yes or no with a letter, and nothing else, has letter_no", "letter")
        for words in () if has_yes_no else data.get("letter", {}).values():
            if "{value}" not in words:
                raise ValidationError("must say {value}", "letter")
