"""What the notices of a case make public, for the disclosure gate: titles, and amounts in pounds."""

from collections.abc import Iterator, Sequence

from mystery_shopper.casenotices.models import CaseNotice
from mystery_shopper.casenotices.queries import list_links
from mystery_shopper.cases.looked_for import PublicMatter
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import list_reports
from mystery_shopper.notices.policy import Money, NoticeView
from mystery_shopper.notices.queries import get_notice, list_versions
from mystery_shopper.notices.reading import compiled_view
from mystery_shopper.notices.stating import POUNDS


def titles_of(case: Case) -> Iterator[str]:
    """Yield the titles of the notices that are linked to a case."""
    links = list_links(case)
    yield from (get_notice(link.notice_id).title for link in links if link.notice_id is not None)
    for link in links:
        if link.notice_id is None:
            view = _read_copy(link, list_reports(case))
            yield view.title if view is not None else ""


def amounts_of(case: Case) -> Iterator[int]:
    """Yield the amounts in the notices that are linked to a case: of the contract, of its lots, of the award."""
    links = list_links(case)
    reports = list_reports(case) if links else ()
    for link in links:
        view = _read_copy(link, reports) if link.notice_id is None else _newest(link)
        yield from _amounts_in(view)


def _newest(link: CaseNotice) -> NoticeView | None:
    if link.notice_id is None:
        return None
    return compiled_view([version.content for version in list_versions(link.notice_id)])


def _read_copy(link: CaseNotice, reports: Sequence[Report]) -> NoticeView | None:
    """Return what a notice says that a reporter pasted into their report."""
    copy = next((report.content.notice_copy for report in reports if report.id == link.report_id), "")
    return compiled_view([copy.encode()]) if copy else None


def _amounts_in(view: NoticeView | None) -> Iterator[int]:
    if view is None:
        return
    for money in (view.value, view.minimum, view.award_value, *(lot.value for lot in view.lots or ())):
        yield from _pounds_in(money)


def _pounds_in(money: Money | None) -> Iterator[int]:
    if money is not None and money.currency == POUNDS:
        yield from (int(amount) for amount in (money.amount, money.gross) if amount is not None)


PUBLIC = PublicMatter(titles=titles_of, amounts=amounts_of)
