"""The second factor: time-based codes (RFC 6238: SHA-1, 30 seconds, 6 digits) and recovery codes."""

import hmac
import re
import secrets
from datetime import UTC, date, datetime

import pyotp
import segno

STEP_SECONDS = 30
DIGITS = 6
STEPS_EITHER_SIDE = 1
RECOVERY_CODES = 10
RECOVERY_LENGTH = 16
RECOVERY_GROUP = 4

# Crockford's base 32: 5 bits a character, no I, L, O or U, so 16 characters are 80 bits.
RECOVERY_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SEPARATORS = re.compile(r"[\s\-]+")


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base 32."""
    return pyotp.random_base32()


def step_at(now: datetime) -> int:
    """Return the number of the 30-second step a moment lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def day_of_step(step: int) -> date:
    """Return the UTC day a step lies in."""
    return datetime.fromtimestamp(step * STEP_SECONDS, UTC).date()


def code_at(secret: str, step: int) -> str:
    """Return the code of a step."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).generate_otp(step)


def matching_step(secret: str, typed: str, now: datetime) -> int | None:
    """Return the step, at most one away from now, whose code was typed (spaces allowed), else None."""
    code = _SEPARATORS.sub("", typed)
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    current = step_at(now)
    steps = range(current - STEPS_EITHER_SIDE, current + STEPS_EITHER_SIDE + 1)
    matches = [step for step in steps if hmac.compare_digest(code_at(secret, step), code)]
    return matches[-1] if matches else None


def provisioning_uri(secret: str, *, email: str, issuer: str) -> str:
    """Return the address an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=issuer)


def qr_svg(uri: str) -> str:
    """Return a QR code as an SVG element without style attributes, to stand in a page."""
    return segno.make(uri, error="m").svg_inline(
        scale=4, light="#fff", svgclass="app-qr-code", lineclass=None, title="QR code for your authenticator app"
    )


def grouped(secret: str) -> str:
    """Return a secret or code in groups of four characters, to be typed from the screen."""
    return " ".join(secret[start : start + RECOVERY_GROUP] for start in range(0, len(secret), RECOVERY_GROUP))


def new_recovery_codes() -> list[str]:
    """Return ten fresh recovery codes of 80 bits, grouped for reading."""
    return ["-".join(grouped(_random_code()).split()) for _ in range(RECOVERY_CODES)]


def _random_code() -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))


def fold_recovery_code(typed: str) -> str | None:
    """Return a typed recovery code as it is digested, None when it cannot be one."""
    code = _SEPARATORS.sub("", typed).upper().translate(_MISREAD)
    if len(code) != RECOVERY_LENGTH or any(character not in RECOVERY_ALPHABET for character in code):
        return None
    return code
