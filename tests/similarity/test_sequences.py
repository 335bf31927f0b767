"""Whatever people do one after the other: every report in one case, no event lost, messages as they were written."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID, uuid4

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases import services
from mystery_shopper.cases.cli import folded_state
from mystery_shopper.cases.models import Case, CaseEventRecord, CaseFact, CaseJoin, FactSource, Report, ReportStay
from mystery_shopper.cases.queries import get_case_of, list_facts, list_joins, list_messages, list_reports, lock_cases
from mystery_shopper.cases.states import CaseState
from mystery_shopper.cases.walls import events_known_to, facts_said_by, is_for, shares_case
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.similarity.models import RelationKind
from mystery_shopper.similarity.queries import find_relation
from mystery_shopper.similarity.services import relate, undo_relation
from tests.factories.reports import POUNDS, Filed, add_report
from tests.factories.staff import Member
from tests.similarity.conftest import add_people, staff_of
from tests.similarity.joined import case_of, join

REPORTS = 3
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("join", "join", "join", "undo", "split", "write", "say", "link", "unlink", "withdraw")),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=14,
)


class World:
    """Some reports and their cases, and what each reporter has written."""

    def __init__(self, worker: StaffMember, reports: list[UUID]) -> None:
        self.worker = worker
        self.reports = reports
        self.written: dict[UUID, list[str]] = {report_id: [] for report_id in self.reports}
        self.said = {one: facts_said_by(db.session.get_one(Report, one)) for one in self.reports}
        self.events = self.event_rows()

    def cases(self) -> list[Case]:
        return list(db.session.scalars(select(Case).order_by(Case.serial)))

    def case(self, at: int) -> Case:
        cases = self.cases()
        return cases[at % len(cases)]

    def report(self, at: int) -> Report:
        return db.session.get_one(Report, self.reports[at % REPORTS])

    def event_rows(self) -> set[tuple[int, UUID, bytes]]:
        rows = db.session.scalars(select(CaseEventRecord))
        return {(row.sequence, row.case_id, row.payload_sealed) for row in rows}

    def do(self, step: str, one: int, other: int) -> None:
        try:
            getattr(self, f"do_{step}")(one, other)
        except DomainError:
            db.session.rollback()
        else:
            db.session.commit()

    def do_join(self, one: int, other: int) -> None:
        join(self.case(one), self.case(other), self.worker)

    def do_undo(self, one: int, _other: int) -> None:
        standing = [join for case in self.cases() for join in list_joins(case)]
        if standing:
            chosen = standing[one % len(standing)]
            versions = {"kept_version": chosen.kept.version, "joined_version": chosen.joined.version}
            services.undo_join(chosen, **versions, reason="no", undoer=self.worker, now=clock.utc_now())

    def do_split(self, one: int, _other: int) -> None:
        together = [self.report(at) for at in range(REPORTS) if shares_case(self.report(at))]
        report = together[one % len(together)] if together else self.report(one)
        case = get_case_of(report)
        services.split_report(
            case, report, version=case.version, reason="lot", actor=self.worker.actor, now=clock.utc_now()
        )

    def do_write(self, one: int, _other: int) -> None:
        report, words = self.report(one), f"word {uuid4()}"
        services.receive_message(get_case_of(report), report, words, submission_id=uuid4(), now=clock.reporter_now())
        self.written[report.id].append(words)

    def do_say(self, one: int, other: int) -> None:
        report = self.report(one)
        new = services.NewFact(fact_id="min_years_accounts", value=other, source=FactSource.TYPED, is_confirmed=True)
        services.add_facts(get_case_of(report), [new], report_id=report.id, actor="reporter", now=clock.utc_now())
        self.said[report.id]["min_years_accounts"] = other

    def do_link(self, one: int, other: int) -> None:
        case = self.case(one)
        relate(
            case,
            self.case(other),
            RelationKind.LINKED,
            reason="x",
            version=case.version,
            maker=self.worker,
            now=clock.utc_now(),
        )

    def do_unlink(self, one: int, other: int) -> None:
        relation = find_relation(self.case(one), self.case(other), RelationKind.LINKED)
        if relation is not None:
            undo_relation(relation, reason="x", undoer=self.worker, now=clock.utc_now())

    def do_withdraw(self, one: int, _other: int) -> None:
        services.withdraw(self.report(one), now=clock.reporter_now())

    def check(self) -> None:
        listed = [report.id for case in self.cases() for report in list_reports(case)]
        assert sorted(listed) == sorted(self.reports)
        assert self.events <= self.event_rows()
        self.events = self.event_rows()
        for at in range(REPORTS):
            self.check_report(self.report(at))
        for case in self.cases():
            check_case(case)

    def check_report(self, report: Report) -> None:
        case = get_case_of(report)
        messages = list_messages(report)
        assert {message.body(case.data_key) for message in messages} == set(self.written[report.id])
        assert {message.case_id for message in messages} <= {case.id}
        assert facts_said_by(report) == self.said[report.id]
        assert case.state is not CaseState.JOINED
        known = [one.row.to_event(one.case.data_key) for one in events_known_to(report)]
        assert [event.tag for event in known].count("report:filed") == 1
        received = [event for event in known if event.tag == "message:received" and is_for(report, event)]
        assert len(received) == len(self.written[report.id])
        stays = db.session.scalars(select(ReportStay).where(ReportStay.report_id == report.id)).all()
        assert [stay.case_id for stay in stays if stay.until_sequence is None] in ([case.id], [])


def check_case(case: Case) -> None:
    """What holds of every case: its state is what its events say, and one statement of each fact is in force."""
    assert folded_state(case) is case.state
    assert (case.state is CaseState.JOINED) <= (not list_reports(case))
    in_force = [row.fact_id for row in list_facts(case)]
    assert len(in_force) == len(set(in_force))
    stated = db.session.scalars(select(CaseFact.fact_id).where(CaseFact.case_id == case.id))
    assert set(stated) == set(in_force)
    assert all(row.value_json(case.data_key) is not None for row in list_facts(case))


def file_three() -> tuple[list[UUID], Member]:
    with transaction():
        filed = [add_report(facts={"bond_gbp": (number + 1) * 1000 * POUNDS}) for number in range(REPORTS)]
    return [one.report_id for one in filed], add_people().senior


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_sequence_keeps_every_report_in_one_case_and_loses_nothing(
    app_context: Flask, made_once: Callable[..., tuple[list[UUID], Member]], steps: list[tuple[str, int, int]]
) -> None:
    db.session.remove()
    reports, senior = made_once("three reports", file_three)
    world = World(staff_of(senior), reports)
    for step, one, other in steps:
        world.do(step, one, other)
        world.check()
    db.session.rollback()


def test_of_two_who_join_the_same_pair_at_once_one_wins_and_one_is_told(
    app: Flask, make_user: Callable[..., Member], file_report: Callable[..., Filed]
) -> None:
    first, second = file_report(), file_report()
    with app.app_context():
        worker = get_user(make_user("senior-caseworker").id).to_staff_member()
        versions = case_of(first).version, case_of(second).version
    barrier, ended = Barrier(2), []

    def join_at_once(kept: Filed, joined: Filed) -> None:
        with app.app_context():
            try:
                barrier.wait()
                with transaction():
                    lock_cases([kept.case_reference, joined.case_reference], worker)
                    services.join_cases(
                        case_of(kept),
                        case_of(joined),
                        kept_version=versions[0],
                        joined_version=versions[1],
                        reason="x",
                        joiner=worker,
                        now=clock.utc_now(),
                    )
                ended.append("joined")
            except Exception as error:
                ended.append(type(error).__name__)

    # One of them the other way round: each holds the page of another case.
    threads = [Thread(target=join_at_once, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["StaleEditError", "joined"]
    with app.app_context():
        assert sorted(len(list_reports(case_of(filed))) for filed in (first, second)) == [0, 2]
        assert len(db.session.scalars(select(CaseJoin)).all()) == 1
