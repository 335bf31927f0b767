"""What may stand on the list of words that must not leave a case: nothing that would stop every letter. Pure."""

import re

from mystery_shopper.disclosure.amounts import LEAST, amount_of
from mystery_shopper.disclosure.folding import fold_words
from mystery_shopper.disclosure.policy import scan
from mystery_shopper.disclosure.terms import MIN_LETTERS, IdentityDetails, build_terms
from mystery_shopper.disclosure.words import letter_words

_SEVERAL = re.compile(r"[;,\n]|\s/\s")


def spelling_of(word: str) -> str:
    """Return by what two words of a list are the same: how they are folded, or the amount they are."""
    amount = amount_of(word)
    return "".join(fold_words(word)) if amount is None else f"£{amount}"


def refusal_of(word: str, *, public: str) -> str:
    """Return why a word cannot be on the list, as a message for its field; empty when it can.

    `public` is what letters say in any case: the name of the authority and the title of the procurement.
    """
    amount = amount_of(word)
    if amount is not None:
        return "" if amount >= LEAST else f"The amount must be £{LEAST:,} or more"
    words = fold_words(word)
    if _SEVERAL.search(word):
        return "Enter one word, phrase or amount at a time"
    if len("".join(words)) < MIN_LETTERS:
        return f"The word must have at least {MIN_LETTERS} letters or numbers"
    if all(one in letter_words() for one in words):
        return f"“{word}” stands in almost every letter, which would be stopped. Enter a word that only this case has"
    if scan(public, build_terms([IdentityDetails(extra_words=(word,))])):
        return f"“{word}” is in the name of the authority or in the title of the case, which every letter names"
    return ""
