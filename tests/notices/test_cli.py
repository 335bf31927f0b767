"""The commands: what they print, what they save, how they fail."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from mystery_shopper.cli import cli
from mystery_shopper.core.db import db
from mystery_shopper.notices.models import NoticeVersion
from tests.factories.notices import DATA, FILES
from tests.support.outside import DOMAIN

REAL = sorted((DOMAIN / "notices").glob("*/ocds-*.json")) + sorted((DOMAIN / "notices").glob("find*/*.json"))


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(cli.commands["notices"], [str(argument) for argument in arguments])


def versions(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(NoticeVersion)) or 0


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.json"
    file.write_text('{"releases": [{"ocid": "x", "date": 1, "tag": []}]}')
    return file


class TestImport:
    def test_says_what_it_would_do_and_saves_nothing(self, app: Flask) -> None:
        result = run(app, "import", *FILES)
        assert result.exit_code == 0, result.output
        assert "5 files, 5 releases" in result.output
        assert "would be saved" in result.output
        assert versions(app) == 0

    def test_saves_and_can_be_repeated(self, app: Flask) -> None:
        first, second = run(app, "import", *FILES, "--write"), run(app, "import", *FILES, "--write")
        assert "5 new versions of 4 new notices saved" in first.output
        assert "0 new versions of 0 new notices saved" in second.output
        assert versions(app) == 5

    def test_a_bad_file_is_named_and_does_not_stop_the_others(self, app: Flask, bad: Path) -> None:
        result = run(app, "import", bad, *FILES, "--write")
        assert result.exit_code == 1
        assert "bad.json: releases[0].ocid: must be an OCID" in result.stderr
        assert "bad.json: releases[0].date: must be a date and time as text" in result.stderr
        assert versions(app) == 5

    def test_json(self, app: Flask, bad: Path) -> None:
        result = run(app, "import", bad, FILES[0], "--json")
        shown = json.loads(result.stdout)
        assert (shown["releases"], shown["new_versions"], shown["bad_files"]) == (1, 1, 1)
        assert shown["files"][0]["problems"][0] == {"path": "releases[0].ocid", "message": "must be an OCID"}


class TestCheck:
    def test_good_files(self, app: Flask) -> None:
        result = run(app, "check", *FILES)
        assert result.exit_code == 0
        assert "5 files checked, 5 releases, 0 files with problems." in result.stdout
        assert versions(app) == 0

    @pytest.mark.parametrize("missing", ["nowhere.json", "."])
    def test_a_file_that_cannot_be_read(self, app: Flask, missing: str) -> None:
        result = run(app, "check", DATA / missing)
        assert result.exit_code == 1
        assert "cannot be read" in result.stderr

    def test_no_file_at_all(self, app: Flask) -> None:
        assert run(app, "check").exit_code == 2

    def test_a_file_that_is_too_large(self, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mystery_shopper.notices.cli.FILE_BYTES_MAX", 10)
        result = run(app, "check", FILES[0])
        assert result.exit_code == 1
        assert "larger than" in result.stderr


def test_coverage_counts_by_service(app: Flask) -> None:
    shown = json.loads(run(app, "coverage", *FILES, "--json").stdout)
    assert shown["releases"]["find-a-tender"] == 2
    assert shown["fields"]["enquiries"] == {"find-a-tender": 2}
    assert shown["facts"]["participation_deadline"] == {"public-contracts-scotland": 1}
    table = run(app, "coverage", *FILES).stdout
    assert "| Deadline for questions | 2 | 0 | 0 | 0 |" in table


@pytest.mark.external(bool(REAL))
def test_every_real_notice_is_imported(app: Flask) -> None:
    result = run(app, "import", *REAL, "--write", "--json")
    assert result.exit_code == 0, result.stderr
    shown = json.loads(result.stdout)
    assert shown["bad_files"] == 0
    assert shown["releases"] == len(REAL) >= 130
    assert versions(app) == shown["new_versions"] > 130
