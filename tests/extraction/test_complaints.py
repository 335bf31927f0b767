"""Complaints told in free words: cues that stand together, what takes their force away, and their data file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.extraction.lexicon import DATA, load_lexicon
from mystery_shopper.extraction.patterns import PatternError, first_stems, match_pattern, read_pattern
from mystery_shopper.extraction.reader import extract
from mystery_shopper.extraction.tokens import tokenize
from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.facts.registry import registry


@pytest.mark.parametrize(
    ("text", "fact_id"),
    [
        ("Our bill lay untouched in the finance office for 94 days.", "late_payment_said"),
        ("We finished the roof in March. It is now July and the invoice has not been settled.", "late_payment_said"),
        ("The main contractor has been paid; we are still waiting for our money.", "subcontractor_paid_late_said"),
        ("They gave us nine days to price the whole scheme.", "time_said_too_short"),
        ("Firms had eight days to express an interest.", "participation_time_said_too_short"),
        ("The parish wanted three quotes back by Friday noon.", "quote_time_said_too_short"),
        ("We asked for a debrief twice. Nothing.", "feedback_said_missing"),
        ("The weightings were altered after bids were in.", "criteria_changed_after_notice"),
        ("The trust pulled the tender and we were given no reason.", "cancelled"),
        ("Twelve orders of £24,900 each, all kept just below the threshold.", "splitting_said"),
        ("The deal has been extended four times without a new tender.", "modification_said"),
        ("They had signed the contract before the losers were told.", "standstill_said_broken"),
        ("Nobody can find out who won or at what price.", "award_said_unpublished"),
        ("Revised drawings arrived the night before tenders were due.", "late_answers_said"),
    ],
)
def test_a_complaint_in_free_words_is_recognised(text: str, fact_id: str) -> None:
    assert extract(text).values().get(fact_id) is True


@pytest.mark.parametrize(
    "text",
    [
        "They never paid us late.",
        "The Act says that a buyer must give feedback and explain why a bid lost.",
        "If they refused feedback we would ask again.",
        "Suppose the council signed the contract before the losers were told.",
        "We were given plenty of time to bid.",
        "The council denied that the contract had been awarded without competition.",
        "In a survey half of the suppliers said invoices had been paid late.",
        "Feedback was never refused.",
        "There was no demand for a bond or a guarantee.",
        "The passengers waited 90 minutes for their money back.",
    ],
)
def test_law_denial_supposition_praise_and_statistics_are_no_complaints(text: str) -> None:
    said = {name for name in extract(text).values() if name.endswith("_said") or name in ("bond_required", "cancelled")}

    assert said == set()
    assert "competition_held" not in extract(text).values()


def test_short_forms_of_not_are_read_as_not() -> None:
    assert [token.text for token in tokenize("didn't can\u2019t won't")] == ["did", "not", "can", "not", "will", "not"]
    assert "bond_required" not in extract("The council didn't ask for a bond.").values()


def test_what_is_left_of_a_line_end_ends_a_clause_and_no_word() -> None:
    found = extract("Turnover of 200,000 GBP for the last 3 yearsrn Contractors return 4 forms.").values()

    assert (found["min_turnover_gbp"], found["min_years_accounts"]) == (20_000_000, 3)


def test_values_in_a_row_are_a_range() -> None:
    finding = next(f for f in extract("Public liability of 2m, 5m and 10m is asked for.").findings)

    assert (finding.value, finding.alternatives[-1].value) == (1_000_000_000, 200_000_000)


def test_a_phrase_with_choices_is_matched_in_each_of_its_ways() -> None:
    pattern = read_pattern("none", "(not|never) (been |)(told|shown) * why")

    for text in ("not told why", "never been shown", "never been shown the marks or why"):
        stems = tuple(token.stem for token in tokenize(text))
        assert bool(match_pattern(stems, 0, pattern)) is text.endswith("why")
    assert first_stems(pattern) == {"not", "never"}


@pytest.mark.parametrize("text", ["* (a|b)", "(a|b) *", "(a|b * c)", "(a|)"])
def test_a_phrase_that_cannot_be_matched_is_refused(text: str) -> None:
    with pytest.raises(PatternError):
        read_pattern("none", text)


@given(st.lists(st.sampled_from(["not", "never", "been", "told", "shown", "why", "x"]), max_size=12))
def test_a_match_never_ends_beyond_the_text(words: list[str]) -> None:
    pattern = read_pattern("none", "(not|never) (been |)(told|shown) * why")
    stems = tuple(token.stem for token in tokenize(" ".join(words)))

    for at in range(len(stems)):
        assert match_pattern(stems, at, pattern) <= len(stems)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("guards: [law_talk,", "guards: [no_such_cue,", "there is no concept 'no_such_cue'"),
        ("contexts: [lower_down,", "contexts: [no_such_cue,", "there is no concept 'no_such_cue'"),
        ("all: [owed_us], unless", "all: [owed_us|no_such_cue], unless", "there is no concept 'no_such_cue'"),
        ("{fact: late_payment_said, all: [owed_us]", "{fact: no_such_fact, all: [owed_us]", "no_such_fact"),
        ("{cue: huge_sum, measure: money", "{cue: huge_sum, measure: stones", "measure"),
        ("within: 20}", "within: 2000}", "within"),
    ],
)
def test_a_wrong_data_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / "complaints.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DocumentError) as caught:
        load_lexicon(tmp_path / "data", registry())

    assert message in str(caught.value)
    assert f"{path}:" in str(caught.value)
