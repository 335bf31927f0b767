"""The pages between two cases, as people of each role use them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.cases.queries import find_join, list_reports
from mystery_shopper.core.db import transaction
from tests.factories.publications import add_authority
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member
from tests.intake.walking import Walker, read_forms
from tests.similarity.conftest import People, add_people, staff_of
from tests.similarity.joined import case_of, give
from tests.similarity.test_suggestions import STORY, add_upheld
from tests.support.desks import open_desk

UNKNOWN = "MS-2020-99999"


Scene = tuple[Filed, Filed, People]


def file_pair() -> Scene:
    with transaction():
        first, second = add_report(narrative=STORY), add_report(narrative=STORY)
    return first, second, add_people()


@pytest.fixture
def scene(made_once: Callable[..., Scene]) -> Scene:
    return made_once("two reports of one story", file_pair)


@pytest.fixture
def people(scene: Scene) -> People:
    return scene[2]


@pytest.fixture
def senior(people: People) -> Member:
    return people.senior


@pytest.fixture
def worker(app: Flask, people: People) -> FlaskClient:
    """The browser of a caseworker."""
    return open_desk(app, people.worker)


@pytest.fixture
def walker(app: Flask, senior: Member) -> Walker:
    return Walker(open_desk(app, senior))


@pytest.fixture
def pair(scene: Scene) -> tuple[Filed, Filed]:
    return scene[0], scene[1]


def fields_of(walker: Walker) -> dict[str, list[str]]:
    """Return what the main form of the page sends: the one that asks for a reason or for another case."""
    forms = [fields for _, fields in read_forms(walker.text) if {"reason", "other"} & set(fields)]
    return forms[0]


def send(walker: Walker, **answers: object) -> None:
    """Send the main form as a browser does: to the address of the page, what stands after its ? included."""
    fields = {**fields_of(walker), **answers}
    walker.page = walker.client.post(walker.page.request.full_path, data=fields, follow_redirects=True)


class TestJoining:
    def test_from_the_suggestion_over_the_preview_to_the_joined_case_and_back(
        self, app: Flask, walker: Walker, pair: tuple[Filed, Filed]
    ) -> None:
        first, second = pair
        walker.open(f"/cases/{second.case_reference}/parts/reports")
        assert "Much the same words" in walker.text
        address = re.search(r'href="(/cases/[^"]*/join\?other=[^"]*)"', walker.text)
        assert address
        walker.open(address.group(1))
        assert "What will happen" in walker.text
        send(walker, keep=first.case_reference, reason="The same tender")
        assert walker.path == f"/cases/{first.case_reference}"
        assert f"{second.case_reference} is now part of {first.case_reference}" in walker.text
        walker.open(f"/cases/{second.case_reference}")
        assert "This case is now part of" in walker.text
        assert "Joined to another case" in walker.text
        walker.open(f"/cases/{first.case_reference}/timeline")
        assert f"{second.case_reference}: Report received (web)" in walker.text
        walker.open(f"/cases/{first.case_reference}/take-apart")
        option = re.search(r'name="join" type="radio" value="([^"]*)"', walker.text)
        assert option
        send(walker, join=option.group(1), reason="Two tenders")
        assert "stands by itself again" in walker.text
        with app.app_context():
            assert find_join(case_of(second)) is None
            assert len(list_reports(case_of(second))) == 1

    def test_without_an_answer_the_page_says_what_is_missing(self, walker: Walker, pair: tuple[Filed, Filed]) -> None:
        walker.open(f"/cases/{pair[0].case_reference}/join?other={pair[1].case_reference}")
        send(walker)
        assert "Select which case goes on" in walker.text
        assert "Enter why" in walker.text

    @pytest.mark.parametrize("page", ["join", "link", "not-similar"])
    def test_another_case_has_to_be_named_and_must_be_one_that_can_be_seen(
        self, walker: Walker, pair: tuple[Filed, Filed], page: str
    ) -> None:
        own = pair[0].case_reference
        walker.open(f"/cases/{own}/{page}")
        send(walker)
        assert "Enter the reference of the other case" in walker.text
        send(walker, other=UNKNOWN)
        assert "Enter the reference of a case that you can see" in walker.text
        send(walker, other=own)
        assert "Enter the reference of another case" in walker.text
        send(walker, other=pair[1].case_reference)
        assert walker.page.request.args["other"] == pair[1].case_reference
        walker.open(f"/cases/{own}/{page}?other={UNKNOWN}")
        assert "Enter the reference of a case that you can see" in walker.text

    def test_a_case_of_a_colleague_is_as_one_that_does_not_exist(
        self, app: Flask, worker: FlaskClient, senior: Member, pair: tuple[Filed, Filed]
    ) -> None:
        with app.app_context(), transaction():
            give(case_of(pair[1]), staff_of(senior))
        pages = [
            worker.get(f"/cases/{pair[0].case_reference}/join?other={other}").text.replace(other, "")
            for other in (pair[1].case_reference, UNKNOWN)
        ]
        same = [re.sub(r'value="[^"]{60,}"', "", page) for page in pages]
        assert same[0] == same[1]

    def test_cases_that_cannot_be_joined_say_why_and_offer_a_link(
        self, app: Flask, walker: Walker, file_report: Callable[..., Filed]
    ) -> None:
        with app.app_context(), transaction():
            ids = [add_authority(name=name).id for name in ("One Council", "Two Council")]
        one, other = (file_report(authority_id=authority_id) for authority_id in ids)
        walker.open(f"/cases/{one.case_reference}/join?other={other.case_reference}")
        assert "about different authorities" in walker.text
        assert "Link the cases instead" in walker.text
        assert "Join the cases" not in walker.text

    def test_a_page_that_is_old_leads_to_the_conflict_page_and_joins_nothing(
        self, app: Flask, walker: Walker, pair: tuple[Filed, Filed], file_report: Callable[..., Filed]
    ) -> None:
        first, second = pair
        third = file_report()
        address = f"/cases/{first.case_reference}/join?other={second.case_reference}"
        walker.open(address)
        old = fields_of(walker)
        walker.open(f"/cases/{first.case_reference}/join?other={third.case_reference}")
        send(walker, keep=first.case_reference, reason="also")
        answer = walker.client.post(address, data={**old, "keep": first.case_reference, "reason": "too late"})
        assert answer.status_code == 409
        assert "too late" in answer.text
        with app.app_context():
            assert find_join(case_of(second)) is None


class TestSplit:
    def test_one_report_gets_a_case_of_its_own(self, app: Flask, walker: Walker, pair: tuple[Filed, Filed]) -> None:
        first, second = pair
        walker.open(f"/cases/{first.case_reference}/join?other={second.case_reference}")
        send(walker, keep=first.case_reference, reason="The same tender")
        walker.open(f"/cases/{first.case_reference}/split")
        send(walker, report=str(first.report_id), reason="Another lot")
        assert "The report has a case of its own now" in walker.text
        with app.app_context():
            assert [report.id for report in list_reports(case_of(first))] == [second.report_id]

    def test_a_case_with_one_report_says_so(self, walker: Walker, pair: tuple[Filed, Filed]) -> None:
        walker.open(f"/cases/{pair[0].case_reference}/split")
        assert "There is only one report in this case." in walker.text


class TestRelations:
    def test_a_suggestion_is_dismissed_with_a_reason_and_comes_back(
        self, walker: Walker, pair: tuple[Filed, Filed]
    ) -> None:
        own, other = pair[0].case_reference, pair[1].case_reference
        walker.open(f"/cases/{own}/not-similar?other={other}")
        send(walker, reason="Another county")
        assert "Much the same words" not in walker.text
        assert "Dismissed suggestions (1)" in walker.text
        assert "Another county" in walker.text
        walker.open(f"/cases/{own}/relations")
        option = re.search(r'name="relation" type="radio" value="([^"]*)"', walker.text)
        assert option
        send(walker, relation=option.group(1), reason="It is the same after all")
        assert "Much the same words" in walker.text

    def test_a_link_shows_on_both_cases(self, walker: Walker, pair: tuple[Filed, Filed]) -> None:
        own, other = pair[0].case_reference, pair[1].case_reference
        walker.open(f"/cases/{own}/link?other={other}")
        send(walker, reason="One programme")
        assert f"Linked with {other}" in walker.text
        walker.open(f"/cases/{other}/parts/reports")
        assert "Linked cases" in walker.text
        assert "One programme" in walker.text


def uphold_three() -> tuple[str, People]:
    people = add_people()
    with transaction():
        authority, maker = add_authority(), staff_of(people.senior)
        first, *_ = [add_upheld(authority.id, maker) for _ in range(3)]
        return first.reference, people


class TestPatterns:
    @pytest.fixture
    def upheld(self, made_once: Callable[..., tuple[str, People]]) -> tuple[str, People]:
        return made_once("three upheld, to be looked at", uphold_three)

    @pytest.fixture
    def people(self, upheld: tuple[str, People]) -> People:
        return upheld[1]

    @pytest.fixture
    def reference(self, upheld: tuple[str, People]) -> str:
        """A case whose authority had three cases upheld."""
        return upheld[0]

    def test_a_senior_caseworker_refers_the_authority(self, walker: Walker, reference: str) -> None:
        walker.open("/repeat-patterns")
        assert walker.text.count("3 upheld)</caption>") == 2
        walker.open(f"/cases/{reference}")
        assert "has 3 cases upheld within 24 months" in walker.text
        walker.open(f"/cases/{reference}/pattern")
        send(walker, pattern="FIN-BOND", answer="referred", reason="Third time")
        assert "Referral recorded" in walker.text
        assert "Referral to another body" in walker.text
        walker.open("/repeat-patterns")
        assert walker.text.count("3 upheld)</caption>") == 1

    def test_a_caseworker_is_told_to_ask(self, worker: FlaskClient, reference: str) -> None:
        assert "Ask a senior caseworker" in worker.get(f"/cases/{reference}").text
        assert worker.get(f"/cases/{reference}/pattern").status_code == 403
