"""Filling a demonstration with many cases: rows in batches, each committed whole, so that it can be stopped and go on.

The cases are as complete as those the services make: sealed under keys of their own, with facts, flags, events, search
index and snapshot, and with entries in the audit log, chained by the same function. What they do not have: letters in
the outbox, public texts, evidence, and marks of reports (`similar rebuild` and `interests rebuild` make those).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import insert, select

from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.accounts.queries import find_user_by_email
from mystery_shopper.accounts.services import create_user
from mystery_shopper.audit.services import record_many
from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.services import add_demonstration_authorities
from mystery_shopper.cases.search import index_documents, tokens
from mystery_shopper.cases.services.opening import next_number
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.demo.crowd import Outline, Scale, draw, invented_bodies, invented_names
from mystery_shopper.demo.crowd_acts import Batch
from mystery_shopper.demo.crowd_rows import ORDER, Filing
from mystery_shopper.demo.judging import Bench
from mystery_shopper.demo.people import find_caseworkers
from mystery_shopper.replays.running import ask_each_time, ask_once, running

BATCH = 2000
CACHE_KIB = 256 * 1024
SENTENCES_KEPT = 20_000
SERIAL = "serial"

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Stage:
    """The bodies and people the cases are about."""

    authorities: Sequence[Authority]
    owners: Sequence[User]
    catalogue_number: int


def fill(count: int, *, from_number: int, seed: int, scale: Scale, today: date, now: datetime, tell: Progress) -> None:
    """Write `count` cases from the one of a number on; `tell` hears of every batch that is committed."""
    bench = Bench()
    ask_once()
    try:
        with transaction() as session:
            stage = set_stage(scale, now=now)
            session.flush()
            session.expunge_all()
        for numbers in _batches(from_number, count):
            outlines = [draw(number, seed=seed, scale=scale, today=today) for number in numbers]
            with transaction():
                _keep_more_pages()
                _write(outlines, stage, bench, today)
            db.session.remove()
            tell(len(outlines))
    finally:
        ask_each_time()


def _batches(first: int, count: int) -> Iterator[range]:
    for start in range(first, first + count, BATCH):
        yield range(start, min(start + BATCH, first + count))


def set_stage(scale: Scale, *, now: datetime) -> Stage:
    """Return the bodies and people of a crowd of this size; they are added when they are not there."""
    bodies = invented_bodies(scale.authorities)
    names = [body["name"] for body in bodies]
    found = {one.name: one for one in db.session.scalars(select(Authority).where(Authority.name.in_(names)))}
    if len(found) < len(names):
        found = add_demonstration_authorities(bodies, actor=SYSTEM, now=now)
    return Stage([found[name] for name in names], _owners(scale, now), running().number)


def _owners(scale: Scale, now: datetime) -> list[User]:
    """Return who owns the cases: the caseworkers who can sign in come first, the others nobody can sign in as."""
    people = find_caseworkers()
    for place, name in enumerate(invented_names(scale.owners - len(people)), start=1):
        email = f"crowd{place}@demo.example"
        user = find_user_by_email(email)
        people.append(user or create_user(email=email, name=name, roles=[Role.CASEWORKER], actor=SYSTEM, now=now).user)
    return people


def _write(outlines: Sequence[Outline], stage: Stage, bench: Bench, today: date) -> None:
    batch = Batch(stage.catalogue_number, today)
    serial = next_number(SERIAL, len(outlines))
    years = Counter(outline.received_on.year for outline in outlines)
    numbers = {year: next_number(str(year), count) for year, count in sorted(years.items())}
    for place, outline in enumerate(outlines):
        year = outline.received_on.year
        Filing(
            batch,
            outline,
            serial=serial + place,
            number=numbers[year],
            authorities=stage.authorities,
            owners=stage.owners,
            bench=bench,
        ).write()
        numbers[year] += 1
    session = db.session()
    session.flush()
    for model in ORDER:
        if batch.rows[model]:
            session.connection().execute(insert(model), batch.rows[model])
    record_many(session, batch.done)
    index_documents(
        session,
        [
            (serial, " ".join(_tokens_of(sentence) for text in texts for sentence in text.split(". ")))
            for serial, texts in batch.documents
        ],
    )


@lru_cache(maxsize=SENTENCES_KEPT)
def _tokens_of(sentence: str) -> str:
    """Return the tokens of a sentence; invented ones come again and again, and may be kept in memory."""
    return " ".join(tokens([sentence]))


def _keep_more_pages() -> None:
    """Let SQLite keep more of its indexes in memory: ids are random, so every batch touches all of them."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
