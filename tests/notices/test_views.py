"""The staff pages of notices: list, one notice, versions, comparing, the frozen copy."""

import hashlib
from collections.abc import Callable
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.notices.models import Origin
from mystery_shopper.notices.queries import find_by_hash, list_versions
from mystery_shopper.notices.services import keep_releases
from tests.architecture.test_query_counts import statements
from tests.factories.notices import TENDER, UPDATE, keep, read


@pytest.fixture
def staff(signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in("caseworker")


@pytest.fixture
def notice_id(app: Flask) -> UUID:
    with app.app_context(), transaction():
        return keep(TENDER, UPDATE).notice_id


@pytest.fixture
def version_ids(app: Flask, notice_id: UUID) -> list[UUID]:
    with app.app_context():
        return [version.id for version in list_versions(notice_id)]


def page_of(staff: FlaskClient, path: str) -> str:
    answer = staff.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_an_empty_list_says_what_to_do(staff: FlaskClient) -> None:
    assert "No notice has been imported yet" in page_of(staff, "/notices")


@pytest.mark.usefixtures("notice_id")
class TestList:
    def test_shows_what_is_there(self, staff: FlaskClient) -> None:
        page = page_of(staff, "/notices")
        assert "Repair of park benches" in page
        assert "Update of a tender notice, 16 March 2026" in page

    def test_searches_and_says_when_nothing_is_found(self, staff: FlaskClient) -> None:
        assert "Repair of park benches" in page_of(staff, "/notices?words=fenwick")
        page = page_of(staff, "/notices?words=zeppelins")
        assert "No notice matches." in page
        assert "Buyer, title or reference: zeppelins" in page

    @pytest.mark.parametrize(
        "query", ["words=%00", "words=" + "a" * 3000, "service=nothing", "words=%25", "words=&service="]
    )
    def test_odd_filters_filter_nothing_or_all(self, staff: FlaskClient, query: str) -> None:
        page_of(staff, f"/notices?{query}")

    def test_an_odd_cursor_is_no_page(self, staff: FlaskClient) -> None:
        assert staff.get("/notices?cursor=abc").status_code == 404


def test_a_longer_list_costs_no_more_statements(app: Flask, staff: FlaskClient) -> None:
    costs = []
    for names in ((TENDER,), (UPDATE, "contracts_finder", "sell2wales", "public_contracts_scotland")):
        with app.app_context(), transaction():
            keep(*names)
        staff.get("/notices")
        with statements() as found:
            staff.get("/notices")
        costs.append(len(found))
    assert costs[0] == costs[1]


class TestNotice:
    def test_says_what_all_its_versions_say(self, staff: FlaskClient, notice_id: UUID) -> None:
        page = page_of(staff, f"/notices/{notice_id}")
        assert "Put together from its 2 versions" in page
        assert "15 April 2026 at 12pm" in page
        assert "Imported from a file on" in page

    def test_what_changed_is_in_words(self, staff: FlaskClient, notice_id: UUID, version_ids: list[UUID]) -> None:
        page = page_of(staff, f"/notices/{notice_id}/compare")
        assert "1 April 2026 at 12pm" in page
        assert "15 April 2026 at 12pm" in page
        assert "tenderPeriod" not in page
        same = page_of(staff, f"/notices/{notice_id}/compare?old={version_ids[0]}&new={version_ids[0]}")
        assert "Nothing that we read differs" in same

    @pytest.mark.parametrize("query", ["old=x&new=y", "old=&new=", "old=1"])
    def test_odd_versions_compare_nothing(self, staff: FlaskClient, notice_id: UUID, query: str) -> None:
        assert "What changed in the notice" in page_of(staff, f"/notices/{notice_id}/compare?{query}")

    def test_one_version_has_nothing_to_compare(self, app: Flask, staff: FlaskClient) -> None:
        with app.app_context(), transaction():
            only = keep("sell2wales").notice_id
        assert "only one version" in page_of(staff, f"/notices/{only}/compare")

    def test_a_version_shows_its_hash_and_the_file_has_it(
        self, staff: FlaskClient, notice_id: UUID, version_ids: list[UUID]
    ) -> None:
        page = page_of(staff, f"/notices/{notice_id}/versions/{version_ids[0]}")
        answer = staff.get(f"/notices/{notice_id}/versions/{version_ids[0]}.json")
        assert hashlib.sha256(answer.data).hexdigest() == read().sha256
        assert read().sha256 in page
        assert answer.mimetype == "application/json"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_what_is_not_there(self, staff: FlaskClient, notice_id: UUID, version_ids: list[UUID]) -> None:
        for path in (
            f"/notices/{uuid4()}",
            f"/notices/{notice_id}/versions/{uuid4()}",
            f"/notices/{uuid4()}/versions/{version_ids[0]}",
            f"/notices/{uuid4()}/versions/{version_ids[0]}.json",
            f"/notices/{uuid4()}/compare",
        ):
            assert staff.get(path).status_code == 404, path


def test_words_of_a_notice_are_text_and_nothing_else(app: Flask, staff: FlaskClient) -> None:
    odd = read(title="<script>alert(1)</script> {{7*7}}", description="<img src=x onerror=alert(1)>")
    with app.app_context(), transaction():
        keep_releases([odd], origin=Origin.IMPORTED, came_from="x", actor="system", now=clock.utc_now())
        version = find_by_hash(odd.sha256)
        assert version is not None
        path = f"/notices/{version.notice_id}"
    for page in (staff.get(path).text, staff.get("/notices").text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page
