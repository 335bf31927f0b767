"""Results as files: the scheme's CSV, line by line, and the JSON of one page."""

from collections.abc import Iterator

from mystery_shopper.core.csvsafe import csv_line
from mystery_shopper.publication.policy import COLUMNS
from mystery_shopper.publication.queries import ResultFilter, each_result

BYTE_ORDER_MARK = "\ufeff"


def result_lines(wanted: ResultFilter, *, for_excel: bool = False) -> Iterator[str]:
    """Yield the lines of the scheme's CSV: exactly its seven columns, every cell safe in a spreadsheet.

    `for_excel` puts a byte order mark first, without which Excel misreads everything that is not ASCII.
    """
    yield (BYTE_ORDER_MARK if for_excel else "") + ",".join(COLUMNS) + "\r\n"
    for result in each_result(wanted):
        yield csv_line(result.cells)
