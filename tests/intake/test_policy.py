"""Clocks that keep running, contact details, codes in texts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core import receipts
from mystery_shopper.core.receipts import holds_code
from mystery_shopper.intake.policy import (
    court_deadline,
    draft_expires_on,
    is_email_address,
    is_phone_number,
    running_clocks,
    standstill_end,
)

NO_HOLIDAYS: frozenset[date] = frozenset()
PA23 = date(2025, 6, 1)
PCR = date(2019, 3, 1)


def test_the_day_the_supplier_knew_is_the_first_of_the_30_days() -> None:
    assert court_deadline(date(2026, 11, 1)) == date(2026, 11, 30)


def test_a_standstill_under_the_act_counts_8_working_days_with_the_day_of_the_notice() -> None:
    monday = date(2026, 11, 2)
    assert standstill_end(monday, PA23, NO_HOLIDAYS) == date(2026, 11, 11)


def test_a_notice_on_a_saturday_starts_the_standstill_on_monday() -> None:
    saturday = date(2026, 10, 31)
    assert standstill_end(saturday, PA23, NO_HOLIDAYS) == date(2026, 11, 11)


def test_a_bank_holiday_makes_the_standstill_a_day_longer() -> None:
    assert standstill_end(date(2026, 11, 2), PA23, frozenset({date(2026, 11, 4)})) == date(2026, 11, 12)


def test_a_standstill_under_the_regulations_ends_10_days_after_the_notice() -> None:
    assert standstill_end(date(2019, 5, 1), PCR, NO_HOLIDAYS) == date(2019, 5, 11)


@pytest.mark.parametrize("started_on", [None, date(2015, 2, 25)])
def test_without_a_start_under_known_rules_no_standstill_is_given(started_on: date | None) -> None:
    assert standstill_end(date(2019, 5, 1), started_on, NO_HOLIDAYS) is None


def test_clocks_say_which_date_they_lack() -> None:
    clocks = running_clocks(
        tender_closes_on=None,
        award_notice_on=date(2026, 11, 2),
        started_on=None,
        learnt_on=None,
        holidays=NO_HOLIDAYS,
        today=date(2026, 11, 3),
    )

    assert [clock.needs for clock in clocks] == ["deadline_date", "procurement_start_date", "learnt_on"]
    assert all(clock.ends_on is None for clock in clocks)


def test_a_clock_that_has_run_out_says_so() -> None:
    clocks = running_clocks(
        tender_closes_on=date(2026, 11, 2),
        award_notice_on=None,
        started_on=PCR,
        learnt_on=date(2026, 1, 1),
        holidays=NO_HOLIDAYS,
        today=date(2026, 11, 3),
    )

    assert [clock.is_past for clock in clocks] == [True, True]
    assert "regulation 92" in clocks[1].source


@given(st.dates(date(2009, 1, 1), date(2100, 1, 1)))
def test_a_draft_lives_28_days(updated_on: date) -> None:
    assert draft_expires_on(updated_on) - updated_on == timedelta(days=28)


@pytest.mark.parametrize(
    "text", ["a@b.uk", "first.last+tag@sub.example.co.uk", "o'neil@example.org", "x@xn--80ak6aa92e.com"]
)
def test_addresses_that_can_get_mail_are_accepted(text: str) -> None:
    assert is_email_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a@b", "a@b..c", '"a b"@c.d', "\uff41@b.c", "a@-b.uk", "@b.uk", ".a@b.uk", "a..b@c.uk", "a@@b.uk"),
        *("a b@c.uk", "a" * 300 + "@example.com", "a" * 65 + "@example.com", "a" * 30 + "!" * 100_000),
    ],
)
def test_what_cannot_be_an_address_is_refused(text: str) -> None:
    assert not is_email_address(text)


@pytest.mark.parametrize("text", ["+44 (0)20 7946 0000", "020 7946 0000", "00 44 20 7946 0000", "07700-900982"])
def test_phone_numbers_as_people_write_them_are_accepted(text: str) -> None:
    assert is_phone_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "call me",
        "9" * 60,
        "\uff10\uff12\uff10 \uff17\uff19\uff14\uff16",
        "+44" + " " * 50 + "20 7946 0000",
    ],
)
def test_what_cannot_be_dialled_is_refused(text: str) -> None:
    assert not is_phone_number(text)


class TestHoldsCode:
    @pytest.mark.parametrize(
        "write", [receipts.grouped, str, str.lower, lambda code: receipts.grouped(code).replace(" ", "-")]
    )
    def test_a_code_is_found_however_it_is_written(self, write: object) -> None:
        code = receipts.new_code()
        text = f"Hello, my code: {write(code)}, is this right? I bid on 3 May."  # type: ignore[operator]

        assert holds_code(text, lambda found: found == code)

    def test_another_code_is_not_ones_own(self) -> None:
        own = receipts.new_code()
        assert not holds_code(f"the code {receipts.new_code()}", lambda found: found == own)

    @given(st.text(max_size=300))
    def test_text_without_the_code_is_never_refused(self, text: str) -> None:
        assert not holds_code(text, lambda _found: False)

    def test_a_long_text_is_read_in_linear_time(self) -> None:
        asked = []
        holds_code("ab " * 10_000, lambda found: bool(asked.append(found)))
        assert len(asked) < 10_000


def test_a_cancelled_competition_has_no_deadline_for_tenders() -> None:
    clocks = running_clocks(
        tender_closes_on=date(2026, 12, 2),
        award_notice_on=None,
        started_on=PA23,
        learnt_on=date(2026, 11, 1),
        holidays=NO_HOLIDAYS,
        today=date(2026, 11, 3),
        is_cancelled=True,
    )

    assert [clock.title for clock in clocks] == ["Time limit to go to court"]
