"""An amount of money in a text that is about to leave, however it is written. Pure, linear in the text.

An amount is a number of whole pounds. It is found as `£412,350`, `412350`, `412 350.00`, `£412.35k` and `0.41235
million`, over line ends, and with letters that look like digits. What it is an amount of does not matter.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator

from mystery_shopper.disclosure.folding import Folded, fold_words
from mystery_shopper.extraction.quantities import Measure, find_quantities
from mystery_shopper.extraction.tokens import tokenize

LEAST = 1_000
"""Smaller amounts are rates and fees: they stand in too many texts."""
_BARE_FROM = 10_000
"""From here on digits count without a sign of money; smaller ones are years, counts and numbers of pages."""
_LEAST_TELLING = 2
"""Significant figures from which on an amount is looked for: £500,000 is a bond as often as a bid."""
_ROUNDED = (3, 4)
"""To so many significant figures an amount is rounded in a text, up or down; with fewer it is not recognised."""
_MOST_WORDS = 8
_LONGEST_WORD = 32
_ZERO = "o"
_SCALES = {"k": 3, "thousand": 3, "thou": 3, "grand": 3, "m": 6, "mn": 6, "mln": 6, "mil": 6, "mill": 6, "million": 6}
_SCALES |= {"millions": 6, "bn": 9, "billion": 9}
_POWERS = {"".join(fold_words(name)): power for name, power in _SCALES.items()}
_CURRENCIES = ("gbp", "pounds", "pound", "sterling", "quid")
_AFTER = "|".join(sorted(_POWERS, key=len, reverse=True))
_WORD = re.compile(rf"(gbp)?([2-9ol]+)({_AFTER})?({'|'.join(_CURRENCIES)})?(?:pa)?")
_DIGITS = re.compile(r"\d+")
_SIGNS = frozenset("£￡₤")
_GAP = 3
_LOOKS_LIKE_DIGITS = frozenset("ol")


def amount_of(text: str) -> int | None:
    """Return the pounds of a text that is nothing but an amount of money: `£412,350`, `412350`, `£1.2m`."""
    tokens = tokenize(text)
    found = find_quantities(tokens)
    if len(found) != 1 or found[0].low is not None or (found[0].first, found[0].last) != (0, len(tokens)):
        return None
    is_money = found[0].measure is Measure.MONEY and found[0].currency in ("", "GBP")
    if not is_money and (found[0].measure is not Measure.COUNT or found[0].value < _BARE_FROM):
        return None
    return int(found[0].value)


def is_telling(pounds: int) -> bool:
    """Tell whether an amount is looked for without somebody asking for it: not too small, not too round."""
    return pounds >= LEAST and _significant(pounds) >= _LEAST_TELLING


def figures_of(pounds: int, public: frozenset[int] = frozenset()) -> frozenset[int]:
    """Return the amounts that stand for one: itself, and as it is rounded; none that is public in any case."""
    found = {pounds}
    for kept in _ROUNDED:
        step = 10 ** (len(str(pounds)) - kept) if len(str(pounds)) > kept else 1
        rounded = {pounds // step * step, (pounds + step // 2) // step * step}
        found |= {one for one in rounded if _significant(one) >= min(_ROUNDED)}
    return frozenset(found - public)


def _significant(pounds: int) -> int:
    return len(str(pounds).rstrip("0"))


class _Wanted:
    """Amounts to look for, as folded digits, by those of their figures that no way of writing changes."""

    def __init__(self, amounts: Iterable[str]) -> None:
        self.zeros: dict[str, list[int]] = {}
        for letters in amounts:
            told = letters.rstrip(_ZERO)
            self.zeros.setdefault(told, []).append(len(letters) - len(told))
        self.beginnings = {told[:end].rstrip(_ZERO) for told in self.zeros for end in range(len(told) + 1)}


def find_amounts(folded: Folded, text: str, amounts: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of the original text in which one of some amounts (their digits, folded) is written."""
    wanted = _Wanted(amounts)
    if not wanted.zeros:
        return
    done, starts = 0, folded.word_starts
    for match in _DIGITS.finditer(text):
        place = bisect_left(folded.origins, match.start())
        if place < done or place >= len(folded.letters):
            continue
        first, done = starts.rfind(1, done, place + 1), starts.find(1, place + 1)
        for begin in _beginnings(folded, first, place):
            for end in _read(folded, text, begin, wanted):
                yield folded.original_span(begin, end)


def _beginnings(folded: Folded, first: int, digit: int) -> Iterator[int]:
    """Yield where digits may begin: with their word, within it (`bid412350`), or with a word like them (`l,287`)."""
    yield first
    if digit > first:
        yield digit
    before = folded.word_starts.rfind(1, max(first - _GAP, 0), first)
    if before >= 0 and set(folded.letters[before:first]) <= _LOOKS_LIKE_DIGITS:
        yield before


def _read(folded: Folded, text: str, first: int, wanted: _Wanted) -> Iterator[int]:
    """Yield where a wanted amount ends that begins with a word: with that word, or with one of the next."""
    before = text[max(folded.origins[first] - _GAP, 0) : folded.origins[first]]
    letters, start, breaks = "", first, [0] if before.endswith(".") else []
    for _ in range(_MOST_WORDS):
        word, end = _word_at(folded, start)
        match = _WORD.match(word)
        if match is None:
            return
        is_whole = match.end() == len(word)
        letters += match[2]
        told = letters.strip(_ZERO)
        if told not in wanted.beginnings:
            return
        for zeros in wanted.zeros.get(told, ()):
            for power, last in _scales(folded, match, end) if is_whole else ((0, start + match.end(2)),):
                is_money = bool(match[1] or match[4]) or not _SIGNS.isdisjoint(before) or last > end
                if _is_written(letters, zeros, power, breaks, is_money=is_money):
                    yield last
        if match[3] or not is_whole:
            return
        breaks.append(len(letters))
        start = end


def _scales(folded: Folded, match: re.Match[str], end: int) -> Iterator[tuple[int, int]]:
    """Yield the powers of ten that digits may stand for, and where the words end that say so."""
    if match[3]:
        yield _POWERS[match[3]], end
        return
    after, after_end = _word_at(folded, end)
    if after in _POWERS:
        yield _POWERS[after], after_end
    yield 0, after_end if after in _CURRENCIES else end


def _word_at(folded: Folded, start: int) -> tuple[str, int]:
    """Return the word that begins at a letter and where it ends; of a long one as much as shows that it is long."""
    if start >= len(folded.letters):
        return "", start
    end = folded.word_starts.find(1, start + 1)
    return folded.letters[start : min(end, start + _LONGEST_WORD)], end


def _is_written(letters: str, zeros: int, power: int, breaks: Collection[int], *, is_money: bool) -> bool:
    """Tell whether digits are an amount that ends in so many zeros: as they stand, or as a decimal of a scale.

    `breaks` are the places within the digits at which a word ended: where the point of a decimal can be.
    """
    length = len(letters)
    decimals = length - len(letters.rstrip(_ZERO)) + power - zeros
    if power == 0:
        return decimals == 0 and (is_money or len(letters.lstrip(_ZERO)) >= len(str(_BARE_FROM)))
    return decimals == 0 or (decimals > 0 and length - decimals in breaks)
