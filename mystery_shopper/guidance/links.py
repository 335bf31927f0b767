"""Guidance in the templates of every feature: they ask for the pages of a rule by its id."""

from collections.abc import Sequence

from flask import Flask

from config import Config
from mystery_shopper.core.languages import current
from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.lookup import pages_for_rule
from mystery_shopper.guidance.policy import Audience, GuidancePage, Language
from mystery_shopper.guidance.searching import index


def guidance_for(rule_id: str, audience: str = "") -> Sequence[GuidancePage]:
    """Return the pages about a rule, as templates ask: the audience by its value, empty for everybody."""
    return pages_for_rule(rule_id, Audience(audience) if audience else None, Language(current()))


def init_app(app: Flask, _settings: Config) -> None:
    """Read the library (a page that is wrong stops the start, not the first reader) and offer it to the templates."""
    library()
    for language in Language:
        index(language)
    app.jinja_env.globals.update(guidance_for=guidance_for)
