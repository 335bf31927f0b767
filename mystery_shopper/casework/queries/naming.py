"""What rules and laws are called on the pages: the catalogue's titles in place of ids."""

from mystery_shopper.rules.loading import catalogue


def rule_title(rule_id: str) -> str:
    """Return the title of a rule; the id itself for a rule the catalogue no longer has."""
    return next((rule.title for rule in catalogue().rules if rule.id == rule_id), rule_id)


def law_title(regime: str) -> str:
    """Return the name of the law a regime stands for, as a heading; the id itself when it is not known."""
    title = next((one.title for one in catalogue().regimes.items if one.id == regime), regime)
    return title[:1].upper() + title[1:]
