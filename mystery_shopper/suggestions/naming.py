"""Themes in words."""

from mystery_shopper.suggestions.bodies import imposing_bodies
from mystery_shopper.suggestions.journey import family_title
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, ForcedBy
from mystery_shopper.suggestions.queries import ThemeKind

KIND_TITLES: dict[ThemeKind, str] = {
    ThemeKind.FAMILY: "By kind of barrier",
    ThemeKind.FORCE: "By what forces it",
    ThemeKind.BODY: "By who imposes it",
}


def theme_name(kind: ThemeKind, key: str) -> str:
    """Return the name of a theme."""
    if kind is ThemeKind.FAMILY:
        return family_title(key)
    if kind is ThemeKind.FORCE:
        return FORCED_BY_LABELS[ForcedBy(key)]
    return imposing_bodies().name_of(key)
