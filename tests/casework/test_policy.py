"""Steps by hand, words for every state, and filters kept apart from pages."""

import re

import pytest

from mystery_shopper.cases.models.case import IS_OPEN
from mystery_shopper.cases.states import FINISHED, CaseState, steps_from
from mystery_shopper.casework.policy import STEP_WORDS, TAKEN_ELSEWHERE, manual_steps, state_colour

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
    finished = {CaseState.CLOSED, CaseState.CLOSED_NO_REPLY, CaseState.JOINED}
    assert finished == FINISHED
    assert set(re.findall(r"'([a-z-]+)'", IS_OPEN)) == finished, "what the indexes and queries of open cases say"
