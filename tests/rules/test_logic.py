"""Three-valued logic: the whole truth tables, and comparisons of values that are only known within bounds."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.rules.logic import Truth, Unknown, Value, all_of, any_of, more_than, negated, same

UNKNOWN = Unknown(frozenset({"x"}))
TRUTHS: list[Truth] = [False, UNKNOWN, True]
RANK = {False: 0, None: 1, True: 2}
BACK = {0: False, 1: None, 2: True}


def plain(truth: Truth) -> bool | None:
    return None if isinstance(truth, Unknown) else truth


@pytest.mark.parametrize("truths", [list(row) for size in (1, 2, 3) for row in product(TRUTHS, repeat=size)])
def test_all_and_any_follow_the_tables_of_kleene(truths: list[Truth]) -> None:
    ranks = [RANK[plain(truth)] for truth in truths]

    assert plain(all_of(truths)) is BACK[min(ranks)]
    assert plain(any_of(truths)) is BACK[max(ranks)]


@pytest.mark.parametrize(("truth", "opposite"), [(True, False), (False, True), (UNKNOWN, None)])
def test_not_leaves_the_unknown_unknown(truth: Truth, opposite: bool | None) -> None:
    assert plain(negated(truth)) is opposite


def test_an_unknown_answer_names_every_fact_that_could_settle_it() -> None:
    answer = all_of([Unknown(frozenset({"a"})), True, Unknown(frozenset({"b"}))])

    assert isinstance(answer, Unknown)
    assert answer.facts == {"a", "b"}


SPANS = st.tuples(st.integers(-5, 5), st.integers(0, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def value_of(span: tuple[int, int]) -> Value:
    low, high = span
    return low if low == high else Unknown(frozenset({"x"}), low=low, high=high)


@given(left=SPANS, right=SPANS)
def test_a_comparison_is_settled_exactly_when_every_possible_pair_agrees(
    left: tuple[int, int], right: tuple[int, int]
) -> None:
    pairs = list(product(range(left[0], left[1] + 1), range(right[0], right[1] + 1)))
    more = {one > other for one, other in pairs}
    equal = {one == other for one, other in pairs}

    assert plain(more_than(value_of(left), value_of(right))) is (more.pop() if len(more) == 1 else None)
    assert plain(same(value_of(left), value_of(right))) is (equal.pop() if len(equal) == 1 else None)


def test_a_choice_that_cannot_be_an_option_any_more_is_not_that_option() -> None:
    left = Unknown(frozenset({"kind"}), options=frozenset({"goods", "services"}))

    assert same(left, "works") is False
    assert plain(same(left, "goods")) is None
