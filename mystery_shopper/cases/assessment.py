"""Applying the rules to what is known of a case: the reporter's facts and what the register says of the authority."""

from collections.abc import Mapping

from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.policy import AuthorityType, Scope
from mystery_shopper.core.languages import ENGLISH
from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.results import Evaluation
from mystery_shopper.rules.translating import catalogue_in


def register_facts(authority: Authority | None) -> dict[str, FactValue]:
    """Return the facts the register states of an authority: its kind, and its class in each regime where known.

    Nothing is stated of an authority that is not in the register.
    """
    if authority is None:
        return {}
    stated: dict[str, FactValue] = {
        "is_central_government_or_nhs": authority.type in {AuthorityType.CENTRAL_GOVERNMENT, AuthorityType.NHS},
        "is_devolved_authority": authority.scope is Scope.OUT_DEVOLVED,
        "is_school": authority.type is AuthorityType.SCHOOL,
    }
    classes = {
        "authority_class_pcr": authority.pcr_threshold_class,
        "authority_class_pa23": authority.pa23_class,
        "portal_class_pcr": authority.pcr_contracts_finder_class,
    }
    return stated | {fact_id: found.value for fact_id, found in classes.items() if found is not None}


def assess(values: Mapping[str, FactValue], authority: Authority | None, language: str = ENGLISH) -> Evaluation:
    """Return what every rule says of these facts, in a language. What somebody stated outweighs the register."""
    return evaluate({**register_facts(authority), **values}, catalogue=catalogue_in(language))
