"""The command `triage replay`, the worker's share, and two processes."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from mystery_shopper.cli import cli
from mystery_shopper.core.db import db
from mystery_shopper.replays import candidates, queries
from mystery_shopper.replays.running import running
from mystery_shopper.replays.states import ReplayState
from mystery_shopper.replays.worker import replay_round
from tests.factories.reports import Filed
from tests.replays.backlog import FIGURE, RULE, compare, flag_of, put_in_force, start, work


def run(app: Flask, *arguments: str) -> Result:
    result = app.test_cli_runner().invoke(cli, ["triage", "replay", *arguments])
    with app.app_context():
        db.session.remove()
    return result


def test_nothing_changes_without_apply(app: Flask, backlog: list[Filed]) -> None:
    result = run(app, "--figure", FIGURE, "5")
    assert result.exit_code == 0, result.output
    assert "1 of 3 open cases change." in result.stdout
    with app.app_context():
        assert running().number == 1
        assert queries.list_replays() == []
        db.session.remove()


def test_json_lists_every_change(app: Flask, backlog: list[Filed]) -> None:
    found = json.loads(run(app, "--figure", FIGURE, "5", "--json").stdout)
    assert found["changes"] == [
        {
            "case": backlog[1].case_reference,
            "rule": RULE,
            "change": "appears",
            "kept": False,
            "before": {"outcome": "cleared", "severity": 4},
            "after": {"outcome": "raised", "severity": found["changes"][0]["after"]["severity"]},
        }
    ]
    assert (found["cases"], found["changed_cases"], found["applied"]) == (3, 1, False)
    assert found["rules"][RULE]["appears"] == 1


def test_json_of_a_backlog_without_changes_is_json(app: Flask, backlog: list[Filed]) -> None:
    assert json.loads(run(app, "--json").stdout)["changes"] == []


def test_apply_puts_the_figure_in_force_and_says_so(app: Flask, backlog: list[Filed]) -> None:
    result = run(app, "--figure", FIGURE, "5", "--apply", "--reason", "Decided on Monday")
    assert result.exit_code == 0, result.output
    assert "In force as version 2 of the rules." in result.stdout
    with app.app_context():
        flag = flag_of(backlog[1])
        assert flag is not None
        assert flag.outcome == "raised"
        assert queries.get_version(2).reason == "Decided on Monday"
        db.session.remove()


def test_a_folder_is_a_candidate_and_one_rule_can_be_looked_at(
    app: Flask, backlog: list[Filed], tmp_path: Path
) -> None:
    with app.app_context():
        files = candidates.files_in_force() | {"overrides.yaml": "overrides:\n  - {id: bond-share-medium, value: 5}\n"}
        db.session.remove()
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert "1 of 3" in run(app, "--catalogue", str(tmp_path)).stdout
    assert "1 of 3" in run(app, "--catalogue", str(tmp_path), "--rule", RULE).stdout
    assert "0 of 3" in run(app, "--catalogue", str(tmp_path), "--rule", "PAY-30").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rule", "NO-SUCH"), "There is no rule NO-SUCH"),
        (("--figure", FIGURE, "x"), "x is not a number"),
        (("--figure", FIGURE, "5", "--rule", RULE, "--apply"), "as a whole"),
        (("--figure", FIGURE, "5", "--catalogue", "."), "not both"),
    ],
)
def test_wrong_options_are_named(app: Flask, backlog: list[Filed], arguments: tuple[str, ...], message: str) -> None:
    result = run(app, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_interrupted_replay_goes_on(app: Flask, backlog: list[Filed]) -> None:
    with app.app_context():
        replay_id = put_in_force(compare("5"))
        work(replay_id, limit=1, slices=1)
        db.session.remove()
    assert "In force as version 2" in run(app, "--continue").stdout
    with app.app_context():
        assert queries.get_replay(replay_id).seen == 3
        db.session.remove()


def test_the_worker_does_what_waits(app: Flask, backlog: list[Filed]) -> None:
    with app.app_context():
        replay_id = start("5")
        assert replay_round() is True
        assert queries.get_replay(replay_id).state is ReplayState.COMPARED
        db.session.rollback()
        assert replay_round() is False
        put_in_force(queries.get_replay(replay_id))
        while replay_round():
            pass
        assert queries.get_replay(replay_id).state is ReplayState.APPLIED
        db.session.remove()
