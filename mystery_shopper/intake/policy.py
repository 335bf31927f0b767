"""Decisions of the reporter's side, pure: how long a draft lives, the clocks that keep running, codes in a text."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from mystery_shopper.core.calendar import add_working_days, is_working_day, last_day_beginning_with
from mystery_shopper.core.languages import _

DRAFT_DAYS = 28
COURT_DAYS = 30
STANDSTILL_WORKING_DAYS = 8
STANDSTILL_DAYS_PCR = 10
PCR_STARTS = date(2015, 2, 26)
PA23_STARTS = date(2025, 2, 24)

COURT_ADVICE = _("A report to us does not stop it. Only a court can stop an award. Ask a solicitor soon.")
EMAIL_MAX = 254
LOCAL_PART_MAX = 64
PHONE_MAX = 40
PHONE_DIGITS_MIN = 7
PHONE_DIGITS_MAX = 15

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+", re.ASCII)
_LABEL = re.compile(r"[A-Za-z0-9-]{1,63}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 ().-]+", re.ASCII)


@dataclass(frozen=True)
class RunningClock:
    """A date that a report does not stop. `ends_on` is None when the date it counts from is not known.

    `needs` names the fact or answer that would tell; `address` is where the law can be read.
    """

    title: str
    text: str
    ends_on: date | None
    is_past: bool
    source: str = ""
    address: str = ""
    needs: str = ""


def draft_expires_on(updated_on: date) -> date:
    """Return the last day of a draft that nobody came back to (28 days, an assumption of this project)."""
    return updated_on + timedelta(days=DRAFT_DAYS)


def court_deadline(learnt_on: date) -> date:
    """Return the last day to start proceedings: 30 days beginning with the day the supplier knew or should have.

    Source: Public Contracts Regulations 2015 reg 92(2); Procurement Act 2023 s.106(2).
    """
    return last_day_beginning_with(learnt_on, COURT_DAYS)


def standstill_end(award_notice_on: date, started_on: date | None, holidays: AbstractSet[date]) -> date | None:
    """Return the last day of the standstill, None when the procurement began under older rules or on an unknown day.

    Source: Procurement Act 2023 s.51 (8 working days beginning with the day of the contract award notice); Public
    Contracts Regulations 2015 reg 87 (midnight at the end of the 10th day after a notice was sent electronically).
    """
    if started_on is None or started_on < PCR_STARTS:
        return None
    if started_on < PA23_STARTS:
        return award_notice_on + timedelta(days=STANDSTILL_DAYS_PCR)
    first = award_notice_on if is_working_day(award_notice_on, holidays) else None
    return add_working_days(award_notice_on, STANDSTILL_WORKING_DAYS - (1 if first else 0), holidays)


def running_clocks(
    *,
    tender_closes_on: date | None,
    award_notice_on: date | None,
    started_on: date | None,
    learnt_on: date | None,
    holidays: AbstractSet[date],
    today: date,
    is_cancelled: bool = False,
) -> tuple[RunningClock, ...]:
    """Return the clocks a report does not stop, the tender's own first. A cancelled competition takes no tenders."""
    clocks = [] if is_cancelled else [_tender_clock(tender_closes_on, today)]
    if award_notice_on is not None:
        clocks.append(_standstill_clock(award_notice_on, started_on, holidays, today))
    clocks.append(_court_clock(learnt_on, started_on, today))
    return tuple(clocks)


def _tender_clock(closes_on: date | None, today: date) -> RunningClock:
    title = _("Deadline for tenders")
    if closes_on is None:
        text = _("You have not told us when tenders must be in. If you want to bid, keep to the buyer's deadline.")
        return RunningClock(title, text, None, False, needs="deadline_date")
    past = closes_on < today
    text = (
        _("This has passed.") if past else _("If you want to bid, send your tender by then. Your report stops nothing.")
    )
    return RunningClock(title, text, closes_on, past)


def _standstill_clock(
    award_notice_on: date, started_on: date | None, holidays: AbstractSet[date], today: date
) -> RunningClock:
    ends_on = standstill_end(award_notice_on, started_on, holidays)
    title = _("Standstill: the buyer may not sign before this has ended")
    if ends_on is None:
        text = _("Tell us when the procurement started, so that we can work this out.")
        return RunningClock(title, text, None, False, needs="procurement_start_date")
    is_act = started_on is not None and started_on >= PA23_STARTS
    text = (
        _("The standstill is at least 8 working days, counting the day the award notice was published.")
        if is_act
        else _(
            "The standstill ends at midnight on the 10th day after the notice was sent electronically. "
            "It can end later when that is not a working day."
        )
    )
    source, address = (
        (_("Procurement Act 2023, section 51"), "https://www.legislation.gov.uk/ukpga/2023/54/section/51")
        if is_act
        else (
            _("Public Contracts Regulations 2015, regulation 87"),
            "https://www.legislation.gov.uk/uksi/2015/102/regulation/87",
        )
    )
    return RunningClock(title, text, ends_on, ends_on < today, source, address)


def _court_clock(learnt_on: date | None, started_on: date | None, today: date) -> RunningClock:
    is_act = started_on is None or started_on >= PA23_STARTS
    source, address = (
        (_("Procurement Act 2023, section 106"), "https://www.legislation.gov.uk/ukpga/2023/54/section/106")
        if is_act
        else (
            _("Public Contracts Regulations 2015, regulation 92"),
            "https://www.legislation.gov.uk/uksi/2015/102/regulation/92",
        )
    )
    title = _("Time limit to go to court")
    rule = _("Usually 30 days, beginning with the day you first knew of the problem or should have known of it.")
    if learnt_on is None:
        text = rule + " " + _("You have not told us that day. A report to us does not stop this time limit.")
        return RunningClock(title, text, None, False, source, address, needs="learnt_on")
    ends_on = court_deadline(learnt_on)
    past = ends_on < today
    advice = _("It seems to have passed. A solicitor can tell you if you still have time.") if past else COURT_ADVICE
    return RunningClock(title, f"{rule} {advice}", ends_on, past, source, address)


def is_email_address(text: str) -> bool:
    """Tell whether mail could be sent to this: one @, a plain local part, a domain of at least two labels."""
    local, _at, domain = text.rpartition("@")
    labels = domain.split(".")
    plain = _LOCAL_PART.fullmatch(local) is not None and not (local[0] == "." or local[-1] == "." or ".." in local)
    named = all(_LABEL.fullmatch(label) and label[0] != "-" and label[-1] != "-" for label in labels)
    return plain and named and len(labels) > 1 and len(local) <= LOCAL_PART_MAX and len(text) <= EMAIL_MAX


def is_phone_number(text: str) -> bool:
    """Tell whether this can be dialled: 7 to 15 digits, with the spaces, brackets and hyphens people write."""
    digits = sum(character.isdigit() for character in text)
    written = _PHONE.fullmatch(text) is not None and len(text) <= PHONE_MAX
    return written and PHONE_DIGITS_MIN <= digits <= PHONE_DIGITS_MAX
