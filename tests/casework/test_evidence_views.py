"""Evidence on the case page: who sees, downloads and releases what, and what is on record of it."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import Kind, ScanState
from mystery_shopper.evidence.stores import store
from tests.casework.pages import Desk, whole_case
from tests.factories.evidence import SMALLEST, TEXT, add_evidence
from tests.factories.reports import Filed
from tests.factories.staff import sign_in_member, token_in

TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


@pytest.fixture
def browser(desk: Desk) -> FlaskClient:
    return desk.client


@pytest.fixture
def add(app: Flask, filed: Filed) -> Callable[..., UUID]:
    def make(**details: object) -> UUID:
        with app.app_context(), transaction():
            return add_evidence(filed.report_id, **details).id

    return make


def entries(app: Flask, action: str) -> list[AuditEntry]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def address(filed: Filed, file_id: object, page: str) -> str:
    return f"/cases/{filed.case_reference}/evidence/{file_id}/{page}"


def post(browser: FlaskClient, path: str, **fields: str) -> object:
    token = token_in(browser.get(path).text)
    return browser.post(path, data={"csrf_token": token, **fields})


class TestPanel:
    def test_a_case_without_files_says_so(self, browser: FlaskClient, filed: Filed) -> None:
        assert "The reporter has sent no file." in whole_case(browser, filed.case_reference)

    def test_it_shows_the_file_and_never_the_person(
        self, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        add(name="tender <b>.txt")
        page = whole_case(browser, filed.case_reference)
        panel = page.split('id="evidence"')[1].split('id="facts"')[0]
        assert "Evidence 1: tender &lt;b&gt;.txt" in panel
        assert "Report 1" in panel
        assert "No virus scanner is installed" in panel
        assert "Pargeter" not in panel

    @pytest.mark.parametrize(
        ("scan", "words"),
        [
            (ScanState.WAITING, "Waiting for the virus scanner"),
            (ScanState.INFECTED, "Contains a virus"),
            (ScanState.UNSCANNED, "Not scanned for viruses"),
            (ScanState.CLEAN, "No virus found"),
        ],
    )
    def test_every_state_has_its_words(
        self, browser: FlaskClient, filed: Filed, add: Callable[..., UUID], scan: ScanState, words: str
    ) -> None:
        add(scan=scan, is_copied=False)
        page = whole_case(browser, filed.case_reference)
        assert words in page
        assert ("It cannot be downloaded." in page) == (scan in (ScanState.WAITING, ScanState.INFECTED))


class TestCopy:
    def test_it_comes_as_a_file_of_no_type_under_a_name_of_ours(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        file_id = add(name='x";y="z.html')
        answer = browser.get(address(filed, file_id, "copy"))
        assert (answer.status_code, answer.data) == (200, TEXT)
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={filed.case_reference}-evidence-1.txt"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Length"] == str(len(TEXT))
        (entry,) = entries(app, "evidence:viewed")
        assert (entry.actor[:5], entry.subject_id) == ("user:", str(file_id))

    @pytest.mark.parametrize("scan", [ScanState.WAITING, ScanState.INFECTED])
    def test_what_was_not_found_clean_is_not_there(
        self, browser: FlaskClient, filed: Filed, add: Callable[..., UUID], scan: ScanState
    ) -> None:
        file_id = add(scan=scan)
        assert browser.get(address(filed, file_id, "copy")).status_code == 404

    def test_without_a_copy_there_is_none(self, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]) -> None:
        assert browser.get(address(filed, add(is_copied=False), "copy")).status_code == 404

    def test_a_store_without_the_file_is_said_to_be_away(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        file_id = add()
        with app.app_context():
            for one in list(store().list_all()):
                store().delete(one.name)
        assert browser.get(address(filed, file_id, "copy")).status_code == 503

    def test_bytes_altered_in_the_store_are_not_sent(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        file_id = add()
        with app.app_context():
            name = str(db.session.get_one(EvidenceFile, file_id).copy_name)
            whole = b"".join(store().read(name))
            store().put(name, [whole[:-1] + bytes([whole[-1] ^ 1])])
        assert browser.get(address(filed, file_id, "copy")).status_code == 503


class TestHidden:
    @pytest.mark.parametrize("page", ["copy", "original", "release"])
    def test_what_is_not_theirs_and_what_does_not_exist_look_alike(
        self,
        app: Flask,
        filed: Filed,
        add: Callable[..., UUID],
        make_user: Callable[..., object],
        file_report: Callable[..., Filed],
        page: str,
    ) -> None:
        file_id = add()
        owner, other = make_user(Role.CASEWORKER), make_user(Role.CASEWORKER)
        with app.app_context(), transaction():
            case = get_case_for_update(filed.case_id)
            assign(case, get_user(owner.id), actor="system", now=clock.utc_now())
        mine = file_report()
        browser = app.test_client()
        sign_in_member(browser, other)
        answers = [
            browser.get(path)
            for path in (
                address(filed, file_id, page),
                address(filed, uuid4(), page),
                address(mine, file_id, page),
                address(mine, uuid4(), page),
                f"/cases/MS-2020-99999/evidence/{file_id}/{page}",
            )
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({TOKEN.sub("", answer.text) for answer in answers}) == 1

    @pytest.mark.parametrize("file_id", ["0", "-1", "abc", "1'", "null", "%2e%2e"])
    def test_ids_that_are_none(self, browser: FlaskClient, filed: Filed, file_id: str) -> None:
        assert browser.get(address(filed, file_id, "copy")).status_code == 404

    def test_a_visitor_is_asked_to_sign_in(self, client: FlaskClient, filed: Filed, add: Callable[..., UUID]) -> None:
        assert client.get(address(filed, add(), "copy")).status_code == 302

    @pytest.mark.parametrize("role", [Role.PUBLISHER, Role.AUDITOR, Role.ADMINISTRATOR, Role.POLICY_OWNER])
    def test_other_roles_get_no_file(
        self, signed_in: Callable[..., FlaskClient], filed: Filed, add: Callable[..., UUID], role: Role
    ) -> None:
        file_id, browser = add(), signed_in(role)
        for page in ("copy", "original", "release"):
            assert browser.get(address(filed, file_id, page)).status_code == 403


class TestOriginal:
    def test_it_needs_a_reason_and_is_on_record(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        path = address(filed, add(is_copied=False), "original")
        assert "Never send it on" in browser.get(path).text
        refused = post(browser, path, reason="")
        assert "Enter why you need the original" in refused.text
        answer = post(browser, path, reason="The copy has lost the table")
        assert answer.data == TEXT
        assert answer.headers["Content-Disposition"].endswith("-evidence-1.original.txt")
        assert len(entries(app, "evidence:original-opened")) == 1
        timeline = browser.get(f"/cases/{filed.case_reference}/timeline").text
        assert "The original of evidence 1 was downloaded: The copy has lost the table" in timeline

    @pytest.mark.parametrize("scan", [ScanState.WAITING, ScanState.INFECTED])
    def test_it_stays_locked_until_it_was_scanned(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID], scan: ScanState
    ) -> None:
        path = address(filed, add(scan=scan), "original")
        page = browser.get(path)
        assert "It cannot be downloaded" in page.text
        answer = browser.post(path, data={"csrf_token": token_in(page.text), "reason": "I want it"})
        assert TEXT not in answer.data
        assert "has not been scanned" in answer.text
        assert entries(app, "evidence:original-opened") == []


class TestRelease:
    def released(self, app: Flask, file_id: UUID) -> bool:
        with app.app_context():
            return db.session.get_one(EvidenceFile, file_id).released_at is not None

    def test_a_copy_is_marked_and_the_mark_taken_back(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        file_id = add()
        path = address(filed, file_id, "release")
        answer = post(browser, path, decision="yes", reason="The tender itself, which is public")
        assert answer.status_code == 302
        assert self.released(app, file_id)
        assert "Authority may see the copy" in whole_case(browser, filed.case_reference)
        post(browser, path, decision="no", reason="The date gives it away")
        assert not self.released(app, file_id)
        assert [len(entries(app, f"evidence:{tag}")) for tag in ("released", "release-withdrawn")] == [1, 1]

    @pytest.mark.parametrize("words", ["Quillfeather", "joan@quillfeather.example", "Pargeter, J."])
    def test_the_gate_reads_the_copy(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID], words: str
    ) -> None:
        file_id = add(content=f"Dear buyer, {words} thinks the bond is high".encode())
        answer = post(browser, address(filed, file_id, "release"), decision="yes", reason="Needed")
        assert "Remove words that could identify the reporter" in answer.text
        assert not self.released(app, file_id)

    def test_a_copy_whose_text_cannot_be_read_is_not_released(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        file_id = add(content=SMALLEST[Kind.PDF], kind=Kind.PDF)
        with app.app_context(), transaction():
            db.session.get_one(EvidenceFile, file_id).text_sealed = None
        answer = post(browser, address(filed, file_id, "release"), decision="yes", reason="Needed")
        assert "cannot be read" in answer.text
        assert not self.released(app, file_id)

    def test_a_picture_is_left_to_the_person_who_looked_at_it(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID]
    ) -> None:
        file_id = add(content=SMALLEST[Kind.PNG], kind=Kind.PNG)
        with app.app_context(), transaction():
            db.session.get_one(EvidenceFile, file_id).text_sealed = None
        path = address(filed, file_id, "release")
        assert "You are the only check" in browser.get(path).text
        post(browser, path, decision="yes", reason="A screenshot of the portal")
        assert self.released(app, file_id)

    @pytest.mark.parametrize(("scan", "is_copied"), [(ScanState.CLEAN, False), (ScanState.INFECTED, True)])
    def test_what_was_not_cleaned_or_not_found_clean_never_leaves(
        self, app: Flask, browser: FlaskClient, filed: Filed, add: Callable[..., UUID], scan: ScanState, is_copied: bool
    ) -> None:
        file_id = add(scan=scan, is_copied=is_copied)
        page = browser.get(address(filed, file_id, "release"))
        assert "The file stays in the team" in page.text
        data = {"csrf_token": token_in(page.text), "decision": "yes", "reason": "x"}
        browser.post(address(filed, file_id, "release"), data=data)
        assert not self.released(app, file_id)
