"""The pages of re-triage, through a browser without scripts: who may, what is shown, downloads."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.replays import candidates, queries
from mystery_shopper.replays.running import running
from tests.factories.reports import Filed
from tests.factories.staff import Member, sign_in_member, token_in
from tests.replays.backlog import FIGURE, RULE

OWNER = "policy-owner"


@pytest.fixture
def owner(backlog: list[Filed], signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in(OWNER)


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    page = client.get(address)
    assert page.status_code == 200, page.text
    carried = {"csrf_token": token_in(page.text.split("<main", 1)[-1])}
    if 'name="version"' in page.text:
        carried["version"] = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    return client.post(address, data={**carried, **fields})


def compared(client: FlaskClient, value: str = "5") -> str:
    """Compare another figure through the pages; returns the address of the result."""
    chosen = send(client, "/rules/replay/new", what=f"figure.{FIGURE}")
    assert chosen.location == f"/rules/replay/figures/{FIGURE}"
    answer = send(client, chosen.location, value=value)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def finish(client: FlaskClient, address: str) -> str:
    for _ in range(10):
        page = client.get(address).text
        if "Go on now" not in page:
            return page
        token = token_in(page)
        assert client.post(f"{address}/continue", data={"csrf_token": token}).status_code == 302
    raise AssertionError("the replay does not end")


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_policy_owner_compares_applies_and_reads_the_version(owner: FlaskClient, backlog: list[Filed]) -> None:
    address = compared(owner)
    page = owner.get(address).text
    assert "Bond counted as large: 10% becomes 5%" in page
    assert "Cases that change" in page
    answer = send(owner, f"{address}/apply", reason="Ten percent lets too much through.")
    assert answer.location == address
    page = finish(owner, address)
    assert "Applied" in page
    assert "Ten percent lets too much through." in page
    listed = owner.get("/rules/replay").text
    assert 'href="/rules/versions/2"' in listed
    version = owner.get("/rules/versions/2").text
    assert "bond-share-medium: 5" in version
    assert "bond-share-medium, value: 5" in owner.get("/rules/versions/2?file=overrides.yaml").text
    assert owner.get("/rules/versions/2?file=../../etc/passwd").status_code == 404
    assert owner.get("/rules/versions/99").status_code == 404


def test_policy_owner_sees_counts_and_no_case(owner: FlaskClient, backlog: list[Filed]) -> None:
    address = compared(owner)
    page = owner.get(address).text
    assert backlog[1].case_reference not in page
    assert "You may open 0 of 1 changed case." in page
    assert rows_of(owner.get(f"{address}/cases.csv")) == []
    (line,) = rows_of(owner.get(f"{address}/rules.csv"))
    assert (line["Rule"], line["Appears"], line["Vanishes"]) == (RULE, "1", "0")


def test_caseworker_is_listed_own_cases_only(
    app: Flask, owner: FlaskClient, backlog: list[Filed], make_user: Callable[..., Member], client: FlaskClient
) -> None:
    address = compared(owner, "2")
    worker, colleague = make_user("caseworker"), make_user("caseworker")
    with app.app_context():
        with transaction():
            assign(get_case_for_update(backlog[0].case_id), get_user(colleague.id), actor="system", now=clock.utc_now())
        db.session.remove()
    sign_in_member(client, worker)
    page = client.get(address).text
    assert backlog[1].case_reference in page
    assert backlog[0].case_reference not in page
    lines = rows_of(client.get(f"{address}/cases.csv"))
    assert [(line["Case"], line["Change"], line["Outcome after"]) for line in lines] == [
        (backlog[1].case_reference, "Appears", "raised")
    ]
    assert client.get("/rules/replay/new").status_code == 403
    assert client.get(f"{address}/apply").status_code == 403
    assert "Apply these rules" not in page


def test_long_lists_come_in_pages(
    app: Flask,
    owner: FlaskClient,
    backlog: list[Filed],
    signed_in: Callable[..., FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "CHANGES_A_PAGE", 1)
    address = compared(owner, "2")
    senior = signed_in(Role.SENIOR_CASEWORKER)
    first = senior.get(address).text
    assert backlog[0].case_reference in first
    assert backlog[1].case_reference not in first
    second_address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = senior.get(second_address).text
    assert backlog[1].case_reference in second
    assert 'rel="prev"' in second
    assert senior.get(f"{address}?cursor=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "Enter the new value"),
        ("ten", "The new value must be a number"),
        ("10", "Nothing would change"),
        ("-1", "The new value must be a number"),
    ],
)
def test_a_value_that_cannot_be_is_explained(
    owner: FlaskClient, backlog: list[Filed], value: str, message: str
) -> None:
    answer = send(owner, f"/rules/replay/figures/{FIGURE}", value=value)
    assert answer.status_code == 400
    assert message in answer.text


def test_figures_of_the_law_cannot_be_set(owner: FlaskClient, backlog: list[Filed]) -> None:
    assert owner.get("/rules/replay/figures/payment-days").status_code == 404
    assert "payment-days" not in owner.get("/rules/replay/new").text


def test_nothing_is_applied_without_a_reason(owner: FlaskClient, backlog: list[Filed]) -> None:
    address = compared(owner)
    answer = send(owner, f"{address}/apply", reason=" ")
    assert "Enter why" in answer.text
    assert "Apply these rules" in owner.get(address).text


def test_applying_asks_again_who_it_is(
    app: Flask, owner: FlaskClient, backlog: list[Filed], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = compared(owner)
    with clock.frozen(clock.utc_now() + timedelta(minutes=10)):
        answer = owner.get(f"{address}/apply")
    assert answer.status_code == 302
    assert answer.location.startswith("/account/confirm")


def test_a_comparison_can_be_discarded(owner: FlaskClient, backlog: list[Filed]) -> None:
    address = compared(owner)
    assert send(owner, f"{address}/discard").location == "/rules/replay"
    assert "Discarded" in owner.get(address).text


def test_case_page_says_that_the_rule_has_changed_since_the_decision(
    owner: FlaskClient, backlog: list[Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    worker = signed_in("caseworker")
    reference = backlog[2].case_reference
    send(worker, f"/cases/{reference}/flags/{RULE}", decision="confirmed", reason="Seen in the tender.")
    address = compared(owner, "15")
    assert "Decided by a person: kept" in worker.get(address).text
    send(owner, f"{address}/apply", reason="Try.")
    finish(owner, address)
    page = worker.get(f"/cases/{reference}").text
    assert "Confirmed because: Seen in the tender." in page
    assert "The rule has changed since this was decided and now says: cleared." in page


def test_rules_page_shows_the_catalogue_in_force(app: Flask, owner: FlaskClient, backlog: list[Filed]) -> None:
    before = owner.get("/rules").text
    address = compared(owner)
    send(owner, f"{address}/apply", reason="Try.")
    with app.app_context():
        version = running().catalogue.version
        db.session.remove()
    assert version not in before
    assert version in owner.get("/rules").text


def test_an_operators_pack_is_offered_and_a_bad_one_explained(
    app: Flask, owner: FlaskClient, backlog: list[Filed], packs: Callable[[str, dict[str, str]], None]
) -> None:
    packs("stricter", {"overrides.yaml": "overrides:\n  - {id: bond-share-medium, value: 5}\n"})
    packs("broken", {"overrides.yaml": "overrides:\n  - {id: nothing, value: 5}\n"})
    packs("foreign", {"facts.yaml": "facts: []\n"})
    answer = send(owner, "/rules/replay/new", what="pack.stricter")
    assert answer.status_code == 302
    assert "Rule pack stricter" in owner.get(answer.location).text
    broken = send(owner, "/rules/replay/new", what="pack.broken").text
    assert "broken/overrides.yaml:2: there is no figure" in broken
    assert "brings its own facts" in send(owner, "/rules/replay/new", what="pack.foreign").text


@pytest.fixture
def packs(app: Flask) -> Iterator[Callable[[str, dict[str, str]], None]]:
    """Put a rule pack into the operator's folder: the one in force, some files replaced."""
    folder = app.extensions["settings"].instance_dir / "catalogues"

    def add(name: str, files: dict[str, str]) -> None:
        with app.app_context():
            whole = candidates.files_in_force() | files
            db.session.remove()
        for path, content in whole.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(content, encoding="utf-8")

    yield add
    shutil.rmtree(folder, ignore_errors=True)
