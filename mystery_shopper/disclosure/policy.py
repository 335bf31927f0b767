"""The scan itself: which terms of an identity stand in a text, and where. Pure, linear in the length of the text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mystery_shopper.disclosure.amounts import find_amounts
from mystery_shopper.disclosure.folding import Folded, fold
from mystery_shopper.disclosure.terms import KIND_LABELS, Term, TermKind
from mystery_shopper.disclosure.words import ordinary_words

_KINDS = list(TermKind)


@dataclass(frozen=True)
class Hit:
    """A trace: the span [start, end) of the original text, the words that stand there, and what they give away."""

    start: int
    end: int
    kind: TermKind
    quoted: str

    @property
    def reason(self) -> str:
        """Return what the words give away, for a message to staff."""
        return KIND_LABELS[self.kind]


def scan(text: str, terms: Sequence[Term]) -> tuple[Hit, ...]:
    """Return every trace of `terms` in `text` in the order of the text; overlapping traces become the longest one."""
    folded = fold(text)
    spans = {(span, term.kind) for term in terms for span in _find(folded, term)}
    amounts = [term.letters for term in terms if term.kind is TermKind.BID_VALUE]
    spans.update((span, TermKind.BID_VALUE) for span in find_amounts(folded, text, amounts))
    hits = sorted(
        (Hit(start, end, kind, text[start:end]) for (start, end), kind in spans),
        key=lambda hit: (hit.start, -hit.end, _KINDS.index(hit.kind)),
    )
    kept: list[Hit] = []
    for hit in hits:
        if kept and hit.start < kept[-1].end:
            if hit.end - hit.start > kept[-1].end - kept[-1].start:
                kept[-1] = hit
            continue
        kept.append(hit)
    return tuple(kept)


def _find(folded: Folded, term: Term) -> Iterator[tuple[int, int]]:
    if term.kind is TermKind.BID_VALUE:
        return
    for start in _places(folded.letters, term.letters):
        end = start + len(term.letters)
        if _counts(folded, term, start, end):
            yield folded.original_span(start, end)
    if term.is_fuzzy:
        yield from _find_with_one_edit(folded, term.letters)


def _counts(folded: Folded, term: Term, start: int, end: int) -> bool:
    """Tell whether letters that equal the term are the term: whole words, or for a long term a part of one word.

    A phone number counts wherever its digits stand: 0, 44 or 0044 may come before them.
    """
    if term.kind is TermKind.PHONE or (folded.word_starts[start] and folded.word_starts[end]):
        return True
    return term.is_found_in_a_word and folded.word_starts.find(1, start + 1, end) < 0


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _find_with_one_edit(folded: Folded, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield the whole words (or runs of words) that differ from `wanted` by one letter wrong, missing or too many.

    One edit leaves one half of the term as it is, so only the places of the halves are looked at.
    """
    half = len(wanted) // 2
    ordinary = ordinary_words()
    for start, end in _candidates(folded, wanted[:half], wanted[half:]):
        found = folded.letters[start:end]
        if found != wanted and found not in ordinary and _is_one_edit_away(found, wanted):
            yield folded.original_span(start, end)


def _candidates(folded: Folded, first: str, second: str) -> Iterator[tuple[int, int]]:
    length = len(first) + len(second)
    starts, limit = folded.word_starts, len(folded.letters)
    for start in _places(folded.letters, first):
        if starts[start]:
            for end in range(start + length - 1, min(start + length + 1, limit) + 1):
                if starts[end]:
                    yield start, end
    for place in _places(folded.letters, second):
        end = place + len(second)
        if starts[end]:
            for start in range(max(end - length - 1, 0), end - length + 2):
                if starts[start]:
                    yield start, end


def _is_one_edit_away(left: str, right: str) -> bool:
    """Tell whether two strings are equal up to one substitution, insertion or deletion."""
    short, long = sorted((left, right), key=len)
    if len(long) - len(short) > 1:
        return False
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    if len(short) == len(long):
        return short[same + 1 :] == long[same + 1 :]
    return short[same:] == long[same + 1 :]
