"""The `worker` command."""

import click
from flask import current_app, render_template
from flask.cli import with_appcontext

from config import Config
from mystery_shopper.core.languages import current
from mystery_shopper.notices.fetching import HttpFetcher
from mystery_shopper.notifications import worker
from mystery_shopper.notifications.models import Letter
from mystery_shopper.notifications.transport import transport_for


def render_letter(letter: Letter) -> tuple[str, str]:
    """Return subject and body of a fixed letter in the current language: the first line of its template is the subject.

    A letter that has no words in the language is in English.
    """
    settings: Config = current_app.extensions["settings"]
    names = [f"letters/{current()}/{letter.value}.txt", f"letters/{letter.value}.txt"]
    text = render_template(names, settings=settings)
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
