"""One door: every row that holds words for somebody outside is made by code that asks the disclosure gate first."""

import ast

import pytest

from tests.architecture.source import PACKAGE, Place, functions, source_files
from tests.architecture.test_one_place import names_in, relative

DOOR = frozenset({"check_texts"})
LEAVES = frozenset({"InquiryQuestion", "Intervention", "Recommendation", "Referral"})
"""Tables that hold nothing but words for somebody outside. What leaves in steps, or both ways: see WAYS_OUT."""
WAYS_OUT = frozenset(
    {
        "mystery_shopper/answering/services/asking.py",
        "mystery_shopper/answering/services/deciding.py",
        "mystery_shopper/answering/services/inviting.py",
        "mystery_shopper/cases/attachments.py",
        "mystery_shopper/cases/evidence.py",
        "mystery_shopper/cases/services/correspondence.py",
        "mystery_shopper/guidance/services/referring.py",
        "mystery_shopper/interventions/services/doing.py",
        "mystery_shopper/interventions/services/recommending.py",
        "mystery_shopper/letters/checking.py",
        "mystery_shopper/letters/composing.py",
        "mystery_shopper/letters/services/sending.py",
        "mystery_shopper/publication/services/drafting.py",
        "mystery_shopper/requests/evidence.py",
        "mystery_shopper/requests/services/packing.py",
        "mystery_shopper/suggestions/services/handling.py",
        "mystery_shopper/suggestions/services/publishing.py",
    }
)
"""Every module that lets words out. A new way out is named here; one that stops asking fails."""


def makes(function: ast.AST) -> set[str]:
    """Return the tables of LEAVES that a function makes a row of."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)} & LEAVES


def own_functions() -> list[Place]:
    return list(functions([path for path in source_files() if PACKAGE in path.parents]))


def asks(place: Place, all_of: list[Place]) -> bool:
    """Tell whether a function asks the gate itself, or the only function that calls it does."""
    if names_in(place.function) & DOOR:
        return True
    callers = [one for one in all_of if one.path == place.path and place.function.name in names_in(one.function)]
    return bool(callers) and all(names_in(one.function) & DOOR for one in callers)


def test_every_row_that_leaves_is_made_behind_the_gate() -> None:
    places = own_functions()
    makers = [place for place in places if makes(place.function)]
    assert {name for place in makers for name in makes(place.function)} == LEAVES, "a table that nothing makes"
    assert [str(place) for place in makers if not asks(place, places)] == []


def test_every_way_out_asks_and_is_on_the_list() -> None:
    door = "mystery_shopper/cases/gate.py", "mystery_shopper/suggestions/gate.py"
    asking = {relative(place.path) for place in own_functions() if names_in(place.function) & DOOR}
    assert asking - {*door} == WAYS_OUT


@pytest.mark.parametrize("code", ["def f(): return Intervention(kind=1)", "def f(case):\n  row = Recommendation(id=1)"])
def test_a_way_past_the_gate_is_found(code: str) -> None:
    function = ast.parse(code).body[0]
    assert makes(function)
    assert not names_in(function) & DOOR
