"""How much processor time the answer to a sign-in takes, for accounts that are there and for those that are not.

`.venv/bin/python -m benchmarks.bench_sign_in` writes docs/figures/sign-in.md. Each kind is tried 200 times, in turns,
so that whatever else the machine does falls on all of them alike; the clock moves on between the tries, so that no
account is locked but the one that is to be. SAMPLES=50 makes a quicker run, whose figures are not kept.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from config import load_config
from mystery_shopper.accounts import services
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.app import create_app
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import create_key_file
from mystery_shopper.core.db import transaction
from mystery_shopper.core.vault import check_keyring
from mystery_shopper.web import limits
from tests.factories.staff import PASSWORD, Member, add_member, give_password, token_in

SAMPLES = 200
WRONG = "kettle nimbus cobalt zebra"
OUT = Path(__file__).resolve().parents[1] / "docs" / "figures" / "sign-in.md"
SECOND_STEP = "right password, then a wrong code (the second step alone)"


@dataclass(frozen=True)
class Kind:
    """One kind of try: what it is called, and the try."""

    name: str
    attempt: Callable[[], object]


def main() -> None:
    """Measure and write the page."""
    samples = int(os.environ.get("SAMPLES", SAMPLES))
    with tempfile.TemporaryDirectory(prefix="mystery-shopper-") as folder:
        app = make_app(Path(folder))
        taken = measure(app, samples)
    lines = describe(taken)
    if samples == SAMPLES:
        OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


def make_app(folder: Path) -> Flask:
    """Return the application on an empty database."""
    settings = load_config({"INSTANCE_DIR": str(folder)})
    create_key_file(settings.keys_file)
    app = create_app(settings)
    limits.limiter.enabled = False
    with app.app_context():
        upgrade()
        with transaction() as session:
            check_keyring(session, clock.utc_now())
    return app


def measure(app: Flask, samples: int) -> dict[str, list[float]]:
    """Return the seconds each kind of try took."""
    with app.app_context():
        known, closed, locked = add_member(), add_member(), add_member()
        with transaction():
            services.disable_user(get_user(closed.id), actor="system", now=clock.utc_now())
    client, second = app.test_client(), app.test_client()
    kinds = (
        Kind("wrong password", lambda: give_password(client, known.email, WRONG)),
        Kind("no such account", lambda: give_password(client, "nobody@example.org", WRONG)),
        Kind("closed account, right password", lambda: give_password(client, closed.email, PASSWORD)),
        Kind("locked account, right password", lambda: give_password(client, locked.email, PASSWORD)),
    )
    taken: dict[str, list[float]] = {kind.name: [] for kind in kinds}
    codes: list[float] = []
    moment = clock.utc_now()
    for _ in range(samples):
        moment += timedelta(hours=2)
        with clock.frozen(moment):
            lock(client, locked)
            for kind in kinds:
                taken[kind.name].append(seconds(kind.attempt))
            codes.append(wrong_code(second, known))
    return {**taken, SECOND_STEP: codes}


def lock(client: FlaskClient, member: Member) -> None:
    """Try an account until it is locked."""
    for _ in range(5):
        give_password(client, member.email, WRONG)


def wrong_code(client: FlaskClient, member: Member) -> float:
    """Return the seconds a wrong code takes after a right password."""
    client.delete_cookie("session")
    give_password(client, member.email, member.password)
    token = token_in(client.get("/sign-in/code").text)
    return seconds(lambda: client.post("/sign-in/code", data={"csrf_token": token, "code": "000000"}))


def seconds(attempt: Callable[[], object]) -> float:
    """Return the processor time something took: what else the machine does is not in it, waiting is none here."""
    began = time.process_time()
    attempt()
    return time.process_time() - began


def describe(taken: dict[str, list[float]]) -> list[str]:
    """Return the page."""
    base = statistics.median(next(iter(taken.values())))
    count = len(next(iter(taken.values())))
    rows = []
    for name, values in taken.items():
        cuts = statistics.quantiles(values, n=20)
        middle = statistics.median(values)
        share = "-" if name == SECOND_STEP else f"{middle / base:.0%}"
        rows.append(f"| {name} | {middle * 1000:.1f} | {cuts[0] * 1000:.1f} to {cuts[-1] * 1000:.1f} | {share} |")
    how = (
        f"Written by `.venv/bin/python -m benchmarks.bench_sign_in` on {clock.today():%d %B %Y}: Python "
        f"{platform.python_version()}, SQLite, {os.cpu_count()} cores, {count} tries of each kind in turns, page and "
        "form together, through the test client. The bodies are compared in `tests/accounts/test_views.py`."
    )
    meaning = (
        "The medians of the first four should lie within 10 % of each other (SEC-09): a stranger cannot tell by the "
        "time whether an account is there, closed or locked. A code is asked for only after a right password."
    )
    head = "| try | median, ms of processor time | 5 % to 95 % | of the median for a wrong password |"
    return ["# How long a sign-in takes", "", how, "", head, "|---|---|---|---|", *rows, "", meaning]


if __name__ == "__main__":
    main()
