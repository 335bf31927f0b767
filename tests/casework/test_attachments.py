"""Messages with files, in both directions: what each side gets, and what neither ever sees."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core.db import db, transaction
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.worker import evidence_round
from tests.casework.pages import whole_case
from tests.evidence.test_cleaning import marked_docx
from tests.factories.evidence import TEXT
from tests.factories.publications import add_staff
from tests.factories.reports import IDENTITY, Filed
from tests.intake.walking import Walker, read_forms
from tests.similarity.joined import case_of, join

BAD = b"\x7fELF not a document"
OTHER = "Quillfeather Care Mutual"


@pytest.fixture
def filed(file_report: Callable[..., Filed]) -> Filed:
    return file_report()


@pytest.fixture
def desk(signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in(Role.CASEWORKER)


@pytest.fixture
def reporter(app: Flask, filed: Filed) -> Walker:
    return opened(app, filed)


def opened(app: Flask, filed: Filed) -> Walker:
    walker = Walker(app.test_client())
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    return walker


def post(client: FlaskClient, page: str, path: str, body: str, *files: tuple[str, bytes]) -> TestResponse:
    fields = next(fields for _, fields in read_forms(client.get(page).text) if "body" in fields)
    data: dict[str, Any] = {name: value for name, value in fields.items() if name != "files"}
    data |= {"body": body, "files": [(io.BytesIO(content), name) for name, content in files]}
    return client.post(path, data=data, content_type="multipart/form-data", follow_redirects=True)


def write(walker: Walker, body: str, *files: tuple[str, bytes]) -> TestResponse:
    walker.page = post(walker.client, "/receipt/case", "/receipt/case/message", body, *files)
    return walker.page


def answer(desk: FlaskClient, filed: Filed, body: str, *files: tuple[str, bytes], case: str = "") -> TestResponse:
    path = f"/cases/{case or filed.case_reference}/reports/{filed.report_id}/message"
    return post(desk, path, path, body, *files)


def rows(app: Flask) -> list[EvidenceFile]:
    with app.app_context():
        return list(db.session.scalars(select(EvidenceFile).order_by(EvidenceFile.position)))


def clean(app: Flask) -> None:
    with app.app_context():
        while evidence_round():
            pass
        db.session.remove()


def test_what_a_reporter_attaches_is_evidence_and_staff_take_the_cleaned_copy(
    app: Flask, desk: FlaskClient, filed: Filed, reporter: Walker
) -> None:
    write(reporter, "The words of the tender are in here.", ("tender.txt", BAD))
    assert "must be a PDF" in reporter.text
    assert "The words of the tender are in here." in reporter.text, "what was typed is kept"
    assert rows(app) == []
    assert "no messages yet" in reporter.open("/receipt/case").text, "nothing was sent"

    write(reporter, "The words of the tender are in here.", ("tender.txt", TEXT))
    assert "We have your message" in reporter.text
    assert "tender.txt" in reporter.text
    page = whole_case(desk, filed.case_reference)
    messages = page.split('id="messages"')[1]
    assert "Evidence 1" in messages
    (file,) = rows(app)
    link = f"/cases/{filed.case_reference}/evidence/{file.id}/copy"
    assert link not in messages, "there is no cleaned copy yet"

    clean(app)
    assert link in whole_case(desk, filed.case_reference)
    assert TEXT.strip() in desk.get(link).data


def test_what_staff_attach_is_checked_cleaned_and_open_to_its_reporter_alone(
    app: Flask, desk: FlaskClient, filed: Filed, reporter: Walker, file_report: Callable[..., Filed]
) -> None:
    document = marked_docx()
    assert "must be a PDF" in answer(desk, filed, "Please read this.", ("a.pdf", BAD)).text
    assert rows(app) == []
    assert "Message sent" in answer(desk, filed, "Please read this.", ("guide.docx", document)).text
    (file,) = rows(app)
    address = f"/receipt/case/attachment/{file.id}"
    assert "Being checked" in reporter.open("/receipt/case").text
    assert "with 1 file" in reporter.text
    assert reporter.client.get(address).status_code == 404
    held = reporter.open("/receipt/case/held").text
    assert "guide.docx" not in held, "it is nothing they sent"

    clean(app)
    page = whole_case(desk, filed.case_reference)
    assert "The reporter can open the cleaned copy" in page
    assert "Evidence 1" not in page, "it is no evidence"
    assert address in reporter.open("/receipt/case").text
    copy = reporter.client.get(address)
    assert copy.status_code == 200
    assert copy.data != document, "the copy, never the file itself"
    assert "guide" not in copy.headers["Content-Disposition"]
    assert desk.get(f"/cases/{filed.case_reference}/attachments/{file.id}").data == copy.data
    stranger = opened(app, file_report(procurement_title="Other"))
    assert stranger.client.get(address).status_code == 404
    assert app.test_client().get(address).status_code == 302, "asked for the code"


def test_a_file_that_names_another_reporter_of_the_case_is_held_back(
    app: Flask, desk: FlaskClient, filed: Filed, file_report: Callable[..., Filed]
) -> None:
    other = file_report(identity=replace(IDENTITY, organisation="Brackenfold Catering", email="p@brackenfold.example"))
    with app.app_context():
        joiner = add_staff().approver
        with transaction():
            join(case_of(filed), case_of(other), joiner)
        db.session.remove()
    case = filed.case_reference

    refused = answer(desk, other, f"{OTHER} says the same.", case=case)
    assert "Remove words that could identify the reporter" in refused.text
    assert f"{OTHER} says the same." in refused.text, "what was typed is kept"
    assert "Remove words" in answer(desk, other, "See this.", (f"{OTHER}.txt", TEXT), case=case).text
    assert rows(app) == []
    assert "Message sent" in answer(desk, filed, f"Is {OTHER} still trading?", case=case).text, "their own name"

    assert "Message sent" in answer(desk, other, "See this.", ("note.txt", f"Ask {OTHER}".encode()), case=case).text
    clean(app)
    (file,) = rows(app)
    assert "Could identify another reporter: held back" in whole_case(desk, case)
    reader = opened(app, other)
    assert "note.txt" not in reader.text
    assert "Cannot be opened" in reader.text
    assert OTHER not in reader.text
    assert reader.client.get(f"/receipt/case/attachment/{file.id}").status_code == 404


def test_no_word_of_an_attachment_is_stored_in_the_clear(app: Flask, desk: FlaskClient, filed: Filed) -> None:
    answer(desk, filed, "zqzqbody", ("zqzqname.txt", b"zqzqcontent of a file"))
    clean(app)

    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)).all():
                assert "zqzq" not in repr(tuple(row)).lower(), table.name
