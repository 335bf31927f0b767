"""The scope table: every combination of answers meets one row, and the questions asked are the ones needed."""

from itertools import product

import pytest

from mystery_shopper.authorities.policy import Nation
from mystery_shopper.authorities.policy import Scope as RegisterScope
from mystery_shopper.intake.scope import (
    QUESTIONS,
    Body,
    Court,
    ScopeResult,
    body_in_register,
    decide,
    next_question,
    rows,
)

COMBINATIONS = [
    dict(zip(QUESTIONS, answers, strict=True))
    for answers in product(*([kind.value for kind in kinds] for kinds in QUESTIONS.values()))
]


def test_each_combination_of_answers_meets_exactly_one_row() -> None:
    assert len(COMBINATIONS) == 8 * 3**5
    for given, court in product(COMBINATIONS, Court):
        assert sum(row.meets(given, court) for row in rows()) == 1, (given, court)


def test_every_row_is_met_by_some_answers() -> None:
    for row in rows():
        assert any(row.meets(given, court) for given, court in product(COMBINATIONS, Court)), row.line


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
        ({"body": "wales"}, ScopeResult.ELSEWHERE, "Wales"),
        ({"body": "scotland"}, ScopeResult.ELSEWHERE, "Scotland"),
        ({"body": "northern-ireland"}, ScopeResult.ELSEWHERE, "Northern Ireland"),
        ({"payment": "invoices"}, ScopeResult.IN_SCOPE, None),
        ({"payment": "no-invoices"}, ScopeResult.CHECK, "invoices"),
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
    usual = {
        "body": "english-public-body",
        "specific": "yes",
        "healthcare": "no",
        "recent": "yes",
        "legal": "no",
        "payment": "no",
    }

    scope = decide(usual | changed)

    assert scope is not None
    assert scope.result is result
    assert (scope.place is None) == (heading is None)
    assert heading is None or heading in (scope.place.heading if scope.place else "")


def test_what_legal_proceedings_mean_is_for_the_operator_to_say() -> None:
    given = {"body": "english-public-body", "specific": "yes", "healthcare": "no", "recent": "yes", "legal": "yes"}
    outside, person = decide(given, Court.ELSEWHERE), decide(given, Court.CHECK)
    assert outside is not None
    assert person is not None
    assert (outside.result, person.result) == (ScopeResult.ELSEWHERE, ScopeResult.CHECK)


def test_everybody_sent_elsewhere_is_told_where_and_why() -> None:
    for row in rows():
        assert (row.place is not None) or row.result is not ScopeResult.ELSEWHERE, row.line
        if row.place is not None:
            assert row.place.reason
            assert row.place.text
            assert bool(row.place.link) == bool(row.place.address)


@pytest.mark.parametrize(
    ("scope", "nation", "body"),
    [
        ("out-devolved", "wales", Body.WALES),
        ("out-devolved", "scotland", Body.SCOTLAND),
        ("out-devolved", "northern-ireland", Body.NORTHERN_IRELAND),
        ("out-devolved", "several", None),
        ("out-school", "england", Body.SCHOOL),
        ("in", "england", None),
        ("in", "wales", None),
        ("check", "scotland", None),
    ],
)
def test_the_register_knows_where_a_buyer_belongs(scope: str, nation: str, body: Body | None) -> None:
    assert body_in_register(RegisterScope(scope), Nation(nation)) is body
