"""How well texts are read: our own passages always, those of the domain folder where it stands beside the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mystery_shopper.triage.cli import triage_cli
from tests.support.outside import DOMAIN

OURS = Path(__file__).parent / "corpus.jsonl"


def measure(path: Path, out: Path) -> dict[str, Any]:
    result = CliRunner().invoke(triage_cli, ["evaluate", str(path), "--predictions", str(out), "--json"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_our_own_passages_keep_their_score(tmp_path: Path) -> None:
    figures = measure(OURS, tmp_path / "out.jsonl")

    assert figures["facts"]["micro"]["f1"] >= 0.97
    assert figures["rules"]["micro"]["f1"] >= 0.97
    assert figures["false_alarm_share"] <= 0.02


@pytest.mark.external((DOMAIN / "passages.jsonl").exists())
def test_the_labelled_passages_keep_their_score(tmp_path: Path) -> None:
    figures = measure(DOMAIN / "passages.jsonl", tmp_path / "out.jsonl")

    assert figures["facts"]["micro"]["f1"] >= 0.97
    assert figures["rules"]["micro"]["f1"] >= 0.95
    assert figures["false_alarm_share"] <= 0.045


@pytest.mark.external((DOMAIN / "score.py").exists())
def test_our_figures_are_those_of_the_scoring_script(tmp_path: Path) -> None:
    space: dict[str, Any] = {"__name__": "score"}
    exec((DOMAIN / "score.py").read_text(encoding="utf-8"), space)
    out = tmp_path / "out.jsonl"

    ours = measure(OURS, out)
    theirs = space["score"](space["read"](OURS), space["read"](out))

    for mine, its in (("facts", "facts"), ("rules", "labels")):
        for group in ("micro", "verbatim", "reworded"):
            for figure in ("precision", "recall", "f1"):
                assert ours[mine][group][figure] == theirs[its][group][figure]
    assert ours["false_alarm_share"] == theirs["false_alarm_share"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no passage"),
        ("{", ":1: not valid JSON"),
        ('{"id": "a"}', ":1: there is no 'text'"),
        ("[]", ":1: there is no 'id'"),
        ('\n{"id": "a", "text": "", "facts": [], "labels": []}', ":2: 'facts' must be an object"),
        ('{"id": "a", "text": "", "facts": {}, "labels": []}\n' * 2, ":2: the id a is used twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text(content, encoding="utf-8")

    result = CliRunner().invoke(triage_cli, ["evaluate", str(path)])

    assert result.exit_code == 2
    assert message in result.output
