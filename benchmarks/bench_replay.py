"""Measure a replay: one figure changed (bond 10 to 5 percent) over a generated backlog, beside bare SQL.

    .venv/bin/python -m benchmarks.bench_replay            # 100,000 cases, writes docs/figures/replay.md
    CASES=10000 .venv/bin/python -m benchmarks.bench_replay  # quicker; prints only

Every generated case is sealed by the functions of the service under a data key of its own, and every one of them
states a bond, so none can be passed over.
"""

import json
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from benchmarks.__main__ import make_settings, say
from config import Config
from mystery_shopper.app import create_app
from mystery_shopper.cases.models import Case, CaseFact, FactSource, Flag, FlagDecision, Origin
from mystery_shopper.cases.policy import Priority, new_public_reference
from mystery_shopper.cases.states import CaseState, WaitingFor
from mystery_shopper.core import clock
from mystery_shopper.core.crypto import KEY_BYTES, keyring
from mystery_shopper.core.db import db, new_id, set_reading, transaction
from mystery_shopper.core.vault import DataKey, check_keyring, seal, seal_json
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.replays import candidates, services
from mystery_shopper.replays.comparing import Comparer, facts_context
from mystery_shopper.replays.models import CaseSnapshot
from mystery_shopper.replays.policy import write_small
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.schemas import result_json

FULL = 100_000
CASES = int(os.environ.get("CASES", str(FULL)))
ROUNDS = 5
AT_ONCE = 1000
RULE = "FIN-BOND"
VALUE = 100_000_000
SHARES = tuple(range(1, 31))
FIGURES = Path(__file__).resolve().parent.parent / "docs" / "figures"
GOAL = 5
BARE = (
    """SELECT c.serial, c.id, c.reference, c.authority_id, s.catalogue_number, s.facts_sealed, k.id, k.wrapping_key_id,
    k.wrapped FROM cases c JOIN data_keys k ON k.id = c.data_key_id LEFT JOIN case_snapshots s ON s.case_id = c.id
    WHERE c.state NOT IN ('closed', 'closed-no-reply', 'joined') AND k.erased_at IS NULL ORDER BY c.serial""",
    """SELECT f.case_id, f.rule_id, f.outcome, f.severity, f.decision FROM cases c CROSS JOIN flags f
    ON f.case_id = c.id AND f.is_current = 1 WHERE f.rule_id = 'FIN-BOND' ORDER BY c.serial""",
)
FACT_ROWS = "SELECT case_id, fact_id, value_sealed FROM case_facts WHERE is_current = 1"


def facts_of(number: int) -> dict[str, FactValue]:
    """Return what a reporter stated: a bond of 1 to 30 percent of a million pounds, and what else is asked about it."""
    return {
        "bond_gbp": VALUE * SHARES[number % len(SHARES)] // 100,
        "estimated_value_gbp": VALUE,
        "bond_required_before_award": number % 7 == 0,
        "pcg_required": False,
        "min_years_accounts": number % 5,
        "procurement_start_date": date(2024, 1, 1) + timedelta(days=number % 700),
    }


def generate(count: int) -> None:
    """Add cases in bulk: key, case, facts, flag and snapshot, all sealed as the service seals them."""
    pack, now = catalogue(), clock.utc_now()
    narrow = replace(pack, rules=(pack.rule(RULE),))
    for first in range(0, count, AT_ONCE):
        rows: dict[type, list[dict[str, Any]]] = {DataKey: [], Case: [], CaseFact: [], Flag: [], CaseSnapshot: []}
        for number in range(first, min(first + AT_ONCE, count)):
            add_case(rows, number, narrow, now)
        with transaction() as session:
            for model, found in rows.items():
                session.execute(insert(model), found)
        if first % 10_000 == 0:
            say(f"{first:,} cases")


def add_case(rows: dict[type, list[dict[str, Any]]], number: int, pack: Any, now: Any) -> None:
    """Add the rows of one case."""
    key = DataKey(id=new_id(), created_at=now)
    key.wrapping_key_id, key.wrapped = keyring().wrap(os.urandom(KEY_BYTES), f"data_keys.wrapped:{key.id}")
    case_id, values = new_id(), facts_of(number)
    rows[DataKey].append(
        {"id": key.id, "wrapping_key_id": key.wrapping_key_id, "wrapped": key.wrapped, "created_at": now}
    )
    rows[Case].append(
        {
            "id": case_id,
            "serial": number + 1,
            "reference": f"MS-2026-{number + 1:06d}",
            "public_reference": new_public_reference(),
            "state": CaseState.TRIAGE,
            "waiting": WaitingFor.US,
            "origin": Origin.SUPPLIER,
            "priority": Priority.NORMAL,
            "queue": "new",
            "scope": "in",
            "data_key_id": key.id,
            "title_sealed": seal(key, "Community meals service", f"cases.title:{case_id}"),
            "received_on": clock.today(),
            "state_since": now,
            "is_demonstration": False,
            "version": 1,
        }
    )
    for fact_id, value in values.items():
        rows[CaseFact].append(fact_row(key, case_id, fact_id, value, now))
    result = evaluate(values, catalogue=pack).results[0]
    flag_id = new_id()
    rows[Flag].append(
        {
            "id": flag_id,
            "case_id": case_id,
            "rule_id": RULE,
            "rule_version": result.rule_version,
            "catalogue_version": pack.version,
            "regime": result.regime,
            "outcome": result.outcome.value,
            "kind": result.kind.value,
            "severity": result.severity,
            "is_current": True,
            "evaluated_at": now,
            "decision": FlagDecision.UNDECIDED,
            "result_sealed": seal_json(key, result_json(result, pack), f"flags.result:{flag_id}"),
            "version": 1,
        }
    )
    sealed = seal_json(key, write_small(values), facts_context(case_id))
    rows[CaseSnapshot].append({"case_id": case_id, "catalogue_number": 1, "facts_sealed": sealed})


def fact_row(key: DataKey, case_id: Any, fact_id: str, value: FactValue, now: Any) -> dict[str, Any]:
    """Return the row of one stated fact."""
    row_id = new_id()
    return {
        "id": row_id,
        "case_id": case_id,
        "fact_id": fact_id,
        "source": FactSource.TYPED,
        "is_confirmed": True,
        "is_current": True,
        "actor": "reporter",
        "stated_at": now,
        "value_sealed": seal_json(key, to_json(registry()[fact_id], value), f"case_facts.value:{row_id}"),
    }


class Spent(NamedTuple):
    """Seconds by the clock, and of the processor: other work on the machine disturbs the second less."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> "Spent":
        """Return where both clocks stand."""
        return cls(time.perf_counter(), time.process_time())

    def until_now(self) -> "Spent":
        """Return what has passed since."""
        now = Spent.now()
        return Spent(now.wall - self.wall, now.cpu - self.cpu)


def read_bare(path: Path, *statements: str) -> Spent:
    """Return how long it takes to read the rows of some statements once, row by row, and to drop them."""
    began = Spent.now()
    with sqlite3.connect(path) as connection:
        for statement in statements:
            for _row in connection.execute(statement):
                pass
    connection.close()
    return began.until_now()


def replay(app: Flask) -> tuple[Spent, int, int]:
    """Return how long a replay takes, the cases it looked at and those that change."""
    with app.app_context():
        candidate = candidates.with_figure("bond-share-medium", Decimal(5))
        set_reading(True)
        began = Spent.now()
        seen = changed = 0
        comparer = Comparer(candidate.catalogue)
        for batch in batches(comparer):
            seen, changed = seen + len(batch.cases), changed + len(batch.found)
            db.session.rollback()
        spent = began.until_now()
        set_reading(False)
        db.session.remove()
    return spent, seen, changed


def batches(comparer: Comparer) -> Iterator[Any]:
    """Yield batch after batch."""
    after = 0
    while (batch := comparer.next(after)) is not None:
        yield batch
        after = batch.last


def peak_memory(settings: Config) -> int:
    """Return the peak of the command `triage replay` in MiB, in a process of its own."""
    environment = {
        **os.environ,
        "INSTANCE_DIR": str(settings.instance_dir),
        "KEYS_FILE": str(settings.keys_file),
        "DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "mystery_shopper.cli", "triage", "replay", "--figure", "bond-share-medium", "5"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    say(done.stdout)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def measure(folder: Path) -> dict[str, Any]:
    """Generate, then read and replay in turns; returns medians."""
    settings = make_settings(folder)
    app = create_app(settings)
    with app.app_context():
        upgrade()
        with transaction() as session:
            check_keyring(session, clock.utc_now())
            services.record_release(now=clock.utc_now())
        began = time.monotonic()
        generate(CASES)
        say(f"generated in {time.monotonic() - began:.0f} s")
        db.session.remove()
        db.engine.dispose()
    path = folder / "bench.sqlite3"
    replay(app)
    read_bare(path, *BARE)
    rounds = []
    for _ in range(ROUNDS):
        bare = read_bare(path, *BARE)
        spent, seen, changed = replay(app)
        rounds.append((bare, spent, read_bare(path, FACT_ROWS)))
        say(f"bare {bare.wall:.2f} s, replay {spent.wall:.2f} s ({seen:,} cases, {changed:,} change)")
    bare, spent, naive = (middle(column) for column in zip(*rounds, strict=True))
    return {
        "cases": seen,
        "changed": changed,
        "bare": bare,
        "replay": spent,
        "fact_rows": naive,
        "ratio": round(spent.wall / bare.wall, 1),
        "ratio_cpu": round(spent.cpu / bare.cpu, 1),
        "reports_per_second": round(seen / spent.wall),
        "peak_mib": peak_memory(settings),
    }


def middle(rounds: tuple[Spent, ...]) -> Spent:
    """Return the medians of both clocks."""
    return Spent(*(round(statistics.median(column), 2) for column in zip(*rounds, strict=True)))


def to_markdown(found: dict[str, Any]) -> str:
    """Return the page docs/figures/replay.md."""
    machine = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
    return f"""# What a replay costs

Written by `.venv/bin/python -m benchmarks.bench_replay` on {clock.today():%-d %B %Y}: {machine}.
The bond that counts as large goes from 10 to 5 percent of the contract, over {found["cases"]:,} open cases, each with a
data key of its own and each with a bond. {found["changed"]:,} of them change. Medians of {ROUNDS} rounds, in turns.

| what | by the clock | of the processor |
| --- | ---: | ---: |
| Replay, seconds | {found["replay"].wall} | {found["replay"].cpu} |
| The same rows read once in bare SQL (`sqlite3`), seconds | {found["bare"].wall} | {found["bare"].cpu} |
| **Ratio** (goal: at most {GOAL}) | **{found["ratio"]}** | **{found["ratio_cpu"]}** |
| Cases a second | {found["reports_per_second"]:,} | |
| Peak memory of the whole command, MiB | {found["peak_mib"]} | |
| For comparison: the fact rows of these cases read once in bare SQL, seconds | {found["fact_rows"].wall} | |

Other work ran on the machine during the measurement, as on any shared one; the second column is disturbed less by it.

**Same rows**: case, data key and facts in one piece, and the flag of the changed rule: the two queries of the replay,
asked once over the whole table, every row fetched and dropped. The replay reads them in batches of 1,000, opens each
data key and each case's facts, judges the changed rule and compares it with the flag. Only rules whose version differs
are judged. The replay lets SQLite keep 32 MiB of pages; the bare connection has the settings sqlite3 gives it.
"""


def main() -> None:
    """Generate, measure, write."""
    with tempfile.TemporaryDirectory(prefix="mystery-shopper-replay-") as folder:
        found = measure(Path(folder))
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    if CASES == FULL:
        (FIGURES / "replay.md").write_text(to_markdown(found), encoding="utf-8")


if __name__ == "__main__":
    main()
