"""Letters to an authority: filled from the case, past the gate, recorded with their clock."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.cases.models import Case
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import DomainError
from mystery_shopper.facts.registry import registry
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.letters.composing import environment
from mystery_shopper.letters.policy import (
    LANGUAGES,
    KnownBy,
    Question,
    check_days,
    check_known_by,
    facts_left_out,
    fill_in,
    kinds,
)
from tests.casework.pages import Desk
from tests.factories.reports import IDENTITY, Filed

TODAY, DUE = date(2026, 3, 2), date(2026, 4, 1)
INFORMAL, FORMAL = kinds()["informal-enquiry"], kinds()["section-108-notice"]
QUESTION = Question("R-1", "The bond is too high", ("a bond of £5,000,000",), ("PPN 1, para 2",))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_in_both_languages_and_they_fill(language: str) -> None:
    for kind in kinds().values():
        values = {"reference": "LTR-1", "authority": "Nowhere", "procurement": "Meals", "notice_days": 30}
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
    welsh = fill_in("{due}", kind=INFORMAL, today=TODAY, due=DUE, language="cy")
    assert welsh == "1 Ebrill 2026"


@pytest.mark.parametrize(
    ("text", "due", "field"),
    [
        ("Answer by {due}", None, "response_due_on"),
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


def test_facts_that_are_left_out_exist() -> None:
    assert facts_left_out() <= set(registry())


def test_a_notice_is_written_from_the_flags_gated_and_recorded_with_its_clock(
    app: Flask, file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    desk = Desk(signed_in("caseworker"), file_report().case_reference)
    desk.move("acknowledged", "triage", "accepted", "authority-contacted")
    assert "section 108" in desk.see("letters/new")
    assert "section 40" not in desk.see("letters/new"), "that power has ended"
    assert desk.client.get(desk.url("letters/new/section-40-notice/en")).status_code == 404
    assert "Hysbysiad o dan adran 108" in desk.see("letters/new/section-108-notice/cy")
    path = "letters/new/section-108-notice/en"
    page = desk.see(path)
    assert "a bond of £" in page
    assert desk.reference not in re.search(r"<textarea.*?</textarea>", page, re.S)[0]  # type: ignore[index]
    fields: dict[str, Any] = {"known_by": "few", "moves_case": "yes", "summary": "{date} Answer by {due}. Why?"}
    assert "May it go all the same" not in page, "only after the warning"
    warned = desk.send(path, fields).text
    assert "can guess who told us" in warned
    assert "May it go all the same" in warned
    fields |= {"is_confirmed": "yes"}
    stopped = desk.send(path, fields | {"summary": f"{IDENTITY.organisation} says so. {{due}}"}).text
    assert "Remove words that could identify the reporter" in stopped
    assert "Ask a second person" in stopped
    carried = desk.carried(desk.url(path))
    sent = desk.send(path, fields, carried=carried)
    assert sent.status_code == 302, sent.text
    assert desk.send(path, fields, carried=carried).headers["Location"] == sent.headers["Location"], "once"
    due = format_day(clock.today() + timedelta(days=30))
    shown = desk.client.get(sent.headers["Location"]).text
    assert f"Answer by {due}. Why?" in shown
    assert (
        "govuk-notification-banner" not in shown or "ms-no-print" in shown.split("govuk-notification-banner", 1)[1][:80]
    )
    text = desk.client.get(sent.headers["Location"] + "/text")
    assert text.text == f"{format_day(clock.today())} Answer by {due}. Why?"
    assert re.search(r'filename="LTR-[0-9A-F]{8}\.txt"', text.headers["Content-Disposition"])
    whole = desk.see()
    assert "Letters to the authority" in whole
    assert "The writer was warned" in whole
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        row = db.session.scalars(select(Intervention)).one()
        assert case.state == "formal-notice"
        assert case.step_due_on == row.response_due_on == clock.today() + timedelta(days=30)
