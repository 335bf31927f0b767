"""Which passwords are accepted."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.accounts.password_rules import (
    LONGEST,
    STAFF_MIN,
    PasswordNotAllowedError,
    check_password,
    common_words,
    is_guessable,
)
from mystery_shopper.accounts.passwords import one_time_password

ABOUT = ("Ada Lovelace", "ada.lovelace@wandsworth.example")
GUESSABLE = (
    "passwordpassword",
    "password123456789",
    "Password!Password!",
    "P@ssw0rdP@ssw0rd",
    "qwertyuiopasdfghjkl",
    "1qaz2wsx3edc4rfv5tgb",
    "123456789012345",
    "111111111111111111",
    "abcdefghijklmnopq",
    "zyxwvutsrqponmlkj",
    "aaaaaaaaaaaaaaaaaaaaaaa",
    "abababababababababab",
    "mysteryshopper2026",
    "Mystery-Shopper-1",
    "cabinetofficecabinet",
    "CabinetOffice2026!!",
    "iloveyouiloveyou",
    "letmeinletmein12",
    "liverpoolliverpool1",
    "summer2026summer2026",
    "adalovelace123456",
    "Lovelace.Ada.2026",
    "wandsworth-ada-12",
    "ada.lovelace@wandsworth.example",
    "               ",
    "!!!!!!!!!!!!!!!!!!",
    "admin admin admin admin",
    "welcome1welcome2welcome3",
)
STRONG = (
    "zebra cobalt nimbus kettle",
    "correct battery staple vexed",
    "t7#kQ9!zP2&wL5^mX",
    "\u0436\u0438\u0437\u043d\u044c \u043f\u0440\u0435\u043a\u0440\u0430\u0441\u043d\u0430 \u0438 \u0443\u0434\u0438",
    "mae hen wlad fy nhadau",
    "\U0001f40d\U0001f511 umbrella teapot \U0001f3d4\ufe0f quill",
    "  leading and trailing  gaps ",
)


@pytest.mark.parametrize("password", GUESSABLE)
def test_a_password_others_would_guess_is_refused(password: str) -> None:
    with pytest.raises(PasswordNotAllowedError, match="harder to guess"):
        check_password(password, about=ABOUT)


@pytest.mark.parametrize("password", STRONG)
def test_a_good_password_is_accepted_whatever_it_is_made_of(password: str) -> None:
    check_password(password, about=ABOUT)


def test_no_common_word_becomes_a_password_by_padding_or_disguise() -> None:
    padded = [
        candidate[:LONGEST]
        for word in common_words()
        for candidate in (
            word * 20,
            word + "1234567890123",
            f"!!!{word.title()}!!!!!!!!!2026",
            word.replace("o", "0") * 20,
        )
    ]
    assert [candidate for candidate in padded if not is_guessable(candidate)] == []


def test_length_is_counted_in_characters_and_nothing_is_cut_off() -> None:
    long = ("zebra cobalt nimbus kettle " * 5)[:LONGEST]
    check_password(long)
    with pytest.raises(PasswordNotAllowedError, match="128 characters or fewer"):
        check_password(long + "x")
    with pytest.raises(PasswordNotAllowedError, match="15 characters or more"):
        check_password("zebra cobalt nimbus"[: STAFF_MIN - 1])


@pytest.mark.parametrize("odd", ["\x00", "\n", "\x7f", "\ud800"])
def test_control_characters_and_half_characters_are_refused(odd: str) -> None:
    with pytest.raises(PasswordNotAllowedError):
        check_password(f"zebra cobalt {odd} nimbus kettle")


def test_a_one_time_password_obeys_the_rules_itself() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password)


@given(st.text(max_size=140))
def test_any_text_is_judged_without_another_error(password: str) -> None:
    with suppress(PasswordNotAllowedError):
        check_password(password, about=ABOUT)
