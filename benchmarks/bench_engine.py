"""Measure the engine, with its trace and without, beside the fastest expression library we know of, called bare.

    .venv/bin/python -m benchmarks.bench_engine      # writes docs/figures/engine.md

The library (common-expression-language, CEL in Rust) is given the same tests as text, with every dated value of the day
written in, and every fact its expressions read, all of them known: it has no third value, no trace and no words. Each
set of facts is handed over once and then asked every rule. Both must raise the same rules, or nothing is written.
"""

import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import cel

from benchmarks.__main__ import say
from benchmarks.expressions_in_cel import plain, written_rules
from mystery_shopper.facts.definitions import FactDefinition, FactType, FactValue
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import shipped_catalogue
from mystery_shopper.rules.results import Outcome, RuleResult

DAY = date(2025, 6, 1)
REGIME = "PA23"
SETS = 400
ROUNDS = 9
FEW = 8
MONEY_MAX = 2_000_000_000
FIGURES = Path(__file__).resolve().parent.parent / "docs" / "figures"

Facts = dict[str, FactValue]


def some_value(definition: FactDefinition, rng: random.Random) -> FactValue:
    """Draw a value a fact can have."""
    kind = definition.type
    if kind is FactType.BOOLEAN:
        return rng.random() < 0.5
    if kind is FactType.CHOICE:
        return rng.choice(definition.options).id
    if kind is FactType.TEXT:
        return "words"
    if kind is FactType.DATE:
        return DAY + timedelta(days=rng.randrange(120))
    if kind is FactType.MONEY:
        return rng.randrange(100, MONEY_MAX)
    low, high = int(str(definition.minimum or 0)), min(int(str(definition.maximum or 100)), 100)
    number = rng.randint(low, high)
    return Decimal(number) if kind in {FactType.PERCENTAGE, FactType.MULTIPLE} else number


def make_sets(pack: Catalogue, names: list[str], how_many: int | None) -> list[Facts]:
    """Make sets of facts: all of `names`, or a few of them with what is known of every tender."""
    rng = random.Random(2025)  # noqa: S311
    found = []
    for _ in range(SETS):
        stated = names if how_many is None else rng.sample(names, how_many)
        facts = {name: some_value(pack.registry[name], rng) for name in stated}
        facts |= {"procurement_start_date": DAY, "estimated_value_gbp": rng.randrange(100, MONEY_MAX)}
        found.append(facts | {"contract_kind": "services", "authority_class_pa23": "central"})
    return found


def timed(work: Callable[[], object]) -> float:
    """Return the processor seconds of some work."""
    before = time.process_time()
    work()
    return time.process_time() - before


def check_agreement(pack: Catalogue, sets: list[Facts], programs: dict[str, cel.Program]) -> int:
    """Compare which rules are raised; return how many were."""
    raised = 0
    for facts in sets:
        context = cel.Context({name: plain(value) for name, value in facts.items()})
        results = evaluate(facts, catalogue=pack, rule_ids=programs)
        for rule_id, program in programs.items():
            ours = results.result(rule_id).outcome is Outcome.RAISED
            if ours != program.execute(context):
                sys.exit(f"{rule_id} differs on {facts}")
            raised += ours
    return raised


def nobody(_: RuleResult) -> bool:
    """Read no result."""
    return False


def everybody(_: RuleResult) -> bool:
    """Read every result."""
    return True


def shown(result: RuleResult) -> bool:
    """Read what is put before people: raised, or undecided while something the rule is about is stated."""
    return result.outcome is Outcome.RAISED or (result.outcome is Outcome.UNDECIDED and result.triggered)


def main() -> None:
    """Measure, check that both agree, and write the figures."""
    pack = shipped_catalogue()
    texts, left_out = written_rules(pack, REGIME, DAY)
    programs = {rule_id: cel.compile(text) for rule_id, text in texts.items()}
    names = sorted(set().union(*(program.variables() for program in programs.values())) & set(pack.registry))
    known, few = make_sets(pack, names, None), make_sets(pack, names, FEW)
    raised = check_agreement(pack, known, programs)
    bare = [{name: plain(value) for name, value in facts.items()} for facts in known]

    def judge(sets: list[Facts], read: Callable[[RuleResult], bool]) -> None:
        for facts in sets:
            for result in evaluate(facts, catalogue=pack).results:
                if read(result):
                    _ = result.grounds

    def ask_library() -> None:
        for facts in bare:
            context = cel.Context(facts)
            for program in programs.values():
                program.execute(context)

    works: dict[str, Callable[[], object]] = {
        "Library, bare: raised or not": ask_library,
        "Ours: outcomes; trace and words are worked out for whoever reads them": lambda: judge(known, nobody),
        "Ours, trace and words read of what people are shown": lambda: judge(known, shown),
        "Ours, trace and words read of every rule": lambda: judge(known, everybody),
        f"Ours, {FEW + 3} facts stated, the rest not known: outcomes": lambda: judge(few, nobody),
        f"Ours, {FEW + 3} facts stated, trace and words of what people are shown": lambda: judge(few, shown),
    }
    rounds: list[dict[str, float]] = [{name: timed(work) for name, work in works.items()} for _ in range(ROUNDS)]
    write(rounds, (len(pack.rules), len(programs)), left_out, raised, len(names))


def write(
    rounds: list[dict[str, float]], counts: tuple[int, int], left_out: dict[str, str], raised: int, facts: int
) -> None:
    """Write the figures as a page."""
    first = next(iter(rounds[0]))
    rows = []
    for name in rounds[0]:
        seconds = statistics.median(one[name] for one in rounds)
        each = seconds / SETS / counts[name == first]
        ratio = statistics.median(one[first] / one[name] for one in rounds) * counts[name == first] / counts[1]
        rows.append(f"| {name} | {1 / each:,.0f} | {each * 1e6:.2f} | {ratio:.2f} |")
    lines = "\n".join(rows)
    reasons = "; ".join(f"{rule} ({why})" for rule, why in left_out.items())
    text = f"""# How fast rules are judged

Written by `.venv/bin/python -m benchmarks.bench_engine` on {datetime.now(UTC):%-d %B %Y}: processor time, medians of
{ROUNDS} rounds in turns, Python {platform.python_version()}. {SETS} sets of {facts} facts; {counts[0]} rules of 2025.
Both raised the same {raised:,} flags by the {counts[1]} rules the library can say.

| what | rules a second | microseconds a rule | speed, library = 1 |
| --- | ---: | ---: | ---: |
{lines}

The library is common-expression-language (CEL in Rust), the fastest of those we tried: the same tests as text, compiled
once, with the figures of the day written in. It is handed each set of facts once and then asked every rule. It knows no
third value, so it can only be asked where every fact is known; it gives no trace, thresholds, sources or words.
Left out on both sides, because it cannot say them: {reasons or "nothing"}.
"""
    (FIGURES / "engine.md").write_text(text, encoding="utf-8")
    say(text)


if __name__ == "__main__":
    main()
