"""The form of the data files: what stands above the text of a page, the sections, the bodies we refer to."""

from marshmallow import Schema, fields, validate

from mystery_shopper.guidance.policy import Audience, Language, Translation

TITLE_MAX = 70
SUMMARY_MAX = 220
_SLUG = validate.Regexp(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z", error="use small letters, figures and hyphens")
_SOMETHING = validate.Length(min=1, error="must not be empty")
_WELSH = validate.Equal(Language.WELSH, error="must be cy")
_ADDRESS = validate.URL(schemes={"http", "https"}, require_tld=True, error="must be a web address")


def _text(most: int, **options: object) -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=most), **options)  # type: ignore[arg-type]


class SourceSchema(Schema):
    """Where a statement comes from."""

    id = fields.String(required=True, validate=_SLUG)
    title = _text(200)
    section = fields.String(load_default="")
    address = fields.String(required=True, validate=_ADDRESS)


class FrontMatterSchema(Schema):
    """What stands between the two lines of hyphens at the top of a page."""

    title = _text(TITLE_MAX)
    summary = _text(SUMMARY_MAX)
    audience = fields.List(fields.Enum(Audience, by_value=True), required=True, validate=_SOMETHING)
    section = fields.String(required=True, validate=_SLUG)
    order = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=999))
    rules = fields.List(fields.String(), load_default=list)
    related = fields.List(fields.String(validate=_SLUG), load_default=list)
    sources = fields.List(fields.Nested(SourceSchema), required=True, validate=_SOMETHING)
    reviewed_on = fields.Raw(required=True)
    language = fields.Enum(Language, by_value=True, required=True)
    shows_wording = fields.Boolean(load_default=False)


class TranslationSchema(Schema):
    """What stands at the top of a page in Welsh; all the rest is that of the English page."""

    title = _text(TITLE_MAX)
    summary = _text(SUMMARY_MAX)
    language = fields.Enum(Language, by_value=True, required=True, validate=_WELSH)
    translation = fields.Enum(Translation, by_value=True, required=True)
    translated_from = fields.Raw(required=True)
    english = fields.List(_text(120), load_default=list)


class _WordsSchema(Schema):
    """A text in each language."""

    en = _text(SUMMARY_MAX)
    cy = _text(SUMMARY_MAX)


class SectionSchema(Schema):
    """A heading of the index."""

    id = fields.String(required=True, validate=_SLUG)
    title = fields.Nested(_WordsSchema, required=True)
    summary = fields.Nested(_WordsSchema, required=True)


class BodySchema(Schema):
    """A body that a reporter can be referred to."""

    id = fields.String(required=True, validate=_SLUG)
    name = _text(120)
    words = fields.Nested(_WordsSchema, required=True, data_key="does")
    address = fields.String(required=True, validate=_ADDRESS)
    source = fields.String(required=True, validate=_ADDRESS)
    note = fields.String(load_default="")
