"""Joining, taking apart, splitting: where things are afterwards, and that nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases import services
from mystery_shopper.cases.cli import folded_state
from mystery_shopper.cases.models import Case, FactSource, FlagDecision
from mystery_shopper.cases.queries import (
    find_flag,
    find_join,
    list_events,
    list_facts,
    list_flags,
    list_joins,
    list_messages,
    list_reports,
)
from mystery_shopper.cases.search import matching_serials
from mystery_shopper.cases.services import NewFact
from mystery_shopper.cases.states import CaseState, waiting_for
from mystery_shopper.cases.timeline import read_timeline
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.similarity.queries import differences
from mystery_shopper.triage.queries import fact_values
from mystery_shopper.triage.services import decide_flag
from tests.factories.publications import add_authority
from tests.factories.reports import POUNDS, Filed, add_report, facts_of
from tests.factories.staff import Member
from tests.similarity.conftest import add_people, staff_of
from tests.similarity.joined import (
    FIRST,
    FIRST_FACTS,
    SECOND,
    SECOND_FACTS,
    TO_ACCEPTED,
    advance,
    case_of,
    file_with_canary,
    join,
)

pytestmark = pytest.mark.usefixtures("app_context")


Scene = tuple[Filed, Filed, Member]


def file_pair() -> Scene:
    with transaction():
        first = file_with_canary(FIRST, FIRST_FACTS, tender_closes_on=clock.today() + timedelta(days=40))
        second = file_with_canary(SECOND, SECOND_FACTS, tender_closes_on=clock.today() + timedelta(days=9))
    return first, second, add_people().senior


@pytest.fixture
def scene(app_context: Flask, made_once: Callable[..., Scene]) -> Scene:
    return made_once("two reports", file_pair)


@pytest.fixture
def worker(scene: Scene) -> StaffMember:
    return staff_of(scene[2])


@pytest.fixture
def pair(scene: Scene) -> tuple[Case, Case]:
    return case_of(scene[0]), case_of(scene[1])


def in_force(case: Case) -> dict[str, object]:
    return dict(fact_values(case))


def raised(case: Case) -> set[str]:
    return {flag.rule_id for flag in list_flags(case) if flag.outcome == "raised"}


def undo(joined: Case, undoer: StaffMember) -> None:
    standing = find_join(joined)
    assert standing
    db.session.flush()
    services.undo_join(
        standing,
        kept_version=standing.kept.version,
        joined_version=joined.version,
        reason="Two tenders after all",
        undoer=undoer,
        now=clock.utc_now(),
    )


def write(case: Case, body: str) -> None:
    report = list_reports(case)[-1]
    services.receive_message(case, report, body, submission_id=uuid4(), now=clock.reporter_now())


class TestJoin:
    def test_reports_messages_and_facts_come_and_open_under_the_key_of_the_case_that_goes_on(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        write(joined, "a word from the second")
        report = list_reports(joined)[0]
        join(kept, joined, worker)
        assert {one.id for one in list_reports(kept)} > {report.id}
        assert list_reports(joined) == []
        assert [message.body(kept.data_key) for message in list_messages(report)] == ["a word from the second"]
        assert in_force(kept)["min_years_accounts"] == 7
        assert list_facts(joined) == []

    def test_the_joined_case_rests_and_leads_to_the_other(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept, joined = pair
        join(kept, joined, worker)
        standing = find_join(joined)
        assert standing is not None
        assert standing.kept is kept
        assert [one.joined.reference for one in list_joins(kept)] == [joined.reference]
        assert (joined.state, joined.waiting, joined.due_on) == (CaseState.JOINED, waiting_for(CaseState.JOINED), None)
        assert joined.closed_on is None
        assert folded_state(joined) is CaseState.JOINED

    def test_what_is_in_force_stays_and_where_the_reporters_differ_is_shown(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        join(kept, joined, worker)
        assert in_force(kept)["bond_gbp"] == 5_111_111 * POUNDS
        found = {one.fact_id: one for one in differences(kept)}
        assert set(found) == {"bond_gbp", "procurement_start_date"}
        assert sorted(value for _, value in found["bond_gbp"].said) == ["£5,111,111", "£5,222,222"]
        assert found["bond_gbp"].in_force == "£5,111,111"

    def test_a_difference_is_settled_by_what_staff_state_after_the_join_and_not_by_what_they_stated_before(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        state(kept, bond_gbp=5_000_000 * POUNDS)
        join(kept, joined, worker)
        assert "bond_gbp" in {one.fact_id for one in differences(kept)}
        state(kept, bond_gbp=5_222_222 * POUNDS)
        assert "bond_gbp" not in {one.fact_id for one in differences(kept)}

    def test_the_rules_are_applied_to_all_facts(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept, joined = pair
        assert "FIN-TRADING-HISTORY" not in raised(kept)
        assert "FIN-TRADING-HISTORY" in raised(joined)
        join(kept, joined, worker)
        assert "FIN-TRADING-HISTORY" in raised(kept)
        assert list_flags(joined) == []

    def test_the_earliest_tender_counts_and_each_case_keeps_its_own(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        advance(kept, *TO_ACCEPTED)
        own = kept.tender_closes_on
        assert (kept.due_on, kept.due_kind) == (own, "tender")
        join(kept, joined, worker)
        assert (kept.due_on, kept.due_kind) == (joined.tender_closes_on, "tender")
        assert kept.tender_closes_on == own
        undo(joined, worker)
        assert kept.due_on == own

    def test_the_tender_that_closes_first_decides_how_urgent_the_case_is(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        before = kept.queue, kept.priority
        assert (joined.priority, before[1]) == ("urgent", "high")
        join(kept, joined, worker)
        assert (kept.queue, kept.priority) == ("live-tender", "urgent")
        undo(joined, worker)
        assert (kept.queue, kept.priority) == before

    def test_the_words_of_the_second_are_found_in_the_case_that_goes_on(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        join(kept, joined, worker)
        condition = matching_serials(db.session(), f"{SECOND}narrative")
        assert condition is not None
        assert db.session.scalars(select(Case).where(condition)).all() == [kept]

    def test_the_timeline_shows_the_events_of_both_and_each_keeps_its_own(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        write(joined, "before")
        join(kept, joined, worker, reason="Same notice")
        titles = [item.title for item in read_timeline(kept)]
        assert f"{joined.reference} joined to this case: Same notice" in titles
        assert f"{joined.reference}: Message received from the reporter" in titles
        assert f"Joined to {kept.reference}: Same notice" in [item.title for item in read_timeline(joined)]

    def test_a_page_that_is_old_is_refused(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept, joined = pair
        before = kept.version
        services.correct_title(kept, "Other words", reason="typing error", actor="user:1", now=clock.utc_now())
        with pytest.raises(StaleEditError):
            services.join_cases(
                kept,
                joined,
                kept_version=before,
                joined_version=joined.version,
                reason="x",
                joiner=worker,
                now=clock.utc_now(),
            )

    def test_a_join_makes_older_pages_of_the_case_that_goes_on_old(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        before = kept.version
        join(kept, joined, worker)
        with pytest.raises(StaleEditError):
            services.check_version(kept, before)


def state(case: Case, **values: object) -> None:
    facts = [
        NewFact(fact_id=fact.fact_id, value=fact.value, source=FactSource.STAFF, is_confirmed=True)
        for fact in facts_of(values)
    ]
    services.add_facts(case, facts, actor="user:1", now=clock.utc_now())


class TestRefusals:
    def test_a_case_about_which_the_authority_was_contacted_is_not_joined_to_another(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        advance(joined, *TO_ACCEPTED, CaseState.AUTHORITY_CONTACTED)
        with pytest.raises(DomainError, match="too far on"):
            join(kept, joined, worker)
        join(joined, kept, worker)
        assert kept.state is CaseState.JOINED

    def test_cases_of_two_authorities_are_not_joined(self, worker: StaffMember) -> None:
        kept = case_of(add_report(authority_id=add_authority().id))
        joined = case_of(add_report(authority_id=add_authority(name="Another Borough Council").id))
        with pytest.raises(DomainError, match="different authorities"):
            join(kept, joined, worker)

    def test_nothing_is_joined_to_a_case_with_an_outcome(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept, joined = pair
        steps = (CaseState.AUTHORITY_CONTACTED, CaseState.RESPONDED, CaseState.ASSESSMENT, CaseState.OUTCOME_RECORDED)
        advance(kept, *TO_ACCEPTED, *steps)
        with pytest.raises(DomainError, match="already has an outcome"):
            join(kept, joined, worker)

    def test_a_demonstration_stays_apart(self, worker: StaffMember) -> None:
        with pytest.raises(DomainError, match="demonstration"):
            join(case_of(add_report()), case_of(add_report(is_demonstration=True)), worker)

    def test_a_joined_case_is_not_joined_again(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept, joined = pair
        join(kept, joined, worker)
        with pytest.raises(StaleEditError):
            join(case_of(add_report()), joined, worker)


class TestUndo:
    def test_everything_is_as_it_was(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept, joined = pair
        advance(joined, CaseState.ACKNOWLEDGED, CaseState.TRIAGE)
        write(joined, "a word from the second")
        flag = find_flag(joined, "FIN-BOND")
        assert flag
        decide_flag(
            joined,
            flag,
            FlagDecision.CONFIRMED,
            reason="seen",
            version=flag.version,
            decider=worker,
            now=clock.utc_now(),
        )
        before = [(in_force(case), raised(case), case.state, case.due_on, case.regime) for case in pair]
        report = list_reports(joined)[0]
        join(kept, joined, worker)
        undo(joined, worker)
        assert [(in_force(case), raised(case), case.state, case.due_on, case.regime) for case in pair] == before
        assert list_reports(joined) == [report]
        assert [message.body(joined.data_key) for message in list_messages(report)] == ["a word from the second"]
        again = find_flag(joined, "FIN-BOND")
        assert again
        assert again.decision is FlagDecision.CONFIRMED
        assert (folded_state(joined), find_join(joined)) == (CaseState.TRIAGE, None)

    def test_what_the_reporter_did_meanwhile_goes_with_the_report(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        report = list_reports(joined)[0]
        join(kept, joined, worker)
        services.receive_message(kept, report, "later", submission_id=uuid4(), now=clock.reporter_now())
        services.add_facts(
            kept, facts_of({"bond_gbp": 1 * POUNDS}), report_id=report.id, actor="reporter", now=clock.reporter_now()
        )
        assert in_force(kept)["bond_gbp"] == 1 * POUNDS
        undo(joined, worker)
        assert in_force(joined)["bond_gbp"] == 1 * POUNDS
        assert in_force(kept)["bond_gbp"] == 5_111_111 * POUNDS
        assert [message.body(joined.data_key) for message in list_messages(report)] == ["later"]
        titles = [item.title for item in read_timeline(joined)]
        assert f"{kept.reference}: Message received from the reporter" in titles

    def test_what_staff_stated_of_the_joined_case_goes_along_and_comes_back(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        state(joined, min_years_accounts=9)
        join(kept, joined, worker)
        assert in_force(kept)["min_years_accounts"] == 9
        undo(joined, worker)
        assert in_force(joined)["min_years_accounts"] == 9
        assert "min_years_accounts" not in in_force(kept)

    def test_a_start_that_only_the_second_knew_is_forgotten(self, worker: StaffMember) -> None:
        kept, joined = case_of(add_report(facts={})), case_of(file_with_canary(SECOND, SECOND_FACTS))
        join(kept, joined, worker)
        assert kept.procurement_started_on == SECOND_FACTS["procurement_start_date"]
        undo(joined, worker)
        assert kept.procurement_started_on is None

    def test_it_can_be_joined_again_and_the_history_names_both_times(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        join(kept, joined, worker)
        undo(joined, worker)
        join(joined, kept, worker)
        assert len(list_reports(joined)) == 2
        tags = [row.tag for row in list_events(kept)]
        assert (tags.count("case:merged"), tags.count("case:unmerged")) == (2, 1)

    def test_a_join_inside_a_joined_case_waits_for_the_outer_one(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        outer = case_of(add_report())
        join(kept, joined, worker)
        join(outer, kept, worker)
        assert len(list_reports(outer)) == 3
        with pytest.raises(DomainError, match="joined itself"):
            undo(joined, worker)
        undo(kept, worker)
        undo(joined, worker)
        assert [len(list_reports(case)) for case in (outer, kept, joined)] == [1, 1, 1]


class TestSplit:
    def test_one_report_gets_a_case_at_triage_with_the_same_owner(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        first = list_reports(kept)[0]
        join(kept, joined, worker)
        services.assign(kept, get_user(worker.id), actor="system", now=clock.utc_now())
        opened = services.split_report(
            kept, first, version=kept.version, reason="another lot", actor=worker.actor, now=clock.utc_now()
        )
        assert list_reports(opened) == [first]
        assert (opened.state, opened.owner_id) == (CaseState.TRIAGE, worker.id)
        assert opened.title == f"Meals {FIRST}title"
        assert in_force(opened)["bond_gbp"] == 5_111_111 * POUNDS
        assert in_force(kept)["bond_gbp"] == 5_222_222 * POUNDS
        assert "FIN-BOND" in raised(opened)
        assert folded_state(opened) is CaseState.TRIAGE

    def test_the_only_report_stays(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept = pair[0]
        with pytest.raises(DomainError, match="only report"):
            services.split_report(
                kept, list_reports(kept)[0], version=kept.version, reason="x", actor="user:1", now=clock.utc_now()
            )

    def test_a_join_whose_report_was_taken_out_cannot_be_undone(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        second = list_reports(joined)[0]
        join(kept, joined, worker)
        services.split_report(
            kept, second, version=kept.version, reason="another lot", actor=worker.actor, now=clock.utc_now()
        )
        with pytest.raises(DomainError, match="no longer in"):
            undo(joined, worker)


class TestWithdrawing:
    def test_one_reporter_of_two_takes_the_report_back_and_the_other_case_goes_on(
        self, pair: tuple[Case, Case], worker: StaffMember
    ) -> None:
        kept, joined = pair
        advance(kept, *TO_ACCEPTED)
        first, second = list_reports(kept)[0], list_reports(joined)[0]
        join(kept, joined, worker)
        services.withdraw(first, now=clock.reporter_now())
        assert (kept.state, list_reports(kept)) == (CaseState.ACCEPTED, [second])
        assert first.case_id != kept.id
        assert services.withdraw(first, now=clock.reporter_now()) is None
        assert first.withdrawn_on == clock.today()

    def test_staff_cannot_withdraw_a_case_of_two_reporters(self, pair: tuple[Case, Case], worker: StaffMember) -> None:
        kept, joined = pair
        join(kept, joined, worker)
        with pytest.raises(DomainError, match="other reports stand"):
            services.move(kept, CaseState.WITHDRAWN, actor="user:1", now=clock.utc_now())
