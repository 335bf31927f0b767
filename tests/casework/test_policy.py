"""Steps by hand, words for every state, and filters kept apart from pages."""

import pytest

from mystery_shopper.cases.states import CaseState, steps_from
from mystery_shopper.casework.policy import OPEN_STATES, STEP_WORDS, TAKEN_ELSEWHERE, manual_steps, state_colour

COLOURS = {"grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"}


@pytest.mark.parametrize("state", list(CaseState))
def test_steps_by_hand_are_steps_of_the_machine_with_words_of_their_own(state: CaseState) -> None:
    steps = manual_steps(state)
    by_hand = set() if state is CaseState.JOINED else set(steps_from(state)) - TAKEN_ELSEWHERE
    assert set(steps) == by_hand
    assert all(STEP_WORDS[step][0] for step in steps)


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_a_colour_of_the_tag(state: CaseState) -> None:
    assert state_colour(state) in COLOURS


def test_open_states_are_all_but_the_finished() -> None:
    assert set(CaseState) - set(OPEN_STATES) == {CaseState.CLOSED, CaseState.CLOSED_NO_REPLY, CaseState.JOINED}
