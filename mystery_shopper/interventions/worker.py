"""What the worker does about follow-ups once a day: reporters of what is due are asked, one case at a time."""

from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.interventions.queries import list_unasked
from mystery_shopper.interventions.services.following import ask_reporters


def follow_up_round() -> int:
    """Ask the reporters of every closed case that is to be looked at again; return of how many. Safe to repeat."""
    with transaction():
        due = [(row.id, row.case_id) for row in list_unasked(clock.today())]
    for row_id, case_id in due:
        with transaction():
            case = get_case_for_update(case_id, lock=True)
            for row in list_unasked(clock.today(), case_id=case_id):
                if row.id == row_id:
                    ask_reporters(case, row, now=clock.utc_now())
    return len(due)
