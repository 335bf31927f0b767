"""Writes of letters: drafted, put before a second person, sent, and taken out. One function for each step."""

from mystery_shopper.letters.services.deciding import approve_letter, send_back_letter
from mystery_shopper.letters.services.drafting import (
    NewLetter,
    drop_letter,
    save_letter,
    start_letter,
    submit_letter,
)
from mystery_shopper.letters.services.sending import hold_letter, release_letters, send_letter, take_out

__all__ = [
    "NewLetter",
    "approve_letter",
    "drop_letter",
    "hold_letter",
    "release_letters",
    "save_letter",
    "send_back_letter",
    "send_letter",
    "start_letter",
    "submit_letter",
    "take_out",
]
