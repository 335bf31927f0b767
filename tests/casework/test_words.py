"""Words that must not leave a case: the list caseworkers keep, and what is looked for beside it."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.casenotices.services import link_notice
from mystery_shopper.cases.gate import DisclosureError, check_texts
from mystery_shopper.cases.looked_for import IS_PUBLIC, IS_ROUND, IS_SMALL, look_for
from mystery_shopper.cases.models import Case, CaseEventRecord, GuardedWord, Report
from mystery_shopper.cases.queries import get_case_for_update, list_events
from mystery_shopper.cases.services import assign, guard_word, receive_message, take_off_word, undo_join
from mystery_shopper.cases.words import get_word, list_words, words_of
from mystery_shopper.casework.queries.words import show_words
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError
from tests.casework.pages import Desk, open_page
from tests.casework.test_attachments import answer
from tests.factories.evidence import add_evidence, attach_to_message
from tests.factories.notices import keep
from tests.factories.publications import as_staff
from tests.factories.reports import IDENTITY, Filed, add_report
from tests.factories.staff import add_member
from tests.similarity.joined import case_of, join

WORD = "Project Larkspur"
FILE = "Fernhollow menus_v2.docx"
STORY = "They want a bond of £5,000,000. We bid £412,350, and £1,200,000 with the extension. Our price was £900 a day."
OTHER = replace(IDENTITY, name="Bo Brackenfold", organisation="Brackenfold Catering", email="p@brackenfold.example")
NOTES = {"Fernhollow": False, "Fernhollow menus v2": True, "£412.35k": True, "£1.2m": False, "412,350 pounds": True}


def stops(case: Case, text: str, to: Report | None = None) -> bool:
    try:
        check_texts(case, {"body": text}, to=to)
    except DisclosureError:
        return True
    return False


def events_of(case: Case) -> list[object]:
    return [row.to_event(case.data_key) for row in list_events(case)]


@pytest.fixture
def staff(app_context: Flask) -> StaffMember:
    return as_staff(add_member(Role.SENIOR_CASEWORKER, name="Ann Approver", enrolled=False).id, Role.SENIOR_CASEWORKER)


def test_a_word_is_listed_stops_a_message_and_is_taken_off(
    app: Flask, file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    filed = file_report(narrative=STORY)
    with app.app_context(), transaction():
        for name in (FILE, "bid.pdf"):
            add_evidence(filed.report_id, name=name, content=name.encode())
    desk = Desk(signed_in(Role.CASEWORKER), filed.case_reference)
    assert desk.url("words") in open_page(desk.client, desk.url())
    page = desk.see("words")
    for shown in (
        FILE,
        "£412,350",
        "1 name of a person",
        "1 phone number",
        "£1,200,000",
        "£900",
        "No word has been added",
    ):
        assert shown in page
    assert "Pargeter" not in page
    assert page.index("Not looked for") < page.index("bid.pdf"), "a name that is found in too many texts"
    assert page.index("£412,350") < page.index("Not looked for") < page.index("£1,200,000"), "it is the contract value"

    refused = desk.send("words", {"word": "the contract"})
    assert "stands in almost every letter" in refused.text
    assert 'value="the contract"' in refused.text
    assert "Enter a word, a phrase or an amount" in desk.send("words", {"word": " "}).text
    assert desk.send("words", {"word": WORD}).status_code == 302
    assert "is on the list already" in unescape(desk.send("words", {"word": "project-LARKSPUR"}).text)
    assert desk.send("words", {"word": "£640,500"}).status_code == 302
    assert WORD in desk.see("words")

    stopped = unescape(answer(desk.client, filed, "We asked about project lark-\nspur.").text)
    assert "a word on the list for this case" in stopped
    assert f'href="{desk.url("words")}">Words that must not leave this case' in stopped
    assert "an amount that must not leave this case" in answer(desk.client, filed, "They wrote 0.6405 million.").text
    assert "Message sent" in answer(desk.client, filed, f"You sent {FILE} and bid £412,350.").text, "they know that"

    with app.app_context():
        row_id = db.session.scalars(select(GuardedWord.id).order_by(GuardedWord.added_at)).first()
    away = desk.url(f"words/{row_id}/take-off")
    carried = desk.carried(desk.url("words"))
    assert desk.client.post(away, data=carried, follow_redirects=True).status_code == 200
    assert "Message sent" in answer(desk.client, filed, "We asked about project lark-\nspur.").text
    page = desk.see("words")
    assert page.index("Words taken off the list") < page.rindex(WORD)
    stranger = signed_in(Role.PUBLISHER)
    assert stranger.get(desk.url("words")).status_code == 403
    with app.app_context():
        case = get_case_for_update(filed.case_id)
        told = [event.sentence() for event in events_of(case) if event.tag.startswith("word:")]  # type: ignore[attr-defined]
        stored = db.session.scalars(select(CaseEventRecord).where(CaseEventRecord.case_id == case.id)).all()
        assert len(told) == 3
        assert "Larkspur" not in repr([vars(row) for row in stored]) + repr(told)
        assert b"Larkspur" not in b"".join(db.session.scalars(select(GuardedWord.word_sealed)))


def test_files_and_bids_of_every_reporter_are_looked_for_and_their_own_are_no_secret(staff: StaffMember) -> None:
    with transaction():
        filed = add_report(narrative=STORY)
        add_evidence(filed.report_id, name=FILE)
        case, report = case_of(filed), db.session.get_one(Report, filed.report_id)
        attach_to_message(case, report, staff)
    assert {text: stops(case, f"So {text} it is") for text in NOTES} == NOTES
    assert not stops(case, "The file tender.txt of the staff is none of the reporter's")
    assert not any(stops(case, f"So {text} it is", to=report) for text in NOTES)
    found = look_for(case)
    assert (found.file_names, found.bids) == ((FILE,), {412_350})
    assert found.left_out == {1_200_000: IS_PUBLIC, 900: IS_SMALL}
    with transaction():
        body = "Our second offer was £733,100, the first £3,000,000. We call it Wintergreen."
        receive_message(case, report, body, submission_id=uuid4(), now=clock.reporter_now())
        guard_word(case, "Wintergreen", by=staff, now=clock.utc_now())
        guard_word(case, "£3m", by=staff, now=clock.utc_now())
    assert look_for(case).left_out[3_000_000] == IS_ROUND
    for told in ("So £733,100 it is", "So Winter-green it is", "So £3,000,000 it is"):
        assert stops(case, told)
        assert not stops(case, told, to=report), "they wrote it themselves"


def test_what_the_notice_says_is_public(staff: StaffMember) -> None:
    with transaction():
        filed = add_report(narrative="We bid £140,000 for lot 1. Our price for all was £412,350.", facts={})
        for name in ("Park benches repair zebrano.pdf", "Repair of park benches.pdf"):
            add_evidence(filed.report_id, name=name, content=name.encode())
        case, version = case_of(filed), keep()
        assert stops(case, "worth £140,000")
        assert stops(case, "about repair of park benches")
        link_notice(
            case, version, reason="It is this", facts={}, version_seen=case.version, actor="user:1", now=clock.utc_now()
        )
    assert not stops(case, "worth £140,000, about repair of park benches")
    assert stops(case, "worth £412,350")
    assert stops(case, "park benches repair zebrano")


def test_what_a_report_brought_stays_protected_wherever_it_was(staff: StaffMember) -> None:
    with transaction():
        first, second = add_report(), add_report(narrative="Our tender was £733,100.", identity=OTHER)
        add_evidence(second.report_id, name=FILE)
        kept, joined = case_of(first), case_of(second)
        guard_word(joined, "Wintergreen", by=staff, now=clock.utc_now())
        stood = join(kept, joined, staff)
        guard_word(kept, WORD, by=staff, now=clock.utc_now())
        owner = as_staff(add_member(Role.CASEWORKER, enrolled=False).id, Role.CASEWORKER)
        assign(joined, None, actor="system", now=clock.utc_now())
    told = ("£733,100", "Fernhollow menus v2", "Wintergreen", WORD)
    first_report, second_report = (db.session.get_one(Report, one.report_id) for one in (first, second))
    assert all(stops(kept, text) for text in told)
    assert all(stops(kept, text, to=first_report) for text in told), "the other reporter does not know"
    assert [stops(kept, text, to=second_report) for text in told] == [False, False, True, True]
    with transaction():
        undo_join(
            stood,
            kept_version=kept.version,
            joined_version=joined.version,
            reason="Not the same",
            undoer=staff,
            now=clock.utc_now(),
        )
    page = show_words(kept, staff)
    assert (page.file_names, page.names_gone, page.amounts, page.amounts_gone) == ((), 1, (), 1), "counted, not told"
    for case in (kept, joined):
        assert all(stops(case, text) for text in told), "it has been here"
        assert sorted(words_of(case)) == [WORD, "Wintergreen"]
    shown = list_words(kept, staff)
    assert {word.word: word.reference for word in shown.standing} == {WORD: "", "Wintergreen": joined.reference}
    with transaction():
        assign(joined, get_user(staff.id), actor="system", now=clock.utc_now())
    blind = list_words(kept, owner)
    assert ([word.word for word in blind.standing], blind.hidden) == ([WORD], 1)
    with pytest.raises(NotFoundError):
        get_word(kept, next(word.id for word in shown.standing if word.reference))
    with transaction():
        row = get_word(joined, next(word.id for word in shown.standing if word.reference))
        take_off_word(joined, row, by=staff, now=clock.utc_now())
        take_off_word(joined, row, by=staff, now=clock.utc_now())
    assert not stops(kept, "Wintergreen")
    assert sum(event.tag == "word:taken-off" for event in events_of(joined)) == 1  # type: ignore[attr-defined]


def test_a_full_list_takes_no_more(staff: StaffMember, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mystery_shopper.cases.services.words.MOST_WORDS", 1)
    with transaction():
        case = case_of(add_report())
        guard_word(case, WORD, by=staff, now=clock.utc_now())
        with pytest.raises(DomainError, match="can hold 1 words"):
            guard_word(case, "Wintergreen", by=staff, now=clock.utc_now())
