"""What Tell us How decides, without a database: states, pages, bodies, bands, counts, events."""

import dataclasses
import itertools
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.audit.actions import Action
from mystery_shopper.core.calendar import is_working_day
from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.rules.loading import families
from mystery_shopper.suggestions import journey
from mystery_shopper.suggestions.bodies import imposing_bodies, load_bodies
from mystery_shopper.suggestions.events import EVENT_TYPES, SuggestionEvent, from_payload, to_payload
from mystery_shopper.suggestions.journey import Answers, Status
from mystery_shopper.suggestions.policy import (
    FORCED_BY_LABELS,
    HELPED_LABELS,
    RESULT_LABELS,
    SOMETHING_ELSE,
    VALUE_BAND_LABELS,
    AnswerResult,
    ForcedBy,
    Helped,
    SuggestionContent,
    ValueBand,
    answer_due,
    band_of,
    in_pounds,
    new_reference,
    shown_number,
)
from mystery_shopper.suggestions.states import (
    COLOURS,
    LABELS,
    PUBLIC_SENTENCES,
    TEXT_LABELS,
    SuggestionState,
    TextState,
    can_step,
    can_text_step,
)
from tests.suggestions.telling import ANSWERS

R, P, A, U, C, B = SuggestionState  # received, passed on, answered, published, closed, taken back
ALLOWED = {
    (R, P), (R, A), (R, C), (R, B),
    (P, P), (P, A), (P, C), (P, B),
    (A, P), (A, A), (A, U), (A, C), (A, B),
    (U, U), (U, A),
    (C, R),
}  # fmt: skip
D, W, V, X = TextState  # draft, waiting, published (visible), withdrawn
TEXT_ALLOWED = {(D, W), (D, X), (W, D), (W, V), (W, X), (V, D), (V, X), (X, D)}
FULL = Answers(
    {
        "forced_by": "insurer",
        "body": "insurance-market",
        "family": "insurance",
        "rule": "INS-LEVEL",
        "requirement": "Cover of £10m",
        "would_rather": "Ask for £1m",
    },
    frozenset(step.slug for step in journey.STEPS),
)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(SuggestionState, repeat=2)))
def test_the_steps_of_a_suggestion_are_these_and_no_other(old: SuggestionState, new: SuggestionState):
    assert can_step(old, new) == ((old, new) in ALLOWED)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(TextState, repeat=2)))
def test_the_steps_of_a_public_text_are_these_and_no_other(old: TextState, new: TextState):
    assert can_text_step(old, new) == ((old, new) in TEXT_ALLOWED)


def test_every_state_and_choice_has_words():
    for words, kind in (
        (LABELS, SuggestionState),
        (COLOURS, SuggestionState),
        (PUBLIC_SENTENCES, SuggestionState),
        (TEXT_LABELS, TextState),
        (FORCED_BY_LABELS, ForcedBy),
        (VALUE_BAND_LABELS, ValueBand),
        (RESULT_LABELS, AnswerResult),
        (HELPED_LABELS, Helped),
    ):
        assert set(words) == set(kind)
        assert all(words.values())


def test_references_are_random_and_alike_in_length():
    found = {new_reference() for _ in range(2000)}
    assert len(found) == 2000
    assert {len(reference) for reference in found} == {11}


def test_content_comes_back_and_later_fields_are_left_out():
    content = SuggestionContent(requirement="a", would_rather="b", giveaways="c")
    assert SuggestionContent.from_json(content.to_json() | {"later": 1}) == content


@pytest.mark.parametrize(
    ("pounds", "band"),
    [
        (None, "unknown"), (0, "under-30k"), (29_999, "under-30k"), (30_000, "30k-to-150k"), (149_999, "30k-to-150k"),
        (150_000, "150k-to-1m"), (999_999, "150k-to-1m"), (1_000_000, "1m-to-10m"), (10_000_000, "over-10m"),
    ],
)  # fmt: skip
def test_a_value_is_in_one_band(pounds: int | None, band: str):
    assert band_of(None if pounds is None else pounds * 100).value == band


@pytest.mark.parametrize(("pence", "words"), [(None, ""), (100, "£1"), (1_200_000_00, "£1,200,000"), (1250, "£12.50")])
def test_pounds_in_words(pence: int | None, words: str):
    assert in_pounds(pence) == words


@given(number=st.integers(0, 10_000))
def test_a_public_number_of_cases_tells_nothing_of_one_case(number: int):
    shown = shown_number(number)
    if number < 5:
        assert shown == "fewer than 5"
        return
    said = int(shown.removeprefix("at least "))
    assert said % 5 == 0
    assert said <= number < said + 5


@given(sent=st.dates(date(2020, 1, 1), date(2030, 1, 1)), days=st.integers(1, 60))
def test_an_answer_is_due_after_working_days(sent: date, days: int):
    due = answer_due(sent, days, frozenset())
    between = [sent + timedelta(days=n) for n in range(1, (due - sent).days + 1)]
    assert sum(is_working_day(day, frozenset()) for day in between) == days
    assert is_working_day(due, frozenset())


class TestPages:
    def test_they_follow_one_another_to_the_check_page(self):
        answers, slug, seen = Answers(), journey.STEPS[0].slug, []
        while slug != journey.CHECK:
            step = journey.find_step(slug)
            assert step is not None
            seen.append(slug)
            answers = answers.with_page(slug, ANSWERS[slug])
            slug = journey.next_slug(step, answers)
        assert seen == [step.slug for step in journey.STEPS]

    @pytest.mark.parametrize("step", journey.STEPS)
    def test_a_change_from_the_check_page_goes_back_to_it(self, step: journey.Step):
        assert journey.next_slug(step, FULL) == journey.CHECK

    @pytest.mark.parametrize("step", [step for step in journey.STEPS if not step.is_optional])
    def test_a_missing_answer_is_found(self, step: journey.Step):
        values = {**FULL.values, step.fields[0]: ""}
        assert journey.first_gap(dataclasses.replace(FULL, values=values)) is step

    def test_a_kind_of_barrier_without_rules_asks_for_none(self):
        answers = dataclasses.replace(FULL, values={**FULL.values, "family": SOMETHING_ELSE})
        assert "rule" not in {step.slug for step in journey.steps(answers)}
        assert journey.settle(answers).get("rule") == ""

    def test_a_rule_of_another_kind_of_barrier_is_dropped(self):
        answers = dataclasses.replace(FULL, values={**FULL.values, "family": "turnover"})
        assert journey.settle(answers).get("rule") == ""
        assert journey.settle(FULL).get("rule") == "INS-LEVEL"

    def test_answers_come_back(self):
        assert Answers.from_json(FULL.to_json()) == FULL

    def test_tasks_say_how_far_they_are(self):
        begun = Answers().with_page("force", {"forced_by": "audit"})
        status = {task.title: task.status for task in journey.tasks(begun)}
        assert status["What forces you"] is Status.STARTED
        assert status["What you would rather do"] is Status.OPEN
        assert {task.status for task in journey.tasks(FULL)} == {Status.DONE}

    def test_the_kinds_of_barrier_are_those_of_the_catalogue(self):
        ids = [value for value, _title, _hint in journey.family_options()]
        assert set(ids) == {family.id for family in families()} | {SOMETHING_ELSE}
        assert ids[-1] == SOMETHING_ELSE
        assert len(ids) == len(set(ids))

    def test_every_rule_of_a_family_leads_back_to_it(self):
        for family in families():
            for rule_id in journey.rules_of(family.id):
                assert journey.family_of_rule(rule_id) == family.id

    def test_words_of_another_force_are_shown(self):
        values = {**FULL.values, "forced_by": "other", "forced_by_other": "Our auditors' newsletter"}
        assert journey.lines(dataclasses.replace(FULL, values=values))[0][1] == "Our auditors' newsletter"


class TestBodies:
    def test_every_force_has_a_body_to_choose(self):
        for force in set(ForcedBy) - {ForcedBy.OTHER}:
            assert imposing_bodies().forcing(force), force

    def test_the_own_authority_is_one_of_them_and_named_neutrally(self):
        own = [body for body in imposing_bodies().by_id.values() if body.is_own]
        assert len(own) == 1
        assert imposing_bodies().name_of(own[0].id) == "The commissioner's own authority"

    def test_a_body_the_file_no_longer_has_keeps_its_id(self):
        assert imposing_bodies().name_of("gone") == "gone"
        assert imposing_bodies().days_of("gone") == imposing_bodies().answer_days

    @pytest.mark.parametrize(
        "bad",
        [
            "answer_days: 20\nbodies: []",
            "answer_days: 0\nbodies:\n  - {id: a, name: A, forces: [audit]}",
            "answer_days: 20\nbodies:\n  - {id: a, name: A, forces: [nonsense]}",
            "answer_days: 20\nbodies:\n  - {id: A B, name: A, forces: [audit]}",
            "answer_days: 20\nbodies:\n  - {id: other, name: A, forces: [audit]}",
            "answer_days: 20\nbodies:\n  - {id: a, name: A, forces: [audit]}\n  - {id: a, name: B, forces: [audit]}",
            "answer_days: 20\nbodies:\n  - {id: a, name: A, forces: [audit], colour: red}",
        ],
    )
    def test_a_wrong_file_is_refused_with_the_line(self, tmp_path: Path, bad: str):
        path = tmp_path / "bodies.yaml"
        path.write_text(bad)
        with pytest.raises(DocumentError, match=r"bodies\.yaml"):
            load_bodies(path)


def _events_of(kind: type[SuggestionEvent]) -> st.SearchStrategy[SuggestionEvent]:
    return st.builds(kind, **{field.name: st.text(max_size=30) for field in dataclasses.fields(kind)})


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=lambda kind: kind.tag)
@given(data=st.data())
def test_an_event_reads_the_same_after_ten_years(kind: type[SuggestionEvent], data: st.DataObject):
    event = data.draw(_events_of(kind))
    assert from_payload(kind.tag, to_payload(event) | {"a field of a later version": "x"}) == event
    assert event.sentence().strip()
    assert isinstance(event.detail(), str)
    told = event.receipt_sentence()
    assert told is None or told.endswith(".")
    assert Action(kind.tag)
    assert re.fullmatch(r"suggestion:[a-z]+(-[a-z]+)*", kind.tag)
