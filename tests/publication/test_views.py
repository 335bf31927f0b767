import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.services import object_to_publication
from mystery_shopper.core import clock
from mystery_shopper.core.csvsafe import original_cell
from mystery_shopper.core.db import db, transaction
from mystery_shopper.publication import services
from mystery_shopper.publication.policy import COLUMNS, WithdrawalReason
from mystery_shopper.publication.queries import find_result_of
from tests.factories.publications import (
    TEXT,
    add_authority,
    add_published,
    add_staff,
    add_submitted,
    add_told_case,
)
from tests.factories.staff import token_in
from tests.support.standing import Standing

ATOM = "{http://www.w3.org/2005/Atom}"
SAID = {
    "subject": TEXT.subject,
    "sub_issue": TEXT.sub_issue,
    "issue_text": TEXT.issue_text,
    "outcome_text": TEXT.outcome_text,
    "known_by": "many",
}


@contextmanager
def _writing(app: Flask) -> Iterator[None]:
    with app.app_context(), transaction():
        yield


@pytest.fixture
def told(app: Flask, standing: Standing) -> str:
    """The reference of a case whose reporter has been told the result; what was in the database before is gone."""

    def make(app: Flask) -> str:
        with _writing(app):
            return add_told_case()[0].reference

    return standing.get(app, "a told case", make)


def _post(client: FlaskClient, path: str, **data: str):
    page = client.get(path)
    return client.post(path, data={**dict(_hidden(page.text)), **data})


def _hidden(page: str) -> list[tuple[str, str]]:
    found = []
    for tag in re.findall(r"<input[^>]*>", page):
        if 'type="hidden"' in tag:
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name:
                found.append((name.group(1), value.group(1) if value else ""))
    return found


def _button(client: FlaskClient, page: str, action: str):
    return client.post(action, data={"csrf_token": token_in(client.get(page).text)})


def _publish(app: Flask, text=TEXT, authority: str = "Barchester City Council", **overrides) -> str:
    with _writing(app):
        case, _ = add_told_case(authority=add_authority(authority), **overrides)
        return add_published(case, add_staff(), text).public_reference


@pytest.fixture
def published(app: Flask, standing: Standing) -> str:
    """The public reference of the only published result; what was in the database before is gone."""
    return standing.get(app, "a published result", _publish)


class TestTheWayToPublication:
    def test_from_a_told_case_to_the_public_page(
        self, app: Flask, told: str, signed_in: Callable[..., FlaskClient], client: FlaskClient
    ):
        writer, approver = signed_in(Role.PUBLISHER), signed_in(Role.SENIOR_CASEWORKER)
        page = f"/publication/{told}"
        assert told in writer.get("/publication").text
        assert _button(writer, page, f"{page}/start").location == f"{page}/edit"
        assert _post(writer, f"{page}/edit", send="y", **SAID).location == page
        assert told in approver.get("/publication?step=awaiting-approval").text
        assert _post(approver, f"{page}/decide", approve="yes").location == page
        assert _post(writer, f"{page}/publish").location == page
        with app.app_context():
            reference = db.session.query(Case).filter_by(reference=told).one().public_reference
        public = client.get(f"/results/{reference}")
        assert public.status_code == 200
        assert TEXT.outcome_text in public.text
        assert "Barchester City Council" in client.get("/results").text
        assert told not in public.text

    def test_a_text_that_names_the_reporter_comes_back_with_the_words_at_the_field(
        self, app: Flask, told: str, signed_in: Callable[..., FlaskClient]
    ):
        writer = signed_in(Role.PUBLISHER)
        page = f"/publication/{told}"
        _button(writer, page, f"{page}/start")
        leak = "A mutual called Quillfeather was shut out."
        answer = _post(writer, f"{page}/edit", send="y", **{**SAID, "issue_text": leak})
        assert answer.status_code == 400
        assert "<title>Error: " in answer.text
        assert (
            "Remove words that could identify the reporter: “Quillfeather” (the name of an organisation)" in answer.text
        )
        assert 'href="#issue_text"' in answer.text
        assert leak in answer.text
        assert leak in writer.get(f"{page}/edit").text
        again = _post(writer, f"{page}/edit", send="y", **SAID)
        assert again.status_code == 302

    def test_the_refusal_is_in_the_audit_log(self, app: Flask, told: str, signed_in: Callable[..., FlaskClient]):
        writer, auditor = signed_in(Role.PUBLISHER), signed_in(Role.AUDITOR)
        page = f"/publication/{told}"
        _button(writer, page, f"{page}/start")
        _post(writer, f"{page}/edit", send="y", **{**SAID, "issue_text": "Quillfeather"})
        log = auditor.get("/audit").text
        assert "disclosure:blocked" in log
        assert "Quillfeather" not in log

    def test_a_draft_can_be_saved_half_done(self, told: str, signed_in: Callable[..., FlaskClient]):
        writer = signed_in(Role.PUBLISHER)
        page = f"/publication/{told}"
        _button(writer, page, f"{page}/start")
        assert _post(writer, f"{page}/edit", save="y", issue_text="Half").status_code == 302
        assert "Half" in writer.get(page).text

    def test_an_old_page_shows_both_texts(self, told: str, signed_in: Callable[..., FlaskClient]):
        writer = signed_in(Role.PUBLISHER)
        page = f"/publication/{told}"
        _button(writer, page, f"{page}/start")
        old = dict(_hidden(writer.get(f"{page}/edit").text))
        _post(writer, f"{page}/edit", save="y", **{**SAID, "issue_text": "Saved first"})
        late = writer.post(f"{page}/edit", data={**old, **SAID, "issue_text": "Typed late", "save": "y"})
        assert late.status_code == 409
        assert "Typed late" in late.text
        assert "Saved first" in writer.get(page).text

    def test_two_who_changed_different_fields_both_keep_theirs(self, told: str, signed_in: Callable[..., FlaskClient]):
        writer = signed_in(Role.PUBLISHER)
        page = f"/publication/{told}"
        _button(writer, page, f"{page}/start")
        _post(writer, f"{page}/edit", save="y", **SAID)
        old = dict(_hidden(writer.get(f"{page}/edit").text))
        _post(writer, f"{page}/edit", save="y", **{**SAID, "issue_text": "Changed by the first"})
        mine = {**old, **SAID, "outcome_text": "Changed by the second"}
        seen_first = writer.post(f"{page}/edit", data={**mine, "send": "y"})
        assert seen_first.status_code == 409, "what nobody has read as a whole is not sent for approval"
        assert writer.post(f"{page}/edit", data={**mine, "save": "y"}).status_code == 302
        text = writer.get(page).text
        assert "Changed by the first" in text
        assert "Changed by the second" in text
        assert "was kept beside yours" in text

    def test_the_author_is_not_offered_the_approval(self, app: Flask, told: str, signed_in: Callable[..., FlaskClient]):
        writer = signed_in(Role.PUBLISHER)
        page = f"/publication/{told}"
        _button(writer, page, f"{page}/start")
        _post(writer, f"{page}/edit", send="y", **SAID)
        assert "somebody else must approve it" in writer.get(page).text
        refused = _post(writer, f"{page}/decide", approve="yes")
        assert refused.status_code == 403

    def test_sending_back_asks_what_must_change(self, app: Flask, told: str, signed_in: Callable[..., FlaskClient]):
        approver = signed_in(Role.SENIOR_CASEWORKER)
        with _writing(app):
            add_submitted(db.session.query(Case).one(), add_staff())
        page = f"/publication/{told}"
        assert "Enter what must change" in _post(approver, f"{page}/decide", approve="no").text
        assert "Select yes if it can" in _post(approver, f"{page}/decide").text
        assert _post(approver, f"{page}/decide", approve="no", note="Shorter.").location == page
        assert "Shorter." in approver.get(page).text

    def test_an_objection_after_approval_is_shown_and_nothing_is_published(
        self, app: Flask, told: str, signed_in: Callable[..., FlaskClient]
    ):
        writer = signed_in(Role.PUBLISHER)
        page = f"/publication/{told}"
        with _writing(app):
            staff = add_staff()
            publication = add_submitted(db.session.query(Case).one(), staff)
            services.approve(publication, version=publication.version, approver=staff.approver, now=clock.utc_now())
            object_to_publication(db.session.query(Report).one())
        answer = _post(writer, f"{page}/publish")
        assert answer.status_code == 400
        assert "objection" in answer.text
        with app.app_context():
            assert find_result_of(db.session.query(Case).one()) is None

    def test_withholding_needs_a_reason(self, told: str, signed_in: Callable[..., FlaskClient]):
        writer = signed_in(Role.PUBLISHER)
        page = f"/publication/{told}"
        assert "Enter why the result is not published" in _post(writer, f"{page}/withhold").text
        assert _post(writer, f"{page}/withhold", reason="Two firms bid").location == page
        assert told not in writer.get("/publication").text

    def test_a_publisher_reads_no_message_and_no_story(self, told: str, signed_in: Callable[..., FlaskClient]):
        page = signed_in(Role.PUBLISHER).get(f"/publication/{told}").text
        assert "no surety will write this bond" not in page
        assert "Quillfeather" not in page
        assert "Pargeter" not in page

    @pytest.mark.parametrize("step", ["to-write", "draft", "awaiting-approval", "approved", "published", "withdrawn"])
    def test_every_step_says_when_it_is_empty(self, step: str, signed_in: Callable[..., FlaskClient]):
        page = signed_in(Role.PUBLISHER).get(f"/publication?step={step}")
        assert page.status_code == 200
        assert "ms-empty" in page.text

    def test_an_unknown_step_is_not_found(self, signed_in: Callable[..., FlaskClient]):
        assert signed_in(Role.PUBLISHER).get("/publication?step=nonsense").status_code == 404

    @pytest.mark.parametrize("role", [Role.CASEWORKER, Role.POLICY_OWNER, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_others_may_not_open_it(self, role: Role, told: str, signed_in: Callable[..., FlaskClient]):
        browser = signed_in(role)
        assert browser.get("/publication").status_code == 403
        assert browser.get(f"/publication/{told}").status_code == 403

    def test_correcting_and_withdrawing(self, app: Flask, told: str, signed_in: Callable[..., FlaskClient]):
        writer = signed_in(Role.PUBLISHER)
        with _writing(app):
            reference = add_published(db.session.query(Case).one(), add_staff()).public_reference
        page = f"/publication/{told}"
        assert _button(writer, page, f"{page}/correct").location == f"{page}/edit"
        answer = _post(writer, f"{page}/withdraw", reason="privacy", note="A reader knew the firm.")
        assert answer.location == page
        public = app.test_client().get(f"/results/{reference}")
        assert public.status_code == 410
        assert "It could have identified somebody." in public.text
        assert "A reader knew" not in public.text
        assert TEXT.issue_text not in public.text
        assert _post(writer, f"{page}/withdraw", reason="privacy", note="Again").status_code == 409


class TestResults:
    def test_nothing_published_yet(self, client: FlaskClient):
        assert "No result has been published yet." in client.get("/results").text

    def test_filters_that_find_nothing_offer_a_way_out(self, published: str, client: FlaskClient):
        page = client.get("/results?q=zeppelin").text
        assert "No result matches. Remove a filter or use fewer words." in page
        assert "0 results" in page

    @pytest.mark.parametrize("query", ["q=bond", "subject=Procurement+Process", "authority=barchester", "year=x"])
    def test_filters_in_the_address(self, published: str, client: FlaskClient, query: str):
        page = client.get(f"/results?{query}")
        assert page.status_code == 200
        assert "1 result" in page.text

    @pytest.mark.parametrize("path", ["/results/PR-NONE", "/results/authorities/none", "/results?cursor=nonsense"])
    def test_what_does_not_exist_is_not_found(self, client: FlaskClient, path: str):
        assert client.get(path).status_code == 404

    def test_the_page_of_an_authority(self, published: str, client: FlaskClient):
        page = client.get("/results/authorities/barchester-city-council")
        assert page.status_code == 200
        assert "1 result" in page.text

    def test_an_authority_without_results_is_not_there(self, app: Flask, client: FlaskClient):
        with _writing(app):
            add_authority("Plumstead Episcopi Town Council")
        assert client.get("/results/authorities/plumstead-episcopi-town-council").status_code == 404

    def test_withheld_details_do_not_reach_the_authoritys_page(self, app: Flask, client: FlaskClient):
        reference = _publish(app, replace(TEXT, details_withheld=True))
        assert "Details withheld" in client.get(f"/results/{reference}").text
        assert client.get("/results/authorities/barchester-city-council").status_code == 404

    def test_a_public_page_has_no_day_and_no_staff_reference(self, published: str, client: FlaskClient):
        text = client.get(f"/results/{published}").text
        assert "MS-20" not in text
        assert not re.search(r"\b\d{1,2} (January|February|March|April|May|June|July|August|September|October)", text)

    def test_the_csv_has_exactly_the_seven_columns_and_no_formula(self, app: Flask, client: FlaskClient):
        formula = '=HYPERLINK("http://example.invalid","x")'
        _publish(app, replace(TEXT, issue_text=formula))
        answer = client.get("/results.csv")
        assert answer.content_type == "text/csv; charset=utf-8"
        assert answer.text.split("\r\n")[0] == "Year,Month,Authority,Subject,Sub Issue,Case Issue,Case Outcome"
        header, row = csv.reader(io.StringIO(answer.text, newline=""))
        assert tuple(header) == COLUMNS
        assert row[5] == "'" + formula
        assert original_cell(row[5]) == formula

    def test_the_csv_for_excel_begins_with_a_byte_order_mark(self, app: Flask, client: FlaskClient):
        assert client.get("/results.csv?for=excel").data.startswith(b"\xef\xbb\xbf")
        assert client.get("/results.csv").data.startswith(b"Year")

    def test_the_csv_follows_the_filters(self, published: str, client: FlaskClient):
        assert client.get("/results.csv?subject=Procurement+Process").text.count("\r\n") == 2
        assert client.get("/results.csv?q=zeppelin").text.count("\r\n") == 1

    def test_the_json_states_licence_and_base(self, published: str, client: FlaskClient):
        data = client.get("/results.json").json
        assert data["licence"]["name"] == "Open Government Licence v3.0"
        assert data["count"] == 1
        assert data["next"] is None
        (one,) = data["results"]
        assert one["reference"] == published
        assert one["address"].endswith(f"/results/{published}")
        assert re.fullmatch(r"\d{4}-\d{2}", one["published"])
        assert set(one) == {
            "reference", "address", "source", "published", "corrected", "authority", "subject", "sub_issue",
            "issue", "outcome", "is_demonstration",
        }  # fmt: skip

    def test_the_feed_is_valid_and_tells_of_withdrawal(self, app: Flask, client: FlaskClient):
        _publish(app, replace(TEXT, issue_text="A < B & C"))
        with _writing(app):
            case, _ = add_told_case(authority=add_authority("Second Council"))
            staff = add_staff()
            result = add_published(case, staff)
            services.withdraw(
                result, WithdrawalReason.ERROR, "x", case=case, version=result.version, actor="system",
                now=clock.utc_now(),
            )  # fmt: skip
        answer = client.get("/results.atom")
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        feed = ElementTree.fromstring(answer.data)
        titles = [title.text or "" for title in feed.iter(f"{ATOM}title")]
        assert any(title.startswith("Withdrawn: PR-") for title in titles)
        assert any("A < B & C" in (summary.text or "") for summary in feed.iter(f"{ATOM}summary"))
        assert "Second Council" not in answer.text

    def test_the_feed_of_nothing_is_valid(self, client: FlaskClient):
        assert ElementTree.fromstring(client.get("/results.atom").data).find(f"{ATOM}updated") is not None

    def test_hostile_words_are_only_words(self, app: Flask, client: FlaskClient):
        reference = _publish(app, replace(TEXT, issue_text="<script>alert(1)</script>" + "x" * 400))
        assert "<script>alert" not in client.get(f"/results/{reference}").text
        assert "<script>alert" not in client.get("/results").text
