"""The disclosure gate of a case: what may not stand in a text that leaves, made from its reporters and its list."""

from collections.abc import Mapping

from mystery_shopper.cases.looked_for import look_for
from mystery_shopper.cases.models import Case, GateOverride, Identity, OverrideState, Report
from mystery_shopper.cases.overrides import digest_of, latest_of
from mystery_shopper.cases.queries import identities_of
from mystery_shopper.core.errors import DomainError
from mystery_shopper.disclosure.policy import Hit, scan
from mystery_shopper.disclosure.terms import IdentityDetails, Term, build_terms, count_details


class DisclosureError(DomainError):
    """A text that would leave holds a trace of a reporter. `hits` maps each field to what was found in it.

    `texts` and `to` are what was checked, for whoever asks a second person; `said` is what became of asking before.
    """

    title = "This text could identify the reporter"

    def __init__(
        self,
        hits: Mapping[str, tuple[Hit, ...]],
        texts: Mapping[str, str] | None = None,
        to: Report | None = None,
        said: str = "",
    ) -> None:
        field = next(iter(hits))
        self.messages = {name: refusal(found) + said for name, found in hits.items()}
        super().__init__(self.messages[field], field=field)
        self.hits = hits
        self.texts = texts or {}
        self.to = to


_SAID = {
    OverrideState.WAITING: ". A second person has been asked about this text and has not decided yet",
    OverrideState.REFUSED: ". A second person refused to let this text out. Their reason stands on the case",
    OverrideState.ALLOWED: ". A second person let it out, but more was found in it since",
}


def refusal(hits: tuple[Hit, ...]) -> str:
    """Return the message for a field: the words to take out, and what they give away."""
    words = list(dict.fromkeys(f"“{hit.quoted}” ({hit.reason})" for hit in hits))
    return "Remove words that could identify the reporter: " + ", ".join(words)


def terms_of(case: Case, *, to: Report | None = None) -> tuple[Term, ...]:
    """Return the terms of every reporter of a case, of their files, of what they bid, and the words on its list.

    The registered name of the authority is public in any case.

    `to` is the report whose reporter alone will read the text: their own name is no secret from them.
    """
    found = look_for(case, to=to)
    details = [*(_details(identity) for identity in identities_of(case, but=to)), found.details]
    public = case.authority.name if case.authority else ""
    return build_terms(details, public_words=public, public_titles=found.titles)


def check_texts(case: Case, texts: Mapping[str, str], *, to: Report | None = None) -> None:
    """Refuse texts (by field name) in which a reporter of the case can be recognised, unless they were let out.

    This is the one door of everything that leaves: a second person lets a text out exactly as it is, or not at all.

    Raises:
        DisclosureError: with the words found, by field.
    """
    terms = terms_of(case, to=to)
    found = {field: scan(text, terms) for field, text in texts.items()}
    hits = {field: words for field, words in found.items() if words}
    if not hits:
        return
    asked = latest_of(case, digest_of(case, texts, to))
    if asked is None or not _is_allowed(case, asked, hits):
        raise DisclosureError(hits, texts, to, _said(asked))


def _is_allowed(case: Case, asked: GateOverride, hits: Mapping[str, tuple[Hit, ...]]) -> bool:
    """Tell whether a second person let these very words out: what was found since then they have not seen."""
    if asked.state is not OverrideState.ALLOWED:
        return False
    seen = {(field, *pair) for field, pairs in asked.content(case.data_key)["hits"].items() for pair in pairs}
    return all((field, hit.quoted, hit.reason) in seen for field, found in hits.items() for hit in found)


def _said(asked: GateOverride | None) -> str:
    return "" if asked is None else _SAID[asked.state]


def count_known(case: Case) -> tuple[str, ...]:
    """Return what is known of who the reporters of a case are, counted and not told: "1 name of a person"."""
    return count_details(_details(identity) for identity in identities_of(case))


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
