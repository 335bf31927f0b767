"""Writes to a case: one function for each thing that can be done. They flush and never commit."""

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
    next_tender,
    record,
    refresh_due,
    refresh_passed_tenders,
    route,
)
from mystery_shopper.cases.services.opening import NewReport, file_report

__all__ = [
    "NewFact",
    "NewReport",
    "add_facts",
    "add_note",
    "assign",
    "check_version",
    "correct_authority",
    "correct_title",
    "file_report",
    "join_cases",
    "mark_read",
    "move",
    "next_tender",
    "object_to_publication",
    "receive_message",
    "record",
    "refresh_due",
    "refresh_passed_tenders",
    "route",
    "send_message",
    "split_report",
    "undo_join",
    "withdraw",
]
