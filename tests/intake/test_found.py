"""What is found in the reporter's words is a fact only when the reporter says so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.intake import found, journey
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.found import Decision
from mystery_shopper.rules.loading import catalogue

REQUIREMENT = "Bidders must lodge a performance bond of five million pounds and show three years of audited accounts."
READ = found.read_words(Answers(requirement=REQUIREMENT, narrative="It keeps a new mutual out."))


def said(answers: Answers, fact_id: str, decision: str, value: object = None) -> Answers:
    """The answers with one finding decided."""
    fact = next(fact for fact in found.to_confirm(answers) if fact.fact_id == fact_id)
    right = fact.typed() if decision == Decision.RIGHT else value
    return found.decide(answers, {fact_id: (decision, right)})  # type: ignore[dict-item]


def test_a_finding_comes_with_its_words() -> None:
    bond = next(fact for fact in found.to_confirm(READ) if fact.fact_id == "bond_gbp")

    assert bond.quote == REQUIREMENT[bond.start : bond.end]
    quote = found.quote_of(READ, bond)
    assert quote.before + quote.words + quote.after == REQUIREMENT


def test_nothing_found_is_a_fact_before_the_reporter_says_so() -> None:
    assert found.found_facts(READ)
    assert READ.facts == {}
    assert found.stated(READ) == frozenset()
    assert "bond_gbp" in {fact.fact_id for fact in found.unconfirmed(READ)}


def test_what_is_right_is_a_fact_and_what_is_not_about_the_case_is_none() -> None:
    answers = said(said(READ, "bond_gbp", Decision.RIGHT), "min_years_accounts", Decision.NOT)

    assert answers.fact("bond_gbp") == 500_000_000
    assert answers.fact("min_years_accounts") is None
    assert found.stated(answers) == {"bond_gbp"}
    assert {"bond_gbp", "min_years_accounts"}.isdisjoint(fact.fact_id for fact in found.unconfirmed(answers))


def test_a_correction_stands_instead_of_what_was_read() -> None:
    answers = said(READ, "bond_gbp", Decision.CHANGED, 400_000_000)

    assert answers.fact("bond_gbp") == 400_000_000
    assert found.stated(answers) == {"bond_gbp"}


def test_a_decision_taken_back_takes_the_fact_back() -> None:
    answers = said(said(READ, "bond_gbp", Decision.RIGHT), "bond_gbp", "")

    assert answers.fact("bond_gbp") is None


def test_a_fact_answered_on_another_page_is_not_asked_again() -> None:
    answered = replace(READ, facts={"bond_gbp": {"amount": "1.00", "currency": "GBP"}})

    assert "bond_gbp" not in {fact.fact_id for fact in found.to_confirm(answered)}
    assert "bond_gbp" not in {fact.fact_id for fact in found.unconfirmed(answered)}


def test_what_was_said_still_holds_when_other_words_change() -> None:
    answers = said(READ, "bond_gbp", Decision.RIGHT)

    again = found.read_words(replace(answers, requirement="Please note. " + REQUIREMENT))

    assert again.fact("bond_gbp") == 500_000_000
    assert found.stated(again) == {"bond_gbp"}


@pytest.mark.parametrize("requirement", ["", REQUIREMENT.replace("five", "six")])
def test_a_fact_goes_with_the_words_it_stood_on(requirement: str) -> None:
    answers = said(READ, "bond_gbp", Decision.RIGHT)

    again = found.read_words(replace(answers, requirement=requirement))

    assert again.fact("bond_gbp") is None
    assert found.stated(again) == frozenset()


def test_a_correction_outlives_the_words() -> None:
    answers = said(READ, "bond_gbp", Decision.CHANGED, 400_000_000)

    assert found.read_words(replace(answers, requirement="")).fact("bond_gbp") == 400_000_000


def test_the_documents_are_believed_before_an_account_of_them() -> None:
    both = found.read_words(replace(READ, narrative="They want a performance bond of £2 million."))

    assert [fact.value["amount"] for fact in found.found_facts(both) if fact.fact_id == "bond_gbp"] == ["5000000.00"]


def test_a_page_asks_only_when_something_was_found() -> None:
    families = catalogue().families
    silent = found.read_words(Answers(narrative="It keeps us out."))

    assert journey.find_page(journey.FOUND, READ, families) is not None
    assert journey.find_page(journey.FOUND, silent, families) is None


def test_what_the_story_states_is_not_asked_again() -> None:
    families = catalogue().families
    answers = replace(READ, barriers=("bonds-and-guarantees",))
    asked = {fact for page in journey.pages(answers, families) for fact in page.facts}
    after = {fact for page in journey.pages(said(answers, "bond_gbp", Decision.RIGHT), families) for fact in page.facts}

    assert asked - after == {"bond_gbp"}


def test_a_stated_finding_counts_though_its_barrier_was_not_chosen() -> None:
    answers = said(replace(READ, barriers=("turnover",)), "bond_gbp", Decision.RIGHT)

    assert journey.settle(answers, catalogue().families).fact("bond_gbp") == 500_000_000


def test_findings_survive_the_trip_through_a_draft() -> None:
    answers = said(READ, "bond_gbp", Decision.RIGHT)

    assert found.to_confirm(Answers.from_json(answers.to_json())) == found.to_confirm(answers)


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_words_can_be_read_and_quoted(requirement: str, narrative: str) -> None:
    answers = found.read_words(Answers(requirement=requirement, narrative=narrative))

    for fact in found.found_facts(answers):
        assert found.quote_of(answers, fact).words == getattr(answers, fact.source)[fact.start : fact.end]
    assert answers.facts == {}
    assert found.read_words(answers) == answers
