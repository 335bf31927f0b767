"""The `cases` commands."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from mystery_shopper.cases.events import StateChanged
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import list_events
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import db

BATCH = 500


cases_cli = AppGroup("cases", help="Look after cases.")


@cases_cli.command("verify")
def verify_command() -> None:
    """Fold the events of every case again and report each whose stored state differs; exit code 1 if any does.

    Cases whose content was erased are left out: their events have no content to fold.

    Example: mystery-shopper cases verify
    """
    seen = drifted = 0
    there = select(Case).where(Case.erased_on.is_(None)).order_by(Case.serial)
    for case in db.session.scalars(there.execution_options(yield_per=BATCH)):
        seen += 1
        folded = folded_state(case)
        if folded is not case.state:
            drifted += 1
            click.echo(f"{case.reference}: stored {case.state}, events say {folded}", err=True)
    click.echo(f"{seen} cases checked, {drifted} differ")
    if drifted:
        raise SystemExit(1)


def folded_state(case: Case) -> CaseState:
    """Return the state the events of a case lead to; each step must start where the last one ended."""
    state = CaseState.RECEIVED
    for row in list_events(case):
        event = row.to_event(case.data_key)
        if isinstance(event, StateChanged) and CaseState(event.old) is state:
            state = CaseState(event.new)
    return state
