"""A commissioner's authority, its other words and their contact are in nothing that goes out or lies about."""

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Config
from mystery_shopper.accounts.policy import Role
from mystery_shopper.core.db import db
from mystery_shopper.suggestions.models import Suggestion
from tests.suggestions.telling import ANSWERS, send, tell
from tests.support.leaks import Leak, Scanner, rows_of

SignedIn = Callable[..., FlaskClient]
PUBLIC = ("/", "/tell-us-how", "/results", "/tell-us-how/you-said-we-did")
FILES = ("/tell-us-how/you-said-we-did.csv", "/tell-us-how/you-said-we-did.atom")
ELSEWHERE = {
    Role.CASEWORKER: ("/desk", "/cases", "/rules", "/rules/FIN-TURNOVER-2X"),
    Role.SENIOR_CASEWORKER: ("/desk", "/rules/FIN-TURNOVER-2X"),
    Role.AUDITOR: ("/audit",),
    Role.ADMINISTRATOR: ("/admin",),
}


def _word() -> str:
    return f"zq{uuid.uuid4().hex[:14]}"


def _seen(browser: FlaskClient, *paths: str) -> list[tuple[str, bytes]]:
    answers: list[TestResponse] = [browser.get(path, follow_redirects=True) for path in paths]
    return [(path, answer.data) for path, answer in zip(paths, answers, strict=True)]


@pytest.mark.usefixtures("app")
def test_no_word_of_theirs_turns_up_where_it_should_not(
    app: Flask, client: FlaskClient, signed_in: SignedIn, settings: Config
):
    authority, team, mail, said, wanted = (_word() for _ in range(5))
    answers = {
        **ANSWERS,
        "requirement": {"requirement": f"{said}: write to me at {mail}@{authority}.example"},
        "instead": {"would_rather": wanted},
        "authority": {"authority": f"{authority} Council", "giveaways": team},
    }
    code = tell(client, answers)
    send(client, "/tell-us-how/check", saved_code="yes")
    with app.app_context():
        reference = db.session.query(Suggestion).one().reference
    owner, page = signed_in(Role.POLICY_OWNER), f"/suggestions/{reference}"
    read = owner.get(page).text
    for word in (authority, team, mail, said, wanted):
        assert word in read, "the words did go in"

    # Everything that goes out is refused while it holds one of the words.
    for word in (authority, team, mail, f"{mail}@{authority}.example"):
        refused = send(owner, f"{page}/route", body="other", other="Example Board", text=f"A buyer at {word} asks.")
        assert "Remove words that could identify" in refused.text, word
        refused = send(owner, f"{page}/route", body="other", other=f"The {word}", text="Why?")
        assert "Remove words that could identify" in refused.text, word
    assert send(owner, f"{page}/route", body="other", other="Example Board", text="Why?").status_code == 302
    assert send(owner, f"{page}/answer", result="changed", answer="It was changed.").status_code == 302
    text = {"title": "Turnover", "said": "Too much is asked.", "done": "It was changed."}
    for word in (authority, team, mail):
        refused = send(owner, f"{page}/text", **{**text, "said": f"As {word} said"}, send="yes")
        assert "Remove words that could identify" in refused.text, word
    send(owner, f"{page}/text", **text, send="yes")
    publisher = signed_in(Role.PUBLISHER)
    assert send(publisher, f"{page}/text/decide", decision="approve").status_code == 302

    words = [authority, team, mail, said, wanted, code]
    scanner = Scanner(words)
    visitor = app.test_client()
    item = visitor.get(FILES[1]).text.split("<id>")[-1].split("</id>")[0].split("//", 1)[1].partition("/")[2]
    found: list[Leak] = scanner.scan_all(_seen(visitor, *PUBLIC, *FILES, f"/{item}"))
    found += scanner.scan_all(_seen(publisher, "/suggestions/texts", f"{page}/text/decide"))
    for role, paths in ELSEWHERE.items():
        found += scanner.scan_all(_seen(signed_in(role), *paths, page))
    found += scanner.scan_all(_seen(owner, "/suggestions", "/suggestions/themes", "/suggestions/themes.csv"))
    found += scanner.scan_all(rows_of(settings.database_url))
    assert found == []
    assert b"Too much is asked." in dict(_seen(visitor, f"/{item}"))[f"/{item}"]
