"""The demonstration shows suggestions in every state, told through the services, and concerns no real body."""

import pytest
from flask import Flask

from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.demo import people
from mystery_shopper.demo.plans import read_data
from mystery_shopper.demo.suggesting import tell_suggestions
from mystery_shopper.suggestions import queries
from mystery_shopper.suggestions.models import PublishedSuggestion, Suggestion, SuggestionText
from mystery_shopper.suggestions.states import SuggestionState, TextState

GENERAL = {"insurance-market", "external-auditor", "contract-form-publisher", "joint-committee", "outside-solicitors"}


@pytest.mark.usefixtures("app_context")
def test_there_is_one_of_every_kind(app: Flask):
    with transaction():
        cast = people.add_staff(now=clock.utc_now())
        told = tell_suggestions(cast, clock.today())
    rows = db.session.query(Suggestion).all()
    assert len(rows) == told
    assert {row.state for row in rows} == set(SuggestionState)
    assert {row.state for row in db.session.query(SuggestionText)} == set(TextState)
    assert all(row.is_demonstration for row in rows)
    assert all(item.is_demonstration for item in db.session.query(PublishedSuggestion))
    assert queries.count_overdue(clock.today()) > 0
    assert queries.count_waiting() > 0
    assert queries.count_items(queries.ItemFilter()) > 1
    assert any(line.sentence.startswith("Reminded") for row in rows for line in queries.timeline_of(row))


def test_what_is_made_up_is_said_of_no_real_body():
    for row in read_data("suggestions.yaml"):
        assert "to" not in row or row["to"] in GENERAL or "Example" in row["to"], row["to"]
