"""How values are written."""

from datetime import UTC, date, datetime

import pytest

from mystery_shopper.web.filters import (
    format_date,
    format_datetime,
    format_money,
    format_pounds,
    group_code,
    plural,
    words,
)


def test_dates_are_written_as_gov_uk_writes_them() -> None:
    assert format_date(date(2025, 6, 1)) == "1 June 2025"
    assert format_date(None) == ""


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2025, 6, 1, 16, 30, tzinfo=UTC), "1 June 2025 at 5:30pm"),
        (datetime(2025, 1, 1, 10, 0, tzinfo=UTC), "1 January 2025 at 10am"),
        (datetime(2025, 6, 1, 11, 0, tzinfo=UTC), "1 June 2025 at midday"),
        (datetime(2025, 6, 1, 23, 0, tzinfo=UTC), "2 June 2025 at midnight"),
        (datetime(2025, 1, 1, 0, 5, tzinfo=UTC), "1 January 2025 at 12:05am"),
    ],
)
def test_moments_are_written_in_london_time(moment: datetime, written: str) -> None:
    assert format_datetime(moment) == written


def test_the_date_of_a_moment_is_the_date_in_london() -> None:
    assert format_date(datetime(2025, 6, 1, 23, 30, tzinfo=UTC)) == "2 June 2025"


@pytest.mark.parametrize(
    ("pence", "written"),
    [(120_000_000, "£1,200,000"), (1250, "£12.50"), (5, "£0.05"), (0, "£0"), (-500, "-£5"), (None, "")],
)
def test_money_is_written_in_pounds(pence: int | None, written: str) -> None:
    assert format_money(pence) == written


def test_whole_pounds_and_counts() -> None:
    assert format_pounds(1_200_000) == "£1,200,000"
    assert [plural(n, "case") for n in (0, 1, 2, 1200)] == ["0 cases", "1 case", "2 cases", "1,200 cases"]
    assert plural(2, "authority", "authorities") == "2 authorities"


def test_codes_are_cut_into_groups_and_nothing_is_lost() -> None:
    assert group_code("ABCD-EFGH-JK") == ["ABCD", "EFGH", "JK"]
    assert group_code("ABCDEFGHJK") == ["ABCD", "EFGH", "JK"]


def test_stored_values_read_as_words() -> None:
    assert words("ready-to-publish") == "Ready to publish"
