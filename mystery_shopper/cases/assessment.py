"""Applying the rules to what is known of a case: the reporter's facts and what the register says of the authority."""

from collections.abc import Mapping

from mystery_shopper.authorities.models import Authority
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.facts.registry import registry
from mystery_shopper.rules.catalogue import catalogue
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.results import Evaluation


def register_facts(authority: Authority | None) -> dict[str, FactValue]:
    """Return the facts the register states of an authority: its class in each regime. Empty for an unlisted one."""
    if authority is None:
        return {}
    stated = {
        "authority_class_pcr": authority.pcr_threshold_class,
        "authority_class_pa23": authority.pa23_class,
        "portal_class_pcr": authority.pcr_contracts_finder_class,
    }
    return {
        fact_id: value.value
        for fact_id, value in stated.items()
        if value is not None and registry()[fact_id].accepts(value.value)
    }


def assess(values: Mapping[str, FactValue], authority: Authority | None) -> Evaluation:
    """Return what every rule says of these facts. What somebody stated outweighs what the register says."""
    return evaluate({**register_facts(authority), **values}, catalogue=catalogue())
