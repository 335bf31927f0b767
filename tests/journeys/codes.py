"""Codes of demonstration accounts for the next half hour, from one process on the data of a server.

A code works once and a step is half a minute, so a test that asked for each code when it needs it would start a process
for each, and wait when somebody signs in again.
"""

import json
import re
import subprocess
import sys
import time
from datetime import timedelta

from config import load_config
from mystery_shopper.accounts.second_factor import STEP_SECONDS, step_at
from mystery_shopper.accounts.services import demo_codes
from mystery_shopper.app import create_app
from mystery_shopper.core import clock
from mystery_shopper.demo.people import find_staff
from tests.support.server import ROOT, RunningServer

STEPS_AHEAD = 60
_codes: dict[str, dict[str, dict[str, str]]] = {}
_used: dict[tuple[str, str], int] = {}


def fresh_code(server: RunningServer, email: str) -> str:
    """Return a code of an account that works now: of this half minute, or of the next if this one's was used."""
    if server.url not in _codes:
        _codes[server.url] = _ask(server)
        _compare_with_those_printed(server)
    now = int(time.time()) // STEP_SECONDS
    step = max(now, _used.get((server.url, email), 0) + 1)
    if step > now + 1:
        time.sleep((step - 1) * STEP_SECONDS - time.time())
    _used[server.url, email] = step
    return _codes[server.url][email][str(step)]


def _ask(server: RunningServer) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-m", "tests.journeys.codes"]
    done = subprocess.run(
        command, cwd=ROOT, env=server.environment, capture_output=True, text=True, check=True, timeout=120
    )
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


def _compare_with_those_printed(server: RunningServer) -> None:
    """Make sure that the command for people prints codes that work."""
    printed = re.findall(r"^\s+(\d{6})\s.*\s(\S+@\S+)$", server.command("demo", "codes"), re.MULTILINE)
    assert printed
    for code, email in printed:
        assert code in _codes[server.url][email].values()


def print_codes() -> None:
    """Write the codes by address and step to standard output."""
    app = create_app(load_config())
    with app.app_context():
        users, now = find_staff(), clock.utc_now()
        moments = [now + timedelta(seconds=STEP_SECONDS * ahead) for ahead in range(STEPS_AHEAD)]
        by_step = {step_at(moment): demo_codes(users, now=moment) for moment in moments}
    emails = {email for codes in by_step.values() for email in codes}
    sys.stdout.write(
        json.dumps({email: {step: codes[email] for step, codes in by_step.items()} for email in sorted(emails)})
    )


if __name__ == "__main__":
    print_codes()
