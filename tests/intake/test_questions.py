"""The few questions at the end of a report are about what the reporter complains of."""

from dataclasses import replace

from flask import Flask

from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.questions import page_of_questions, rules_complained_of

CANCELLED = Answers(
    barriers=("cancelling",),
    facts={"procurement_start_date": "2026-03-01", "deadline_date": "2026-05-10", "cancelled": True},
)


def test_a_deadline_alone_brings_no_questions_about_time(app: Flask) -> None:
    with app.app_context():
        page = page_of_questions(CANCELLED)
        other = page_of_questions(replace(CANCELLED, barriers=("something-else",)))

    assert page is not None
    assert "termination_notice_published" in page.facts
    assert not {"notice_date", "is_dps", "response_days"} & set(page.facts)
    assert other is not None
    assert {"notice_date", "is_dps"} & set(other.facts), "who chose no kind of barrier is asked for all rules"


def test_a_barrier_without_rules_narrows_nothing() -> None:
    assert rules_complained_of(Answers(barriers=("something-else",))) is None
    assert rules_complained_of(Answers()) is None
    about = rules_complained_of(Answers(barriers=("payment",)))
    assert about is not None
    assert {"PAY-30", "PAY-SUBCONTRACT"} <= about
