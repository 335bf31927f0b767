"""What can be done with a suggestion: each step, what it refuses, what stays on record."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.authorities.services import add_demonstration_authorities
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.core import clock, receipts
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError, StaleEditError
from mystery_shopper.core.vault import DataKey, seal
from mystery_shopper.notifications.models import Letter, OutboxMessage
from mystery_shopper.notifications.worker import daily_round
from mystery_shopper.suggestions import queries, services
from mystery_shopper.suggestions.journey import Answers
from mystery_shopper.suggestions.models import Suggestion, SuggestionDraft, SuggestionEventRecord
from mystery_shopper.suggestions.policy import Helped, SaidAndDone
from mystery_shopper.suggestions.services.drafts import IncompleteSuggestionError
from mystery_shopper.suggestions.states import SuggestionState, TextState
from tests.architecture.world import as_staff
from tests.factories.staff import Member, add_member
from tests.factories.suggestions import (
    NO_HOLIDAYS,
    POLICY,
    TEXT,
    answer,
    pass_on,
    suggestion_in,
    text_in,
)
from tests.support.standing import Standing

pytestmark = pytest.mark.usefixtures("app_context")
S = SuggestionState
Staff = tuple[StaffMember, StaffMember]
BODY = {
    "name": "Barchester City Council",
    "type": "local-authority",
    "subtype": "unitary",
    "nation": "england",
    "class": "sub-central",
}
COMPLETE = {
    "forced_by": "insurer",
    "body": "unknown",
    "family": "insurance",
    "rule": "INS-LEVEL",
    "requirement": "Cover of £10m",
    "would_rather": "£1m",
    "value_pence": "5000000",
    "tenders": "3",
}


def add_two(app: Flask) -> Staff:
    with app.app_context():
        writer, approver = add_member(Role.POLICY_OWNER), add_member(Role.PUBLISHER)
        return as_staff(writer, Role.POLICY_OWNER), as_staff(approver, Role.PUBLISHER)


@pytest.fixture
def staff(app_context: Flask, standing: Standing) -> Staff:
    """Somebody who writes, and somebody else who approves."""
    return standing.get(app_context, "staff of suggestions", add_two)


def _state(suggestion: Suggestion) -> SuggestionState:
    db.session.expire(suggestion)
    return suggestion.state


def _tags(suggestion: Suggestion) -> list[str]:
    rows = db.session.query(SuggestionEventRecord).filter_by(suggestion_id=suggestion.id)
    return [row.tag.partition(":")[2] for row in rows.order_by(SuggestionEventRecord.sequence)]


def _do(name: str, suggestion: Suggestion, staff: Staff) -> None:
    """Take a step by its name, as staff would."""
    version, now = suggestion.version, clock.utc_now()
    steps: dict[str, Callable[[], object]] = {
        "route": lambda: pass_on(suggestion),
        "answer": lambda: answer(suggestion),
        "close": lambda: services.close(suggestion, "No rule", version=version, actor=POLICY, now=now),
        "reopen": lambda: services.reopen(suggestion, "A rule", version=version, actor=POLICY, now=now),
        "publish": lambda: text_in(TextState.PUBLISHED, suggestion, staff=staff),
    }
    steps[name]()


OPEN_STEPS = {
    S.RECEIVED: {"route": S.ROUTED, "answer": S.ANSWERED, "close": S.CLOSED},
    S.ROUTED: {"route": S.ROUTED, "answer": S.ANSWERED, "close": S.CLOSED},
    S.ANSWERED: {"route": S.ROUTED, "answer": S.ANSWERED, "close": S.CLOSED, "publish": S.PUBLISHED},
    S.PUBLISHED: {"answer": S.PUBLISHED},
    S.CLOSED: {"reopen": S.RECEIVED},
    S.WITHDRAWN: {},
}


@pytest.mark.parametrize("state", SuggestionState)
@pytest.mark.parametrize("name", ["route", "answer", "close", "reopen", "publish"])
def test_every_step_from_every_state_leads_where_the_table_says_or_is_refused(
    state: SuggestionState, name: str, staff: Staff
):
    suggestion = suggestion_in(state, staff=staff)
    before = _tags(suggestion)
    expected = OPEN_STEPS[state].get(name)
    if expected is None:
        with pytest.raises(DomainError):
            _do(name, suggestion, staff)
        assert _state(suggestion) is state
        assert _tags(suggestion) == before
    else:
        _do(name, suggestion, staff)
        assert _state(suggestion) is expected
        assert len(_tags(suggestion)) > len(before)


class TestPassingOn:
    def test_the_clock_of_the_body_starts(self):
        suggestion = suggestion_in(S.RECEIVED)
        pass_on(suggestion)
        assert suggestion.answer_due_on is not None
        assert suggestion.answer_due_on >= clock.today() + timedelta(days=26)
        assert not suggestion.is_overdue(suggestion.answer_due_on)
        assert suggestion.is_overdue(suggestion.answer_due_on + timedelta(days=1))

    def test_nothing_is_passed_on_to_the_own_authority(self):
        suggestion = suggestion_in(S.RECEIVED)
        new = services.NewRoute(body_id="own-authority", text="Why a bond?")
        with pytest.raises(DomainError, match="other than the commissioner's own") as refused:
            services.route(suggestion, new, version=1, actor=POLICY, now=clock.utc_now(), holidays=NO_HOLIDAYS)
        assert refused.value.field == "body"

    @pytest.mark.parametrize(
        "named", ["Barchester City Council", "barchester  city COUNCIL", "Barchestr City Council", "City of Barchester"]
    )
    def test_nor_by_its_name_in_free_text(self, named: str):
        suggestion = suggestion_in(S.RECEIVED, authority="Barchester City Council")
        new = services.NewRoute(body_id="other", other=named, text="Why a bond?")
        with pytest.raises(DisclosureError):
            services.route(suggestion, new, version=1, actor=POLICY, now=clock.utc_now(), holidays=NO_HOLIDAYS)
        assert _state(suggestion) is S.RECEIVED

    @pytest.mark.parametrize(
        ("word", "details"),
        [
            ("Barchester", {"authority": "Barchester City Council"}),
            ("BARCHESTER-City", {"authority": "Barchester City Council"}),
            ("Plumstead Episcopi", {"giveaways": "Plumstead Episcopi, Hiram's Hospital"}),
            ("hirams hospital", {"giveaways": "Plumstead Episcopi, Hiram's Hospital"}),
            ("s.harding@barchester-cc.example", {"requirement": "Ask s.harding@barchester-cc.example about it"}),
            ("01632 960 123", {"requirement": "Ring me on 01632 960123"}),
        ],
    )
    def test_words_that_point_to_the_commissioner_do_not_go_out(self, word: str, details: dict[str, str]):
        suggestion = suggestion_in(S.RECEIVED, **details)
        with pytest.raises(DisclosureError) as refused:
            pass_on(suggestion, text=f"A buyer ({word}) has to ask too much.")
        assert "text" in refused.value.hits
        assert _tags(suggestion) == ["filed"]

    def test_nor_by_another_name_the_register_has_for_the_authority(self):
        row = {**BODY, "aliases": "Mother Hubbard's Town Hall"}
        add_demonstration_authorities([row], actor="system", now=clock.utc_now())
        suggestion = suggestion_in(S.RECEIVED, authority="Barchester City Council")
        with pytest.raises(DisclosureError):
            pass_on(suggestion, text="Mother Hubbard's Town Hall has to ask for it.")

    def test_words_of_imposing_bodies_are_not_taken_for_the_authority(self):
        suggestion = suggestion_in(S.RECEIVED, authority="Ministry of Examples")
        pass_on(suggestion, text="Does the policy of the ministry ask for this?")
        assert _state(suggestion) is S.ROUTED

    def test_a_reminder_passes_the_same_gate_and_sets_the_clock(self):
        suggestion = suggestion_in(S.ROUTED, giveaways="Plumstead Episcopi")
        today = clock.today()
        details = {"actor": POLICY, "now": clock.utc_now()}
        with pytest.raises(DisclosureError):
            services.remind(suggestion, "As in Plumstead Episcopi", today, version=suggestion.version, **details)
        with pytest.raises(DomainError, match="today or later"):
            services.remind(suggestion, "Please", today - timedelta(days=2), version=suggestion.version, **details)
        services.remind(suggestion, "Please", today + timedelta(days=3), version=suggestion.version, **details)
        assert suggestion.answer_due_on == today + timedelta(days=3)
        assert _tags(suggestion)[-1] == "reminded"

    def test_nobody_is_reminded_when_nothing_is_owed(self):
        suggestion = suggestion_in(S.ANSWERED)
        with pytest.raises(StaleEditError):
            services.remind(
                suggestion, "Please", clock.today(), version=suggestion.version, actor=POLICY, now=clock.utc_now()
            )

    def test_overdue_ones_are_counted_and_listed(self):
        late, early = suggestion_in(S.RECEIVED), suggestion_in(S.RECEIVED)
        pass_on(late, due_on=clock.today())
        pass_on(early)
        tomorrow = clock.today() + timedelta(days=1)
        assert queries.count_overdue(clock.today()) == 0
        assert queries.count_overdue(tomorrow) == 1
        found = queries.list_suggestions(queries.SuggestionFilter(overdue_on=tomorrow), None).items
        assert [one.reference for one in found] == [late.reference]

    def test_a_note_from_before_bodies_were_named_can_still_be_read(self):
        suggestion = suggestion_in(S.ROUTED)
        suggestion.route_sealed = seal(suggestion.data_key, "To the insurers", f"suggestions.route:{suggestion.id}")
        db.session.flush()
        assert suggestion.route is not None
        assert suggestion.route.text == "To the insurers"


class TestAnswering:
    def test_a_stale_page_changes_nothing(self):
        suggestion = suggestion_in(S.RECEIVED)
        old = suggestion.version
        answer(suggestion, "First")
        new = services.NewAnswer(result=suggestion.result, text="Second")  # type: ignore[arg-type]
        with pytest.raises(StaleEditError):
            services.answer(suggestion, new, version=old, actor=POLICY, now=clock.utc_now())
        assert suggestion.answer == "First"

    def test_a_reply_waits_until_somebody_read_it(self):
        suggestion = suggestion_in(S.ANSWERED)
        services.reply(suggestion, "It did not change", Helped.NO, now=clock.reporter_now())
        assert queries.count_waiting() == 1
        assert suggestion.helped is Helped.NO
        services.mark_reply_read(suggestion, version=suggestion.version, actor=POLICY, now=clock.utc_now())
        assert queries.count_waiting() == 0
        assert _tags(suggestion)[-2:] == ["replied", "reply-read"]

    def test_a_reply_says_something_and_holds_no_code(self):
        suggestion = suggestion_in(S.ANSWERED)
        with pytest.raises(DomainError, match="Enter what you want"):
            services.reply(suggestion, "", None, now=clock.reporter_now())

    def test_reopening_keeps_why_it_was_closed(self):
        suggestion = suggestion_in(S.CLOSED)
        services.reopen(suggestion, "New facts", version=suggestion.version, actor=POLICY, now=clock.utc_now())
        details = {line.sentence: line.detail for line in queries.timeline_of(suggestion)}
        assert details["Closed without action"] == "No rule"
        assert details["Reopened"] == "New facts"

    def test_a_rule_belongs_to_the_kind_of_barrier(self):
        suggestion = suggestion_in(S.RECEIVED)
        details = {"body_id": "", "version": 1, "actor": POLICY, "now": clock.utc_now()}
        with pytest.raises(DomainError, match="rule of this kind"):
            services.class_suggestion(suggestion, family="turnover", rule_id="INS-LEVEL", **details)
        services.class_suggestion(suggestion, family="turnover", rule_id="FIN-TURNOVER-2X", **details)
        assert queries.count_about_rule("FIN-TURNOVER-2X") == 1


class TestEvents:
    def test_they_cannot_be_changed_and_are_sealed(self):
        suggestion = suggestion_in(S.RECEIVED)
        pass_on(suggestion, text="Zanzibar asks why")
        row = db.session.query(SuggestionEventRecord).filter_by(suggestion_id=suggestion.id).all()[-1]
        assert b"Zanzibar" not in row.payload_sealed
        row.actor = "somebody else"
        with pytest.raises(RuntimeError, match="cannot be changed"):
            db.session.flush()
        db.session.rollback()


class TestPublishing:
    def test_a_second_person_publishes(self, staff: Staff):
        writer, approver = staff
        suggestion = suggestion_in(S.ANSWERED)
        row = text_in(TextState.AWAITING_APPROVAL, suggestion, staff=staff)
        with pytest.raises(PermissionDeniedError):
            services.approve(row, version=row.version, approver=writer, now=clock.utc_now())
        item = services.approve(row, version=row.version, approver=approver, now=clock.utc_now())
        assert item.title == TEXT.title
        assert item.body_name == "The insurer or its broker"
        assert _state(suggestion) is S.PUBLISHED

    def test_everybody_who_wrote_any_of_it_is_not_a_second_person(self, staff: Staff):
        _writer, other = staff
        suggestion = suggestion_in(S.ANSWERED)
        row = text_in(TextState.DRAFT, suggestion, staff=staff)
        services.save_text(suggestion, TEXT, version=row.version, author=other, now=clock.utc_now())
        services.submit_text(row, author=other, now=clock.utc_now())
        for person in staff:
            with pytest.raises(PermissionDeniedError):
                services.approve(row, version=row.version, approver=person, now=clock.utc_now())

    @pytest.mark.parametrize("field", ["title", "said", "done"])
    def test_a_text_that_tells_who_it_was_is_stopped(self, field: str, staff: Staff):
        suggestion = suggestion_in(S.ANSWERED, authority="Barchester City Council")
        words = {**TEXT.public, field: "Barchester again"}
        row = services.save_text(suggestion, SaidAndDone(**words), version=0, author=staff[0], now=clock.utc_now())
        with pytest.raises(DisclosureError) as refused:
            services.submit_text(row, author=staff[0], now=clock.utc_now())
        assert set(refused.value.hits) == {field}
        assert row.state is TextState.DRAFT

    @pytest.mark.parametrize("field", ["title", "said", "done"])
    def test_a_text_that_is_not_complete_is_stopped(self, field: str, staff: Staff):
        suggestion = suggestion_in(S.ANSWERED)
        words = SaidAndDone(**{**TEXT.public, field: ""})
        row = services.save_text(suggestion, words, version=0, author=staff[0], now=clock.utc_now())
        with pytest.raises(DomainError) as refused:
            services.submit_text(row, author=staff[0], now=clock.utc_now())
        assert refused.value.field == field

    def test_nothing_is_written_before_an_answer(self, staff: Staff):
        with pytest.raises(DomainError, match="Answer the suggestion"):
            services.save_text(suggestion_in(S.ROUTED), TEXT, version=0, author=staff[0], now=clock.utc_now())

    def test_what_was_sent_back_says_why(self, staff: Staff):
        row = text_in(TextState.AWAITING_APPROVAL, suggestion_in(S.ANSWERED), staff=staff)
        services.send_back(row, "Shorter", version=row.version, actor=staff[1].actor, now=clock.utc_now())
        assert row.content.note == "Shorter"
        assert row.state is TextState.DRAFT

    def test_a_correction_leaves_the_old_words_until_it_is_approved(self, staff: Staff):
        writer, approver = staff
        suggestion = suggestion_in(S.PUBLISHED, staff=staff)
        row = queries.find_text(suggestion)
        assert row is not None
        now = clock.utc_now()
        services.correct_text(row, version=row.version, actor=writer.actor, now=now)
        new = SaidAndDone(title="Corrected", said="x", done="y")
        services.save_text(suggestion, new, version=row.version, author=writer, now=now)
        item = queries.find_item_of(suggestion)
        assert item is not None
        assert item.title == TEXT.title
        services.submit_text(row, author=writer, now=now)
        services.approve(row, version=row.version, approver=approver, now=now)
        assert item.title == "Corrected"
        assert item.corrected_period is not None

    def test_what_is_withdrawn_loses_its_words_and_can_be_written_again(self, staff: Staff):
        suggestion = suggestion_in(S.ANSWERED)
        row = text_in(TextState.WITHDRAWN, suggestion, staff=staff)
        item = queries.find_item_of(suggestion)
        assert item is not None
        assert (item.title, item.said_text, item.done_text, item.search_text, item.body_name) == ("",) * 5
        assert _state(suggestion) is S.ANSWERED
        services.save_text(suggestion, TEXT, version=row.version, author=staff[0], now=clock.utc_now())
        assert row.state is TextState.DRAFT

    def test_the_database_refuses_a_text_published_by_its_author(self, staff: Staff):
        row = text_in(TextState.PUBLISHED, suggestion_in(S.ANSWERED), staff=staff)
        row.approver_id = row.author_id
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


class TestDrafts:
    def test_what_was_saved_is_sealed_and_sent_once(self):
        now = clock.reporter_now()
        draft = services.start_draft(now=now)
        draft = services.save_answers(draft, Answers(COMPLETE), now=now)
        assert b"10m" not in (draft.row.content_sealed or b"")
        first = services.submit_draft(draft.row.id, now=now)
        again = services.submit_draft(draft.row.id, now=now)
        assert first.id == again.id
        assert draft.row.content_sealed is None
        assert (first.value_pence, first.tenders, first.rule_id, first.body_id) == (5_000_000, 3, "INS-LEVEL", "")
        assert receipts.digest(draft.code) == first.receipt_mac

    def test_an_incomplete_one_is_not_sent(self):
        draft = services.start_draft(now=clock.reporter_now())
        with pytest.raises(IncompleteSuggestionError):
            services.submit_draft(draft.row.id, now=clock.reporter_now())
        with pytest.raises(NotFoundError):
            services.submit_draft(uuid4(), now=clock.reporter_now())

    def test_one_nobody_came_back_to_is_erased_with_its_key(self):
        now = clock.reporter_now()
        draft = services.start_draft(now=now)
        key_id, last = draft.row.data_key_id, draft.row.expires_on
        assert services.erase_expired_drafts(last, now=now) == 0
        assert services.erase_expired_drafts(last + timedelta(days=1), now=now) == 1
        assert services.erase_expired_drafts(last + timedelta(days=1), now=now) == 0
        assert db.session.query(SuggestionDraft).count() == 0
        key = db.session.get(DataKey, key_id)
        assert key is not None
        assert key.wrapped == b""


class TestThemes:
    def test_count_value_and_what_has_no_value(self):
        for value, tenders in ((100_00, 10), (200_00, 1), (None, 5), (500_00, None)):
            suggestion_in(S.RECEIVED, value_pence=value, tenders=tenders)
        suggestion_in(S.RECEIVED, family="turnover", rule_id=None, value_pence=1_000_000_000_00, tenders=1000)
        by_count = queries.themes_of(queries.ThemeKind.FAMILY, since=None, until=None, by_value=False)
        assert [(one.key, one.count) for one in by_count] == [("insurance", 4), ("turnover", 1)]
        assert by_count[0].blocked_pence == 100_00 * 10 + 200_00
        assert (by_count[0].with_value, by_count[0].without_value) == (2, 2)
        by_value = queries.themes_of(queries.ThemeKind.FAMILY, since=None, until=None, by_value=True)
        assert by_value[0].key == "turnover"
        assert by_value[0].blocked_pence == 100_000_000_000_000

    @pytest.mark.parametrize("kind", queries.ThemeKind)
    def test_the_period_counts_both_ends(self, kind: queries.ThemeKind):
        suggestion = suggestion_in(S.RECEIVED)
        day = suggestion.received_on
        assert sum(one.count for one in queries.themes_of(kind, since=day, until=day, by_value=False)) == 1
        assert queries.themes_of(kind, since=day + timedelta(days=1), until=None, by_value=False) == []
        assert queries.themes_of(kind, since=None, until=date(2000, 1, 1), by_value=False) == []


def test_the_worker_erases_expired_drafts(app: Flask):
    with transaction():
        services.start_draft(now=clock.reporter_now())
    daily_round(clock.today() + timedelta(days=29))
    assert db.session.query(SuggestionDraft).count() == 0


def test_policy_owners_are_told_once_that_an_answer_is_overdue_and_of_every_reply(make_user: Callable[..., Member]):
    member = make_user(Role.POLICY_OWNER)
    make_user(Role.CASEWORKER)
    suggestion = suggestion_in(S.ROUTED)
    assert suggestion.answer_due_on is not None
    late = suggestion.answer_due_on + timedelta(days=1)
    now = clock.utc_now()
    assert services.note_overdue(suggestion.answer_due_on, now=now) == 0
    assert services.note_overdue(late, now=now) == 1
    assert services.note_overdue(late, now=now) == 0
    assert _tags(suggestion)[-1] == "overdue"
    services.remind(suggestion, "Please", late, version=suggestion.version, actor=POLICY, now=now)
    assert services.note_overdue(late + timedelta(days=1), now=now) == 1
    services.reply(suggestion, "Any news?", None, now=clock.reporter_now())
    letters = [(row.letter, row.user_id) for row in db.session.query(OutboxMessage)]
    assert set(letters) == {(Letter.ANSWER_OVERDUE, member.id), (Letter.COMMISSIONER_WROTE, member.id)}
    assert len(letters) == 2
