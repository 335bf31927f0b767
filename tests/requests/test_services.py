"""Requests: cases on hold, what stands in each kind of pack, and who can never be seen in one."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from mystery_shopper.accounts.policy import Role
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case, Identity
from mystery_shopper.cases.queries import get_case_for_update, list_flags
from mystery_shopper.cases.services import join_cases
from mystery_shopper.core import clock
from mystery_shopper.core.db import transaction
from mystery_shopper.core.errors import DomainError, StaleEditError
from mystery_shopper.evidence.policy import ScanState
from mystery_shopper.evidence.services import release
from mystery_shopper.holds.policy import HeldError, HoldScope, Subject
from mystery_shopper.holds.services import clear
from mystery_shopper.requests.evidence import INFECTED, NOT_CLEANED, NOT_RELEASED, TELLS
from mystery_shopper.requests.models import InfoRequest
from mystery_shopper.requests.queries import get_request, list_open, list_packs, read_pack, restrictions_on
from mystery_shopper.requests.services import register
from mystery_shopper.requests.services.packing import build_pack
from mystery_shopper.requests.states import Decision, Requester, RequestKind, RequestState
from mystery_shopper.retention.policy import IDENTITY
from mystery_shopper.retention.services.erasing import erase_record
from tests.factories.evidence import add_evidence
from tests.factories.publications import add_authority, as_staff
from tests.factories.records import add_closed_case
from tests.factories.reports import add_report
from tests.factories.requests import add_request
from tests.factories.staff import add_member
from tests.support.leaks import Scanner

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
REPORTERS_WORDS = ("Pargeter", "Quillfeather", "joan@quillfeather", "surety", "Community meals", "performance bond")
OTHER = Identity(name="Otto Unlike", organisation="Unlike Timber Ltd", email="otto@unlike.example")


class Office:
    """A senior and a case about a registered authority."""

    def __init__(self) -> None:
        member = add_member(Role.SENIOR_CASEWORKER, enrolled=False)
        self.senior = as_staff(member.id, Role.SENIOR_CASEWORKER)
        with transaction():
            self.filed = add_closed_case(by_id=member.id, closed_at=datetime(2025, 3, 6, 9, tzinfo=UTC))
            get_case_for_update(self.filed.case_id).authority = add_authority()

    @property
    def case(self) -> Case:
        return get_case_for_update(self.filed.case_id)

    def request(self, kind: RequestKind = RequestKind.FOI, about: Requester | None = None) -> InfoRequest:
        with transaction():
            one = add_request(by=self.senior, now=NOW, kind=kind, about=about)
            register.name_case(one, self.case, by=self.senior, now=NOW)
        return one

    def pack(self, one: InfoRequest, answer: str = "") -> dict[str, str]:
        with transaction():
            build_pack(one, answer, by=self.senior, now=NOW)
        with zipfile.ZipFile(io.BytesIO(read_pack(one, list_packs(one)[0]))) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}

    def decide(self, one: InfoRequest, decision: Decision, *held: str) -> None:
        with transaction():
            register.decide(one, decision, exemption_ids=held, reason="Because", by=self.senior, now=NOW)

    def identify(self, one: InfoRequest, code: str = "") -> None:
        with transaction():
            register.check_identity(one, how="Seen", code=code, by=self.senior, now=NOW)


@pytest.fixture
def office(app_context: Flask) -> Iterator[Office]:
    with clock.frozen(NOW):
        yield Office()


def words_in(pack: dict[str, str]) -> set[str]:
    parts = ((name, text.encode()) for name, text in pack.items())
    return {leak.word for leak in Scanner(REPORTERS_WORDS).scan_all(parts)}


def test_a_case_named_in_a_request_is_on_hold_at_once_and_its_timeline_does_not_say_who_asks(office: Office) -> None:
    one = office.request()
    with transaction():
        register.name_case(one, office.case, by=office.senior, now=NOW)
    with pytest.raises(HeldError):
        clear(Subject(HoldScope.CASE, office.case.id))
    assert one.reference == "FOI-2026-0001"
    assert one.due_on == date(2026, 6, 29)


def test_a_freedom_of_information_pack_holds_no_word_of_a_report_and_no_day(office: Office) -> None:
    pack = office.pack(office.request(), "We hold one case.")
    assert set(pack) == {"answer.txt", "cases.csv", "evidence.csv", "exemptions.csv", "manifest.csv"}
    assert "Barchester City Council" in pack["cases.csv"]
    assert '"2025-03"' in pack["cases.csv"]
    raised = [flag.rule_id for flag in list_flags(office.case) if flag.outcome == "raised"]
    assert raised
    assert f'"{" ".join(raised)}"' in pack["cases.csv"]
    assert "2025-03-06" not in "".join(pack.values())
    assert words_in(pack) == set()
    assert office.filed.case_reference not in "".join(pack.values())


@pytest.mark.parametrize("telling", ["Q u i l l f e a t h e r told us", "Ms Pargéter", "020 7946-0123"])
def test_an_answer_in_which_a_reporter_can_be_seen_is_refused(office: Office, telling: str) -> None:
    one = office.request()
    with pytest.raises(DisclosureError) as refused, transaction():
        build_pack(one, telling, by=office.senior, now=NOW)
    assert refused.value.field == "answer"
    assert list_packs(one) == []


def test_somebody_named_in_a_case_learns_nothing_of_who_reported_nor_that_anybody_did(office: Office) -> None:
    one = office.request(RequestKind.SUBJECT_ACCESS, Requester.NAMED_PERSON)
    with pytest.raises(DomainError, match="Check who asks"), transaction():
        build_pack(one, "", by=office.senior, now=NOW)
    office.identify(one)
    pack = office.pack(one, "We hold your name and your post as the buyer of one tender.")
    assert set(pack) == {"answer.txt", "what-is-held.csv", "exemptions.csv", "manifest.csv"}
    whole = "".join(pack.values())
    assert words_in(pack) == set()
    for word in (office.case.reference, office.case.public_reference, "Barchester", "2025", "receipt"):
        assert word not in whole
    with pytest.raises(DisclosureError), transaction():
        build_pack(one, "Joan Pargeter named you", by=office.senior, now=NOW)


def test_a_reporter_gets_what_is_theirs_after_proving_it_with_the_code_and_nothing_of_another(office: Office) -> None:
    with transaction():
        other = add_report(identity=OTHER, narrative="Otto Unlike saw the same wording of the tender.")
    other_case = get_case_for_update(other.case_id)
    with transaction():
        mine = add_report()
    kept = get_case_for_update(mine.case_id)
    with transaction():
        join_cases(
            kept,
            other_case,
            kept_version=kept.version,
            joined_version=other_case.version,
            reason="The same tender",
            joiner=office.senior,
            now=NOW,
        )
    with transaction():
        one = add_request(by=office.senior, now=NOW, kind=RequestKind.SUBJECT_ACCESS, about=Requester.REPORTER)
        register.name_case(one, kept, by=office.senior, now=NOW)
    for wrong in (office.filed.receipt_code, "AAAA-AAAA"):
        with pytest.raises(DomainError):
            office.identify(one, wrong)
    office.identify(one, mine.receipt_code)
    pack = office.pack(one, "Dear Joan Pargeter, here is what we hold.")
    assert {"your-report.csv", "about-you.csv", "messages.csv", "facts.csv", "files.csv"} <= set(pack)
    assert "Joan Pargeter" in pack["about-you.csv"]
    assert "surety" in pack["your-report.csv"]
    assert Scanner(["Unlike", "otto@unlike"]).scan_all((name, text.encode()) for name, text in pack.items()) == []
    with pytest.raises(DisclosureError), transaction():
        build_pack(one, "Otto Unlike wrote too", by=office.senior, now=NOW)


def test_where_names_were_erased_no_text_goes_out_unchecked(office: Office) -> None:
    with transaction():
        erase_record(IDENTITY, office.case.id, batch=1, now=NOW)
    one = office.request()
    with pytest.raises(DomainError, match="was erased, so nothing can be looked for"), transaction():
        build_pack(one, "Anything", by=office.senior, now=NOW)
    assert "cases.csv" in office.pack(one)


def test_a_pack_with_a_case_somebody_may_not_see_is_not_built_by_them(office: Office) -> None:
    one = office.request()
    other = as_staff(add_member(Role.CASEWORKER, enrolled=False).id, Role.AUDITOR)
    with pytest.raises(DomainError, match="a case you may not see"), transaction():
        build_pack(one, "", by=other, now=NOW)


def test_an_answer_without_a_case_is_refused_because_nobody_could_be_looked_for(office: Office) -> None:
    with transaction():
        one = add_request(by=office.senior, now=NOW)
    with pytest.raises(DomainError, match="Name the case first") as refused, transaction():
        build_pack(one, "Joan Pargeter wrote to us", by=office.senior, now=NOW)
    assert refused.value.field == "answer"
    assert "cases.csv" in office.pack(one)


def test_a_request_goes_its_way_and_its_clock_with_it(office: Office) -> None:
    one = office.request()
    by = office.senior
    with pytest.raises(DomainError, match="Select what was held"), transaction():
        register.decide(one, Decision.REFUSED, exemption_ids=(), reason="x", by=by, now=NOW)
    with pytest.raises(DomainError, match="of the law"), transaction():
        register.decide(one, Decision.REFUSED, exemption_ids=("par16",), reason="x", by=by, now=NOW)
    with pytest.raises(DomainError, match="no further time"), transaction():
        register.extend(one, reason="x", by=by, now=NOW)
    later = datetime(2026, 6, 15, 9, tzinfo=UTC)
    with transaction():
        register.ask_requester(one, asked_on=NOW.date(), by=by, now=NOW)
    with pytest.raises(DomainError, match="up to today"), transaction():
        register.note_answer(one, answered_on=date(2026, 7, 1), by=by, now=later)
    with transaction():
        register.note_answer(one, answered_on=later.date(), by=by, now=later)
    assert (one.state, one.due_on) == (RequestState.OPEN, date(2026, 7, 14))
    with transaction():
        register.decide(one, Decision.GIVEN_IN_PART, exemption_ids=("s40", "s41"), reason="Names", by=by, now=later)
        register.ask_review(one, asked_on=later.date(), by=by, now=later)
    assert one.review_due_on == date(2026, 7, 14)
    with pytest.raises(StaleEditError):
        register.check_version(one, one.version - 1)
    with transaction():
        register.finish_review(get_request(one.reference), result="It stands", by=by, now=later)
    assert one.content["review"] == "It stands"
    with pytest.raises(DomainError, match="reviewed already"), transaction():
        register.ask_review(one, asked_on=later.date(), by=by, now=later)


def test_further_time_is_taken_within_the_first_month_only(office: Office) -> None:
    one = office.request(RequestKind.SUBJECT_ACCESS, Requester.NAMED_PERSON)
    with pytest.raises(DomainError, match="Check who asks"), transaction():
        register.decide(one, Decision.GIVEN, exemption_ids=(), reason="x", by=office.senior, now=NOW)
    with pytest.raises(DomainError, match="which is over"), transaction():
        register.extend(one, reason="x", by=office.senior, now=datetime(2026, 7, 2, tzinfo=UTC))
    with transaction():
        register.extend(one, reason="Many files", by=office.senior, now=NOW)
    assert one.due_on == date(2026, 9, 1)
    with pytest.raises(DomainError, match="extended already"), transaction():
        register.extend(one, reason="x", by=office.senior, now=NOW)


def test_a_case_is_marked_while_its_data_may_only_be_kept_and_nothing_else_changes(office: Office) -> None:
    before = (office.case.state, office.case.owner_id, office.case.due_on)
    one = office.request(RequestKind.RESTRICTION, Requester.NAMED_PERSON)
    assert one.reference.startswith("RES-2026-")
    assert [found.reference for found in restrictions_on(office.case)] == [one.reference]
    with pytest.raises(DomainError, match="Check who asks"):
        office.decide(one, Decision.GIVEN)
    office.identify(one)
    with pytest.raises(DomainError, match="answer by letter"):
        office.pack(one)
    with pytest.raises(DomainError, match="answer this kind"):
        office.decide(one, Decision.GIVEN_IN_PART)
    with pytest.raises(DomainError, match="restricts nothing"), transaction():
        register.end_restriction(one, reason="Too soon", by=office.senior, now=NOW)
    office.decide(one, Decision.GIVEN)
    assert restrictions_on(office.case)
    with pytest.raises(DomainError, match="no internal review"), transaction():
        register.ask_review(one, asked_on=NOW.date(), by=office.senior, now=NOW)
    with transaction():
        register.end_restriction(one, reason="The data are right", by=office.senior, now=NOW)
    assert not restrictions_on(office.case)
    other = office.request(RequestKind.RESTRICTION, Requester.REPORTER)
    office.decide(other, Decision.REFUSED, "no-ground")
    assert not restrictions_on(office.case)
    assert (office.case.state, office.case.owner_id, office.case.due_on) == before


def test_a_complaint_is_acknowledged_once_and_comes_first_in_the_register_until_then(office: Office) -> None:
    foi = office.request()
    with transaction():
        one = add_request(by=office.senior, now=NOW, kind=RequestKind.COMPLAINT, received_on=date(2026, 5, 4))
    assert (one.acknowledge_by, one.due_on) == (date(2026, 6, 2), date(2026, 8, 4))
    assert [found.id for found in list_open()] == [one.id, foi.id]
    with pytest.raises(DomainError, match="needs no"), transaction():
        register.acknowledge(foi, on=NOW.date(), by=office.senior, now=NOW)
    with transaction():
        register.acknowledge(get_request(one.reference), on=NOW.date(), by=office.senior, now=NOW)
    assert [found.id for found in list_open()] == [foi.id, one.id]
    with pytest.raises(DomainError, match="needs no"), transaction():
        register.acknowledge(one, on=NOW.date(), by=office.senior, now=NOW)
    with pytest.raises(DomainError, match="own data"):
        office.identify(one)


def test_a_pack_carries_released_copies_that_pass_the_gate_and_says_of_the_others_why_not(office: Office) -> None:
    with transaction():
        given = add_evidence(office.filed.report_id, content=b"The bond is five million", name="b.txt", now=NOW)
        telling = add_evidence(office.filed.report_id, content=b"Quillfeather asks", name="quillfeather.txt", now=NOW)
        add_evidence(office.filed.report_id, content=b"No copy", name="c.txt", is_copied=False, now=NOW)
        bad = {"scan": ScanState.INFECTED, "is_copied": False}
        add_evidence(office.filed.report_id, content=b"Bad", name="d.txt", now=NOW, **bad)
        for file in (given, telling):
            release(file, by_id=office.senior.id, now=NOW)
    pack = office.pack(office.request())
    copies = [text for name, text in pack.items() if name.startswith("evidence/")]
    assert copies == ["The bond is five million"]
    for words in (NOT_RELEASED, TELLS, NOT_CLEANED, INFECTED):
        assert pack["evidence.csv"].count(words) == 1, words
    assert words_in({name: text for name, text in pack.items() if name != "cases.csv"}) == set()

    own = office.request(RequestKind.SUBJECT_ACCESS, Requester.REPORTER)
    office.identify(own, office.filed.receipt_code)
    mine = office.pack(own)
    copies = [text for name, text in mine.items() if name.startswith("evidence/")]
    assert {"The bond is five million", "Quillfeather asks"} < set(copies)
    assert "quillfeather.txt" in mine["files.csv"]
    assert INFECTED in mine["files.csv"]
