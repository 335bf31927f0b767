"""The command `triage replay`: other rules beside the flags of the open cases, and putting them in force."""

import json
import sys
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from uuid import UUID

import click
from flask.cli import with_appcontext

from mystery_shopper.core import clock
from mystery_shopper.core.db import db, set_reading, transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.replays import backlog, candidates, queries, services
from mystery_shopper.replays.candidates import Candidate
from mystery_shopper.replays.comparing import Batch, Comparer
from mystery_shopper.replays.policy import Difference, Standing
from mystery_shopper.replays.states import CHANGE_LABELS, RUNNING, Change, Phase

DEFAULT_REASON = "Applied by the operator"


class Tally:
    """Counts by rule and change, and of flags kept because a person decided them."""

    def __init__(self) -> None:
        self.cases = 0
        self.changed = 0
        self.rules: dict[str, dict[str, int]] = {}

    def add(self, batch: Batch) -> None:
        """Count what a batch found."""
        self.cases += len(batch.cases)
        self.changed += len(batch.found)
        for one in (one for found in batch.found.values() for one in found):
            of_rule = self.rules.setdefault(one.rule_id, dict.fromkeys([*Change, "kept"], 0))
            of_rule[one.change] += 1
            of_rule["kept"] += one.is_kept


@click.command("replay", epilog="Example: mystery-shopper triage replay --figure bond-share-medium 5")
@click.option("--catalogue", "directory", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A pack.")
@click.option("--figure", type=(str, str), metavar="ID VALUE", help="The rules in force with one figure set anew.")
@click.option("--rule", "rule_id", help="Look at this rule only.")
@click.option("--apply", "is_applied", is_flag=True, help="Put the rules in force and judge the open cases again.")
@click.option("--reason", default=DEFAULT_REASON, show_default=True, help="Kept with the rules for ever.")
@click.option("--continue", "is_continued", is_flag=True, help="Go on with a replay that was interrupted.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and every change as JSON.")
@with_appcontext
def replay_command(
    *,
    directory: Path | None,
    figure: tuple[str, str] | None,
    rule_id: str | None,
    is_applied: bool,
    reason: str,
    is_continued: bool,
    as_json: bool,
) -> None:
    """Compare other rules with the flags of the open cases: what would appear, vanish or change severity.

    Without --catalogue or --figure, the rules in force are compared with flags that earlier ones gave. Nothing changes
    without --apply. Flags that a person decided stay, whatever the rules say.
    """
    if is_continued:
        _finish(_interrupted(), as_json=as_json)
        return
    candidate = _candidate(directory, figure)
    if is_applied:
        if rule_id is not None:
            raise click.UsageError("--rule looks at one rule; rules are put in force as a whole")
        _finish(_put_in_force(candidate, reason), as_json=as_json)
        return
    if rule_id is not None and rule_id not in {rule.id for rule in candidate.catalogue.rules}:
        raise click.UsageError(f"There is no rule {rule_id}")
    set_reading(True)
    try:
        _compare(candidate, rule_id, as_json=as_json)
    finally:
        db.session.rollback()
        set_reading(False)


def _candidate(directory: Path | None, figure: tuple[str, str] | None) -> Candidate:
    if directory is not None and figure is not None:
        raise click.UsageError("Give --catalogue or --figure, not both")
    if directory is not None:
        return candidates.from_folder(directory)
    if figure is None:
        return candidates.in_force()
    try:
        return candidates.with_figure(figure[0], Decimal(figure[1]))
    except InvalidOperation:
        raise click.UsageError(f"{figure[1]} is not a number") from None


def _compare(candidate: Candidate, rule_id: str | None, *, as_json: bool) -> None:
    tally, separator = Tally(), "\n"
    if as_json:
        click.echo('{"changes": [', nl=False)
    for batch in _batches(candidate, rule_id):
        tally.add(batch)
        for line in _lines(batch) if as_json else ():
            click.echo(f"{separator}{line}", nl=False)
            separator = ",\n"
    if as_json:
        counts: dict[str, object] = {
            "catalogue": candidate.catalogue.version,
            "in_force": candidate.base.catalogue.version,
        }
        counts |= {"applied": False, "cases": tally.cases, "changed_cases": tally.changed, "rules": tally.rules}
        click.echo(f"\n], {json.dumps(counts)[1:]}")
    else:
        click.echo(_table(candidate.summary, tally))


def _batches(candidate: Candidate, rule_id: str | None) -> Iterator[Batch]:
    comparer = Comparer(candidate.catalogue, only=frozenset({rule_id}) if rule_id else None)
    after = 0
    with click.progressbar(length=backlog.count_open_cases(), label="Comparing", file=sys.stderr) as bar:
        while (batch := comparer.next(after)) is not None:
            yield batch
            after = batch.last
            bar.update(len(batch.cases))
            db.session.rollback()  # nothing is written: this only ends the reading


def _lines(batch: Batch) -> Iterator[str]:
    for case in batch.cases:
        for one in batch.found.get(case.id, ()):
            yield json.dumps({"case": case.reference, **_difference(one)})


def _difference(one: Difference) -> dict[str, object]:
    return {
        "rule": one.rule_id,
        "change": one.change.value,
        "kept": one.is_kept,
        "before": _standing(one.old),
        "after": _standing(one.new),
    }


def _standing(standing: Standing | None) -> dict[str, object] | None:
    return {"outcome": standing.outcome.value, "severity": standing.severity} if standing else None


def _put_in_force(candidate: Candidate, reason: str) -> UUID:
    """Compare, then put the candidate in force; returns the replay, its cases still to be judged."""
    with transaction():
        replay_id = services.start_replay(candidate, user=None, now=clock.utc_now()).id
    _work(replay_id, "Comparing")
    with transaction():
        replay = queries.lock_replay(replay_id)
        services.apply_replay(replay, reason=reason, version=replay.row_version, actor=SYSTEM, now=clock.utc_now())
    return replay_id


def _interrupted() -> UUID:
    found = queries.find_work()
    db.session.rollback()
    if found is None:
        raise DomainError("No replay was interrupted")
    return found


def _finish(replay_id: UUID, *, as_json: bool) -> None:
    _work(replay_id, "Working")
    replay = queries.get_replay(replay_id)
    phase = Phase.COMPARED if replay.number is None else Phase.APPLIED
    tally = Tally()
    tally.cases, tally.changed = replay.seen, queries.count_cases_changed(replay, phase)
    for one in queries.tally_changes(replay, phase):
        tally.rules[one.rule_id] = {**{str(change): count for change, count in one.counts.items()}, "kept": one.kept}
    drift = queries.drift_of(replay)
    if as_json:
        counts: dict[str, object] = {
            "catalogue": replay.version,
            "applied": replay.number is not None,
            "number": replay.number,
        }
        counts |= {"cases": tally.cases, "changed_cases": tally.changed, "rules": tally.rules}
        click.echo(json.dumps({**counts, "came_since": drift.came, "went_since": drift.went}))
        return
    click.echo(_table(replay.summary, tally))
    if replay.number is not None:
        click.echo(f"In force as version {replay.number} of the rules.")
        click.echo(f"Since the comparison {drift.came} changes came and {drift.went} went.")


def _work(replay_id: UUID, label: str) -> None:
    """Do slice after slice, each in its own transaction, until the replay waits for nobody."""
    total = queries.get_replay(replay_id).total
    db.session.rollback()
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        while True:
            with transaction():
                replay = services.work_on(replay_id, now=clock.utc_now())
                running, seen = replay.state in RUNNING, replay.seen
            bar.update(min(seen, total) - bar.pos)
            if not running:
                return


def _table(summary: str, tally: Tally) -> str:
    names = [CHANGE_LABELS[change] for change in Change]
    lines = [summary, f"{tally.changed:,} of {tally.cases:,} open cases change.", ""]
    if tally.rules:
        lines.append("  ".join([f"{'Rule':24}", *(f"{name:>12.12}" for name in names), f"{'Kept':>8}"]))
    for rule_id, counts in sorted(tally.rules.items()):
        cells = [f"{counts[change]:>12,}" for change in Change]
        lines.append("  ".join([f"{rule_id:24}", *cells, f"{counts['kept']:>8,}"]))
    return "\n".join(lines)
