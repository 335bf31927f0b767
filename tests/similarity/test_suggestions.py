"""What is suggested beside a case, to whom, and what staff make of it."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, Flag, FlagDecision, Report
from mystery_shopper.cases.queries import find_flag, get_case_for_update, list_events, list_reports
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.core.vault import Clearance, erase
from mystery_shopper.interventions.policy import InterventionKind, OutcomeCode, Upheld
from mystery_shopper.interventions.queries import list_interventions
from mystery_shopper.interventions.services import NewOutcome, record_outcome
from mystery_shopper.similarity import patterns, services
from mystery_shopper.similarity.cli import similar_cli
from mystery_shopper.similarity.models import PatternAnswer, RelationKind, ReportMark
from mystery_shopper.similarity.patterns import Pattern, all_patterns, patterns_of, sightings_of
from mystery_shopper.similarity.queries import Suggestion, relation_views, suggestions
from mystery_shopper.triage.services import decide_flag
from tests.factories.publications import add_authority, add_told_case
from tests.factories.reports import add_report
from tests.similarity.conftest import People, add_people, staff_of
from tests.similarity.joined import advance, case_of, give, join
from tests.similarity.measure import make_text, retell

pytestmark = pytest.mark.usefixtures("app_context")

STORY = make_text(random.Random(5))
OTHER_STORY = make_text(random.Random(6))


@pytest.fixture
def people(app_context: Flask, made_once: Callable[..., People]) -> People:
    return made_once("people", add_people)


@pytest.fixture
def senior(people: People) -> StaffMember:
    return staff_of(people.senior)


@pytest.fixture
def worker(people: People) -> StaffMember:
    return staff_of(people.worker)


def add_case(**details: object) -> Case:
    """File a report that has nothing in common with another but what is given."""
    facts = details.pop("facts", {})
    narrative = details.pop("narrative", "A short story.")
    return case_of(add_report(facts=facts, narrative=narrative, requirement="", **details))


def near(case: Case, user: StaffMember) -> list[Suggestion]:
    return suggestions(case, user, today=clock.today())


def references(case: Case, user: StaffMember) -> list[str]:
    return [one.case.reference for one in near(case, user)]


def overrule(case: Case, flag: Flag, decider: StaffMember) -> None:
    now = clock.utc_now()
    decide_flag(case, flag, FlagDecision.OVERRULED, reason="no", version=flag.version, decider=decider, now=now)


class TestSuggestions:
    def test_the_same_notice_is_found_however_it_is_typed(self, senior: StaffMember) -> None:
        one = add_case(procurement_reference="2025/S 000-123456")
        other = add_case(procurement_reference="2025/s000 123456")
        add_case(procurement_reference="2025/S 000-123457")
        assert [(s.case, s.reasons) for s in near(one, senior)] == [(other, ("Gives the same notice reference",))]
        assert references(other, senior) == [one.reference]

    def test_much_the_same_words_are_found_and_other_words_are_not(self, senior: StaffMember) -> None:
        one, other = add_case(narrative=STORY), add_case(narrative=retell(STORY, random.Random(1), changed=0.05))
        add_case(narrative=OTHER_STORY)
        found = near(one, senior)
        assert [suggestion.case for suggestion in found] == [other]
        assert "Much the same words" in found[0].reasons[0]

    def test_the_same_authority_and_rule_are_found_while_it_is_recent_and_the_flag_stands(
        self, senior: StaffMember
    ) -> None:
        authority = add_authority()
        one, other = (case_of(add_report(authority_id=authority.id, narrative=str(n))) for n in range(2))
        elsewhere = case_of(add_report(authority_id=add_authority(name="Another Council").id, narrative="3"))
        found = near(one, senior)
        assert [suggestion.case for suggestion in found] == [other]
        assert "raises the same rule" in found[0].reasons[0]
        assert elsewhere.reference not in references(one, senior)
        for flag_id in ("FIN-BOND", "FIN-TRADING-HISTORY"):
            flag = find_flag(other, flag_id)
            assert flag
            decide_flag(
                other,
                flag,
                FlagDecision.OVERRULED,
                reason="no",
                version=flag.version,
                decider=senior,
                now=clock.utc_now(),
            )
        assert references(one, senior) == []

    def test_a_case_closed_long_ago_is_not_suggested_for_its_rule(self, senior: StaffMember) -> None:
        authority = add_authority()
        one, other = (case_of(add_report(authority_id=authority.id, narrative=str(n))) for n in range(2))
        advance(other, CaseState.ACKNOWLEDGED, CaseState.TRIAGE, CaseState.OUT_OF_SCOPE, CaseState.CLOSED)
        assert references(one, senior) == [other.reference]
        other.closed_on = clock.today() - timedelta(days=400)
        db.session.flush()
        assert references(one, senior) == []

    def test_the_best_comes_first_and_ten_are_the_most(self, senior: StaffMember) -> None:
        authority = add_authority()
        one = case_of(add_report(authority_id=authority.id, procurement_reference="2025/S 000-123456", narrative="0"))
        for number in range(12):
            add_report(authority_id=authority.id, narrative=str(number + 1))
        notice = add_case(procurement_reference="2025/S 000-123456")
        found = references(one, senior)
        assert (found[0], len(found)) == (notice.reference, 10)

    def test_a_caseworker_is_shown_only_cases_they_may_see(self, worker: StaffMember, senior: StaffMember) -> None:
        one, other = add_case(narrative=STORY), add_case(narrative=STORY)
        assert references(one, worker) == [other.reference]
        give(other, senior)
        assert references(one, worker) == []
        assert references(one, senior) == [other.reference]

    def test_a_report_in_a_joined_case_leads_to_the_case_that_goes_on(self, senior: StaffMember) -> None:
        one, kept, joined = add_case(narrative=STORY), add_case(narrative=OTHER_STORY), add_case(narrative=STORY)
        join(kept, joined, senior)
        assert references(one, senior) == [kept.reference]

    def test_demonstration_cases_stay_among_themselves(self, senior: StaffMember) -> None:
        one = add_case(narrative=STORY)
        add_case(narrative=STORY, is_demonstration=True)
        assert references(one, senior) == []


class TestMarks:
    def test_old_reports_are_marked_by_the_command_in_batches(
        self, app_context: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(5):
            add_case(narrative=make_text(random.Random(number)))
        before = db.session.scalar(select(func.count()).select_from(ReportMark))
        db.session.execute(text("DELETE FROM report_marks"))
        db.session.commit()
        monkeypatch.setattr(services, "BATCH", 2)
        result = app_context.test_cli_runner().invoke(similar_cli, ["rebuild"])
        assert result.exit_code == 0
        assert "5 reports marked" in result.output
        assert db.session.scalar(select(func.count()).select_from(ReportMark)) == before

    def test_an_erased_report_leaves_no_mark(self) -> None:
        case = add_case(narrative=STORY, procurement_reference="2025/S 000-123456")
        report = list_reports(case)[0]
        assert count_marks(report) > 1
        erase(report.data_key, Clearance("a test"), clock.utc_now())
        services.mark_report(report)
        assert count_marks(report) == 0

    def test_the_table_holds_no_word_and_no_plain_digest_of_a_reference(self) -> None:
        case = add_case(procurement_reference="2025/S 000-123456")
        mark = db.session.scalars(select(ReportMark.mark).where(ReportMark.report_id == list_reports(case)[0].id)).one()
        assert b"123456" not in mark
        assert len(mark) == 12


def count_marks(report: Report) -> int:
    return db.session.scalar(select(func.count()).where(ReportMark.report_id == report.id)) or 0


def relate(case: Case, other: Case, kind: RelationKind, maker: StaffMember):
    return services.relate(
        case, other, kind, reason="Lots of one tender", version=case.version, maker=maker, now=clock.utc_now()
    )


class TestRelations:
    def test_a_dismissed_suggestion_is_gone_on_both_sides_and_can_come_back(self, senior: StaffMember) -> None:
        one, other = add_case(narrative=STORY), add_case(narrative=STORY)
        relation = relate(other, one, RelationKind.NOT_SIMILAR, senior)
        assert (references(one, senior), references(other, senior)) == ([], [])
        assert [view.reason for view in relation_views(one, senior)["not-similar"]] == ["Lots of one tender"]
        services.undo_relation(relation, reason="I was wrong", undoer=senior, now=clock.utc_now())
        assert references(one, senior) == [other.reference]
        assert relation_views(one, senior)["not-similar"] == []
        with pytest.raises(StaleEditError):
            services.undo_relation(relation, reason="again", undoer=senior, now=clock.utc_now())

    def test_a_link_is_shown_on_both_sides_with_an_event_on_each(self, senior: StaffMember) -> None:
        one, other = add_case(), add_case()
        relate(one, other, RelationKind.LINKED, senior)
        for case, partner in ((one, other), (other, one)):
            assert [view.other for view in relation_views(case, senior)["linked"]] == [partner]
            assert "case:linked" in [row.tag for row in list_events(case)]

    def test_a_link_with_a_case_of_somebody_else_is_not_shown(self, senior: StaffMember, worker: StaffMember) -> None:
        one, other = add_case(), add_case()
        relate(one, other, RelationKind.LINKED, senior)
        give(other, senior)
        assert relation_views(one, worker)["linked"] == []

    def test_the_same_is_said_once(self, senior: StaffMember) -> None:
        one, other = add_case(), add_case()
        relate(one, other, RelationKind.LINKED, senior)
        with pytest.raises(StaleEditError):
            relate(other, one, RelationKind.LINKED, senior)
        with pytest.raises(DomainError, match="another case"):
            relate(one, one, RelationKind.LINKED, senior)


def conclude(case: Case, upheld: Upheld, maker: StaffMember, *, days_ago: int = 0) -> None:
    """Record an outcome of a case that waits for one."""
    new = NewOutcome(
        submission_id=uuid4(),
        code=OutcomeCode.RECOMMENDATION_ACCEPTED,
        upheld=upheld,
        positive=False,
        reached_on=clock.today(),
        summary="The bond was lowered.",
    )
    outcome = record_outcome(case, new, version=case.version, recorder=maker, now=clock.utc_now())
    outcome.reached_on = clock.today() - timedelta(days=days_ago)
    db.session.flush()


def add_upheld(authority_id: UUID, maker: StaffMember, *, upheld: Upheld = Upheld.YES, days_ago: int = 0) -> Case:
    case = case_of(add_report(authority_id=authority_id, narrative=str(uuid4())))
    steps = (CaseState.ACKNOWLEDGED, CaseState.TRIAGE, CaseState.ACCEPTED, CaseState.AUTHORITY_CONTACTED)
    advance(case, *steps, CaseState.RESPONDED, CaseState.ASSESSMENT)
    conclude(case, upheld, maker, days_ago=days_ago)
    return case


def bond(case: Case, user: StaffMember) -> Pattern | None:
    found = patterns_of(case.authority, user, today=clock.today())
    told = sightings_of(case.authority_id, user, today=clock.today())
    assert [(one.rule_id, one.count, list(one.newest)) for one in told] == [
        (one.rule_id, one.count, [each.reference for each in one.cases]) for one in found
    ], "the case page says the same"
    return next((one for one in found if one.rule_id == "FIN-BOND"), None)


def decide(case: Case, answer: PatternAnswer, decider: StaffMember, *, pattern: Pattern | None = None) -> None:
    pattern = pattern or bond(case, decider)
    assert pattern
    services.decide_pattern(
        case,
        pattern,
        answer,
        reason="Third time",
        version=case.version,
        submission_id=uuid4(),
        decider=decider,
        now=clock.utc_now(),
    )


class TestPatterns:
    def test_three_upheld_cases_of_one_authority_on_one_rule_are_a_pattern(self, senior: StaffMember) -> None:
        authority = add_authority()
        first, second = add_upheld(authority.id, senior), add_upheld(authority.id, senior, upheld=Upheld.PARTLY)
        assert bond(first, senior) is None
        third = add_upheld(authority.id, senior)
        pattern = bond(first, senior)
        assert pattern
        assert set(pattern.cases) == {first, second, third}
        assert [one.authority for one in all_patterns(senior, today=clock.today())] == [authority] * 2

    def test_the_case_page_reads_the_newest_alone_and_says_so(
        self, senior: StaffMember, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        authority = add_authority()
        cases = [add_upheld(authority.id, senior, days_ago=days) for days in (4, 3, 2, 1)]
        monkeypatch.setattr(patterns, "CASES_READ", 3)
        told = sightings_of(authority.id, senior, today=clock.today())
        assert {(one.count, one.is_least) for one in told} == {(3, True)}
        assert cases[0].reference not in told[0].newest

    def test_what_was_not_upheld_or_is_old_or_overruled_does_not_count(self, senior: StaffMember) -> None:
        authority = add_authority()
        cases = [add_upheld(authority.id, senior) for _ in range(2)]
        add_upheld(authority.id, senior, upheld=Upheld.NO)
        add_upheld(authority.id, senior, days_ago=800)
        assert bond(cases[0], senior) is None
        third = add_upheld(authority.id, senior)
        flag = find_flag(third, "FIN-BOND")
        assert flag
        overrule(third, flag, senior)
        assert bond(cases[0], senior) is None


def uphold_three() -> tuple[list[UUID], People]:
    people = add_people()
    with transaction():
        authority, senior = add_authority(), staff_of(people.senior)
        return [add_upheld(authority.id, senior).id for _ in range(3)], people


class TestPatternOfThree:
    @pytest.fixture
    def scene(
        self, app_context: Flask, made_once: Callable[..., tuple[list[UUID], People]]
    ) -> tuple[list[UUID], People]:
        return made_once("three upheld", uphold_three)

    @pytest.fixture
    def people(self, scene: tuple[list[UUID], People]) -> People:
        return scene[1]

    @pytest.fixture
    def cases(self, scene: tuple[list[UUID], People]) -> list[Case]:
        """Three cases of one authority that were upheld."""
        return [get_case_for_update(case_id) for case_id in scene[0]]

    def test_cases_that_a_caseworker_may_not_see_do_not_count_for_them(
        self, senior: StaffMember, worker: StaffMember, cases: list[Case]
    ) -> None:
        assert bond(cases[0], worker)
        give(cases[1], senior)
        assert bond(cases[0], worker) is None
        assert bond(cases[0], senior)

    @pytest.mark.parametrize("answer", list(PatternAnswer))
    def test_an_answer_settles_it_until_as_many_new_cases_were_upheld(
        self, senior: StaffMember, answer: PatternAnswer, cases: list[Case]
    ) -> None:
        case = cases[0]
        decide(case, answer, senior)
        assert bond(case, senior) is None
        referrals = [view for view in list_interventions(case) if view.row.kind is InterventionKind.REFERRAL]
        assert len(referrals) == (answer is PatternAnswer.REFERRED)
        assert all("3 upheld cases" in view.summary for view in referrals)
        assert "pattern:decided" in [row.tag for row in list_events(case)]
        for _ in range(3):
            add_upheld(case.authority.id, senior)
        again = bond(case, senior)
        assert again
        assert len(again.cases) == 3

    def test_a_second_answer_to_the_same_page_is_refused(self, senior: StaffMember, cases: list[Case]) -> None:
        case = cases[0]
        pattern = bond(case, senior)
        decide(case, PatternAnswer.DISMISSED, senior)
        with pytest.raises(StaleEditError):
            decide(case, PatternAnswer.REFERRED, senior, pattern=pattern)


def test_a_told_case_without_a_recorded_outcome_is_no_pattern(senior: StaffMember) -> None:
    authority = add_authority()
    cases = [add_told_case(authority=authority)[0] for _ in range(3)]
    assert patterns_of(cases[0].authority, senior, today=clock.today()) == []
