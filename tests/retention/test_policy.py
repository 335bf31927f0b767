"""The schedule, the table of what erasing does, and file references: data that cannot be read stops the start."""

from datetime import date

import pytest
from sqlalchemy import Table

from mystery_shopper.app import create_app as _app  # noqa: F401 - every table of the program is known
from mystery_shopper.cases.series import read_series, series_reference
from mystery_shopper.core.db import Model
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.intake.policy import DRAFT_DAYS
from mystery_shopper.retention.policy import (
    ACCOUNT,
    CASE_FILE,
    IDENTITY,
    REQUEST,
    SUGGESTION,
    BatchClass,
    Fate,
    digest_of,
    erasures,
    erasures_of,
    read_schedule,
    schedule,
)
from mystery_shopper.suggestions.policy import DRAFT_DAYS as SUGGESTION_DRAFT_DAYS

HEAD = "class,title,trigger,count,unit,done_by,action,basis"
ROOTS = {
    "cases": CASE_FILE,
    "reports": CASE_FILE,
    "suggestions": SUGGESTION,
    "info_requests": REQUEST,
    "users": ACCOUNT,
}
"""The tables whose rows are destroyed by schedule, and the class with which all of a row goes."""


def linked_tables() -> list[Table]:
    """Return every table whose rows name a record of a batch, and the tables of those."""
    tables = Model.metadata.tables.values()
    return [one for one in tables if one.name in ROOTS or any(links(one))]


def links(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table.name in ROOTS]


def test_every_table_about_a_record_says_what_erasing_does_to_each_of_its_links() -> None:
    known = {(one.table, one.link) for one in erasures()}
    needed = {(table.name, link) for table in linked_tables() for link in links(table)}
    assert needed - known == set()
    assert known - needed == {(name, "id") for name in ROOTS} - {("reports", "id")}


def test_what_points_at_a_deleted_row_is_deleted_before_it() -> None:
    order = [one.table for one in erasures() if one.fate is Fate.DELETE]
    for name in order:
        for key in Model.metadata.tables[name].foreign_keys:
            other = key.column.table.name
            assert other not in order or order.index(name) <= order.index(other), (name, other)


def test_columns_that_are_emptied_can_be_empty() -> None:
    for one in erasures():
        for column in one.also_empty:
            assert Model.metadata.tables[one.table].c[column].nullable, (one.table, column)


def test_a_case_file_goes_with_the_identities_in_it() -> None:
    assert {one.table for one in erasures_of(IDENTITY)} == {"reporter_identities", "outbox_messages", "supplier_marks"}
    assert set(erasures_of(IDENTITY)) < set(erasures_of(CASE_FILE))


def test_the_schedule_says_what_the_program_does() -> None:
    classes = schedule().classes
    assert [one.id for one in schedule().batch_classes()] == list(BatchClass)
    assert classes["report-draft"].count == DRAFT_DAYS
    assert classes["suggestion-draft"].count == SUGGESTION_DRAFT_DAYS
    assert classes[IDENTITY].ends_on(date(2024, 2, 29)) == date(2025, 2, 28)
    assert classes[CASE_FILE].ends_on(date(2023, 5, 31)) == date(2026, 5, 31)
    assert classes["backup"].ends_on(date(2026, 1, 1)) == date(2026, 2, 5)


@pytest.mark.parametrize(
    "line",
    [
        "identity,Who,case-closed,none,months,batch,erase,Law",
        "identity,Who,case-closed,0,months,batch,erase,Law",
        "identity,Who,case-opened,12,months,batch,erase,Law",
        "identity,Who,case-closed,12,months,batch,erase,",
        "messages,Messages,case-closed,12,months,batch,erase,Law",
        "identity,Who,last-saved,12,months,batch,erase,Law",
    ],
)
def test_a_line_of_the_schedule_that_cannot_be_meant_is_named(line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"schedule.csv line 2"):
        read_schedule([HEAD, line])


def test_another_schedule_is_another_version() -> None:
    one, two = (read_schedule([HEAD, f"identity,Who,case-closed,{n},months,batch,erase,Law"]) for n in (12, 13))
    assert one.version != two.version


def test_the_digest_of_a_certificate_does_not_depend_on_the_order() -> None:
    assert digest_of(["b", "a"]) == digest_of(["a", "b"]) != digest_of(["a"])


def test_a_file_reference_follows_the_scheme_of_its_day() -> None:
    assert series_reference("MS-2026-00123", date(2026, 3, 1)) == "CO/PPRS/2026/0123"
    found = read_series(["from,pattern,source", "2026-01-01,NEW/{year}/{number},x", "2000-01-01,OLD/{year}/{number},x"])
    assert [one.pattern[:3] for one in found] == ["OLD", "NEW"]
    with pytest.raises(ConfigurationError, match="line 2"):
        read_series(["from,pattern,source", "2026-01-01,CO/PPRS/{number},x"])
