"""What may give a reporter away: the terms made from who they are. Pure; takes plain strings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mystery_shopper.disclosure.file_names import spellings
from mystery_shopper.disclosure.folding import fold_words
from mystery_shopper.disclosure.words import (
    and_word,
    document_words,
    legal_forms,
    mail_providers,
    mailboxes,
    ordinary_words,
    suffix_labels,
    titles,
)

MIN_LETTERS = 3
MIN_SINGLE_WORD = 4
MIN_DIGITS = 7
FUZZY_LETTERS = 7
"""From this length on a term is also found with one letter wrong, missing or too many."""
IN_A_WORD_LETTERS = 8
"""From this length on a term is also found inside a longer word."""

_DIGITS = re.compile(r"\d")
_LIST_SEPARATORS = re.compile(r"[;,\n]|\s/\s")
_TRADING_AS = re.compile(r"\bt/a\b|\btrading as\b", re.IGNORECASE)


class TermKind(StrEnum):
    """What a term says about the reporter."""

    NAME = "name"
    ORGANISATION = "organisation"
    EMAIL = "email"
    EMAIL_DOMAIN = "email-domain"
    PHONE = "phone"
    POSTCODE = "postcode"
    COMPANY_NUMBER = "company-number"
    FILE_NAME = "file-name"
    BID_VALUE = "bid-value"
    OTHER = "other"


KIND_LABELS: dict[TermKind, str] = {
    TermKind.NAME: "the name of a person",
    TermKind.ORGANISATION: "the name of an organisation",
    TermKind.EMAIL: "an email address",
    TermKind.EMAIL_DOMAIN: "an email domain",
    TermKind.PHONE: "a phone number",
    TermKind.POSTCODE: "a postcode",
    TermKind.COMPANY_NUMBER: "a company number",
    TermKind.FILE_NAME: "the name of a file that a reporter sent",
    TermKind.BID_VALUE: "an amount that must not leave this case",
    TermKind.OTHER: "a word on the list for this case",
}

_NUMERIC = frozenset({TermKind.PHONE, TermKind.POSTCODE, TermKind.COMPANY_NUMBER, TermKind.BID_VALUE})


@dataclass(frozen=True, kw_only=True)
class IdentityDetails:
    """Who one reporter is, as plain strings. Lists may also be given as one string with commas or line ends.

    `file_names` are the names of the files they sent, `bid_values` the pounds they bid, and how those are rounded.
    """

    names: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    trading_names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    company_numbers: tuple[str, ...] = ()
    extra_words: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()
    bid_values: frozenset[int] = frozenset()


@dataclass(frozen=True, order=True)
class Term:
    """One folded string to look for. `letters` has no separators; see `folding`."""

    kind: TermKind
    letters: str

    @property
    def is_fuzzy(self) -> bool:
        """Tell whether one wrong letter still counts."""
        return self.kind not in _NUMERIC and len(self.letters) >= FUZZY_LETTERS

    @property
    def is_found_in_a_word(self) -> bool:
        """Tell whether the term also counts as a part of a longer word."""
        return len(self.letters) >= IN_A_WORD_LETTERS


def build_terms(
    identities: Iterable[IdentityDetails], *, public_words: str = "", public_titles: str = ""
) -> tuple[Term, ...]:
    """Return the terms of some reporters, without doubles, in a fixed order.

    `public_words` is text that is public in any case (the authority's name): a single word out of a name does not
    count when it is in there. Ordinary words of a firm's name ("services", "the", "Ltd") never count alone. The words
    of `public_titles` (of the procurement) say nothing in the name of a file.
    """
    public = frozenset(fold_words(public_words))
    of_files = public | frozenset(fold_words(public_titles)) | document_words()
    found: set[Term] = set()
    for identity in identities:
        found.update(_terms_of(identity, public | ordinary_words()))
        names = (spelling for name in identity.file_names for spelling in spellings(name, of_files))
        found.update(Term(TermKind.FILE_NAME, spelling) for spelling in names)
        found.update(Term(TermKind.BID_VALUE, "".join(fold_words(str(value)))) for value in identity.bid_values)
    return tuple(sorted(found))


_COUNTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("name of a person", "names of people", ("names",)),
    ("name of an organisation", "names of organisations", ("organisations", "trading_names")),
    ("email address", "email addresses", ("emails",)),
    ("phone number", "phone numbers", ("phones",)),
    ("postcode", "postcodes", ("postcodes",)),
    ("company number", "company numbers", ("company_numbers",)),
)


def count_details(identities: Iterable[IdentityDetails]) -> tuple[str, ...]:
    """Return what is known of who some reporters are, counted and not told: "2 names of people", "1 postcode"."""
    known = list(identities)
    counts = (
        (one, several, len({part for who in known for name in fields for part in _each(getattr(who, name))}))
        for one, several, fields in _COUNTED
    )
    return tuple(f"{count} {one if count == 1 else several}" for one, several, count in counts if count)


def _terms_of(identity: IdentityDetails, known: frozenset[str]) -> Iterable[Term]:
    for name in _each(identity.names):
        yield from _name_terms(name, known)
    for organisation in _each((*identity.organisations, *identity.trading_names)):
        yield from _organisation_terms(organisation, known)
    for email in _each(identity.emails):
        yield from _email_terms(email, known)
    for phone in _each(identity.phones):
        yield from _phone_terms(phone)
    yield from _plain_terms(TermKind.POSTCODE, identity.postcodes)
    yield from _plain_terms(TermKind.COMPANY_NUMBER, identity.company_numbers)
    yield from _plain_terms(TermKind.OTHER, identity.extra_words)


def _each(values: Iterable[str]) -> Iterable[str]:
    for value in values:
        for part in _LIST_SEPARATORS.split(value):
            if part.strip():
                yield part.strip()


def _plain_terms(kind: TermKind, values: Iterable[str]) -> Iterable[Term]:
    for value in _each(values):
        letters = "".join(fold_words(value))
        if len(letters) >= MIN_LETTERS:
            yield Term(kind, letters)


def _name_terms(name: str, known: frozenset[str]) -> Iterable[Term]:
    words = [word for word in fold_words(name) if word not in titles()]
    if len(words) > 1:
        yield Term(TermKind.NAME, "".join(words))
        yield Term(TermKind.NAME, "".join([words[-1], *words[:-1]]))
        yield Term(TermKind.NAME, words[0] + words[-1])
    yield from _single_words(TermKind.NAME, words, known)
    yield from _double_names(name)


def _double_names(name: str) -> Iterable[Term]:
    """Yield names of two words that stand for one, Llewelyn-Pryce: also written together, and across a line end."""
    for part in name.split():
        words = fold_words(part)
        if len(words) > 1 and sum(map(len, words)) >= FUZZY_LETTERS:
            yield Term(TermKind.NAME, "".join(words))


def _organisation_terms(name: str, known: frozenset[str]) -> Iterable[Term]:
    words = fold_words(name)
    core = [word for word in words if word not in legal_forms()]
    ampersand = and_word()
    for variant in (words, core, [word for word in core if word != ampersand]):
        letters = "".join(variant)
        if len(letters) >= MIN_LETTERS and not _is_one_known_word(variant, known):
            yield Term(TermKind.ORGANISATION, letters)
    if core and all(len(word) == 1 for word in core):
        return
    telling = [word for word in core if word not in known and word != ampersand]
    if len(telling) > 1:
        yield Term(TermKind.ORGANISATION, "".join(telling))
    yield from _single_words(TermKind.ORGANISATION, core, known)


def supplier_spellings(names: Iterable[str], company_numbers: Iterable[str] = ()) -> frozenset[str]:
    """Return the spellings by which two names of one firm, or of one person, are the same: for comparing, not finding.

    Case, accents, spaces, legal forms, titles and "and" do not count; every other letter does. A list of names, or
    one "trading as" another, gives one spelling for each. A company number is spelled apart from every name.
    """
    parts = (part for name in _each(names) for part in _TRADING_AS.split(name))
    found = {_core_letters(part) for part in parts}
    numbers = {"#" + "".join(fold_words(number)).lstrip("o") for number in _each(company_numbers)}
    return frozenset(letters for letters in found if len(letters) >= MIN_LETTERS) | frozenset(
        letters for letters in numbers if len(letters) > MIN_LETTERS
    )


def _core_letters(name: str) -> str:
    words = fold_words(name)
    left_out = legal_forms() | titles() | {and_word()}
    core = "".join(word for word in words if word not in left_out)
    return "".join(words) if 0 < len(core) < MIN_LETTERS else core


def _is_one_known_word(words: list[str], known: frozenset[str]) -> bool:
    return len(words) == 1 and words[0] in known


def _single_words(kind: TermKind, words: Iterable[str], known: frozenset[str]) -> Iterable[Term]:
    for word in words:
        if len(word) >= MIN_SINGLE_WORD and word not in known:
            yield Term(kind, word)


def _email_terms(email: str, known: frozenset[str]) -> Iterable[Term]:
    local, at, domain = email.partition("@")
    if not at or not domain:
        return
    yield from _plain_terms(TermKind.EMAIL, [email])
    local_words = fold_words(local)
    if len("".join(local_words)) >= FUZZY_LETTERS and "".join(local_words) not in known | mailboxes():
        yield Term(TermKind.EMAIL, "".join(local_words))
    if domain.strip().casefold() in mail_providers():
        return
    yield from _plain_terms(TermKind.EMAIL_DOMAIN, [domain])
    label = "".join(fold_words(_registered_label(domain)))
    if len(label) >= MIN_LETTERS and label not in known:
        yield Term(TermKind.EMAIL_DOMAIN, label)


def _registered_label(domain: str) -> str:
    """Return the label a firm registered: acme of mail.acme.co.uk."""
    labels = [label for label in domain.strip().strip(".").casefold().split(".") if label]
    while len(labels) > 1 and labels[-1] in suffix_labels():
        labels.pop()
    return labels[-1] if labels else ""


def _phone_terms(phone: str) -> Iterable[Term]:
    digits = "".join(_DIGITS.findall(phone.replace("(0)", "")))
    national = digits.removeprefix("00").removeprefix("44").lstrip("0")
    if len(national) >= MIN_DIGITS:
        yield Term(TermKind.PHONE, "".join(fold_words(national)))
