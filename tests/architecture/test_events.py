"""Every event has a tag of the right form, a sentence, an audit action, and survives being stored."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.events import EVENT_TYPES, CaseEvent, from_payload, to_payload
from mystery_shopper.cases.states import CaseState
from mystery_shopper.facts.registry import registry

VALUES = {"str": st.text(max_size=30), "int": st.integers(0, 10**6), "bool": st.booleans()}
TUPLE = st.lists(st.text(max_size=10), max_size=3).map(tuple)


def events_of(event_type: type[CaseEvent]) -> st.SearchStrategy[CaseEvent]:
    """Build events of a type with any values."""
    fields = {}
    for field in dataclasses.fields(event_type):
        name = getattr(field.type, "__name__", str(field.type))
        fields[field.name] = TUPLE if name.startswith("tuple") else VALUES[name]
    if event_type.tag == "case:state-changed":
        fields |= {"old": st.sampled_from(list(CaseState)), "new": st.sampled_from(list(CaseState))}
    return st.builds(event_type, **fields)


@pytest.fixture(scope="module", autouse=True)
def facts_are_known() -> None:
    """Read the fact registry before the clock of a property runs: the first sentence about a fact would wait for it."""
    registry()


def test_there_are_events() -> None:
    assert len(EVENT_TYPES) > 10


@pytest.mark.parametrize("tag", sorted(EVENT_TYPES))
def test_tags_follow_the_grammar_and_are_audited(tag: str) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*", tag)
    assert Action(tag)


@pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda kind: kind.tag)
@given(data=st.data())
def test_an_event_reads_the_same_after_ten_years(event_type: type[CaseEvent], data: st.DataObject) -> None:
    event = data.draw(events_of(event_type))
    again = from_payload(event.tag, to_payload(event) | {"a field of a later version": "x"})
    assert again == event
    assert event.sentence().strip()
    told = event.reporter_sentence()
    assert told is None or told.endswith(".")
