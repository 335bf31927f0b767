"""The numbers of data/limits.csv. Free of everything else, so that the process apart can read them too."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from mystery_shopper.core.tables import read_numbers

LIMITS_FILE = "evidence/data/limits.csv"
MEGABYTE = 1024 * 1024


class Limit(StrEnum):
    """Each limit by its name in the file; units stand there."""

    FILE = "file-megabytes"
    REPORT = "report-megabytes"
    FILES = "report-files"
    NAME = "name-characters"
    MEMBERS = "archive-members"
    UNPACKED = "archive-megabytes"
    RATIO = "archive-ratio"
    PIXELS = "image-megapixels"
    FRAMES = "image-frames"
    PAGES = "pdf-pages"
    OBJECTS = "pdf-objects"
    PROCESSOR = "process-seconds"
    WAIT = "process-wait-seconds"
    MEMORY = "process-megabytes"
    COPY = "copy-megabytes"
    TEXT = "text-characters"
    SCAN = "scan-seconds"
    SCAN_FIRST = "scan-first-seconds"
    DISK = "disk-free-percent"
    ORPHAN = "orphan-hours"


@cache
def limits() -> Mapping[Limit, int]:
    """Return the limits, each a whole number above zero in the unit its line names.

    Raises:
        ConfigurationError: a line cannot be read or is missing; it is named.
    """
    return read_numbers(LIMITS_FILE, Limit)


def in_bytes(limit: Limit) -> int:
    """Return a limit of megabytes in bytes."""
    return limits()[limit] * MEGABYTE


def body_limit() -> int:
    """Return how large the body of an upload may be: all files of a report, and a little for the form around them."""
    return in_bytes(Limit.REPORT) + MEGABYTE
