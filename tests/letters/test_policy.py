"""Words of letters and what is decided about them, without a database."""

import json
import re
from datetime import date, timedelta

import pytest

from mystery_shopper.core.errors import DomainError
from mystery_shopper.facts.registry import registry
from mystery_shopper.letters.composing import environment
from mystery_shopper.letters.policy import (
    CALL,
    LANGUAGES,
    KnownBy,
    LetterText,
    Question,
    check_days,
    check_known_by,
    check_moment,
    days_to_answer,
    facts_left_out,
    fill_in,
    first_of_next_month,
    kinds,
)
from mystery_shopper.letters.states import LetterState, can_step

TODAY, DUE = date(2026, 3, 2), date(2026, 4, 1)
INFORMAL, FORMAL = kinds()["informal-enquiry"], kinds()["section-108-notice"]
QUESTION = Question("R-1", "The bond is too high", ("a bond of £5,000,000",), ("PPN 1, para 2",))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_in_both_languages_and_they_fill(language: str) -> None:
    for kind in kinds().values():
        values = {"reference": "LTR-1", "authority": "Nowhere", "procurement": "Meals", "notice_days": 30}
        values["closes_on"] = "9 May 2026"
        for questions in ((QUESTION,), ()):
            text = environment(language).get_template(kind.key).render(questions=questions, **values)
            own = text
            for place in re.findall(r"\{[^{}]+\}", text):
                own = own if place in ("{date}", "{due}") else own.replace(place, "words")
            filled = fill_in(own, kind=kind, today=TODAY, due=DUE, language=language)
            assert "{" not in filled
            assert "Meals\n\n" in filled or "“Meals”" in filled, "a blank line after the head"
            assert not kind.asks or not questions or "a bond of £5,000,000" in filled
            assert ("{due}" in text) == (kind.is_formal or kind.answer_days is not None)
    call = environment(language).get_template(CALL).render(questions=(QUESTION,), **values)
    assert "a bond of £5,000,000" in call
    assert "9 May 2026" in call
    assert "{" not in call
    welsh = fill_in("{due}", kind=INFORMAL, today=TODAY, due=DUE, language="cy")
    assert welsh == "1 Ebrill 2026"


@pytest.mark.parametrize(
    ("text", "due", "field"),
    [
        ("Answer by {due}", None, "answer_days"),
        ("Dear {name of the officer}", DUE, "summary"),
        ("We want an answer", DUE, "summary"),
    ],
)
def test_a_letter_that_is_not_ready_is_refused(text: str, due: date | None, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        fill_in(text, kind=FORMAL, today=TODAY, due=due, language="en")
    assert refused.value.field == field


@pytest.mark.parametrize(
    "written",
    [
        "2 March 2026",
        "2 MARCH\n2026",
        "2 Mar 2026",
        "March 2, 2026",
        "02/03/2026",
        "2/3/2026",
        "2026-03-02",
        "2 Mawrth 2026",
    ],
)
def test_the_day_a_report_came_stays_in(written: str) -> None:
    text = f"We were told on {written} of this."
    with pytest.raises(DomainError, match="Take out"):
        check_days(text, [TODAY], ())
    check_days(text, [TODAY], {TODAY})
    check_days("We were told on 12 March 2026, 12/3/2026 and in March 2026.", [TODAY], ())


@pytest.mark.parametrize("known_by", [KnownBy.FEW, KnownBy.UNSURE])
def test_the_writer_is_warned_when_few_could_know(known_by: KnownBy) -> None:
    with pytest.raises(DomainError, match="can guess who told us"):
        check_known_by(known_by, is_confirmed=False)
    check_known_by(known_by, is_confirmed=True)
    check_known_by(KnownBy.MORE, is_confirmed=False)


def test_the_sender_is_warned_soon_after_a_report_but_not_when_a_deadline_is_near() -> None:
    for kind in kinds().values():
        soon = TODAY + timedelta(days=kind.quiet_days - 1)
        if kind.quiet_days:
            with pytest.raises(DomainError, match="can tell the authority who reported"):
                check_moment(kind, TODAY, soon, is_confirmed=False)
        check_moment(kind, TODAY, soon, is_confirmed=True)
        check_moment(kind, TODAY, TODAY + timedelta(days=kind.quiet_days), is_confirmed=False)
    assert INFORMAL.quiet_days > 0
    assert kinds()["urgent"].quiet_days == 0
    assert first_of_next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert first_of_next_month(date(2026, 1, 1)) == date(2026, 2, 1)


def test_an_urgent_letter_never_asks_for_an_answer_after_the_deadline() -> None:
    urgent = kinds()["urgent"]
    wanted = urgent.answer_days
    assert wanted is not None
    assert days_to_answer(urgent, None, TODAY) == days_to_answer(urgent, TODAY - timedelta(days=1), TODAY) == wanted
    assert days_to_answer(urgent, TODAY + timedelta(days=30), TODAY) == wanted
    assert days_to_answer(urgent, TODAY + timedelta(days=1), TODAY) == days_to_answer(urgent, TODAY, TODAY) == 1
    assert days_to_answer(INFORMAL, TODAY, TODAY) == INFORMAL.answer_days


def test_what_was_written_is_read_back_as_it_was() -> None:
    for content in (LetterText(text="A"), LetterText(text="B", answer_days=3, known_by=KnownBy.FEW, is_confirmed=True)):
        assert LetterText.from_json(json.loads(json.dumps(content.to_json()))) == content


def test_no_letter_goes_without_approval_and_none_comes_back() -> None:
    assert [old for old in LetterState if can_step(old, LetterState.SENT)] == [LetterState.APPROVED]
    assert not any(can_step(LetterState.SENT, new) for new in LetterState)


def test_facts_that_are_left_out_exist() -> None:
    assert facts_left_out() <= set(registry())
