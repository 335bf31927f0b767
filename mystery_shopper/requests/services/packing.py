"""Building a pack: from the cases named in a request, through the disclosure gate, kept as it was built."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.audit import services as audit
from mystery_shopper.audit.actions import Action
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case, Report
from mystery_shopper.cases.queries import get_case_of
from mystery_shopper.cases.services import record
from mystery_shopper.core.db import db, new_id
from mystery_shopper.core.errors import DomainError, NotFoundError, PermissionDeniedError
from mystery_shopper.core.vault import seal_stream
from mystery_shopper.identity import services as identity
from mystery_shopper.requests import packs
from mystery_shopper.requests.events import CaseInPack
from mystery_shopper.requests.evidence import evidence_of_cases, evidence_of_report
from mystery_shopper.requests.models import InfoRequest, RequestPack, pack_context
from mystery_shopper.requests.policy import kinds
from mystery_shopper.requests.queries import cases_of_pack, has_lost_names, own_report
from mystery_shopper.requests.states import Requester, RequestKind

ANSWER = "answer"


def build_pack(request: InfoRequest, answer: str, *, by: StaffMember, now: datetime) -> RequestPack:
    """Build the pack of a request for the one who asks, and for nobody else.

    Raises:
        DisclosureError: the answer, or a cell, holds a trace of a reporter who is not the one who asks.
        DomainError: a case is hidden from this person, who asks is not proved, names to look for are gone, or there is
            an answer and no case whose reporters could be looked for.
    """
    try:
        cases = cases_of_pack(request, by)
    except NotFoundError as error:
        words = "This request names a case you may not see. Somebody who sees all has to build the pack."
        raise DomainError(words) from error
    if answer and not cases:
        raise DomainError("Name the case first, or answer by letter", field=ANSWER)
    parts = [*_parts(request, cases), packs.exemption_table(request.exemption_ids)]
    if answer:
        parts.insert(0, packs.answer_text(answer))
    _pass_the_gate(request, cases, answer, parts)
    data = packs.make_zip(parts)
    pack_id = new_id()
    pack = RequestPack(
        id=pack_id,
        request_id=request.id,
        built_at=now,
        built_by_id=by.id,
        sha256=sha256(data).hexdigest(),
        contents=[part.to_json() for part in parts],
        pack_sealed=b"".join(seal_stream(request.data_key, [data], pack_context(pack_id))),
    )
    db.session.add(pack)
    db.session.flush()
    for case in cases if request.about is not Requester.NAMED_PERSON else ():
        record(case, CaseInPack(reference=request.reference, sha256=pack.sha256), actor=by.actor, now=now)
    if request.about is Requester.REPORTER:
        report = _own_report(request)
        identity.note_pack(get_case_of(report), report, words=f"Request {request.reference}", by=by, now=now)
    audit.record(Action.REQUEST_PACK_BUILT, actor=by.actor, subject="request", subject_id=request.id, now=now)
    return pack


def _parts(request: InfoRequest, cases: Sequence[Case]) -> list[packs.Part]:
    if not kinds()[request.kind].gives_pack:
        raise DomainError("Nothing is handed out with a request of this kind: answer by letter")
    if request.kind is RequestKind.FOI:
        return [packs.foi_table(cases), *evidence_of_cases(cases)]
    if request.identity_checked_on is None:
        raise DomainError("Check who asks before a pack is built")
    if request.about is Requester.NAMED_PERSON:
        return [packs.named_person_table()]
    report = _own_report(request)
    case = get_case_of(report)
    return [*packs.reporter_parts(report, case), *evidence_of_report(report, case)]


def check_taker(request: InfoRequest, pack: RequestPack, *, by: StaffMember) -> None:
    """Let a pack that says who reported go to whoever built it alone: the reporter was told of that one look.

    Raises:
        PermissionDeniedError: somebody else built it.
    """
    if request.about is Requester.REPORTER and pack.built_by_id != by.id:
        raise PermissionDeniedError(
            "This pack says who reported, so only whoever built it can download it. Build the pack anew: the reporter "
            "is told that you looked."
        )


def _own_report(request: InfoRequest) -> Report:
    report = own_report(request)
    if report is None:
        raise DomainError("Check who asks before a pack is built")
    return report


def _pass_the_gate(request: InfoRequest, cases: Sequence[Case], answer: str, parts: Sequence[packs.Part]) -> None:
    """Look in everything that leaves for every reporter of every case, but for the one who asks about themselves.

    The reporter's own report is theirs to read; only what staff wrote is looked through then.
    """
    is_reporter = request.about is Requester.REPORTER
    own = _own_report(request) if is_reporter else None
    checked = [] if is_reporter else [part.data.decode() for part in parts if not part.is_file]
    for case in cases:
        if answer and has_lost_names(case):
            raise DomainError(
                f"Who sent a report of {case.reference} was erased, so nothing can be looked for. Build the pack "
                "without an answer, and write to the requester by letter.",
                field=ANSWER,
            )
        check_texts(case, {ANSWER: "\n".join((answer, *checked))}, to=own)
