"""All releases of one procurement put together, oldest first, by the rules of OCDS 1.1. Pure, and without a network.

The schema says only what merging needs of the parts we read: which lists are replaced as a whole. A list of objects
with ids is merged by id without being named here.
"""

import warnings
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ocdsmerge import Merger
from ocdsmerge.exceptions import OCDSMergeError, OCDSMergeWarning

from mystery_shopper.notices.jsontext import refuse

_WORDS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
_WHOLE: Mapping[str, Any] = {"type": "array", "wholeListMerge": True, "items": {"type": "object"}}
_CLASSES: Mapping[str, Any] = {"type": "object", "properties": {"rationaleClassifications": _WHOLE}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(id={"type": "string"}, **properties)}


SCHEMA: Mapping[str, Any] = _object(
    tag={**_WORDS, "omitWhenMerged": True},
    parties=_list(roles=_WORDS, additionalIdentifiers=_WHOLE, details=_object(classifications=_WHOLE)),
    tender=_object(
        submissionMethod=_WORDS,
        coveredBy=_WORDS,
        specialRegime=_WORDS,
        additionalProcurementCategories=_WORDS,
        selectionCriteria=_object(criteria=_WHOLE),
        submissionTerms=_object(languages=_WORDS),
        lots=_list(awardCriteria=_object(criteria=_WHOLE), selectionCriteria=_object(criteria=_WHOLE)),
        amendments=_list(**_CLASSES["properties"]),
    ),
    contracts=_list(amendments=_list(**_CLASSES["properties"])),
)


@cache
def _merger() -> Merger:
    return Merger(schema=dict(SCHEMA))


def _moment(release: Mapping[str, Any]) -> str:
    """Return the date of a release in one zone, so that the later of two texts is the later moment."""
    given = str(release.get("date", ""))
    try:
        return datetime.fromisoformat(given).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return given


def compile_releases(releases: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the state of a procurement after these releases, with the tags and the id of the newest.

    Raises:
        NoticeError: no release, or releases that cannot be put together.
    """
    if not releases:
        raise refuse("There is no release")
    ordered = sorted(releases, key=_moment)
    newest = ordered[-1]
    if len(ordered) == 1:
        return dict(newest)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OCDSMergeWarning)
        try:
            merged = _merger().create_compiled_release([{**one, "date": _moment(one)} for one in ordered])
        except OCDSMergeError as error:
            raise refuse(f"The releases cannot be put together: {type(error).__name__}") from error
        except (TypeError, AttributeError, KeyError, ValueError) as error:
            raise refuse("The releases cannot be put together: a field changes its kind") from error
    tags = [tag for release in ordered for tag in release.get("tag") or ()]
    return {**merged, "tag": list(dict.fromkeys(tags)), "id": newest.get("id")}
