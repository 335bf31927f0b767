# ruff: noqa: RUF001 - lookalike letters are what these tests are about
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.disclosure.amounts import figures_of
from mystery_shopper.disclosure.folding import fold, fold_words
from mystery_shopper.disclosure.policy import _is_one_edit_away, scan
from mystery_shopper.disclosure.terms import IdentityDetails, TermKind, build_terms

ACME = IdentityDetails(
    names=("Dr Priya Oyelaran",),
    organisations=("Acme Facilities Services Ltd",),
    trading_names=("Brightwater & Sons; Kestrelway",),
    emails=("p.oyelaran@acme-fs.co.uk",),
    phones=("+44 (0)20 7946 0958",),
    postcodes=("ZZ1 4QX",),
    company_numbers=("00123456",),
    extra_words=("Project Tamarisk",),
    file_names=("Fernhollow menus_autumn v2.docx", "scan001.pdf"),
    bid_values=figures_of(412_350),
)
TERMS = build_terms([ACME], public_words="Barchester City Council")

CAUGHT = [
    "Acme",
    "ACME",
    "acme",
    "A.C.M.E",
    "A. C. M. E. Ltd",
    "A-c-m-e",
    "Ac\nme",
    "Ac-\nme",
    "Ac\r\nme",
    "Ac\u00adme",
    "Ac\u200bme",
    "\ufeffAcme",
    "\u2066Acme\u2069",
    "Ac\U000e0041me",
    "Аcmе",
    "Αcme",
    "Ａｃｍｅ",
    "𝐀𝐜𝐦𝐞",
    "Ⓐⓒⓜⓔ",
    "Ácmë",
    "A\u0301cme",
    "acme’s",
    "“Acme”",
    "Acme-led",
    "acme/other",
    "acme-fs.co.uk",
    "www.acme-fs.co.uk",
    "someone@acme-fs.co.uk",
    "Acme Facilities Services Limited",
    "AcmeFacilitiesServices",
    "Acme Facilites Services Ltd",
    "Oyelaran",
    "OYELARAN",
    "Oyelaren",
    "Oyelarann",
    "Oyelran",
    "Priya",
    "Ms P. Oyelaran",
    "Oyelaran, Priya",
    "p.oyelaran",
    "020 7946 0958",
    "02079460958",
    "0044 20 7946 0958",
    "(020) 7946-0958",
    "+442079460958",
    "zz14qx",
    "ZZ1 4QX",
    "ZZ1\u00a04QX",
    "00123456",
    "Brightwater and Sons",
    "Brightwater & Sons",
    "Brightwater Sons",
    "Brightwatter",
    "Kestrelway",
    "kestrel way",
    "project tamarisk",
    "Project  Tamarisk",
    "Fernhollow_menus_autumn_v2.docx",
    "fernhollow menus autumn v2",
    "FernhollowMenusAutumnV2",
    "Fernholow menus-autumn v2.pdf",
    "Fernhollow menus\nautumn v2",
    "Scan001.PDF",
    "£412,350",
    "412350",
    "£412 350.00",
    "£412.35k",
    "0.41235 million",
    "£412k",
    "£412,\n350",
    "£4l2,35O",
    "£4\u200b12,350",
    "４１２，３５０",
    "GBP412350",
]

NOT_CAUGHT = [
    "",
    "The authority asked for a bond of £5,000,000 on a contract worth £1,200,000.",
    "facilities services",
    "The limited company services for the contract.",
    "placement of staff",
    "the acmeist movement",
    "Barchester City Council",
    "The sons of the founder",
    "20 July 2025, 79 firms, 46 bids, 09:58",
    "project management",
    "A supplier said that financial standing was tested on five years of accounts.",
    "Menus for the autumn, version 2, in docx",
    "Fernhollow",
    "scan 001",
    "£412,351 and £41,235 and £412m and £4,123,500",
    "PROC-4123501, 41235 meals",
]


@pytest.mark.parametrize("words", CAUGHT)
def test_every_way_of_writing_the_identity_is_caught(words: str):
    text = f"The supplier said so before. {words} asked the council why."
    hits = scan(text, TERMS)
    assert hits, text
    for hit in hits:
        assert text[hit.start : hit.end] == hit.quoted
        assert hit.start < text.index(words) + len(words)
        assert hit.end > text.index(words)


@pytest.mark.parametrize("text", NOT_CAUGHT)
def test_ordinary_text_is_let_through(text: str):
    assert scan(text, TERMS) == ()


def test_a_hit_says_what_kind_of_trace_it_is():
    text = "Acme, Oyelaran, ZZ1 4QX, 020 7946 0958, 00123456, Project Tamarisk. scan001.pdf: £412k"
    kinds = {hit.kind for hit in scan(text, TERMS)}
    assert kinds == {
        TermKind.ORGANISATION,
        TermKind.NAME,
        TermKind.POSTCODE,
        TermKind.PHONE,
        TermKind.COMPANY_NUMBER,
        TermKind.OTHER,
        TermKind.FILE_NAME,
        TermKind.BID_VALUE,
    }


def test_overlapping_traces_become_the_longest_one():
    (hit,) = scan("We heard from Acme Facilities Services Ltd.", TERMS)
    assert hit.quoted == "Acme Facilities Services Ltd"
    assert hit.reason == "the name of an organisation"


def test_a_word_of_the_authoritys_own_name_does_not_count_alone():
    firm = IdentityDetails(organisations=("Barchester Nursing Ltd",))
    terms = build_terms([firm], public_words="Barchester City Council")
    assert scan("Barchester City Council answered.", terms) == ()
    assert scan("Barchester Nursing asked.", terms)
    assert scan("Barchester asked.", build_terms([firm]))


@pytest.mark.parametrize("name", ["The Green Company Ltd", "Community Care Services", "First Choice Limited"])
def test_the_common_words_of_a_firms_name_never_count_alone(name: str):
    terms = build_terms([IdentityDetails(organisations=(name,))])
    assert scan(name, terms)
    for word in name.split():
        assert scan(f"so {word} it is", terms) == ()


def test_a_shared_mail_provider_is_no_trace():
    terms = build_terms([IdentityDetails(emails=("kestrelway@gmail.com",))])
    assert scan("Write to gmail.com or Gmail", terms) == ()
    assert scan("kestrelway", terms)


@pytest.mark.parametrize("mailbox", ["info", "sales", "enquiries", "procurement"])
def test_a_mailbox_many_firms_have_is_no_trace(mailbox: str):
    terms = build_terms([IdentityDetails(emails=(f"{mailbox}@kestrelway.co.uk",))])
    assert scan(f"Write to {mailbox}", terms) == ()


def test_a_fuzzy_match_is_never_an_ordinary_word():
    terms = build_terms([IdentityDetails(organisations=("Councill",), names=("Ada Contracts",))])
    assert scan("The council let the contract.", terms) == ()


def test_nobody_to_protect_gives_no_terms():
    assert build_terms([]) == ()
    assert build_terms([IdentityDetails(names=("",), emails=("not an address",), phones=("12",))]) == ()


def test_terms_have_a_fixed_order_and_no_doubles():
    twice = build_terms([ACME, ACME])
    assert list(twice) == sorted(set(twice))


@given(text=st.text(max_size=400))
def test_folding_never_raises_and_remembers_where_letters_stood(text: str):
    folded = fold(text)
    assert len(folded.origins) == len(folded.letters) == len(folded.word_starts) - 1
    assert folded.origins == sorted(folded.origins)
    assert "".join(fold_words(text)) == folded.letters


@given(text=st.text(max_size=200))
def test_folding_a_folded_text_changes_nothing(text: str):
    once = fold(text).letters
    assert fold(once).letters == once


@given(
    before=st.text(max_size=60),
    after=st.text(max_size=60),
    gaps=st.lists(st.sampled_from(["", "\u200b", "\u00ad", "\u2060", "\ufeff", "\n", "-\n"]), min_size=9, max_size=9),
    upper=st.lists(st.booleans(), min_size=10, max_size=10),
)
def test_a_long_term_is_found_whatever_stands_around_and_between(
    before: str, after: str, gaps: list[str], upper: list[bool]
):
    letters = [letter.upper() if big else letter for letter, big in zip("kestrelway", upper, strict=True)]
    written = "".join(letter + gap for letter, gap in zip(letters, [*gaps, ""], strict=True))
    assert scan(f"{before} {written} {after}", TERMS)


@given(word=st.text("abcdef", min_size=1, max_size=9), place=st.integers(0, 9), letter=st.sampled_from("abcdefg"))
def test_one_edit_is_one_edit(word: str, place: int, letter: str):
    place = min(place, len(word))
    assert _is_one_edit_away(word, word)
    assert _is_one_edit_away(word, word[:place] + letter + word[place:])
    assert _is_one_edit_away(word, word[:place] + letter + word[place + 1 :])
    assert _is_one_edit_away(word, word[:place] + word[place + 1 :])
    assert not _is_one_edit_away(word, word + "xy")


@given(left=st.text("abc", max_size=6), right=st.text("abc", max_size=6))
def test_one_edit_agrees_with_the_distance_table(left: str, right: str):
    assert _is_one_edit_away(left, right) == (_distance(left, right) <= 1)


def _distance(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        scan(text, TERMS)
        best = min(best, time.process_time() - started)
    return best


def test_a_hundred_kilobytes_take_less_than_fifty_milliseconds():
    sentence = "The authority asked every bidder for a performance bond above the value of the contract. "
    text = (sentence * 1200)[:100_000]
    scan(text[:1000], TERMS)
    assert _seconds(text) < 0.05


@pytest.mark.parametrize(
    "unit", ["kestr ", "elway ", "a c m e ", "oyel aran", "acm", "-\u200b", "20794609 58", "412 350 ", "a4"]
)
def test_the_worst_text_takes_time_in_proportion_to_its_length(unit: str):
    short = _seconds((unit * 20_000)[:20_000])
    long = _seconds((unit * 100_000)[:100_000])
    assert long < 5 * short * 3 + 0.02


@pytest.mark.parametrize(
    "odd",
    ["\u200b", "\u202e", "\ufeff", "\u2066", "\u2069", "\U000e0041", "\u00ad", "\u034f", "\u0301", "\u0301" * 100],
)
def test_characters_nobody_sees_hide_no_name_from_the_gate(odd: str):
    for place in range(1, len("kestrelway")):
        text = "We heard that " + "Kestrelway"[:place] + odd + "Kestrelway"[place:] + " asked"
        assert scan(text, TERMS), (odd, place)
