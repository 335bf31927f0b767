"""The panel "Notice" of the case page: what is linked, what it says, and what changed since."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.casenotices.models import CaseNotice
from mystery_shopper.casenotices.public import PUBLIC
from mystery_shopper.casenotices.queries import list_links
from mystery_shopper.cases.looked_for import register_public
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.panels import Action, Panel, Part, register_action, register_panel
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.core.permissions import Permission
from mystery_shopper.notices.comparing import Change, kind_of, service_name
from mystery_shopper.notices.policy import NoticeView
from mystery_shopper.notices.queries import list_versions
from mystery_shopper.notices.reading import compiled_view
from mystery_shopper.notices.showing import Sheet, changes_between, sheet_of, state_at

SHORT_KEYS = ("title", "buyer", "value", "published", "deadline", "procedure", "award", "status")
"""What the panel shows at a glance; the rest is a page away."""


@dataclass(frozen=True)
class LinkView:
    """One linked notice as the panel shows it.

    `report_number` is the report it came with (0: staff linked it). `changes` are what the buyer changed since the
    link was made; `old_id` and `new_id` the versions between which. A pasted copy has one version and its hash.
    """

    link: CaseNotice
    service: str
    kind: str
    sheet: Sheet
    report_number: int
    changes: tuple[Change, ...] = ()
    versions: int = 1
    newer: int = 0
    sha256: str = ""

    @property
    def view(self) -> NoticeView:
        """Return what the notice says."""
        return self.sheet.view

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return what the panel shows at a glance."""
        return tuple((field.title, field.text) for field in self.sheet.short if field.key in SHORT_KEYS)


def register() -> None:
    """Register the panel and the action, and what the disclosure gate may take as public."""
    register_panel(_PANEL)
    register_action(_ACTION)
    register_public("notices", PUBLIC)


def load(case: Case, user: StaffMember) -> Mapping[str, Any]:
    """Return the linked notices, and whether this person may link."""
    return {"links": show_links(case), "can_work": user.can(Permission.CASE_WORK)}


def show_links(case: Case) -> list[LinkView]:
    """Return the linked notices of a case, opened."""
    links = list_links(case)
    reports = (
        {report.id: (number, report) for number, report in enumerate(list_reports(case), start=1)} if links else {}
    )
    return [_show(link, *reports.get(link.report_id, (0, None))) for link in links]  # type: ignore[arg-type]


def _show(link: CaseNotice, number: int, report: Report | None) -> LinkView:
    if link.notice_id is None or link.seen_version_id is None:
        return _show_copy(link, number, report)
    versions = list_versions(link.notice_id)
    newest = versions[-1]
    place = [version.id for version in versions].index(link.seen_version_id)
    view = state_at(versions, newest.id)
    return LinkView(
        link=link,
        service=service_name(view),
        kind=kind_of(tuple(newest.tags.split())),
        sheet=sheet_of(view),
        report_number=number,
        changes=changes_between(versions, link.seen_version_id, newest.id),
        versions=len(versions),
        newer=len(versions) - 1 - place,
    )


def _show_copy(link: CaseNotice, number: int, report: Report | None) -> LinkView:
    content = copy_of(report)
    view = compiled_view([content])
    return LinkView(
        link=link,
        service=service_name(view),
        kind=kind_of(view.tags, view.notice_types),
        sheet=sheet_of(view),
        report_number=number,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def copy_of(report: Report | None) -> bytes:
    """Return the frozen copy that a reporter pasted."""
    return report.content.notice_copy.encode() if report is not None else b""


_PANEL = Panel(
    key="notice",
    title="Notice",
    order=25,
    permission=Permission.CASE_READ,
    template="casenotices/panel.html",
    load=load,
    part=Part.FACTS,
)
_ACTION = Action(
    label="Link a notice",
    endpoint="casenotices.link_notice",
    order=72,
    permission=Permission.CASE_WORK,
    applies=lambda _case, _user: True,
)
