"""Records through the pages, without JavaScript: a hold from the case page to its end, a batch with two people."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pkgutil import resolve_name
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.holds.policy import EVERYTHING, HoldScope, Subject
from mystery_shopper.requests.services.register import decide
from mystery_shopper.requests.states import Decision
from mystery_shopper.retention.worker import retention_round
from mystery_shopper.suggestions.states import SuggestionState
from tests.casework.pages import Desk, day
from tests.factories.interests import declare
from tests.factories.publications import add_authority, as_staff
from tests.factories.records import LONG_AGO, add_closed_case, add_hold
from tests.factories.reports import Filed
from tests.factories.requests import add_request
from tests.factories.staff import Member, add_member, sign_in_member, token_in
from tests.factories.suggestions import public_reference_of, suggestion_in
from tests.support.answers import assert_status_is_told

REVIEW = date(2099, 1, 5)


def enter(app: Flask, member: Member) -> FlaskClient:
    browser = app.test_client()
    sign_in_member(browser, member)
    return browser


@pytest.fixture
def seniors(app: Flask, make_user: Callable[..., Member]) -> tuple[FlaskClient, FlaskClient, Filed]:
    ada, ben = (make_user(Role.SENIOR_CASEWORKER, name=name) for name in ("Ada Example", "Ben Example"))
    with app.app_context(), transaction():
        filed = add_closed_case(by_id=ada.id, closed_at=datetime(2022, 3, 31, 9, tzinfo=UTC))
    return enter(app, ada), enter(app, ben), filed


def send(browser: FlaskClient, address: str, fields: dict[str, object], *, form: str | None = None) -> str:
    carried = Desk(browser).carried(form or address)
    answer = browser.post(address, data={**carried, **fields}, follow_redirects=True)
    assert_status_is_told(answer)
    return answer.text


def test_a_hold_from_the_page_of_the_case_to_its_end(seniors: tuple[FlaskClient, FlaskClient, Filed]) -> None:
    ada, ben, filed = seniors
    place = f"/cases/{filed.case_reference}/hold"
    page = ada.get(f"/cases/{filed.case_reference}").text
    assert place in page
    assert f"CO/PPRS/2022/{int(filed.case_reference[-5:]):04}" in page
    refused = send(ada, place, {"ground": "", "reason": "A letter <b>came</b>", **day("review_on", date(2020, 1, 1))})
    assert "Select what the hold is for" in refused
    assert "A letter &lt;b&gt;came&lt;/b&gt;" in refused
    past = send(ada, place, {"ground": "litigation", "reason": "A letter came", **day("review_on", date(2020, 1, 1))})
    assert "Day of review must be in the future" in past
    held = send(ada, place, {"ground": "litigation", "reason": "A letter came", **day("review_on", REVIEW)})
    assert "Nothing of this case can be destroyed. To be reviewed on 5 January 2099" in held
    assert "Legal hold placed (Legal proceedings" in ada.get(f"/cases/{filed.case_reference}/timeline").text
    records = ben.get("/records").text
    assert filed.case_reference in records
    hold = records.split("/records/holds/")[1].split('"')[0]
    kept = send(ben, f"/records/holds/{hold}", {"reason": "It goes on", **day("review_on", date(2099, 6, 1))})
    assert "1 June 2099" in kept
    assert "A letter came" in ben.get(f"/records/holds/{hold}").text
    assert "Nothing of this class is due that is not on hold" in ben.get("/records/retention/case-file").text
    lifted = send(ben, f"/records/holds/{hold}/lift", {"reason": "It was settled"})
    assert "Nothing is on hold" in lifted
    assert "It was settled" in lifted
    assert "Legal hold lifted: It was settled" in ada.get(f"/cases/{filed.case_reference}/timeline").text


def test_placing_and_destroying_take_their_locks_in_one_order(
    app: Flask, seniors: tuple[FlaskClient, FlaskClient, Filed], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, filed = seniors
    send(ada, "/records/retention/case-file", {})
    send(ben, "/records/batches/1", {"checked": "yes"})
    taken: list[str] = []

    def noting(word: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **kwargs: Any) -> Any:
            taken.append(word)
            return act(*args, **kwargs)

        return noted

    place = f"/cases/{filed.case_reference}/hold"
    carried = Desk(ada).carried(place)
    for where, word in (
        ("holds.queries._lock", "holds"),
        ("cases.on_record.lock_case", "case"),
        ("retention.services.cases.get_case_for_update", "case"),
        ("audit.queries.lock_for_append", "log"),
    ):
        name = f"mystery_shopper.{where}"
        monkeypatch.setattr(name, noting(word, resolve_name(name)))
    fields = {"ground": "litigation", "reason": "A letter came", **day("review_on", REVIEW)}
    assert ada.post(place, data={**carried, **fields}).status_code == 302
    assert list(dict.fromkeys(taken)) == ["holds", "case", "log"]
    taken.clear()
    with app.app_context():
        assert retention_round()
    assert taken[:2] == ["holds", "case"]


def test_who_may_not_see_a_case_neither_reviews_nor_lifts_its_hold_nor_approves_its_destruction(
    app: Flask, make_user: Callable[..., Member], seniors: tuple[FlaskClient, FlaskClient, Filed]
) -> None:
    ada, _, filed = seniors
    member = make_user(Role.SENIOR_CASEWORKER, name="Cleo Example")
    with app.app_context(), transaction():
        authority = add_authority()
        get_case_for_update(filed.case_id).authority = authority
        subjects = (
            Subject(HoldScope.CASE, filed.case_id),
            Subject(HoldScope.AUTHORITY, authority.id),
            EVERYTHING,
        )
        holds = [str(add_hold(one, by_id=member.id).id) for one in subjects]
    cleo = enter(app, member)
    for hold in holds:
        for end in ("", "/lift"):
            assert cleo.get(f"/records/holds/{hold}{end}").status_code == 200, end
    token = token_in(cleo.get(f"/records/holds/{holds[0]}").text)
    with app.app_context():
        declare(get_user(member.id).to_staff_member(), case_id=filed.case_id)
    for hold in holds:
        for end in ("", "/lift"):
            address = f"/records/holds/{hold}{end}"
            assert cleo.get(address).status_code == 404
            fields = {"csrf_token": token, "reason": "Not needed", **day("review_on", REVIEW)}
            assert cleo.post(address, data=fields).status_code == 404
    for hold in holds:
        send(ada, f"/records/holds/{hold}/lift", {"reason": "A word about Quillfeather"})
    for browser, shown in ((ada, True), (cleo, False)):
        page = browser.get("/records").text
        assert ("A word about Quillfeather" in page) is shown
        assert "Nothing is on hold" in page
    send(ada, "/records/retention/case-file", {})
    assert "You may not see 1 of the cases in this batch. Another reviewer" in send(
        cleo, "/records/batches/1", {"checked": "yes"}
    )
    with clock.frozen(clock.utc_now() + timedelta(minutes=20)):
        for address in ("/records/retention/case-file", "/records/batches/1", f"/records/holds/{holds[0]}/lift"):
            assert ada.get(address).location.startswith("/account/confirm"), address


def test_a_hold_comes_up_on_the_desk_on_its_day_of_review(
    app: Flask, seniors: tuple[FlaskClient, FlaskClient, Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    senior, _, filed = seniors
    assert "Legal holds to review" not in senior.get("/desk").text
    with app.app_context(), transaction():
        ada = get_case_for_update(filed.case_id).owner_id or add_member(Role.SENIOR_CASEWORKER).id
        for later in (0, 1):
            placed = clock.utc_now() - timedelta(days=30)
            day_of_review = clock.today() + timedelta(days=later)
            add_hold(Subject(HoldScope.CASE, filed.case_id), by_id=ada, now=placed, review_on=day_of_review)
    desk = senior.get("/desk").text
    assert "1 hold</a> has reached its day of review" in desk
    assert "Legal holds to review" not in signed_in(Role.CASEWORKER).get("/desk").text


def test_a_wide_hold_needs_a_name_the_register_knows(seniors: tuple[FlaskClient, FlaskClient, Filed]) -> None:
    ada, _, _ = seniors
    fields = {"ground": "inquiry", "reason": "The inquiry asks for all", **day("review_on", REVIEW)}
    missing = send(ada, "/records/holds/new", {**fields, "scope": "authority", "authority": ""})
    assert "Enter the name of the authority" in missing
    unknown = send(ada, "/records/holds/new", {**fields, "scope": "authority", "authority": "Nowhere at all"})
    assert "Enter a name that is in the register of authorities" in unknown
    assert "Everything" in send(ada, "/records/holds/new", {**fields, "scope": "everything"})


def destroy_all(app: Flask, ada: FlaskClient, ben: FlaskClient, class_id: str) -> tuple[str, str]:
    """Propose a batch, approve it and let the worker destroy it; return its page before and after."""
    own = send(ada, f"/records/retention/{class_id}", {})
    number = own.split("<title>Batch ")[1].split(":")[0]
    send(ben, f"/records/batches/{number}", {"checked": "yes"})
    with app.app_context():
        while retention_round():
            pass
    return own, ben.get(f"/records/batches/{number}").text


def test_records_that_are_no_cases_go_by_the_same_path(
    app: Flask,
    seniors: tuple[FlaskClient, FlaskClient, Filed],
    signed_in: Callable[..., FlaskClient],
    make_user: Callable[..., Member],
) -> None:
    ada, ben, _ = seniors
    clerk = as_staff(make_user(Role.SENIOR_CASEWORKER).id, Role.SENIOR_CASEWORKER)
    with app.app_context(), clock.frozen(LONG_AGO), transaction():
        reference = suggestion_in(SuggestionState.CLOSED).reference
        writer = as_staff(make_user(Role.POLICY_OWNER).id, Role.POLICY_OWNER)
        public = suggestion_in(SuggestionState.PUBLISHED, staff=(writer, clerk))
        published, item = public.reference, f"/tell-us-how/you-said-we-did/{public_reference_of(public)}"
        asked = add_request(by=clerk)
        decide(asked, Decision.NOTHING_HELD, exemption_ids=(), reason="None is held", by=clerk, now=LONG_AGO)
        request = asked.reference
    fields = {"scope": "suggestion", "ground": "inquiry", "reason": "The inquiry asks", **day("review_on", REVIEW)}
    place = "/records/holds/new"
    assert "Enter the reference of the suggestion" in send(ada, place, fields)
    unknown = send(ada, place, {**fields, "suggestion": "TH-00000000"})
    assert "Enter the reference of a suggestion that was not erased" in unknown
    records = send(ada, place, {**fields, "suggestion": f" {reference.lower()}"})
    assert f"Suggestion {reference}" in records
    owner = signed_in(Role.POLICY_OWNER)
    hold = records.split("/records/holds/")[1].split('"')[0]
    assert f"/suggestions/{reference}" not in ada.get(f"/records/holds/{hold}").text
    due = ada.get("/records/retention/suggestion").text
    assert re.findall(r"\d suggestions?\b", due) == ["1 suggestion", "1 suggestion", "0 suggestions"]
    assert published in due
    assert reference not in due
    send(ben, f"/records/holds/{hold}/lift", {"reason": "It ended"})
    own, done = destroy_all(app, ada, ben, "suggestion")
    assert "Suggestion: closed without action" in own
    assert "31 March 2022" in own
    assert "Certificate of destruction" in done
    assert reference in done
    page = owner.get(f"/suggestions/{reference}").text
    assert "was erased under the retention schedule" in page
    assert owner.get(f"/suggestions/{reference}/answer").status_code == 404
    assert reference in owner.get("/suggestions").text
    assert "An insurer asks too much." in app.test_client().get(item).text
    withdraw = f"/suggestions/{published}/text/withdraw"
    assert withdraw in owner.get(f"/suggestions/{published}").text
    assert "It named a firm" in send(owner, withdraw, {"reason": "It named a firm"})
    assert app.test_client().get(item).status_code == 410
    prefilled = f"/records/holds/new?scope=request&amp;request={request}"
    assert prefilled in ada.get(f"/records/requests/{request}").text
    assert f'value="{request}"' in ada.get(prefilled.replace("&amp;", "&")).text
    send(ada, place, {**fields, "scope": "request", "request": request})
    assert "This request is on legal hold" in ada.get(f"/records/requests/{request}").text
    hold = ada.get("/records").text.split("/records/holds/")[1].split('"')[0]
    assert f'href="/records/requests/{request}"' in ben.get(f"/records/holds/{hold}").text
    send(ben, f"/records/holds/{hold}/lift", {"reason": "It ended"})
    own, done = destroy_all(app, ada, ben, "request")
    assert "Freedom of information" in own
    assert f'href="/records/requests/{request}"' in done
    page = ben.get(f"/records/requests/{request}").text
    assert "was erased under the retention schedule" in page
    assert "Petra" not in page
    assert ben.get(f"/records/requests/{request}/pack").status_code == 404
    assert request in ben.get("/records/requests").text
    assert "Enter the reference of a request that was not erased" in send(
        ada, place, {**fields, "scope": "request", "request": request}
    )


def test_a_batch_goes_through_two_people_and_ends_with_a_certificate(
    app: Flask, seniors: tuple[FlaskClient, FlaskClient, Filed]
) -> None:
    ada, ben, filed = seniors
    own = send(ada, "/records/retention/case-file", {})
    assert "You proposed this batch. A second reviewer has to approve it" in own
    assert filed.case_reference in own
    token = token_in(ada.get("/records").text)
    alone = ada.post("/records/batches/1", data={"csrf_token": token, "checked": "yes"}).text
    assert "A second reviewer has to approve it" in alone
    assert "Confirm that you have looked at the list" in send(ben, "/records/batches/1", {})
    assert "Approved, being destroyed" in send(ben, "/records/batches/1", {"checked": "yes"})
    with app.app_context():
        while retention_round():
            pass
    done = ben.get("/records/batches/1").text
    assert "Certificate of destruction" in done
    assert "Ben Example" in done
    assert filed.case_reference not in done
    assert "1 case of this batch cannot be listed" in done
    sheet = ben.get("/records/batches/1/certificate.csv")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="destruction-certificate-1.csv"'
    assert '"Destroyed","1"' in sheet.text
    assert ben.get(f"/cases/{filed.case_reference}").status_code == 404
    assert filed.case_reference not in ben.get("/cases?state=all").text
    assert clock.today().isoformat() in sheet.text
    browser = app.test_client()
    sent = browser.post("/receipt", data={**Desk(browser).carried("/receipt"), "code": filed.receipt_code}).text
    wrong = browser.post("/receipt", data={**Desk(browser).carried("/receipt"), "code": "X" * 27}).text
    assert "There is a problem" in sent
    assert "There is a problem" in wrong
