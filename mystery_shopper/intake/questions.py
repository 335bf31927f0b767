"""The few questions worth asking at the end of a report: the facts that would decide most, and what each decides."""

from collections.abc import Mapping, Sequence

from mystery_shopper.intake import found, journey, queries
from mystery_shopper.intake.answers import Answers
from mystery_shopper.intake.journey import Page
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.rules.questions import questions_for
from mystery_shopper.rules.results import Evaluation

MOST_ASKED = 5


def page_of_questions(answers: Answers) -> Page | None:
    """Return the page that asks what would decide most and no other page asks; None when nothing is left to ask."""
    worth = questions_for(queries.evaluate(answers), about=rules_complained_of(answers))
    wanted = [fact_id for fact_id in worth if fact_id not in answers.facts and fact_id not in answers.unsure]
    return journey.more_questions(answers, queries.families(), wanted, most=MOST_ASKED)


def rules_complained_of(answers: Answers) -> frozenset[str] | None:
    """Return the rules of the barriers a reporter chose, and those their confirmed words speak of; None for any rule.

    A date of the tender alone makes rules about time undecided: who complains of something else is not asked for them.
    """
    chosen = [family for family in queries.families() if family.id in answers.barriers]
    if not any(family.rules for family in chosen):
        return None
    said = found.stated(answers)
    spoken_of = {rule.id for rule in catalogue().rules if any(trigger.fact in said for trigger in rule.triggers)}
    return frozenset(rule_id for family in chosen for rule_id in family.rules) | spoken_of


def what_each_decides(answers: Answers, page: Page) -> Mapping[str, tuple[str, ...]]:
    """Return, for each fact of a page, the titles of the rules that its answer would help to decide."""
    return decided_by(queries.evaluate(answers), page.facts)


def decided_by(evaluation: Evaluation, fact_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return, for each fact, the titles of the undecided rules of an evaluation that wait for it."""
    open_rules = [result for result in evaluation.results if result.triggered and result.outcome == "undecided"]
    return {fact_id: tuple(result.title for result in open_rules if fact_id in result.missing) for fact_id in fact_ids}
