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
    concepts = [passage.concepts() & lexicon.contexts for passage in passages]
    for at, passage in enumerate(passages):
        beside = frozenset().union(*concepts[max(at - 1, 0) : at + 2])
        found.extend(_in_stretch(passage.mentions, 1, beside, tokens, text, lexicon))
        if at + 1 < len(passages):
            both = passage.mentions + passages[at + 1].mentions
            found.extend(_in_stretch(both, 2, beside, tokens, text, lexicon))
    return found


def _in_stretch(
    mentions: tuple[Mention, ...],
    sentences: int,
    beside: frozenset[str],
    tokens: Sequence[Token],
    text: str,
    lexicon: Lexicon,
) -> Iterable[Reading]:
    if not mentions:
        return
    by_concept: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_concept.setdefault(mention.concept, []).append(mention)
    concepts = by_concept.keys()
    tried = {id(one): one for concept in concepts for one in lexicon.complaints.get(concept, ())}
    for complaint in tried.values():
        if complaint.sentences < sentences or any(kind.isdisjoint(concepts) for kind in complaint.needs):
            continue
        if not beside.isdisjoint(complaint.unless):
            continue
        cues = _nearest(complaint, by_concept)
        if cues and not _guarded(complaint, cues, by_concept):
            start = tokens[min(cue.first for cue in cues)].start
            end = tokens[max(cue.last for cue in cues) - 1].end
            finding = Finding(complaint.fact_id, complaint.value, start, end, text[start:end], Confidence.LIKELY)
            yield Reading(finding, _width(cues))


def _nearest(complaint: Complaint, by_concept: Mapping[str, Sequence[Mention]]) -> tuple[Mention, ...]:
    """Return one cue of each kind, as near together as they come and no wider than allowed, or none.

    From each cue of the first kind the nearest of every other kind is taken: cues times kinds, no combinations.
    """
    kinds = [[cue for concept in kind for cue in by_concept.get(concept, ())] for kind in complaint.needs]
    best: tuple[Mention, ...] = ()
    for anchor in kinds[0]:
        cues = [anchor]
        for kind in kinds[1:]:
            others = [cue for cue in kind if not any(_overlap(cue, taken) for taken in cues)]
            if not others:
                break
            cues.append(min(others, key=lambda cue: _apart(anchor, cue)))
        else:
            width = _width(cues)
            if width <= complaint.within and (not best or width < _width(best)):
                best = tuple(cues)
    return best


def _overlap(one: Mention, other: Mention) -> bool:
    return one.first < other.last and other.first < one.last


def _apart(one: Mention, other: Mention) -> int:
    return other.first - one.last if other.first >= one.last else one.first - other.last


def _width(cues: Sequence[Mention]) -> int:
    return max(cue.last for cue in cues) - min(cue.first for cue in cues)


def _guarded(complaint: Complaint, cues: Sequence[Mention], by_concept: Mapping[str, Sequence[Mention]]) -> bool:
    """Tell whether something said beside the cues denies them; words inside a cue (`not paid on time`) do not."""
    return any(
        not any(cue.first <= guard.first and guard.last <= cue.last for cue in cues)
        for concept in complaint.unless
        for guard in by_concept.get(concept, ())
    )
