"""What a reporter says they bid is read out of their words; what the authority set and what others bid is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.disclosure.own_bids import own_bids

OWN = [
    ("We bid £412,350 for the work.", {412_350}),
    ("Our tender price was £1.2m.", {1_200_000}),
    ("our quote of 412k was refused", {412_000}),
    ("Priced it at £98,500.", {98_500}),
    ("We priced it at £98,500 and heard nothing.", {98_500}),
    ("We had put in a price of just under £412,000.", {412_000}),
    ("Our bid (£412,350) was not read.", {412_350}),
    ("Our bid for the contract came to £412,350.", {412_350}),
    ("We tendered for the contract at £412,350 over five years", {412_350}),
    ("We bid £412,350 for lot 2.", {412_350}),
    ("The £412,350 we bid was the lowest.", {412_350}),
    ("£98,500 is what we quoted.", {98_500}),
    ("£412,350 was our price", {412_350}),
    ("They did not look at our £412,350 bid", {412_350}),
    ("Our prices for the three lots were £400,350, £512,900 and £610,000.", {400_350, 512_900, 610_000}),
    ("We offered between £400,500 and £450,700.", {400_500, 450_700}),
    ("We bid £412,350 and they asked for a bond of £500,000.", {412_350}),
    ("We bid £412,350 against a budget of £500,000", {412_350}),
    ("The winning bid was £500,000 but ours was £412,350", {412_350}),
    ("The council told us our bid of £412,350 was too high.", {412_350}),
    ("As a small supplier our price was £412,350.", {412_350}),
    ("Our winning bid of £412,350 was set aside", {412_350}),
    ("We came in at £412,350.", {412_350}),
    ("Our company bid 412350 in total", {412_350}),
    ("We would have bid £412,350.", {412_350}),
    ("Our price:\n£412,350", {412_350}),
    ("What we sent in:\n- our tender\n  price was £412,350\n- a bond of £500,000", {412_350}),
    ("Our second offer was £733,100, the first £700,500.", {733_100, 700_500}),
    ("Ein pris oedd £412,350.", {412_350}),
]
NOT_OWN = [
    "They asked for a bond of £500,000.",
    "We bid for a contract worth £5m.",
    "We bid for the £5m contract.",
    "We tendered for a contract of £2m and could not get a £5m performance bond.",
    "The winning bid was £500,000.",
    "The winner's price was £500,000.",
    "They priced it at £500,000.",
    "The council quoted £500,000 as the value.",
    "Our competitor bid £500,000.",
    "Another firm quoted £98,500.",
    "Our price was below the incumbent's price of £500,000.",
    "It was priced at £500,000.",
    "We never bid £5m.",
    "We did not quote £98,500.",
    "We could not bid £5,000,000.",
    "Our price was lower than £500,000.",
    "Our bid needed a guarantee of £500,000.",
    "Our bid was rejected because they want a turnover of £2 million.",
    "Our turnover is £412,350.",
    "An auditor quoted us £14,000 to look back at two years.",
    "A firm from Leeds bid £98,500.",
    "Our bid cost us £2,500 and six weekends.",
    "They wanted £5m and we bid anyway.",
    "The estimated value is £1.2m and we tendered.",
    "Bidders must lodge a performance bond of five million pounds.",
    "We are a new mutual and no surety will write this bond for us.",
    "We bid on 3 June 2025, with 12 pages and 3 references.",
]


@pytest.mark.parametrize(("words", "amounts"), OWN)
def test_what_the_writer_bid_is_read(words: str, amounts: set[int]) -> None:
    assert own_bids(words) == amounts
    assert own_bids(f"They want five years of accounts.\n\n{words}\n\nThe bond is £5,000,000.") == amounts


def test_what_the_authority_set_and_others_bid_is_not() -> None:
    assert {words: found for words in NOT_OWN if (found := own_bids(words))} == {}


@given(text=st.text("we bid our£1,234.5km \nprice wasnotof", max_size=300))
def test_reading_never_raises(text: str) -> None:
    assert all(amount >= 0 for amount in own_bids(text))


@pytest.mark.parametrize("unit", ["we bid £412,350 ", "we bid £1, ", "our £1\n", "1 ", "our bid was £400,000, "])
def test_reading_takes_time_in_proportion_to_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        started = time.process_time()
        own_bids(text)
        return time.process_time() - started

    seconds(1000)
    assert seconds(25_000) < 5 * 3 * seconds(5_000) + 0.02
