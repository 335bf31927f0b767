"""The receipt in Welsh: what the service says is Welsh; what staff wrote and what is kept stays English."""

from collections.abc import Callable
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.cases.models import Direction, Message
from mystery_shopper.cases.queries import get_case_for_update, list_events
from mystery_shopper.cases.services import move
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, new_id, transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.languages import WELSH, speaking
from mystery_shopper.core.vault import seal
from mystery_shopper.guidance.events import ReferralAgreed
from mystery_shopper.guidance.referring import CONSENT_LABELS, ConsentHow
from mystery_shopper.identity.events import IdentityRevealed
from mystery_shopper.identity.policy import reasons
from tests.architecture.test_welsh import HEADINGS, ONLY_ENGLISH, Reader
from tests.factories.reports import Filed
from tests.intake.walking import Walker

PAGES = ("", "/withdraw", "/object", "/held", "/slip", "/proof", "/evidence", "/letter", "/follow-up")
OURS = "We wrote this in the office."
ROAD = (CaseState.ACKNOWLEDGED, CaseState.TRIAGE, CaseState.OUT_OF_SCOPE)


def end(app: Flask, filed: Filed) -> None:
    """Take a report to its end, with a message of ours and a look at who reported."""
    with app.app_context():
        with transaction():
            case, now, message_id = get_case_for_update(filed.case_id), clock.utc_now(), new_id()
            message = Message(
                id=message_id,
                case_id=case.id,
                report_id=filed.report_id,
                direction=Direction.TO_REPORTER,
                author=SYSTEM,
                sent_at=now,
                submission_id=uuid4(),
                body_sealed=seal(case.data_key, OURS, f"messages.body:{message_id}"),
            )
            db.session.add(message)
            why = reasons()["safety"]
            revealed = IdentityRevealed(
                report_id=str(filed.report_id), reveal_id="1", reason=why.label, told=why.reporter_words, words=""
            )
            record(case, revealed, actor=SYSTEM, now=now)
            for state in ROAD:
                move(case, state, actor=SYSTEM, now=now, reason="tested")
        db.session.remove()


def test_the_receipt_is_in_welsh_and_says_what_is_not(
    app: Flask, client: FlaskClient, file_report: Callable[..., Filed]
) -> None:
    filed = file_report()
    end(app, filed)
    client.set_cookie("language", "cy")
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    for page in PAGES:
        walker.open(f"/receipt/case{page}")
        assert walker.path == f"/receipt/case{page}"
        read = Reader()
        read.feed(walker.text)
        assert read.language == "cy"
        left = [text for tag, text in read.texts if tag in HEADINGS and ONLY_ENGLISH.search(text)]
        assert not left, f"{page}: {left}"
        assert not [text for _, text in read.texts if OURS in text], f"{page}: not marked as English"

    walker.open("/receipt/case")
    assert OURS in walker.text
    assert "Ni allwn ymchwilio i hyn." in walker.text
    assert "Y rheswm: roedd diogelwch rhywun mewn perygl." in walker.text
    assert 'data-closed="Mae hwn wedi cau.' in walker.text


def test_a_change_of_language_sends_no_message_and_keeps_it(
    app: Flask, client: FlaskClient, file_report: Callable[..., Filed]
) -> None:
    filed = file_report()
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    walker.send({"body": "Half a message", "language": "cy"})
    assert '<html lang="cy"' in walker.text
    assert "Half a message" in walker.form()[1]["body"][0]
    assert "Nid oes unrhyw negeseuon eto." in walker.text

    walker.send()
    assert "Mae eich neges gennym" in walker.text
    assert "Gwnaethoch anfon neges atom." in walker.text
    walker.open("/receipt/case/withdraw")
    walker.send()
    assert "Gwnaethoch dynnu eich adroddiad yn ôl." in walker.text
    with app.app_context():
        case = get_case_for_update(filed.case_id)
        with speaking(WELSH):
            kept = [str(row.to_event(case.data_key)) for row in list_events(case)]
    assert kept
    assert not [words for words in kept if "eich" in words or "adroddiad" in words]


def test_what_is_kept_of_an_agreement_is_english_and_said_in_welsh() -> None:
    how = CONSENT_LABELS[ConsentHow.PHONE]
    event = ReferralAgreed(referral_id="1", report_id="2", body="Social Firms", how=how, shares_contact=True)
    assert event.how == "by phone"
    assert "agreed by phone" in str(event.reporter_sentence())
    with speaking(WELSH):
        assert event.reporter_sentence() == (
            "Gwnaethoch gytuno dros y ffôn i ni eich atgyfeirio ac i ni drosglwyddo eich manylion cyswllt. "
            "Y corff: Social Firms."
        )
