"""Which amounts a reporter says were their own bid, read from what they wrote. Pure, linear in the text.

An amount counts when the words beside it say that the writer bid it: "we bid £412,350", "our tender price was £1.2m",
"our quote of 412k", "priced it at £98,500", "the £412,350 we offered". Decided on purpose:

- What the authority set does not count (a bond, a turnover, the value of the contract), nor what somebody else bid,
  such as the winner: that is in the award notice and no trace of the reporter.
- What is denied does not count ("we never bid £5m"): nobody could know the reporter by it.
- What they would have bid counts. So does an amount where it is not plain whose it is but the writer is the only person
  spoken of: one more amount that is looked for does no harm.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from importlib.resources import files

from mystery_shopper.extraction.numbers import SCALES, read_number
from mystery_shopper.extraction.quantities import Measure, Quantity, find_quantities
from mystery_shopper.extraction.tokens import Clause, Kind, Token, split_clauses, tokenize

LEAST_BARE = 10_000
"""From here on a number without a sign of money is read as an amount."""
REACH = 14
"""So many words before an amount can say what it is."""
_BESIDE = 4
_AFTER = 6
_OPENING = 2
_MAY_HOLD = re.compile(r"[£0-9][0-9]")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_BULLETS = ("-", "*", "•", "–", "·")  # noqa: RUF001 - as people write lists


class _Whose(Enum):
    OURS = 1
    NOT_OURS = 2
    UNCLEAR = 3


@cache
def _parts() -> Mapping[str, frozenset[str]]:
    """Return the words of data/own_bids.txt by the part they play."""
    text = (files("mystery_shopper.disclosure") / "data" / "own_bids.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        part, *words = line.split() or ("#",)
        if not part.startswith("#"):
            found.setdefault(part, set()).update(words)
    return {part: frozenset(words) for part, words in found.items()}


@cache
def _may_say() -> re.Pattern[str]:
    """Return what a sentence must hold to be looked at: a word for the writer, or one that stands for it."""
    parts = _parts()
    return re.compile(
        rf"\b(?:{'|'.join(parts['us'] | parts['our'] | parts['ours'] | parts['alone'])})\b", re.IGNORECASE
    )


def own_bids(text: str) -> frozenset[int]:
    """Return the amounts, in whole pounds, that a text says its writer bid."""
    found: set[int] = set()
    for sentence in _sentences(text):
        if _MAY_HOLD.search(sentence) and _may_say().search(sentence):
            found.update(_read(tokenize(sentence)))
    return frozenset(found)


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; a line goes on in the next, unless that is empty or a point of a list."""
    block: list[str] = []
    for line in (*text.split("\n"), ""):
        bare = line.strip()
        if block and (not bare or bare.startswith(_BULLETS)):
            yield from _SENTENCES.split(" ".join(block))
            block = []
        if bare:
            block.append(bare)


def _read(tokens: list[Token]) -> Iterator[int]:
    amounts = [one for one in find_quantities(tokens) if _is_amount(one)]
    place = 0
    for clause in split_clauses(tokens):
        before: Quantity | None = None
        was_ours = False
        while place < len(amounts) and amounts[place].first < clause.last:
            amount = amounts[place]
            if before is not None and _lists(tokens, before, amount):
                is_ours = was_ours and not _is_set(tokens, amount, clause)
            else:
                is_ours = _is_own(tokens, amount, clause, before)
            if is_ours:
                yield from _pounds(tokens, amount)
            before, was_ours = amount, is_ours
            place += 1


def _is_amount(one: Quantity) -> bool:
    is_money = one.measure is Measure.MONEY and one.currency in ("", "GBP")
    return is_money or (one.measure is Measure.COUNT and one.value >= LEAST_BARE)


def _lists(tokens: Sequence[Token], before: Quantity, after: Quantity) -> bool:
    between = tokens[before.last : after.first]
    return len(between) <= _BESIDE and all(token.text in _parts()["list"] for token in between)


def _pounds(tokens: list[Token], amount: Quantity) -> Iterator[int]:
    """Yield what is written in the words of an amount: of a range its ends, of several all."""
    values = {amount.value, amount.value if amount.low is None else amount.low}
    if amount.low is not None:
        read = (read_number(tokens, at) for at in range(amount.first, amount.last) if tokens[at].kind is Kind.NUMBER)
        values |= {number.value for number in read if number is not None and number.value >= SCALES["thousand"]}
    yield from (int(value) for value in values)


def _is_own(tokens: Sequence[Token], amount: Quantity, clause: Clause, before: Quantity | None) -> bool:
    if _is_set(tokens, amount, clause):
        return False
    whose = _said_before(tokens, amount, clause, before)
    return _said_after(tokens, amount, clause) if whose is _Whose.UNCLEAR else whose is _Whose.OURS


def _is_set(tokens: Sequence[Token], amount: Quantity, clause: Clause) -> bool:
    """Tell whether the words after an amount make it one of the authority's: `a £5m bond`, `the £2m contract`."""
    after = [token.text for token in tokens[amount.last : min(amount.last + _OPENING, clause.last)]]
    nouns = _parts()["set"] | _parts()["work"]
    if not after or after[0] in nouns:
        return bool(after)
    return after[0].isalpha() and after[0] not in _parts()["link"] and not nouns.isdisjoint(after[1:])


def _said_before(tokens: Sequence[Token], amount: Quantity, clause: Clause, before: Quantity | None) -> _Whose:
    """Walk back from an amount to the word that says what it is of."""
    parts = _parts()
    first = max(clause.first, amount.first - REACH, before.last if before else 0)
    for at in range(amount.first - 1, first - 1, -1):
        text = tokens[at].text
        if text in parts["set"] or (text in parts["work"] and _is_worth(tokens, at, amount)):
            return _Whose.NOT_OURS
        if text in parts["things"] or text in parts["ours"]:
            whose = _Whose.OURS if text in parts["ours"] else _whose_thing(tokens, at, clause)
            if whose is not _Whose.UNCLEAR:
                return _Whose.NOT_OURS if _is_denied(tokens, at, amount) else whose
        if text in parts["did"]:
            return _whose_deed(tokens, at, amount, clause)
    return _Whose.UNCLEAR


def _is_worth(tokens: Sequence[Token], at: int, amount: Quantity) -> bool:
    """Tell whether an amount is what a contract is worth: `a contract of £5m`, `the contract (£5m)`."""
    return at + 1 >= amount.first or tokens[at + 1].text in _parts()["of"]


def _whose_thing(tokens: Sequence[Token], at: int, clause: Clause) -> _Whose:
    """Tell whose bid or price it is from the words before it, the nearest first: `our first`, `the winner's`, `a`."""
    parts = _parts()
    beside = [token.text for token in tokens[max(clause.first, at - _BESIDE) : at]]
    for text in reversed(beside):
        if text in parts["our"] or text in parts["them"]:
            return _Whose.OURS if text in parts["our"] else _Whose.NOT_OURS
    return _Whose.UNCLEAR if parts["them-if-not-ours"].isdisjoint(beside) else _Whose.NOT_OURS


def _whose_deed(tokens: Sequence[Token], at: int, amount: Quantity, clause: Clause) -> _Whose:
    """Tell who bid: whoever is named last before the word, or the writer when a sentence begins with it."""
    parts = _parts()
    if tokens[at + 1].text in parts["to-us"]:
        return _Whose.NOT_OURS
    for place in range(at - 1, max(clause.first, at - REACH) - 1, -1):
        text = tokens[place].text
        if text in parts["us"] or text in parts["our"]:
            return _Whose.NOT_OURS if _is_denied(tokens, place, amount) else _Whose.OURS
        if text in parts["them"] or text in parts["them-if-not-ours"]:
            return _Whose.NOT_OURS
    begins = tokens[at].text in parts["alone"] and all(
        token.text in parts["lead"] for token in tokens[clause.first : at]
    )
    return _Whose.OURS if begins and not _is_denied(tokens, clause.first, amount) else _Whose.NOT_OURS


def _is_denied(tokens: Sequence[Token], first: int, amount: Quantity) -> bool:
    return any(token.text in _parts()["denied"] for token in tokens[first : amount.first])


def _said_after(tokens: Sequence[Token], amount: Quantity, clause: Clause) -> bool:
    """Tell whether the words after an amount say that it is a bid: `£412,350 was our price`, `the £412,350 we bid`."""
    parts = _parts()
    after = [token.text for token in tokens[amount.last : min(amount.last + _AFTER + _BESIDE, clause.last)]]
    if after and after[0] in parts["things"]:
        beside = [token.text for token in tokens[max(clause.first, amount.first - _BESIDE) : amount.first]]
        return not parts["our"].isdisjoint(beside)
    for at, text in enumerate(after):
        if text in parts["ours"]:
            return True
        if text in parts["us"] or text in parts["our"]:
            said = after[at + 1 : at + 1 + _BESIDE]
            wanted = parts["did"] if text in parts["us"] else parts["things"]
            return not wanted.isdisjoint(said) and parts["denied"].isdisjoint(said)
        if text not in parts["joins"]:
            return False
    return False
