"""The disclosure gate of a suggestion: what may not stand in a text that leaves.

Made from what the commissioner named for the record (their authority, by every name the register has for it; words
that would point to them) and from addresses and numbers they wrote into their own text.
"""

import re
from collections.abc import Mapping

from mystery_shopper.authorities.queries import get_authority, match_name
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.disclosure.policy import scan
from mystery_shopper.disclosure.terms import IdentityDetails, Term, build_terms
from mystery_shopper.suggestions.bodies import imposing_bodies
from mystery_shopper.suggestions.models import Suggestion
from mystery_shopper.suggestions.policy import SuggestionContent

_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\d£.,])(?:\+|00?)[\d][\d ()-]{8,18}\d")


def check_texts(suggestion: Suggestion, texts: Mapping[str, str]) -> None:
    """Refuse texts (by field name) in which the commissioner or their authority can be recognised.

    Raises:
        DisclosureError: with the words found, by field.
    """
    terms = terms_of(suggestion.content)
    found = {field: scan(text, terms) for field, text in texts.items()}
    hits = {field: words for field, words in found.items() if words}
    if hits:
        raise DisclosureError(hits)


def terms_of(content: SuggestionContent) -> tuple[Term, ...]:
    """Return what gives a commissioner away. Single words of the names of imposing bodies are public in any case."""
    written = "\n".join((content.requirement, content.would_rather, content.forced_by_other, content.body_other))
    details = IdentityDetails(
        organisations=_names_of(content.authority),
        emails=tuple(_EMAIL.findall(f"{written}\n{content.giveaways}")),
        phones=tuple(_PHONE.findall(f"{written}\n{content.giveaways}")),
        extra_words=(content.giveaways,),
    )
    public = " ".join(body.name for body in imposing_bodies().by_id.values())
    return build_terms([details], public_words=public)


def _names_of(authority: str) -> tuple[str, ...]:
    """Return an authority as it was typed and by every name the register has for it, when it is sure which it is."""
    if not authority:
        return ()
    key = match_name(authority).key
    if key is None:
        return (authority,)
    known = get_authority(key)
    return (authority, known.name, *(alias.name for alias in known.aliases))
