"""The demonstration shows how colleagues work together, told through the services, however few cases there are."""

from flask import Flask

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.demo import people
from mystery_shopper.demo.teaming import LABELS, work_together
from mystery_shopper.demo.telling import Cast
from mystery_shopper.teamwork.queries.desk import load_team_desk
from mystery_shopper.teamwork.queries.labels import labels_on, list_labels
from tests.factories.reports import add_report


def cases_of(owner: User, count: int) -> list[Case]:
    cases = [get_case_for_update(add_report().case_id) for _ in range(count)]
    for case in cases:
        assign(case, owner, actor="system", now=clock.utc_now())
    return cases


def test_colleagues_of_the_demonstration_have_something_to_do_and_to_read(app_context: Flask) -> None:
    now, today = clock.utc_now(), clock.today()
    with transaction():
        cast: Cast = people.add_staff(now=now)
        worker = get_user(cast.caseworkers[0].id)
        cases = cases_of(worker, 3)
        work_together(cast, today, now)
    desk = load_team_desk(worker.to_staff_member(), today)
    assert [task.is_overdue for task in desk.tasks] == [True, False, False]
    assert len(desk.to_read) == 1
    assert len(desk.watched) == 1
    assert len(list_labels()) == len(LABELS)
    assert all(labels_on(case) for case in cases)
    assert len(cases) == 3
    db.session.rollback()


def test_it_does_as_much_as_there_are_cases(app_context: Flask) -> None:
    with transaction():
        cast: Cast = people.add_staff(now=clock.utc_now())
        work_together(cast, clock.today(), clock.utc_now())
    assert len(list_labels()) == len(LABELS)
