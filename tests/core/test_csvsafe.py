import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.csvsafe import FORMULA_STARTS, csv_line, original_cell, safe_cell

STARTS = st.sampled_from([*sorted(FORMULA_STARTS), "'", "a", " "])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\x00=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "'=1",
        "''@x",
    ],
)
def test_a_cell_that_would_start_a_formula_is_guarded(text: str):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Council", "'tis", "5", "a=b", "'", "£5,000"])
def test_other_cells_are_left_alone(text: str):
    assert safe_cell(text) == text
    assert original_cell(text) == text


@given(start=STARTS, rest=st.text(max_size=20))
def test_reading_back_gives_what_was_written(start: str, rest: str):
    assert original_cell(safe_cell(start + rest)) == start + rest


@given(
    cells=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20), min_size=1
    )
)
def test_a_line_holds_exactly_its_cells_and_none_starts_a_formula(cells: list[str]):
    (row,) = csv.reader(io.StringIO(csv_line(cells), newline=""))
    assert [original_cell(cell) for cell in row] == cells
    assert not any(cell[:1] in FORMULA_STARTS for cell in row if cell)
