import itertools
from collections import deque

import pytest

from mystery_shopper.cases.events import StateChanged
from mystery_shopper.cases.states import (
    FINISHED,
    PUBLICATION_STATES,
    WITHDRAWABLE,
    CaseState,
    can_move,
    state_label,
    steps_from,
    waiting_for,
)

PATHS = [
    ["received", "acknowledged", "triage", "accepted", "authority-contacted", "responded", "assessment"],
    ["assessment", "intervention", "outcome-recorded", "supplier-told", "ready-to-publish", "published"],
    ["published", "follow-up-due", "partly-implemented", "closed", "reopened", "assessment"],
    ["authority-contacted", "formal-notice", "non-compliant", "assessment", "outcome-recorded"],
    ["triage", "more-information", "closed-no-reply", "reopened", "triage", "referred", "closed"],
    ["supplier-told", "withheld", "closed"],
]


@pytest.mark.parametrize("path", PATHS)
def test_the_ways_of_the_scheme_are_open(path: list[str]) -> None:
    assert all(can_move(CaseState(old), CaseState(new)) for old, new in itertools.pairwise(path))


@pytest.mark.parametrize("state", CaseState)
def test_every_state_has_a_way_out_and_words(state: CaseState) -> None:
    assert steps_from(state)
    assert state_label(state)
    assert waiting_for(state)
    if state not in (CaseState.RECEIVED, CaseState.JOINED):  # joining is no news to a reporter: see the walls
        assert StateChanged(old=CaseState.RECEIVED, new=state).reporter_sentence()


def test_every_state_can_be_reached_from_received() -> None:
    seen = {CaseState.RECEIVED}
    queue = deque(seen)
    while queue:
        for state in steps_from(queue.popleft()):
            if state not in seen:
                seen.add(state)
                queue.append(state)
    assert seen == set(CaseState)


@pytest.mark.parametrize("state", CaseState)
def test_a_step_never_skips_to_publication(state: CaseState) -> None:
    assert can_move(state, CaseState.PUBLISHED) == (state is CaseState.READY_TO_PUBLISH)


def test_a_report_can_be_withdrawn_until_its_result_is_public() -> None:
    assert CaseState.WITHDRAWN in steps_from(CaseState.READY_TO_PUBLISH)
    for state in {CaseState.PUBLISHED, CaseState.WITHDRAWN} | FINISHED:
        assert state not in WITHDRAWABLE
    assert {CaseState.SUPPLIER_TOLD, CaseState.READY_TO_PUBLISH} == WITHDRAWABLE & PUBLICATION_STATES


def test_a_closed_case_only_opens_again() -> None:
    assert steps_from(CaseState.CLOSED) == (CaseState.REOPENED,)
