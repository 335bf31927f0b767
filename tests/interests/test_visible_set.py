"""What lists name and count is what a person may see, for any people, interests, owners and deputies.

Every function that asks `visible_to` stands in REACHED with the probe that reaches it; a new one fails the test until
somebody says which. FAULTS=full tries five times as many examples.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Searching
from hypothesis import strategies as st
from sqlalchemy import select, update

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.allocation import queries as allocation
from mystery_shopper.answering import queries as answering
from mystery_shopper.cases import overrides
from mystery_shopper.cases.audience import people_who_may_see
from mystery_shopper.cases.events import PublicationStepTaken
from mystery_shopper.cases.models import Case, CaseEventRecord, Interest, Report, ReporterIdentity
from mystery_shopper.cases.queries import get_case, lock_cases, visible_cases
from mystery_shopper.cases.services import add_note
from mystery_shopper.cases.states import FINISHED, PUBLICATION_STATES, CaseState
from mystery_shopper.casework.policy import CaseFilter, OwnerFilter, Sort, StateFilter
from mystery_shopper.casework.queries import bulk, desk, listing
from mystery_shopper.casework.queries.saved_views import count_new
from mystery_shopper.clocks import queries as clocks
from mystery_shopper.clocks.models import CaseEscalation
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import decode_cursor
from mystery_shopper.core.permissions import Permission
from mystery_shopper.core.vault import seal
from mystery_shopper.guidance import queries as guidance
from mystery_shopper.interests import services
from mystery_shopper.interventions.models import Answer, Recommendation
from mystery_shopper.interventions.policy import Standing
from mystery_shopper.interventions.queries import count_ledger, list_ledger
from mystery_shopper.interventions.queries.desk import due_checks
from mystery_shopper.letters import queries as letters
from mystery_shopper.publication import queries as publication
from mystery_shopper.publication.queries import OPEN
from mystery_shopper.replays import queries as replays
from mystery_shopper.replays.states import Phase
from mystery_shopper.requests import queries as requests
from mystery_shopper.requests.services.register import name_case
from mystery_shopper.retention import queries as retention
from mystery_shopper.similarity import patterns
from mystery_shopper.similarity import queries as similarity
from mystery_shopper.suggestions.queries import links
from mystery_shopper.teamwork.models import CaseTask, CaseWatch, NoteMention
from mystery_shopper.teamwork.queries.notes import notes_to_read
from mystery_shopper.teamwork.queries.tasks import tasks_of
from mystery_shopper.teamwork.queries.watching import watched_and_changed
from mystery_shopper.triage import use
from tests.architecture.source import PACKAGE, functions, source_files
from tests.architecture.test_one_place import RULE, names_in
from tests.architecture.world import BATCH_DONE, BATCH_WAITING, COLLEAGUE, World
from tests.factories.interests import declare
from tests.factories.reports import IDENTITY

PEOPLE = (Role.CASEWORKER.value, COLLEAGUE, Role.SENIOR_CASEWORKER.value, Role.PUBLISHER.value, Role.AUDITOR.value)
EXAMPLES = 3 if os.environ.get("TEST_DATABASE") == "postgresql" else 8
if os.environ.get("FAULTS") == "full":
    EXAMPLES *= 5
PHASES = (Searching.generate,)
"""A failing example is not made smaller: each costs a second, and it says by itself what was seen by whom."""
PAGE = 3
BOND = "FIN-BOND"
COMPLETE = ("the_list", "the_download", "one_at_a_time")
"""Probes that must name all a person may see."""
PROBES: dict[str, Callable[["Scene", StaffMember], set[UUID]]] = {}


@dataclass(frozen=True)
class Scene:
    """What never changes between examples, as plain values: `closes` are the cases each interest stands against."""

    cases: tuple[UUID, ...]
    states: dict[UUID, CaseState]
    published: frozenset[UUID]
    of_mutuals: frozenset[UUID]
    people: tuple[StaffMember, ...]
    interests: tuple[UUID, ...]
    holders: tuple[UUID, ...]
    closes: tuple[frozenset[UUID], ...]
    replay_id: UUID
    request: str


def probe(function: Callable[["Scene", StaffMember], set[UUID]]) -> Callable[["Scene", StaffMember], set[UUID]]:
    """Make a function a probe: it returns the cases that a part of the program names to a person."""
    PROBES[function.__name__] = function
    return function


def walk(read: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield what stands on every page of a list."""
    cursor_text = None
    while True:
        page = read(cursor_text)
        yield from page.items
        cursor_text = page.next_cursor
        if cursor_text is None:
            return


def when_overdue() -> date:
    """Return a day on which every case that is due now is overdue."""
    return clock.today() + timedelta(days=3 * 365)


@probe
def the_list(_scene: Scene, user: StaffMember) -> set[UUID]:
    found = set()
    for sort in (Sort.DUE, Sort.RECEIVED):
        wanted = CaseFilter(state=StateFilter.ALL, sort=sort)
        found |= {case.id for case in walk(lambda text, wanted=wanted: _read(user, wanted, text))}
    return found


def _read(user: StaffMember, wanted: CaseFilter, cursor_text: str | None) -> Any:
    cursor = decode_cursor(cursor_text)
    return listing.list_cases(user, wanted, today=clock.today(), cursor=cursor, size=PAGE)


@probe
def the_search_and_the_filters(_scene: Scene, user: StaffMember) -> set[UUID]:
    filters = [{"q": "bond"}, {"owner": OwnerFilter.NOBODY}, {"rule": BOND}, {"fact": ("bond_gbp",)}]
    filters.append({"reporter": "mutuals"})
    return {
        case.id
        for each in filters
        for case in _read(user, CaseFilter(state=StateFilter.ALL, **each), None).items  # type: ignore[arg-type]
    }


@probe
def the_download(_scene: Scene, user: StaffMember) -> set[UUID]:
    today, wanted = clock.today(), CaseFilter(state=StateFilter.ALL)
    found = {case.id for case in listing.list_for_export(user, wanted, today=today, limit=100)}
    streamed = {case.id for cases in listing.read_for_export(user, wanted, today=today, batch=2) for case in cases}
    counted = sum(listing.is_more_than(user, wanted, most, today=today) for most in range(len(found) + 1))
    assert (streamed, counted) == (found, len(found))
    return found


@probe
def the_desk(_scene: Scene, user: StaffMember) -> set[UUID]:
    today = clock.today()
    loaded = desk.load_desk(user, today=today, soon=today + timedelta(days=14))
    piles = (loaded.mine, loaded.written_to, loaded.unowned, desk.load_team(user, today=when_overdue()).stuck)
    return {case.id for pile in piles for case in pile}


@probe
def one_at_a_time(scene: Scene, user: StaffMember) -> set[UUID]:
    found = set()
    for case_id in scene.cases:
        reference = db.session.get_one(Case, case_id).reference
        lock_cases([reference], user)
        try:
            found.add(get_case(reference, user).id)
        except NotFoundError:
            continue
    return found


@probe
def chosen_ones(scene: Scene, user: StaffMember) -> set[UUID]:
    every = [db.session.get_one(Case, case_id).reference for case_id in scene.cases]
    chosen = bulk.choose_cases(every, user)
    assert set(bulk.references_of(scene.cases, user)) == {case.reference for case in chosen}
    return {case.id for case in chosen}


@probe
def allocating(scene: Scene, user: StaffMember) -> set[UUID]:
    found = {case.id for owner in scene.people for case in allocation.list_owned(owner.id, user)}
    reference = allocation.find_next(user)
    return found | ({get_case(reference, user).id} if reference else set())


@probe
def escalated(_scene: Scene, user: StaffMember) -> set[UUID]:
    found = {case.id for case in clocks.list_escalated(user, when_overdue())}
    assert len(found) == clocks.count_escalated(user, when_overdue())
    return found


@probe
def similar_ones(scene: Scene, user: StaffMember) -> set[UUID]:
    found: set[UUID] = set()
    for case_id in scene.cases[:3]:
        case = db.session.get_one(Case, case_id)
        found |= {one.case.id for one in similarity.suggestions(case, user, today=clock.today())}
        found |= {join.joined_id for join in similarity.joins_seen(case, user)}
        found |= {view.other.id for views in similarity.relation_views(case, user).values() for view in views}
        told = patterns.sightings_of(case.authority_id, user, today=clock.today())
        named = {reference for one in told for reference in one.newest}
        found |= set(db.session.scalars(select(Case.id).where(Case.reference.in_(named))))
    return found | {case.id for pattern in patterns.all_patterns(user, today=clock.today()) for case in pattern.cases}


@probe
def publishing(_scene: Scene, user: StaffMember) -> set[UUID]:
    found = {case.id for case in walk(lambda text: publication.waiting_cases(user, text))}
    counts = publication.count_by_state(user)
    for state in OPEN:
        listed = list(walk(lambda text, state=state: publication.list_publications(user, state, text)))
        assert len(listed) == counts.get(state, 0)
        found |= {one.case_id for one in listed}
    return found


@probe
def the_rules(scene: Scene, user: StaffMember) -> set[UUID]:
    replay = replays.get_replay(scene.replay_id)
    found = {row.case_id for row in replays.list_all_changes(replay, Phase.COMPARED, user, limit=1000)}
    assert len(found) == replays.count_visible_cases(replay, Phase.COMPARED, user)
    first = replays.list_changes(replay, Phase.COMPARED, user, cursor=None)
    of_rule = use.cases_of(BOND, user, decision=None, cursor=None)
    return found | {row.case_id for row in first.items} | {one.case.id for one in of_rule.items}


@probe
def working_together(_scene: Scene, user: StaffMember) -> set[UUID]:
    named = {task.reference for task in tasks_of(user, clock.today())}
    named |= {line.reference for line in answering.desk_lines(user)}
    named |= {note.reference for note in notes_to_read(user)} | {one.reference for one in watched_and_changed(user)}
    return set(db.session.scalars(select(Case.id).where(Case.reference.in_(named))))


@probe
def whom_a_case_is_open_to(scene: Scene, user: StaffMember) -> set[UUID]:
    cases = [db.session.get_one(Case, case_id) for case_id in scene.cases]
    return {case.id for case in cases if user.id in {one.id for one in people_who_may_see(case, clock.today())}}


@probe
def second_opinions(_scene: Scene, user: StaffMember) -> set[UUID]:
    waiting = overrides.waiting_for(user)
    assert len(waiting) == overrides.count_waiting(user)
    return {case.id for case, _ in waiting}


@probe
def the_ledger(_scene: Scene, user: StaffMember) -> set[UUID]:
    named = {one.reference for one in due_checks(user, when_overdue())}
    lines = list(walk(lambda text: list_ledger(user, Standing.TO_CHECK, text, today=when_overdue())))
    assert named <= {line.reference for line in lines}
    found = db.session.scalars(select(Case).where(Case.reference.in_({line.reference for line in lines}))).all()
    for authority_id in {case.authority_id for case in found if case.authority_id}:
        of_one = {case.id for case in found if case.authority_id == authority_id}
        assert count_ledger(user, authority_id).made == len(of_one)
    return {case.id for case in found}


@probe
def records(scene: Scene, user: StaffMember) -> set[UUID]:
    batches = [retention.get_batch(int(number)) for number in (BATCH_WAITING, BATCH_DONE)]
    found = {item.record.id for batch in batches for item in retention.show_items(batch, user)}
    found |= set(retention.references_of(scene.cases, user))
    return found | {case.id for case in requests.list_cases(requests.get_request(scene.request), user)}


@probe
def letters_that_wait(_scene: Scene, user: StaffMember) -> set[UUID]:
    found = [one for pile in letters.list_piles(user, clock.today()) for one in (*pile.ready, *pile.held)]
    named = {one.case_reference for one in (*found, *letters.desk_lines(user))}
    return set(db.session.scalars(select(Case.id).where(Case.reference.in_(named))))


REACHED = {
    "casework/queries/listing.py _read_list": "the_list",
    "casework/queries/listing.py _read": "the_list",
    "casework/queries/listing.py read_for_export": "the_download",
    "casework/queries/listing.py is_more_than": "the_download",
    "casework/queries/bulk.py choose_cases": "chosen_ones",
    "casework/queries/bulk.py references_of": "chosen_ones",
    "casework/queries/bulk.py show_items": "names a case to those who see it (tests/casework)",
    "casework/queries/bulk.py _refused_owner": "whether a person may own a case that was chosen (tests/casework)",
    "casework/queries/bulk.py _refused_assignee": "whether a person sees a case that was chosen (tests/casework)",
    "casework/queries/saved_views.py count_new": "counts",
    "casework/queries/desk.py count_cases": "counts",
    "casework/queries/desk.py _first": "the_desk",
    "casework/queries/desk.py load_team": "the_desk",
    "cases/queries.py visible_parts": "the_list",
    "cases/queries.py visible_cases": "one_at_a_time",
    "cases/queries.py get_case": "one_at_a_time",
    "cases/queries.py lock_case": "one_at_a_time",
    "cases/queries.py lock_cases": "one_at_a_time",
    "cases/audience.py people_who_may_see": "whom_a_case_is_open_to",
    "cases/overrides.py waiting_for": "second_opinions",
    "cases/overrides.py count_waiting": "second_opinions",
    "cases/words.py _references_of": "names a case to those who see it (tests/casework)",
    "teamwork/queries/tasks.py tasks_of": "working_together",
    "teamwork/queries/notes.py notes_to_read": "working_together",
    "teamwork/queries/watching.py watched_and_changed": "working_together",
    "answering/queries.py desk_lines": "working_together",
    "letters/queries.py _outside": "letters_that_wait",
    "interventions/queries/desk.py due_checks": "the_ledger",
    "interventions/queries/ledger.py _visible": "the_ledger",
    "interventions/queries/ledger.py count_ledger": "the_ledger",
    "retention/queries/cases.py _show": "records",
    "retention/queries/held.py references_of": "records",
    "retention/queries/cases.py _count_unseen": "counts what is not seen (tests/retention)",
    "retention/queries/held.py authorities_hidden_from": "closes a hold on them to the person (tests/retention)",
    "requests/queries.py list_cases": "records",
    "requests/queries.py cases_of_pack": "refuses unless every case is seen (tests/requests)",
    "allocation/queries.py loads": "counts",
    "allocation/queries.py find_next": "allocating",
    "allocation/queries.py list_owned": "allocating",
    "clocks/queries.py list_escalated": "escalated",
    "clocks/queries.py count_escalated": "escalated",
    "similarity/queries.py suggestions": "similar_ones",
    "similarity/queries.py _by_marks": "similar_ones",
    "similarity/queries.py _by_rule": "similar_ones",
    "similarity/queries.py _visible": "similar_ones",
    "similarity/patterns.py _matching": "similar_ones",
    "similarity/patterns.py _flags_of_newest": "similar_ones",
    "publication/queries.py waiting_cases": "publishing",
    "publication/queries.py list_publications": "publishing",
    "publication/queries.py count_by_state": "publishing",
    "suggestions/queries/links.py cases_with_flag": "counts",
    "replays/queries.py _visible_changes": "the_rules",
    "triage/use.py cases_of": "the_rules",
    "guidance/queries.py count_mutuals": "counts",
    "guidance/queries.py _rules_of_mutuals": "counts",
    "guidance/queries.py _referrals_of_mutuals": "counts",
    "identity/queries.py list_reveals": "names a case to those who see it (tests/identity)",
    "interests/queries.py _references": "names a case to those who see it (test_services)",
    "interests/emergencies.py find_open_reference": "the case that is open in an emergency (test_views)",
    "interests/emergencies.py list_emergencies": "names a case to those who see it (test_services)",
}


def test_every_list_is_reached_by_a_probe() -> None:
    asking = {
        f"{place.path.relative_to(PACKAGE).as_posix()} {place.function.name}"
        for place in functions([path for path in source_files() if PACKAGE in path.parents])
        if names_in(place.function) & RULE
    }
    assert asking == set(REACHED)
    assert {name for name in REACHED.values() if " " not in name} == {*PROBES, "counts"} - {
        "the_search_and_the_filters"
    }


@pytest.fixture
def scene(app_context: Flask, world: World) -> Scene:
    """The world of every page, with escalations and a bank of interests that are all withdrawn."""
    people = tuple(get_user(world.members[name].id).to_staff_member() for name in PEOPLE)
    with transaction() as session:
        cases = session.scalars(select(Case).order_by(Case.serial)).all()
        for case in cases:
            if case.due_on is not None and case.state not in FINISHED:
                kind, moment = case.due_kind or "", clock.utc_now()
                row = CaseEscalation(case_id=case.id, due_kind=kind, due_on=case.due_on, escalated_at=moment)
                session.add(row)
        ids = tuple(case.id for case in cases)
        authority_id = next(case.authority_id for case in cases if case.authority_id)
        of_authority = frozenset(case.id for case in cases if case.authority_id == authority_id)
        known = select(Report.case_id).join(ReporterIdentity, ReporterIdentity.report_id == Report.id)
        named = frozenset(session.scalars(known))
        states = {case.id: case.state for case in cases}
        steps = select(CaseEventRecord.case_id).where(CaseEventRecord.tag == PublicationStepTaken.tag)
        published = frozenset(session.scalars(steps))
        put_before(cases, people, world.request)
    bank: list[tuple[StaffMember, dict[str, object], frozenset[UUID]]] = []
    for person in people[:4]:
        bank.append((person, {"authority_id": authority_id}, of_authority))
        bank.append((person, {"case_id": ids[1]}, frozenset({ids[1]})))
    bank.append((people[0], {"supplier": IDENTITY.organisation}, named))
    made = tuple(declare(person, **what).id for person, what, _ in bank)
    arranged = Scene(
        cases=ids,
        states=states,
        published=published,
        of_mutuals=frozenset(ids),
        people=people,
        interests=made,
        holders=tuple(person.id for person, _, _ in bank),
        closes=tuple(closed for _, _, closed in bank),
        replay_id=UUID(world.replay_id),
        request=world.request,
    )
    arrange(arranged, [0] * len(ids), [False] * len(made))
    return arranged


def put_before(cases: Sequence[Case], people: Sequence[StaffMember], request: str) -> None:
    """Give everybody a task, a note to read and a watch on every case; name each in a request, and recommend."""
    now, author, asked = clock.utc_now(), people[0], requests.get_request(request)
    for case in cases:
        note = add_note(case, "Please read this.", submission_id=uuid4(), author=author, now=now)
        db.session.flush()
        for person in people:
            task_id = uuid4()
            task = CaseTask(id=task_id, case_id=case.id, submission_id=uuid4(), due_on=clock.today(), made_at=now)
            task.title_sealed = seal(case.data_key, "Ring the authority", f"case_tasks.title:{task_id}")
            task.assignee_id, task.made_by = person.id, author.id
            watch = CaseWatch(case_id=case.id, user_id=person.id, since=now, seen_sequence=0)
            mention = NoteMention(note_id=note.id, user_id=person.id, case_id=case.id, mentioned_at=now)
            db.session.add_all((task, watch, mention))
        name_case(asked, case, by=people[2], now=now)
        db.session.add(_recommendation(case, author))


def _recommendation(case: Case, author: StaffMember) -> Recommendation:
    """Return one that was accepted and is to be checked today."""
    row_id, day = uuid4(), clock.today()
    return Recommendation(
        id=row_id,
        case_id=case.id,
        submission_id=uuid4(),
        made_on=day,
        made_by=author.id,
        recorded_at=clock.utc_now(),
        answer=Answer.ACCEPTED,
        answered_on=day,
        check_on=day,
        text_sealed=seal(case.data_key, "Lower the bond.", f"recommendations.text:{row_id}"),
    )


def arrange(scene: Scene, owners: Sequence[int], standing: Sequence[bool]) -> None:
    """Switch interests on and off, and give each case an owner by number (0: nobody)."""
    with transaction() as session:
        session.execute(update(Case).values(owner_id=None))
        for interest_id, stands in zip(scene.interests, standing, strict=True):
            interest = session.get_one(Interest, interest_id)
            if (interest.withdrawn_at is None) != stands:
                interest.withdrawn_at = None if stands else clock.utc_now()
                interest.withdrawn_by = None if stands else scene.people[2].id
                services.apply(interest, now=clock.utc_now())
        for number in set(owners) - {0}:
            owned = [case_id for case_id, owner in zip(scene.cases, owners, strict=True) if owner == number]
            session.execute(update(Case).where(Case.id.in_(owned)).values(owner_id=scene.people[number - 1].id))
    db.session.expire_all()


def may_see(scene: Scene, user: StaffMember, owners: Sequence[int], standing: Sequence[bool]) -> set[UUID]:
    """Return what a person may see, said a second time, without the database."""
    closed: set[UUID] = set()
    for holder, stands, cases in zip(scene.holders, standing, scene.closes, strict=True):
        closed |= cases if stands and holder == user.id else set()
    owned = {
        case_id: scene.people[number - 1].id if number else None
        for case_id, number in zip(scene.cases, owners, strict=True)
    }
    found = {case_id for case_id in scene.cases if by_role(scene, case_id, owned[case_id], user)} - closed
    return found | ({user.emergency_case_id} if user.emergency_case_id else set())


def by_role(scene: Scene, case_id: UUID, owner_id: UUID | None, user: StaffMember) -> bool:
    if Role.SENIOR_CASEWORKER in user.roles:
        return True
    if Role.CASEWORKER in user.roles:
        return owner_id is None or owner_id in {user.id, *user.stands_in_for}
    state = scene.states[case_id]
    was_published = state is CaseState.CLOSED and case_id in scene.published
    return Role.PUBLISHER in user.roles and (state in PUBLICATION_STATES or was_published)


def check_counts(scene: Scene, user: StaffMember, visible: set[UUID]) -> None:
    """Compare what is counted with the visible cases."""
    cases = db.session.scalars(select(Case).where(Case.id.in_(visible))).all()
    still_open = [case for case in cases if case.state not in FINISHED]
    today = clock.today()
    counts = desk.count_cases(user, today=today, soon=today)
    assert counts.mine == sum(case.owner_id == user.id for case in still_open)
    assert counts.unowned == sum(case.owner_id is None for case in still_open)
    everything = (CaseFilter(state=StateFilter.ALL), 0)
    assert count_new([everything, (CaseFilter(), 0)], user, today) == [len(visible), len(still_open)]
    carried = allocation.loads(user)
    for person in scene.people:
        assert carried.get(person.id, (0, 0))[0] == sum(case.owner_id == person.id for case in still_open)
    team = {load.user_id: load.cases for load in desk.load_team(user, today=today).loads}
    assert team == {owner_id: cases for owner_id, (cases, _) in carried.items()}
    group = guidance.count_mutuals(user)
    assert group.all_open + group.all_closed == len(visible & scene.of_mutuals)
    assert all(count <= len(visible) for _, count in (*group.rules, *group.referrals))
    assert all(link.visible <= len(visible) for link in links.cases_with_flag("fin", BOND, user))


@pytest.mark.hypothesis
def test_lists_and_counts_are_within_what_a_person_may_see(app_context: Flask, scene: Scene) -> None:
    seen_at_all: dict[str, int] = dict.fromkeys(PROBES, 0)
    every = st.sampled_from(sorted(PROBES))

    @settings(
        max_examples=EXAMPLES, phases=PHASES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        owners=st.lists(st.integers(0, 3), min_size=len(scene.cases), max_size=len(scene.cases)),
        standing=st.lists(st.booleans(), min_size=len(scene.interests), max_size=len(scene.interests)),
        viewer=st.integers(0, len(PEOPLE) - 1),
        deputised=st.sets(st.integers(0, 2), max_size=2),
        emergency=st.one_of(st.none(), st.sampled_from(scene.cases)),
        probes=st.sets(every, min_size=1, max_size=3),
    )
    def holds(
        owners: list[int],
        standing: list[bool],
        viewer: int,
        deputised: set[int],
        emergency: UUID | None,
        probes: set[str],
    ) -> None:
        arrange(scene, owners, standing)
        person = scene.people[viewer]
        stands_in_for = frozenset(scene.people[number].id for number in deputised if number != viewer)
        works = person.can(Permission.CASE_WORK)
        user = replace(person, stands_in_for=stands_in_for, emergency_case_id=emergency if works else None)
        visible = may_see(scene, user, owners, standing)
        assert set(db.session.scalars(visible_cases(user).with_only_columns(Case.id))) == visible
        for name in sorted(probes):
            found = PROBES[name](scene, user)
            assert found <= visible, name
            seen_at_all[name] += len(found)
            assert name not in COMPLETE or found == visible, name
        check_counts(scene, user, visible)

    holds()
    nothing_in_the_way = replace(scene.people[2])
    arrange(scene, [0] * len(scene.cases), [False] * len(scene.interests))
    for name in (name for name, count in seen_at_all.items() if not count):
        assert PROBES[name](scene, nothing_in_the_way), f"the probe {name} never sees a case"
