"""Reading facts out of text: each way of writing a quantity, what must not be read, and any text at all."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.extraction.policy import MAX_TEXT, TextTooLongError
from mystery_shopper.extraction.reader import extract
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.registry import registry

MILLION = 100_000_000


@pytest.mark.parametrize(
    ("amount", "pounds"),
    [
        ("£5m", "5000000"),
        ("£5 million", "5000000"),
        ("GBP 5m", "5000000"),
        ("5M GBP", "5000000"),
        ("five million pounds", "5000000"),
        ("Five Million pounds sterling (5,000,000 GBP)", "5000000"),
        ("5 000 000 GBP", "5000000"),
        ("£2.5 million", "2500000"),
        ("two and a half million pounds", "2500000"),
        ("half a million pounds", "500000"),
        ("a quarter of a million pounds", "250000"),
        ("£250k", "250000"),
        ("£0.607m", "607000"),
        ("Â£1,234,567.50", "1234567.50"),
        ("£1.2bn", "1200000000"),
        ("one hundred and twenty thousand pounds", "120000"),
    ],
)
def test_an_amount_is_read_however_it_is_written(amount: str, pounds: str) -> None:
    found = extract(f"Bidders must have a minimum yearly turnover of {amount}.").values()

    assert found["min_turnover_gbp"] == int(Decimal(pounds) * 100)


@pytest.mark.parametrize(
    ("text", "fact_id", "value"),
    [
        ("A bond of 12.5 per cent of the contract price is required.", "bond_pct", Decimal("12.5")),
        ("Invoices are paid in 60 days.", "contract_payment_days", 60),
        ("Payment terms are 90 days. We would like 30 days.", "contract_payment_days", 90),
        ("Turnover must be twice the contract value.", "turnover_multiple", Decimal(2)),
        ("Turnover of 1.5 times the contract value is required.", "turnover_multiple", Decimal("1.5")),
        ("Bidders must send three (3) years' audited accounts.", "min_years_accounts", 3),
        ("Accounts for the last full financial year are required.", "min_years_accounts", 1),
        ("Firms must have been established for at least five years.", "min_years_trading", 5),
        ("Give details of work done in the past ten years as examples.", "reference_years_required", 10),
        ("Provide a minimum of three examples of similar contracts.", "reference_count", 3),
        ("Invoices are paid 45 days after receipt.", "contract_payment_days", 45),
        ("The subcontractor is paid after 65 days.", "subcontract_payment_days", 65),
        ("The framework runs for 7 (5 + 1 + 1) years.", "framework_years", 7),
        ("Tenders must be submitted by 17th March 2025.", "deadline_date", date(2025, 3, 17)),
        ("Tenders must be submitted by 17.3.2025.", "deadline_date", date(2025, 3, 17)),
        ("A current ratio of 1.10 or more is required.", "min_current_ratio", Decimal("1.10")),
        ("Public liability insurance: £5m. Employers' liability: £10m.", "employers_liability_gbp", 10 * MILLION),
        ("£2m professional indemnity and £5m public liability cover", "public_liability_gbp", 5 * MILLION),
        ("Bidders must hold, or commit to obtain, the insurance.", "insurance_timing", "commit"),
        ("Bidders must hold SSIP accreditation or equivalent.", "or_equivalent_stated", True),
        ("Bidders must hold SSIP accreditation.", "or_equivalent_stated", False),
    ],
)
def test_a_requirement_is_read_as_its_fact(text: str, fact_id: str, value: FactValue) -> None:
    assert extract(text).values().get(fact_id) == value


@pytest.mark.parametrize(
    "text",
    [
        "No bond is required for this contract.",
        "The council raised £50m from a municipal bond.",
        "Bidders are not asked for a parent company guarantee.",
        "There is no minimum turnover requirement.",
        "A contracting authority may not require audited annual accounts.",
        "Our turnover is £3 million.",
        "ISO 9001:2015 was published in 2015.",
        "Telephone 01632 960 123 or see section 151 of the Act.",
        "A turnover of at least €3 million and $5m of stock.",
        "The building is 40 years old.",
        "We must select a partner and consider the fors and againsts.",
    ],
)
def test_negation_law_other_money_and_noise_are_not_facts(text: str) -> None:
    quiet = {"bond_gbp", "bond_required", "pcg_required", "min_turnover_gbp", "audited_accounts_required"}
    quiet |= {"certification_required", "or_equivalent_stated", "min_years_trading", "min_years_accounts"}

    assert quiet.isdisjoint(extract(text).values())


@pytest.mark.parametrize(
    "text",
    [
        "The main contractor has not paid for 95 days.",
        "Our invoice has not been paid for 95 days.",
        "We would like to be paid in 30 days.",
        "It would be fair to pay us in 30 days.",
        "The council has not paid our invoice, sent 95 days ago.",
        "The council paid us 45 days late.",
        "We were paid 45 days after the due date.",
        "The main contractor pays us 20 days late.",
    ],
)
def test_a_wait_and_a_wish_are_no_payment_terms(text: str) -> None:
    assert {"contract_payment_days", "subcontract_payment_days"}.isdisjoint(extract(text).values())


def test_two_values_joined_by_or_are_both_shown() -> None:
    finding = next(one for one in extract("They want three or five years of accounts.").findings)

    assert (finding.value, finding.alternatives[0].value) == (5, 3)


def test_the_quoted_words_are_those_of_the_text() -> None:
    text = "Ⅻ ﬁrms — “must” lodge a bond of £5m.\nThey need 3 years\u2019 accounts."

    for finding in extract(text).findings:
        assert text[finding.start : finding.end] == finding.quote
    assert {finding.fact_id for finding in extract(text).findings} >= {"bond_gbp", "min_years_accounts"}


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    found = extract(text)

    for finding in found.findings:
        assert text[finding.start : finding.end] == finding.quote
        assert registry()[finding.fact_id].accepts(finding.value)
    assert len(found.values()) == len(found.findings)


WORDS = st.sampled_from(
    [
        "bond",
        "must",
        "not",
        "£5m",
        "10%",
        "three",
        "or",
        "five",
        "years",
        "accounts",
        "audited",
        "turnover",
        "twice",
        "the",
        "contract",
        "value",
        "public",
        "liability",
        "insurance",
        "=",
        ";",
        ".",
        ",",
        "(",
        ")",
        "-",
        "one",
        "hundred",
        "and",
        "twenty",
        "million",
        "GBP",
        "within",
        "the",
        "last",
        "days",
        "subcontractor",
        "paid",
        "90",
    ]
)


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_any_order_of_the_words_of_the_trade_can_be_read(text: str) -> None:
    for finding in extract(text).findings:
        assert text[finding.start : finding.end] == finding.quote
        assert registry()[finding.fact_id].accepts(finding.value)


HOSTILE = {
    "digits": "1" * 20_000,
    "commas": "1," * 10_000,
    "spaces": "£" + " " * 20_000 + "5m",
    "signs": "£" * 20_000,
    "number words": "one hundred and " * 1_200,
    "years": "years " * 3_000,
    "dots": "." * 20_000,
    "brackets": "7 (5 + " * 2_500,
    "groups": "1 000 " * 3_000,
    "long groups": "000 " * 5_000,
    "negations": "not " * 5_000,
    "capitals": "aB" * 10_000,
    "fractions": "three quarters of a " * 1_000,
    "insurance": "public liability £5m " * 900,
    "letters": "a" * 20_000,
    "cues": "the main contractor still owes us money for our bid and no one told us why we lost, " * 230,
    "denials": "not never no one would " * 900,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear_and_short_in_a_hostile_text(name: str) -> None:
    text = HOSTILE[name]
    extract(text[:100])  # the data files are read before the clock starts

    once, most = _time(text), _time(text * 4)
    longer = min(len(text) * 4, MAX_TEXT) / len(text)

    assert most < 0.02 + 3 * longer * once, f"{once:.3f} s, {longer:.1f} times as long: {most:.3f} s"
    assert once < 0.25, f"{once:.3f} s"  # 0.04 s on an idle machine: the rest is for slow ones


def _time(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()  # what else the machine does is no time of ours
        extract(text[:MAX_TEXT])
        best = min(best, time.process_time() - start)
    return best


def test_a_text_above_the_limit_is_refused() -> None:
    with pytest.raises(TextTooLongError):
        extract("x" * (MAX_TEXT + 1))


def test_our_own_passages_are_read_as_labelled() -> None:
    lines = (Path(__file__).parent / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    passages = [json.loads(line) for line in lines]

    assert len(passages) > 80
    assert len({passage["id"] for passage in passages}) == len(passages)


@pytest.mark.parametrize(
    ("text", "fact_id", "value"),
    [
        ("The contract shall be for four [4] years.", "contract_years", 4),
        ("The contract is for 36 months and may be extended for a further 24rn months.", "extension_years", None),
        ("A single provider will run all 46 car parks across the county. No lots are offered.", "uses_lots", False),
        ("Why eight years? Because open frameworks admit new suppliers.", "framework_years", None),
        ("Answers landed two days before the deadline of the tender.", "response_days", None),
        ("", "bond_required", None),
    ],
)
def test_words_of_two_sentences_state_nothing_together(text: str, fact_id: str, value: FactValue | None) -> None:
    assert extract(text).values().get(fact_id) == value


def test_a_run_of_the_same_mark_costs_three_tokens_and_hides_nothing() -> None:
    text = "Public liability " + "." * 5_000 + " £5m; performance bond " + "_" * 5_000 + " £20,000."

    assert extract(text).values().get("bond_gbp") == 2_000_000
