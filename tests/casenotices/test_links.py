"""Links between cases and notices: from a report, by staff, taken back, changed by the buyer, through joins."""

import json
from collections.abc import Callable
from contextlib import suppress
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.casenotices.casepage import show_links
from mystery_shopper.casenotices.events import NoticeChanged, NoticeLinked, NoticeUnlinked
from mystery_shopper.casenotices.queries import list_links, list_notices_of_open_cases, list_open_cases_of
from mystery_shopper.casenotices.services import link_notice, unlink_notice
from mystery_shopper.casenotices.worker import refresh_round
from mystery_shopper.cases.models import Case, FactSource
from mystery_shopper.cases.queries import get_case_for_update, list_events, list_facts
from mystery_shopper.cases.services import join_cases, move
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.intake.queries import get_report, reporter_timeline
from mystery_shopper.notices.fetching import FetchError
from mystery_shopper.notices.models import NoticeVersion, Origin
from mystery_shopper.notices.queries import find_notice, list_receipts, list_versions
from tests.architecture.world import as_staff
from tests.factories.notices import TENDER, UPDATE, keep, package, read
from tests.factories.reports import Filed, add_report
from tests.factories.staff import add_member
from tests.intake.walking import read_forms

DEADLINE = "Deadline for tenders or requests to take part"


def events_of(case: Case) -> list[object]:
    return [row.to_event(case.data_key) for row in list_events(case)]


def filed_with(version: NoticeVersion | None = None, copy: str = "") -> tuple[Case, Filed]:
    filed = add_report(notice_version_id=str(version.id) if version else "", notice_copy=copy)
    return get_case_for_update(filed.case_id), filed


def link(case: Case, version: NoticeVersion, **facts: object) -> None:
    link_notice(
        case,
        version,
        reason="It is this one",
        facts=facts,
        version_seen=case.version,
        actor="user:1",
        now=clock.utc_now(),
    )


class Recorded:
    """A service that gives one answer, or fails."""

    def __init__(self, *names: str, fails: bool = False) -> None:
        self.names, self.fails, self.asked = names, fails, 0

    def fetch(self, name: str) -> bytes:
        self.asked += 1
        if self.fails:
            raise FetchError("no")
        releases = [release for one in self.names for release in package(one)["releases"]]
        return json.dumps({"releases": releases}).encode()


@pytest.mark.usefixtures("app_context")
class TestFromAReport:
    def test_what_was_looked_up_is_linked(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
            (view,) = show_links(case)
            assert (view.report_number, view.versions, view.newer, view.changes) == (1, 1, 0, ())
            assert NoticeLinked(number="012345-2026") in events_of(case)

    def test_what_was_pasted_is_linked_to_the_copy_in_the_report(self) -> None:
        with transaction():
            case, _ = filed_with(copy=read().content.decode())
            (view,) = show_links(case)
            assert (view.link.notice_id, view.sha256) == (None, read().sha256)

    def test_without_a_notice_there_is_no_link(self) -> None:
        with transaction():
            case, _ = filed_with()
            assert list_links(case) == []

    def test_the_reporter_hears_nothing_of_it(self) -> None:
        with transaction():
            _, filed = filed_with(keep())
            lines = reporter_timeline(get_report(filed.report_id))
            assert [line.sentence for line in lines] == ["We received your report."]

    def test_what_the_buyer_changes_since_is_shown(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
            keep(UPDATE)
            (view,) = show_links(case)
            assert (view.versions, view.newer) == (2, 1)
            assert DEADLINE in [change.title for change in view.changes]
            assert view.view.number == "013999-2026"

    def test_the_link_goes_with_the_report_into_another_case(self) -> None:
        with transaction():
            kept, _ = filed_with()
            joined, _ = filed_with(keep())
            member = as_staff(add_member("caseworker"), "caseworker")  # type: ignore[arg-type]
            join_cases(
                kept,
                joined,
                kept_version=kept.version,
                joined_version=joined.version,
                reason="Same tender",
                joiner=member,
                now=clock.utc_now(),
            )
            assert len(show_links(kept)) == 1
            assert list_links(joined) == []
            (found,) = list_links(kept)
            assert list_open_cases_of(found.notice_id) == [kept.id]  # type: ignore[arg-type]


@pytest.mark.usefixtures("app_context")
class TestByStaff:
    def test_facts_nobody_stated_come_from_the_notice(self) -> None:
        with transaction():
            case, _ = filed_with()
            link(case, keep(), uses_lots=True, min_years_accounts=1)
            facts = {row.fact_id: row for row in list_facts(case)}
            assert facts["uses_lots"].source is FactSource.NOTICE
            assert facts["min_years_accounts"].source is FactSource.TYPED

    def test_twice_is_refused(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
            with pytest.raises(DomainError, match="already"):
                link(case, keep())

    def test_a_page_that_is_out_of_date_is_refused(self) -> None:
        with transaction():
            case, _ = filed_with()
            with pytest.raises(StaleEditError):
                link_notice(
                    case,
                    keep(),
                    reason="x",
                    facts={},
                    version_seen=case.version + 1,
                    actor="user:1",
                    now=clock.utc_now(),
                )

    def test_a_link_that_is_taken_back_stays_on_record(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
            (found,) = list_links(case)
            details = {"number": "012345-2026", "reason": "Another tender", "actor": "user:1", "now": clock.utc_now()}
            unlink_notice(case, found, version_seen=case.version, **details)  # type: ignore[arg-type]
            assert list_links(case) == []
            assert NoticeUnlinked(number="012345-2026", reason="Another tender") in events_of(case)
            with pytest.raises(StaleEditError):
                unlink_notice(case, found, version_seen=case.version, **details)  # type: ignore[arg-type]
            link(case, keep())
            assert [view.report_number for view in show_links(case)] == [0]


@pytest.mark.usefixtures("app_context")
class TestRefreshing:
    def test_a_new_version_is_kept_and_written_on_the_timeline(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
            case_id = case.id
        done = refresh_round(Recorded(TENDER, UPDATE))
        assert (done.asked, done.changed, done.failed) == (1, 1, 0)
        case = get_case_for_update(case_id)
        (changed,) = [event for event in events_of(case) if isinstance(event, NoticeChanged)]
        assert changed.number == "013999-2026"
        assert DEADLINE in changed.fields
        (found,) = list_links(case)
        assert {one.origin for one in list_receipts(found.notice_id)} == {Origin.IMPORTED, Origin.FETCHED}  # type: ignore[arg-type]
        again = refresh_round(Recorded(TENDER, UPDATE))
        assert (again.changed, len(events_of(case))) == (0, len(events_of(case)))

    def test_what_is_fetched_stays_unseen_by_the_public(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
        refresh_round(Recorded(TENDER, UPDATE))
        (found,) = list_links(case)
        assert found.notice_id is not None
        assert [one.number for one in list_versions(found.notice_id, public_only=True)] == ["012345-2026"]

    def test_a_finished_case_asks_for_nothing(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
            assert list_notices_of_open_cases() == ["ocds-h6vhtk-0f00d1"]
            for state in (CaseState.ACKNOWLEDGED, CaseState.TRIAGE, CaseState.OUT_OF_SCOPE, CaseState.CLOSED):
                with suppress(DomainError):
                    move(case, state, actor="system", now=clock.utc_now())
            assert case.state is CaseState.CLOSED
            assert list_notices_of_open_cases() == []
        service = Recorded(UPDATE)
        assert refresh_round(service).asked == service.asked == 0

    def test_one_that_fails_does_not_stop_the_others(self) -> None:
        with transaction():
            filed_with(keep())
            filed_with(keep("contracts_finder"))
        pauses: list[float] = []
        done = refresh_round(Recorded(fails=True), pause=pauses.append)
        assert (done.asked, done.failed, len(pauses)) == (2, 2, 1)

    def test_an_answer_about_another_procurement_is_left(self) -> None:
        with transaction():
            case, _ = filed_with(keep())
        done = refresh_round(Recorded("contracts_finder"))
        assert (done.changed, done.failed) == (0, 0)
        (found,) = list_links(case)
        assert len(list_versions(found.notice_id)) == 1  # type: ignore[arg-type]


class TestPages:
    @pytest.fixture
    def staff(self, signed_in: Callable[..., FlaskClient]) -> FlaskClient:
        return signed_in("senior-caseworker")

    @pytest.fixture
    def reference(self, app: Flask) -> str:
        with app.app_context(), transaction():
            keep()
            return add_report().case_reference

    def fields_of(self, staff: FlaskClient, address: str) -> dict[str, list[str]]:
        return next(fields for _, fields in read_forms(staff.get(address).text) if "reason" in fields)

    def send(self, staff: FlaskClient, address: str, **fields: str) -> str:
        sent = {**self.fields_of(staff, address), **fields}
        return unescape(staff.post(address, data=sent, follow_redirects=True).text)

    def test_link_and_take_back(self, staff: FlaskClient, reference: str) -> None:
        page = self.send(
            staff, f"/cases/{reference}/notices/link", typed="2026/S 000-012345", reason="Found it", take_facts="yes"
        )
        assert "Notice 012345-2026 is linked with this case" in page
        assert "Linked by staff" in page
        assert "From the notice" in page
        link_id = page.split(f"/cases/{reference}/notices/")[1].split("/unlink")[0].split('"')[-1]
        page = self.send(staff, f"/cases/{reference}/notices/{link_id}/unlink", reason="Wrong one")
        assert "No notice is linked with this case." in page
        timeline = staff.get(f"/cases/{reference}/timeline").text
        assert "Notice 012345-2026 linked: Found it" in timeline
        assert "Notice 012345-2026 no longer linked: Wrong one" in timeline

    def test_a_pasted_notice_is_kept_unseen_by_the_public(self, staff: FlaskClient, reference: str, app: Flask) -> None:
        pasted = json.dumps(package("contracts_finder"))
        page = self.send(staff, f"/cases/{reference}/notices/link", pasted=pasted, reason="From the service")
        assert "is linked with this case" in page
        with app.app_context():
            ocid = "ocds-b5fd17-11111111-2222-4333-8444-555555555555"
            assert find_notice(ocid, public_only=True) is None
            assert find_notice(ocid, public_only=False) is not None

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"typed": "999999-2026", "reason": "x"}, "We do not have this notice"),
            ({"typed": "words", "reason": "x"}, "We do not have this notice"),
            ({"reason": "x"}, "Enter a notice number"),
            ({"typed": "012345-2026"}, "Enter why"),
            ({"pasted": '{"releases": 1}', "reason": "x"}, "releases: must be a list"),
        ],
    )
    def test_what_is_missing_or_wrong(
        self, staff: FlaskClient, reference: str, fields: dict[str, str], said: str
    ) -> None:
        assert said in self.send(staff, f"/cases/{reference}/notices/link", **fields)

    def test_two_people_at_once(self, staff: FlaskClient, reference: str) -> None:
        address = f"/cases/{reference}/notices/link"
        fields = {**self.fields_of(staff, address), "version": "0", "typed": "012345-2026", "reason": "x"}
        answer = staff.post(address, data=fields)
        assert answer.status_code == 409

    @pytest.mark.parametrize("path", ["", "/copy.json", "/unlink"])
    def test_a_link_of_another_case_is_not_here(
        self, staff: FlaskClient, reference: str, app: Flask, path: str
    ) -> None:
        with app.app_context(), transaction():
            case, filed = filed_with(copy=read(UPDATE).content.decode())
            link_id = list_links(case)[0].id
        assert staff.get(f"/cases/{filed.case_reference}/notices/{link_id}{path}").status_code == 200
        assert staff.get(f"/cases/{reference}/notices/{link_id}{path}").status_code == 404

    def test_a_linked_notice_has_no_copy_of_its_own(self, staff: FlaskClient, app: Flask) -> None:
        with app.app_context(), transaction():
            case, filed = filed_with(keep())
            link_id = list_links(case)[0].id
        assert staff.get(f"/cases/{filed.case_reference}/notices/{link_id}").status_code == 200
        assert staff.get(f"/cases/{filed.case_reference}/notices/{link_id}/copy.json").status_code == 404
