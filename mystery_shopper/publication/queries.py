"""Reads of public texts (staff) and of results (everybody)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.authorities.models import Authority
from mystery_shopper.cases.events import OutcomeRecorded
from mystery_shopper.cases.models import Case, CaseEventRecord, Flag, FlagDecision, Report
from mystery_shopper.cases.queries import list_facts, list_flags, visible_to
from mystery_shopper.cases.search import holding_words
from mystery_shopper.cases.states import CaseState
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.pagination import CursorKey, Page, decode_cursor, make_page, whole_number
from mystery_shopper.facts.policy import display, from_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.publication.models import Publication, PublishedResult
from mystery_shopper.publication.replies import AuthorityReply, replies_on
from mystery_shopper.publication.states import OPEN, PublicationState

PAGE_SIZE = 25
BATCH = 500
FEED_SIZE = 50
RAISED = "raised"


@dataclass(frozen=True, kw_only=True)
class ResultFilter:
    """What somebody looks for among the results; empty values do not filter."""

    query: str = ""
    year: int | None = None
    subject: str = ""
    authority: str = ""
    authority_id: UUID | None = None


@dataclass(frozen=True)
class Basis:
    """What a publisher sees of a case: enough to write the public text, and no message or narrative of a reporter."""

    outcome: OutcomeRecorded | None
    flags: Sequence[Mapping[str, object]]
    facts: Sequence[tuple[str, str]]
    objections: int
    replies: Sequence[AuthorityReply]


def find_open_publication(case: Case) -> Publication | None:
    """Return the version of the public text that is being worked on."""
    return db.session.scalar(select(Publication).where(Publication.case_id == case.id, Publication.state.in_(OPEN)))


def list_versions(case: Case) -> Sequence[Publication]:
    """Return every version of the public text, newest first, with their people."""
    return db.session.scalars(
        select(Publication)
        .where(Publication.case_id == case.id)
        .options(joinedload(Publication.author), joinedload(Publication.approver))
        .order_by(Publication.number.desc())
    ).all()


def next_number(case: Case) -> int:
    """Return the number of the next version."""
    last = db.session.scalar(select(func.max(Publication.number)).where(Publication.case_id == case.id))
    return (last or 0) + 1


def find_result_of(case: Case) -> PublishedResult | None:
    """Return the public row of a case, also when it has been withdrawn."""
    return db.session.scalar(select(PublishedResult).where(PublishedResult.case_id == case.id))


def find_published_version(case: Case) -> Publication | None:
    """Return the version the public reads."""
    return db.session.scalar(
        select(Publication).where(Publication.case_id == case.id, Publication.state == PublicationState.PUBLISHED)
    )


def count_objections(case: Case) -> int:
    """Return how many reporters of a case do not want it published."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Report).where(Report.case_id == case.id, Report.objects_to_publication)
        )
        or 0
    )


def basis_of(case: Case) -> Basis:
    """Return what a publisher may see of a case."""
    record = db.session.scalar(
        select(CaseEventRecord)
        .where(CaseEventRecord.case_id == case.id, CaseEventRecord.tag == OutcomeRecorded.tag)
        .order_by(CaseEventRecord.sequence.desc())
        .limit(1)
    )
    event = record.to_event(case.data_key) if record else None
    flags = [_flag_json(case, flag) for flag in list_flags(case) if _counts(flag)]
    return Basis(
        outcome=event if isinstance(event, OutcomeRecorded) else None,
        flags=flags,
        facts=_public_facts(case),
        objections=count_objections(case),
        replies=replies_on(case),
    )


def _counts(flag: Flag) -> bool:
    return flag.outcome == RAISED and flag.decision is not FlagDecision.OVERRULED


def _flag_json(case: Case, flag: Flag) -> Mapping[str, object]:
    result = flag.result_json(case.data_key)
    return {**result, "rule_id": flag.rule_id, "severity": flag.severity}


def _public_facts(case: Case) -> list[tuple[str, str]]:
    definitions = registry()
    shown = []
    for fact in list_facts(case):
        definition = definitions.resolve(fact.fact_id)
        if definition is not None and not definition.sensitive:
            value = from_json(definition, fact.value_json(case.data_key))
            shown.append((definition.title, display(definition, value)))
    return shown


def waiting_cases(user: StaffMember, cursor_text: str | None) -> Page[Case]:
    """Return a page of the cases whose result waits for a public text, longest waiting first."""
    has_open = exists(select(Publication.id).where(Publication.case_id == Case.id, Publication.state.in_(OPEN)))
    query = select(Case).where(
        visible_to(user), Case.state.in_((CaseState.SUPPLIER_TOLD, CaseState.READY_TO_PUBLISH)), ~has_open
    )
    cursor = decode_cursor(cursor_text)
    backward = cursor is not None and cursor.is_backward
    if cursor is not None:
        serial = _whole_number(cursor.key)
        query = query.where(Case.serial < serial if backward else Case.serial > serial)
    rows = db.session.scalars(
        query.order_by(Case.serial.desc() if backward else Case.serial).limit(PAGE_SIZE + 1)
    ).all()
    return make_page(rows, size=PAGE_SIZE, cursor=cursor, key=lambda case: (str(case.serial),))


def list_publications(user: StaffMember, state: PublicationState, cursor_text: str | None) -> Page[Publication]:
    """Return a page of the versions in one state: newest first when published, longest waiting first before."""
    newest_first = state not in OPEN
    query = (
        select(Publication)
        .join(Case)
        .where(visible_to(user), Publication.state == state)
        .options(joinedload(Publication.author))
    )
    cursor = decode_cursor(cursor_text)
    backward = cursor is not None and cursor.is_backward
    downwards = newest_first != backward
    order = (Case.serial, Publication.number)
    if cursor is not None:
        place = tuple_(*order)
        key = tuple_(*_whole_numbers(cursor.key))
        query = query.where(place < key if downwards else place > key)
    sorting = [column.desc() if downwards else column.asc() for column in order]
    rows = db.session.scalars(query.order_by(*sorting).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, size=PAGE_SIZE, cursor=cursor, key=lambda one: (str(one.case.serial), str(one.number)))


def count_by_state(user: StaffMember) -> dict[PublicationState, int]:
    """Return how many versions are being worked on, by state."""
    rows = db.session.execute(
        select(Publication.state, func.count())
        .join(Case)
        .where(visible_to(user), Publication.state.in_(OPEN))
        .group_by(Publication.state)
    )
    return {row[0]: row[1] for row in rows}


def _whole_number(key: CursorKey) -> int:
    return _whole_numbers(key, 1)[0]


def _whole_numbers(key: CursorKey, length: int = 2) -> list[int]:
    if len(key) != length:
        raise NotFoundError
    return [whole_number(part) for part in key]


def find_result(public_reference: str) -> PublishedResult | None:
    """Return a result by its public reference, also a withdrawn one."""
    return db.session.scalar(select(PublishedResult).where(PublishedResult.public_reference == public_reference))


def get_result(public_reference: str) -> PublishedResult:
    """Return a result by its public reference, also a withdrawn one.

    Raises:
        NotFoundError: there is none.
    """
    result = find_result(public_reference)
    if result is None:
        raise NotFoundError
    return result


def find_results(wanted: ResultFilter, cursor_text: str | None, *, size: int = PAGE_SIZE) -> Page[PublishedResult]:
    """Return a page of results that are not withdrawn, the newest month first."""
    query = _filtered(wanted)
    cursor = decode_cursor(cursor_text)
    backward = cursor is not None and cursor.is_backward
    if cursor is not None:
        query = query.where(_beyond(cursor.key, backward=backward))
    order = (PublishedResult.period, PublishedResult.public_reference)
    sorting = [column.asc() if backward else column.desc() for column in order]
    rows = db.session.scalars(query.order_by(*sorting).limit(size + 1)).all()
    return make_page(rows, size=size, cursor=cursor, key=_result_key)


def count_results(wanted: ResultFilter) -> int:
    """Return how many results a filter finds."""
    return db.session.scalar(select(func.count()).select_from(_filtered(wanted).subquery())) or 0


def _result_key(result: PublishedResult) -> CursorKey:
    return str(result.period), result.public_reference


def _beyond(key: CursorKey, *, backward: bool) -> ColumnElement[bool]:
    if len(key) != 2:
        raise NotFoundError
    period, reference = _whole_number(key[:1]), key[1]
    place = tuple_(PublishedResult.period, PublishedResult.public_reference)
    here = tuple_(period, reference)
    return place > here if backward else place < here


def _filtered(wanted: ResultFilter) -> Select[PublishedResult]:
    conditions: list[ColumnElement[bool]] = [PublishedResult.withdrawn_period.is_(None)]
    if wanted.year is not None:
        conditions.append(PublishedResult.period.between(wanted.year * 100 + 1, wanted.year * 100 + 12))
    if wanted.subject:
        conditions.append(PublishedResult.subject == wanted.subject)
    if wanted.authority_id is not None:
        conditions.append(PublishedResult.authority_id == wanted.authority_id)
    conditions += holding_words(PublishedResult.search_text, wanted.query)
    conditions += holding_words(PublishedResult.authority_search, wanted.authority)
    return select(PublishedResult).where(and_(*conditions))


def each_result(wanted: ResultFilter) -> Iterator[PublishedResult]:
    """Yield every result a filter finds, newest month first, read in batches so that a file of any size streams."""
    key: CursorKey | None = None
    while True:
        query = _filtered(wanted)
        if key is not None:
            query = query.where(_beyond(key, backward=False))
        rows = db.session.scalars(
            query.order_by(PublishedResult.period.desc(), PublishedResult.public_reference.desc()).limit(BATCH)
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        key = _result_key(rows[-1])


def newest_results() -> Sequence[PublishedResult]:
    """Return the newest results, withdrawn and corrected ones at their latest month, for the feed."""
    latest = func.coalesce(PublishedResult.withdrawn_period, PublishedResult.corrected_period, PublishedResult.period)
    return db.session.scalars(
        select(PublishedResult)
        .where(or_(PublishedResult.withdrawn_period.is_(None), PublishedResult.source == "scheme"))
        .order_by(latest.desc(), PublishedResult.public_reference.desc())
        .limit(FEED_SIZE)
    ).all()


def published_years() -> Sequence[int]:
    """Return the years with a result, newest first."""
    year = PublishedResult.period // 100
    rows = db.session.scalars(select(year).where(PublishedResult.withdrawn_period.is_(None)).distinct())
    return sorted((int(row) for row in rows), reverse=True)


def published_subjects() -> Sequence[str]:
    """Return the subjects with a result, in order of the alphabet."""
    return db.session.scalars(
        select(PublishedResult.subject)
        .where(PublishedResult.withdrawn_period.is_(None))
        .distinct()
        .order_by(PublishedResult.subject)
    ).all()


def get_authority_with_results(slug: str) -> Authority:
    """Return an authority by its address, when a result names it.

    Raises:
        NotFoundError: no such authority, or nothing published about it; both look alike.
    """
    authority = db.session.scalar(select(Authority).where(Authority.slug == slug))
    if authority is None or not count_results(ResultFilter(authority_id=authority.id)):
        raise NotFoundError
    return authority
