"""The scope table: every combination of answers meets one row, and the questions asked are the ones needed."""

from itertools import product

import pytest

from mystery_shopper.intake.scope import QUESTIONS, ScopeResult, decide, next_question, rows

COMBINATIONS = [
    dict(zip(QUESTIONS, answers, strict=True))
    for answers in product(*([kind.value for kind in kinds] for kinds in QUESTIONS.values()))
]


def test_each_combination_of_answers_meets_exactly_one_row() -> None:
    assert len(COMBINATIONS) == 6 * 3**4
    for given in COMBINATIONS:
        assert sum(row.meets(given) for row in rows()) == 1, given


def test_every_row_is_met_by_some_answers() -> None:
    for row in rows():
        assert any(row.meets(given) for given in COMBINATIONS), row.line


def test_whoever_answers_the_questions_asked_gets_the_result_of_the_whole_table() -> None:
    for full in COMBINATIONS:
        given: dict[str, str] = {}
        while (question := next_question(given)) is not None:
            given[question] = full[question]
        assert decide(given) == decide(full)


def test_no_question_is_asked_after_the_answer_is_known() -> None:
    assert next_question({"body": "school"}) is None
    assert next_question({"body": "english-public-body", "specific": "no"}) is None
    assert next_question({}) == "body"


@pytest.mark.parametrize(
    ("changed", "result", "heading"),
    [
        ({}, ScopeResult.IN_SCOPE, None),
        ({"body": "main-contractor"}, ScopeResult.IN_SCOPE, None),
        ({"body": "school"}, ScopeResult.ELSEWHERE, "schools"),
        ({"body": "devolved"}, ScopeResult.ELSEWHERE, "devolved"),
        ({"body": "private-utility"}, ScopeResult.ELSEWHERE, "utilities"),
        ({"specific": "no"}, ScopeResult.ELSEWHERE, "one procurement"),
        ({"healthcare": "yes"}, ScopeResult.ELSEWHERE, "NHS health care"),
        ({"recent": "no"}, ScopeResult.ELSEWHERE, "2 years"),
        ({"legal": "yes"}, ScopeResult.ELSEWHERE, "court"),
        ({"body": "unsure"}, ScopeResult.CHECK, None),
        ({"legal": "unsure"}, ScopeResult.CHECK, None),
    ],
)
def test_the_table_says_what_the_remit_says(changed: dict[str, str], result: ScopeResult, heading: str | None) -> None:
    usual = {"body": "english-public-body", "specific": "yes", "healthcare": "no", "recent": "yes", "legal": "no"}

    scope = decide(usual | changed)

    assert scope is not None
    assert scope.result is result
    assert (scope.place is None) == (heading is None)
    assert heading is None or heading in (scope.place.heading if scope.place else "")
