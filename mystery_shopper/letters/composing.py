"""The first words of a letter: a text file of the kind and language, filled from the flags and facts of the case."""

from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from mystery_shopper.cases.assessment import assess
from mystery_shopper.cases.gate import check_texts
from mystery_shopper.cases.models import Case, FlagDecision
from mystery_shopper.cases.queries import list_flags
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.languages import speaking
from mystery_shopper.facts.policy import letter_of
from mystery_shopper.facts.registry import registry
from mystery_shopper.interventions.policy import Power, powers_open
from mystery_shopper.letters.policy import CALL, TEXT, LetterKind, Question, facts_left_out, reference_of
from mystery_shopper.rules.results import Outcome, RuleResult
from mystery_shopper.triage.queries import fact_values


class _Texts(BaseLoader):
    """The text files of one language."""

    def __init__(self, language: str) -> None:
        self._folder = files("mystery_shopper.letters") / "data" / language

    def get_source(self, environment: object, template: str) -> tuple[str, None, None]:
        """Return a text."""
        path = self._folder / f"{template}.txt"
        if not path.is_file():
            raise TemplateNotFound(template)
        return path.read_text(encoding="utf-8"), None, None


@cache
def environment(language: str) -> SandboxedEnvironment:
    """Return what fills the texts of a language. They are plain text: nothing is escaped, and nothing can be called."""
    return SandboxedEnvironment(
        loader=_Texts(language),
        autoescape=select_autoescape(enabled_extensions=(), default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def questions_for(case: Case, language: str) -> tuple[Question, ...]:
    """Return what the flags in force ask the authority, the most severe first: those raised and not overruled."""
    raised = {
        flag.rule_id
        for flag in list_flags(case)
        if flag.outcome == Outcome.RAISED and flag.decision is not FlagDecision.OVERRULED
    }
    results = assess(fact_values(case), case.authority, language).results
    found = [result for result in results if result.rule_id in raised and result.outcome is Outcome.RAISED]
    return tuple(_question(result, language) for result in sorted(found, key=lambda one: -one.severity))


def _question(result: RuleResult, language: str) -> Question:
    """Facts about one supplier stay out, and so does every fact that has no words of its own for a letter."""
    known, left_out = registry(), facts_left_out()
    figures = tuple(
        letter_of(known[fact_id], value, language)
        for fact_id, value in result.inputs.items()
        if fact_id not in left_out and not known[fact_id].sensitive and known[fact_id].letter
    )
    sources = tuple(f"{source.title}, {source.section}".rstrip(", ") for source in result.sources)
    return Question(result.rule_id, result.title, figures, sources)


def compose(case: Case, kind: LetterKind, submission_id: UUID, language: str, *, today: date) -> str:
    """Return the first text of a letter. It says nothing of reports: not when they came, not how many there are."""
    powers = powers_open(case.received_on, case.procurement_started_on)
    return (
        environment(language)
        .get_template(kind.key)
        .render(
            reference=reference_of(submission_id),
            authority=case.authority_name,
            procurement=case.title,
            questions=questions_for(case, language) if kind.asks else (),
            notice_days=_notice_days(kind, powers),
            closes_on=closing_words(case, language, today),
        )
    )


def closing_words(case: Case, language: str, today: date) -> str:
    """Return the deadline for tenders as a letter writes it; empty where it has passed or none is known."""
    if case.tender_closes_on is None or case.tender_closes_on < today:
        return ""
    with speaking(language):
        return format_day(case.tender_closes_on)


def compose_call(case: Case, language: str, *, today: date) -> str:
    """Return what to say in a call about a live tender.

    Raises:
        DisclosureError: a reporter can be recognised in it.
    """
    words = (
        environment(language)
        .get_template(CALL)
        .render(
            authority=case.authority_name,
            procurement=case.title,
            questions=questions_for(case, language),
            closes_on=closing_words(case, language, today),
        )
    )
    check_texts(case, {TEXT: words})
    return words


def _notice_days(kind: LetterKind, powers: tuple[Power, ...]) -> int | None:
    return next((power.notice_days for power in powers if power.kind is kind.intervention), None)


def public_days(case: Case) -> frozenset[date]:
    """Return the days of the procurement itself that are on record."""
    return frozenset(value for value in fact_values(case).values() if isinstance(value, date))
