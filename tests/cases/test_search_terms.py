"""What is typed into the search box, as terms: any text is a query, none is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.cases.search import words
from mystery_shopper.cases.search_terms import Term, Terms, read_terms


@pytest.mark.parametrize(
    ("query", "groups", "unwanted"),
    [
        ("bond tender", [["bond"], ["tender"]], []),
        ('"performance bond" council', [["performance bond"], ["council"]], []),
        ("bond OR guarantee council", [["bond", "guarantee"], ["council"]], []),
        ('bond OR "parent company" OR surety', [["bond", "parent company", "surety"]], []),
        ('bond -framework -"late payment"', [["bond"]], ["framework", "late payment"]),
        ("OR bond", [["bond"]], []),
        ("bond OR", [["bond"]], []),
        ('bond "open quote', [["bond"], ["open quote"]], []),
        ("or and not", [["or"], ["and"], ["not"]], []),
        ("well-known - thing", [["well-known"], ["-"], ["thing"]], []),
        ("-only", [], ["only"]),
        ("", [], []),
    ],
)
def test_operators(query: str, groups: list[list[str]], unwanted: list[str]) -> None:
    assert read_terms(query) == Terms(
        tuple(tuple(Term(words) for words in group) for group in groups),
        tuple(Term(words, is_unwanted=True) for words in unwanted),
    )


@given(st.text(alphabet='ab "-OR()*:&|!^', max_size=60))
def test_any_text_is_a_query_and_no_group_is_empty(query: str) -> None:
    found = read_terms(query)
    assert all(found.groups)
    assert not any(term.is_unwanted for group in found.groups for term in group)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Caf\u00e9", "Cafe\u0301"),
        ("Ll\u0177r", "Lly\u0302r"),
        ("stra\u00dfe", "STRASSE"),
        ("\u0130stanbul", "istanbul"),
        ("\ufb01rm", "firm"),
        ("\uff21cme", "acme"),
    ],
)
def test_a_word_is_found_however_its_letters_are_composed(one: str, other: str) -> None:
    assert words(one) == words(other)
