"""Two reporters in one joined case: nothing of either reaches the other, nor anybody outside."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases import services
from mystery_shopper.cases.gate import DisclosureError, check_texts
from mystery_shopper.cases.models import Report
from mystery_shopper.cases.queries import find_join, get_case_of, list_reports
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.notifications import worker as mail
from mystery_shopper.notifications.cli import render_letter
from mystery_shopper.notifications.transport import FolderTransport
from tests.factories.reports import Filed
from tests.factories.staff import Member
from tests.intake.walking import Walker
from tests.similarity.conftest import add_people, staff_of
from tests.similarity.joined import (
    FIRST,
    FIRST_FACTS,
    SECOND,
    SECOND_FACTS,
    advance,
    case_of,
    file_with_canary,
    join,
)
from tests.support.standing import Standing

OWN_WORDS = {FIRST: ("5,111,111", "3 June 2025"), SECOND: ("5,222,222", "17 June 2025")}


Scene = tuple[Filed, Filed, Member]


def join_pair() -> Scene:
    """Two reports, the second joined to the case of the first, with messages to and from both."""
    soon = clock.today() + timedelta(days=20)
    senior = add_people().senior
    with transaction():
        worker = staff_of(senior)
        first = file_with_canary(FIRST, FIRST_FACTS, tender_closes_on=soon)
        second = file_with_canary(SECOND, SECOND_FACTS, tender_closes_on=soon + timedelta(days=3))
        kept = case_of(first)
        advance(kept, CaseState.ACKNOWLEDGED, CaseState.TRIAGE)
        for filed, canary in ((first, FIRST), (second, SECOND)):
            talk(filed, f"{canary}before", worker)
        join(kept, case_of(second), worker)
        advance(kept, CaseState.ACCEPTED)
        for filed, canary in ((first, FIRST), (second, SECOND)):
            talk(filed, f"{canary}after", worker)
    return first, second, senior


@pytest.fixture
def scene(made_once: Callable[..., Scene]) -> Scene:
    return made_once("joined pair", join_pair)


@pytest.fixture
def worker(app: Flask, scene: Scene) -> StaffMember:
    with app.app_context():
        return staff_of(scene[2])


@pytest.fixture
def pair(scene: Scene) -> tuple[Filed, Filed]:
    return scene[0], scene[1]


def talk(filed: Filed, words: str, worker: StaffMember) -> None:
    report = db.session.get_one(Report, filed.report_id)
    case = get_case_of(report)
    services.send_message(case, report, f"{words}fromus", submission_id=uuid4(), sender=worker, now=clock.utc_now())
    services.receive_message(case, report, f"{words}fromthem", submission_id=uuid4(), now=clock.reporter_now())


def enter(client: FlaskClient, filed: Filed) -> Walker:
    walker = Walker(client)
    walker.open("/receipt")
    walker.send({"code": filed.receipt_code})
    assert walker.path == "/receipt/case"
    return walker


def everything_of(app: Flask, filed: Filed) -> str:
    """Return all that the holder of a receipt can open, after entering the code."""
    walker = enter(app.test_client(), filed)
    paths = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("receipt.") and "GET" in (rule.methods or ()) and not rule.arguments
    ]
    assert len(paths) >= 5
    pages = []
    for path in paths:
        walker.open(path)
        pages.append(walker.text)
    return "\n".join(pages)


class Read(NamedTuple):
    """A reporter, all that one can open, the own canary and that of the other."""

    filed: Filed
    seen: str
    own: str
    other: str


@pytest.fixture
def sides(app: Flask, standing: Standing) -> tuple[Read, Read]:
    """What each of the two reads when the receipt is first opened."""

    def read(app: Flask) -> tuple[Read, Read]:
        with app.app_context():
            first, second, _ = join_pair()
        read_by_first, read_by_second = everything_of(app, first), everything_of(app, second)
        return Read(first, read_by_first, FIRST, SECOND), Read(second, read_by_second, SECOND, FIRST)

    return standing.get(app, "joined pair as both read it", read)


class TestReceipt:
    def test_each_reporter_reads_their_own_words_and_nothing_of_the_other(self, sides: tuple[Read, Read]) -> None:
        for _, seen, own, other in sides:
            for words in ("narrative", "requirement", "beforefromus", "beforefromthem", "afterfromus", "afterfromthem"):
                assert f"{own}{words}" in seen
            assert own in seen
            assert other not in seen
            for words in OWN_WORDS[own]:
                assert words in seen, words
            for words in OWN_WORDS[other]:
                assert words not in seen, words

    def test_each_keeps_their_own_reference_and_learns_of_no_other_case(self, sides: tuple[Read, Read]) -> None:
        first, second = sides
        for (filed, seen, *_), other in ((first, second.filed), (second, first.filed)):
            assert filed.public_reference in seen
            assert other.public_reference not in seen
            assert filed.case_reference not in seen
            assert other.case_reference not in seen
            for word in ("joined", "another report", "other report", "merged", "split"):
                assert word not in seen.lower(), word

    def test_the_second_reads_where_the_report_stands_since_it_was_joined(self, sides: tuple[Read, Read]) -> None:
        seen = sides[1].seen
        assert "We are looking into your report." in seen
        assert "We have read your report and confirmed that we received it." not in seen

    def test_only_who_was_written_to_is_told_that_we_wait(self, app: Flask, worker: StaffMember) -> None:
        with app.app_context(), transaction():
            first, second = file_with_canary(FIRST, FIRST_FACTS), file_with_canary(SECOND, SECOND_FACTS)
            kept = case_of(first)
            advance(kept, CaseState.ACKNOWLEDGED, CaseState.TRIAGE)
            join(kept, case_of(second), worker)
            report = db.session.get_one(Report, first.report_id)
            services.send_message(kept, report, "Which lot?", submission_id=uuid4(), sender=worker, now=clock.utc_now())
            advance(kept, CaseState.MORE_INFORMATION)
        assert "We need more information from you" in everything_of(app, first)
        asked_nothing = everything_of(app, second)
        assert "We need more information from you" not in asked_nothing
        assert "We are waiting for you" not in asked_nothing

    def test_after_one_withdrew_neither_hears_of_it(self, app: Flask, pair: tuple[Filed, Filed]) -> None:
        first, second = pair
        with app.app_context(), transaction():
            services.withdraw(db.session.get_one(Report, second.report_id), now=clock.reporter_now())
        with app.app_context(), transaction():
            advance(case_of(first), CaseState.AUTHORITY_CONTACTED)
        left, stays = everything_of(app, second), everything_of(app, first)
        assert "You withdrew your report." in left
        assert "We have asked the authority" not in left
        assert "We have asked the authority" in stays
        assert "withdrew" not in stays
        assert (FIRST in left, SECOND in stays) == (False, False)

    def test_after_they_were_taken_apart_each_follows_their_own_case(
        self, app: Flask, pair: tuple[Filed, Filed], worker: StaffMember
    ) -> None:
        first, second = pair
        with app.app_context(), transaction():
            standing = find_join(case_of(second))
            assert standing
            services.undo_join(
                standing,
                kept_version=standing.kept.version,
                joined_version=standing.joined.version,
                reason="two lots",
                undoer=worker,
                now=clock.utc_now(),
            )
        with app.app_context(), transaction():
            advance(case_of(first), CaseState.AUTHORITY_CONTACTED)
        seen = everything_of(app, second)
        assert "We have asked the authority" not in seen
        assert f"{SECOND}afterfromus" in seen
        assert FIRST not in seen


class TestOutside:
    def test_a_text_that_leaves_may_hold_no_trace_of_either_also_after_they_were_taken_apart(
        self, app: Flask, pair: tuple[Filed, Filed], worker: StaffMember
    ) -> None:
        with app.app_context():
            kept = case_of(pair[0])
            for canary in (FIRST, SECOND):
                with pytest.raises(DisclosureError):
                    check_texts(kept, {"summary": f"A concern of {canary}org Ltd."})
            check_texts(kept, {"summary": "A concern about a bond."})
            standing = find_join(case_of(pair[1]))
            assert standing
            services.undo_join(
                standing,
                kept_version=standing.kept.version,
                joined_version=standing.joined.version,
                reason="two lots",
                undoer=worker,
                now=clock.utc_now(),
            )
            assert len(list_reports(kept)) == 1
            for case in (kept, standing.joined):
                with pytest.raises(DisclosureError):
                    check_texts(case, {"summary": f"A concern of {SECOND}org Ltd."})
            with pytest.raises(DisclosureError):
                check_texts(kept, {"summary": f"A concern of {FIRST}org Ltd."})

    def test_mail_to_each_says_that_there_is_news_and_nothing_else(
        self, app: Flask, tmp_path: Path, pair: tuple[Filed, Filed]
    ) -> None:
        with app.app_context(), app.test_request_context():
            mail.run(FolderTransport(tmp_path), render_letter, sender="no-reply@example.org", once=True)
        letters = [message_from_bytes(path.read_bytes()) for path in tmp_path.iterdir()]
        bodies = {letter["To"]: letter.get_payload(decode=True).decode() for letter in letters}
        assert {f"{FIRST}@example.org", f"{SECOND}@example.org"} <= set(bodies)
        assert bodies[f"{FIRST}@example.org"] == bodies[f"{SECOND}@example.org"]
        assert not any(canary in body for body in bodies.values() for canary in (FIRST, SECOND))

    def test_the_objection_of_one_holds_for_the_joined_case_and_is_shown_to_that_one_only(
        self, app: Flask, pair: tuple[Filed, Filed]
    ) -> None:
        first, second = pair
        with app.app_context(), transaction():
            services.object_to_publication(db.session.get_one(Report, second.report_id))
        words = "You asked us not to publish the result."
        assert words in everything_of(app, second)
        assert words not in everything_of(app, first)
