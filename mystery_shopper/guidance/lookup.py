"""The pages of guidance about a rule: what features above ask for, to show it next to a flag."""

from collections.abc import Iterable, Sequence

from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.policy import Audience, GuidancePage, Language

MOST_LINKS = 2
"""Pages shown beside one flag: the one about it, and the one with wording for buyers."""


def pages_for_rule(
    rule_id: str, audience: Audience | None = None, language: Language = Language.ENGLISH
) -> Sequence[GuidancePage]:
    """Return the pages about a rule for an audience, the one written about it first; none for an unknown rule."""
    found = library(language).of_rule(rule_id)
    return [page for page in found if audience is None or audience in page.audience][:MOST_LINKS]


def pages_for_rules(
    rule_ids: Iterable[str], audience: Audience, language: Language = Language.ENGLISH
) -> Sequence[GuidancePage]:
    """Return the page written about each rule, every page once."""
    firsts = (pages_for_rule(rule_id, audience, language)[:1] for rule_id in rule_ids)
    return list({page.slug: page for first in firsts for page in first}.values())
