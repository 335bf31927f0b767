"""Marks and likeness of texts, references, thresholds and the order of suggestions."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.cases.search import words
from mystery_shopper.similarity import policy
from mystery_shopper.similarity.policy import Because, Reason, Threshold, thresholds
from tests.similarity.measure import KEY, make_text, measure_copies, measure_strangers

OTHER_KEY = bytes([1]) * 32
TEXT = make_text(random.Random(7))
WORDS = st.lists(
    st.sampled_from(["bond", "lot", "tender", "price", "trust", "firm", "year", "pound", "law", "clause"]), max_size=60
)


def marks(text: str, key: bytes = KEY) -> frozenset[bytes]:
    return policy.text_marks(policy.runs_of(words(text), key), key)


class TestMeasured:
    def test_a_copy_with_a_tenth_of_its_words_changed_and_its_sentences_shuffled_is_found(self) -> None:
        assert measure_copies(150, changed=0.1, seed=11).found >= 0.9

    def test_a_copy_with_few_changes_is_always_found(self) -> None:
        assert measure_copies(150, changed=0.02, seed=12).found == 1

    def test_of_unrelated_reports_hardly_a_pair_is_called_similar(self) -> None:
        assert measure_strangers(300, seed=13).found <= 0.001


class TestMarks:
    def test_the_same_text_has_the_same_marks_and_another_key_has_none_of_them(self) -> None:
        assert marks(TEXT) == marks(TEXT.upper())
        assert len(marks(TEXT)) == policy.BANDS
        assert marks(TEXT).isdisjoint(marks(TEXT, OTHER_KEY))

    def test_a_mark_holds_no_word(self) -> None:
        assert all(len(mark) == policy.MARK_BYTES for mark in marks(TEXT))
        assert not any(word.encode() in mark for mark in marks(TEXT) for word in words(TEXT) if len(word) > 3)

    def test_a_text_too_short_to_compare_has_none(self) -> None:
        assert marks("A bond of five million pounds is asked for.") == frozenset()
        assert marks("") == frozenset()

    @given(WORDS, WORDS)
    def test_likeness_is_a_share_and_the_same_both_ways(self, left: list[str], right: list[str]) -> None:
        one, other = policy.runs_of(left, KEY), policy.runs_of(right, KEY)
        assert 0 <= policy.likeness(one, other) <= 1
        assert policy.likeness(one, other) == policy.likeness(other, one)
        assert policy.likeness(one, one) == (1 if one else 0)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2025/S 000-123456", "2025s000123456"),
        (" 2025/s 000 123456 ", "2025s000123456"),
        ("ocds-h6vhtk-04a1b2", "ocdsh6vhtk04a1b2"),
        ("12345", ""),
        ("none given", ""),
        ("", ""),
    ],
)
def test_a_notice_reference_is_compared_without_signs_and_needs_a_number(typed: str, kept: str) -> None:
    assert policy.notice_reference(typed) == kept


def test_every_threshold_is_given() -> None:
    assert set(thresholds()) == set(Threshold)
    assert 0 < thresholds()[Threshold.TEXT] < policy.PER_CENT


def test_a_notice_ranks_above_a_text_and_a_text_above_shared_rules() -> None:
    notice, text = [Reason(Because.NOTICE, 1)], [Reason(Because.TEXT, 99), Reason(Because.TEXT, 40)]
    rules = [Reason(Because.RULE, 5, ("FIN-BOND",))]
    assert sorted([rules, text, notice], key=policy.rank, reverse=True) == [notice, text, rules]
    assert policy.rank(text) > policy.rank([Reason(Because.TEXT, 98), *rules])


def test_a_reason_is_said_in_words() -> None:
    titles = {"FIN-BOND": "Bond or guarantee too high"}
    said = policy.in_words(Reason(Because.RULE, 2, ("FIN-BOND", "GONE-RULE")), titles)
    assert said == "Same authority, and raises the same rule: Bond or guarantee too high; GONE-RULE"
    assert "41%" in policy.in_words(Reason(Because.TEXT, 41), titles)
