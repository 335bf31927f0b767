"""Each import contract bites: a breach planted in a copy of the package is found, and the copy without it is clean."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT

LINT = Path(sys.executable).with_name("lint-imports")
ROUNDS = (
    (
        ("features", "core/clock.py", "import mystery_shopper.cases.models"),
        ("inside", "cases/policy.py", "import mystery_shopper.cases.queries"),
        ("no-web-in-services", "accounts/services.py", "import flask"),
        ("no-sql-in-views", "accounts/views.py", "import sqlalchemy"),
        ("no-sql-in-policy", "cases/states.py", "import sqlalchemy"),
    ),
    (
        ("features", "triage/policy.py", "import mystery_shopper.casework.policy"),
        ("inside", "accounts/services.py", "import mystery_shopper.accounts.views"),
        ("no-web-in-services", "core/errors.py", "import werkzeug, flask_login"),
        ("no-sql-in-policy", "core/calendar.py", "import mystery_shopper.core.db"),
    ),
    (
        ("features", "unheard_of.py", ""),
        ("no-web-in-services", "cases/policy.py", "import mystery_shopper.web.filters"),
    ),
)
"""Breaches that are planted together, one of a contract at most, because reading the package takes longest."""


def names_of_contracts() -> dict[str, str]:
    """Return what the report calls each contract."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg")
    begin = "importlinter:contract:"
    return {name.removeprefix(begin): settings[name]["name"] for name in settings.sections() if name.startswith(begin)}


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [LINT, "--config", "setup.cfg", "--no-cache", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        PACKAGE, tmp_path / "mystery_shopper", ignore=shutil.ignore_patterns("static", "data", "__pycache__")
    )
    for name in ("setup.cfg", "config.py"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_the_package_keeps_every_contract(copy):
    linted = lint(copy)
    assert linted.returncode == 0, linted.stdout
    assert " 0 broken" in linted.stdout


@pytest.mark.parametrize("breaches", ROUNDS, ids=("first", "second", "third"))
def test_planted_breaches_are_found(copy, breaches):
    for _, file, line in breaches:
        planted = copy / "mystery_shopper" / file
        planted.write_text(f"{planted.read_text() if planted.exists() else ''}\n{line}\n")

    linted = lint(copy)

    assert linted.returncode == 1, linted.stdout + linted.stderr
    for contract, _, line in breaches:
        assert f"{names_of_contracts()[contract]} BROKEN" in linted.stdout, contract
        assert (line.split(".")[-1].split()[-1] if line else "unheard_of") in linted.stdout
