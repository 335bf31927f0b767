"""Clocks of requests against days counted by hand."""

from datetime import date

import pytest

from mystery_shopper.core.calendar import Span
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.requests.packs import answer_text, make_zip, table
from mystery_shopper.requests.policy import clocks, decision_labels, exemptions, kinds, read_clocks
from mystery_shopper.requests.services.register import holidays_anywhere
from mystery_shopper.requests.states import Decision, RequestKind

ANYWHERE = holidays_anywhere()


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 6, 1), date(2026, 6, 29)),  # twenty weekdays, none a holiday anywhere
        (date(2026, 2, 25), date(2026, 3, 26)),  # 17 March is a holiday in Northern Ireland only, and does not count
        (date(2026, 3, 16), date(2026, 4, 16)),  # 17 March, Good Friday, Easter Monday
        (date(2026, 12, 7), date(2027, 1, 8)),  # Christmas, 28 December, New Year, 4 January in Scotland only
        (date(2026, 5, 30), date(2026, 6, 26)),  # a Saturday is not counted anyhow
    ],
)
def test_freedom_of_information_has_twenty_days_that_are_worked_all_over_the_country(received: date, due: date) -> None:
    assert clocks()["foi"].due_on(received, (), ANYWHERE) == due


def test_a_question_begins_the_time_of_freedom_of_information_anew() -> None:
    asked = [Span(date(2026, 6, 3), date(2026, 6, 15))]
    assert clocks()["foi"].due_on(date(2026, 6, 1), asked, ANYWHERE) == date(2026, 7, 14)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 6, 3), date(2026, 7, 3)),
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 4, 4), date(2026, 5, 5)),  # 4 May is a bank holiday
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, Boxing Day on a Saturday, its Monday
    ],
)
def test_subject_access_has_a_month_that_ends_on_a_working_day(received: date, due: date) -> None:
    assert clocks()["subject-access"].due_on(received, (), ANYWHERE) == due


def test_a_question_stops_the_clock_of_subject_access_and_an_extension_gives_two_months() -> None:
    access = clocks()["subject-access"]
    asked = [Span(date(2026, 6, 10), date(2026, 6, 20))]
    assert access.due_on(date(2026, 6, 3), asked, ANYWHERE) == date(2026, 7, 14)
    assert access.due_on(date(2026, 6, 3), (), ANYWHERE, is_extended=True) == date(2026, 9, 3)


def test_each_law_has_its_exemptions_and_a_bad_line_is_named() -> None:
    assert {"s40", "s41", "s36", "s31"} <= {one.id for one in exemptions().values() if one.kind is RequestKind.FOI}
    assert "par16" in exemptions()
    with pytest.raises(ConfigurationError, match=r"clocks.csv line 2"):
        read_clocks(["kind,count,unit,clarifying,extension_months,source", "eir,20,working-days,pauses,0,x"])


def test_a_pack_of_the_same_content_is_the_same_bytes_and_no_cell_is_a_formula() -> None:
    parts = [answer_text("Dear Petra"), table("x.csv", ("A",), [("=HYPERLINK(1)",)])]
    assert make_zip(parts) == make_zip(parts)
    assert b'"\'=HYPERLINK(1)"' in parts[1].data


def test_a_complaint_is_acknowledged_within_thirty_days_that_begin_with_the_day_it_came() -> None:
    assert clocks()["complaint"].acknowledge_by(date(2026, 6, 1)) == date(2026, 6, 30)
    assert {kind for kind in RequestKind if clocks()[kind].acknowledge_by(date(2026, 6, 1))} == {RequestKind.COMPLAINT}


def test_every_kind_has_a_clock_a_prefix_of_its_own_answers_and_something_to_hold_against_it() -> None:
    assert len({rules.prefix for rules in kinds().values()}) == len(RequestKind)
    for kind, rules in kinds().items():
        clock = clocks()[kind]
        assert bool(clock.extension_months) == rules.about_somebody, kind
        assert clock.due_on(date(2026, 6, 1), (), ANYWHERE) > date(2026, 6, 1)
        answers = {decision for of, decision in decision_labels() if of is kind}
        assert {Decision.GIVEN, Decision.REFUSED, Decision.WITHDRAWN} <= answers
        assert [one for one in exemptions().values() if one.kind is kind]
    assert {kind for kind, rules in kinds().items() if rules.restricts} == {RequestKind.RESTRICTION}
