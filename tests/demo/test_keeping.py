"""The demonstration has records of every type that is destroyed by schedule: due, on hold, and in a batch."""

from flask import Flask

from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.demo import people
from mystery_shopper.demo.keeping import keep_records
from mystery_shopper.demo.suggesting import tell_suggestions
from mystery_shopper.requests.queries import list_answered, list_open
from mystery_shopper.retention.queries import get_batch, list_due, show_items


def test_a_batch_waits_and_requests_and_accounts_are_due(app_context: Flask) -> None:
    with transaction():
        cast = people.add_staff(now=clock.utc_now())
        tell_suggestions(cast, clock.today())
        keep_records(cast, clock.utc_now())
    found = {due.of.id: (due.free, due.held, due.in_batches) for due in list_due(clock.today())}
    assert (found["suggestion"], found["request"], found["account"]) == ((0, 0, 2), (1, 0, 0), (1, 1, 0))
    assert len(show_items(get_batch(1), cast.senior)) == 2
    assert (len(list_open()), len(list_answered())) == (2, 1)
