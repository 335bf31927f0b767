"""What reads each fact: rules, kinds of barrier that ask for it, and the readings of extraction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from mystery_shopper.extraction.lexicon import Lexicon, lexicon
from mystery_shopper.facts.dictionary import Entry, FactUse, entries_of
from mystery_shopper.rules.catalogue import Catalogue, Rule

STATEMENT = "words"
DATE = "date"


def facts_of(rule: Rule) -> frozenset[str]:
    """Return the facts a rule reads: in its tests, to know that somebody objects, and to know what to ask."""
    return rule.facts | {trigger.fact for trigger in rule.complaints} | set(rule.questions)


def dictionary_of(pack: Catalogue, words: Lexicon | None = None) -> list[Entry]:
    """Return the data dictionary of a rule pack."""
    return entries_of(pack.registry, uses_of(pack, words or lexicon()))


def uses_of(pack: Catalogue, words: Lexicon) -> dict[str, FactUse]:
    """Return what reads each fact; a fact that nothing reads is not in it."""
    rules = _gathered((fact, rule.id) for rule in pack.rules for fact in facts_of(rule))
    families = _gathered((fact, family.id) for family in pack.families for fact in family.facts)
    readings = _gathered(_readings(words))
    law = {pack.regimes.dated_by, *(regime.when for regime in pack.regimes.items if regime.when)}
    return {
        fact: FactUse(rules.get(fact, ()), families.get(fact, ()), readings.get(fact, ()), fact in law)
        for fact in {*rules, *families, *readings, *law}
    }


def _readings(words: Lexicon) -> Iterator[tuple[str, str]]:
    """Name the ways a fact is found in text: by a quantity of some measure, by a date, by words alone."""
    yield from ((reading.fact_id, reading.measure.value) for reading in words.quantities if reading.fact_id)
    yield from ((reading.fact_id, DATE) for reading in words.dates)
    yield from ((statement.fact_id, STATEMENT) for statement in words.statements)


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for fact, name in pairs:
        found[fact][name] = None
    return {fact: tuple(names) for fact, names in found.items()}
