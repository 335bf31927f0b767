from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from mystery_shopper.core.csvsafe import csv_line
from mystery_shopper.core.db import db, transaction
from mystery_shopper.publication.models import PublishedResult
from mystery_shopper.publication.policy import COLUMNS, ResultSource
from tests.factories.publications import add_authority, add_published, add_staff, add_told_case

ROW = ("2018", "January", "Barchester City Council\u00a0", "Payment", "Payment", "Owed Â£5,000.", "=Paid.")


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def commands(runner: FlaskCliRunner):
    from mystery_shopper.publication.cli import results_cli

    return lambda *args: runner.invoke(results_cli, [str(arg) for arg in args])


def _file(folder: Path, *rows: tuple[str, ...]) -> Path:
    file = folder / "results.csv"
    file.write_text(",".join(COLUMNS) + "\r\n" + "".join(csv_line(row) for row in rows), encoding="utf-8", newline="")
    return file


def _count(app: Flask) -> int:
    with app.app_context():
        return db.session.query(PublishedResult).count()


def test_an_import_is_dry_unless_told_to_write(app: Flask, commands, tmp_path: Path):
    answer = commands("import", _file(tmp_path, ROW))
    assert answer.exit_code == 0, answer.output
    assert "1 added" in answer.output
    assert "Nothing saved" in answer.output
    assert _count(app) == 0


def test_importing_again_adds_nothing(app: Flask, commands, tmp_path: Path):
    file = _file(tmp_path, ROW, ROW)
    assert "2 added, 0 already here" in commands("import", file, "--write").output
    assert "0 added, 2 already here" in commands("import", file, "--write").output
    assert _count(app) == 2


def test_an_imported_row_is_clean_and_linked_to_the_register(app: Flask, commands, tmp_path: Path):
    with app.app_context(), transaction():
        authority_id = add_authority("Barchester City Council").id
    answer = commands("import", _file(tmp_path, ROW), "--write")
    assert "1 of the added name an authority" in answer.output
    with app.app_context():
        result = db.session.query(PublishedResult).one()
        assert result.authority_id == authority_id
        assert result.authority_name == "Barchester City Council"
        assert (result.issue_text, result.outcome_text) == ("Owed £5,000.", "=Paid.")
        assert (result.source, result.is_demonstration) == (ResultSource.IMPORT, False)


def test_one_bad_line_stops_the_whole_import_and_is_named(app: Flask, commands, tmp_path: Path):
    answer = commands("import", _file(tmp_path, ROW, ("x", *ROW[1:])), "--write")
    assert answer.exit_code == 1
    assert "line 3, Year: must be a year" in answer.output
    assert _count(app) == 0


def test_another_kind_of_file_is_refused(commands, tmp_path: Path):
    file = tmp_path / "notes.csv"
    file.write_text("a,b\n1,2\n")
    answer = commands("import", file, "--write")
    assert answer.exit_code == 1
    assert "The first line must be: Year,Month,Authority" in answer.output


def test_what_is_exported_can_be_imported_and_comes_out_the_same(app: Flask, commands, tmp_path: Path):
    commands("import", _file(tmp_path, ROW, ("2020", "3", *ROW[2:])), "--write")
    with app.app_context(), transaction():
        add_published(add_told_case()[0], add_staff())
    target = tmp_path / "out.csv"
    assert "3 results written" in commands("export", target).output
    content = target.read_bytes()
    with app.app_context(), transaction() as session:
        session.query(PublishedResult).delete()
    commands("import", target, "--write")
    again = tmp_path / "again.csv"
    commands("export", again)
    assert sorted(again.read_bytes().splitlines()) == sorted(content.splitlines())


def test_an_export_to_the_screen(commands):
    assert commands("export").output.splitlines() == [",".join(COLUMNS)]


@pytest.mark.parametrize("command", ["import", "export"])
def test_help_has_an_example(commands, command: str):
    assert "Example: mystery-shopper results" in commands(command, "--help").output
