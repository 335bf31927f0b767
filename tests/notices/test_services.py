"""Frozen copies: kept once, never changed, found by name; what the public finds; the list of staff."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core import clock
from mystery_shopper.core.db import Model, db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.notices.models import Notice, NoticeKey, NoticeReceipt, NoticeVersion, Origin
from mystery_shopper.notices.policy import Dialect
from mystery_shopper.notices.queries import (
    PAGE_SIZE,
    NoticeFilter,
    find_notice,
    get_notice,
    get_version,
    list_notices,
    list_receipts,
    list_versions,
)
from mystery_shopper.notices.reading import read_releases
from mystery_shopper.notices.services import keep_releases
from mystery_shopper.notices.showing import changes_between
from tests.factories.notices import TENDER, UPDATE, keep, read, release

pytestmark = pytest.mark.usefixtures("app_context")
FINDER = "contracts_finder"


def count(kind: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def keep_many(number: int) -> None:
    releases = []
    for place in range(number):
        one = {**release(FINDER, title=f"Job {place}"), "ocid": f"ocds-b5fd17-{place:04d}"}
        releases.append(read_releases(json.dumps({**one, "date": f"2025-01-{place % 28 + 1:02d}T10:00:00Z"}))[0])
    keep_releases(releases, origin=Origin.IMPORTED, came_from="many.json", actor="system", now=clock.utc_now())


class TestKeeping:
    def test_bytes_hash_and_way_are_kept(self) -> None:
        version = keep()
        assert version.content == read().content
        assert version.sha256 == read().sha256
        assert get_notice(version.notice_id).dialect is Dialect.FIND_A_TENDER
        assert [(one.origin, one.came_from) for one in list_receipts(version.notice_id)] == [
            (Origin.IMPORTED, "a file")
        ]

    def test_the_same_again_is_nothing_new(self) -> None:
        keep()
        before = [count(kind) for kind in (Notice, NoticeVersion, NoticeReceipt, NoticeKey, AuditEntry)]
        keep()
        assert [count(kind) for kind in (Notice, NoticeVersion, NoticeReceipt, NoticeKey, AuditEntry)] == before

    def test_an_update_is_a_new_version_of_the_same_notice(self) -> None:
        version = keep(TENDER, UPDATE)
        assert (count(Notice), count(NoticeVersion)) == (1, 2)
        assert get_notice(version.notice_id).number == "013999-2026"

    def test_an_older_release_that_comes_late_does_not_stand_in_the_list(self) -> None:
        version = keep(UPDATE, TENDER)
        notice = get_notice(version.notice_id)
        assert (notice.number, notice.released_on) == ("013999-2026", date(2026, 3, 16))
        assert [one.number for one in list_versions(notice.id)] == ["012345-2026", "013999-2026"]

    def test_an_import_is_audited(self) -> None:
        keep()
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert Action.NOTICES_IMPORTED in actions

    @pytest.mark.parametrize("table", ["notice_versions", "notice_receipts", "notice_keys"])
    @pytest.mark.parametrize("verb", ["UPDATE {} SET version_id = version_id", "DELETE FROM {}"])
    def test_the_database_refuses_to_change_a_frozen_copy(self, table: str, verb: str) -> None:
        keep()
        statement = verb.format(table)
        if table == "notice_versions":
            statement = statement.replace("version_id", "sha256")
        with pytest.raises(DatabaseError, match="append only"):
            db.session.execute(text(statement))

    def test_so_does_the_program(self) -> None:
        keep().number = "changed"
        with pytest.raises(RuntimeError, match="frozen"):
            db.session.flush()

    def test_a_long_title_is_cut_in_the_list_only(self) -> None:
        found = read(title="Repair " + "x" * 900)
        keep_releases([found], origin=Origin.IMPORTED, came_from="y" * 900, actor="system", now=clock.utc_now())
        notice = db.session.scalars(select(Notice)).one()
        assert len(notice.title) == 500
        assert list_versions(notice.id)[0].content == found.content


class TestLookUp:
    @pytest.mark.parametrize(
        "typed",
        [
            "012345-2026",
            "2026/S 000-012345",
            "ocds-h6vhtk-0F00D1",
            "https://www.find-tender.service.gov.uk/Notice/012345-2026",
        ],
    )
    def test_by_every_name(self, typed: str) -> None:
        version = keep()
        found = find_notice(typed, public_only=True)
        assert found is not None
        assert found.id == version.notice_id

    def test_by_the_page_of_contracts_finder(self) -> None:
        version = keep(FINDER)
        page = "https://www.contractsfinder.service.gov.uk/notice/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
        found = find_notice(page, public_only=True)
        assert found is not None
        assert found.id == version.notice_id

    @pytest.mark.parametrize("typed", ["999999-2026", "nothing", "", "https://evil.example/012345-2026"])
    def test_what_is_not_here_is_not_found(self, typed: str) -> None:
        keep()
        assert find_notice(typed, public_only=True) is None

    @pytest.mark.parametrize("origin", [Origin.ADDED, Origin.FETCHED])
    def test_what_came_for_a_case_is_not_found_by_the_public(self, origin: Origin) -> None:
        version = keep(origin=origin)
        assert find_notice("012345-2026", public_only=True) is None
        assert list_versions(version.notice_id, public_only=True) == []
        assert find_notice("012345-2026", public_only=False) is not None

    def test_once_it_is_imported_it_is_found(self) -> None:
        keep(origin=Origin.ADDED)
        keep()
        assert find_notice("012345-2026", public_only=True) is not None
        assert count(NoticeVersion) == 1

    def test_a_newer_version_fetched_for_a_case_stays_unseen(self) -> None:
        keep()
        version = keep(UPDATE, origin=Origin.FETCHED)
        assert find_notice("013999-2026", public_only=True) is None
        assert [one.number for one in list_versions(version.notice_id, public_only=True)] == ["012345-2026"]


class TestList:
    def test_pages_hold_everything_once_in_order(self) -> None:
        keep_many(2 * PAGE_SIZE + 3)
        seen, cursor = [], None
        while True:
            page = list_notices(NoticeFilter(), cursor)
            seen += [(one.released_on, one.id) for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len(seen) == 2 * PAGE_SIZE + 3
        assert len(set(seen)) == len(seen)
        assert [day for day, _ in seen] == sorted((day for day, _ in seen), reverse=True)
        back = list_notices(NoticeFilter(), page.previous_cursor)
        assert [(one.released_on, one.id) for one in back.items] == seen[PAGE_SIZE : 2 * PAGE_SIZE]

    @pytest.mark.parametrize("cursor", ["abc", "WyJhZnRlciIsICJ4IiwgInkiXQ", "WyJhZnRlciJd"])
    def test_a_cursor_of_somebody_else_is_no_page(self, cursor: str) -> None:
        with pytest.raises(NotFoundError):
            list_notices(NoticeFilter(), cursor)

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("bench", 1),
            ("BENCHES fenwick", 1),
            ("quaking", 1),
            ("FM-2026-07", 1),
            ("012345-2026", 1),
            ("bench quaking", 0),
            ("%", 2),
            ("enches", 0),
        ],
    )
    def test_words_of_title_buyer_and_reference(self, words: str, found: int) -> None:
        keep(TENDER, FINDER)
        assert len(list_notices(NoticeFilter(words=words), None).items) == found

    def test_the_service_filters(self) -> None:
        keep(TENDER, FINDER)
        page = list_notices(NoticeFilter(dialect=Dialect.CONTRACTS_FINDER), None)
        assert [one.buyer_name for one in page.items] == ["Little Quaking Parish Council"]

    def test_a_version_belongs_to_its_notice(self) -> None:
        one, other = keep(), keep(FINDER)
        with pytest.raises(NotFoundError):
            get_version(get_notice(other.notice_id), one.id)


def test_changes_between_versions() -> None:
    versions = list_versions(keep(TENDER, UPDATE).notice_id)
    titles = {change.title for change in changes_between(versions, versions[0].id, versions[1].id)}
    assert "Deadline for tenders or requests to take part" in titles
    assert changes_between(versions, versions[1].id, versions[1].id) == ()
