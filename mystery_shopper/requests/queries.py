"""Reads of the registers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import func, or_, select

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.cases.models import Case, IdentityChoice, Report, ReporterIdentity
from mystery_shopper.cases.queries import visible_cases
from mystery_shopper.core.calendar import Span
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.vault import unseal_stream
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.requests.models import InfoRequest, RequestCase, RequestPack, RequestPause, pack_context
from mystery_shopper.requests.policy import kinds
from mystery_shopper.requests.states import Decision, RequestState

SHOWN = 200
GRANTED = (Decision.GIVEN, Decision.GIVEN_IN_PART)


def list_open() -> Sequence[InfoRequest]:
    """Return the requests that are not answered or under review, the next due first; at most SHOWN."""
    first = func.coalesce(
        sql_case((InfoRequest.acknowledged_on.is_(None), InfoRequest.acknowledge_by)), InfoRequest.due_on
    )
    return db.session.scalars(
        select(InfoRequest)
        .where(InfoRequest.state != RequestState.ANSWERED)
        .order_by(first, InfoRequest.reference)
        .limit(SHOWN)
    ).all()


def list_answered() -> Sequence[InfoRequest]:
    """Return the requests that were answered, the latest first; at most SHOWN."""
    return db.session.scalars(
        select(InfoRequest)
        .where(InfoRequest.state == RequestState.ANSWERED)
        .order_by(InfoRequest.decided_on.desc(), InfoRequest.reference)
        .limit(SHOWN)
    ).all()


def get_request(reference: str, *, lock: bool = False) -> InfoRequest:
    """Return a request; with `lock` nobody else changes it before the commit.

    Raises:
        NotFoundError: no such request.
    """
    found = find_request(reference, lock=lock)
    if found is None:
        raise NotFoundError
    return found


def find_request(reference: str, *, lock: bool = False) -> InfoRequest | None:
    """Return the request with a reference; see `get_request`."""
    query = select(InfoRequest).where(InfoRequest.reference == reference)
    return db.session.scalar(query.with_for_update(of=InfoRequest) if lock else query)


def restrictions_on(case: Case) -> Sequence[InfoRequest]:
    """Return the requests that restrict what a case may be used for now: still open, or granted and not ended."""
    return db.session.scalars(
        select(InfoRequest)
        .join(RequestCase, RequestCase.request_id == InfoRequest.id)
        .where(
            RequestCase.case_id == case.id,
            InfoRequest.kind.in_([kind for kind, rules in kinds().items() if rules.restricts]),
            InfoRequest.restriction_ended_on.is_(None),
            or_(InfoRequest.decision.is_(None), InfoRequest.decision.in_(GRANTED)),
        )
        .order_by(InfoRequest.received_on, InfoRequest.reference)
    ).all()


def count_of_year(prefix: str) -> int:
    """Return how many requests have a reference that begins so."""
    statement = select(func.count()).select_from(InfoRequest).where(InfoRequest.reference.startswith(prefix))
    return db.session.scalar(statement) or 0


def find_by_submission(submission_id: UUID) -> InfoRequest | None:
    """Return the request a form recorded."""
    return db.session.scalar(select(InfoRequest).where(InfoRequest.submission_id == submission_id))


def list_pauses(request: InfoRequest) -> Sequence[RequestPause]:
    """Return the times the requester was asked, in order."""
    return db.session.scalars(
        select(RequestPause).where(RequestPause.request_id == request.id).order_by(RequestPause.asked_on)
    ).all()


def spans_of(request: InfoRequest) -> list[Span]:
    """Return the times the requester was asked and answered."""
    return [span for pause in list_pauses(request) if (span := pause.to_span()) is not None]


def list_cases(request: InfoRequest, user: StaffMember) -> Sequence[Case]:
    """Return the cases named in a request that this person may see, in the order they came."""
    named = select(RequestCase.case_id).where(RequestCase.request_id == request.id)
    return db.session.scalars(visible_cases(user).where(Case.id.in_(named)).order_by(Case.serial)).all()


def count_cases(request: InfoRequest) -> int:
    """Return how many cases are named in a request."""
    statement = select(func.count()).select_from(RequestCase).where(RequestCase.request_id == request.id)
    return db.session.scalar(statement) or 0


def own_report(request: InfoRequest) -> Report | None:
    """Return the report of somebody who asks about their own, None before that is proved and for anybody else."""
    report_id = request.content.get("report_id")
    return None if report_id is None else db.session.get_one(Report, UUID(report_id))


def cases_of_pack(request: InfoRequest, user: StaffMember) -> Sequence[Case]:
    """Return every case a pack of a request is made from: those named, and where the report of who asks lies now.

    Raises:
        NotFoundError: one of them is hidden from this person.
    """
    wanted = set(db.session.scalars(select(RequestCase.case_id).where(RequestCase.request_id == request.id)))
    own = own_report(request)
    if own is not None:
        wanted.add(own.case_id)
    found = db.session.scalars(visible_cases(user).where(Case.id.in_(wanted)).order_by(Case.serial)).all()
    if len(found) < len(wanted):
        raise NotFoundError
    return found


def is_named(request: InfoRequest, case: Case) -> bool:
    """Tell whether a case is named in a request."""
    return db.session.get(RequestCase, (request.id, case.id)) is not None


def has_lost_names(case: Case) -> bool:
    """Tell whether a reporter of a case was known once and is no longer: then no gate can look for their name."""
    known = select(ReporterIdentity.report_id)
    lost = select(Report.id).where(
        Report.case_id == case.id, Report.identity_choice != IdentityChoice.ANONYMOUS, Report.id.not_in(known)
    )
    return db.session.scalar(lost.limit(1)) is not None


def list_evidence(case: Case) -> Sequence[EvidenceFile]:
    """Return the files of a case that reporters and the authority sent, in the order they came; not those of staff."""
    reports = select(Report.id).where(Report.case_id == case.id)
    return db.session.scalars(
        select(EvidenceFile)
        .where(
            or_(EvidenceFile.report_id.in_(reports), EvidenceFile.case_id == case.id),
            EvidenceFile.to_reporter.is_(False),
        )
        .order_by(EvidenceFile.added_on, EvidenceFile.position, EvidenceFile.id)
    ).all()


def list_packs(request: InfoRequest) -> Sequence[RequestPack]:
    """Return the packs of a request, newest first."""
    return db.session.scalars(
        select(RequestPack).where(RequestPack.request_id == request.id).order_by(RequestPack.built_at.desc())
    ).all()


def get_pack(request: InfoRequest, pack_id: UUID) -> RequestPack:
    """Return a pack of a request.

    Raises:
        NotFoundError: the request has no such pack.
    """
    pack = db.session.get(RequestPack, pack_id)
    if pack is None or pack.request_id != request.id:
        raise NotFoundError
    return pack


def read_pack(request: InfoRequest, pack: RequestPack) -> bytes:
    """Return the bytes of a pack as they were built."""
    return b"".join(unseal_stream(request.data_key, [pack.pack_sealed], pack_context(pack.id)))
