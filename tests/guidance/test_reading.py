"""The library as readers see it: index, page, search, and the links beside flags."""

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock
from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.policy import Audience
from tests.factories.reports import Filed
from tests.factories.staff import token_in
from tests.intake.walking import Walker
from tests.support.answers import assert_status_is_told

SLUGS = [page.slug for page in library()]


def search_for(client: FlaskClient, query: str) -> str:
    token = token_in(client.get("/guidance/search").text)
    answer = client.post("/guidance/search", data={"q": query, "csrf_token": token})
    assert_status_is_told(answer)
    return answer.text


def main_of(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", 1)[0]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_opens_with_contents_sources_and_the_day_of_its_review(client: FlaskClient, slug: str) -> None:
    page = library().find(slug)
    assert page is not None
    text = client.get(f"/guidance/{slug}").text
    main = main_of(text)
    for heading in page.headings:
        assert f'href="#{heading.anchor}"' in main
        assert f'id="{heading.anchor}"' in main
    for source in page.sources:
        assert f'id="source-{source.id}"' in main
    assert "Reviewed on 25 November 2026" in main
    assert "Exit this page" in text
    assert f"<title>{page.title} - Guidance" in text


def test_the_index_lists_every_page_and_each_audience_its_own(client: FlaskClient) -> None:
    whole = client.get("/guidance").text
    assert all(f'href="/guidance/{slug}"' in whole for slug in SLUGS)
    for audience in Audience:
        shown = main_of(client.get(f"/guidance?audience={audience.value}").text)
        for page in library():
            assert (f'href="/guidance/{page.slug}"' in shown) == (audience in page.audience), (audience, page.slug)
    assert client.get("/guidance?audience=nobody").status_code == 200


@pytest.mark.parametrize("slug", ["nowhere", "..%2f..%2fetc", "BONDS-AND-GUARANTEES", "a" * 3000])
def test_a_page_that_is_not_there_is_not_found(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/guidance/{slug}").status_code == 404


def test_a_search_lists_pages_marks_words_and_keeps_the_query_out_of_the_address(client: FlaskClient) -> None:
    main = main_of(search_for(client, "bond"))
    assert main.index("/guidance/bonds-and-guarantees") < main.index("/guidance/fair-financial-requirements")
    assert re.search(r'<mark class="ms-mark">Bonds?</mark>', main)
    assert 'method="post"' in main


def test_a_search_without_words_says_so_and_one_without_results_helps_on(client: FlaskClient) -> None:
    assert "Enter what you are looking for" in search_for(client, "  ")
    nothing = main_of(search_for(client, "zeppelinhangar"))
    assert "No page matches" in nothing
    assert 'href="/guidance"' in nothing


def test_what_was_looked_for_is_escaped_and_written_to_no_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        text = search_for(client, "<script>canaryquery</script>")
    assert "<script>canary" not in text
    assert "canaryquery" not in caplog.text


def test_wording_for_buyers_is_that_of_the_rules(client: FlaskClient) -> None:
    main = main_of(client.get("/guidance/fair-insurance-and-skills").text)
    assert "Confirm that you hold, or commit to obtain before the contract starts" in main
    assert 'id="wording"' in main
    assert 'id="wording"' not in client.get("/guidance/insurance").text


def test_a_page_nobody_looked_at_for_a_year_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = library().find("insurance")
    assert page is not None
    assert "due for another review" not in client.get("/guidance/insurance").text
    later = page.reviewed_on.replace(year=page.reviewed_on.year + 2)
    monkeypatch.setattr(clock, "today", lambda: later)
    assert "due for another review" in client.get("/guidance/insurance").text


class TestBesideFlags:
    def test_the_reporter_reads_guidance_beside_each_flag_and_on_the_receipt(self, client: FlaskClient) -> None:
        walker = Walker(client)
        walker.report_bond("confidential")
        walker.open("/report/view")
        assert 'Guidance: <a class="govuk-link" href="/guidance/bonds-and-guarantees"' in walker.page.text
        walker.open("/report/check")
        code = walker.receipt_code()
        walker.send({"saved_code": "yes"})
        walker.open("/receipt")
        walker.send({"code": code})
        assert "Guidance on what you reported" in walker.page.text
        assert 'href="/guidance/bonds-and-guarantees"' in walker.page.text

    def test_the_caseworker_reads_it_beside_the_flag_and_on_the_page_of_the_rule(
        self, app: Flask, signed_in: Callable[..., FlaskClient], file_report: Callable[..., Filed]
    ) -> None:
        filed = file_report()
        browser = signed_in(Role.SENIOR_CASEWORKER)
        link = '/guidance/bonds-and-guarantees"'
        assert link in browser.get(f"/cases/{filed.case_reference}").text
        assert link in browser.get("/rules/FIN-BOND").text

    def test_a_buyer_who_checks_a_requirement_reads_it_in_a_new_tab(self, client: FlaskClient) -> None:
        walker = Walker(client)
        walker.open("/check-a-requirement")
        walker.send(
            {"requirement": "Bidders must lodge a performance bond of £500,000. The contract is worth £400,000."}
        )
        assert "Guidance: " in walker.page.text
        assert 'href="/guidance/bonds-and-guarantees" target="_blank"' in walker.page.text
