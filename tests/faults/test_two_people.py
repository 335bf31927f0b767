"""Two caseworkers on one case, again and again: no change is lost without somebody being told (SEC-81).

FAULTS=full (make faults) plays 200 rounds, otherwise 10.
"""

import os
from collections.abc import Callable
from itertools import pairwise
from threading import Barrier, Thread

from flask import Flask

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update, list_events, lock_case
from mystery_shopper.casework.services.steps import retitle
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import StaleEditError
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member

ROUNDS = 200 if os.environ.get("FAULTS") == "full" else 10


def save(app: Flask, filed: Filed, person: StaffMember, seen: int, title: str, told: list[str]) -> None:
    """Save a title as a page does: the case locked, the version that was seen checked."""
    with app.app_context():
        try:
            with transaction():
                case = lock_case(filed.case_reference, person)
                retitle(case, title, reason="a test", version=seen, actor=person.actor, now=clock.utc_now())
            told.append("saved")
        except StaleEditError:
            told.append("refused")
        finally:
            db.session.remove()


def play(app: Flask, filed: Filed, people: list[StaffMember], number: int) -> list[str]:
    """Let two people save at once what they both opened before, and return what each was told."""
    with app.app_context():
        seen = get_case_for_update(filed.case_id).version
        db.session.remove()
    barrier, told = Barrier(len(people)), []

    def go(person: StaffMember, title: str) -> None:
        barrier.wait()
        save(app, filed, person, seen, title, told)

    threads = [Thread(target=go, args=(one, f"Round {number} by {at}")) for at, one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_of_two_who_save_at_once_one_saves_and_the_other_is_told(app: Flask, make_user: Callable[..., Member]) -> None:
    with app.app_context():
        with transaction():
            filed = add_report()
        members = [make_user("senior-caseworker") for _ in range(2)]
        people = [get_user(member.id).to_staff_member() for member in members]
        db.session.remove()
    for number in range(ROUNDS):
        assert sorted(play(app, filed, people, number)) == ["refused", "saved"], f"round {number}"

    with app.app_context():
        case = get_case_for_update(filed.case_id)
        changes = [event for event in events_of(case) if event.tag == "case:details-corrected"]
        assert len(changes) == ROUNDS
        for before, after in pairwise(changes):
            assert after.old == before.new, "somebody overwrote a text they had not seen"
        assert case.title == changes[-1].new


def events_of(case: Case) -> list[object]:
    return [row.to_event(case.data_key) for row in list_events(case)]
