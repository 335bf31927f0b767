"""When a pause of a clock may begin, pure: what the clocks of a state let anybody stop."""

from mystery_shopper.cases.pauses import PauseKind, pause_rules
from mystery_shopper.cases.policy import BEFORE_OUTCOME, clocks
from mystery_shopper.cases.states import FINISHED, CaseState


def step_can_stop(state: CaseState) -> bool:
    """Tell whether the step of a state has a clock that a pause may stop."""
    clock = clocks().get(state)
    return clock is not None and clock.can_stop


def kinds_open_to(state: CaseState, *, has_target: bool) -> tuple[PauseKind, ...]:
    """Return the kinds of pause that would stop a clock of a case in `state`; none where nothing could be stopped."""
    if state in FINISHED:
        return ()
    target_runs = has_target and state in BEFORE_OUTCOME
    return tuple(
        kind
        for kind, rule in pause_rules().items()
        if (rule.stops_step and step_can_stop(state)) or (rule.stops_target and target_runs)
    )
