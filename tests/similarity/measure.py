"""Made-up reports, near copies of them, and how many of each are found. `python -m tests.similarity.measure` prints it.

The sentences are about what reports are about, so that unrelated reports share words, phrases and even sentences.
"""

import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass

from mystery_shopper.cases.search import words
from mystery_shopper.similarity.policy import PER_CENT, Threshold, likeness, runs_of, text_marks, thresholds

KEY = bytes(32)
WHO = ("we", "our firm", "our small company", "my business", "our co-operative", "our members", "the four of us")
BUYER = ("the council", "the trust", "the department", "the buyer", "the college", "the fire service", "the county")
WORK = (
    "school meals", "grounds maintenance", "home care", "a new website", "roof repairs", "training courses",
    "advice for tenants", "bus services", "cleaning of offices", "translation", "street lighting", "youth work",
)  # fmt: skip
SUM = ("two million pounds", "half a million pounds", "ten million pounds", "750,000 pounds", "5 million pounds")
SENTENCES = (
    "{buyer} asks every bidder for {work} to lodge a performance bond of {sum} before the contract starts",
    "the tender for {work} wants three years of audited accounts and {who} have traded for one",
    "{who} asked {buyer} by email why the turnover has to be {sum} and had no answer",
    "insurance of {sum} has to be in place on the day the bid for {work} is sent",
    "the documents for {work} name one brand and do not say that an equivalent will do",
    "{buyer} gave nine days to answer a specification of two hundred pages about {work}",
    "{who} were told that only firms on an old framework can offer {work} to {buyer}",
    "the lots for {work} were put together although {buyer} had them apart last time",
    "no surety will write a bond of {sum} for {who} without cash in the bank",
    "{buyer} pays its main contractor in thirty days and {who} wait ninety for the money",
    "the pass mark for financial standing is a score that {who} cannot reach in the first year",
    "{who} did {work} for {buyer} for six years and nobody complained",
    "at the meeting {buyer} said that its lawyers insist on this for {work}",
    "the experience asked for is a contract of {sum} with the same kind of body",
    "{who} think that a parent company guarantee is asked of firms that have no parent",
    "bidders must hold a certificate that takes a year to get and has little to do with {work}",
    "{buyer} changed the award criteria for {work} after the questions had closed",
    "the price for {work} has to be fixed for five years whatever happens to wages",
    "{who} could have done {work} for less than {sum} with people from the area",
    "the portal refused our file an hour before the end and {buyer} would not take it by email",
    "{who} would have joined with another firm but {buyer} does not allow consortia for {work}",
    "the liability for {work} is not capped and {who} cannot insure that at any price",
)
FILLER = ("really", "local", "new", "formal", "only", "again", "said", "still", "later", "smaller", "other", "simply")


def make_text(draw: random.Random) -> str:
    """Return a report of five to nine sentences."""
    chosen = draw.sample(SENTENCES, draw.randint(5, 9))
    return ". ".join(_fill(sentence, draw) for sentence in chosen)


def _fill(sentence: str, draw: random.Random) -> str:
    return sentence.format(who=draw.choice(WHO), buyer=draw.choice(BUYER), work=draw.choice(WORK), sum=draw.choice(SUM))


def retell(text: str, draw: random.Random, *, changed: float) -> str:
    """Return a near copy: a share of the words replaced, dropped or with one put in, and the sentences in any order."""
    sentences = text.split(". ")
    draw.shuffle(sentences)
    told = []
    for word in " . ".join(sentences).split():
        roll = draw.random()
        if roll >= changed:
            told.append(word)
        elif roll >= changed / 3:
            told.append(draw.choice(FILLER) if roll >= changed * 2 / 3 else f"{word} {draw.choice(FILLER)}")
    return " ".join(told)


@dataclass(frozen=True)
class Measured:
    """Shares from 0 to 1: near copies that share a mark, near copies called similar; and of pairs of unrelated ones."""

    candidates: float
    found: float


def measure_copies(number: int, *, changed: float, seed: int) -> Measured:
    """Return how many near copies are found of made-up reports."""
    draw = random.Random(seed)
    shared = found = 0
    for _ in range(number):
        text = make_text(draw)
        left, right = _runs(text), _runs(retell(text, draw, changed=changed))
        is_candidate = bool(text_marks(left, KEY) & text_marks(right, KEY))
        shared += is_candidate
        found += is_candidate and likeness(left, right) * PER_CENT >= thresholds()[Threshold.TEXT]
    return Measured(shared / number, found / number)


def measure_strangers(number: int, *, seed: int) -> Measured:
    """Return which share of the pairs of unrelated reports share a mark, and which are called similar."""
    draw = random.Random(seed)
    texts = [_runs(make_text(draw)) for _ in range(number)]
    holders: dict[bytes, list[int]] = defaultdict(list)
    for at, runs in enumerate(texts):
        for mark in text_marks(runs, KEY):
            holders[mark].append(at)
    pairs = {(one, other) for held in holders.values() for one in held for other in held if one < other}
    called = sum(likeness(texts[one], texts[other]) * PER_CENT >= thresholds()[Threshold.TEXT] for one, other in pairs)
    every = number * (number - 1) / 2
    return Measured(len(pairs) / every, called / every)


def _runs(text: str) -> frozenset[int]:
    return runs_of(words(text), KEY)


def main() -> None:
    """Print the figures of docs/decisions/0013."""
    for changed in (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
        one = measure_copies(500, changed=changed, seed=1)
        sys.stdout.write(
            f"{changed:4.0%} of the words changed: {one.candidates:6.1%} share a mark, {one.found:6.1%} found\n"
        )
    strangers = measure_strangers(2000, seed=2)
    sys.stdout.write(
        f"unrelated pairs: {strangers.candidates:.4%} share a mark, {strangers.found:.5%} called similar\n"
    )
    runs = _runs(make_text(random.Random(3)))
    started = time.perf_counter()
    for _ in range(200):
        text_marks(runs, KEY)
    say(f"{(time.perf_counter() - started) * 5:.2f} ms for the marks of a text of {len(runs)} runs")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
