"""Interests: what they close, at once and for whom; what stays; who may say what; access in an emergency."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from mystery_shopper.accounts.absences import set_absence
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.allocation.queries import suggest_owners
from mystery_shopper.allocation.services import take_next
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.declarations import has_declared
from mystery_shopper.cases.gate import DisclosureError, check_texts
from mystery_shopper.cases.models import Case, CaseRecusal, Interest, Report, SupplierMark
from mystery_shopper.cases.overrides import count_waiting, waiting_for
from mystery_shopper.cases.ownership import who_is_told
from mystery_shopper.cases.queries import get_case, get_case_for_update, list_events, visible_to
from mystery_shopper.cases.services import (
    ask_override,
    assign,
    correct_authority,
    decide_override,
    join_cases,
    undo_join,
)
from mystery_shopper.cases.timeline import read_timeline
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError
from mystery_shopper.identity.services import why_closed
from mystery_shopper.intake.queries import reporter_timeline
from mystery_shopper.interests.cli import interests_cli
from mystery_shopper.interests.emergencies import give_back, list_emergencies, open_in_emergency
from mystery_shopper.interests.policy import Figure, figures
from mystery_shopper.interests.queries import Standing, list_interests
from mystery_shopper.interests.services import deny_interest, end_interest, withdraw_interest
from mystery_shopper.interests.worker import lapse_round
from mystery_shopper.notifications.models import Letter, OutboxMessage
from tests.factories.interests import declare
from tests.factories.publications import add_authority
from tests.factories.reports import IDENTITY, add_report
from tests.factories.staff import Member

FIRM = IDENTITY.organisation
LATER = timedelta(days=1)


@pytest.fixture
def now(app_context: Flask) -> datetime:
    return clock.utc_now()


@pytest.fixture
def staff(app_context: Flask, make_user: Callable[..., Member]) -> Callable[..., StaffMember]:
    def make(role: str = "caseworker", **details: str) -> StaffMember:
        return get_user(make_user(role, **details).id).to_staff_member()

    return make


@pytest.fixture
def authority(app_context: Flask) -> Authority:
    with transaction():
        return add_authority()


def file(**details: object) -> Case:
    with transaction():
        return get_case_for_update(add_report(**details).case_id)


def sees(user: StaffMember) -> set[str]:
    return set(db.session.scalars(select(Case.reference).where(visible_to(user))))


def give(case: Case, user: StaffMember, now: datetime) -> None:
    with transaction():
        assign(case, get_user(user.id), actor="system", now=now)


class TestBlocking:
    def test_every_case_of_an_authority_closes_at_once_and_later_ones_never_open(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        one, senior, other = staff(), staff("senior-caseworker"), staff()
        own, free, elsewhere = file(authority_id=authority.id), file(authority_id=authority.id), file()
        give(own, one, now)
        for person in (one, senior):
            declare(person, authority_id=authority.id)
        came_later = file(authority_id=authority.id)

        assert sees(one) == sees(senior) == {elsewhere.reference}
        assert sees(other) == {own.reference, free.reference, elsewhere.reference, came_later.reference}
        assert own.owner_id is None, "nobody keeps a case they may not see"
        title = read_timeline(own)[0].title
        assert title == "Put back in the queue", "the timeline does not say why"
        with pytest.raises(NotFoundError):
            get_case(own.reference, one)

    def test_nobody_gives_the_case_to_them_and_nothing_says_why(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        one, senior = staff(name="Ada Example"), staff("senior-caseworker")
        case = file(authority_id=authority.id)
        declare(one, authority_id=authority.id)
        assert one.id not in {found.user_id for found in suggest_owners(case, senior, clock.today())}
        with pytest.raises(DomainError, match=r"^Ada Example cannot be given this case\. Select somebody else\.$"):
            assign(case, get_user(one.id), actor=senior.actor, now=now)
        with transaction():
            assert take_next(one, now=now) is None

    def test_a_conflict_of_the_deputy_blocks_and_one_of_the_absent_owner_does_not(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        owner, deputy = staff(), staff()
        case, other = file(authority_id=authority.id), file()
        for each in (case, other):
            give(each, owner, now)
        standing_in = replace(deputy, stands_in_for=frozenset({owner.id}))
        assert sees(standing_in) == {case.reference, other.reference}
        declare(owner, case_id=other.id)
        assert sees(standing_in) == {case.reference, other.reference}
        declare(deputy, authority_id=authority.id)
        assert sees(standing_in) == {other.reference}
        assert who_is_told(case, clock.today()) == owner.id
        with transaction():
            other.owner_id = owner.id  # as of a case that was closed before the interest
        assert who_is_told(other, clock.today()) is None, "not the owner who may not see it"
        with transaction():
            set_absence(
                get_user(owner.id),
                starts_on=clock.today(),
                ends_on=clock.today(),
                deputy=get_user(deputy.id),
                today=clock.today(),
                actor="user:1",
                now=now,
            )
        assert who_is_told(other, clock.today()) == deputy.id

    def test_a_correction_of_the_authority_and_a_join_are_matched_anew(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        one, senior = staff(), staff("senior-caseworker")
        case, second = file(), file(authority_id=authority.id)
        declare(one, authority_id=authority.id)
        assert sees(one) == {case.reference}
        with transaction():
            correct_authority(case, authority.id, reason="As told", actor=senior.actor, now=now)
        assert sees(one) == set()
        declare(staff(), case_id=second.id)
        with transaction():
            join = join_cases(
                case,
                second,
                kept_version=case.version,
                joined_version=second.version,
                reason="The same tender",
                joiner=senior,
                now=now,
            )
        of_kept = select(func.count(CaseRecusal.user_id.distinct())).where(CaseRecusal.case_id == case.id)
        assert db.session.scalar(of_kept) == 2, "an interest in the joined case follows its reports"
        with transaction():
            undo_join(
                join,
                kept_version=case.version,
                joined_version=second.version,
                reason="Not the same",
                undoer=senior,
                now=now,
            )
        assert db.session.scalar(of_kept) == 1


class TestSuppliers:
    def test_an_interest_in_who_reported_closes_cases_in_any_spelling_and_says_nothing(
        self, staff: Callable[..., StaffMember], now: datetime
    ) -> None:
        one, two, three = staff(), staff(), staff()
        case = file()
        declare(one, supplier="QUILLFEATHER CARE MUTUAL LIMITED")
        declare(two, supplier="Another firm", company_number="1234567")
        declare(three, supplier=f"{IDENTITY.name}")
        assert (sees(one), sees(two), sees(three)) == (set(), {case.reference}, set())
        with_number = file(identity=replace(IDENTITY, organisation="A new name", name="", company_number="01234567"))
        assert with_number.reference not in sees(two)
        assert with_number.reference in sees(one)
        stored = b"".join(db.session.scalars(select(SupplierMark.digest)))
        assert b"quill" not in stored.lower()

    def test_an_unknown_case_goes_without_a_trace_and_a_known_one_as_if_they_had_looked(
        self, staff: Callable[..., StaffMember], now: datetime
    ) -> None:
        one, auditor = staff(), staff("auditor")
        unknown, known = file(), file()
        with transaction():
            deny_interest(known, one, now=now)
        declare(one, supplier=FIRM)
        assert sees(one) == set()
        assert "interest:found" not in [row.tag for row in list_events(unknown)]
        assert [row.tag for row in list_events(known)].count("interest:found") == 1
        report = db.session.scalars(select(Report).where(Report.case_id == known.id)).one()
        assert "have an interest in your organisation" in reporter_timeline(report)[0].sentence
        assert read_timeline(known)[0].title == "Who may see this case changed"
        told = db.session.scalars(select(OutboxMessage.user_id).where(OutboxMessage.letter == Letter.ACCESS_ALERT))
        assert set(told) == {auditor.id}

    def test_names_cannot_be_tried_out(self, staff: Callable[..., StaffMember], now: datetime) -> None:
        one, senior = staff(), staff("senior-caseworker")
        interest = declare(one, supplier=FIRM)
        with pytest.raises(DomainError, match="must be from"):
            end_interest(interest, (now - LATER).date(), by=one, now=now)
        with pytest.raises(PermissionDeniedError):
            withdraw_interest(interest, reason="Oh", by=one, now=now)
        with pytest.raises(PermissionDeniedError, match="Only the person"):
            declare(one, by=senior, supplier="Somebody else")
        for number in range(figures()[Figure.SUPPLIERS] - 1):
            declare(one, supplier=f"Firm number {number}")
        with pytest.raises(DomainError, match="10 suppliers in 30 days"):
            declare(one, supplier="One more")
        (seen,) = [view for view in list_interests(one.id, senior, clock.today()) if view.id == interest.id]
        assert (seen.what, seen.words) == ("A supplier", "")
        assert FIRM in {view.what for view in list_interests(one.id, one, clock.today())}

    def test_reports_from_before_are_found_after_a_rebuild(
        self, app_context: Flask, staff: Callable[..., StaffMember]
    ) -> None:
        one = staff()
        file()
        declare(one, supplier=FIRM)
        with transaction() as session:
            session.query(CaseRecusal).delete()
            session.query(SupplierMark).delete()
        assert sees(one) != set()
        for _ in range(2):
            result = app_context.test_cli_runner().invoke(interests_cli, ["rebuild"])
            assert "1 reports marked, 1 interests matched" in result.output
        assert sees(one) == set()


class TestTheRegister:
    def test_what_ended_stays_on_record_counts_for_a_year_and_then_lapses(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        one = staff()
        case = file(authority_id=authority.id)
        interest = declare(one, authority_id=authority.id)
        with transaction():
            end_interest(interest, now.date(), by=one, now=now)
        with pytest.raises(DomainError, match="cannot be ended"):
            end_interest(interest, now.date(), by=one, now=now)
        assert sees(one) == set()
        with clock.frozen(now + timedelta(days=360)):
            lapse_round()
            assert sees(one) == set()
        with clock.frozen(now + timedelta(days=370)):
            lapse_round()
            assert sees(one) == {case.reference}
            (view,) = list_interests(one.id, one, clock.today())
        assert view.standing is Standing.OVER

    def test_a_senior_adds_and_finds_mistakes_and_others_do_not(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        one, other, senior = staff(), staff(), staff("senior-caseworker", name="Zoe Example")
        case = file(authority_id=authority.id)
        with pytest.raises(PermissionDeniedError):
            declare(one, by=other, authority_id=authority.id)
        interest = declare(one, by=senior, authority_id=authority.id)
        with pytest.raises(DomainError, match="stands in the register already"):
            declare(one, authority_id=authority.id)
        assert sees(one) == set()
        assert [view.declared_by for view in list_interests(one.id, one, clock.today())] == ["Zoe Example"]
        with transaction():
            withdraw_interest(interest, reason="Another council of that name", by=senior, now=now)
        assert sees(one) == {case.reference}
        (view,) = list_interests(one.id, one, clock.today())
        assert (view.standing, view.withdrawal) == (Standing.WITHDRAWN, "Another council of that name")
        actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == str(interest.id))))
        assert actions == ["interest:declared", "interest:withdrawn"]
        assert db.session.scalar(select(func.count()).select_from(Interest)) == 1

    def test_what_is_said_of_a_case_or_a_supplier_is_not_for_who_may_not_see_it(
        self, staff: Callable[..., StaffMember], now: datetime
    ) -> None:
        one, senior, blocked = staff(), staff("senior-caseworker"), staff("senior-caseworker")
        case = file()
        of_case, of_supplier = declare(one, case_id=case.id), declare(one, supplier="Another firm")
        with transaction():
            for interest in (of_case, of_supplier):
                withdraw_interest(interest, reason="It is another one", by=senior, now=now)
        declare(blocked, case_id=case.id)

        def said(viewer: StaffMember) -> dict[UUID, tuple[str, str, str]]:
            views = list_interests(one.id, viewer, clock.today())
            return {view.id: (view.what, view.words, view.withdrawal) for view in views}

        own_words = "My brother works there."
        sealed = ("A supplier", "", "")
        open_case = (f"Case {case.reference}", own_words, "It is another one")
        assert said(senior) == {of_case.id: open_case, of_supplier.id: sealed}
        assert said(blocked) == {of_case.id: ("One case", "", ""), of_supplier.id: sealed}
        assert said(one) == {of_case.id: open_case, of_supplier.id: ("Another firm", own_words, "It is another one")}

    def test_two_interests_against_one_case_are_two_blocks(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        one, senior = staff(), staff("senior-caseworker")
        case = file(authority_id=authority.id)
        declare(one, supplier=FIRM)
        wrong = declare(one, authority_id=authority.id)
        with transaction():
            withdraw_interest(wrong, reason="A mistake", by=senior, now=now)
        assert case.reference not in sees(one)

    def test_a_declaration_holds_until_the_case_is_about_another_body(
        self, staff: Callable[..., StaffMember], authority: Authority, now: datetime
    ) -> None:
        one, case = staff(), file()
        assert not has_declared(case, one.id)
        with transaction():
            deny_interest(case, one, now=now)
        assert has_declared(case, one.id)
        with transaction():
            correct_authority(case, authority.id, reason="As told", actor="user:1", now=now)
        assert not has_declared(case, one.id)


class TestEmergencies:
    def test_one_case_is_open_for_four_hours_and_everybody_is_told(
        self, staff: Callable[..., StaffMember], authority: Authority
    ) -> None:
        start = datetime(2026, 3, 2, 10, tzinfo=UTC)
        one, senior, auditor = staff(name="Ada Example"), staff("senior-caseworker"), staff("auditor")
        case = file(authority_id=authority.id)
        declare(one, authority_id=authority.id)
        declare(senior, authority_id=authority.id)
        with transaction():
            open_in_emergency(case.reference, reason="The tender closes at noon", by=one, now=start)
        user = get_user(one.id)
        for hours, expected in ((0, {case.reference}), (3.9, {case.reference}), (4, set())):
            moment = start + timedelta(hours=hours)
            assert sees(user.to_staff_member(emergency_case_id=user.emergency_at(moment))) == expected
        with pytest.raises(DomainError, match="cannot be given this case"):
            assign(case, user, actor="system", now=start)
        told = db.session.scalars(select(OutboxMessage.user_id).where(OutboxMessage.letter == Letter.ACCESS_ALERT))
        assert set(told) == {senior.id, auditor.id}
        assert read_timeline(case)[0].title == (
            "Opened in an emergency by Ada Example until 14:00 on 2 March 2026: The tender closes at noon"
        )
        (line,) = list_emergencies(senior)
        assert (line.name, line.reference, line.reason) == ("Ada Example", "", ""), "it is closed to this senior"
        (line,) = list_emergencies(staff("senior-caseworker"))
        assert (line.reference, line.reason) == (case.reference, "The tender closes at noon")
        with transaction():
            give_back(user, now=start + timedelta(hours=1))
            give_back(user, now=start + timedelta(hours=2))
        assert user.emergency_at(start + timedelta(hours=1)) is None
        assert list_emergencies(senior)[0].until == start + timedelta(hours=1)

    def test_it_opens_neither_who_reported_nor_what_the_gate_stopped(
        self, staff: Callable[..., StaffMember], now: datetime
    ) -> None:
        one, owner, writer = staff("senior-caseworker"), staff(), staff("senior-caseworker")
        case = file()
        give(case, owner, now)
        with pytest.raises(DisclosureError) as stopped:
            check_texts(case, {"body": f"Write to {IDENTITY.email}"})
        with transaction():
            asked = ask_override(case, stopped.value, "They asked for it", page="/", by=writer, now=now)
        standing_in = replace(one, stands_in_for=frozenset({owner.id}))
        assert why_closed(case, standing_in) == ""
        declare(one, case_id=case.id)
        with transaction():
            open_in_emergency(case.reference, reason="The tender closes at noon", by=standing_in, now=now)
        inside = replace(standing_in, emergency_case_id=case.id)
        assert get_case(case.reference, inside) is case
        assert (
            why_closed(case, inside) == "Only whoever owns the case, or stands in for them, can look at who reported."
        )
        with pytest.raises(PermissionDeniedError, match="Somebody else must decide this"):
            decide_override(case, asked, allows=True, answer="Yes", known_by="few", by=inside, now=now)
        assert waiting_for(inside) == []
        assert count_waiting(inside) == 0
        assert [row.id for _, row in waiting_for(staff("senior-caseworker"))] == [asked.id]
        with transaction():
            case.owner_id = one.id  # as of a case that was closed before the interest
        assert why_closed(case, inside) != ""

    def test_it_is_for_cases_that_are_there_and_closed(self, staff: Callable[..., StaffMember], now: datetime) -> None:
        one, case = staff(), file()
        with pytest.raises(DomainError, match="without emergency access"):
            open_in_emergency(case.reference, reason="In a hurry", by=one, now=now)
        with transaction(), pytest.raises(DomainError, match="no case with this reference"):
            open_in_emergency("MS-2020-99999", reason="In a hurry", by=one, now=now)
        assert last_of_log() == ("emergency:opened", "unknown", "refused")

    def test_a_case_that_was_erased_is_not_there(self, staff: Callable[..., StaffMember], now: datetime) -> None:
        one, case = staff(), file()
        with transaction():
            case.erased_on = now.date()
        with transaction(), pytest.raises(DomainError, match="no case with this reference"):
            open_in_emergency(case.reference, reason="In a hurry", by=one, now=now)
        assert last_of_log() == ("emergency:opened", "unknown", "refused")


def last_of_log() -> tuple[str, str, str]:
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    return entry.action, entry.subject_id, entry.outcome
