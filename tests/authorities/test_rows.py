"""Reading a register file: what is accepted, and how a bad cell is named. No database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.authorities.policy import AuthorityClass, AuthorityType, Nation, Scope
from mystery_shopper.authorities.rows import RegisterRow, read_rows

HEAD = "name,type,subtype,parent,nation,pcr_threshold_class,pcr_contracts_finder_class,pa23_class,pprs_scope\n"


def read_one(text: str) -> RegisterRow:
    read = read_rows(text)
    assert read.problems == []
    return read.rows[0]


def test_the_column_names_and_values_of_other_lists_are_accepted() -> None:
    row = read_one(
        HEAD + "Larkshire Hospitals,nhs,nhs_foundation_trust,,England,sub_central,sub_central,central,check_devolved\n"
    )
    assert (row.type, row.subtype, row.scope) == (AuthorityType.NHS, "nhs-foundation-trust", Scope.CHECK)
    assert row.classes.pcr_threshold is AuthorityClass.SUB_CENTRAL
    assert row.classes.pa23 is AuthorityClass.CENTRAL


def test_blank_class_and_scope_follow_from_the_kind_of_body() -> None:
    row = read_one("name,type,subtype,nation\nPort Merrow Council,local_authority,unitary,Scotland\n")
    assert row.scope is Scope.OUT_DEVOLVED
    assert row.classes.pa23 is AuthorityClass.SUB_CENTRAL


def test_aliases_days_and_successors_are_read() -> None:
    row = read_one(
        "name,type,aliases,starts_on,ends_on,successor\n"
        "Old Council,local-authority,Elder Council| The Olds |,1974-04-01,2023-04-01,New Council|Newer Council\n"
    )
    assert row.aliases == ("Elder Council", "The Olds")
    assert (row.starts_on, row.ends_on) == (date(1974, 4, 1), date(2023, 4, 1))
    assert row.successors == ("New Council", "Newer Council")


@pytest.mark.parametrize(
    ("cell", "nation"),
    [
        ("", Nation.ENGLAND),
        ("UK", Nation.UNITED_KINGDOM),
        ("UK and Overseas", Nation.UNITED_KINGDOM),
        ("England and Wales", Nation.ENGLAND_AND_WALES),
        ("England - Wales - Northern Ireland", Nation.SEVERAL),
        ("England and Scotland", Nation.SEVERAL),
        ("Northern Ireland", Nation.NORTHERN_IRELAND),
    ],
)
def test_nations_are_read_as_public_lists_write_them(cell: str, nation: Nation) -> None:
    assert read_one(f"name,type,nation\nEastmarch,police,{cell}\n").nation is nation


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "name"),
        ({"name": " ... "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Eastmarch\x00"}, "name"),
        ({"type": ""}, "type"),
        ({"type": "parish"}, "type"),
        ({"nation": "France"}, "nation"),
        ({"nation": "England and France"}, "nation"),
        ({"pa23_class": "middle"}, "pa23_class"),
        ({"pcr_threshold_class": "1"}, "pcr_threshold_class"),
        ({"scheme_scope": "perhaps"}, "scheme_scope"),
        ({"starts_on": "1 April 2023"}, "starts_on"),
        ({"ends_on": "2023-02-30"}, "ends_on"),
        ({"starts_on": "2023-04-01", "ends_on": "2023-04-01"}, "ends_on"),
        ({"aliases": "Good|" + "x" * 201}, "aliases"),
        ({"subtype": "x" * 61}, "subtype"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(cells: dict[str, str], column: str) -> None:
    good = {"name": "Larkshire", "type": "police"}
    row = {"name": "Eastmarch", "type": "police", **cells}
    columns = sorted(row)
    lines = [",".join(columns)] + [",".join(f'"{one.get(name, "")}"' for name in columns) for one in (good, row)]
    read = read_rows("\n".join(lines))
    assert [(problem.line, problem.column) for problem in read.problems] == [(3, column)]
    assert str(read.problems[0]).startswith(f"line 3, column {column}: ")
    assert [one.name for one in read.rows] == ["Larkshire"]


def test_a_name_given_twice_is_a_problem_that_names_both_lines() -> None:
    read = read_rows("name,type\nEastmarch,police\nEASTMARCH,police\n")
    assert [str(problem) for problem in read.problems] == ["line 3, column name: 'EASTMARCH' is on line 2 already"]


@pytest.mark.parametrize(
    "text", ["", "name\nA", "type\npolice", "name,type\nA", "name,type\nA,police,more", 'name,type\n"A"x,police']
)
def test_a_file_of_another_shape_is_a_problem_and_gives_no_row(text: str) -> None:
    read = read_rows(text)
    assert read.problems
    assert read.rows == []


@given(st.text(max_size=200))
def test_any_text_gives_rows_or_named_problems(text: str) -> None:
    for head in ("", "name,type\n"):
        read = read_rows(head + text)
        assert all(problem.line >= 1 for problem in read.problems)
        assert all(row.name for row in read.rows)
