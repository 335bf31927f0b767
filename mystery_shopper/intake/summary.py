"""The answers in words, by section, with the page that changes each: for checking before sending. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mystery_shopper.cases.models import ReportContent
from mystery_shopper.core.languages import _, _n, current
from mystery_shopper.facts.definitions import FactType
from mystery_shopper.facts.policy import display, display_typed
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake import found, journey
from mystery_shopper.intake.answers import Answers
from mystery_shopper.rules.catalogue import Family

NOT_ANSWERED = _("Not answered")
NOT_KNOWN = _("I do not know")
NOT_CONFIRMED = _("Found in your words, not confirmed")
NOT_ABOUT = _("Not about my case")
FOLD_FROM = 2
Words = Mapping[str, str]
Write = Callable[[Answers], str]


@dataclass(frozen=True)
class Line:
    """One answer: what was asked, what was answered, and the page and field that change it."""

    question: str
    answer: str
    slug: str
    anchor: str = ""


@dataclass(frozen=True)
class Group:
    """The answers under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What the stored values of each question are called on the pages, and the name of the buyer."""

    kinds: Words
    choices: Words
    stages: Words
    scope: Words
    payment: Words
    raised: Words
    authority: str


def groups(answers: Answers, families: Sequence[Family], words: Wording) -> tuple[Group, ...]:
    """Return everything the report will say, in the order it was asked."""
    pages = journey.pages(answers, families)
    shown = []
    for title, tasks in journey.SECTIONS:
        lines = [line for page in pages if page.task in tasks for line in _lines(page, answers, families, words)]
        shown.append(Group(title, tuple(lines)))
    return tuple(shown)


def _lines(page: journey.Page, answers: Answers, families: Sequence[Family], words: Wording) -> list[Line]:
    if page.slug in journey.SCOPE_PAGES:
        return [_scope_line(question, page.slug, answers, words) for question in journey.scope_questions(page.slug)]
    if page.slug == journey.FOUND:
        return [_found_line(fact, answers) for fact in found.to_confirm(answers)]
    own = [Line(text, write(answers) or NOT_ANSWERED, page.slug) for text, write in _written(page.slug, words)]
    if page.slug == journey.BARRIERS:
        titles = [family.title for family in families if family.id in answers.barriers]
        own = [Line(page.title, "\n".join(titles) or NOT_ANSWERED, page.slug)]
    facts = [_fact_line(fact_id, page.slug, answers) for fact_id in page.facts]
    return _fold(page, [*own, *facts] if page.slug == journey.PROCUREMENT_PAGE else [*facts, *own])


def _fold(page: journey.Page, lines: list[Line]) -> list[Line]:
    """Put the questions of one page that were left empty into one line: a report is read on small screens too."""
    empty = [line for line in lines if line.answer == NOT_ANSWERED]
    if len(empty) < FOLD_FROM:
        return lines
    if len(empty) == len(lines):
        return [Line(page.title, NOT_ANSWERED, page.slug)]
    answered = [line for line in lines if line.answer != NOT_ANSWERED]
    title = _("{title}: other questions", title=str(page.title).rstrip("?"))
    return [*answered, Line(title, _n("{count} not answered", "{count} not answered", len(empty)), page.slug)]


def _scope_line(question: str, slug: str, answers: Answers, words: Wording) -> Line:
    known = words.payment if question == "payment" else words.scope
    answer = known.get(answers.scope.get(question, ""), NOT_ANSWERED)
    return Line(journey.SCOPE_TITLES[question], answer, slug, question)


def _fact_line(fact_id: str, slug: str, answers: Answers) -> Line:
    definition = registry()[fact_id]
    value = answers.fact(fact_id)
    if value is not None:
        answer = display(definition, value, current())
    else:
        answer = NOT_KNOWN if fact_id in answers.unsure else NOT_ANSWERED
    return Line(definition.title_in(current()), answer, slug, fact_id)


def fact_rows(page: journey.Page, answers: Answers) -> tuple[tuple[str, str], ...]:
    """Return the facts of a page with their values in words."""
    lines = (_fact_line(fact_id, page.slug, answers) for fact_id in page.facts)
    return tuple((line.question, line.answer) for line in lines)


def _found_line(fact: found.FoundFact, answers: Answers) -> Line:
    answer = NOT_CONFIRMED if fact.decision not in found.STATED else _fact_line(fact.fact_id, "", answers).answer
    if fact.decision == found.Decision.NOT:
        answer = NOT_ABOUT
    return Line(registry()[fact.fact_id].title_in(current()), answer, journey.FOUND, f"said_{fact.fact_id}")


def _written(slug: str, words: Wording) -> tuple[tuple[str, Write], ...]:
    return {
        "who-you-are": ((_("Who you are"), lambda a: words.kinds.get(a.reporter_kind, "")),),
        "member": (
            (_("Trade body"), lambda a: a.trade_body),
            (_("What the member has asked for"), lambda a: a.mandate),
            (_("How the member wants to be known"), lambda a: words.choices.get(a.member_choice, "")),
            (_("Names of the member"), lambda a: a.member),
        ),
        "how-to-be-known": ((_("How you want to be known"), lambda a: words.choices.get(a.identity_choice, "")),),
        "contact": (
            (_("Name"), lambda a: a.name),
            (_("Organisation"), lambda a: a.organisation),
            (_("Other names"), lambda a: a.trading_names),
            (_("Email address"), lambda a: a.email),
            (_("Phone number"), lambda a: a.phone),
            (_("Email when there is an update"), lambda a: _("Yes") if a.wants_email else _("No")),
        ),
        "authority": ((_("Buyer"), lambda _a: words.authority),),
        "procurement": (
            (_("Title"), lambda a: a.procurement_title),
            (_("Reference"), lambda a: a.procurement_reference),
            (_("How far it has got"), lambda a: words.stages.get(a.stage, "")),
        ),
        "dates": ((_("First known to you"), _learnt),),
        "what-happened": (
            (_("How this stands in your way"), lambda a: a.narrative),
            (_("What the tender documents say"), lambda a: a.requirement),
        ),
        "raised": (
            (_("Raised with the buyer"), lambda a: words.raised.get(a.raised_with_buyer, "")),
            (_("What the buyer said"), lambda a: a.buyer_answer),
        ),
    }.get(slug, ())


def _learnt(answers: Answers) -> str:
    return display_typed(FactType.DATE, answers.learnt_date, language=current()) if answers.learnt_date else ""


def _notice_words(content: ReportContent) -> str:
    if content.notice_copy:
        return _("We keep the copy you pasted with your report")
    return _("Your report is linked with the notice you looked up") if content.notice_version_id else ""


def report_lines(content: ReportContent, *, families: Sequence[Family], authority: str) -> tuple[tuple[str, str], ...]:
    """Return the words of a report that was sent, for its reporter."""
    titles = [family.title for family in families if family.id in content.barriers]
    return (
        (_("Buyer"), authority),
        (_("Title"), content.procurement_title),
        (_("Reference"), content.procurement_reference),
        *(((_("Notice"), _notice_words(content)),) if _notice_words(content) else ()),
        (_("What stands in the way"), "\n".join(titles)),
        (_("What the tender documents say"), content.requirement),
        (_("What happened"), content.narrative),
        (_("What the buyer said"), content.buyer_answer),
    )
