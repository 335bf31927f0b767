"""Writes of re-triage: the facts of a case in one piece, versions of the catalogue, replays compared and applied.

A replay is worked off in slices, each in a transaction of its own that also moves the replay's cursor, so that it goes
on where it stopped whatever happened. Which cases are left to judge is not remembered but read: every case carries the
number of the catalogue its flags were judged by.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, update

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.models import Case
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import ConfigurationError, DomainError, StaleEditError
from mystery_shopper.core.events import SYSTEM
from mystery_shopper.core.vault import seal_json
from mystery_shopper.replays import backlog, queries
from mystery_shopper.replays.candidates import Candidate, read_overrides
from mystery_shopper.replays.comparing import Batch, Comparer, facts_context, rule_versions
from mystery_shopper.replays.models import CaseSnapshot, CatalogueVersion, Replay, ReplayChange
from mystery_shopper.replays.policy import write_small
from mystery_shopper.replays.running import SHIPPED, catalogue_of, files_of, read_files, running
from mystery_shopper.replays.states import Origin, Phase, ReplayState
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.compiler import CatalogueError
from mystery_shopper.rules.loading import DATA, shipped_catalogue
from mystery_shopper.rules.overrides import OVERRIDES_FILE, write_overrides
from mystery_shopper.triage.queries import fact_values
from mystery_shopper.triage.services import triage_case

COMPARED_AT_ONCE = 1000
APPLIED_AT_ONCE = 200


def keep_snapshot(case: Case, catalogue_version: str) -> None:
    """Keep the facts in force of a case in one piece, with the number of the catalogue its flags were judged by.

    If another version came in force since the rules were applied, the number is left behind, so that the replay of that
    version still finds the case.
    """
    found = running()
    number = found.number if found.catalogue.version == catalogue_version else SHIPPED
    sealed = seal_json(case.data_key, write_small(fact_values(case)), facts_context(case.id))
    row = db.session.get(CaseSnapshot, case.id)
    if row is None:
        db.session.add(CaseSnapshot(case_id=case.id, catalogue_number=number, facts_sealed=sealed))
    else:
        row.catalogue_number, row.facts_sealed = number, sealed
    db.session.flush()


def record_release(*, now: datetime) -> CatalogueVersion | None:
    """Put the catalogue of this release in force, with the figures that were set; None when it is in force already.

    A pack that replaced the shipped one stays.

    Raises:
        ConfigurationError: a figure that was set is not there to be set any more.
    """
    shipped = shipped_catalogue().version
    head = queries.newest_version()
    if head is not None and head.shipped_version in {"", shipped}:
        return None
    files = files_of(DATA)
    kept = read_overrides(head.files) if head is not None else {}
    if kept:
        files[OVERRIDES_FILE] = write_overrides(kept)
    try:
        pack = read_files(files)
    except CatalogueError as error:
        raise ConfigurationError(f"A figure that was set does not fit this release: {error.message}") from None
    number = head.number + 1 if head else SHIPPED + 1
    summary = f"{pack.name}, as released"
    return _add_version(number, pack, files, Origin.RELEASE, summary, shipped, reason="", made_by=SYSTEM, now=now)


def _add_version(
    number: int,
    pack: Catalogue,
    files: dict[str, str],
    origin: Origin,
    summary: str,
    shipped: str,
    *,
    reason: str,
    made_by: str,
    now: datetime,
) -> CatalogueVersion:
    row = CatalogueVersion(
        number=number,
        version=pack.version,
        origin=origin,
        summary=summary,
        files=files,
        rule_versions=rule_versions(pack),
        shipped_version=shipped,
        reason=reason,
        made_by=made_by,
        made_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(Action.RULES_CHANGED, actor=made_by, subject="catalogue", subject_id=number, now=now)
    return row


def start_replay(candidate: Candidate, *, user: StaffMember | None, now: datetime) -> Replay:
    """Begin to compare a candidate with the flags of the open cases; nothing comes in force by that."""
    replay = Replay(
        id=new_id(),
        origin=candidate.origin,
        summary=candidate.summary,
        version=candidate.catalogue.version,
        files=candidate.files,
        base_number=candidate.base.number,
        total=backlog.count_open_cases(),
        created_by=user.id if user else None,
        created_at=now,
    )
    if replay.total == 0:
        replay.state, replay.finished_at = ReplayState.COMPARED, now
    db.session.add(replay)
    db.session.flush()
    return replay


def apply_replay(replay: Replay, *, reason: str, version: int, actor: str, now: datetime) -> None:
    """Put the candidate in force: from the commit on every case is judged by it, the open ones in slices.

    Raises:
        StaleEditError: the replay went on since the page was opened.
        DomainError: it has not been compared, or another version came in force since.
    """
    if replay.row_version != version:
        raise StaleEditError("Somebody else changed this replay while you were working on it.")
    if replay.state is not ReplayState.COMPARED:
        raise DomainError("Only rules that have been compared with the open cases can be put in force")
    base = running()
    if base.number != replay.base_number:
        raise DomainError("Other rules have come in force since this comparison. Compare again before you apply it")
    head = queries.newest_version()
    shipped = head.shipped_version if head is not None else shipped_catalogue().version
    _add_version(
        base.number + 1,
        catalogue_of(replay.version, replay.files),
        replay.files,
        replay.origin,
        replay.summary,
        "" if replay.origin is Origin.PACK else shipped,
        reason=reason,
        made_by=actor,
        now=now,
    )
    replay.state = ReplayState.APPLYING
    replay.number, replay.reason = base.number + 1, reason
    replay.applied_by, replay.applied_at, replay.finished_at = actor, now, None
    replay.cursor = replay.seen = 0
    replay.total = backlog.count_open_cases(behind=replay.number)
    db.session.flush()


def discard_replay(replay: Replay, *, now: datetime) -> None:
    """Throw a comparison away; what it would have changed is forgotten.

    Raises:
        DomainError: it is in force.
    """
    if replay.number is not None:
        raise DomainError("These rules are in force. To go back, put the earlier figure in force again")
    db.session.execute(delete(ReplayChange).where(ReplayChange.replay_id == replay.id))
    replay.state, replay.finished_at = ReplayState.DISCARDED, now
    db.session.flush()


def work_on(replay_id: UUID, *, now: datetime, limit: int | None = None) -> Replay:
    """Do the next slice of a replay: compare or judge at most `limit` cases. Does nothing when nothing is left."""
    replay = queries.lock_replay(replay_id)
    if replay.state is ReplayState.COMPARING:
        _compare_slice(replay, limit or COMPARED_AT_ONCE, now)
    elif replay.state is ReplayState.APPLYING:
        _apply_slice(replay, limit or APPLIED_AT_ONCE, now)
    db.session.flush()
    return replay


def _compare_slice(replay: Replay, limit: int, now: datetime) -> None:
    batch = Comparer(catalogue_of(replay.version, replay.files)).next(replay.cursor, limit=limit)
    if batch is None:
        replay.state, replay.finished_at = ReplayState.COMPARED, now
        return
    _keep_changes(replay, Phase.COMPARED, batch)
    replay.cursor, replay.seen = batch.last, replay.seen + len(batch.cases)
    if len(batch.cases) < limit:
        replay.state, replay.finished_at = ReplayState.COMPARED, now


def _apply_slice(replay: Replay, limit: int, now: datetime) -> None:
    """Judge the next cases; finished when none is behind, or when a newer version has taken over the rest."""
    number = replay.number or SHIPPED
    if running().number == number:
        batch = judge_again(replay, after=replay.cursor, limit=limit, now=now)
        if batch is not None:
            replay.cursor, replay.seen = batch.last, replay.seen + len(batch.cases)
            return
        if backlog.count_open_cases(behind=number):
            replay.cursor = 0
            return
    replay.state, replay.finished_at = ReplayState.APPLIED, now
    actor = replay.applied_by or SYSTEM
    audit.record(Action.RULES_REAPPLIED, actor=actor, subject="catalogue", subject_id=number, now=now)


def judge_again(replay: Replay, *, after: int, limit: int, now: datetime) -> Batch | None:
    """Judge the next cases that are behind the version a replay put in force; None when there are none.

    A case on which nothing differs only gets the number.
    """
    number = replay.number or SHIPPED
    batch = Comparer(running().catalogue).next(after, limit=limit, behind=number)
    if batch is None:
        return None
    for case in batch.cases:
        if case.id in batch.found or case.facts_sealed is None:
            triage_case(backlog.case_to_judge(case.uuid, lock=True), actor=replay.applied_by or SYSTEM, now=now)
    _set_number((case.uuid for case in batch.cases if case.id not in batch.found), number)
    _keep_changes(replay, Phase.APPLIED, batch)
    return batch


def sweep(*, now: datetime) -> int:
    """Judge open cases that were left behind by the newest applied replay; return how many.

    A case is left behind when its facts were judged at the moment the version came in force, or when it was reopened.
    """
    head = queries.newest_version()
    replay_id = queries.find_in_force(head.number) if head is not None else None
    if replay_id is None or head is None or not backlog.count_open_cases(behind=head.number):
        return 0
    batch = judge_again(queries.lock_replay(replay_id), after=0, limit=APPLIED_AT_ONCE, now=now)
    return len(batch.cases) if batch is not None else 0


def _set_number(case_ids: Iterable[UUID], number: int) -> None:
    db.session.execute(
        update(CaseSnapshot).where(CaseSnapshot.case_id.in_(list(case_ids))).values(catalogue_number=number),
        execution_options={"synchronize_session": False},
    )


def _keep_changes(replay: Replay, phase: Phase, batch: Batch) -> None:
    rows = [
        {
            "replay_id": replay.id,
            "phase": phase,
            "case_id": case.uuid,
            "serial": case.serial,
            "rule_id": one.rule_id,
            "change": one.change,
            "is_kept": one.is_kept,
            "old_outcome": one.old.outcome.value if one.old else None,
            "old_severity": one.old.severity if one.old else None,
            "new_outcome": one.new.outcome.value if one.new else None,
            "new_severity": one.new.severity if one.new else None,
        }
        for case in batch.cases
        for one in batch.found.get(case.id, ())
    ]
    if rows:
        db.session.execute(insert(ReplayChange), rows)
