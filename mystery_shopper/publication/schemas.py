"""Results as JSON, dump only: the fields the public may see, and no other."""

from marshmallow import Schema, fields

from mystery_shopper.publication.policy import ResultSource


class ResultJson(Schema):
    """One published result. `published`, `corrected` are months like 2025-11."""

    reference = fields.String(attribute="public_reference")
    source = fields.Enum(ResultSource, by_value=True)
    published = fields.Function(lambda result: month_text(result.period))
    corrected = fields.Function(lambda result: month_text(result.corrected_period))
    authority = fields.Function(
        lambda result: {
            "name": result.authority_name,
            "slug": result.authority.slug if result.authority is not None else None,
        }
    )
    subject = fields.String()
    sub_issue = fields.String()
    issue = fields.String(attribute="issue_text")
    outcome = fields.String(attribute="outcome_text")
    is_demonstration = fields.Boolean()


def month_text(number: int | None) -> str | None:
    """Return a stored month as text that sorts: 202511 -> 2025-11."""
    return None if number is None else f"{number // 100:04d}-{number % 100:02d}"
