"""Writes: what caseworkers do with an inquiry, and what the officers of the authority do. They flush, never commit."""

from mystery_shopper.answering.services.answering import add_files, remove_file, save_draft, send_answer
from mystery_shopper.answering.services.asking import (
    add_question,
    offer_entry,
    remove_question,
    start_inquiry,
)
from mystery_shopper.answering.services.deciding import Ruling, decide_request
from mystery_shopper.answering.services.entering import leave, note_use, open_inquiry
from mystery_shopper.answering.services.inviting import Invited, invite, invite_again, revoke
from mystery_shopper.answering.services.requesting import (
    ask_for_time,
    ask_what_is_meant,
    name_colleague,
    reply_to_entry,
)

__all__ = [
    "Invited",
    "Ruling",
    "add_files",
    "add_question",
    "ask_for_time",
    "ask_what_is_meant",
    "decide_request",
    "invite",
    "invite_again",
    "leave",
    "name_colleague",
    "note_use",
    "offer_entry",
    "open_inquiry",
    "remove_file",
    "remove_question",
    "reply_to_entry",
    "revoke",
    "save_draft",
    "send_answer",
    "start_inquiry",
]
