"""Files on the journey and through the receipt, as a browser without scripts sends them: every row of bad uploads."""

import hashlib
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.core.vault import DataKey
from mystery_shopper.evidence.limits import Limit, in_bytes, limits
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.policy import Kind, ScanState
from mystery_shopper.evidence.stores import store
from mystery_shopper.intake.services import erase_expired_drafts
from tests.evidence.clamd import FakeClamd
from tests.factories.evidence import EICAR, SMALLEST, TEXT, docx, pdf, zipped
from tests.intake.walking import Walker, read_forms
from tests.support.answers import assert_status_is_told

PAGE = "/report/evidence"
DAMAGED = "The selected file is damaged and cannot be opened"
LATER = "/receipt/case/evidence"


@pytest.fixture
def walker(started: Walker) -> Walker:
    return started


def form_of(walker: Walker) -> dict[str, list[str]]:
    return next(fields for _, fields in read_forms(walker.text) if "files" in fields)


def send(walker: Walker, *files: tuple[str, bytes], address: str = PAGE) -> TestResponse:
    """Upload files under names of any kind."""
    walker.open(address)
    fields = form_of(walker)
    data: dict[str, Any] = {name: value for name, value in fields.items() if name != "files"}
    data["files"] = [(io.BytesIO(content), name) for name, content in files]
    walker.page = walker.client.post(address, data=data, content_type="multipart/form-data", follow_redirects=True)
    return walker.page


def errors(walker: Walker) -> list[str]:
    if "govuk-error-summary__list" not in walker.text:
        return []
    listed = walker.text.split("govuk-error-summary__list")[1].split("</ul>")[0]
    return [part.split("</a>")[0].split(">")[-1].strip() for part in listed.split("<a")[1:]]


def rows(app: Flask) -> list[EvidenceFile]:
    with app.app_context():
        return list(db.session.scalars(select(EvidenceFile).order_by(EvidenceFile.position)))


def stored(app: Flask) -> int:
    with app.app_context():
        return len(list(store().list_all()))


class TestJourney:
    def test_the_page_takes_files_lists_them_and_goes_on(self, app: Flask, walker: Walker) -> None:
        send(walker, ("tender.pdf", SMALLEST[Kind.PDF]), ("notes.txt", TEXT))
        assert walker.path == PAGE
        assert "2 files uploaded" in walker.text
        assert "tender.pdf" in walker.text
        assert "Received" in walker.text
        assert [file.kind for file in rows(app)] == [Kind.PDF, Kind.TEXT]
        walker.open("/report/tasks")
        assert "2 files" in walker.text

    def test_the_fingerprint_is_shown(self, walker: Walker) -> None:
        send(walker, ("notes.txt", TEXT))
        assert hashlib.sha256(TEXT).hexdigest() in walker.text

    def test_a_file_is_taken_off_again_and_cannot_be_read_any_more(self, app: Flask, walker: Walker) -> None:
        send(walker, ("notes.txt", TEXT))
        key_id = rows(app)[0].data_key_id
        action, fields = next(form for form in read_forms(walker.text) if "file" in form[1])
        walker.page = walker.client.post(action, data=fields, follow_redirects=True)
        assert "notes.txt removed" in walker.text
        assert rows(app) == []
        with app.app_context():
            key = db.session.get_one(DataKey, key_id)
            assert (key.wrapped, key.erased_at is not None) == (b"", True)

    def test_a_file_of_another_draft_cannot_be_taken_off(self, app: Flask, walker: Walker) -> None:
        send(walker, ("notes.txt", TEXT))
        file_id = str(rows(app)[0].id)
        other = Walker(app.test_client())
        other.start()
        send(other, ("other.txt", b"other"))
        action, fields = next(form for form in read_forms(other.text) if "file" in form[1])
        answer = other.client.post(action, data={**fields, "file": file_id})
        assert answer.status_code == 404
        assert len(rows(app)) == 2

    def test_the_same_file_twice_is_one_file(self, app: Flask, walker: Walker) -> None:
        send(walker, ("notes.txt", TEXT))
        send(walker, ("other name.txt", TEXT))
        assert "You have already uploaded notes.txt" in walker.text
        assert len(rows(app)) == 1
        assert stored(app) == 1

    def test_the_same_file_in_another_report_leaves_no_mark_they_share(self, app: Flask, walker: Walker) -> None:
        send(walker, ("notes.txt", TEXT))
        other = Walker(app.test_client())
        other.start()
        send(other, ("notes.txt", TEXT))
        first, second = rows(app)
        assert first.content_mac != second.content_mac

    def test_files_go_along_when_the_report_is_sent(self, app: Flask, with_bond: Walker) -> None:
        send(with_bond, ("tender.pdf", SMALLEST[Kind.PDF]))
        with_bond.open("/report/check")
        assert "tender.pdf" in with_bond.text
        code = with_bond.receipt_code()
        with_bond.send({"saved_code": "yes"}, number=0)
        (file,) = rows(app)
        assert file.draft_id is None
        assert file.report_id is not None
        with_bond.open("/receipt")
        with_bond.send({"code": code})
        assert "You sent us 1 file." in with_bond.text
        with_bond.open(LATER)
        assert "tender.pdf" in with_bond.text

    def test_an_expired_draft_takes_its_files_with_it(self, app: Flask, walker: Walker) -> None:
        send(walker, ("notes.txt", TEXT))
        with app.app_context():
            assert erase_expired_drafts(clock.today() + timedelta(days=40), now=clock.utc_now()) == 1
            db.session.commit()
        assert rows(app) == []

    def test_nothing_says_when_it_was_sent(self, app: Flask, walker: Walker) -> None:
        send(walker, ("notes.txt", TEXT))
        with app.app_context():
            (file,) = db.session.scalars(select(EvidenceFile))
            moments = [file.next_try_at, file.data_key.created_at, next(iter(store().list_all())).written_at]
            assert {(moment.hour, moment.minute, moment.second) for moment in moments} == {(0, 0, 0)}


class TestReceipt:
    @pytest.fixture
    def inside(self, sent: Walker) -> Walker:
        sent.open("/receipt")
        sent.send({"code": sent.code})
        return sent

    def test_files_can_be_added_later(self, app: Flask, inside: Walker) -> None:
        send(inside, ("later.pdf", SMALLEST[Kind.PDF]), address=LATER)
        assert "later.pdf uploaded" in inside.text
        (file,) = rows(app)
        assert isinstance(file.report_id, UUID)
        inside.open("/receipt/case")
        assert "You sent us 1 file." in inside.text
        inside.open("/receipt/case/held")
        assert "later.pdf" in inside.text

    def test_a_refused_file_is_named(self, app: Flask, inside: Walker) -> None:
        send(inside, ("evil.exe", b"MZ" + bytes(9)), address=LATER)
        assert errors(inside)[0].startswith("The selected file must be a PDF")
        assert rows(app) == []

    def test_without_an_open_receipt_nothing_is_taken(self, app: Flask, client: FlaskClient) -> None:
        answer = client.post(LATER, data={"files": (io.BytesIO(TEXT), "a.txt")}, content_type="multipart/form-data")
        assert answer.status_code == 409
        assert rows(app) == []


class TestRefusals:
    def test_no_file_chosen(self, walker: Walker) -> None:
        send(walker)
        assert errors(walker) == ["Select a file"]

    def test_u1_empty(self, walker: Walker) -> None:
        send(walker, ("a.pdf", b""))
        assert errors(walker) == ["The selected file is empty"]

    def test_u2_one_byte_too_big(self, app: Flask, walker: Walker) -> None:
        walker.open(PAGE)
        fields = [
            b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), values[0].encode())
            for name, values in form_of(walker).items()
            if name != "files"
        ]
        big = FILE + b"a" * (in_bytes(Limit.FILE) - 4)
        walker.page = walker.client.post(
            PAGE, data=body(*fields, big), content_type="multipart/form-data; boundary=edge"
        )
        assert errors(walker) == ["The selected file must be smaller than 25MB"]
        assert stored(app) == 0

    def test_u2_eleven_at_once_and_one_by_one(self, app: Flask, walker: Walker) -> None:
        most = limits()[Limit.FILES]
        send(walker, *((f"{n}.txt", b"a%d" % n) for n in range(most + 1)))
        assert errors(walker) == ["You can only add up to 10 files to a report"]
        assert rows(app) == []
        send(walker, *((f"{n}.txt", b"a%d" % n) for n in range(most)))
        send(walker, ("more.txt", b"more"))
        assert errors(walker) == ["You can only add up to 10 files to a report"]
        assert (len(rows(app)), stored(app)) == (most, most)

    def test_u2_too_much_together(self, app: Flask, walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(limits.__wrapped__.__globals__, "MEGABYTE", 40)  # 25 MB become 1,000 bytes
        for n in range(4):
            send(walker, (f"{n}.txt", b"%d" % n * 999))
            assert errors(walker) == []
        send(walker, ("4.txt", b"4" * 999))
        assert errors(walker) == ["The files of a report must be smaller than 100MB together"]
        assert (len(rows(app)), stored(app)) == (4, 4)

    def test_u2_a_body_over_the_limit_says_what_to_do(self, walker: Walker) -> None:
        answer = walker.client.post(
            PAGE,
            content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(5 * 2**30)},
        )
        assert answer.status_code == 413
        assert "Your report is kept" in answer.text
        assert f'href="{PAGE}"' in answer.text
        assert walker.open(PAGE).status_code == 200

    def test_other_pages_keep_their_small_limit(self, walker: Walker) -> None:
        answer = walker.client.post("/report/what-happened", data={"narrative": "a" * 2_000_000})
        assert answer.status_code == 413
        assert "Your report is kept" not in answer.text

    @pytest.mark.parametrize("name", ["evil.pdf", "x.pdf.exe", "x.exe\0.pdf", "x.PDF ", "none", "evil.html"])
    @pytest.mark.parametrize("content", [b"MZ\x90" + bytes(50), b"\x7fELF" + bytes(50), b"<html><script>1</script>"])
    def test_u3_u4_what_it_holds_decides(self, app: Flask, walker: Walker, name: str, content: bytes) -> None:
        answer = send(walker, (name, content))
        assert answer.status_code == 400
        assert errors(walker)[0].startswith("The selected file must be a PDF, JPG")
        assert rows(app) == []

    def test_one_bad_file_takes_no_good_one_with_it(self, app: Flask, walker: Walker) -> None:
        send(walker, ("good.txt", TEXT), ("bad.exe", b"MZ" + bytes(9)), ("empty.pdf", b""))
        assert sorted(error.split("”")[0] for error in errors(walker)) == ["“bad.exe", "“empty.pdf"]
        assert "good.txt uploaded" in walker.text
        assert len(rows(app)) == 1

    @pytest.mark.parametrize(
        "name",
        [
            "../../etc/passwd", "..\\..\\x.exe", "/abs", "日本語.pdf", "C:zqzqjane.txt",
            "C:\\Users\\zqzqjane\\bid.docx", "CON", "con.pdf", ".", "x" * 300,
            'x";y="z.pdf', "<img src=x onerror=alert(1)>.png", "a\u202efdp.exe",
        ],
    )  # fmt: skip
    def test_u5_any_name_is_taken_and_cleaned(self, app: Flask, walker: Walker, name: str) -> None:
        answer = send(walker, (name, TEXT))
        assert answer.status_code == 200
        assert errors(walker) == []
        assert "<img src=x" not in answer.text
        (file,) = rows(app)
        with app.app_context():
            shown = str(db.session.get_one(EvidenceFile, file.id).details["name"])
        assert "zqzqjane" not in shown
        assert shown.endswith(".txt")

    @pytest.mark.parametrize("name", ["a\nb.pdf", "a\r\nX-Evil: 1.pdf", "a%0D%0AX-Evil: 1.pdf"])
    def test_u5_line_ends_in_a_name_reach_no_header(self, walker: Walker, name: str) -> None:
        answer = send(walker, (name, TEXT))
        assert_status_is_told(answer)
        assert "X-Evil" not in answer.headers

    def test_u10_a_locked_pdf_has_its_own_message(self, walker: Walker) -> None:
        send(walker, ("a.pdf", pdf(encryption=pikepdf.Encryption(user="x", owner="y"))))
        assert errors(walker) == ["The selected file is password protected"]

    def test_u10_a_damaged_pdf_has_its_own_message(self, walker: Walker) -> None:
        send(walker, ("a.pdf", pdf()[:80]))
        assert errors(walker) == [DAMAGED]

    def test_u11_a_virus_is_refused_and_on_record(self, app: Flask, walker: Walker) -> None:
        with FakeClamd() as scanner, scanner.installed():
            send(walker, ("eicar.txt", EICAR))
            assert errors(walker) == ["The selected file contains a virus"]
            send(walker, ("clean.txt", TEXT))
        (file,) = rows(app)
        assert file.scan_state is ScanState.CLEAN
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "evidence:refused")).one()
            assert (entry.actor, entry.outcome) == ("reporter", "refused")

    def test_u11_a_virus_inside_an_archive_or_a_document_is_kept_out(self, app: Flask, walker: Walker) -> None:
        with FakeClamd() as scanner, scanner.installed():
            send(walker, ("eicar.zip", zipped({"eicar.com": EICAR})))
            assert errors(walker)[0].startswith("The selected file must be a PDF")
            send(walker, ("eicar.docx", docx() + EICAR))
            assert errors(walker) in (["The selected file contains a virus"], [DAMAGED])
        assert (rows(app), stored(app)) == ([], 0)

    def test_c4_a_file_named_by_the_receipt_code_is_not_kept(self, app: Flask, with_bond: Walker) -> None:
        with_bond.open("/report/save")
        code = with_bond.receipt_code()
        send(with_bond, (f"my code {code.lower()}.txt", TEXT), ("notes.txt", TEXT))
        assert errors(with_bond)[0].startswith("Remove your receipt code from the name of the file")
        assert "notes.txt uploaded" in with_bond.text
        with_bond.open("/report/check")
        with_bond.send({"saved_code": "yes"})
        with_bond.open("/receipt")
        with_bond.send({"code": code})
        send(with_bond, (f"{code.replace(' ', '-')}.txt", b"later"), address=LATER)
        assert errors(with_bond)[0].startswith("Remove your receipt code from the name of the file")
        assert (len(rows(app)), stored(app)) == (1, 1)

    def test_without_a_token_nothing_is_taken(self, app: Flask, walker: Walker) -> None:
        walker.open(PAGE)
        draft = form_of(walker)["draft"][0]
        data = {"draft": draft, "files": (io.BytesIO(TEXT), "a.txt"), "csrf_token": "wrong"}
        answer = walker.client.post(PAGE, data=data, content_type="multipart/form-data")
        assert "Your page timed out" in answer.text
        assert rows(app) == []
        assert stored(app) == 0


def body(*parts: bytes, boundary: bytes = b"edge", end: bool = True) -> bytes:
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + (
        b"--" + boundary + b"--\r\n" if end else b""
    )


FILE = b'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhello'
FIELD = b'Content-Disposition: form-data; name="x"\r\n\r\n1'
BODIES = {
    "1001 parts": (body(*[FIELD] * 1001), "edge", 413),
    "1001 files": (body(*[FILE] * 1001), "edge", 413),
    "no end": (body(FILE, end=False), "edge", 400),
    "long boundary": (body(FILE, boundary=b"e" * 10_000), "e" * 10_000, 200),
    "no name": (body(b"Content-Disposition: form-data\r\n\r\n1"), "edge", 200),
    "no disposition": (body(b"Content-Type: text/plain\r\n\r\n1"), "edge", 400),
    "nested": (
        body(b'Content-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--'),
        "edge",
        200,
    ),
    "huge part header": (body(b'Content-Disposition: form-data; name="' + b"a" * 2**20 + b'"\r\n\r\n1'), "edge", 413),
    "huge field": (body(b'Content-Disposition: form-data; name="x"\r\n\r\n' + b"a" * 2**20), "edge", 413),
    "wrong boundary": (body(FILE), "other", 400),
    "no boundary": (body(FILE), "", 400),
}


@pytest.mark.parametrize("name", list(BODIES))
def test_u15_multipart_bodies(app: Flask, walker: Walker, name: str) -> None:
    data, boundary, status = BODIES[name]
    walker.open(PAGE)
    content_type = f"multipart/form-data; boundary={boundary}" if boundary else "multipart/form-data"
    answer = walker.client.post(PAGE, data=data, content_type=content_type)
    # Without the draft's id a whole body is an answer of the page that asks for the receipt code.
    assert answer.status_code in ((404, 409) if status == 200 else (status,))
    assert rows(app) == []
