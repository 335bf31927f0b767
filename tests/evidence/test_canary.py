"""Files in which every word is unlike any other, from the upload to the cleaned copy: where do the words turn up?"""

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from mystery_shopper.accounts.policy import Role
from mystery_shopper.core.db import db
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.worker import evidence_round
from tests.casework.pages import whole_case
from tests.evidence.test_cleaning import canaries, marked_docx, marked_pdf, photo
from tests.factories.staff import add_member, sign_in_member
from tests.intake.test_evidence_views import PAGE, send
from tests.intake.walking import Walker
from tests.support.leaks import Scanner, files_below, rows_of

NAME = "zqzqnameoffile"
FOLDER = "zqzqfolderofuser"
FILES = ((".pdf", marked_pdf), (".docx", marked_docx), (".jpg", photo))


@pytest.mark.slow
def test_no_word_turns_up_but_in_the_original(
    app: Flask, settings: Config, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    contents = {ending: make() for ending, make in FILES}
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    walker = Walker(app.test_client())
    walker.report_bond()
    words = {NAME, FOLDER}
    for ending, content in contents.items():
        words |= {found.decode() for found in canaries(content)}
        send(walker, (f"C:\\Users\\{FOLDER}\\{NAME}{ending}", content))
        assert f"{NAME}{ending} uploaded" in walker.text
    assert len(words) > 30
    walker.open("/report/check")
    walker.send({"saved_code": "yes"})
    with app.app_context():
        while evidence_round():
            pass
        files = list(db.session.scalars(select(EvidenceFile).order_by(EvidenceFile.position)))
        assert [file.copy_state.value for file in files] == ["cleaned"] * 3
        file_ids = [file.id for file in files]
        member = add_member(Role.CASEWORKER)
        db.session.remove()
    browser = app.test_client()
    sign_in_member(browser, member)
    case = browser.get("/cases").text.split('href="/cases/MS-')[1].split('"')[0]
    page = whole_case(browser, f"MS-{case}")
    assert NAME in page
    scanner = Scanner(words)
    found = scanner.scan_all([("case page", page.replace(NAME, "").encode())])
    for file_id in file_ids:
        copy = browser.get(f"/cases/MS-{case}/evidence/{file_id}/copy")
        assert copy.status_code == 200
        assert canaries(copy.data) == set()
        found += scanner.scan_all([("copy", copy.data), ("headers of a copy", str(copy.headers).encode())])
    other = (PAGE, "/desk", "/audit", "/results", "/cases.csv")
    found += scanner.scan_all((path, browser.get(path).data) for path in other)
    found += scanner.scan_all(files_below(Path(settings.evidence_store.removeprefix("folder:"))))
    found += scanner.scan_all(rows_of(settings.database_url))
    if settings.is_sqlite:
        database = Path(settings.database_url.removeprefix("sqlite:///"))
        found += scanner.scan_all((path.name, path.read_bytes()) for path in database.parent.glob(f"{database.name}*"))
    printed = capfd.readouterr()
    logs = "\n".join(str(vars(record)) for record in caplog.records)
    found += scanner.scan_all([("log", logs.encode()), ("printed", (printed.out + printed.err).encode())])
    assert sorted({f"{leak.word} ({leak.form}) in {leak.where}" for leak in found}) == []
