"""`audit verify` and `audit anchor`."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from mystery_shopper.audit.cli import audit_cli
from tests.audit.logbook import fill, tamper


@pytest.fixture
def filled(app: Flask) -> Flask:
    with app.app_context():
        fill(12)
    return app


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(audit_cli, [str(argument) for argument in arguments])


def test_verify_says_how_many_entries_are_whole(filled: Flask) -> None:
    result = run(filled, "verify")
    assert (result.exit_code, result.output) == (0, "The audit log is whole: 12 entries checked.\n")


def test_verify_ends_with_code_1_and_names_the_entry(filled: Flask) -> None:
    with filled.app_context():
        tamper("UPDATE audit_entries SET actor = 'x' WHERE seq = 7")
    result = run(filled, "verify")
    assert result.exit_code == 1
    assert "damaged at entry 7 (edited)" in result.output


def test_anchors_are_appended_and_catch_a_cut(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    assert run(filled, "anchor", file).output == "Anchored 12 entries.\n"
    with filled.app_context():
        fill(3)
    assert run(filled, "anchor", file).exit_code == 0
    assert [json.loads(line)["seq"] for line in file.read_text().splitlines()] == [12, 15]
    with filled.app_context():
        tamper("DELETE FROM audit_entries WHERE seq > 13")
    assert run(filled, "verify").exit_code == 0
    result = run(filled, "verify", "--anchor", file)
    assert result.exit_code == 1
    assert "damaged at entry 14 (truncated)" in result.output


def test_a_damaged_log_is_not_anchored(filled: Flask, tmp_path: Path) -> None:
    with filled.app_context():
        tamper("DELETE FROM audit_entries WHERE seq = 2")
    assert run(filled, "anchor", tmp_path / "anchors.jsonl").exit_code == 1
    assert not (tmp_path / "anchors.jsonl").exists()


@pytest.mark.parametrize(
    "content", [None, "", "nonsense\n", '{"seq": 1}\n', "[]\n", '{"seq":1,"count":1,"mac":"zz","at":"x"}\n']
)
def test_an_anchor_file_that_is_none_is_an_error(filled: Flask, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "anchors.jsonl"
    if content is not None:
        file.write_text(content)
    assert run(filled, "verify", "--anchor", file).exit_code == 1
