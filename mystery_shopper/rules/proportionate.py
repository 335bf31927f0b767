"""Wording a buyer can use instead of a requirement that a rule objects to: data, one text for each rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mystery_shopper.core.languages import ENGLISH, WELSH
from mystery_shopper.facts.definitions import FactRegistry, FactValue
from mystery_shopper.facts.documents import read_document
from mystery_shopper.facts.languages import spoken
from mystery_shopper.facts.policy import display
from mystery_shopper.facts.registry import registry as running_registry
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.loading import shipped_catalogue

_FOLDER = Path(__file__).parent / "wordings"
FILES: Mapping[str, Path] = {ENGLISH: _FOLDER / "proportionate.yaml", WELSH: _FOLDER / "proportionate-cy.yaml"}
"""Apart from the pack: other words here are no other rules, and change no version."""
_PLACE = re.compile(r"\{([a-z0-9_]+)\}")


def load_wordings(path: Path, pack: Catalogue) -> Mapping[str, str]:
    """Read the wordings: rule id to text.

    Raises:
        DocumentError: a rule without a wording, a wording without a rule, or a place for a fact that does not exist.
    """
    document = read_document(path)
    data = document.data
    given = data.get("proportionate") if isinstance(data, dict) else None
    if not isinstance(given, dict):
        raise document.error("expected 'proportionate'")
    ids = {rule.id for rule in pack.rules}
    for rule_id, text in given.items():
        trail = ("proportionate", rule_id)
        if rule_id not in ids:
            raise document.error(f"there is no rule '{rule_id}'", trail)
        if not isinstance(text, str) or not text.strip():
            raise document.error(f"'{rule_id}' needs a text", trail)
        for fact_id in _PLACE.findall(text):
            if fact_id not in pack.registry:
                raise document.error(f"there is no fact '{fact_id}'", trail)
    missing = sorted(ids - set(given))
    if missing:
        raise document.error(f"no wording for {', '.join(missing)}", ("proportionate",))
    return {rule_id: text.strip() for rule_id, text in given.items()}


@cache
def wordings(language: str = ENGLISH) -> Mapping[str, str]:
    """Return the wordings of the shipped rules in a language, read once."""
    return load_wordings(FILES[spoken(language)], shipped_catalogue())


def wording_for(
    rule_id: str, facts: Mapping[str, FactValue], *, registry: FactRegistry | None = None, language: str = ENGLISH
) -> str:
    """Return the wording for a rule with the known facts filled in; a fact that is not known is named in brackets."""
    known = registry or running_registry()

    def fill(match: re.Match[str]) -> str:
        definition = known[match[1]]
        value = facts.get(match[1])
        return f"[{definition.title_in(language).lower()}]" if value is None else display(definition, value, language)

    text = wordings(language).get(rule_id, "")
    return _PLACE.sub(fill, text)
