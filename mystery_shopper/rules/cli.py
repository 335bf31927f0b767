"""Operator command over rules alone: facts in, flags out. The application adds it to the group `triage`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TextIO

import click

from mystery_shopper.facts.policy import FactValueError, read_facts
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.schemas import evaluation_json


class BadFactsError(click.ClickException):
    """The facts given cannot be read."""

    exit_code = 2


def _refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadFactsError("A name is given twice in the same object")
    return found


def _refuse_constant(name: str) -> None:
    raise BadFactsError(f"{name} is not a number")


@click.command("flags", epilog="Example: echo '{\"bond_gbp\": 5000000}' | mystery-shopper triage flags -")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--all", "everything", is_flag=True, help="Also list rules about which nothing is stated.")
def flags_command(file: TextIO, *, everything: bool) -> None:
    """Read facts as a JSON object (FILE, or - for standard input) and write the flags they raise as JSON.

    Money is in pounds, dates like 2025-06-01. Exit code 2 when the facts cannot be read.
    """
    try:
        raw = json.load(file, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadFactsError(f"The facts are not valid JSON: {error}") from None
    if not isinstance(raw, dict):
        raise BadFactsError("The facts must be a JSON object of fact names and values")
    pack = catalogue()
    try:
        evaluation = evaluate(read_facts(pack.registry, raw), catalogue=pack)
    except FactValueError as error:
        raise BadFactsError(f"{error.field}: {error.message}" if error.field else error.message) from None
    click.echo(json.dumps(evaluation_json(evaluation, pack, everything=everything), indent=2, ensure_ascii=False))
