"""The operator's commands, with their exit codes."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from mystery_shopper.authorities.cli import authorities_cli
from mystery_shopper.authorities.queries import count_authorities

GOOD = "name,type\nEastmarch Council,local-authority\n"


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(authorities_cli, list(args))


def count(app: Flask) -> int:
    with app.app_context():
        return count_authorities()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "authorities.csv"
    path.write_text(GOOD)
    return path


def test_an_import_is_dry_until_it_is_told_to_write(app: Flask, file: Path) -> None:
    dry = run(app, "import", str(file))
    assert dry.exit_code == 0, dry.output
    assert "0 matched, 0 of them changed, 1 added. Nothing saved" in dry.output
    assert count(app) == 0

    wet = run(app, "import", str(file), "--write")
    assert wet.exit_code == 0
    assert "1 added. Saved." in wet.output
    assert count(app) == 1


def test_a_bad_file_is_refused_by_line_and_column(app: Flask, file: Path) -> None:
    file.write_text(GOOD + "Westmarch,parish\n")
    result = run(app, "import", str(file), "--write")
    assert result.exit_code != 0
    assert "line 3, column type: 'parish' is not one of the values of this column" in result.output
    assert count(app) == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"nothing,here\n1,2\n"])
def test_a_file_that_is_no_register_is_refused(app: Flask, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    result = run(app, "import", str(file), "--write")
    assert result.exit_code != 0
    assert not isinstance(result.exception, UnicodeDecodeError)
    assert count(app) == 0


def test_a_file_that_is_not_there_is_refused(app: Flask, tmp_path: Path) -> None:
    assert run(app, "import", str(tmp_path / "none.csv")).exit_code != 0


def test_loading_twice_says_so(app: Flask) -> None:
    first, second = run(app, "load"), run(app, "load")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "added" in first.output
    assert "loaded already" in second.output


@pytest.mark.parametrize("command", ["import", "load"])
def test_help_shows_an_example(app: Flask, command: str) -> None:
    assert "Example: mystery-shopper authorities" in run(app, command, "--help").output
