# ruff: noqa: RUF001 - lookalike letters are what these tests are about
"""The gate against a corpus: every way of writing made-up identities is stopped, ordinary letters are let through."""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.disclosure.amounts import figures_of
from mystery_shopper.disclosure.policy import scan
from mystery_shopper.disclosure.terms import IdentityDetails, Term, build_terms

SEED = 20261126
LEAST = 300
MOST_STOPPED = 0.02
AROUND = (
    "The supplier told us so. {} asked why the bond is so high.",
    "Please see the annex of {} for the reasons.",
    "On the phone: {}, who has bid before.",
)
FIRST = ("Priya", "Gethin", "Oluwaseun", "Marged", "Tomasz", "Siobhan")
LAST = ("Oyelaran", "Llewelyn-Pryce", "Wojciechowski", "Featherstonehaugh", "Brankovic", "Ashgrove")
FIRM = ("Kestrelway", "Brightwater", "Quillfern", "Tamarisk", "Ostrelby", "Zephyrine")
TRADE = ("Catering Ltd", "Facilities Services Limited", "Care CIC", "& Sons Ltd", "Health Mutual CIC", "Logistics LLP")
BIDS = (412_350, 1_287_500, 98_500, 2_345_678, 746_920, 1_200_000)
FILES = (
    "Fernhollow menus_autumn v2.docx",
    "mbrt_response-v2.pdf",
    "Nightingale kitchens and the tender.odt",
    "costings zebrano 2026.xlsx",
    "Larkspur to council (final).msg",
    "GreySquirrelHygienePlan.pdf",
)
LISTED = ("Hollyhock", "Project Larkspur", "cook-chill hub", "Saltmarsh Lane", "Ostrichfield", "Penelope")
SCALES = {1_000: ("k", "K", " thousand"), 1_000_000: ("m", "mn", " m", " million", " million pounds")}
DIGITS_LOOKALIKE = str.maketrans({"0": "O", "1": "l"})
LEAST_OF_EACH = 100
LOOKALIKES = str.maketrans({"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "i": "і", "y": "у", "x": "х"})
ZERO_WIDTH = ("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad")


def identities() -> Iterator[IdentityDetails]:
    """Make identities: the same ones each time."""
    chosen = random.Random(SEED)
    for number, (first, last, firm, trade) in enumerate(zip(FIRST, LAST, FIRM, TRADE, strict=True)):
        domain = f"{firm.lower()}.{('co.uk', 'example', 'org.uk')[number % 3]}"
        yield IdentityDetails(
            names=(f"{first} {last}",),
            organisations=(f"{firm} {trade}",),
            emails=(f"{first.lower()}.{last.lower().replace('-', '')}@{domain}",),
            phones=(f"+44 (0)20 7946 {chosen.randrange(1000, 9999)}",),
            postcodes=(f"ZZ{number + 1} {chosen.randrange(1, 9)}QX",),
            company_numbers=(f"0{chosen.randrange(1_000_000, 9_999_999)}",),
        )


def _spaced(word: str) -> str:
    return " ".join(word)


def _hidden(word: str) -> str:
    return "".join(letter + mark for letter, mark in zip(word, itertools.cycle(ZERO_WIDTH), strict=False))


def _full_width(word: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)


WRITTEN: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "capitals": str.upper,
    "small letters": str.lower,
    "spaced out": _spaced,
    "with dots": ".".join,
    "with hyphens": "-".join,
    "zero-width": _hidden,
    "lookalikes": lambda word: word.lower().translate(LOOKALIKES),
    "full width": _full_width,
    "over two lines": lambda word: f"{word[:4]}-\n{word[4:]}",
    "over two lines, bare": lambda word: f"{word[:4]}\r\n{word[4:]}",
    "one letter twice": lambda word: word[:4] + word[3] + word[4:],
    "one letter less": lambda word: word[:4] + word[5:],
    "one letter wrong": lambda word: f"{word[:4]}z{word[5:]}",
    "in a file name": lambda word: f"Bid_{word}_v2 (final).docx",
    "in a path": lambda word: rf"D:\Shared\{word}\tender.pdf",
    "possessive": lambda word: f"{word}’s",
}


def phone_formats(phone: str) -> Iterator[str]:
    """Write a London number as people do."""
    last = phone[-4:]
    yield from (phone, f"020 7946 {last}", f"0207946{last}", f"(020) 7946-{last}", f"+44207946{last}")
    yield from (f"0044 20 7946 {last}", f"020.7946.{last}", f"02079 46{last[:2]} {last[2:]}", f"tel:+44-20-7946-{last}")


def variants(who: IdentityDetails) -> Iterator[str]:
    """Write everything an identity holds in every way."""
    firm, last = who.organisations[0].split()[0], who.names[0].split()[-1].replace("-", "")
    for written in WRITTEN.values():
        yield written(firm)
        yield written(last)
    first, domain = who.names[0].split()[0], who.emails[0].partition("@")[2]
    yield from (who.names[0], f"{last}, {first}", who.organisations[0], who.organisations[0].upper())
    yield from (who.emails[0], who.emails[0].upper(), domain, f"www.{domain}", f"https://{domain}/about", f"@{domain}")
    yield from phone_formats(who.phones[0])
    code, number = who.postcodes[0], who.company_numbers[0]
    yield from (code, code.replace(" ", ""), code.lower(), code.replace(" ", "\u00a0"), code.replace(" ", "\n"))
    yield from (number, f"{number[:2]} {number[2:]}", f"No. {number}", "-".join((number[:4], number[4:])))


def harmless() -> Iterator[str]:
    """Write letters that name nobody, with the words, sums and numbers that letters have."""
    bodies = ("Barchester City Council", "Nowhere Borough Council", "Anytown NHS Trust", "the Ministry of Examples")
    asks = (
        "asked for a bond of £{sum} on a contract of {years} years",
        "wants {years} years of audited accounts and a turnover of £{sum}",
        "gave {years} days to bid for a contract worth £{sum}",
        "scores suppliers on insurance of £{sum}, held for {years} years",
    )
    ends = (
        "Please explain the reason by 14 April 2026 and quote reference PROC-{number}.",
        "The notice is 2026/S 000-0{number}. Facilities, catering and care services are bought together.",
        "A small firm and its sons, a mutual or a limited company could not bid. Ring 0345 010 {number}.",
        "Health care, logistics and the way suppliers are chosen matter. See section {years} of annex {number}.",
    )
    chosen = random.Random(SEED)
    for body, ask, end in itertools.product(bodies, asks, ends):
        for _ in range(5):
            values = {"sum": f"{chosen.randrange(1, 99) * 100_000:,}", "years": chosen.randrange(1, 9)}
            yield f"{body} {ask} {end}".format(number=chosen.randrange(1000, 9999), **values)


def spell_amounts(pounds: int) -> Iterator[str]:
    """Write an amount as people do, and as they do who hope that it is not found."""
    figures, digits = f"{pounds:,}", str(pounds)
    yield from (f"£{figures}", digits, f"£{digits}", f"{figures}.00", f"£{figures}.00", f"£ {figures}")
    yield from (f"GBP {figures}", f"{digits} pounds", f"£{figures}+VAT", f"£{figures} (excluding VAT)")
    yield from (figures.replace(",", space) for space in (" ", "\u00a0", "\u202f", ".", ",\n", ",-\r\n"))
    for scale, names in SCALES.items():
        short = f"{pounds / scale:.6f}".rstrip("0").rstrip(".")
        yield from (f"£{short}{name}" for name in names)
    yield from (
        _hidden(f"£{figures}"),
        _full_width(figures),
        f"Price_{digits}_v2.xlsx",
        f"Bid{digits}final.xlsx",
        f"£{figures}each",
    )
    if not set(figures) <= set("01,"):
        yield figures.translate(DIGITS_LOOKALIKE)
    rounded = f"{pounds:.3g}"
    if float(rounded) != pounds and len(rounded.partition("e")[0].strip("0").replace(".", "")) == len("412"):
        yield from (f"about £{float(rounded):,.0f}", f"£{float(rounded) / 1000:g}k")


def spell_files(name: str) -> Iterator[str]:
    """Write the name of a file in every way."""
    stem, _, ending = name.rpartition(".")
    spaced = stem.replace("_", " ").replace("-", " ")
    yield from (name, stem, spaced, stem.upper(), stem.lower(), stem.replace(" ", ""), f"“{spaced}”")
    yield from (f"{stem} (1).{ending}", f"{stem}.zip", f"{stem[:4]}z{stem[5:]}", stem[:-1])
    yield from (f"C:\\Users\\jane\\{name}", spaced.replace(" ", "\n"), spaced.replace(" ", "."))
    yield from (_hidden(stem), _full_width(stem), stem.lower().translate(LOOKALIKES))


@pytest.mark.parametrize("spelling", ["amounts", "files", "words"])
def test_every_way_of_writing_what_is_on_a_case_is_stopped(spelling: str) -> None:
    tried, missed = 0, []
    for value, name, word in zip(BIDS, FILES, LISTED, strict=True):
        details, ways = {
            "amounts": (IdentityDetails(bid_values=figures_of(value)), spell_amounts(value)),
            "files": (IdentityDetails(file_names=(name,)), spell_files(name)),
            "words": (IdentityDetails(extra_words=(word,)), (write(word) for write in WRITTEN.values())),
        }[spelling]
        terms = build_terms([details], public_words="Barchester City Council", public_titles="Meals for schools")
        for way, around in zip(ways, itertools.cycle(AROUND), strict=False):
            tried += 1
            if not stopped(around.format(way), terms):
                missed.append((value, name, word, way))
    assert tried >= LEAST_OF_EACH
    assert missed == []


@given(pounds=st.integers(10_000, 99_999_999), other=st.integers(10_000, 99_999_999))
def test_an_amount_is_found_in_every_writing_and_no_other_one_is(pounds: int, other: int) -> None:
    terms = build_terms([IdentityDetails(bid_values=figures_of(pounds))])
    for way in spell_amounts(pounds):
        assert stopped(f"They were told {way} by somebody.", terms), way
    if figures_of(pounds).isdisjoint(figures_of(other)):
        assert not stopped(f"They were told £{other:,} by somebody.", terms)


def stopped(text: str, terms: tuple[Term, ...]) -> bool:
    return bool(scan(text, terms))


def test_every_variant_of_every_identity_is_stopped() -> None:
    tried, missed = 0, []
    for who in identities():
        terms = build_terms([who], public_words="Barchester City Council")
        for variant, around in zip(variants(who), itertools.cycle(AROUND), strict=False):
            tried += 1
            if not stopped(around.format(variant), terms):
                missed.append(variant)
    assert tried >= LEAST
    assert missed == []


def test_ordinary_letters_are_let_through() -> None:
    bids = frozenset().union(*(figures_of(value) for value in BIDS))
    on_case = IdentityDetails(file_names=FILES, extra_words=LISTED, bid_values=bids)
    terms = build_terms([*identities(), on_case], public_words="Barchester City Council")
    texts = list(harmless())
    wrongly = [text for text in texts if stopped(text, terms)]
    assert len(texts) >= LEAST
    assert len(set(texts)) >= LEAST
    assert len(wrongly) <= MOST_STOPPED * len(texts), wrongly[:5]
