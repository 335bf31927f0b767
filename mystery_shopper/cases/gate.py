"""The disclosure gate of a case: what may not stand in a text that leaves, made from every reporter of the case."""

from collections.abc import Mapping

from mystery_shopper.cases.models import Case, Identity, Report
from mystery_shopper.cases.queries import identities_of
from mystery_shopper.core.errors import DomainError
from mystery_shopper.disclosure.policy import Hit, scan
from mystery_shopper.disclosure.terms import IdentityDetails, Term, build_terms


class DisclosureError(DomainError):
    """A text that would leave holds a trace of a reporter. `hits` maps each field to what was found in it."""

    title = "This text could identify the reporter"

    def __init__(self, hits: Mapping[str, tuple[Hit, ...]]) -> None:
        field = next(iter(hits))
        super().__init__(refusal(hits[field]), field=field)
        self.hits = hits


def refusal(hits: tuple[Hit, ...]) -> str:
    """Return the message for a field: the words to take out, and what they give away."""
    words = list(dict.fromkeys(f"“{hit.quoted}” ({hit.reason})" for hit in hits))
    return "Remove words that could identify the reporter: " + ", ".join(words)


def terms_of(case: Case, *, to: Report | None = None) -> tuple[Term, ...]:
    """Return the terms of every reporter of a case. The registered name of the authority is public in any case.

    `to` is the report whose reporter alone will read the text: their own name is no secret from them.
    """
    details = [_details(identity) for identity in identities_of(case, but=to)]
    return build_terms(details, public_words=case.authority.name if case.authority else "")


def check_texts(case: Case, texts: Mapping[str, str], *, to: Report | None = None) -> None:
    """Refuse texts (by field name) in which a reporter of the case can be recognised.

    Raises:
        DisclosureError: with the words found, by field.
    """
    terms = terms_of(case, to=to)
    found = {field: scan(text, terms) for field, text in texts.items()}
    hits = {field: words for field, words in found.items() if words}
    if hits:
        raise DisclosureError(hits)


def _details(identity: Identity) -> IdentityDetails:
    return IdentityDetails(
        names=(identity.name,),
        organisations=(identity.organisation, identity.trade_body, identity.member),
        trading_names=(identity.trading_names,),
        emails=(identity.email,),
        phones=(identity.phone,),
        postcodes=(identity.postcode,),
        company_numbers=(identity.company_number,),
    )
