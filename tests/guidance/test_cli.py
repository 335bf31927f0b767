"""`mystery-shopper guidance check`: what an editor is told."""

from pathlib import Path

from click.testing import Result
from flask import Flask

from mystery_shopper.guidance.cli import guidance_cli
from tests.guidance.folders import PAGE, WELSH, write_folder, write_welsh


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(guidance_cli, [str(arg) for arg in args])


def test_the_pages_of_the_program_are_as_they_should_be(app: Flask) -> None:
    result = run(app, "check")
    assert result.exit_code == 0, result.output
    assert "pages are as they should be" in result.output


def test_a_bad_page_is_named_with_file_and_line(app: Flask, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, PAGE.replace("order: 10", "order: none"))
    result = run(app, "check", "--folder", folder)
    assert result.exit_code == 1
    assert f"{folder}/pages/bonds.md:6: order" in result.output


def test_a_link_of_this_service_that_leads_nowhere_is_named(app: Flask, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, PAGE.replace("/guidance/other", "/no-such-page"))
    result = run(app, "check", "--folder", folder)
    assert result.exit_code == 1
    assert "bonds.md:22: '/no-such-page' leads nowhere" in result.output
    assert "no page is about rule PAY-30" in result.output


def test_a_day_in_the_future_and_heavy_words_are_named(app: Flask, tmp_path: Path) -> None:
    heavy = (
        "Notwithstanding proportionality considerations, organisational methodologies necessitate substantiation. " * 9
    )
    page = PAGE.replace("2026-11-25", "2099-01-01").replace("Ask [the", f"{heavy}Ask [the")
    result = run(app, "check", "--folder", write_folder(tmp_path, page))
    assert "in the future" in result.output
    assert "needs a reading age of" in result.output


def test_a_page_without_welsh_and_one_behind_its_english_are_named(app: Flask, tmp_path: Path) -> None:
    write_welsh(write_folder(tmp_path), WELSH.replace("2026-11-25", "2026-11-01"))
    result = run(app, "check", "--folder", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path}/pages/cy/other.md:1: there is no Welsh of 'other'" in result.output
    assert f"{tmp_path}/pages/cy/bonds.md:1: translated_from: 2026-11-01" in result.output
