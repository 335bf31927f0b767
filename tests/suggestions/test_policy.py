import pytest

from mystery_shopper.rules.loading import families
from mystery_shopper.suggestions import journey
from mystery_shopper.suggestions.policy import (
    FORCED_BY_LABELS,
    SOMETHING_ELSE,
    VALUE_BAND_LABELS,
    ForcedBy,
    SuggestionContent,
    ValueBand,
    new_reference,
)
from mystery_shopper.suggestions.states import LABELS, PUBLIC_SENTENCES, STEPS, SuggestionState, can_step

FULL = {
    "forced_by": "insurer",
    "family": "insurance",
    "requirement": "Cover of £10m",
    "would_rather": "Ask for £1m",
    "value_band": "30k-to-150k",
    "authority": "",
}


@pytest.mark.parametrize("state", SuggestionState)
def test_every_state_has_words_and_steps(state: SuggestionState):
    assert LABELS[state]
    assert PUBLIC_SENTENCES[state]
    assert isinstance(STEPS[state], frozenset)


def test_a_published_suggestion_does_not_change():
    assert not any(can_step(SuggestionState.PUBLISHED, new) for new in SuggestionState)


def test_every_choice_has_a_label():
    assert set(FORCED_BY_LABELS) == set(ForcedBy)
    assert set(VALUE_BAND_LABELS) == set(ValueBand)


def test_references_are_random_and_alike_in_length():
    found = {new_reference() for _ in range(2000)}
    assert len(found) == 2000
    assert {len(reference) for reference in found} == {11}


def test_content_comes_back_and_later_fields_are_left_out():
    content = SuggestionContent(requirement="a", would_rather="b")
    assert SuggestionContent.from_json(content.to_json() | {"later": 1}) == content


def test_the_pages_follow_one_another_to_the_check_page():
    answers: dict[str, str] = {}
    slug, seen = journey.STEPS[0].slug, []
    while slug != journey.CHECK:
        step = journey.find_step(slug)
        assert step is not None
        seen.append(slug)
        answers.update({name: FULL.get(name, "") for name in step.fields})
        slug = journey.next_slug(step, answers)
    assert seen == [step.slug for step in journey.STEPS]


@pytest.mark.parametrize("step", journey.STEPS)
def test_a_change_from_the_check_page_goes_back_to_it_or_on(step: journey.Step):
    assert journey.next_slug(step, FULL) == journey.CHECK


@pytest.mark.parametrize("step", [step for step in journey.STEPS if not step.is_optional])
def test_a_missing_answer_is_found(step: journey.Step):
    assert journey.first_gap({**FULL, step.fields[0]: ""}) is step


def test_the_kinds_of_barrier_are_those_of_the_catalogue():
    ids = [value for value, _title, _hint in journey.family_options()]
    assert set(ids) == {family.id for family in families()} | {SOMETHING_ELSE}
    assert ids[-1] == SOMETHING_ELSE
    assert len(ids) == len(set(ids))


def test_words_of_another_force_are_shown():
    answers = {**FULL, "forced_by": "other", "forced_by_other": "Our auditors' newsletter"}
    assert journey.lines(answers)[0][1] == "Our auditors' newsletter"
