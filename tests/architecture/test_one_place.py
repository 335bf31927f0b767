"""What may happen in one place only: committing, and reading cases past the rule of who may see them."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, Place, functions, source_files, tree_of

COMMITTERS = {
    "mystery_shopper/core/db.py": "the units of work themselves",
    "mystery_shopper/web/limits.py": "counters of attempts, in a database of their own",
}
PAST_THE_RULE = {
    "mystery_shopper/cases/cli.py": "an operator verifies every case",
    "mystery_shopper/cases/services/clocks.py": "the clocks of all cases are turned on once a day",
    "mystery_shopper/clocks/services.py": "what is overdue is put before a senior; pages list visible ones",
    "mystery_shopper/replays/backlog.py": "changed rules are compared with every open case; pages list visible ones",
    "mystery_shopper/interests/services.py": "an interest closes every case it stands against, whoever sees it",
    "mystery_shopper/interests/matching.py": "as above; what is found is told to nobody",
    "mystery_shopper/interests/emergencies.py open_in_emergency": "it is for a case that is closed to the person",
    "mystery_shopper/oversight/queries.py": "auditors read references of every case, and nothing that is in one",
    "mystery_shopper/cases/walls.py": "a reporter reads of the cases their own report was in; staff of a case they see",
    "mystery_shopper/cases/queries.py is_recused_from": "asks whether an interest closes a case to the person",
    "mystery_shopper/cases/queries.py get_case_for_update": "handlers act on the case an event was about",
}
"""Files or functions that read cases without asking who wants to see them, and why that is right."""
RULE = frozenset({"visible_to", "visible_cases", "visible_parts"})
BY_ID = "get_case_for_update"
MAY_READ_BY_ID = (
    "cases/",
    "demo/",
    "handlers.py",
    "replays/backlog.py",
    "casenotices/worker.py",
    "interventions/worker.py",
    "clocks/services.py",
    "retention/services/",
    "answering/queries.py",  # an officer of the authority, whom link and code let in, is no member of staff
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def names_in(node: ast.AST) -> set[str]:
    found = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return found | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def commits(tree: ast.AST) -> bool:
    """Tell whether code ends a transaction itself: a commit, or a connection that commits by itself."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr in ("commit", "begin") for call in calls)


def reads_cases(function: ast.AST) -> bool:
    """Tell whether a function builds a query of cases: select(Case), select(Case.x), get(Case, ...), query(Case)."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("select", "get", "get_one", "query") and any(is_case(argument) for argument in node.args):
                return True
    return False


def is_case(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id == "Case"


@cache
def unruled() -> list[Place]:
    places = functions([path for path in source_files() if PACKAGE in path.parents])
    return [place for place in places if reads_cases(place.function) and not names_in(place.function) & RULE]


def excused(place: Place) -> bool:
    name = relative(place.path)
    return name in PAST_THE_RULE or f"{name} {place.function.name}" in PAST_THE_RULE


def test_nothing_commits_but_the_units_of_work() -> None:
    own = [path for path in source_files() if PACKAGE in path.parents]
    assert {relative(path) for path in own if commits(tree_of(path))} == set(COMMITTERS)


def test_every_query_of_cases_asks_who_wants_to_see_them() -> None:
    assert [str(place) for place in unruled() if not excused(place)] == []


def test_every_exception_is_still_needed() -> None:
    needed = {relative(place.path) for place in unruled()}
    needed |= {f"{relative(place.path)} {place.function.name}" for place in unruled()}
    assert set(PAST_THE_RULE) <= needed


def test_no_page_reads_a_case_by_its_id() -> None:
    users = {relative(path) for path in source_files() if PACKAGE in path.parents and BY_ID in names_in(tree_of(path))}
    assert sorted(name for name in users if not any(part in name for part in MAY_READ_BY_ID)) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f(): return select(Case)", True),
        ("def f(): return select(func.count(), Case.id)", True),
        ("def f(): return db.session.get(Case, 1)", True),
        ("def f(): return select(CaseFact)", False),
        ("def f(): return select(Report).join(Case)", False),
    ],
)
def test_the_search_for_queries_finds_them(code: str, found: bool) -> None:
    assert reads_cases(ast.parse(code)) is found


@pytest.mark.parametrize("code", ["db.session.commit()", "with engine.begin() as c: pass", "session.begin()"])
def test_the_search_for_commits_finds_them(code: str) -> None:
    assert commits(ast.parse(code))
