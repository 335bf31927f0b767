"""Who gets a case: the next one, never twice; handing over; being away and who stands in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from mystery_shopper.accounts.absences import end_absence, find_absence, set_absence, stand_in_for
from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.allocation.queries import suggest_owners
from mystery_shopper.allocation.services import choose_work, hand_over, take_next
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.ownership import OwnershipRule, _rules, add_rule, who_is_told
from mystery_shopper.cases.queries import get_case_for_update, list_events, visible_cases
from mystery_shopper.cases.services import assign
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError
from tests.factories.reports import Filed, add_report
from tests.factories.staff import Member

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = NOW.date()
TAKERS, CASES = 5, 8


def staff(member: Member) -> StaffMember:
    return get_user(member.id).to_staff_member()


def filed(count: int) -> list[Filed]:
    with clock.frozen(NOW), transaction():
        return [add_report() for _ in range(count)]


def give(case: Filed, member: Member) -> None:
    with transaction():
        assign(get_case_for_update(case.case_id), get_user(member.id), actor="system", now=NOW)


def away(member: Member, deputy: Member | None, *, days: int = 5) -> None:
    with transaction():
        set_absence(
            get_user(member.id),
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=days),
            deputy=get_user(deputy.id) if deputy else None,
            today=TODAY,
            actor="user:1",
            now=NOW,
        )


class TestTakingTheNext:
    def test_two_people_never_get_the_same_case(self, app: Flask, make_user: Callable[..., Member]) -> None:
        with app.app_context():
            filed(CASES)
            members = [make_user("caseworker") for _ in range(TAKERS)]
            people = [staff(member) for member in members]
            db.session.remove()
        barrier, got, failed = Barrier(TAKERS), [], []

        def take(taker: StaffMember) -> None:
            with app.app_context():
                barrier.wait()
                for _ in range(CASES):
                    try:
                        with transaction():
                            case = take_next(taker, now=NOW)
                            reference = case.reference if case else None
                    except Exception as error:
                        failed.append(type(error).__name__)
                        continue
                    if reference is not None:
                        got.append(reference)

        threads = [Thread(target=take, args=(one,)) for one in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert len(got) == CASES
        assert len(set(got)) == CASES
        with app.app_context():
            events = [row.tag for case in db.session.scalars(select(Case)) for row in list_events(case)]
            assert events.count("case:assigned") == CASES
            assert db.session.scalar(select(func.count()).where(Case.owner_id.is_(None))) == 0

    def test_the_first_due_comes_first_and_only_from_own_queues_and_skills(
        self, app_context: Flask, make_user: Callable[..., Member]
    ) -> None:
        first, second, third = filed(3)
        worker, expert = make_user("caseworker"), make_user("caseworker")
        with transaction():
            for one, queue, due in ((first, "payment", 1), (second, "central", 2), (third, "central", 1)):
                case = get_case_for_update(one.case_id)
                case.queue, case.due_on = queue, TODAY + timedelta(days=due)
            choose_work(get_user(expert.id), queues=["payment"], known=["late-payment"], actor="user:1", now=NOW)
        taken = []
        for person in (worker, worker, worker, expert, expert):
            with transaction():
                case = take_next(staff(person), now=NOW)
                taken.append(case.reference if case else None)
        assert taken == [third.case_reference, second.case_reference, None, first.case_reference, None]

    def test_a_skill_nobody_has_keeps_no_case_waiting(
        self, app_context: Flask, make_user: Callable[..., Member]
    ) -> None:
        (one,) = filed(1)
        with transaction():
            get_case_for_update(one.case_id).queue = "payment"
        with transaction():
            case = take_next(staff(make_user("caseworker")), now=NOW)
        assert case is not None

    def test_a_reason_against_an_owner_counts_everywhere(
        self, app_context: Flask, make_user: Callable[..., Member]
    ) -> None:
        barred, other, senior = make_user("caseworker"), make_user("caseworker"), make_user("senior-caseworker")
        (one,) = filed(1)
        rule = OwnershipRule(
            key="test",
            refusal=lambda _case, person: "Somebody else must have it" if person.id == barred.id else None,
            condition=lambda user_id: Case.id.is_(None) if user_id == barred.id else Case.id.is_not(None),
        )
        add_rule(rule)
        try:
            with transaction():
                assert take_next(staff(barred), now=NOW) is None
            case = get_case_for_update(one.case_id)
            offered = {suggestion.user_id for suggestion in suggest_owners(case, staff(senior), TODAY)}
            assert offered == {other.id, senior.id}
            with pytest.raises(DomainError, match="Somebody else must have it"):
                assign(case, get_user(barred.id), actor="user:1", now=NOW)
        finally:
            del _rules["test"]

    def test_nobody_takes_a_case_while_they_are_away(
        self, app_context: Flask, make_user: Callable[..., Member]
    ) -> None:
        filed(1)
        worker = make_user("caseworker")
        away(worker, None)
        with pytest.raises(DomainError, match="You are out of office"), transaction():
            take_next(staff(worker), now=NOW)


@pytest.mark.usefixtures("app_context")
class TestHandingOver:
    def test_several_cases_go_over_with_a_reason_and_what_changed_hands_stays(
        self, make_user: Callable[..., Member]
    ) -> None:
        old, new, senior = make_user("caseworker"), make_user("caseworker"), make_user("senior-caseworker")
        one, two, three = filed(3)
        for case in (one, two):
            give(case, old)
        give(three, senior)
        references = [case.case_reference for case in (one, two, three)]
        with transaction():
            done = hand_over(references, old.id, get_user(new.id), staff(senior), reason="Leaving", now=NOW)
        assert done.cases == tuple(references[:2])
        assert [reference for reference, _ in done.stayed] == [references[2]]
        case = get_case_for_update(one.case_id)
        event = list_events(case)[-1].to_event(case.data_key)
        assert (case.owner_id, event.sentence()) == (new.id, "Assigned to Robin Example: Leaving")

    def test_nothing_is_given_to_somebody_who_is_away(self, make_user: Callable[..., Member]) -> None:
        old, absent, senior = make_user("caseworker"), make_user("caseworker"), make_user("senior-caseworker")
        (one,) = filed(1)
        give(one, old)
        away(absent, None)
        with transaction():
            done = hand_over([one.case_reference], old.id, get_user(absent.id), staff(senior), reason="x", now=NOW)
        assert done.cases == ()
        assert "out of office until 7 March 2026" in done.stayed[0][1]


@pytest.mark.usefixtures("app_context")
class TestBeingAway:
    def see(self, member: Member, stands_in_for: frozenset[object]) -> list[str]:
        user = get_user(member.id).to_staff_member(stands_in_for=stands_in_for)  # type: ignore[arg-type]
        return [case.reference for case in db.session.scalars(visible_cases(user))]

    def test_what_comes_in_goes_to_the_deputy_and_back_again(self, make_user: Callable[..., Member]) -> None:
        owner, deputy = make_user("caseworker"), make_user("caseworker")
        (one,) = filed(1)
        give(one, owner)
        case = get_case_for_update(one.case_id)
        assert who_is_told(case, TODAY) == owner.id
        away(owner, deputy)
        assert who_is_told(case, TODAY) == deputy.id
        assert who_is_told(case, TODAY + timedelta(days=6)) == owner.id
        assert self.see(deputy, frozenset()) == []
        assert self.see(deputy, frozenset({owner.id})) == [one.case_reference]
        with transaction():
            end_absence(get_user(owner.id), today=TODAY, actor="user:1", now=NOW)
        assert who_is_told(case, TODAY) == owner.id

    def test_what_a_deputy_who_is_away_too_cannot_take_stays_with_the_owner(
        self, make_user: Callable[..., Member]
    ) -> None:
        first, second, third = (make_user("caseworker") for _ in range(3))
        away(first, second)
        away(second, third)
        assert stand_in_for(first.id, TODAY) == first.id, "the third may not see the cases of the first"
        assert stand_in_for(second.id, TODAY) == third.id
        with pytest.raises(DomainError, match="is away from 2 March 2026 to 7 March 2026"):
            away(third, first)

    def test_a_new_time_away_replaces_the_old_and_days_must_be_in_order(self, make_user: Callable[..., Member]) -> None:
        owner = make_user("caseworker")
        away(owner, None, days=20)
        away(owner, None, days=2)
        assert find_absence(owner.id, TODAY + timedelta(days=3)) is None
        for start, end, words in ((3, 1, "before the first"), (-9, -2, "today or later")):
            with pytest.raises(DomainError, match=words):
                set_absence(
                    get_user(owner.id),
                    starts_on=TODAY + timedelta(days=start),
                    ends_on=TODAY + timedelta(days=end),
                    deputy=None,
                    today=date(2026, 3, 2),
                    actor="user:1",
                    now=NOW,
                )
