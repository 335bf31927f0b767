"""What somebody complains of in words: cues of different kinds that stand together in a sentence, or in two.

`data/complaints.yaml` says which. A cue is any concept of the lexicon or a number of a certain size; a complaint
needs one cue of each kind near each other and none of its guards: explaining law, supposing, denying, praising.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mystery_shopper.extraction.lexicon import Complaint, Lexicon
from mystery_shopper.extraction.policy import Confidence, Finding
from mystery_shopper.extraction.quantities import Quantity
from mystery_shopper.extraction.readings import Mention, Passage, Reading
from mystery_shopper.extraction.tokens import Token


def size_mentions(quantities: Sequence[Quantity], lexicon: Lexicon) -> list[Mention]:
    """Return the numbers of a text as cues: `94 days` is a long time, whatever it is a time of."""
    return [
        Mention(size.concept, quantity.first, quantity.last)
        for quantity in quantities
        for size in lexicon.sizes.get(quantity.measure, ())
        if size.least <= quantity.value <= size.most
    ]


def read_complaints(passages: Sequence[Passage], tokens: Sequence[Token], text: str, lexicon: Lexicon) -> list[Reading]:
    """Return the facts that are complaints, from each clause and each pair of neighbouring clauses."""
    found: list[Reading] = []
    nearest: dict[str, int] = {}
    concepts = [passage.concepts & lexicon.contexts for passage in passages]
    for at, passage in enumerate(passages):
        beside = frozenset().union(*concepts[max(at - 1, 0) : at + 2])
        found.extend(_in_stretch(passage.by_concept, 1, beside, tokens, text, lexicon, nearest))
        if at + 1 < len(passages):
            both = _together(passage.by_concept, passages[at + 1].by_concept)
            found.extend(_in_stretch(both, 2, beside, tokens, text, lexicon, nearest))
    return found


def _together(
    one: Mapping[str, Sequence[Mention]], other: Mapping[str, Sequence[Mention]]
) -> dict[str, Sequence[Mention]]:
    both = {**other, **one}
    for concept in one.keys() & other.keys():
        both[concept] = [*one[concept], *other[concept]]
    return both


def _in_stretch(
    by_concept: Mapping[str, Sequence[Mention]],
    sentences: int,
    beside: frozenset[str],
    tokens: Sequence[Token],
    text: str,
    lexicon: Lexicon,
    nearest: dict[str, int],
) -> Iterable[Reading]:
    concepts = by_concept.keys()
    tried = {id(one): one for concept in concepts for one in lexicon.complaints.get(concept, ())}
    for complaint in tried.values():
        if complaint.sentences < sentences or any(kind.isdisjoint(concepts) for kind in complaint.needs):
            continue
        if not beside.isdisjoint(complaint.unless):
            continue
        widest = min(complaint.within, nearest.get(complaint.fact_id, complaint.within))
        cues = _nearest(complaint, by_concept, widest)
        if cues and not _guarded(complaint, cues, by_concept):
            start = tokens[min(cue.first for cue in cues)].start
            end = tokens[max(cue.last for cue in cues) - 1].end
            finding = Finding(complaint.fact_id, complaint.value, start, end, text[start:end], Confidence.LIKELY)
            nearest[complaint.fact_id] = _width(cues)
            yield Reading(finding, _width(cues))


def _nearest(complaint: Complaint, by_concept: Mapping[str, Sequence[Mention]], widest: int) -> tuple[Mention, ...]:
    """Return one cue of each kind, as near together as they come and no wider than `widest`, or none.

    From each cue of the first kind the nearest of every other kind is taken: cues times kinds, no combinations.
    """
    kinds = [
        [cue for concept in kind if concept in by_concept for cue in by_concept[concept]] for kind in complaint.needs
    ]
    best: tuple[Mention, ...] = ()
    for anchor in kinds[0]:
        cues = [anchor]
        for kind in kinds[1:]:
            cue = _nearest_to(anchor, kind, cues, widest)
            if cue is None:
                break
            cues.append(cue)
        else:
            width = _width(cues)
            if width <= widest and (not best or width < _width(best)):
                best = tuple(cues)
    return best


def _nearest_to(anchor: Mention, kind: Sequence[Mention], taken: Sequence[Mention], widest: int) -> Mention | None:
    """Return the cue of a kind that is nearest to an anchor and shares no word with the cues taken."""
    first, last = anchor.first, anchor.last
    least, best = widest, None
    for cue in kind:
        apart = cue.first - last if cue.first >= last else first - cue.last
        if 0 <= apart < least and not any(cue.first < one.last and one.first < cue.last for one in taken):
            least, best = apart, cue
    return best


def _width(cues: Sequence[Mention]) -> int:
    return max(cue.last for cue in cues) - min(cue.first for cue in cues)


def _guarded(complaint: Complaint, cues: Sequence[Mention], by_concept: Mapping[str, Sequence[Mention]]) -> bool:
    """Tell whether something said beside the cues denies them; words inside a cue (`not paid on time`) do not."""
    return any(
        not any(cue.first <= guard.first and guard.last <= cue.last for cue in cues)
        for concept in complaint.unless
        for guard in by_concept.get(concept, ())
    )
