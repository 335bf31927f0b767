"""The notices of a case as evidence: the kept versions to choose from, and what differs between two frozen copies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mystery_shopper.casenotices.queries import list_links
from mystery_shopper.cases.models import Case
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.errors import DomainError
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import as_typed
from mystery_shopper.facts.registry import registry
from mystery_shopper.interventions.models import NoticeEvidence
from mystery_shopper.notices.comparing import Change, kind_of
from mystery_shopper.notices.models import NoticeVersion
from mystery_shopper.notices.policy import london_day
from mystery_shopper.notices.queries import list_versions
from mystery_shopper.notices.showing import changes_between, state_at
from mystery_shopper.notices.stating import facts_of

LEAST = 2
"""Versions a notice must have before one of them can show a change."""


@dataclass(frozen=True)
class KeptVersion:
    """A frozen copy of a notice of a case, in words."""

    version: NoticeVersion
    words: str

    @property
    def released_on(self) -> date:
        """Return the day the buyer published it, in London."""
        return _day(self.version)


@dataclass(frozen=True)
class AmendedNotice:
    """A notice before a recommendation and after it, and what the buyer changed."""

    before: KeptVersion
    after: KeptVersion
    changes: tuple[Change, ...]

    @property
    def number(self) -> str:
        """Return the number of the amended notice."""
        return self.after.version.number


@dataclass(frozen=True)
class AmendedFact:
    """A fact that a notice states otherwise since it was amended; its values as a person types them."""

    fact_id: str
    title: str
    before: str
    after: str


def kept_versions(case: Case) -> list[list[KeptVersion]]:
    """Return the versions of each linked notice that has been amended, the oldest first."""
    ids = dict.fromkeys(link.notice_id for link in list_links(case) if link.notice_id is not None)
    found = [list_versions(notice_id) for notice_id in ids]
    return [_in_words(versions) for versions in found if len(versions) >= LEAST]


def _in_words(versions: Sequence[NoticeVersion]) -> list[KeptVersion]:
    return [
        KeptVersion(one, f"{one.number}, version {place}: {kind_of(tuple(one.tags.split()))}, {format_day(_day(one))}")
        for place, one in enumerate(versions, start=1)
    ]


def _day(version: NoticeVersion) -> date:
    return london_day(version.released_at) or version.released_at.date()


def choose_evidence(
    case: Case, before_id: UUID | None, after_id: UUID | None, *, made_on: date
) -> NoticeEvidence | None:
    """Return the frozen copies somebody chose, None when they chose none.

    Where only the newer one was chosen, the one before is what the buyer had published when the recommendation was
    made.

    Raises:
        DomainError: only the older one was chosen, they are of two notices, or not in order.
    """
    if after_id is None:
        if before_id is None:
            return None
        raise DomainError("Select the version that shows what was done", field="notice_after")
    versions = next((one for one in kept_versions(case) if after_id in _ids(one)), [])
    ids = _ids(versions)
    before_id = before_id or _published_until(versions, made_on)
    if before_id not in ids:
        raise DomainError("Select a version of the same notice", field="notice_before")
    if ids.index(before_id) >= ids.index(after_id):
        raise DomainError("The version after must be newer than the version before", field="notice_after")
    return NoticeEvidence(versions[0].version.notice_id, before_id, after_id)


def _ids(versions: Sequence[KeptVersion]) -> list[UUID]:
    return [one.version.id for one in versions]


def _published_until(versions: Sequence[KeptVersion], day: date) -> UUID | None:
    """Return the newest version up to a day; the first one where all are newer."""
    earlier = [one for one in versions if one.released_on <= day] or list(versions[:1])
    return earlier[-1].version.id if earlier else None


def amended_facts(case: Case) -> list[AmendedFact]:
    """Return the facts that a buyer changed in the notices of a case since they were linked, as a person types them."""
    found = {}
    for link in list_links(case):
        if link.notice_id is None or link.seen_version_id is None:
            continue
        versions = list_versions(link.notice_id)
        if link.seen_version_id != versions[-1].id:
            old, new = (facts_of(state_at(versions, one)) for one in (link.seen_version_id, versions[-1].id))
            found.update({one.fact_id: one for one in _changed(old, new)})
    return list(found.values())


def _changed(old: Mapping[str, FactValue], new: Mapping[str, FactValue]) -> Iterator[AmendedFact]:
    for fact_id, after in new.items():
        if fact_id in old and old[fact_id] != after:
            definition = registry()[fact_id]
            yield AmendedFact(
                fact_id, definition.title, as_typed(definition, old[fact_id]), as_typed(definition, after)
            )


def show_amended(evidence: NoticeEvidence) -> AmendedNotice:
    """Return two frozen copies with what differs between them; they are kept whether or not the link still stands."""
    versions = list_versions(evidence.notice_id)
    named: Mapping[UUID, KeptVersion] = {one.version.id: one for one in _in_words(versions)}
    return AmendedNotice(
        before=named[evidence.before_id],
        after=named[evidence.after_id],
        changes=changes_between(versions, evidence.before_id, evidence.after_id),
    )
