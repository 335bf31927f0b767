"""Drafts that only have to be sent, each in a session of its own, so that a fault can be aimed at the sending."""

import os
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from uuid import UUID

from flask import Flask
from flask.json.tag import TaggedJSONSerializer

from mystery_shopper.accounts import session_store
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.intake import services
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.queries import find_draft, read_draft
from tests.intake.walking import Walker
from tests.support.visitor import Visitor

SESSION_COOKIE = "session"
FIRST_ADDRESS = int(IPv4Address("198.18.0.0"))
ADDRESSES = 2**17
"""The addresses kept for measurements (RFC 2544): the limits count each reporter apart, as they do in use."""


@dataclass(frozen=True)
class Prepared:
    """A draft that is ready to be sent. `story` stands in this report and in no other."""

    draft_id: UUID
    code: str
    story: str
    token: str

    def visitor(self, url: str) -> Visitor:
        """Return the browser in which the draft was written, at an address of its own behind the proxy."""
        address = str(IPv4Address(FIRST_ADDRESS + self.draft_id.int % ADDRESSES))
        return Visitor(url, {"X-Forwarded-For": address}, cookies={SESSION_COOKIE: self.token})


def write_answers(app: Flask) -> Answers:
    """Answer every page of a report about a bond, and return the answers."""
    walker = Walker(app.test_client())
    walker.report_bond("confidential")
    walker.open("/report/check")
    draft_id = UUID(walker.form()[1]["draft"][0])
    with app.app_context():
        row = find_draft(draft_id, clock.today())
        assert row is not None
        answers = read_draft(row).answers
        db.session.remove()
    return answers


def prepare_drafts(app: Flask, count: int) -> list[Prepared]:
    """Write many drafts through the service, each with a session."""
    answers = write_answers(app)
    with app.app_context():
        found = []
        with transaction():
            for number in range(count):
                story = f"Story {number} {os.urandom(8).hex()}"
                draft = services.start_draft(now=clock.reporter_now())
                services.save_answers(draft, replace(answers, narrative=story), now=clock.reporter_now())
                found.append(Prepared(draft.row.id, draft.code, story, _open_session(draft.row.id)))
        db.session.remove()
    return found


def _open_session(draft_id: UUID) -> str:
    token = session_store.new_token()
    content = TaggedJSONSerializer().dumps({"drafts": {"1": str(draft_id)}})
    state = replace(session_store.new_state(token, None, clock.utc_now()), content=content)
    session_store.insert(db.session(), token, state)
    return token
