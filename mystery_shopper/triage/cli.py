"""The `triage` commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from mystery_shopper.rules.cli import flags_command
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.triage.evaluation import Count, Prediction, Score, predict, score

triage_cli = AppGroup("triage", help="Read texts, apply the rules, and measure both.")
triage_cli.add_command(flags_command, "flags")

_NEEDED = ("id", "text", "facts", "labels")


class BadPassagesError(click.ClickException):
    """The passages given cannot be read."""

    exit_code = 2


@triage_cli.command(
    "evaluate",
    with_appcontext=False,
    epilog="Example: mystery-shopper triage evaluate passages.jsonl --predictions out.jsonl",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--predictions", type=click.Path(dir_okay=False, path_type=Path), help="Write what was read here.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures and the errors as JSON.")
def evaluate_command(file: Path, *, predictions: Path | None, as_json: bool) -> None:
    """Measure extraction and rules on labelled passages, one JSON object a line.

    Facts are read from `text` alone; the rules also get `context`. Exit code 2 when the file cannot be read.
    """
    passages = _read(file)
    pack = catalogue()
    guesses: dict[str, Prediction] = {}
    with click.progressbar(passages, label="Reading", file=sys.stderr) as bar:
        for passage in bar:
            guess = predict(passage, pack)
            guesses[guess.id] = guess
    if predictions is not None:
        _write(predictions, guesses)
    result = score(passages, guesses)
    click.echo(json.dumps(result.as_json(), indent=2, ensure_ascii=False) if as_json else _table(result))


def _read(file: Path) -> list[dict[str, Any]]:
    passages: list[dict[str, Any]] = []
    seen: set[str] = set()
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadPassagesError(f"{file} cannot be read: {error}") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        passage = _passage(line, f"{file}:{number}")
        if str(passage["id"]) in seen:
            raise BadPassagesError(f"{file}:{number}: the id {passage['id']} is used twice")
        seen.add(str(passage["id"]))
        passages.append(passage)
    if not passages:
        raise BadPassagesError(f"{file} holds no passage")
    return passages


def _passage(line: str, where: str) -> dict[str, Any]:
    try:
        passage = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadPassagesError(f"{where}: not valid JSON: {error}") from None
    missing = [key for key in _NEEDED if not isinstance(passage, dict) or key not in passage]
    if missing:
        raise BadPassagesError(f"{where}: there is no '{missing[0]}'")
    if not (isinstance(passage["facts"], dict) and isinstance(passage["labels"], list)):
        raise BadPassagesError(f"{where}: 'facts' must be an object and 'labels' a list")
    return dict(passage)


def _write(path: Path, guesses: dict[str, Prediction]) -> None:
    lines = (
        json.dumps({"id": guess.id, "facts": dict(guess.facts), "labels": list(guess.labels)}, ensure_ascii=False)
        for guess in guesses.values()
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _table(result: Score) -> str:
    lines = [f"{result.passages} passages", ""]
    for title, counts in (("Facts", result.facts), ("Rules", result.rules)):
        lines.append(f"{title:44} precision  recall    F1  hits false missed")
        lines += [_line(group, count) for group, count in sorted(counts.items())]
        lines.append("")
    lines.append(f"Something was raised on {result.alarmed} of {result.quiet} passages on which nothing should be.")
    lines += ["", f"{len(result.errors)} passages with an error:"]
    for error in result.errors:
        wrong = "; ".join(f"{key.replace('_', ' ')} {', '.join(error[key])}" for key in _WRONG if error[key])
        lines.append(f"{error['id']}: {wrong}\n    {error['text']}")
    return "\n".join(lines)


_WRONG = ("facts_missed", "facts_wrong", "rules_missed", "rules_wrong")


def _line(group: str, count: Count) -> str:
    f = count.figures()
    figures = f"{f['precision']:9.3f} {f['recall']:7.3f} {f['f1']:5.3f} {f['hits']:5} {f['false']:5} {f['missed']:6}"
    return f"{group:44} {figures}"
