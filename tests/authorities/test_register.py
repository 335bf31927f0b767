"""The register that comes with the program, and how well it recognises an independent list. No database."""

import sys
from collections import Counter, defaultdict
from importlib.resources import files

import pytest

from mystery_shopper.authorities.policy import AuthorityType, KnownName, MatchKind, NameIndex, Scope, fold_name
from mystery_shopper.authorities.rows import RegisterRow, read_rows
from tests.support.outside import DOMAIN

SEED = DOMAIN / "authorities_seed.csv"
WANTED_SHARE = 0.95


@pytest.fixture(scope="module")
def rows() -> list[RegisterRow]:
    read = read_rows(files("mystery_shopper").joinpath("authorities", "data", "authorities.csv").read_text("utf-8"))
    assert read.problems == []
    return read.rows


@pytest.fixture(scope="module")
def index(rows: list[RegisterRow]) -> NameIndex[str]:
    return NameIndex(
        KnownName(row.name, name, is_alias=name != row.name, is_live=row.ends_on is None)
        for row in rows
        for name in (row.name, *row.aliases)
    )


def test_no_two_live_authorities_share_a_folded_name(rows: list[RegisterRow]) -> None:
    folds = defaultdict(list)
    for row in rows:
        if row.ends_on is None:
            folds[fold_name(row.name)].append(row.name)
    assert {fold: names for fold, names in folds.items() if len(names) > 1} == {}


def test_every_own_name_and_alias_is_recognised(rows: list[RegisterRow], index: NameIndex[str]) -> None:
    lost = [(row.name, name) for row in rows for name in (row.name, *row.aliases) if index.match(name).key != row.name]
    assert lost == []


def test_every_successor_and_parent_is_in_the_register(rows: list[RegisterRow]) -> None:
    names = {row.name for row in rows}
    named = {name for row in rows for name in (*row.successors, row.parent) if name}
    assert named - names == set()


def test_successors_come_to_an_end(rows: list[RegisterRow]) -> None:
    successors = {row.name: set(row.successors) for row in rows}
    for name in successors:
        reached, frontier = set(), successors[name]
        while frontier:
            reached |= frontier
            frontier = set().union(*(successors[one] for one in frontier)) - reached
        assert name not in reached


@pytest.mark.parametrize(
    ("subtype", "count"),
    [
        ("county", 21),
        ("london-borough", 32),
        ("metropolitan-district", 36),
        ("unitary-authority", 63),
        ("non-metropolitan-district", 164),
        ("city-corporation", 1),
        ("scottish-unitary-authority", 32),
        ("welsh-unitary-authority", 22),
        ("ni-district", 11),
        ("integrated-care-board", 42),
    ],
)
def test_there_are_as_many_live_bodies_of_a_kind_as_there_should_be(
    rows: list[RegisterRow], subtype: str, count: int
) -> None:
    assert Counter(row.subtype for row in rows if row.ends_on is None)[subtype] == count


def test_every_kind_of_buyer_that_the_scheme_covers_is_there(rows: list[RegisterRow]) -> None:
    present = {row.type for row in rows if row.scope is Scope.IN}
    absent = {AuthorityType.SCHOOL, AuthorityType.HOUSING_ASSOCIATION, AuthorityType.OTHER}
    assert present == set(AuthorityType) - absent


def test_devolved_councils_are_recognised_and_out_of_scope(rows: list[RegisterRow]) -> None:
    devolved = [row for row in rows if row.subtype in ("scottish-unitary-authority", "welsh-unitary-authority")]
    assert {row.scope for row in devolved} == {Scope.OUT_DEVOLVED}


@pytest.mark.parametrize(
    ("old", "successors"),
    [
        ("Public Health England", {"UK Health Security Agency", "Department of Health and Social Care"}),
        ("Homes and Communities Agency", {"Homes England"}),
        ("Cumbria County Council", {"Cumberland Council", "Westmorland and Furness Council"}),
        ("Northamptonshire County Council", {"North Northamptonshire Council", "West Northamptonshire Council"}),
        ("Harrogate Borough Council", {"North Yorkshire Council"}),
        ("Mendip District Council", {"Somerset Council"}),
    ],
)
def test_a_closed_body_names_who_took_over(rows: list[RegisterRow], old: str, successors: set[str]) -> None:
    row = next(row for row in rows if row.name == old)
    assert row.ends_on is not None
    assert set(row.successors) == successors


@pytest.mark.external(SEED.exists())
def test_an_independent_list_is_recognised(index: NameIndex[str], capsys: pytest.CaptureFixture[str]) -> None:
    read = read_rows(SEED.read_text("utf-8"))
    assert read.problems == []
    kinds = Counter(index.recognise(row.name).kind for row in read.rows if row.scope is Scope.IN)
    wanted = sum(kinds.values())
    sure = wanted - kinds[MatchKind.NONE] - kinds[MatchKind.CANDIDATES]
    with capsys.disabled():
        sys.stderr.write(f"\n{sure} of {wanted} in-scope names recognised ({sure / wanted:.1%}): {dict(kinds)}\n")
    assert wanted > 800
    assert sure / wanted >= WANTED_SHARE
