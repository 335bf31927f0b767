"""What a reporter has answered so far: typed, with a JSON form for the sealed draft. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from mystery_shopper.facts.definitions import UNSURE, FactValue
from mystery_shopper.facts.policy import FactValueError, from_json, to_json
from mystery_shopper.facts.registry import registry

MUTUALS = ("mutual", "prospective-mutual", "pathfinder-mutual")
"""The kinds of reporter that are mutuals: those of `cases.models.MUTUAL_KINDS`, by their stored value."""
NOT_SAID = "not-said"
CANCELLED = "cancelled"
"""The stage of a procurement that was given up, and the fact that says so."""
OWED_BY_PRIME = "owed_by_prime"
MAIN_CONTRACTOR = "main-contractor"
PAYMENT = "payment"
"""The question of the scope check about invoices, and the kind of barrier that it is about."""
INVOICES = ("invoices", "no-invoices")
START_FACT = "procurement_start_date"
DEADLINE_FACT = "deadline_date"
AWARD_NOTICE_FACT = "award_notice_date"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers of one draft. Text is cleaned; empty means not answered.

    `scope` maps a scope question to its answer; `facts` a fact id to its value in the JSON form of the facts registry;
    `found` is what was read in the texts, by fact id (see `found.FoundFact`);
    `notice` is the notice that was looked up or pasted, and what it filled in (see `noticed.Noticed`);
    `unsure` holds the facts answered "I do not know"; `saved` the slugs of the pages that were saved;
    `is_short` says that the reporter chose the form of one page; the rest is asked through the receipt;
    `learnt_on` (ISO date) is when the reporter first knew of the problem: it starts the court's time limit.
    """

    scope: Mapping[str, str] = field(default_factory=dict)
    reporter_kind: str = ""
    identity_choice: str = ""
    name: str = ""
    organisation: str = ""
    trading_names: str = ""
    email: str = ""
    phone: str = ""
    trade_body: str = ""
    mandate: str = ""
    member_choice: str = ""
    member: str = ""
    wants_email: bool = False
    authority_id: str = ""
    authority_text: str = ""
    procurement_title: str = ""
    procurement_reference: str = ""
    stage: str = ""
    learnt_on: str = ""
    barriers: tuple[str, ...] = ()
    requirement: str = ""
    narrative: str = ""
    raised_with_buyer: str = ""
    buyer_answer: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    found: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notice: Mapping[str, Any] = field(default_factory=dict)
    saved: tuple[str, ...] = ()
    is_short: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the answers as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Answers":
        """Return the answers a draft holds; fields of other versions are left out."""
        known = {item.name for item in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(item) if isinstance(item, list) else item for name, item in value.items() if name in known
        }
        return cls(**kept)

    def with_saved(self, slug: str) -> "Answers":
        """Return the answers with one page marked as saved."""
        return self if slug in self.saved else replace(self, saved=(*self.saved, slug))

    def with_facts(self, asked: Mapping[str, FactValue | None], unsure: frozenset[str]) -> "Answers":
        """Return the answers with the facts of one page: None takes a fact out, `unsure` marks "I do not know"."""
        facts = {name: item for name, item in self.facts.items() if name not in asked}
        facts |= {name: to_json(registry()[name], value) for name, value in asked.items() if value is not None}
        kept = [name for name in self.unsure if name not in asked]
        return replace(self, facts=facts, unsure=(*kept, *sorted(unsure)))

    def fact(self, fact_id: str) -> FactValue | None:
        """Return a fact's value, None when it is not known (or no longer fits the registry)."""
        definition = registry().get(fact_id)
        if definition is None or fact_id not in self.facts:
            return None
        try:
            return from_json(definition, self.facts[fact_id])
        except FactValueError:
            return None

    def fact_date(self, fact_id: str) -> date | None:
        """Return a date fact."""
        value = self.fact(fact_id)
        return value if isinstance(value, date) else None

    @property
    def learnt_date(self) -> date | None:
        """Return the day the reporter first knew of the problem."""
        return date.fromisoformat(self.learnt_on) if self.learnt_on else None


_SCOPE_FACTS = {"healthcare": "is_healthcare_service"}
_BODY_FACTS = {"school": "is_school", "private-utility": "is_private_utility"}
_YES_NO = {"yes": True, "no": False}


def is_about_invoice(answers: Answers) -> bool:
    """Tell whether the scope check says that an invoice was paid late or not at all."""
    return answers.scope.get(PAYMENT) in INVOICES


def is_only_about_invoice(scope_answers: Mapping[str, str], barriers: Sequence[str]) -> bool:
    """Tell whether a report is about a late invoice and nothing else: the time limits of a tender are not its own."""
    return scope_answers.get(PAYMENT) in INVOICES and set(barriers) == {PAYMENT}


def implied_facts(answers: Answers) -> dict[str, FactValue]:
    """Return the facts that the scope check says already: its question is shown with that answer, to be changed."""
    owed = is_about_invoice(answers) and answers.scope.get("body") == MAIN_CONTRACTOR
    return {OWED_BY_PRIME: True} if owed and OWED_BY_PRIME not in answers.unsure else {}


def fact_values(answers: Answers) -> dict[str, FactValue]:
    """Return every fact the answers state, those of the scope check included, in the order of the registry."""
    found: dict[str, FactValue] = {}
    for question, fact_id in _SCOPE_FACTS.items():
        answer = answers.scope.get(question, "")
        if answer in _YES_NO:
            found[fact_id] = _YES_NO[answer]
    body = answers.scope.get("body", "")
    if body and body != UNSURE:
        found |= {fact_id: body == name for name, fact_id in _BODY_FACTS.items()}
    if answers.reporter_kind not in ("", NOT_SAID):
        found["reporter_is_mutual"] = answers.reporter_kind in MUTUALS
    found |= implied_facts(answers)
    for fact_id in answers.facts:
        value = answers.fact(fact_id)
        if value is not None:
            found[fact_id] = value
    if answers.stage == CANCELLED:
        found[CANCELLED] = True
    return {fact_id: found[fact_id] for fact_id in registry().sorted_ids(found)}
