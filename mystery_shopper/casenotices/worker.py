"""The share of the worker in notices: once a day, those of open cases are fetched anew, where a setting allows it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from mystery_shopper.casenotices.queries import list_notices_of_open_cases, list_open_cases_of
from mystery_shopper.casenotices.services import note_change
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.notices.comparing import service_name
from mystery_shopper.notices.fetching import Fetcher
from mystery_shopper.notices.models import Origin
from mystery_shopper.notices.queries import find_notice, list_versions
from mystery_shopper.notices.reading import ReadRelease, read_releases
from mystery_shopper.notices.services import keep_releases
from mystery_shopper.notices.showing import changes_between

PAUSE_SECONDS = 1.0
"""Between two questions: the services ask for patience."""
log = logging.getLogger(__name__)


@dataclass
class Refreshed:
    """What a round did."""

    asked: int = 0
    changed: int = 0
    failed: int = 0


def refresh_round(fetcher: Fetcher, *, pause: Callable[[float], None] = time.sleep) -> Refreshed:
    """Fetch each notice of an open case; keep what is new and write it on the timeline of its cases.

    Nothing is locked while a service is asked. One notice that fails does not stop the others. Safe to repeat.
    """
    done = Refreshed()
    with transaction():
        ocids = list_notices_of_open_cases()
    for ocid in ocids:
        if done.asked:
            pause(PAUSE_SECONDS)
        done.asked += 1
        try:
            releases = [one for one in read_releases(fetcher.fetch(ocid)) if one.view.ocid == ocid]
        except DomainError as error:
            done.failed += 1
            log.warning("a notice could not be fetched: %s", type(error).__name__)
            continue
        with transaction():
            done.changed += _keep(ocid, releases)
    return done


def _keep(ocid: str, releases: list[ReadRelease]) -> bool:
    """Keep the releases; tell whether the notice says something newer now."""
    notice = find_notice(ocid, public_only=False)
    if notice is None or not releases:
        return False
    now = clock.utc_now()
    before = list_versions(notice.id)[-1]
    keep_releases(releases, origin=Origin.FETCHED, came_from=service_name(releases[0].view), actor=SYSTEM, now=now)
    versions = list_versions(notice.id)
    if versions[-1].id == before.id:
        return False
    fields = tuple(change.title for change in changes_between(versions, before.id, versions[-1].id))
    for case_id in list_open_cases_of(notice.id):
        case = get_case_for_update(case_id, lock=True)
        note_change(case, number=versions[-1].number, fields=fields, actor=SYSTEM, now=now)
    return True
