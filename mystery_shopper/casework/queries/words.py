"""What the page of words that must not leave a case shows. Who the reporters are is counted there, not told."""

from collections.abc import Mapping
from dataclasses import dataclass

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.gate import count_known
from mystery_shopper.cases.looked_for import look_for
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.words import WordList, list_words
from mystery_shopper.disclosure.terms import IdentityDetails, build_terms


@dataclass(frozen=True)
class WordsPage:
    """What is looked for in the texts of a case. `left_out`: names and amounts that are not, each with the reason.

    `names_gone` and `amounts_gone` count those of reports that have left the case: they are looked for and not told.
    """

    words: WordList
    identities: tuple[str, ...]
    file_names: tuple[str, ...]
    names_gone: int
    amounts: tuple[str, ...]
    amounts_gone: int
    left_out: Mapping[str, str]


TOO_ORDINARY = "The name is found in too many texts"


def show_words(case: Case, user: StaffMember) -> WordsPage:
    """Return what is looked for in the texts of a case, as far as the team may read it there."""
    found, ever = look_for(case, is_here=True), look_for(case)
    public = case.authority.name if case.authority else ""
    told = {
        name: bool(build_terms([IdentityDetails(file_names=(name,))], public_words=public, public_titles=found.titles))
        for name in found.file_names
    }
    return WordsPage(
        words=list_words(case, user),
        identities=count_known(case),
        file_names=tuple(name for name, is_told in told.items() if is_told),
        names_gone=len(ever.file_names) - len(found.file_names),
        amounts_gone=len(ever.bids - found.bids),
        amounts=tuple(_pounds(amount) for amount in sorted(found.bids)),
        left_out={_pounds(amount): reason for amount, reason in sorted(found.left_out.items())}
        | {name: TOO_ORDINARY for name, is_told in told.items() if not is_told},
    )


def _pounds(amount: int) -> str:
    return f"£{amount:,}"
