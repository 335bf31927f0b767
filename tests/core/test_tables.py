"""Small tables in files: what cannot be read is named by file and line."""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.tables import check_complete, keyed_rows, make_rows, whole_above_zero

NAME = "some/data/table.csv"


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


def counted(row: Mapping[str, str]) -> tuple[Fruit, int]:
    return Fruit(row["fruit"]), whole_above_zero(row["count"])


def test_rows_come_in_the_order_of_the_file() -> None:
    assert make_rows(["fruit,count", "pear,2", "apple,1"], NAME, counted) == [(Fruit.PEAR, 2), (Fruit.APPLE, 1)]


@pytest.mark.parametrize("line", ["plum,1", "pear,0", "pear,-1", "pear,two", "pear,\u0662", "pear"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"some/data/table\.csv line 3: "):
        keyed_rows(["fruit,count", "apple,1", line], NAME, counted)


def test_a_key_stands_there_once() -> None:
    with pytest.raises(ConfigurationError, match="line 3: apple stands there already"):
        keyed_rows(["fruit,count", "apple,1", "apple,2"], NAME, counted)


def test_what_has_no_line_is_named() -> None:
    with pytest.raises(ConfigurationError, match="has no line for pear"):
        check_complete({Fruit.APPLE: 1}, Fruit, NAME)
