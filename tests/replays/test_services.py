"""Comparing, applying, going on after a break, and decisions that stay: over the real services."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from mystery_shopper.accounts.queries import get_user
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.cases.events import FlagsEvaluated
from mystery_shopper.cases.models import FactSource, Flag, FlagDecision
from mystery_shopper.cases.queries import list_events
from mystery_shopper.cases.services import NewFact, add_facts
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.replays import candidates, queries, services
from mystery_shopper.replays.models import CaseSnapshot, CatalogueVersion, ReplayChange
from mystery_shopper.replays.running import running
from mystery_shopper.replays.states import Change, Phase, ReplayState
from mystery_shopper.rules.loading import catalogue
from tests.factories.reports import POUNDS, Filed, facts_of
from tests.factories.staff import add_member
from tests.replays.backlog import (
    RULE,
    VALUE,
    apply,
    bond_of,
    case_of,
    changes_of,
    committed,
    compare,
    decide,
    file_bonds,
    flag_of,
    put_in_force,
    start,
    work,
)
from tests.support.standing import Standing

Bonds = Callable[..., list[Filed]]

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def decided(app: Flask, standing: Standing) -> Callable[[FlagDecision], Filed]:
    """Begin with one case, of a bond of 12 percent, whose flag somebody has decided."""

    def begin(decision: FlagDecision) -> Filed:
        return standing.get(app, f"decided {decision}", lambda app: file_and_decide(app, decision))

    return begin


def file_and_decide(app: Flask, decision: FlagDecision) -> Filed:
    with app.app_context():
        (filed,) = file_bonds(committed, 12)
        decide(filed, decision, get_user(add_member().id).to_staff_member())
        db.session.remove()
    return filed


def evaluations(filed: Filed) -> list[FlagsEvaluated]:
    case = case_of(filed)
    events = [row.to_event(case.data_key) for row in list_events(case)]
    return [event for event in events if isinstance(event, FlagsEvaluated)]


def count(model: type) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()


class TestComparing:
    def test_a_lower_figure_makes_flags_appear_and_changes_nothing_else(self, bonds: Bonds) -> None:
        _small, middle, _large = bonds(3, 7, 12)
        replay = compare("5")
        assert replay.state is ReplayState.COMPARED
        assert changes_of(replay) == [(str(middle.case_id), "appears", False)]
        assert (replay.seen, replay.total) == (3, 3)
        flag = flag_of(middle)
        assert flag is not None
        assert flag.outcome == "cleared"
        assert running().number == 1

    def test_a_higher_figure_makes_flags_vanish(self, bonds: Bonds) -> None:
        _, middle, _large = bonds(3, 12, 20)
        assert changes_of(compare("15")) == [(str(middle.case_id), "vanishes", False)]

    def test_a_severity_rises_and_falls_with_the_figure_of_a_graver_test(self, bonds: Bonds) -> None:
        middle, large = bonds(20, 30)
        assert changes_of(compare("15", "bond-share-high")) == [(str(middle.case_id), "rises", False)]
        assert changes_of(compare("35", "bond-share-high")) == [(str(large.case_id), "falls", False)]

    def test_closed_cases_and_facts_of_other_rules_are_left_alone(
        self, bonds: Bonds, file_report: Callable[..., Filed]
    ) -> None:
        bonds(7)
        file_report(facts={"min_years_accounts": 5, "procurement_start_date": bond_of(1)["procurement_start_date"]})
        replay = compare("5")
        assert set(db.session.scalars(select(ReplayChange.rule_id))) == {RULE}
        assert replay.seen == 2

    def test_facts_without_a_snapshot_are_read_one_by_one_with_the_same_result(self, bonds: Bonds) -> None:
        (middle,) = bonds(7)
        with transaction() as session:
            session.query(CaseSnapshot).delete()
        assert changes_of(compare("5")) == [(str(middle.case_id), "appears", False)]

    def test_what_is_in_force_already_is_not_compared(self, bonds: Bonds) -> None:
        bonds(7)
        apply("5")
        with pytest.raises(DomainError, match="is 5% already"):
            start("5")

    @pytest.mark.parametrize(("figure", "value"), [("payment-days", "20"), ("no-such", "1")])
    def test_only_an_assumption_of_ours_can_be_set(self, figure: str, value: str) -> None:
        with pytest.raises(DomainError, match="Select a figure"):
            candidates.with_figure(figure, Decimal(value))

    def test_a_value_that_does_not_fit_says_what_would(self) -> None:
        with pytest.raises(DomainError, match="must be a whole number, like 3 years"):
            candidates.with_figure("trading-years-high", Decimal("2.5"))


class TestApplying:
    def test_flags_follow_and_old_ones_stay_readable(self, bonds: Bonds) -> None:
        _small, middle, _large = bonds(3, 7, 12)
        before = catalogue().version
        replay = apply("5")
        assert replay.state is ReplayState.APPLIED
        flag = flag_of(middle)
        assert flag is not None
        assert (flag.outcome, flag.catalogue_version) == ("raised", replay.version)
        assert catalogue().version == replay.version != before
        case = case_of(middle)
        old = db.session.scalars(
            select(Flag).where(Flag.case_id == case.id, Flag.rule_id == RULE, Flag.is_current.is_(False))
        ).one()
        assert old.catalogue_version == before
        assert "10%" in str(old.result_json(case.data_key)) or old.outcome == "cleared"

    def test_only_changed_cases_get_an_event_and_every_case_its_number(self, bonds: Bonds) -> None:
        small, middle = bonds(3, 7)
        replay = apply("5")
        assert [len(evaluations(one)) for one in (small, middle)] == [1, 2]
        assert evaluations(middle)[-1].catalogue_version == replay.version
        numbers = set(db.session.scalars(select(CaseSnapshot.catalogue_number)))
        assert numbers == {replay.number}

    def test_it_is_on_record_who_changed_the_rules_and_why(self, bonds: Bonds) -> None:
        bonds(7)
        replay = apply("5")
        version = queries.get_version(replay.number or 0)
        assert (version.reason, version.made_by) == ("Ten percent lets too much through.", "system")
        assert "10% becomes 5%" in version.summary
        about = select(AuditEntry.action).where(AuditEntry.subject == "catalogue").order_by(AuditEntry.seq)
        actions = list(db.session.scalars(about))
        assert actions == ["rules:changed", "rules:changed", "rules:reapplied"]

    def test_new_reports_are_judged_by_the_new_rules_at_once(
        self, bonds: Bonds, file_report: Callable[..., Filed]
    ) -> None:
        bonds(7)
        put_in_force(compare("5"))
        flag = flag_of(file_report(facts=bond_of(7)))
        assert flag is not None
        assert flag.outcome == "raised"

    def test_two_figures_hold_together(self, bonds: Bonds) -> None:
        bonds(7)
        apply("5")
        apply("20", "bond-share-high")
        values = {
            name: catalogue().parameters[name].rows[0].values[()] for name in ("bond-share-medium", "bond-share-high")
        }
        assert values == {"bond-share-medium": Decimal(5), "bond-share-high": Decimal(20)}

    def test_a_comparison_with_rules_no_longer_in_force_is_refused(self, bonds: Bonds) -> None:
        bonds(7)
        first, second = compare("5").id, compare("6").id
        put_in_force(queries.get_replay(first))
        with pytest.raises(DomainError, match="Compare again"):
            put_in_force(queries.get_replay(second))
        assert running().number == 2

    def test_a_page_that_is_out_of_date_cannot_apply(self, bonds: Bonds) -> None:
        bonds(7)
        replay = compare("5")
        with pytest.raises(StaleEditError):
            services.apply_replay(
                replay, reason="x", version=replay.row_version - 1, actor="system", now=clock.utc_now()
            )

    def test_what_changed_between_comparing_and_applying_is_said(
        self, bonds: Bonds, file_report: Callable[..., Filed]
    ) -> None:
        middle, other = bonds(7, 8)
        replay = compare("5")
        case = case_of(other)
        with transaction():
            facts = [
                NewFact(fact_id=one.fact_id, value=one.value, source=FactSource.STAFF, is_confirmed=True)
                for one in facts_of({"bond_gbp": VALUE * 2 // 100 * POUNDS})
            ]
            add_facts(case, facts, actor="system", now=clock.utc_now())
        late = file_report(facts=bond_of(9))
        replay_id = put_in_force(replay)
        work(replay_id)
        applied = queries.get_replay(replay_id)
        assert {row[0] for row in changes_of(applied)} == {str(middle.case_id), str(late.case_id)}
        drift = queries.drift_of(applied)
        assert (drift.came, drift.went) == (1, 1)

    def test_going_back_is_another_version(self, bonds: Bonds) -> None:
        (middle,) = bonds(7)
        apply("5")
        replay = apply("10")
        assert replay.number == 3
        assert changes_of(replay) == [(str(middle.case_id), "vanishes", False)]
        assert count(CatalogueVersion) == 3

    def test_a_version_on_record_cannot_be_changed(self, bonds: Bonds) -> None:
        bonds(7)
        version = queries.get_version(1)
        version.reason = "Another"
        with pytest.raises(RuntimeError, match="cannot be changed"):
            db.session.flush()
        db.session.rollback()


class TestDecisions:
    @pytest.mark.parametrize("decision", [FlagDecision.CONFIRMED, FlagDecision.OVERRULED])
    def test_a_decided_flag_stays_and_says_what_the_rule_says_now(
        self, decided: Callable[[FlagDecision], Filed], decision: FlagDecision
    ) -> None:
        middle = decided(decision)
        before = flag_of(middle)
        assert before is not None
        kept_id = before.id
        replay = apply("15")
        assert changes_of(replay) == [(str(middle.case_id), "vanishes", True)]
        flag = flag_of(middle)
        assert flag is not None
        assert (flag.id, flag.outcome, flag.decision) == (kept_id, "raised", decision)
        assert (flag.rule_now_outcome, flag.rule_now_version) == ("cleared", catalogue().rule(RULE).version)

    def test_the_mark_goes_when_the_rule_agrees_again(self, decided: Callable[[FlagDecision], Filed]) -> None:
        middle = decided(FlagDecision.CONFIRMED)
        apply("15")
        apply("11")
        with transaction():
            add_facts(
                case_of(middle),
                [NewFact(fact_id="is_school", value=False, source=FactSource.STAFF, is_confirmed=True)],
                actor="system",
                now=clock.utc_now(),
            )
        flag = flag_of(middle)
        assert flag is not None
        assert (flag.decision, flag.rule_now_outcome) == (FlagDecision.CONFIRMED, None)

    def test_a_decision_ends_with_the_fact_it_was_about_under_changed_rules_too(
        self, decided: Callable[[FlagDecision], Filed]
    ) -> None:
        middle = decided(FlagDecision.CONFIRMED)
        apply("15")
        with transaction():
            facts = facts_of({"bond_gbp": VALUE * 50 // 100 * POUNDS})
            new = [NewFact(fact_id=facts[0].fact_id, value=facts[0].value, source=FactSource.STAFF, is_confirmed=True)]
            add_facts(case_of(middle), new, actor="system", now=clock.utc_now())
        flag = flag_of(middle)
        assert flag is not None
        assert (flag.outcome, flag.decision) == ("raised", FlagDecision.UNDECIDED)


class TestBreaks:
    def test_work_broken_off_in_the_middle_goes_on_and_does_each_case_once(
        self, bonds: Bonds, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filed = bonds(*[7] * 7)
        replay_id = put_in_force(compare("5"))
        work(replay_id, limit=2, slices=1)
        judged = services.triage_case
        calls: list[object] = []

        def killed(case: object, **details: object) -> object:
            calls.append(case)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return judged(case, **details)  # type: ignore[arg-type]

        monkeypatch.setattr(services, "triage_case", killed)
        with pytest.raises(KeyboardInterrupt):
            work(replay_id, limit=2, slices=1)
        monkeypatch.undo()
        assert [len(evaluations(one)) for one in filed] == [2, 2, 1, 1, 1, 1, 1]
        work(replay_id, limit=2)
        assert [len(evaluations(one)) for one in filed] == [2] * 7
        applied = queries.get_replay(replay_id)
        assert (applied.state, applied.seen) == (ReplayState.APPLIED, 7)
        assert len(changes_of(applied)) == 7

    def test_comparing_in_slices_finds_the_same(self, bonds: Bonds) -> None:
        bonds(7, 3, 8, 9, 2)
        whole = [row[0] for row in changes_of(compare("5"))]
        replay_id = start("6")
        work(replay_id, limit=1)
        assert [row[0] for row in changes_of(queries.get_replay(replay_id))] == whole

    def test_a_case_left_behind_is_found_afterwards(self, bonds: Bonds) -> None:
        (middle,) = bonds(7)
        replay = apply("5")
        with transaction() as session:
            session.query(ReplayChange).delete()
            row = session.get(CaseSnapshot, middle.case_id)
            assert row is not None
            row.catalogue_number = 1
            session.query(Flag).filter_by(case_id=middle.case_id, rule_id=RULE).update({"outcome": "cleared"})
        with transaction():
            assert services.sweep(now=clock.utc_now()) == 1
        with transaction():
            assert services.sweep(now=clock.utc_now()) == 0
        flag = flag_of(middle)
        assert flag is not None
        assert flag.outcome == "raised"
        assert queries.tally_changes(queries.get_replay(replay.id), Phase.APPLIED)[0].counts[Change.APPEARS] == 1

    def test_discarding_forgets_what_was_found(self, bonds: Bonds) -> None:
        bonds(7)
        replay = compare("5")
        with transaction():
            services.discard_replay(queries.lock_replay(replay.id), now=clock.utc_now())
        assert count(ReplayChange) == 0
        assert queries.get_replay(replay.id).state is ReplayState.DISCARDED


class TestReleases:
    def test_the_release_is_recorded_once(self, app_context: Flask) -> None:
        with transaction():
            first = services.record_release(now=clock.utc_now())
            assert first is not None
        with transaction():
            assert services.record_release(now=clock.utc_now()) is None

    def test_a_new_release_keeps_the_figures_that_were_set(self, bonds: Bonds, monkeypatch: pytest.MonkeyPatch) -> None:
        bonds(7)
        apply("5")
        with transaction() as session:
            session.execute(CatalogueVersion.__table__.update().values(shipped_version="earlier"))  # type: ignore[attr-defined]
        with transaction():
            recorded = services.record_release(now=clock.utc_now())
            assert recorded is not None
            assert recorded.number == 3
        assert catalogue().parameters["bond-share-medium"].rows[0].values[()] == Decimal(5)
