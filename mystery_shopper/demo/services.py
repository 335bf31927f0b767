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
from mystery_shopper.demo.plans import Plan, drawn_plans, handwritten_plans, read_data
from mystery_shopper.demo.sharing import share_work
from mystery_shopper.demo.suggesting import tell_suggestions
from mystery_shopper.demo.teaming import work_together
from mystery_shopper.demo.telling import Cast, Story
from mystery_shopper.notices.models import Origin
from mystery_shopper.notices.reading import read_releases
from mystery_shopper.notices.services import keep_releases

DEFAULT_REPORTS = 260
DEFAULT_SEED = 2026
BATCH = 20

Say = Callable[[str], None]


def demonstration_is_loaded() -> bool:
    """Tell whether there are demonstration cases."""
    return bool(db.session.scalar(select(func.count()).select_from(Case).where(Case.is_demonstration).limit(1)))


def load_demonstration(*, reports: int = DEFAULT_REPORTS, seed: int = DEFAULT_SEED, say: Say) -> int:
    """Load fictional authorities, staff, suggestions and `reports` reports with the stories of their cases.

    The first twenty reports are written by hand, the rest drawn by `seed`. Returns the number of cases.

    Raises:
        ConfigurationError: there are cases already: whoever reads the printed accounts would see them.
    """
    if db.session.scalar(select(func.count()).select_from(Case)):
        raise ConfigurationError("There are cases in this database. Load the demonstration into an empty one.")
    now = clock.utc_now()
    today = clock.today()
    with transaction():
        authorities = add_demonstration_authorities(read_data("authorities.yaml"), actor=SYSTEM, now=now)
        cast = people.add_staff(now=now)
        _add_notices(now)
        tell_suggestions(cast, today)
    plans = [*handwritten_plans()[:reports], *drawn_plans(max(0, reports - 20), seed=seed, today=today)]
    for start in range(0, len(plans), BATCH):
        with transaction():
            for number, plan in enumerate(plans[start : start + BATCH], start=start + 1):
                _tell(plan, authorities, cast, number, today)
            db.session.flush()
        say(f"  {min(start + BATCH, len(plans))} of {len(plans)} cases")
    with transaction():
        share_work(cast, today, now)
        work_together(cast, today, now)
    return len(plans)


def _add_notices(now: datetime) -> None:
    """Keep three notices of fictional buyers, so that the look-up finds something: 900101-2026, for example."""
    content = files("mystery_shopper").joinpath("demo", "data", "notices.json").read_bytes()
    keep_releases(read_releases(content), origin=Origin.IMPORTED, came_from="the demonstration", actor=SYSTEM, now=now)


def _tell(plan: Plan, authorities: dict[str, Authority], cast: Cast, number: int, today: date) -> None:
    Story(plan, authorities, cast, number, today).tell()
