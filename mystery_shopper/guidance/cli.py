"""Commands for those who edit the pages of guidance."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from werkzeug.exceptions import HTTPException

from mystery_shopper.core import clock
from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.guidance.checking import overdue, problems, translation_problems
from mystery_shopper.guidance.loading import DATA, load_libraries
from mystery_shopper.guidance.policy import Language
from mystery_shopper.rules.loading import catalogue

guidance_cli = click.Group("guidance", help="The pages of the guidance library.")


@guidance_cli.command("check")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=DATA,
    show_default="the pages of the program",
    help="A folder with sections.yaml, pages/*.md and their Welsh in pages/cy/*.md.",
)
@with_appcontext
def check_command(folder: Path) -> None:
    """Check every page of guidance in English and Welsh; exit code 1, with file and line, when something is wrong.

    Example: mystery-shopper guidance check
    """
    try:
        libraries = load_libraries(folder, {rule.id for rule in catalogue().rules})
    except DocumentError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    library = libraries[Language.ENGLISH]
    found = list(problems(library, folder, _leads, clock.today()))
    found += translation_problems(libraries[Language.WELSH], folder, _leads)
    for problem in found:
        click.echo(problem, err=True)
    for rule in catalogue().rules:
        if not library.of_rule(rule.id):
            found.append(rule.id)
            click.echo(f"{folder / 'pages'}: no page is about rule {rule.id}", err=True)
    for page in overdue(library, clock.today()):
        click.echo(f"Due for review: {page.slug}, last reviewed {page.reviewed_on}")
    if found:
        raise SystemExit(1)
    click.echo(f"{len(library.pages)} pages are as they should be, in English and Welsh")


def _leads(address: str) -> bool:
    """Tell whether an address of this service is one that can be opened."""
    path, _, query = address.partition("#")[0].partition("?")
    try:
        current_app.url_map.bind("localhost").match(path, method="GET", query_args=query)
    except HTTPException:
        return False
    return True
