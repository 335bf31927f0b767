"""The optional step "Find the notice": what it fills in, what it leaves alone, and what it tells nobody."""

import json
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from mystery_shopper.authorities.services import add_demonstration_authorities
from mystery_shopper.cases.models import CaseFact, FactSource, Report
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.notices.models import NoticeVersion, Origin
from tests.casework.pages import whole_case
from tests.factories.notices import UPDATE, keep, package, read, release
from tests.intake.conftest import Walked
from tests.intake.walking import NARRATIVE, VALUE, Walker
from tests.support.leaks import Scanner, rows_of

BUYER = "Fenwick Moor District Council"
NOT_HERE = "We do not have this notice."


def go_to_authority(walker: Walker) -> None:
    with walker.client.application.app_context(), transaction():
        keep()
    walker.start()
    walker.pass_scope()
    walker.send({"reporter_kind": "mutual"})
    walker.send({"identity_choice": "anonymous"})
    assert walker.path == "/report/authority"


@pytest.fixture
def walker(walked: Walked) -> Walker:
    return walked("at authority with a notice kept", go_to_authority)


@pytest.fixture
def in_register(app: Flask) -> str:
    body = {"name": BUYER, "type": "local-authority", "subtype": "", "nation": "england"}
    with app.app_context(), transaction():
        return str(add_demonstration_authorities([body], actor="system", now=clock.utc_now())[BUYER].id)


def look_up(walker: Walker, typed: str = "012345-2026") -> None:
    walker.open("/report/notice")
    walker.send({"typed": typed, "find": "yes"})


def use(walker: Walker, typed: str = "012345-2026") -> None:
    look_up(walker, typed)
    assert walker.path == "/report/notice/found", walker.text
    walker.send({"use": "yes"})


def go_on(walker: Walker) -> None:
    """Save each page as the notice filled it in, up to the barriers."""
    while walker.path != "/report/barriers":
        before = walker.path
        walker.send({"stage": "live"} if before == "/report/procurement" else {})
        assert walker.path != before, walker.text


def finish(walker: Walker) -> None:
    walker.send({"barriers": ["time-to-respond"]})
    walker.send({"narrative": NARRATIVE})
    while walker.path not in ("/report/view",):
        walker.send({"raised_with_buyer": "no"} if walker.path == "/report/raised" else {})
    walker.open("/report/check")
    walker.send({"saved_code": "yes"})
    assert walker.path == "/report/done", walker.text


def filed_facts(app: Flask) -> dict[str, FactSource]:
    with app.app_context():
        return {row.fact_id: row.source for row in db.session.scalars(select(CaseFact))}


@pytest.fixture
def sent_with_notice(walked: Walked) -> Walker:
    """A report that was sent as the notice filled it in."""

    def send(walker: Walker) -> None:
        go_to_authority(walker)
        use(walker)
        go_on(walker)
        finish(walker)

    return walked("sent with a notice", send)


class TestFilling:
    def test_the_buyer_of_the_register_is_chosen(self, walker: Walker, in_register: str) -> None:
        use(walker)
        assert walker.path == "/report/authority"
        fields = walker.form()[1]
        assert fields["query"] == [BUYER]
        assert fields["choice"] == [in_register]

    def test_a_buyer_nobody_knows_is_kept_as_the_notice_gives_it(self, walker: Walker) -> None:
        use(walker)
        assert walker.form()[1]["choice"] == ["typed"]

    def test_title_reference_value_and_dates_are_filled_in(self, walker: Walker) -> None:
        use(walker)
        walker.send()
        assert walker.path == "/report/procurement"
        assert "We filled in what this notice says" in walker.text
        assert '<span class="ms-text">012345-2026</span>' in walker.text
        fields = walker.form()[1]
        assert fields["procurement_title"] == ["Repair of park benches"]
        assert fields["procurement_reference"] == ["012345-2026"]
        assert fields["estimated_value_gbp"] == ["240000"] or fields["estimated_value_gbp"] == ["240,000"]
        assert fields["contract_kind"] == ["services"]
        walker.send()
        walker.send({"stage": "live"})
        assert [walker.form()[1][f"deadline_date-{part}"] for part in ("day", "month", "year")] == [
            ["1"],
            ["4"],
            ["2026"],
        ]
        walker.send()
        assert walker.path == "/report/notice-facts"
        assert "Split into lots" in walker.text
        assert walker.form()[1]["procedure"] == ["open"]

    def test_what_was_answered_before_stays(self, walker: Walker) -> None:
        walker.send({"query": "Borough of Nowhere at All"})
        walker.send({"choice": "typed"})
        walker.send({"procurement_title": "My own title", "stage": "live", **VALUE})
        use(walker)
        fields = walker.form()[1]
        assert walker.path == "/report/procurement"
        assert fields["procurement_title"] == ["My own title"]
        assert fields["procurement_reference"] == ["012345-2026"]
        walker.open("/report/authority")
        assert walker.form()[1]["query"] == ["Borough of Nowhere at All"]

    def test_it_can_be_taken_back(self, walker: Walker) -> None:
        use(walker)
        walker.send()
        walker.send({"procurement_title": "Benches, my words", "stage": "live"})
        walker.open("/report/notice/found")
        walker.send({"drop": "yes"})
        walker.open("/report/procurement")
        fields = walker.form()[1]
        assert fields["procurement_title"] == ["Benches, my words"]
        assert fields["procurement_reference"] == [""]
        assert fields["estimated_value_gbp"] == [""]
        assert "Do you have the number of the notice?" in walker.text

    def test_another_notice_takes_the_place_of_the_first(self, walker: Walker, app: Flask) -> None:
        with app.app_context(), transaction():
            keep("contracts_finder")
        use(walker)
        use(walker, "ocds-b5fd17-11111111-2222-4333-8444-555555555555")
        walker.send()
        assert walker.form()[1]["procurement_title"] == ["Grass cutting"]
        walker.open("/report/check")
        assert "Repair of park benches" not in walker.text


class TestFiled:
    def test_facts_say_that_they_come_from_the_notice_and_those_changed_do_not(
        self, walker: Walker, app: Flask
    ) -> None:
        use(walker)
        walker.send()
        walker.send({"estimated_value_gbp": "100,000"})
        go_on(walker)
        finish(walker)
        facts = filed_facts(app)
        assert facts["deadline_date"] is FactSource.NOTICE
        assert facts["uses_lots"] is FactSource.NOTICE
        assert facts["estimated_value_gbp"] is FactSource.TYPED

    def test_the_case_shows_the_notice_and_where_facts_come_from(
        self, sent_with_notice: Walker, signed_in: Callable[..., FlaskClient], app: Flask
    ) -> None:
        staff = signed_in("senior-caseworker")
        with app.app_context():
            report = db.session.scalars(select(Report)).one()
            assert report.content.notice_version_id
            assert report.content.notice_copy == ""
        page = staff.get("/cases", follow_redirects=True).text
        reference = page.split('href="/cases/MS-')[1].split('"')[0]
        shown = unescape(whole_case(staff, f"MS-{reference}"))
        assert "From the notice" in shown
        assert "Looked up by the reporter of report 1" in shown
        assert "012345-2026" in shown

    def test_a_pasted_notice_is_kept_with_the_report_and_nowhere_else(
        self, walker: Walker, app: Flask, signed_in: Callable[..., FlaskClient]
    ) -> None:
        pasted = json.dumps({"releases": [release(UPDATE)]})
        walker.open("/report/notice")
        walker.send({"pasted": pasted, "find": "yes"})
        assert walker.path == "/report/notice/found"
        walker.send({"use": "yes"})
        go_on(walker)
        finish(walker)
        with app.app_context():
            report = db.session.scalars(select(Report)).one()
            assert report.content.notice_copy.encode() == read(UPDATE).content
            assert len(db.session.scalars(select(NoticeVersion)).all()) == 1
        other = Walker(app.test_client())
        other.start()
        look_up(other, "013999-2026")
        assert NOT_HERE in other.text
        staff = signed_in("senior-caseworker")
        reference = staff.get("/cases").text.split('href="/cases/MS-')[1].split('"')[0]
        page = whole_case(staff, f"MS-{reference}")
        assert "Pasted by the reporter of report 1" in page
        link = page.split('">See all it says, and the frozen copy')[0].rsplit('"', 1)[1]
        assert link.startswith(f"/cases/MS-{reference}/notices/")
        assert f'href="{link}/copy.json"' in staff.get(link).text
        copy = staff.get(f"{link}/copy.json")
        assert copy.data == read(UPDATE).content
        assert copy.headers["Content-Disposition"].startswith("attachment")

    def test_no_row_holds_what_was_pasted_or_looked_up_in_the_clear(
        self, walker: Walker, app: Flask, settings: Config
    ) -> None:
        words = {name: f"zq{name}wordunlikeany" for name in ("title", "description", "buyer")}
        whole = release(UPDATE, title=words["title"], description=words["description"])
        whole["buyer"] = {"name": words["buyer"]}
        walker.open("/report/notice")
        walker.send({"pasted": json.dumps(whole), "find": "yes"})
        walker.send({"use": "yes"})
        scanner = Scanner(words.values())
        assert scanner.scan_all(rows_of(settings.database_url)) == []
        go_on(walker)
        finish(walker)
        assert scanner.scan_all(rows_of(settings.database_url)) == []
        with app.app_context():
            content = db.session.scalars(select(Report)).one().content
            assert words["description"] in content.notice_copy

    def test_the_database_does_not_tell_which_notice_a_case_is_about(
        self, sent_with_notice: Walker, app: Flask, settings: Config
    ) -> None:
        with app.app_context():
            version = db.session.scalars(select(NoticeVersion)).one()
            ids = {str(version.id), version.id.hex, str(version.notice_id), version.notice_id.hex}
        elsewhere = [
            (where, data) for where, data in rows_of(settings.database_url) if not where.startswith("table notice")
        ]
        assert len(elsewhere) > 100
        assert Scanner(ids).scan_all(elsewhere) == []


class TestLookUp:
    def test_not_found_is_a_normal_answer(self, walker: Walker) -> None:
        look_up(walker, "999999-2026")
        assert walker.page is not None
        assert walker.page.status_code == 200
        assert NOT_HERE in walker.text
        assert "Type the details yourself" in walker.text
        assert not walker.title.startswith("Error")

    @pytest.mark.parametrize("typed", ["benches", "https://evil.example/012345-2026", "file:///etc/passwd", ""])
    def test_what_names_no_notice_is_an_error_at_the_field(self, walker: Walker, typed: str) -> None:
        look_up(walker, typed)
        assert walker.title.startswith("Error")
        assert "Enter a notice number" in walker.text

    @pytest.mark.parametrize("origin", [Origin.ADDED, Origin.FETCHED])
    def test_a_notice_that_came_for_a_case_looks_like_one_we_do_not_have(
        self, app: Flask, walker: Walker, origin: Origin
    ) -> None:
        with app.app_context(), transaction():
            keep("contracts_finder", origin=origin)
        look_up(walker, "ocds-b5fd17-11111111-2222-4333-8444-555555555555")
        there = walker.text
        look_up(walker, "ocds-b5fd17-11111111-2222-4333-8444-666666666666")
        strip = "555555555555", "666666666666"
        assert NOT_HERE in there
        assert without_tokens(there.replace(*strip)) == without_tokens(walker.text)

    def test_how_often_a_notice_was_reported_changes_nothing(self, app: Flask, walker: Walker) -> None:
        look_up(walker)
        before = walker.text
        use(walker)
        go_on(walker)
        finish(walker)
        other = Walker(app.test_client())
        other.start()
        look_up(other)
        assert without_tokens(other.text) == without_tokens(before)

    @pytest.mark.parametrize(
        ("pasted", "said"),
        [
            ("{", "Not JSON"),
            ("[" * 10_000, "nested deeper"),
            ('{"a": NaN}', "NaN is not a number"),
            ('{"a": 1, "a": 2}', "given twice"),
            ('{"a": 1e999}', "too large or too small"),
            ("[]", "There is no release in it"),
            ('{"ocid": "ocds-aaaaaa-1", "date": "yesterday", "tag": ["tender"]}', "date: must be a date and time"),
            (json.dumps([release(), release("contracts_finder")]), "several procurements"),
        ],
    )
    def test_what_is_pasted_and_cannot_be_read_is_named(self, walker: Walker, pasted: str, said: str) -> None:
        walker.open("/report/notice")
        walker.send({"pasted": pasted, "find": "yes"})
        assert walker.title.startswith("Error")
        assert said in unescape(walker.text)
        assert walker.form()[1]["pasted"][0].startswith(pasted[:20])

    def test_a_paste_of_what_we_have_is_the_copy_we_have(self, walker: Walker, app: Flask) -> None:
        walker.open("/report/notice")
        walker.send({"pasted": json.dumps(package(), indent=9), "find": "yes"})
        walker.send({"use": "yes"})
        go_on(walker)
        finish(walker)
        with app.app_context():
            content = db.session.scalars(select(Report)).one().content
            assert (bool(content.notice_version_id), content.notice_copy) == (True, "")

    def test_the_receipt_code_is_not_taken(self, walker: Walker) -> None:
        walker.open("/report/check")
        walker.open("/report/save")
        code = walker.receipt_code()
        walker.open("/report/notice")
        walker.send({"pasted": json.dumps({**release(), "description": f"my code {code}"}), "find": "yes"})
        assert walker.title.startswith("Error")

    def test_without_a_draft_there_is_no_step(self, client: FlaskClient) -> None:
        assert client.get("/report/notice").status_code == 404

    def test_nothing_to_look_at_leads_to_the_search(self, walker: Walker) -> None:
        walker.open("/report/notice/found")
        assert walker.path == "/report/notice"


def without_tokens(page: str) -> str:
    """Return a page without what differs from one browser to the next."""
    lines = (line for line in page.splitlines() if "csrf_token" not in line and 'name="draft"' not in line)
    return "\n".join(lines)
