"""Writes to a case: one function for each thing that can be done. They flush and never commit."""

from mystery_shopper.cases.services.clocks import (
    calendar_for,
    move_tender,
    moves_of,
    next_tender,
    pause_clock,
    recount,
    refresh_due,
    refresh_passed_tenders,
    resume_clock,
    set_step,
)
from mystery_shopper.cases.services.correspondence import add_note, mark_read, receive_message, send_message
from mystery_shopper.cases.services.facts import NewFact, add_facts
from mystery_shopper.cases.services.joining import join_cases, split_report, undo_join
from mystery_shopper.cases.services.leaving import object_to_publication, withdraw
from mystery_shopper.cases.services.moving import (
    assign,
    check_version,
    correct_authority,
    correct_title,
    move,
    route,
)
from mystery_shopper.cases.services.opening import NewReport, file_report
from mystery_shopper.cases.services.overrides import ask_override, decide_override
from mystery_shopper.cases.services.recording import record
from mystery_shopper.cases.services.words import guard_word, take_off_word

__all__ = [
    "NewFact",
    "NewReport",
    "add_facts",
    "add_note",
    "ask_override",
    "assign",
    "calendar_for",
    "check_version",
    "correct_authority",
    "correct_title",
    "decide_override",
    "file_report",
    "guard_word",
    "join_cases",
    "mark_read",
    "move",
    "move_tender",
    "moves_of",
    "next_tender",
    "object_to_publication",
    "pause_clock",
    "receive_message",
    "record",
    "recount",
    "refresh_due",
    "refresh_passed_tenders",
    "resume_clock",
    "route",
    "send_message",
    "set_step",
    "split_report",
    "take_off_word",
    "undo_join",
    "withdraw",
]
