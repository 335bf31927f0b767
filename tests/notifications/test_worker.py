"""Letters: made in the transaction of the step, sent once, and never with a word of the case in them."""

import smtplib
import socket
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mystery_shopper.accounts.models import StoredSession
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.models import Case, IdentityChoice, Report
from mystery_shopper.cases.services import assign, move, receive_message, send_message
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, new_id, transaction
from mystery_shopper.core.events import staff_actor
from mystery_shopper.core.languages import current
from mystery_shopper.notifications import services, worker
from mystery_shopper.notifications.cli import render_letter
from mystery_shopper.notifications.models import Letter, OutboxMessage
from mystery_shopper.notifications.queries import outbox_status
from mystery_shopper.notifications.transport import FolderTransport, SmtpTransport, transport_for

SENDER = "no-reply@mystery-shopper.invalid"


class Broken:
    """A mail server that is down."""

    def send(self, message: object) -> None:
        raise ConnectionRefusedError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def write_to_reporter(filed, person) -> None:
    with transaction():
        case, report = db.session.get(Case, filed.case_id), db.session.get(Report, filed.report_id)
        send_message(
            case,
            report,
            "The council answered.",
            submission_id=new_id(),
            sender=staff_member(person),
            now=clock.utc_now(),
        )


def staff_member(person) -> StaffMember:
    return get_user(person.id).to_staff_member()


def letters(folder: Path) -> list:
    return [message_from_bytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def test_a_reporter_who_asked_for_mail_hears_that_there_is_an_update(
    app_context: Flask, file_report, make_user, folder: Path
) -> None:
    filed = file_report()
    write_to_reporter(filed, make_user())

    tally = worker.run(FolderTransport(folder), render_letter, sender=SENDER, once=True)

    sent = letters(folder)
    assert (tally.sent, len(sent)) == (1, 1)
    assert sent[0]["To"] == "joan@quillfeather.example"
    assert sent[0]["Subject"] == "There is an update"
    body = sent[0].get_payload()
    for word in ("council", "Quillfeather", filed.case_reference, filed.public_reference, filed.receipt_code, "meals"):
        assert word not in body


def test_a_reporter_who_reads_welsh_gets_the_letter_in_welsh(
    app_context: Flask, file_report, make_user, folder: Path
) -> None:
    filed = file_report()
    write_to_reporter(filed, make_user())
    with transaction() as session:
        session.execute(update(Report).values(language="cy"))
    worker.run(FolderTransport(folder), render_letter, sender=SENDER, once=True)
    (sent,) = letters(folder)
    assert str(make_header(decode_header(sent["Subject"]))) == "Mae diweddariad"
    body = sent.get_payload(decode=True).decode()
    assert "rhowch eich cod derbynneb" in body
    assert "Hello" not in body
    assert current() == "en", "what comes after is in English again"


def test_nobody_else_gets_mail(app_context: Flask, file_report, make_user, folder: Path) -> None:
    person = make_user()
    write_to_reporter(file_report(identity_choice=IdentityChoice.ANONYMOUS, identity=None), person)

    assert worker.run(FolderTransport(folder), render_letter, sender=SENDER, once=True).sent == 0
    assert letters(folder) == []


def test_many_updates_before_the_worker_comes_make_one_letter(
    app_context: Flask, file_report, make_user, folder: Path
) -> None:
    filed, person = file_report(), make_user()
    for _ in range(3):
        write_to_reporter(filed, person)

    assert worker.run(FolderTransport(folder), render_letter, sender=SENDER, once=True).sent == 1
    assert worker.run(FolderTransport(folder), render_letter, sender=SENDER, once=True).sent == 0


def test_a_step_that_is_undone_leaves_no_letter(app_context: Flask, file_report) -> None:
    filed = file_report()

    def fail_after_the_step() -> None:
        with transaction():
            move(db.session.get(Case, filed.case_id), CaseState.ACKNOWLEDGED, actor="user:1", now=clock.utc_now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_the_step()
    assert outbox_status().waiting == 0


def test_staff_are_told_of_work_and_of_messages_without_a_word_of_it(
    app_context: Flask, file_report, make_user, folder: Path
) -> None:
    filed, person, senior = file_report(), make_user("caseworker"), make_user("senior-caseworker")
    with transaction():
        case = db.session.get(Case, filed.case_id)
        assign(case, get_user(person.id), actor=staff_actor(senior.id), now=clock.utc_now())
        receive_message(
            case, db.session.get(Report, filed.report_id), "secret words", submission_id=new_id(), now=clock.utc_now()
        )

    assert worker.run(FolderTransport(folder), render_letter, sender=SENDER, once=True).sent == 2
    sent = letters(folder)
    assert {letter["To"] for letter in sent} == {person.email}
    assert not any("secret" in letter.get_payload() or filed.case_reference in str(letter) for letter in sent)


def test_taking_a_case_oneself_sends_no_letter(app_context: Flask, file_report, make_user) -> None:
    filed, person = file_report(), make_user()
    with transaction():
        user = get_user(person.id)
        assign(db.session.get(Case, filed.case_id), user, actor=staff_actor(user.id), now=clock.utc_now())
    assert outbox_status().waiting == 0


def test_a_server_that_is_down_keeps_the_letter_for_later(
    app_context: Flask, file_report, make_user, folder: Path
) -> None:
    write_to_reporter(file_report(), make_user())

    assert worker.send_round(Broken(), render_letter, sender=SENDER).failed == 1
    assert worker.send_round(FolderTransport(folder), render_letter, sender=SENDER).sent == 0
    later = clock.utc_now() + timedelta(minutes=1)
    with clock.frozen(later):
        assert worker.send_round(FolderTransport(folder), render_letter, sender=SENDER).sent == 1


def test_a_letter_nobody_takes_is_given_up_and_shown(app_context: Flask, file_report, make_user) -> None:
    write_to_reporter(file_report(), make_user())
    moment = clock.utc_now()
    for _ in range(12):
        moment += timedelta(hours=7)
        with clock.frozen(moment):
            worker.send_round(Broken(), render_letter, sender=SENDER)
    status = outbox_status()
    assert (status.waiting, status.given_up) == (0, 1)


def test_two_workers_do_not_send_the_same_letter(app_context: Flask, file_report, make_user) -> None:
    write_to_reporter(file_report(), make_user())
    now = clock.utc_now()
    with transaction():
        assert len(services.lease_due(now, limit=10)) == 1
    with transaction():
        assert services.lease_due(now, limit=10) == []
    with transaction():
        assert len(services.lease_due(now + timedelta(minutes=3), limit=10)) == 1


def test_mail_leaves_through_a_real_smtp_server(app_context: Flask, file_report, make_user) -> None:
    class Box:
        def __init__(self) -> None:
            self.got: list = []

        async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
            self, server, session, envelope
        ) -> str:
            self.got.append((envelope.rcpt_tos, envelope.content.decode()))
            return "250 OK"

    write_to_reporter(file_report(), make_user())
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        tally = worker.run(SmtpTransport("127.0.0.1", port), render_letter, sender=SENDER, once=True)
    finally:
        controller.stop()
    assert tally.sent == 1
    assert box.got[0][0] == ["joan@quillfeather.example"]
    assert "/receipt" in box.got[0][1]


def test_the_address_of_a_letter_is_in_no_table_of_the_outbox(app_context: Flask, file_report, make_user) -> None:
    write_to_reporter(file_report(), make_user())
    row = db.session.query(OutboxMessage).one()
    assert row.letter is Letter.REPORTER_UPDATE
    assert "quillfeather" not in str({name: getattr(row, name) for name in vars(row)})


def test_the_transport_follows_the_setting(tmp_path: Path) -> None:
    assert transport_for(f"folder:{tmp_path}") == FolderTransport(tmp_path)
    assert transport_for("smtp://mail.example:2525") == SmtpTransport("mail.example", 2525)


def test_smtp_errors_count_as_failures() -> None:
    assert issubclass(smtplib.SMTPServerDisconnected, OSError)


def test_a_new_day_throws_away_the_sessions_that_have_ended(app: Flask, client: FlaskClient) -> None:
    client.get("/report/scope-body", follow_redirects=True)
    client.get("/sign-in")
    with app.app_context():
        assert db.session.query(StoredSession).count() == 1
        worker.daily_round(clock.today())
        assert db.session.query(StoredSession).count() == 1
        later = clock.utc_now() + timedelta(days=3)
        with clock.frozen(later):
            worker.daily_round(clock.today())
        assert db.session.query(StoredSession).count() == 0
