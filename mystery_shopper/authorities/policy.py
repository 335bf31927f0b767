"""What an authority is called, and what follows from what it is. Pure: plain values in and out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

Key = TypeVar("Key")


class AuthorityType(StrEnum):
    """The part of the public sector an authority belongs to."""

    CENTRAL_GOVERNMENT = "central-government"
    LOCAL_AUTHORITY = "local-authority"
    NHS = "nhs"
    POLICE = "police"
    FIRE = "fire"
    UNIVERSITY = "university"
    COLLEGE = "college"
    SCHOOL = "school"
    HOUSING_ASSOCIATION = "housing-association"
    OTHER = "other"


class AuthorityClass(StrEnum):
    """Which threshold applies: `other` bodies are all sub-central. The values are those of the facts."""

    CENTRAL = "central"
    SUB_CENTRAL = "sub-central"


class Scope(StrEnum):
    """The default answer to "may the service look into this body?". A caseworker confirms it."""

    IN = "in"
    OUT_DEVOLVED = "out-devolved"
    OUT_SCHOOL = "out-school"
    CHECK = "check"


class Nation(StrEnum):
    """Where the body works: one nation, two that share a calendar, several, or all."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"
    ENGLAND_AND_WALES = "england-and-wales"
    SEVERAL = "several"
    UNITED_KINGDOM = "united-kingdom"


class Sector(StrEnum):
    """Which target the case has: central government is to answer sooner than the wider public sector."""

    CENTRAL = "central"
    WIDER = "wider"


class MatchKind(StrEnum):
    """How surely a typed name was recognised, surest first."""

    NAME = "name"
    ALIAS = "alias"
    FOLDED = "folded"
    CANDIDATES = "candidates"
    NONE = "none"


@dataclass(frozen=True)
class Classes:
    """The class of one authority under each regime; None where it is not known."""

    pcr_threshold: AuthorityClass | None
    pcr_contracts_finder: AuthorityClass | None
    pa23: AuthorityClass | None


def derive_classes(type_: AuthorityType, subtype: str) -> Classes:
    """Return the classes that follow from the kind of body, for a row that states none.

    NHS trusts and foundation trusts changed class: under the 2015 Regulations trusts had the central threshold and
    foundation trusts the sub-central one, both the sub-central floor for Contracts Finder; under the 2023 Act both are
    central. Source: notes on thresholds by LUPC (2026) and Ward Hadaway (2016); PPN 01/23.
    """
    central, sub_central = AuthorityClass.CENTRAL, AuthorityClass.SUB_CENTRAL
    if type_ is AuthorityType.NHS:
        threshold = central if subtype in {"nhs-trust", "special-health-authority"} else sub_central
        return Classes(threshold, sub_central, central)
    if type_ is AuthorityType.CENTRAL_GOVERNMENT and subtype != "public-corporation":
        return Classes(central, central, central)
    return Classes(sub_central, sub_central, sub_central)


def sector_of(type_: AuthorityType, subtype: str) -> Sector:
    """Return the sector whose target the case gets: central government, or the wider public sector."""
    is_central = type_ is AuthorityType.CENTRAL_GOVERNMENT and subtype != "public-corporation"
    return Sector.CENTRAL if is_central else Sector.WIDER


def default_scope(type_: AuthorityType, nation: Nation) -> Scope:
    """Return the scope that follows from the kind of body and its nation, for a row that states none."""
    if type_ is AuthorityType.SCHOOL:
        return Scope.OUT_SCHOOL
    if nation in {Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND}:
        return Scope.CHECK if type_ is AuthorityType.CENTRAL_GOVERNMENT else Scope.OUT_DEVOLVED
    return Scope.IN


def calendar_division(nation: Nation) -> str:
    """Return the division of the bank holiday list that the body's working days follow.

    A body of more than one nation follows England and Wales, where the service itself works.
    """
    own = {Nation.SCOTLAND: "scotland", Nation.NORTHERN_IRELAND: "northern-ireland"}
    return own.get(nation, "england-and-wales")


# --- names ------------------------------------------------------------------------------------------------------

_DROPPED = re.compile("['\u2018\u2019`.]")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_STOP_WORDS = frozenset({"the", "of", "for", "and", "in", "a"})
_EXPANDED: Mapping[str, tuple[str, ...]] = {
    "ltd": ("limited",),
    "dept": ("department",),
    "saint": ("st",),
    "mbc": ("council",),
    "mdc": ("council",),
    "icb": ("integrated", "care", "board"),
    "ft": ("foundation", "trust"),
    "pcc": ("police", "crime", "commissioner"),
    "govt": ("government",),
}
_PAIRS: Mapping[tuple[str, str], str] = {
    ("national", "health"): "national-health",
    ("national-health", "service"): "nhs",
    ("mayoral", "combined"): "combined",
    ("her", "majestys"): "hm",
    ("his", "majestys"): "hm",
    ("united", "kingdom"): "uk",
}
_COUNCIL_WORDS = frozenset(
    {"council", "london", "royal", "metropolitan", "borough", "district", "city", "county", "unitary"}
)
_BOROUGH_STARTS = (("london", "borough"), ("royal", "borough"), ("metropolitan", "borough"), ("borough",))
_LEGAL_ENDS = frozenset({"limited", "plc"})


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name as search sees them: no case, accents, apostrophes, stop words; & is nothing."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    unaccented = "".join(char for char in plain if not unicodedata.combining(char))
    words = _NOT_WORD.sub(" ", _DROPPED.sub("", unaccented)).split()
    return tuple(word for word in words if word not in _STOP_WORDS)


def fold_name(text: str) -> str:
    """Return a name with everything removed that people write in different ways; equal folds mean the same body.

    Council wording is made one: "London Borough of Camden" and "Camden Council" fold alike. Folding a fold changes
    nothing. A name of nothing but such words folds to what is left, at worst the empty string.
    """
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    words = [part for word in words_of(text) for part in _EXPANDED.get(word, (word,))]
    joined = _as_council(_join_pairs(words))
    while len(joined) > 1 and joined[-1] in _LEGAL_ENDS:
        joined.pop()
    return " ".join(joined)


def _join_pairs(words: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        pair = _PAIRS.get((joined[-1], word)) if joined else None
        if pair is None:
            joined.append(word)
        else:
            joined[-1] = pair
    return " ".join(joined).replace("-", " ").split()


def _as_council(words: list[str]) -> list[str]:
    starts_as_borough = any(tuple(words[: len(start)]) == start for start in _BOROUGH_STARTS)
    if "council" not in words and not starts_as_borough:
        return words
    return [word for word in words if word not in _COUNCIL_WORDS] + ["council"]


def search_text(names: Iterable[str]) -> str:
    """Return the words of all names of a body in one text: each word after a space, each name between bars."""
    return "".join(f"| {' '.join(words_of(name))} " for name in names) + "|"


def make_slug(name: str) -> str:
    """Return the part of an address that names an authority: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    letters = _DROPPED.sub("", "".join(char for char in plain if not unicodedata.combining(char)))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "authority"


# --- matching ---------------------------------------------------------------------------------------------------

CANDIDATE_FLOOR = 0.35
CANDIDATES_MAX = 5


@dataclass(frozen=True)
class KnownName(Generic[Key]):
    """One name of one authority. `key` is what the caller knows the authority by."""

    key: Key
    name: str
    is_alias: bool = False
    is_live: bool = True


@dataclass(frozen=True)
class Match(Generic[Key]):
    """What a typed name was recognised as: one key when sure, else candidates, best first."""

    kind: MatchKind
    key: Key | None = None
    candidates: tuple[Key, ...] = ()


class NameIndex(Generic[Key]):
    """All names of a register, ready to recognise many typed names."""

    def __init__(self, names: Iterable[KnownName[Key]]) -> None:
        self._names = list(names)
        self._exact: dict[str, list[KnownName[Key]]] = {}
        self._folded: dict[str, list[KnownName[Key]]] = {}
        for known in self._names:
            self._exact.setdefault(known.name.strip().casefold(), []).append(known)
            self._folded.setdefault(fold_name(known.name), []).append(known)

    @cached_property
    def _like(self) -> "LikeNames[Key]":
        return LikeNames(self._names)

    def match(self, text: str) -> Match[Key]:
        """Recognise a name as `recognise` does, else return the likeliest candidates."""
        sure = self.recognise(text)
        if sure.kind is not MatchKind.NONE:
            return sure
        likely = self._like.rank(text)[:CANDIDATES_MAX]
        return Match(MatchKind.CANDIDATES, candidates=tuple(likely)) if likely else sure

    def recognise(self, text: str) -> Match[Key]:
        """Recognise a name: as written, then as an alias, then folded; names that only look alike do not count.

        Where one writing belongs to several bodies, own names go before aliases and bodies that exist before closed
        ones; what is still several is never guessed but returned as candidates.
        """
        exact = self._exact.get(text.strip().casefold(), [])
        folded = self._folded.get(fold_name(text), []) if fold_name(text) else []
        for kind, known in (
            (MatchKind.NAME, [one for one in exact if not one.is_alias]),
            (MatchKind.ALIAS, exact),
            (MatchKind.FOLDED, folded),
        ):
            keys = _preferred(known)
            if len(keys) == 1:
                return Match(kind, key=keys[0])
            if keys:
                return Match(MatchKind.CANDIDATES, candidates=tuple(keys[:CANDIDATES_MAX]))
        return Match(MatchKind.NONE)


def _preferred(known: Sequence[KnownName[Key]]) -> list[Key]:
    if not known:
        return []
    best = min((not one.is_live, one.is_alias) for one in known)
    return list(dict.fromkeys(one.key for one in known if (not one.is_live, one.is_alias) == best))


class LikeNames(Generic[Key]):
    """All names of a register by the three letters in a row they have: which are alike is told without reading all."""

    def __init__(self, names: Iterable[KnownName[Key]]) -> None:
        self._names = list(names)
        self._sizes: list[int] = []
        self._having: dict[str, list[int]] = {}
        for place, known in enumerate(self._names):
            trigrams = _trigrams(fold_name(known.name))
            self._sizes.append(len(trigrams))
            for trigram in trigrams:
                self._having.setdefault(trigram, []).append(place)

    def rank(self, text: str, floor: float = CANDIDATE_FLOOR) -> list[Key]:
        """Return the keys whose names are alike to `text`, the likest first, each once; none below `floor`.

        How alike two names are: twice what they share as a part of what both have, 1 for the same (Dice).
        """
        wanted = _trigrams(fold_name(text))
        shared = Counter(place for trigram in wanted for place in self._having.get(trigram, ()))
        best: dict[Key, tuple[float, bool, str]] = {}
        for place, count in shared.items():
            known, score = self._names[place], 2 * count / (len(wanted) + self._sizes[place])
            rank = (-score, not known.is_live, known.name)
            if score >= floor and (known.key not in best or rank < best[known.key]):
                best[known.key] = rank
        return sorted(best, key=lambda key: best[key])


def _trigrams(folded: str) -> frozenset[str]:
    padded = f"  {folded} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2)) if folded else frozenset()
