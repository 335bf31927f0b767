"""The pages that only say something, and what every layout promises."""

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from mystery_shopper.core.permissions import Permission
from mystery_shopper.web.navigation import PUBLIC_PLACES, STAFF_PLACES, navigation_items
from tests.web.conftest import MakeApp

PAGES = ("/", "/safety", "/privacy", "/cookies", "/accessibility-statement")


def levels(page: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])", page.partition("<main")[2].partition("</main>")[0])]


class TestPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_one_main_heading_nested_headings_a_title_and_a_language(self, web: FlaskClient, path: str) -> None:
        response = web.get(path)
        found = levels(response.text)
        assert response.status_code == 200
        assert found.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(found))
        assert re.search(r"<title>[^<]{5,} - Mystery Shopper</title>", response.text)
        assert '<html lang="en"' in response.text
        assert "Skip to main content" in response.text

    def test_titles_are_unique(self, web: FlaskClient) -> None:
        titles = {re.search(r"<title>(.*?)</title>", web.get(path).text)[1] for path in PAGES}  # type: ignore[index]
        assert len(titles) == len(PAGES)

    def test_no_page_loads_anything_from_elsewhere(self, web: FlaskClient) -> None:
        for path in PAGES:
            loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', web.get(path).text)
            assert loaded
            assert all(address.startswith("/static/") for address in loaded)

    def test_home_leads_to_every_way_in_and_tells_the_truth_about_the_law(self, web: FlaskClient) -> None:
        page = web.get("/").text
        for address in ("/report", "/tell-us-how", "/receipt", "/results", "/safety"):
            assert f'href="{address}"' in page
        assert "protects workers" in page
        assert "does not protect a business" in page
        assert "delay, suspend or overturn the award" in page

    def test_the_safety_page_has_a_way_out_without_scripts(self, web: FlaskClient) -> None:
        page = web.get("/safety").text
        assert 'class="govuk-exit-this-page"' in page
        assert re.search(r'<a href="/leave"[^>]*govuk-exit-this-page__button', page)

    def test_a_demonstration_says_so_on_every_page(self, make_app: MakeApp) -> None:
        assert "Nothing here is real" in make_app(demo=True).test_client().get("/nowhere").text
        assert "Nothing here is real" not in make_app(demo=False).test_client().get("/").text

    def test_brand_off_shows_no_crown_and_brand_on_does(self, make_app: MakeApp) -> None:
        off = make_app(govuk_brand=False).test_client().get("/").text
        on = make_app(govuk_brand=True).test_client().get("/").text
        assert "crown" not in off.lower()
        assert "GOV.UK" not in off
        assert "govuk-header" in on
        assert "govuk-footer__crown" in on


class TestForms:
    def test_errors_are_in_the_title_the_summary_and_at_the_field(self, web: FlaskClient) -> None:
        page = web.post("/name", data={"name": "  "}).text
        assert "<title>Error: Name" in page
        assert "There is a problem" in page
        assert '<a href="#name">Enter your name</a>' in page
        assert 'id="name-error"' in page
        assert 'aria-describedby="name-error"' in page

    def test_what_was_done_is_said_once(self, web: FlaskClient) -> None:
        token = re.search(r'csrf_token"[^>]*value="([^"]+)"', web.get("/name").text)[1]  # type: ignore[index]
        web.post("/name", data={"name": "Ann", "csrf_token": token})
        assert "govuk-notification-banner--success" in web.get("/name").text
        assert "govuk-notification-banner" not in web.get("/name").text


class TestNavigation:
    def test_nobody_sees_a_place_they_may_not_open(self) -> None:
        for permission in Permission:
            items = navigation_items(STAFF_PLACES, "/", frozenset({permission}))
            expected = [place.text for place in STAFF_PLACES if place.permission is permission]
            assert [item["text"] for item in items] == expected
        assert navigation_items(STAFF_PLACES, "/") == []

    def test_the_place_a_page_lies_in_is_marked(self) -> None:
        here = navigation_items(PUBLIC_PLACES, "/report")
        below = navigation_items(PUBLIC_PLACES, "/report/check")
        beside = navigation_items(PUBLIC_PLACES, "/reporting")
        assert [item["text"] for item in here if item.get("current")] == ["Report a barrier"]
        assert [item["text"] for item in below if item.get("active")] == ["Report a barrier"]
        assert not any("active" in item or "current" in item for item in beside)
