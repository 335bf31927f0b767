"""Commands for those who translate: write the files of translations anew, and check them."""

import click

from mystery_shopper.web import translations


@click.group(name="translations")
def translations_cli() -> None:
    """Welsh words of the pages for the public: docs/languages.md."""


@translations_cli.command("extract")
def extract_command() -> None:
    """Write every text of templates and code into translations/cy/*.po; Welsh that is there is kept."""
    for area in translations.write_files():
        click.echo(f"Written: translations/cy/{area}.po")
    for area, (missing, texts) in translations.missing_by_area().items():
        click.echo(f"{area}: {missing} of {texts} texts have no Welsh")


@translations_cli.command("check")
def check_command() -> None:
    """Fail on a text without Welsh, with other placeholders or tags than the English, or not wrapped at all."""
    found = list(translations.problems())
    for problem in found:
        click.echo(problem)
    if found:
        raise SystemExit(1)
    click.echo("Every text of the public pages has its Welsh")
