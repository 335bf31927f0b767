"""What notices of each service say, the facts they state, and how one differs from another. No database."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.facts.registry import registry
from mystery_shopper.notices.comparing import (
    NOT_GIVEN,
    PART_MAX,
    WHOLE_MAX,
    Change,
    compare,
    describe,
    kind_of,
    moment_words,
    money_words,
)
from mystery_shopper.notices.policy import Money, NoticeView, Span
from mystery_shopper.notices.reading import read_releases
from mystery_shopper.notices.references import key_of
from mystery_shopper.notices.stating import facts_of, months_of
from tests.factories.notices import TENDER, UPDATE, package, read, release

SCOTLAND, WALES, FINDER = "public_contracts_scotland", "sell2wales", "contracts_finder"


class TestView:
    def test_find_a_tender(self) -> None:
        view = read().view
        assert (view.number, view.notice_types, view.reference) == ("012345-2026", ("UK4",), "FM-2026-07")
        assert view.buyer.name == "Fenwick Moor District Council"
        assert view.buyer.ids == ("GB-PPON-QQQQ-0001-AAAA",)
        assert view.buyer.address == "1 Moor Lane, Fenwick Moor, ZZ1 1ZZ, United Kingdom"
        assert view.value == Money(amount=Decimal(240000), gross=Decimal(288000), currency="GBP")
        assert view.published_on == date(2026, 3, 2)
        assert view.tender_deadline == datetime(2026, 4, 1, 11, tzinfo=UTC)
        assert view.enquiry_deadline == datetime(2026, 3, 20, 17, tzinfo=UTC)
        assert view.runs == Span(start=date(2026, 6, 1), end=date(2029, 5, 31))
        assert [lot.title for lot in view.lots or ()] == ["North parks", "South parks"]
        assert view.conditions == ("Economic: A yearly turnover of twice the value of the lot.",)
        assert view.electronic is True

    def test_contracts_finder(self) -> None:
        view = read(FINDER).view
        assert (view.lots, view.electronic, view.legal_basis) == (None, None, "")
        assert view.minimum == Money(amount=Decimal(8000), currency="GBP")
        assert (view.for_small, view.for_voluntary) == (True, True)

    def test_scotland_and_wales(self) -> None:
        scotland, wales = read(SCOTLAND).view, read(WALES).view
        assert (scotland.lots_per_bidder, scotland.release_id, scotland.numbers) == (None, "", ("JAN123456",))
        assert scotland.conditions == ("Economic: Turnover 1300000 GBP",)
        assert (wales.framework, wales.framework_suppliers) == (True, None)

    def test_an_amendment_alone_does_not_say_when_the_tender_was_published(self) -> None:
        assert read(UPDATE).view.published_on is None

    def test_the_buyer_is_the_one_named_among_several_parties(self) -> None:
        whole = package()
        other = {"id": "x", "name": "Another body", "roles": ["buyer"], "address": {"locality": "Elsewhere"}}
        whole["releases"][0]["parties"].insert(0, other)
        assert "Fenwick" in read_releases(json.dumps(whole))[0].view.buyer.address


class TestFacts:
    def test_of_find_a_tender(self) -> None:
        assert facts_of(read().view) == {
            "procurement_start_date": date(2026, 3, 2),
            "contract_kind": "services",
            "estimated_value_gbp": 24_000_000,
            "estimated_value_gbp_inc_vat": 28_800_000,
            "contract_years": 3,
            "contract_term_months": 36,
            "uses_lots": True,
            "procedure": "open",
            "notice_date": date(2026, 3, 2),
            "deadline_date": date(2026, 4, 1),
            "response_days": 30,
            "electronic_submission": True,
            "published_on_portal": True,
            "tender_notice_published": True,
        }

    def test_of_two_stages_the_first_deadline_is_for_requests(self) -> None:
        facts = facts_of(read(SCOTLAND).view)
        assert facts["participation_deadline"] == date(2026, 2, 20)
        assert not {"deadline_date", "response_days"} & set(facts)
        assert (facts["uses_lots"], facts["contract_term_months"]) == (False, 48)

    def test_a_framework_says_nothing_of_the_length_of_a_contract(self) -> None:
        assert "contract_term_months" not in facts_of(read(WALES).view)

    @pytest.mark.parametrize("currency", ["EUR", "USD", ""])
    def test_other_currencies_are_not_converted(self, currency: str) -> None:
        facts = facts_of(read(value={"amount": 1000, "currency": currency}).view)
        assert not [name for name in facts if name.startswith("estimated_value")]

    @pytest.mark.parametrize("amount", [0, 0.01, 0.99])
    def test_a_placeholder_is_no_value(self, amount: float) -> None:
        assert "estimated_value_gbp" not in facts_of(read(value={"amount": amount, "currency": "GBP"}).view)

    def test_pence_are_kept(self) -> None:
        assert facts_of(read(value={"amount": 198.455, "currency": "GBP"}).view)["estimated_value_gbp"] == 19846

    def test_a_deadline_before_publication_gives_no_days(self) -> None:
        facts = facts_of(read(tenderPeriod={"endDate": "2016-07-21T12:00:00Z"}).view)
        assert facts["deadline_date"] == date(2016, 7, 21)
        assert "response_days" not in facts

    def test_days_are_those_of_london(self) -> None:
        facts = facts_of(read(tenderPeriod={"endDate": "2026-03-31T23:30:00Z"}).view)
        assert facts["deadline_date"] == date(2026, 4, 1)

    @pytest.mark.parametrize(
        ("said", "procedure"),
        [
            ("Open procedure (above threshold)", "open"),
            ("Restricted procedure", "restricted"),
            ("Competitive flexible procedure", "competitive-flexible"),
            ("Competitive procedure with negotiation", "negotiated"),
            ("Negotiated procedure without prior publication (above threshold)", "negotiated"),
            ("Competitive dialogue (above threshold)", "dialogue"),
            ("Below threshold - open competition", "other"),
            ("Direct award", "other"),
            ("Other - Request for Quotation", "other"),
            ("Not specified", None),
            ("Other - ", None),
            ("", None),
        ],
    )
    def test_procedures(self, said: str, procedure: str | None) -> None:
        assert facts_of(read(procurementMethodDetails=said).view).get("procedure") == procedure

    def test_a_call_off_is_one(self) -> None:
        facts = facts_of(read(procurementMethodDetails="Call-off from a framework agreement").view)
        assert (facts["is_framework_calloff"], facts["procedure"]) == (True, "other")

    def test_what_is_not_said_is_no_fact(self) -> None:
        bare = {"ocid": "ocds-zzzzzz-1", "date": "2026-01-01T00:00:00Z", "tag": ["planning"]}
        assert facts_of(read_releases(json.dumps(bare))[0].view) == {}

    def test_a_plan_says_nothing_of_lots_or_publication(self) -> None:
        whole = {**release(), "tag": ["planning"]}
        facts = facts_of(read_releases(json.dumps(whole))[0].view)
        assert not {"uses_lots", "published_on_portal", "tender_notice_published", "response_days"} & set(facts)

    def test_a_direct_award_has_no_deadline(self) -> None:
        whole = {**release(FINDER, procurementMethod="direct", datePublished=None), "tag": ["award"]}
        facts = facts_of(read_releases(json.dumps(whole))[0].view)
        assert not {"deadline_date", "response_days", "published_on_portal"} & set(facts)

    def test_an_award_gives_its_own_dates(self) -> None:
        award = {"id": "1", "date": "2026-05-01T00:00:00Z", "datePublished": "2026-05-20T09:00:00Z"}
        whole = {**release(FINDER), "tag": ["award"], "awards": [award]}
        facts = facts_of(read_releases(json.dumps(whole))[0].view)
        assert (facts["award_notice_published"], facts["award_notice_date"]) == (True, date(2026, 5, 20))

    @pytest.mark.parametrize(
        ("span", "months"),
        [
            (Span(months=18), 18),
            (Span(days=1440), 48),
            (Span(days=100), None),
            (Span(start=date(2026, 4, 1), end=date(2027, 3, 31)), 12),
            (Span(start=date(2026, 4, 1), end=date(2027, 4, 1)), 12),
            (Span(start=date(2026, 4, 1), end=date(2027, 3, 15)), None),
            (Span(start=date(2026, 4, 1), end=date(2026, 4, 1)), None),
            (Span(start=date(2026, 4, 1), end=date(2025, 4, 1)), None),
            (Span(end=date(2026, 4, 1)), None),
        ],
    )
    def test_months(self, span: Span, months: int | None) -> None:
        assert months_of(span) == months


VIEWS = st.sampled_from([read(name).view for name in (TENDER, UPDATE, SCOTLAND, WALES, FINDER)])


@given(VIEWS)
def test_every_fact_fits_the_registry(view: NoticeView) -> None:
    for fact_id, value in facts_of(view).items():
        assert registry()[fact_id].accepts(value)


class TestComparing:
    @given(VIEWS)
    def test_a_notice_does_not_differ_from_itself(self, view: NoticeView) -> None:
        assert compare(view, view) == ()

    @given(VIEWS, VIEWS)
    def test_the_other_way_round_old_and_new_change_places(self, old: NoticeView, new: NoticeView) -> None:
        there = {(one.key, one.old, one.new) for one in compare(old, new)}
        back = {(one.key, one.new, one.old) for one in compare(new, old)}
        assert there == back

    @given(VIEWS, VIEWS)
    def test_the_changes_lead_from_one_to_the_other(self, old: NoticeView, new: NoticeView) -> None:
        fields = {field.key: field.text for field in describe(old)}
        for change in compare(old, new):
            assert fields.get(change.key, NOT_GIVEN) == change.old
            assert change.old != change.new
            fields[change.key] = change.new
        assert {key: text for key, text in fields.items() if text != NOT_GIVEN} == {
            field.key: field.text for field in describe(new)
        }

    def test_reads_as_words(self) -> None:
        changes = {one.title: (one.old, one.new) for one in compare(read().view, read(UPDATE).view)}
        assert changes["Deadline for tenders or requests to take part"] == (
            "1 April 2026 at 12pm",
            "15 April 2026 at 12pm",
        )
        assert changes["Announced change 1"] == (
            NOT_GIVEN,
            "16 March 2026: Deadline extended, turnover test dropped",
        )
        assert changes["Condition of taking part 1"][1].startswith("Economic: Evidence of sound finances")

    @given(st.text("ab", max_size=900), st.text("ab", max_size=900))
    def test_of_long_texts_the_part_that_differs_is_shown(self, old: str, new: str) -> None:
        shown = Change("k", "Title", old, new).shown
        assert max(map(len, shown)) <= PART_MAX + 2
        assert (shown[0] == shown[1]) <= (old == new or max(len(old), len(new)) > WHOLE_MAX)

    def test_a_change_in_the_middle_of_a_long_text_is_seen(self) -> None:
        old, new = ("The work " * 60 + number + " weeks. " + "More words " * 60 for number in ("six", "nine"))
        before, after = Change("k", "Title", old, new).shown
        assert "six weeks" in before
        assert "nine weeks" in after
        assert before.startswith("…")
        assert before.endswith("…")
        assert len(before) < 200

    def test_words(self) -> None:
        assert money_words(read().view.value) == "£240,000, £288,000 with VAT"
        assert money_words(Money(amount=Decimal("0.5"))) == "0.50 (no currency given)"
        assert moment_words(datetime(2026, 7, 1, 12, 5, tzinfo=UTC)) == "1 July 2026 at 1:05pm"
        assert kind_of(("tender",), ("UK4",)) == "Tender notice (UK4)"


GUID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
NAMES: list[tuple[str, str | None]] = [
    ("012345-2026", "number:012345-2026"),
    (" 2026/S 000-012345 ", "number:012345-2026"),
    ("2026/s000-012345", "number:012345-2026"),
    ("2018/S 211-481400", "journal:2018/s 211-481400"),
    ("OCDS-H6VHTK-0f00d1", "ocid:ocds-h6vhtk-0f00d1"),
    (f"{GUID}-700001", f"page:{GUID}"),
    (GUID.upper(), f"page:{GUID}"),
    ("JAN123456", "page:jan123456"),
    ("https://www.find-tender.service.gov.uk/Notice/012345-2026?origin=SearchResults&p=1", "number:012345-2026"),
    ("find-tender.service.gov.uk/Notice/012345-2026", None),
    ("www.find-tender.service.gov.uk/Notice/012345-2026", "number:012345-2026"),
    ("https://www.find-tender.service.gov.uk/procurement/ocds-h6vhtk-0f00d1", "ocid:ocds-h6vhtk-0f00d1"),
    (f"https://www.contractsfinder.service.gov.uk/Notice/{GUID}?origin=x", f"page:{GUID}"),
    ("https://www.publiccontractsscotland.gov.uk/search/show/search_view.aspx?ID=JAN123456", "page:jan123456"),
    ("https://evil.example/Notice/012345-2026", None),
    ("https://www.find-tender.service.gov.uk@evil.example/Notice/012345-2026", None),
    ("https://www.find-tender.service.gov.uk.evil.example/Notice/012345-2026", None),
    ("file:///etc/passwd", None),
    ("gopher://www.find-tender.service.gov.uk/012345-2026", None),
    ("http://[::1", None),
    ("http://169.254.169.254/012345-2026", None),
    ("ocds-", None),
    ("12345", None),
    ("\u0660\u0661\u0662\u0663\u0664\u0665-2026", None),
    ("", None),
]


@pytest.mark.parametrize(("typed", "key"), NAMES)
def test_how_people_name_a_notice(typed: str, key: str | None) -> None:
    assert key_of(typed) == key


@given(st.text(max_size=80) | st.sampled_from([typed for typed, _ in NAMES]).flatmap(lambda t: st.just(t + "x")))
def test_any_text_is_a_key_or_none(typed: str) -> None:
    found: Any = key_of(typed)
    assert found is None or found.split(":")[0] in ("number", "journal", "ocid", "page")
