"""Skipping a test for want of something on this machine: allowed to a person, an error in CI."""

import os

import pytest


def in_ci() -> bool:
    """Tell whether this is the build machine, where nothing may be missing."""
    return os.environ.get("CI", "").strip().lower() not in ("", "0", "false", "off", "no")


def require_or_skip(condition: object, message: str) -> None:
    """Go on when the condition holds; otherwise skip the test, or fail it in CI."""
    if condition:
        return
    if in_ci():
        pytest.fail(f"Needed in CI: {message}", pytrace=False)
    pytest.skip(message)
