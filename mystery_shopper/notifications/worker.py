"""The worker: sends what is due, judges by new rules, sees to evidence and retention, and once a day tidies up."""

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from uuid import UUID

from mystery_shopper.accounts import session_store
from mystery_shopper.casenotices.worker import refresh_round
from mystery_shopper.cases.presence import forget_presences
from mystery_shopper.cases.services import refresh_passed_tenders
from mystery_shopper.clocks.worker import escalation_round
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.languages import speaking
from mystery_shopper.evidence.stores import StoreError
from mystery_shopper.evidence.worker import evidence_round, sweep_orphans
from mystery_shopper.intake.services import erase_expired_drafts
from mystery_shopper.interests.worker import lapse_round
from mystery_shopper.interventions.worker import follow_up_round
from mystery_shopper.notices.fetching import Fetcher
from mystery_shopper.notifications import services
from mystery_shopper.notifications.models import WITH_LINK, Letter, OutboxMessage
from mystery_shopper.notifications.queries import address_of, language_of, token_for
from mystery_shopper.notifications.transport import Transport
from mystery_shopper.replays.worker import replay_round
from mystery_shopper.retention.worker import retention_round
from mystery_shopper.suggestions import services as suggestions

logger = logging.getLogger(__name__)

BATCH = 20
PAUSE_SECONDS = 2.0

Render = Callable[[Letter, str | None], tuple[str, str]]
"""Returns subject and body of a letter; some carry the token of a link that works once."""


@dataclass(frozen=True)
class _Leased:
    """A letter to send: what for, where to, the token of its link if it carries one, and its language."""

    id: UUID
    letter: Letter
    address: str | None
    token: str | None
    language: str


@dataclass(frozen=True)
class Tally:
    """What one round did."""

    sent: int
    failed: int


def send_round(transport: Transport, render: Render, *, sender: str) -> Tally:
    """Send one batch: lease, send outside any transaction, record. A crash in between sends again, never loses."""
    now = clock.utc_now()
    with transaction():
        leased = [
            _Leased(row.id, row.letter, address_of(row, now), token_for(row, now), language_of(row))
            for row in services.lease_due(now, limit=BATCH)
        ]
    outcomes = [_deliver(transport, render, sender, row) for row in leased]
    return Tally(sent=sum(outcomes), failed=len(outcomes) - sum(outcomes))


def _deliver(transport: Transport, render: Render, sender: str, leased: _Leased) -> bool:
    reason, error = _why_not(leased), ""
    if leased.address is not None and not reason:
        try:
            with speaking(leased.language):
                mail = _compose(render, leased, sender, leased.address)
            transport.send(mail)
        except (OSError, smtplib.SMTPException) as failure:
            error = type(failure).__name__
    now = clock.utc_now()
    with transaction():
        message = db.session.get_one(OutboxMessage, leased.id)
        if reason:
            services.give_up(message, reason, now=now)
        elif error:
            services.mark_failed(message, error, now=now)
        else:
            services.mark_sent(message, now=now)
    return not (reason or error)


def _why_not(leased: _Leased) -> str:
    """Return why a letter can be sent to nobody, "" when it can."""
    if leased.address is None:
        return "no address"
    return "no link" if leased.letter in WITH_LINK and leased.token is None else ""


def _compose(render: Render, leased: _Leased, sender: str, address: str) -> EmailMessage:
    subject, body = render(leased.letter, leased.token)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = address
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def daily_round(today: date) -> None:
    """Do what a new day asks for, safe to repeat.

    Clocks are turned on, what is overdue is put before a senior, interests lapse, expired drafts and ended sessions are
    deleted, and files of evidence that nothing names.
    """
    with transaction():
        refresh_passed_tenders(today)
    escalation_round()
    follow_up_round()
    lapse_round()
    with transaction():
        forget_presences(clock.utc_now())
    with transaction():
        erase_expired_drafts(today, now=clock.utc_now())
        suggestions.erase_expired_drafts(today, now=clock.utc_now())
    with transaction():
        suggestions.note_overdue(today, now=clock.utc_now())
    with transaction() as session:
        session_store.delete_ended(session, clock.utc_now())
    try:
        sweep_orphans(clock.utc_now())
    except (StoreError, OSError) as error:
        logger.warning("The evidence store was not swept: %s", type(error).__name__)


def run(
    transport: Transport, render: Render, *, sender: str, once: bool = False, fetcher: Fetcher | None = None
) -> Tally:
    """Work until stopped; with `once`, until nothing is due. Returns what was done in all.

    With a `fetcher`, the notices of open cases are fetched anew each day.
    """
    sent = failed = 0
    last_day: date | None = None
    while True:
        today = clock.today()
        if today != last_day:
            daily_round(today)
            if fetcher is not None:
                refresh_round(fetcher)
            last_day = today
        tally = send_round(transport, render, sender=sender)
        sent, failed = sent + tally.sent, failed + tally.failed
        is_busy = replay_round()
        is_busy = evidence_round() or is_busy
        is_busy = retention_round() or is_busy
        if tally.sent + tally.failed == 0 and not is_busy:
            if once:
                return Tally(sent, failed)
            time.sleep(PAUSE_SECONDS)
