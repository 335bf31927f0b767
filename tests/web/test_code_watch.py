"""Wrong receipt codes of the whole service: who is slowed, who never is, and for how long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask import request as sent
from flask.testing import FlaskClient

from config import Config
from mystery_shopper.core import clock
from mystery_shopper.core.limits import Limit, limited, note_code
from mystery_shopper.web import code_watch
from tests.web.conftest import MakeApp

KNOWN, STRANGER, HONEST = "192.0.2.1", "192.0.2.2", "192.0.2.3"


@pytest.fixture
def app(make_app: MakeApp, web_settings: Config, tmp_path: Path) -> Flask:
    app = make_app(rate_limit_storage=f"sql+sqlite:///{tmp_path / 'limits.db'}")
    app.config["WTF_CSRF_ENABLED"] = False
    code_watch.init_app(app, web_settings)

    @app.post("/code")
    @limited(Limit.RECEIPT)
    def code() -> str:
        note_code(sent.form["code"] == "right")
        return "looked at"

    return app


def typed(client: FlaskClient, code: str, address: str) -> tuple[int, int]:
    answer = client.post("/code", data={"code": code}, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, int(answer.headers.get("Retry-After", 0))


def spend_budget(app: Flask) -> None:
    for number in range(code_watch.BUDGET):
        assert typed(app.test_client(), "wrong", f"198.51.100.{number}") == (200, 0)


def test_after_too_many_wrong_codes_a_stranger_with_a_wrong_one_waits_and_nobody_else(app: Flask) -> None:
    client, start = app.test_client(), clock.utc_now()
    with clock.frozen(start):
        assert typed(client, "right", KNOWN) == (200, 0)
        spend_budget(app)
        status, seconds = typed(client, "wrong", STRANGER)
        assert status == 429
        assert 1 <= seconds <= code_watch.WINDOW_SECONDS
        assert typed(client, "right", STRANGER)[0] == 429, "held: the code is not looked at"
        assert typed(client, "wrong", KNOWN) == (200, 0), "a good history"
        assert typed(client, "right", HONEST) == (200, 0), "a right code always opens"
        assert typed(client, "wrong", HONEST) == (200, 0), "and is a good history from then on"
        words = client.post("/code", data={"code": "x"}, environ_base={"REMOTE_ADDR": STRANGER}).text
        assert "Many wrong receipt codes" in words
        assert "Wait a few minutes" in words
    with clock.frozen(start + timedelta(seconds=code_watch.WINDOW_SECONDS + 1)):
        assert typed(client, "wrong", STRANGER) == (200, 0), "a new window"


def test_no_wrong_code_is_missed_when_many_come_at_once(app: Flask) -> None:
    def attempt(number: int) -> int:
        return typed(app.test_client(), "wrong", f"198.51.100.{number}")[0]

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(attempt, range(code_watch.BUDGET + 20)))

    assert statuses.count(429) == 20


def test_while_wrong_codes_are_slowed_everything_else_goes_on(app: Flask) -> None:
    with clock.frozen(clock.utc_now()):
        spend_budget(app)
        client = app.test_client()
        assert typed(client, "wrong", STRANGER)[0] == 429
        for _ in range(5):
            assert client.get("/name", environ_base={"REMOTE_ADDR": STRANGER}).status_code == 200
            answer = client.post("/name", data={"name": "Ann"}, environ_base={"REMOTE_ADDR": STRANGER})
            assert (answer.status_code, answer.location) == (302, "/name")
