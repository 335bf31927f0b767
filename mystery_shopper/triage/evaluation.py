"""How well extraction and rules do on labelled passages. Pure: passages in, predictions and figures out.

A passage is the JSON object that docs/rules.md describes. Facts are read from its text alone; the rules also get its
`context` (the structured fields of the same notice). Money is written in whole pounds, a percentage as 10, not 0.1.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mystery_shopper.extraction.policy import Extraction, Finding
from mystery_shopper.extraction.reader import extract
from mystery_shopper.extraction.readings import EITHER, RANGE
from mystery_shopper.facts.definitions import FactDefinition, FactRegistry, FactType, FactValue
from mystery_shopper.rules.catalogue import Catalogue
from mystery_shopper.rules.engine import evaluate

SCORED = frozenset(
    [
        "accounts_years",
        "audited_accounts_required",
        "bond_gbp",
        "bond_percent",
        "turnover_multiple",
        "min_turnover_gbp",
        "min_years_experience",
        "public_liability_gbp",
        "employers_liability_gbp",
        "professional_indemnity_gbp",
        "products_liability_gbp",
        "all_risk_gbp",
        "reference_years_required",
        "reference_count",
        "response_days",
        "payment_days",
        "subcontract_payment_days",
        "estimated_value_gbp",
        "contract_years",
        "contract_months",
        "extension_years",
        "framework_years",
        "certification_required",
        "or_equivalent_stated",
        "cyber_essentials_required",
        "bond_required",
        "pcg_required",
        "pcg_from_all_bidders",
        "min_credit_score",
        "min_current_ratio",
        "alternative_evidence_accepted",
        "insurance_timing",
        "turnover_scored",
        "competition_held",
        "uses_lots",
    ]
)
"""Facts that are scored, by the names the passages use."""

_COMPACT_DATE = 8
_KINDS = frozenset({"goods", "services", "works"})


@dataclass(frozen=True)
class Prediction:
    """What the product says of one passage; `labels` are the rules put before the caseworker."""

    id: str
    facts: Mapping[str, Any]
    labels: tuple[str, ...]


def predict(passage: Mapping[str, Any], pack: Catalogue) -> Prediction:
    """Read one passage and judge it by the rules of a pack.

    A rule is put before the caseworker when it is raised, or undecided while something it is about is stated.
    """
    found = extract(str(passage["text"]))
    facts = context_facts(passage.get("context") or {}, pack.registry) | _plain_values(found)
    evaluation = evaluate(facts, catalogue=pack)
    labels = sorted({result.rule_id for result in (*evaluation.raised, *evaluation.open_questions)})
    return Prediction(str(passage["id"]), passage_facts(found, pack.registry), tuple(labels))


def _plain_values(found: Extraction) -> dict[str, FactValue]:
    return {finding.fact_id: finding.value for finding in found.findings}


def passage_facts(found: Extraction, registry: FactRegistry) -> dict[str, Any]:
    """Return findings under the names and in the units of the passages; a range is not one value and is left out."""
    facts: dict[str, Any] = {}
    for finding in found.findings:
        definition = registry[finding.fact_id]
        if any(other.why == RANGE and other.fact_id == finding.fact_id for other in finding.alternatives):
            continue
        name = next((alias for alias in definition.aliases if alias in SCORED), definition.id)
        facts[name] = _written(definition, finding)
    return facts


def _written(definition: FactDefinition, finding: Finding) -> Any:
    value = _number(definition, finding.value)
    either = [other for other in finding.alternatives if other.why == EITHER and other.fact_id == finding.fact_id]
    return [_number(definition, either[0].value), value] if either else value


def _number(definition: FactDefinition, value: FactValue) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("-", "_") if definition.type is FactType.CHOICE else value
    number = Decimal(value) / 100 if definition.type is FactType.MONEY else Decimal(value)
    return int(number) if number == number.to_integral() else float(number)


def context_facts(context: Mapping[str, Any], registry: FactRegistry) -> dict[str, FactValue]:
    """Return what the structured fields of a notice say; what cannot be read is left out."""
    facts: dict[str, FactValue] = {}
    day = _day(context.get("date"))
    if day is not None:
        facts |= {"procurement_start_date": day, "notice_date": day}
    deadline = _day(context.get("deadline") or context.get("deadline_date"))
    if deadline is not None:
        facts["deadline_date"] = deadline
    value = context.get("estimated_value_gbp")
    if isinstance(value, int | float) and value > 1:
        facts["estimated_value_gbp"] = int(Decimal(str(value)) * 100)
    if context.get("category") in _KINDS:
        facts["contract_kind"] = str(context["category"])
    return {fact_id: fact for fact_id, fact in facts.items() if registry[fact_id].accepts(fact)}


def _day(raw: object) -> date | None:
    text = str(raw or "")[:10]
    if len(text) >= _COMPACT_DATE and text[:_COMPACT_DATE].isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass
class Count:
    """Hits, false alarms and misses."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    def add(self, wanted: set[str], given: set[str], ignored: frozenset[str] = frozenset()) -> None:
        """Count one passage; what is in `ignored` is no false alarm."""
        self.hits += len(wanted & given)
        self.false += len(given - wanted - ignored)
        self.missed += len(wanted - given)

    def figures(self) -> dict[str, float | int]:
        """Return precision, recall and their harmonic mean, with the counts they rest on."""
        precision = self.hits / (self.hits + self.false) if self.hits + self.false else 0.0
        recall = self.hits / (self.hits + self.missed) if self.hits + self.missed else 0.0
        both = precision + recall
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / both if both else 0.0, 4),
            "hits": self.hits,
            "false": self.false,
            "missed": self.missed,
        }


@dataclass
class Score:
    """Figures over a set of passages. Groups are `micro`, the form of the text, and each fact or rule."""

    facts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    rules: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    errors: list[dict[str, Any]] = field(default_factory=list)
    quiet: int = 0
    alarmed: int = 0
    passages: int = 0

    @property
    def false_alarm_share(self) -> float:
        """Share of the passages on which nothing should be raised, on which something was."""
        return self.alarmed / self.quiet if self.quiet else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return {
            "passages": self.passages,
            "facts": {group: count.figures() for group, count in sorted(self.facts.items())},
            "rules": {group: count.figures() for group, count in sorted(self.rules.items())},
            "quiet_passages": self.quiet,
            "false_alarm_share": round(self.false_alarm_share, 4),
            "errors": self.errors,
        }


def score(passages: Iterable[Mapping[str, Any]], predictions: Mapping[str, Prediction]) -> Score:
    """Compare predictions with labels. A disputed fact and a possible rule count neither way."""
    total = Score()
    for passage in passages:
        total.passages += 1
        _score_one(total, passage, predictions[str(passage["id"])])
    return total


def _score_one(total: Score, passage: Mapping[str, Any], guess: Prediction) -> None:
    disputed = frozenset(passage.get("facts_disputed") or ())
    wanted, given = _pairs(passage["facts"], disputed), _pairs(guess.facts, disputed)
    rules, raised = set(passage["labels"]), set(guess.labels)
    possible = frozenset(passage.get("labels_possible") or ())
    for group in ("micro", str(passage.get("text_form", ""))):
        total.facts[group].add(wanted, given)
        total.rules[group].add(rules, raised, possible)
    for key in {pair.partition("=")[0] for pair in wanted | given}:
        total.facts[f"fact:{key}"].add(_of(wanted, key), _of(given, key))
    for rule in rules | (raised - possible):
        total.rules[f"rule:{rule}"].add(rules & {rule}, raised & {rule}, possible)
    if not rules and not possible:
        total.quiet += 1
        total.alarmed += bool(raised)
    wrong = {
        "facts_missed": sorted(wanted - given),
        "facts_wrong": sorted(given - wanted),
        "rules_missed": sorted(rules - raised),
        "rules_wrong": sorted(raised - rules - possible),
    }
    if any(wrong.values()):
        total.errors.append({"id": guess.id, "text": passage["text"], **wrong})


def _pairs(facts: Mapping[str, Any], disputed: frozenset[str]) -> set[str]:
    return {f"{key}={json.dumps(value)}" for key, value in facts.items() if key in SCORED and key not in disputed}


def _of(pairs: set[str], key: str) -> set[str]:
    return {pair for pair in pairs if pair.startswith(f"{key}=")}
