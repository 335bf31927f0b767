import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core import crypto, receipts
from mystery_shopper.core.crypto import Keyring
from mystery_shopper.core.errors import DomainError

BODIES = st.text(alphabet=receipts.ALPHABET, min_size=26, max_size=26)
CODES = BODIES.map(lambda body: body + receipts._check_character(body))


@pytest.fixture
def installed_keyring():
    before = list(crypto._installed)
    crypto.install_keyring(Keyring("k1", {"k1": os.urandom(32)}, os.urandom(32), os.urandom(32), os.urandom(32)))
    yield
    crypto._installed[:] = before


def test_ten_thousand_codes_are_all_different_and_well_formed():
    codes = {receipts.new_code() for _ in range(10_000)}
    assert len(codes) == 10_000
    assert all(receipts.parse(code) == code for code in codes)


def test_a_code_carries_at_least_128_bits():
    assert len(receipts.ALPHABET) == 32
    assert len(set(receipts.ALPHABET)) == 32
    assert receipts.RANDOM_CHARACTERS * 5 >= 128


def test_every_character_of_the_alphabet_turns_up_at_every_random_position():
    codes = [receipts.new_code() for _ in range(3000)]
    for position in range(receipts.RANDOM_CHARACTERS):
        assert {code[position] for code in codes} == set(receipts.ALPHABET)


@given(code=CODES)
def test_what_is_shown_can_be_typed_back_in_any_of_the_usual_ways(code: str):
    shown = receipts.grouped(code)
    for typed in (
        shown,
        shown.lower(),
        shown.replace(" ", "-"),
        shown.replace(" ", " \u2013 "),
        f"  {shown}\n",
        code.replace("0", "O").replace("1", "l"),
        code.replace("0", "o").replace("1", "I"),
        "".join(chr(ord(character) + 0xFEE0) for character in code),
    ):
        assert receipts.parse(typed) == code


@given(code=CODES, position=st.integers(0, 26), other=st.sampled_from(receipts.ALPHABET))
def test_any_one_wrong_character_is_noticed(code: str, position: int, other: str):
    wrong = code[:position] + other + code[position + 1 :]
    if wrong == code:
        return
    with pytest.raises(DomainError, match="Check the code"):
        receipts.parse(wrong)


@given(code=CODES, first=st.integers(0, 26), second=st.integers(0, 26))
def test_any_two_characters_that_changed_places_are_noticed(code: str, first: int, second: int):
    letters = list(code)
    letters[first], letters[second] = letters[second], letters[first]
    swapped = "".join(letters)
    if swapped == code:
        return
    with pytest.raises(DomainError, match="Check the code"):
        receipts.parse(swapped)


@given(typed=st.text(max_size=300))
def test_whatever_is_typed_gives_a_code_or_an_error_for_the_field(typed: str):
    refused = None
    try:
        code = receipts.parse(typed)
    except DomainError as error:
        refused = error
    if refused is None:
        assert len(code) == 27
        assert set(code) <= set(receipts.ALPHABET)
    else:
        assert refused.field == "code"
        assert refused.message.startswith(("Check the code: ", "Enter your receipt code"))


@pytest.mark.parametrize("typed", ["", "   ", "--", "\u200b"])
def test_nothing_typed_asks_for_the_code(typed: str):
    with pytest.raises(DomainError, match="Enter your receipt code"):
        receipts.parse(typed)


def test_a_missing_character_is_counted():
    with pytest.raises(DomainError, match="27 letters and numbers, and you entered 26"):
        receipts.parse(receipts.new_code()[:-1])


def test_a_text_far_too_long_is_refused_quickly():
    with pytest.raises(DomainError, match="more than 27"):
        receipts.parse("A" * 10_000_000)


def test_the_letter_u_is_in_no_code():
    with pytest.raises(DomainError, match="never U"):
        receipts.parse("U" * 27)


def test_an_error_never_repeats_what_was_typed():
    code = receipts.new_code()
    with pytest.raises(DomainError) as caught:
        receipts.parse(code + "7")
    assert code not in str(caught.value)


def test_the_digest_needs_the_key(installed_keyring: None):
    code = receipts.new_code()
    first = receipts.digest(code)
    assert len(first) == 32
    assert receipts.digest(code) == first
    crypto.install_keyring(Keyring("k1", {"k1": os.urandom(32)}, os.urandom(32), os.urandom(32), os.urandom(32)))
    assert receipts.digest(code) != first


def test_groups_are_of_four_with_the_rest_last():
    assert [len(group) for group in receipts.groups(receipts.new_code())] == [4, 4, 4, 4, 4, 4, 3]


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["", " ", "-", " . "]))
def test_a_known_code_is_found_in_a_text_however_it_is_spaced(before: str, after: str, separator: str) -> None:
    code = receipts.new_code()
    typed = separator.join(receipts.groups(code)).lower()
    with pytest.raises(DomainError):
        receipts.refuse_known_code(f"{before} {typed} {after}", code)
    receipts.refuse_known_code(f"{before} {after}", code)


def test_a_long_text_is_looked_through_at_once() -> None:
    began = time.perf_counter()
    receipts.refuse_known_code("K9P7 " * 40_000, receipts.new_code())
    assert time.perf_counter() - began < 1


def test_a_code_with_one_wrong_character_still_looks_like_one():
    looked_like = 0
    for _ in range(200):
        code = receipts.new_code()
        slip = code[:5] + ("7" if code[5] != "7" else "8") + code[6:]
        looked_like += receipts.looks_like_code(f"it is {receipts.grouped(slip)}, I think")
        looked_like += receipts.looks_like_code(slip.lower())
    assert looked_like >= 380


@pytest.mark.parametrize(
    "words",
    [
        "They want five years of accounts from a firm founded last year, and a bond of five million pounds.",
        "Reference 2024/S 000-012345, lot 3, CPV 55520000, OCID ocds-h6vhtk-0489a2 and PR-K7Q2-9ZXM",
        "GB29 NWBK 6016 1331 9268 19",
        "this form asks what does have that",
        "0207 9460 1234 0207 9460 1234 123",
    ],
)
def test_ordinary_words_and_references_do_not_look_like_a_code(words: str):
    assert not receipts.looks_like_code(words)


def test_a_code_is_read_out_of_what_was_pasted_with_it():
    code = receipts.new_code()
    assert receipts.parse(f"my receipt code: “{receipts.grouped(code)}”.") == code
    with pytest.raises(DomainError):
        receipts.parse(f"{code} or {receipts.new_code()}")
