"""What happens to a case: each step with its event, its audit entry and its clock; what is refused changes nothing."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases import queries, search, services
from mystery_shopper.cases.cli import folded_state
from mystery_shopper.cases.models import (
    Case,
    CaseEventRecord,
    CaseFact,
    FactSource,
    Flag,
    IdentityChoice,
    Report,
    ReporterIdentity,
)
from mystery_shopper.cases.policy import DueKind
from mystery_shopper.cases.search import highlight_words, matching_serials
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import UnsealError
from mystery_shopper.core.db import db, new_id, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError, TransitionNotAllowedError
from mystery_shopper.core.vault import Clearance, erase
from tests.factories.reports import Filed, add_report

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def case_of(filed: Filed) -> Case:
    return db.session.get(Case, filed.case_id)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


class TestFiling:
    def test_a_report_opens_a_case_with_flags_route_events_and_audit(self, app_context: Flask, file_report) -> None:
        filed = file_report()
        case = case_of(filed)
        raised = {flag.rule_id for flag in queries.list_flags(case) if flag.outcome == "raised"}
        tags = [row.tag for row in queries.list_events(case)]
        assert {"FIN-BOND", "FIN-TRADING-HISTORY"} <= raised
        assert {"report:filed", "flags:evaluated", "case:routed"} <= set(tags)
        assert case.regime == "PA23"
        assert case.target_on is not None
        audited = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == str(case.id))).all()
        assert set(tags) <= set(audited)

    def test_the_same_submission_twice_is_one_report(self, app_context: Flask, file_report) -> None:
        submission_id = new_id()
        first = file_report(submission_id=submission_id)
        second = file_report(submission_id=submission_id)
        assert (first.report_id, first.case_reference) == (second.report_id, second.case_reference)
        assert count(Report) == count(Case) == 1

    def test_what_a_handler_refuses_leaves_nothing(self, app_context: Flask, monkeypatch) -> None:
        from mystery_shopper.triage import services as triage

        def broken(*_args: object, **_kwargs: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(triage, "triage_case", broken)
        monkeypatch.setattr("mystery_shopper.triage.handlers.services.triage_case", broken, raising=False)

        def file() -> None:
            with transaction():
                add_report()

        with pytest.raises(ZeroDivisionError):
            file()
        assert count(Report) == count(Case) == count(CaseEventRecord) == count(AuditEntry) == 0

    def test_an_anonymous_report_has_no_identity_record(self, app_context: Flask, file_report) -> None:
        file_report(identity_choice=IdentityChoice.ANONYMOUS)
        assert count(ReporterIdentity) == 0

    def test_references_count_up_for_staff_and_say_nothing_to_the_public(self, app_context: Flask, file_report) -> None:
        with clock.frozen(NOW):
            filed = [file_report() for _ in range(3)]
        assert [item.case_reference for item in filed] == ["MS-2026-00001", "MS-2026-00002", "MS-2026-00003"]
        assert len({item.public_reference for item in filed}) == 3

    def test_a_reporter_s_act_is_stored_without_its_hour(self, app_context: Flask, file_report) -> None:
        with clock.frozen(NOW):
            filed = file_report()
        rows = queries.list_events(case_of(filed))
        assert {row.happened_at.time() for row in rows} == {datetime.min.time()}
        assert {row.happened_at.date() for row in rows} == {date(2026, 3, 2)}

    def test_no_word_of_a_report_lies_open_in_the_database(self, app_context: Flask, file_report) -> None:
        filed = file_report(narrative="zanzibar plinth", procurement_title="ocelot", requirement="wombat")
        dump = []
        for table in db.metadata.sorted_tables:
            dump += [str(row) for row in db.session.execute(select(table)).all()]
        dump += [str(row) for row in db.session.execute(text("SELECT * FROM case_search")).all()]
        everything = "\n".join(dump).casefold()
        for word in ("zanzibar", "ocelot", "wombat", "quillfeather", "pargeter", filed.receipt_code.casefold()):
            assert word not in everything

    def test_a_record_whose_key_is_erased_cannot_be_read(self, app_context: Flask, file_report) -> None:
        filed = file_report()
        with transaction():
            report = db.session.get(Report, filed.report_id)
            erase(report.data_key, Clearance("a test"), clock.utc_now())
        with pytest.raises(UnsealError, match="erased"):
            _ = db.session.get(Report, filed.report_id).content


class TestMoving:
    def test_a_step_sets_state_clock_and_whose_move_it_is(self, app_context: Flask, file_report) -> None:
        filed = file_report()
        with transaction():
            services.move(case_of(filed), CaseState.ACKNOWLEDGED, actor="user:1", now=NOW)
            services.move(case_of(filed), CaseState.TRIAGE, actor="user:1", now=NOW)
        case = case_of(filed)
        assert (case.state, case.waiting, case.step_due_on) == ("triage", "us", date(2026, 3, 9))
        assert folded_state(case) is CaseState.TRIAGE

    @pytest.mark.parametrize("state", [CaseState.PUBLISHED, CaseState.CLOSED, CaseState.OUTCOME_RECORDED])
    def test_a_skipped_step_is_refused_and_changes_nothing(
        self, app_context: Flask, file_report, state: CaseState
    ) -> None:
        filed = file_report()
        events = count(CaseEventRecord)

        def skip() -> None:
            with transaction():
                services.move(case_of(filed), state, actor="user:1", now=NOW)

        with pytest.raises(TransitionNotAllowedError, match=filed.case_reference):
            skip()
        assert case_of(filed).state is CaseState.RECEIVED
        assert count(CaseEventRecord) == events

    def test_a_closed_case_has_its_day_and_loses_it_when_opened_again(self, app_context: Flask, file_report) -> None:
        filed = file_report()
        path = ["acknowledged", "triage", "out-of-scope", "closed"]
        with transaction():
            for state in path:
                services.move(case_of(filed), CaseState(state), actor="user:1", now=NOW)
        assert case_of(filed).closed_on == date(2026, 3, 2)
        with transaction():
            services.move(case_of(filed), CaseState.REOPENED, actor="user:1", now=NOW, reason="new facts")
        assert case_of(filed).closed_on is None

    def test_a_tender_that_closes_soon_is_what_is_due(self, app_context: Flask, file_report) -> None:
        with clock.frozen(NOW):
            filed = file_report(tender_closes_on=date(2026, 3, 3))
        assert (case_of(filed).due_on, case_of(filed).due_kind) == (date(2026, 3, 3), DueKind.TENDER)
        with transaction():
            assert services.refresh_passed_tenders(date(2026, 3, 4)) == 1
        assert case_of(filed).due_kind == DueKind.STEP
        with transaction():
            assert services.refresh_passed_tenders(date(2026, 3, 4)) == 0

    def test_a_page_opened_before_somebody_saved_is_stale(self, app_context: Flask, file_report) -> None:
        filed = file_report()
        seen = case_of(filed).version
        with transaction():
            services.move(case_of(filed), CaseState.ACKNOWLEDGED, actor="user:1", now=NOW)
        with pytest.raises(StaleEditError):
            services.check_version(case_of(filed), seen)

    def test_of_two_who_move_at_once_one_wins_and_one_is_told(self, app: Flask, file_report) -> None:
        filed = file_report()
        barrier, ended = Barrier(2), []

        def move() -> None:
            with app.app_context():
                try:
                    barrier.wait()
                    with transaction():
                        services.move(case_of(filed), CaseState.ACKNOWLEDGED, actor="user:1", now=NOW)
                    ended.append("moved")
                except Exception as error:
                    ended.append(type(error).__name__)

        threads = [Thread(target=move) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ended.count("moved") == 1
        assert set(ended) <= {"moved", "TransitionNotAllowedError", "StaleDataError"}
        with app.app_context():
            assert len([row for row in queries.list_events(case_of(filed)) if row.tag == "case:state-changed"]) == 1

    def test_only_people_who_work_cases_are_given_one(self, app_context: Flask, file_report, make_user) -> None:
        filed, auditor, worker = file_report(), make_user("auditor"), make_user("caseworker")
        with pytest.raises(DomainError, match="does not work on cases"):
            services.assign(case_of(filed), get_user(auditor.id), actor="user:1", now=NOW)
        db.session.rollback()
        with transaction():
            services.assign(case_of(filed), get_user(worker.id), actor="user:1", now=NOW)
        assert case_of(filed).owner_id == worker.id


class TestSeeing:
    def see(self, member: object) -> set[str]:
        user = get_user(member.id).to_staff_member()
        return {case.reference for case in db.session.scalars(queries.visible_cases(user))}

    def test_each_role_sees_what_is_for_it(self, app_context: Flask, file_report, make_user) -> None:
        mine, other, free = file_report(), file_report(), file_report()
        ada, bob = make_user("caseworker"), make_user("caseworker")
        with transaction():
            services.assign(case_of(mine), get_user(ada.id), actor="user:1", now=NOW)
            services.assign(case_of(other), get_user(bob.id), actor="user:1", now=NOW)
        references = {filed.case_reference for filed in (mine, other, free)}
        assert self.see(ada) == {mine.case_reference, free.case_reference}
        assert self.see(bob) == {other.case_reference, free.case_reference}
        assert self.see(make_user("senior-caseworker")) == references
        for role in ("publisher", "policy-owner", "auditor", "administrator"):
            assert self.see(make_user(role)) == set()

    def test_a_case_that_is_not_for_somebody_does_not_exist_for_them(
        self, app_context: Flask, file_report, make_user
    ) -> None:
        filed = file_report()
        user = get_user(make_user("auditor").id).to_staff_member()
        with pytest.raises(NotFoundError) as hidden:
            queries.get_case(filed.case_reference, user)
        with pytest.raises(NotFoundError) as unknown:
            queries.get_case("MS-1999-00001", user)
        assert hidden.value.message == unknown.value.message


class TestFacts:
    def test_a_new_statement_replaces_the_old_and_keeps_it(self, app_context: Flask, file_report) -> None:
        filed = file_report()
        pounds = {"amount": "50000.00", "currency": "GBP"}
        fact = services.NewFact(fact_id="bond_gbp", value=pounds, source=FactSource.STAFF, is_confirmed=True)
        with transaction():
            services.add_facts(case_of(filed), [fact], actor="user:1", now=NOW)
        rows = db.session.scalars(select(CaseFact).where(CaseFact.fact_id == "bond_gbp")).all()
        assert sorted(row.is_current for row in rows) == [False, True]
        bond = db.session.scalar(select(Flag).where(Flag.rule_id == "FIN-BOND", Flag.is_current))
        assert bond.outcome != "raised"


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("surety bonds", True),
            ("BOND", True),
            ("écrit", True),
            ("Nowhere", True),
            ("Quillfeather", False),
            ("Pargeter", False),
            ("bond unicorn", False),
            ('"', False),
            ("* OR NEAR(", False),
        ],
    )
    @pytest.mark.parametrize("rare", [search.RARE_MAX, 0], ids=["rare", "common"])
    def test_words_of_the_report_are_found_and_the_reporter_is_not(
        self, app_context: Flask, file_report, monkeypatch: pytest.MonkeyPatch, query: str, found: bool, rare: int
    ) -> None:
        monkeypatch.setattr(search, "RARE_MAX", rare)
        filed = file_report(narrative="No surety would write the bond. Ecrit par un mutual.")
        condition = matching_serials(db.session(), query)
        hits = [] if condition is None else db.session.scalars(select(Case.reference).where(condition)).all()
        assert (filed.case_reference in hits) == found

    def test_a_message_of_the_reporter_is_found_too(self, app_context: Flask, file_report) -> None:
        filed = file_report()
        with transaction():
            report = db.session.get(Report, filed.report_id)
            services.receive_message(case_of(filed), report, "a walrus called", submission_id=new_id(), now=NOW)
        condition = matching_serials(db.session(), "walruses")
        assert db.session.scalars(select(Case.id).where(condition)).all() == [filed.case_id]

    def test_found_words_are_marked_by_their_stem(self) -> None:
        pieces = highlight_words("Bonds were bonded, the BOND said.", "bond")
        assert [piece for piece, hit in pieces if hit] == ["Bonds", "bonded", "BOND"]
        assert "".join(piece for piece, _ in pieces) == "Bonds were bonded, the BOND said."
