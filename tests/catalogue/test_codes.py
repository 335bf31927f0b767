"""Codes and sign-in: rows of the catalogue that no test of one feature holds."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts import passwords
from mystery_shopper.accounts.services import EmailTakenError
from mystery_shopper.core import clock, receipts
from tests.architecture.test_routes import without_tokens
from tests.factories.staff import Member, give_password, token_in
from tests.intake.walking import Walker
from tests.retention.test_services import LONG_AGO, TODAY, Two, a_batch, run_all


def test_the_code_of_an_erased_case_is_answered_as_one_nobody_was_given(app: Flask) -> None:
    with app.app_context():
        with clock.frozen(LONG_AGO):
            two = Two()
        code = two.filed.receipt_code
        with clock.frozen(TODAY):
            a_batch(two)
            assert run_all() == 2
    pages = []
    with clock.frozen(TODAY):
        for typed in (code, receipts.new_code()):
            walker = Walker(app.test_client())
            walker.open("/receipt")
            walker.send({"code": typed})
            pages.append(without_tokens(walker.text).replace(typed, "").replace(receipts.grouped(typed), ""))
    assert "There is a problem" in pages[0]
    assert pages[0] == pages[1]


class Counting:
    """A hasher that counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, password_hash: str, password: bytes) -> bool:
        self.asked += 1
        return self._hasher.verify(password_hash, password)


def test_a_password_of_a_megabyte_is_refused_before_anything_is_hashed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", counting)
    token = token_in(client.get("/sign-in").text)

    def sign_in(length: int) -> int:
        fields = {"csrf_token": token, "email": "ada@example.org", "password": "a" * length}
        return client.post("/sign-in", data=fields).status_code

    assert (sign_in(2**20), sign_in(1_000_000), counting.asked) == (413, 400, 0)
    assert (sign_in(128), counting.asked) == (400, 1), "one of the usual length is compared"


SPELLINGS: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "capitals": str.title,
    "a dot at the end": "{}.".format,
    "spaces around": " {} ".format,
    "a wide letter": lambda address: address.replace("a", "\uff41"),
}


def test_an_address_written_otherwise_is_the_same_account(app: Flask, make_user: Callable[..., Member]) -> None:
    member = make_user("auditor", email="ada.lovelace@example.org")
    for spelling, write in SPELLINGS.items():
        answer = give_password(app.test_client(), write(member.email), member.password)
        assert (answer.status_code, answer.location) == (302, "/sign-in/code"), spelling
        with pytest.raises(EmailTakenError):
            make_user("auditor", email=write(member.email))
