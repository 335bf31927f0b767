"""What the page of one case shows a publisher, and what this person can do there now."""

from collections.abc import Sequence
from dataclasses import dataclass

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import is_recused_from
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.permissions import Permission
from mystery_shopper.publication.models import Publication, PublishedResult
from mystery_shopper.publication.policy import KNOWN_BY_WORDS, KnownBy
from mystery_shopper.publication.queries import Basis, basis_of, find_result_of, list_versions
from mystery_shopper.publication.states import OPEN, PublicationState

UNPUBLISHED = frozenset({CaseState.SUPPLIER_TOLD, CaseState.READY_TO_PUBLISH})


@dataclass(frozen=True, kw_only=True)
class PublicationPage:
    """The versions of a public text, newest first, what they rest on, and the steps open to one person."""

    versions: Sequence[Publication]
    basis: Basis
    result: PublishedResult | None
    can_start: bool
    can_edit: bool
    can_decide: bool
    can_publish: bool
    can_correct: bool
    can_withhold: bool
    is_own_text: bool

    @property
    def open_version(self) -> Publication | None:
        """Return the version that is being worked on."""
        return next((version for version in self.versions if version.state in OPEN), None)

    @property
    def known_by(self) -> str:
        """Return how many suppliers could know what the open version says, in words."""
        version = self.open_version
        answer = version.content.known_by if version else ""
        return KNOWN_BY_WORDS[KnownBy(answer)] if answer else ""

    @property
    def few_could_know(self) -> bool:
        """Tell whether the text could give a supplier away although no name stands in it."""
        return self.known_by in (KNOWN_BY_WORDS[KnownBy.FEW], KNOWN_BY_WORDS[KnownBy.UNKNOWN])


def load_page(case: Case, user: StaffMember) -> PublicationPage:
    """Read what the page shows."""
    versions = list_versions(case)
    open_version = next((version for version in versions if version.state in OPEN), None)
    result = find_result_of(case)
    state = open_version.state if open_version else None
    is_own = open_version is not None and user.id in open_version.writer_ids
    can_write = user.can(Permission.PUBLICATION_WRITE)
    is_unpublished = case.state in UNPUBLISHED
    is_public = result is not None and result.withdrawn_period is None
    return PublicationPage(
        versions=versions,
        basis=basis_of(case),
        result=result,
        can_start=can_write and is_unpublished and open_version is None,
        can_edit=can_write and state is PublicationState.DRAFT,
        can_decide=user.can(Permission.PUBLICATION_APPROVE)
        and state is PublicationState.AWAITING_APPROVAL
        and not is_own
        and not is_recused_from(case, user.id),
        can_publish=can_write and state is PublicationState.APPROVED,
        can_correct=can_write and is_public and open_version is None,
        can_withhold=can_write and is_unpublished,
        is_own_text=is_own,
    )
