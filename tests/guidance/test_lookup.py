"""Guidance next to flags: every rule has a page, and the places that show a flag link to it."""

import pytest

from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.lookup import MOST_LINKS, pages_for_rule, pages_for_rules
from mystery_shopper.guidance.policy import Audience
from mystery_shopper.rules.loading import shipped_catalogue

RULES = [rule.id for rule in shipped_catalogue().rules]


def test_there_are_39_rules() -> None:
    assert len(RULES) == 39


@pytest.mark.parametrize("rule_id", RULES)
@pytest.mark.parametrize("audience", [None, Audience.COMMISSIONER])
def test_every_rule_has_a_page(rule_id: str, audience: Audience | None) -> None:
    found = pages_for_rule(rule_id, audience)
    assert 1 <= len(found) <= MOST_LINKS
    assert all(rule_id in page.rules for page in found)


@pytest.mark.parametrize("rule_id", [one for one in RULES if one != "MUTUAL-RESERVE"])
def test_every_rule_but_the_one_for_mutuals_has_a_page_for_suppliers(rule_id: str) -> None:
    assert pages_for_rule(rule_id, Audience.SUPPLIER)


def test_the_page_about_fewest_rules_comes_first() -> None:
    assert [page.slug for page in pages_for_rule("FIN-BOND")] == ["bonds-and-guarantees", "fair-financial-requirements"]


def test_several_rules_of_one_page_name_it_once() -> None:
    slugs = [page.slug for page in pages_for_rules(["FIN-BOND", "FIN-PCG", "NO-SUCH", "PAY-30"], Audience.SUPPLIER)]
    assert slugs == ["bonds-and-guarantees", "late-payment"]


def test_only_pages_of_rules_are_in_the_look_up() -> None:
    assert set(library().by_rule) == set(RULES)
