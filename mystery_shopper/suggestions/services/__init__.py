"""Writes of Tell us how: one function for each thing that can be done. They flush and never commit."""

from mystery_shopper.suggestions.services.drafts import (
    erase_expired_drafts,
    save_answers,
    start_draft,
    submit_draft,
)
from mystery_shopper.suggestions.services.filing import NewSuggestion, file_suggestion
from mystery_shopper.suggestions.services.handling import (
    NewAnswer,
    NewRoute,
    answer,
    class_suggestion,
    close,
    mark_reply_read,
    note_overdue,
    remind,
    reopen,
    reply,
    route,
)
from mystery_shopper.suggestions.services.leaving import object_to_publication, withdraw_suggestion
from mystery_shopper.suggestions.services.publishing import (
    CAN_BE_PUBLISHED,
    approve,
    correct_text,
    record_refusal,
    save_text,
    send_back,
    submit_text,
    withdraw,
)
from mystery_shopper.suggestions.services.recording import record

__all__ = [
    "CAN_BE_PUBLISHED",
    "NewAnswer",
    "NewRoute",
    "NewSuggestion",
    "answer",
    "approve",
    "class_suggestion",
    "close",
    "correct_text",
    "erase_expired_drafts",
    "file_suggestion",
    "mark_reply_read",
    "note_overdue",
    "object_to_publication",
    "record",
    "record_refusal",
    "remind",
    "reopen",
    "reply",
    "route",
    "save_answers",
    "save_text",
    "send_back",
    "start_draft",
    "submit_draft",
    "submit_text",
    "withdraw",
    "withdraw_suggestion",
]
