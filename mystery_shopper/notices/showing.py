"""What a notice said at one of its versions, and what changed between two: for every page that shows a notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mystery_shopper.notices.comparing import Change, Field, compare, describe
from mystery_shopper.notices.models import NoticeVersion
from mystery_shopper.notices.policy import NoticeView
from mystery_shopper.notices.reading import compiled_view

LONG = 400
"""Characters from which a text is folded away."""


@dataclass(frozen=True)
class Sheet:
    """A notice as a page shows it: short answers in a list, long texts folded."""

    view: NoticeView
    short: tuple[Field, ...]
    long: tuple[Field, ...]


def sheet_of(view: NoticeView) -> Sheet:
    """Return a notice as a page shows it."""
    fields = describe(view)
    return Sheet(
        view,
        tuple(field for field in fields if len(field.text) <= LONG),
        tuple(field for field in fields if len(field.text) > LONG),
    )


def state_at(versions: Sequence[NoticeVersion], version_id: UUID) -> NoticeView:
    """Return what the releases up to a version say together. `versions` are in order; the version is one of them."""
    place = next(number for number, version in enumerate(versions, start=1) if version.id == version_id)
    return compiled_view([version.content for version in versions[:place]])


def changes_between(versions: Sequence[NoticeVersion], old_id: UUID, new_id: UUID) -> tuple[Change, ...]:
    """Return what is different at one version from what was said at another."""
    return compare(state_at(versions, old_id), state_at(versions, new_id))
