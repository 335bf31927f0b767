"""Codes of the authenticator app and recovery codes."""

from datetime import UTC, datetime, timedelta

import pytest

from mystery_shopper.accounts import second_factor

# RFC 6238, appendix B: the secret "12345678901234567890" in base 32, and the last six digits of its SHA-1 values.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}
NOW = datetime(2026, 3, 1, 9, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize("seconds", sorted(RFC_CODES))
def test_codes_are_those_of_the_standard(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert second_factor.code_at(RFC_SECRET, second_factor.step_at(moment)) == RFC_CODES[seconds]


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_either_side_is_accepted(steps: int, accepted: bool) -> None:
    step = second_factor.step_at(NOW) + steps
    code = second_factor.code_at(RFC_SECRET, step)
    assert second_factor.matching_step(RFC_SECRET, code, NOW) == (step if accepted else None)


def test_spaces_and_hyphens_in_a_code_do_not_matter() -> None:
    code = second_factor.code_at(RFC_SECRET, second_factor.step_at(NOW))
    assert second_factor.matching_step(RFC_SECRET, f" {code[:3]} {code[3:]} ", NOW) is not None


@pytest.mark.parametrize(
    "wrong", ["", "000000", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "\u0661" * 6, "-" * 6]
)
def test_what_is_no_code_is_refused(wrong: str) -> None:
    assert second_factor.matching_step(RFC_SECRET, wrong, NOW) is None


def test_secrets_have_160_bits_and_differ() -> None:
    made = {second_factor.new_secret() for _ in range(20)}
    assert len(made) == 20
    assert all(len(secret) * 5 >= 160 for secret in made)


def test_recovery_codes_are_ten_different_ones_of_80_bits() -> None:
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert all(len(code.replace("-", "")) * 5 >= 64 for code in codes)


def test_a_recovery_code_is_read_however_it_is_typed() -> None:
    code = second_factor.new_recovery_codes()[0]
    folded = second_factor.fold_recovery_code(code)
    assert folded == second_factor.fold_recovery_code(code.lower().replace("-", " "))
    assert second_factor.fold_recovery_code("oooo-iiii-llll-0000") == "0000111111110000"


@pytest.mark.parametrize("wrong", ["", "123456", "U" * 16, "A" * 15, "A" * 17, "\u0391" * 16])
def test_what_is_no_recovery_code_is_refused(wrong: str) -> None:
    assert second_factor.fold_recovery_code(wrong) is None


def test_the_picture_has_no_style_and_loads_nothing() -> None:
    uri = second_factor.provisioning_uri(RFC_SECRET, email="ada@example.org", issuer="Mystery Shopper")
    svg = second_factor.qr_svg(uri)
    assert svg.startswith("<svg")
    assert "style" not in svg
    assert "href" not in svg
    assert "data:" not in svg
    assert uri.startswith("otpauth://totp/Mystery%20Shopper:ada%40example.org?secret=" + RFC_SECRET)


def test_codes_move_on_every_thirty_seconds() -> None:
    assert second_factor.step_at(NOW + timedelta(seconds=30)) == second_factor.step_at(NOW) + 1
