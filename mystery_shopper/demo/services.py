"""Loading the demonstration: once, through the real services, the same for the same seed and day."""

from collections.abc import Callable
from datetime import date, datetime
from importlib.resources import files

from sqlalchemy import func, select

from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.services import add_demonstration_authorities
from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.demo import people
from mystery_shopper.demo.crowd import scale_of
from mystery_shopper.demo.crowding import Progress, fill
from mystery_shopper.demo.keeping import keep_records
from mystery_shopper.demo.papers import papers_made_beside
from mystery_shopper.demo.plans import Plan, drawn_plans, handwritten_plans, read_data
from mystery_shopper.demo.sharing import share_work
from mystery_shopper.demo.showing import show_the_rest
from mystery_shopper.demo.suggesting import tell_suggestions
from mystery_shopper.demo.teaming import work_together
from mystery_shopper.demo.telling import Cast, Story
from mystery_shopper.notices.models import Origin
from mystery_shopper.notices.reading import read_releases
from mystery_shopper.notices.services import keep_releases

DEFAULT_REPORTS = 260
DEFAULT_SEED = 2026
TOLD = 260
"""So many cases are told step by step through the services of the pages; those beyond are written in bulk."""
BATCH = 20
WITH_PAPERS = 20
"""From so many cases on there are files: looking into them takes seconds, and a few cases have no use for them."""

Say = Callable[[str], None]


def demonstration_is_loaded() -> bool:
    """Tell whether there are demonstration cases."""
    return bool(count_cases(is_demonstration=True))


def count_cases(*, is_demonstration: bool) -> int:
    """Return how many cases are of the demonstration, or are not."""
    statement = select(func.count()).select_from(Case).where(Case.is_demonstration == is_demonstration)
    return db.session.scalar(statement) or 0


def count_missing(reports: int) -> int:
    """Return how many of so many cases of the demonstration are not there yet.

    Raises:
        ConfigurationError: there are other cases: whoever reads the printed accounts would see them.
    """
    if count_cases(is_demonstration=False):
        raise ConfigurationError(
            "There are cases in this database that are not of the demonstration. Load it into an empty one."
        )
    return max(0, reports - count_cases(is_demonstration=True))


def load_demonstration(
    *, reports: int = DEFAULT_REPORTS, seed: int = DEFAULT_SEED, say: Say, tell: Progress | None = None
) -> int:
    """Load fictional authorities, staff, suggestions and `reports` reports with the stories of their cases.

    The first twenty reports are written by hand, the rest drawn by `seed`; those beyond TOLD are written in bulk, and
    `tell` hears how many at a time. A load that was stopped goes on where it was. Returns the number of cases loaded.

    Raises:
        ConfigurationError: there are cases that are not of the demonstration.
    """
    missing = count_missing(reports)
    now, today = clock.utc_now(), clock.today()
    if not demonstration_is_loaded():
        _tell_stories(min(reports, TOLD), seed, today, now, say)
    there = count_cases(is_demonstration=True)
    if there < reports:
        say(f"  {reports - there} more in bulk")
        scale = scale_of(reports - TOLD)
        fill(
            reports - there,
            from_number=max(0, there - TOLD),
            seed=seed,
            scale=scale,
            today=today,
            now=now,
            tell=tell or _nobody_asks,
        )
    return missing


def _nobody_asks(_count: int) -> None:
    """Take the news of progress when nobody shows it."""


def _tell_stories(reports: int, seed: int, today: date, now: datetime, say: Say) -> None:
    with papers_made_beside(now, wanted=reports >= WITH_PAPERS) as papers:
        with transaction():
            authorities = add_demonstration_authorities(read_data("authorities.yaml"), actor=SYSTEM, now=now)
            cast = people.add_staff(now=now)
            _add_notices(now)
            tell_suggestions(cast, today)
        _tell_cases(reports, seed, authorities, cast, today, say)
        with transaction():
            share_work(cast, today, now)
            work_together(cast, today, now)
            show_the_rest(cast, [*authorities.values()], papers, today, now)
            keep_records(cast, now)


def _tell_cases(reports: int, seed: int, authorities: dict[str, Authority], cast: Cast, today: date, say: Say) -> None:
    plans = [*handwritten_plans()[:reports], *drawn_plans(max(0, reports - 20), seed=seed, today=today)]
    for start in range(0, len(plans), BATCH):
        with transaction():
            for number, plan in enumerate(plans[start : start + BATCH], start=start + 1):
                _tell(plan, authorities, cast, number, today)
            db.session.flush()
        say(f"  {min(start + BATCH, len(plans))} of {len(plans)} cases")


def _add_notices(now: datetime) -> None:
    """Keep three notices of fictional buyers, so that the look-up finds something: 900101-2026, for example."""
    content = files("mystery_shopper").joinpath("demo", "data", "notices.json").read_bytes()
    keep_releases(read_releases(content), origin=Origin.IMPORTED, came_from="the demonstration", actor=SYSTEM, now=now)


def _tell(plan: Plan, authorities: dict[str, Authority], cast: Cast, number: int, today: date) -> None:
    Story(plan, authorities, cast, number, today).tell()
