# ruff: noqa: RUF001 - typographic quotes and dashes are what these tests are about
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.csvsafe import csv_line
from mystery_shopper.publication.policy import COLUMNS, MONTHS, Period, import_reference, month_number
from mystery_shopper.publication.reading import WrongFileError, clean_cell, read_results, repair_encoding
from mystery_shopper.publication.taxonomy import taxonomy

HEADER = ",".join(COLUMNS) + "\r\n"
ROW = ("2018", "January", "Barchester City Council", "Payment", "Payment", "Owed £5,000.", "Paid.")


def _file(*rows: tuple[str, ...]) -> bytes:
    return (HEADER + "".join(csv_line(row) for row in rows)).encode()


def _changed(**cells: str) -> tuple[str, ...]:
    names = ("year", "month", "authority", "subject", "sub_issue", "issue", "outcome")
    return tuple(cells.get(name, value) for name, value in zip(names, ROW, strict=True))


def test_a_good_row_is_read():
    (row,) = read_results(_file(ROW)).rows
    assert (row.year, row.month, row.authority, row.issue) == (2018, 1, "Barchester City Council", "Owed £5,000.")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Â£5m", "£5m"),
        ("theyâ€™re", "they’re"),
        ("â€œquotedâ€\x9d", "“quoted”"),
        ("CafÃ©", "Café"),
        ("Ã‚Â£3", "£3"),
        ("2018 â€“ 2019", "2018 – 2019"),
        ("£5 – they’re fine", "£5 – they’re fine"),
        ("naïve Âge", "naïve Âge"),
    ],
)
def test_text_that_was_decoded_wrongly_is_mended_and_right_text_left_alone(wrong: str, right: str):
    assert repair_encoding(wrong) == right


@given(st.text("aé£’“”–ü 5.", max_size=60))
def test_right_text_stays_and_wrongly_decoded_text_comes_back(text: str):
    assert repair_encoding(text) == text
    assert repair_encoding(text.encode().decode("cp1252", errors="replace").replace("\ufffd", "\x9d")) == text


@pytest.mark.parametrize("typed", ["a\u00a0b ", "  a   b\u00a0\u00a0", "a\u202fb", "a\u3000b"])
def test_spaces_of_every_kind_become_plain_ones(typed: str):
    assert clean_cell(typed) == "a b"


def test_the_guard_of_spreadsheets_is_taken_off():
    (row,) = read_results(_file(_changed(issue="=HYPERLINK(1)"))).rows
    assert row.issue == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"year": "18"}, "Year"),
        ({"year": "2010"}, "Year"),
        ({"year": ""}, "Year"),
        ({"year": "٢٠١٨"}, "Year"),
        ({"month": "13"}, "Month"),
        ({"month": "Janvier"}, "Month"),
        ({"authority": "\u00a0"}, "Authority"),
        ({"authority": "x" * 201}, "Authority"),
        ({"subject": ""}, "Subject"),
        ({"issue": ""}, "Case Issue"),
        ({"outcome": ""}, "Case Outcome"),
        ({"outcome": "x" * 4001}, "Case Outcome"),
        ({"issue": "lost \ufffd here"}, "Case Issue"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(cells: dict[str, str], column: str):
    read = read_results(_file(ROW, _changed(**cells)))
    assert [(problem.line, problem.column) for problem in read.problems] == [(3, column)]
    assert len(read.rows) == 1


def test_lines_are_counted_as_an_editor_counts_them():
    many_lines = _changed(issue="one\ntwo\nthree")
    read = read_results(_file(many_lines, _changed(year="x")))
    assert [problem.line for problem in read.problems] == [5]
    assert str(read.problems[0]) == "line 5, Year: must be a year from 2011, like 2018"


def test_a_line_with_too_few_cells_is_a_problem_and_a_blank_line_is_not():
    content = (HEADER + "\r\n2018,1,Barchester\r\n").encode()
    assert [str(problem) for problem in read_results(content).problems] == ["line 3: has 3 cells instead of 7"]


@pytest.mark.parametrize("content", [b"", b"Year,Month\r\n", b"\x00\x01", b"%PDF-1.7", "naïve".encode("utf-16")])
def test_another_kind_of_file_is_refused(content: bytes):
    with pytest.raises(WrongFileError):
        read_results(content)


def test_a_windows_1252_file_is_read():
    content = (HEADER + csv_line(_changed(issue="£5 – café"))).encode("cp1252")
    assert read_results(content).rows[0].issue == "£5 – café"


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_named_problems(content: bytes):
    try:
        read = read_results(HEADER.encode() + content)
    except WrongFileError:
        return
    assert all(problem.line >= 2 and problem.message for problem in read.problems)
    assert all(2011 <= row.year <= 2100 and 1 <= row.month <= 12 for row in read.rows)


def test_a_row_has_the_same_reference_whenever_it_is_read_and_equal_rows_differ():
    first = read_results(_file(ROW, ROW)).rows
    again = read_results(_file(_changed(issue=" Owed Â£5,000. ", month="1"), ROW)).rows
    assert [row.reference for row in first] == [row.reference for row in again]
    assert len({row.reference for row in first}) == 2


def test_known_subjects_take_the_spelling_of_the_list_and_others_stay():
    read = read_results(_file(_changed(subject="payment"), _changed(subject="Something old")))
    assert [row.subject for row in read.rows] == ["Payment", "Something old"]


@pytest.mark.parametrize("number", range(1, 13))
def test_months_are_read_as_number_name_or_three_letters(number: int):
    name = MONTHS[number - 1]
    assert {month_number(text) for text in (str(number), f"{number:02d}", name, name.upper(), name[:3])} == {number}


@given(st.integers(2011, 2100), st.integers(1, 12))
def test_a_month_as_a_number_comes_back(year: int, month: int):
    assert Period.from_number(Period(year, month).number) == Period(year, month)


def test_import_references_fit_their_column_and_never_look_like_ours():
    reference = import_reference(ROW, 0)
    assert reference.startswith("IM-")
    assert len(reference) <= 20


def test_every_proposal_is_of_the_taxonomy():
    found = taxonomy()
    assert {one.subject for one in found.proposals.values()} <= set(found.subjects)
    assert found.propose(["XX-NONE", "PAY-30"]).subject == "Payment"
    assert found.propose([]) is None
