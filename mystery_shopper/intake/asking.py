"""The questions a reporter can still answer through the receipt: of their own report, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mystery_shopper.cases.asking import asked_of, facts_stated_by, findings_of, passed_by, take_answers
from mystery_shopper.cases.assessment import assess
from mystery_shopper.cases.models import FactSource, Report
from mystery_shopper.cases.queries import get_case_of, list_facts, lock_case_of
from mystery_shopper.cases.services import NewFact
from mystery_shopper.cases.walls import home_case_of
from mystery_shopper.core import receipts
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.languages import ENGLISH, current, speaking
from mystery_shopper.facts.definitions import UNSURE
from mystery_shopper.facts.fields import FactRadios
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake import found, journey
from mystery_shopper.intake.answers import Answers, fact_values
from mystery_shopper.intake.forms import FactsForm, FoundForm
from mystery_shopper.intake.questions import MOST_ASKED, decided_by
from mystery_shopper.rules.questions import questions_for


@dataclass(frozen=True)
class OpenQuestions:
    """What is open between a report and its reporter: findings to confirm, and facts to ask for.

    `decides` gives, for each fact to ask for, the titles of the rules that wait for it.
    """

    answers: Answers
    findings: tuple[found.FoundFact, ...] = ()
    fact_ids: tuple[str, ...] = ()
    decides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether anything is open."""
        return bool(self.findings or self.fact_ids)


def open_questions(report: Report) -> OpenQuestions:
    """Return the questions a reporter can still answer: none once the case is closed or the report withdrawn."""
    if get_case_of(report).closed_on is not None or report.withdrawn_on is not None:
        return OpenQuestions(Answers())
    answers = _answers_of(report)
    findings = found.to_confirm(answers)
    evaluation = assess(fact_values(answers), home_case_of(report).authority, current())
    fact_ids = _facts_to_ask(report, answers, {fact.fact_id for fact in findings}, questions_for(evaluation))
    return OpenQuestions(answers, findings, fact_ids, decided_by(evaluation, fact_ids))


def _answers_of(report: Report) -> Answers:
    """Return a report as answers: its words, what was stated, and what was found and is still open.

    What staff recorded counts as answered. What another reporter of the case stated does not: nobody learns of it.
    """
    content = report.content
    case = get_case_of(report)
    by_staff = {row.fact_id: row.value_json(case.data_key) for row in list_facts(case) if row.report_id is None}
    known = {**facts_stated_by(report), **by_staff}
    words = Answers(requirement=content.requirement, narrative=content.narrative, facts=known)
    read = found.read_words(words)
    still_open = {row.fact_id for row in findings_of(report)}
    kept = {fact_id: item for fact_id, item in read.found.items() if fact_id in still_open}
    return replace(read, found=kept, scope=dict(content.scope_answers), reporter_kind=report.reporter_kind.value)


def _facts_to_ask(report: Report, answers: Answers, found_ids: set[str], worth: Sequence[str]) -> tuple[str, ...]:
    """Return what staff asked for first, then what would decide most, of what the reporter was not asked in vain."""
    asked = asked_of(report)
    done = {*passed_by(report), *answers.facts} - set(asked)
    wanted = [fact_id for fact_id in dict.fromkeys((*asked, *worth)) if fact_id not in done | found_ids]
    return tuple(fact_id for fact_id in wanted if journey.is_asked(fact_id) or fact_id in asked)[:MOST_ASKED]


def answer_findings(report: Report, form: FoundForm, questions: OpenQuestions, *, now: datetime) -> int:
    """Take what a reporter says of findings; return how many they answered.

    Raises:
        NotFoundError: nothing is open any more.
        DomainError: a text holds the receipt code.
    """
    if not questions.findings:
        raise NotFoundError
    said = form.apply(questions.answers)
    decided = [fact for fact in found.found_facts(said) if fact.decision]
    stated = [_statement(fact, said) for fact in decided if fact.decision in found.STATED]
    passed = [fact.fact_id for fact in decided if fact.decision == found.Decision.NOT]
    _take(report, stated, passed, now=now)
    return len(decided)


def _statement(fact: found.FoundFact, said: Answers) -> NewFact:
    right = fact.decision == found.Decision.RIGHT
    return NewFact(
        fact_id=fact.fact_id,
        value=said.facts[fact.fact_id],
        source=FactSource.EXTRACTED if right else FactSource.TYPED,
        is_confirmed=True,
        quoted=fact.quote,
    )


def answer_questions(report: Report, form: FactsForm, *, now: datetime) -> int:
    """Take a reporter's answers to questions; return how many they answered.

    Raises:
        DomainError: a text holds the receipt code.
    """
    stated, passed = [], []
    for fact_id in form.fact_ids:
        answer = form[fact_id]
        value = answer.fact if isinstance(answer, FactRadios) else answer.data
        if answer.data == UNSURE:
            passed.append(fact_id)
        elif value is not None and value != "":
            raw = to_json(registry()[fact_id], value)
            stated.append(NewFact(fact_id=fact_id, value=raw, source=FactSource.TYPED, is_confirmed=True))
    _take(report, stated, passed, now=now)
    return len(stated) + len(passed)


@speaking(ENGLISH)
def _take(report: Report, stated: list[NewFact], passed: list[str], *, now: datetime) -> None:
    for fact in stated:
        if isinstance(fact.value, str):
            receipts.refuse_own_code(fact.value, report.receipt_mac, field=fact.fact_id)
    case = lock_case_of(report)
    take_answers(case, report, stated, passed, now=now)
