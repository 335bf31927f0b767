"""Whom a case suits: the order, and the reasons in words."""

from datetime import date
from uuid import UUID

from mystery_shopper.allocation.policy import Asks, Candidate, Wanted, skills, skills_for, suggest, weights
from mystery_shopper.cases.policy import Priority
from mystery_shopper.cases.queues import QUEUE_LABELS


def person(number: int, name: str, *, load: int = 0, queues: tuple[str, ...] = (), known: tuple[str, ...] = (),
           away: date | None = None) -> Candidate:  # fmt: skip
    return Candidate(
        user_id=UUID(int=number),
        name=name,
        queues=frozenset(queues),
        skills=frozenset(known),
        cases=load,
        load=load,
        away_until=away,
    )


PAYMENT = Wanted(queue="payment", skills=frozenset({"late-payment"}))


def test_skill_comes_before_queue_and_queue_before_load_and_the_absent_last() -> None:
    people = [
        person(1, "Absent", known=("late-payment",), queues=("payment",), away=date(2026, 3, 9)),
        person(2, "Light"),
        person(3, "Other queue", known=("late-payment",), queues=("central",)),
        person(4, "Busy", known=("late-payment",), queues=("payment",), load=9),
        person(5, "Free", known=("late-payment",), load=4),
    ]
    found = suggest(PAYMENT, people)
    assert [one.name for one in found] == ["Free", "Busy", "Other queue", "Light", "Absent"]
    assert [one.is_first for one in found] == [True, False, False, False, False]
    assert found[0].reasons == ("Knows: Late payment", "4 open cases, load 4")
    assert found[2].reasons == (
        "Knows: Late payment",
        "Does not work on the queue Payment",
        "0 open cases, load 0, the lightest load",
    )
    assert found[-1].reasons[0] == "Out of office until 9 March 2026"


def test_nobody_is_suggested_first_when_everybody_is_away() -> None:
    found = suggest(PAYMENT, [person(1, "Absent", away=date(2026, 3, 9))])
    assert [(one.is_first, one.is_away) for one in found] == [(False, True)]
    assert suggest(PAYMENT, []) == []


def test_a_case_asks_for_skills_by_its_queue_law_and_language() -> None:
    values = {Asks.QUEUE: {"payment"}, Asks.REGIME: {"PSR2023"}, Asks.LANGUAGE: {"en", "cy"}}
    assert skills_for(values) == {"late-payment", "health-services", "welsh"}
    assert skills_for({Asks.QUEUE: {"central"}}) == frozenset()


def test_the_data_names_queues_that_exist_and_weighs_every_priority() -> None:
    assert {skill.value for skill in skills().values() if skill.field is Asks.QUEUE} <= set(QUEUE_LABELS)
    assert set(weights()) == set(Priority)
