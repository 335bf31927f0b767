"""The `worker` command."""

import click
from flask import current_app, render_template
from flask.cli import with_appcontext
from jinja2 import TemplateNotFound

from config import Config
from mystery_shopper.core.languages import ENGLISH, current
from mystery_shopper.notices.fetching import HttpFetcher
from mystery_shopper.notifications import worker
from mystery_shopper.notifications.models import Letter
from mystery_shopper.notifications.transport import transport_for


def render_letter(letter: Letter, token: str | None = None) -> tuple[str, str]:
    """Return subject and body of a fixed letter in the current language: the first line of its template is the subject.

    `token` is that of the link which some letters carry. A letter that has no words in the language is in English.
    """
    settings: Config = current_app.extensions["settings"]
    language = "" if current() == ENGLISH else f"{current()}/"
    try:
        text = render_template(f"letters/{language}{letter.value}.txt", settings=settings, token=token)
    except TemplateNotFound:
        text = render_template(f"letters/{letter.value}.txt", settings=settings, token=token)
    subject, body = text.split("\n", 1)
    return subject.strip(), body.strip() + "\n"


@click.command("worker")
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
@with_appcontext
def worker_command(once: bool) -> None:
    """Send what waits in the outbox, and keep the clocks.

    Example: mystery-shopper worker --once
    """
    settings: Config = current_app.extensions["settings"]
    tally = worker.run(
        transport_for(settings.mail_url),
        render_letter,
        sender=settings.mail_from,
        once=once,
        fetcher=HttpFetcher() if settings.notice_fetch else None,
    )
    click.echo(f"{tally.sent} sent, {tally.failed} failed")
