"""The register as rows of a file: every entry that counts, with its history."""

from collections.abc import Iterable, Iterator

from mystery_shopper.guidance.models import ProvideStage
from mystery_shopper.guidance.queries import Standing

STAGE_COLUMNS = ("Department", "Service", "Stage", "Detail", "Said on", "Source", "Address", "Current")


def stage_rows(standings: Iterable[Standing]) -> Iterator[tuple[str, ...]]:
    """Yield one row for each entry, the oldest of a department first."""
    for standing in standings:
        for row in standing.history:
            current = "yes" if row is standing.current else "no"
            yield (row.department, row.service, row.label, row.detail, said_on(row), row.source, row.address, current)


def said_on(row: ProvideStage) -> str:
    """Return when the source said so: the year alone where no more is known."""
    return str(row.said_on.year) if row.year_only else row.said_on.isoformat()
