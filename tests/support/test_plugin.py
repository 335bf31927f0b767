"""The rules of a test session itself: no skip in CI, every test counted under one kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.plugin import kind_of
from tests.support.skips import require_or_skip

ROOT = Path(__file__).resolve().parents[2]


def run_session(tmp_path: Path, source: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "test_planted.py").write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser: x\n    sqlite: x\n    external: x\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.support.plugin", "-p", "no:cacheprovider", *options, "."]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CI": "", "TEST_DATABASE": "sqlite", **environment}
    for name in ("TEST_POSTGRES_FOLDER", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS"):
        env.pop(name, None)
    return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)


SKIPPING = (
    "import pytest\n"
    "def test_one(): pass\n"
    "@pytest.mark.browser\n"
    "def test_two(): pass\n"
    "def test_skipped(): pytest.skip('no reason')\n"
)


def test_a_skip_is_allowed_to_a_person_and_fails_the_session_in_ci(tmp_path):
    assert run_session(tmp_path, SKIPPING).returncode == 0

    in_ci = run_session(tmp_path, SKIPPING, CI="true")

    assert in_ci.returncode == 1
    assert "1 tests were skipped, and in CI nothing may be" in in_ci.stdout


def test_the_session_ends_with_a_count_by_kind_also_under_several_workers(tmp_path):
    ended = run_session(tmp_path, SKIPPING, "-n", "2")
    assert "2 tests on sqlite" in ended.stdout, ended.stdout
    assert "browser 1, tests 1" in ended.stdout


MARKED = (
    "import os, pytest\n"
    "@pytest.fixture\n"
    "def app(): return 1\n"
    "def test_pure(): pass\n"
    "def test_stored(app): pass\n"
    "@pytest.mark.sqlite\n"
    "def test_sqlite_only(app): pass\n"
    "@pytest.mark.external(bool(os.environ.get('DATA_HERE')))\n"
    "def test_external(app): pass\n"
)


@pytest.mark.parametrize(
    ("environment", "passed"),
    [
        ({}, 3),
        ({"TEST_DATABASE": "postgresql", "DATA_HERE": "folder"}, 2),
    ],
)
def test_a_session_leaves_out_what_its_database_and_data_do_not_allow(tmp_path, environment, passed):
    ended = run_session(tmp_path, MARKED, **({"DATA_HERE": ""} | environment))
    assert ended.returncode == 0, ended.stdout
    assert f"{passed} tests on" in ended.stdout


def test_a_session_without_tests_fails(tmp_path):
    assert run_session(tmp_path, "").returncode == 5


@pytest.mark.parametrize(
    ("nodeid", "keywords", "kind"),
    [
        ("tests/rules/test_policy.py::test_x", [], "rules"),
        ("tests/journeys/test_report.py::test_x", ["browser"], "browser"),
        ("tests/test_top.py::test_x", ["slow"], "tests"),
    ],
)
def test_a_test_counts_under_its_marker_or_its_folder(nodeid, keywords, kind):
    assert kind_of(nodeid, keywords) == kind


def test_a_missing_need_skips_for_a_person_and_fails_in_ci(monkeypatch):
    require_or_skip(True, "present")
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        require_or_skip(False, "no browser")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        require_or_skip(None, "no browser")
