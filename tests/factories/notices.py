"""Notices of fictional buyers: the files of tests/notices/data, changed as a test needs them."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from mystery_shopper.core import clock
from mystery_shopper.notices.models import NoticeVersion, Origin
from mystery_shopper.notices.queries import find_by_hash
from mystery_shopper.notices.reading import ReadRelease, read_releases
from mystery_shopper.notices.services import keep_releases

DATA = Path(__file__).resolve().parents[1] / "notices" / "data"
FILES = tuple(sorted(DATA.glob("*.json")))
TENDER = "find_a_tender"
UPDATE = "find_a_tender_update"


def package(name: str = TENDER) -> dict[str, Any]:
    """Return a package as JSON values."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def release(name: str = TENDER, **tender: Any) -> dict[str, Any]:
    """Return the release of a package, with some fields of its tender replaced (None takes one out)."""
    whole = package(name)
    found: dict[str, Any] = deepcopy((whole.get("releases") or whole["records"][0]["releases"])[0])
    found["tender"] = {key: value for key, value in {**found["tender"], **tender}.items() if value is not None}
    return found


def read(name: str = TENDER, **tender: Any) -> ReadRelease:
    """Return the release as the reader returns it."""
    return read_releases(json.dumps(release(name, **tender)))[0]


def keep(*names: str, origin: Origin = Origin.IMPORTED) -> NoticeVersion:
    """Keep some notices in the database; returns the version of the last."""
    releases = [read(name) for name in names or (TENDER,)]
    keep_releases(releases, origin=origin, came_from="a file", actor="system", now=clock.utc_now())
    version = find_by_hash(releases[-1].sha256)
    assert version is not None
    return version
