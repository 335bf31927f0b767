"""The `facts` commands: the data dictionary and the JSON Schema, from the registry."""

from __future__ import annotations

import json

import click

from mystery_shopper.facts.dictionary import dictionary_csv, dictionary_json, dictionary_markdown
from mystery_shopper.facts.document_schema import document_schema, plain
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.triage.dictionary import dictionary_of

facts_cli = click.Group("facts", help="What can be said about a procurement, for people and for programs.")


@facts_cli.command("dictionary", epilog="Example: mystery-shopper facts dictionary --format csv > facts.csv")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "markdown"]),
    default="markdown",
    show_default=True,
    help="csv and json hold everything, markdown a table to read.",
)
def dictionary_command(form: str) -> None:
    """Print every fact: its type, unit, bounds, words in English and Welsh, and what reads it."""
    pack = catalogue()
    entries = dictionary_of(pack)
    if form == "csv":
        click.echo(dictionary_csv(entries), nl=False)
    elif form == "json":
        click.echo(json.dumps(dictionary_json(entries, pack.registry), indent=2, ensure_ascii=False))
    else:
        click.echo(dictionary_markdown(entries, pack.registry), nl=False)


@facts_cli.command("schema", epilog="Example: mystery-shopper facts schema > facts.schema.json")
def schema_command() -> None:
    """Print the JSON Schema (2020-12) of the facts that `triage flags` reads."""
    click.echo(json.dumps(plain(document_schema(catalogue().registry)), indent=2, ensure_ascii=False))
