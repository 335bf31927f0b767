"""The pages of a report, in order, as data: which there are, when each is asked, and what is still missing. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mystery_shopper.core.languages import _
from mystery_shopper.facts.definitions import AskedOf
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake import found, noticed, scope
from mystery_shopper.intake.answers import AWARD_NOTICE_FACT, CANCELLED, DEADLINE_FACT, START_FACT, Answers
from mystery_shopper.rules.catalogue import Family

SCOPE_BODY = "scope-body"
SCOPE_CHECKS = "scope-checks"
SCOPE_PAGES = (SCOPE_BODY, SCOPE_CHECKS)
BARRIER_PREFIX = "barrier-"
AUTHORITY = "authority"
BARRIERS = "barriers"
CONTACT = "contact"
PROCUREMENT_PAGE = "procurement"
DATES = "dates"
NOTICE_FACTS = "notice-facts"
FOUND = "found"
MORE = "more-questions"
SHORT = "two-minutes"
MEMBER = "member"
TRADE_BODY = "trade-body"
ANONYMOUS = "anonymous"
AWARDED_STAGES = frozenset({"awarded", "in-contract"})
VALUE_FACTS = ("contract_kind", "estimated_value_gbp")
DATE_FACTS = (START_FACT, DEADLINE_FACT)


RIGHT_TO_PROVIDE = "right-to-provide"
BEGINNINGS: Mapping[str, Answers] = {
    RIGHT_TO_PROVIDE: Answers(
        scope={"specific": "yes"},  # one request: without it the scope check would send them elsewhere
        reporter_kind="prospective-mutual",
        stage="before-tender",
        barriers=("something-else",),
    )
}
"""What a report about something set begins with. The pages show it as chosen, and it can be changed on each."""


class Status(StrEnum):
    """How far a task of the task list is."""

    DONE = "Completed"
    STARTED = "In progress"
    OPEN = "Not yet started"


STATUS_WORDS: Mapping[Status, str] = {
    Status.DONE: _("Completed"),
    Status.STARTED: _("In progress"),
    Status.OPEN: _("Not yet started"),
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the journey. `facts` are the facts it asks; a page that is not required may be left out."""

    slug: str
    title: str
    task: str
    facts: tuple[str, ...] = ()
    is_required: bool = False
    applies: Callable[[Answers], bool] = lambda _answers: True


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    title: str
    first_slug: str
    status: Status

    @property
    def words(self) -> str:
        """Return how far the task is, in words."""
        return STATUS_WORDS[self.status]

    @property
    def is_done(self) -> bool:
        """Tell whether nothing of the task is left to do."""
        return self.status is Status.DONE


@dataclass(frozen=True)
class Section:
    """A heading of the task list and its tasks."""

    title: str
    tasks: tuple[Task, ...]


HELP, KIND, KNOWN, BUYER, PROCUREMENT, PROBLEM, STORY = (
    _("Check that we can help"),
    _("Who you are"),
    _("How you want to be known"),
    _("Who is buying"),
    _("What is being bought"),
    _("What stands in your way"),
    _("What happened"),
)

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("Before you start"), (HELP,)),
    (_("About you"), (KIND, KNOWN)),
    (_("About the procurement"), (BUYER, PROCUREMENT)),
    (_("About the problem"), (PROBLEM, STORY)),
)

SCOPE_TITLES = {
    "body": _("What kind of organisation is buying?"),
    "specific": _("Is your report about one procurement or contract?"),
    "healthcare": _("Is the contract for health care services to patients?"),
    "recent": _("Did it happen in the last 2 years?"),
    "legal": _("Have you started legal proceedings about it?"),
    "payment": _("Is it about an invoice that was paid late or not at all?"),
}

_FIXED: tuple[Page, ...] = (
    Page(slug="who-you-are", title=_("Who are you?"), task=KIND, is_required=True),
    Page(
        slug=MEMBER,
        title=_("For whom do you report?"),
        task=KIND,
        is_required=True,
        applies=lambda answers: answers.reporter_kind == TRADE_BODY,
    ),
    Page(slug="how-to-be-known", title=_("How do you want to be known?"), task=KNOWN, is_required=True),
    Page(
        slug=CONTACT,
        title=_("How can we contact you?"),
        task=KNOWN,
        is_required=True,
        applies=lambda answers: answers.identity_choice not in ("", ANONYMOUS),
    ),
    Page(slug=AUTHORITY, title=_("Who is buying?"), task=BUYER, is_required=True),
    Page(
        slug=PROCUREMENT_PAGE,
        title=_("Which procurement is it?"),
        task=PROCUREMENT,
        facts=VALUE_FACTS,
        is_required=True,
    ),
    Page(slug=DATES, title=_("Which dates do you know?"), task=PROCUREMENT, facts=DATE_FACTS),
    Page(slug=BARRIERS, title=_("What stands in your way?"), task=PROBLEM, is_required=True),
    Page(slug="what-happened", title=_("What happened?"), task=STORY, is_required=True),
    Page(
        slug=FOUND,
        title=_("What we found in your words"),
        task=STORY,
        applies=lambda answers: bool(found.to_confirm(answers)),
    ),
)

_SHORT = Page(slug=SHORT, title=_("Tell us in two minutes"), task=STORY, is_required=True)
_RAISED = Page(slug="raised", title=_("Have you raised this with the buyer?"), task=STORY)


def pages(answers: Answers, families: Sequence[Family]) -> tuple[Page, ...]:
    """Return the pages this report needs, in order. The story comes first: what it states is not asked again."""
    if answers.is_short:
        return (_SHORT,)
    fixed = _with_notice(tuple(_with_award_date(page, answers) for page in _FIXED if page.applies(answers)), answers)
    asked = {fact for page in fixed for fact in page.facts}
    asked |= found.stated(answers)
    asked |= {CANCELLED} if answers.stage == CANCELLED else set()
    return (*_scope_pages(answers), *fixed, *_family_pages(answers, families, asked), _RAISED)


def _with_notice(fixed: tuple[Page, ...], answers: Answers) -> tuple[Page, ...]:
    """Return the pages with one, after the dates, for what the notice says that none of them asks."""
    asked = {fact for page in fixed for fact in page.facts}
    facts = tuple(fact for fact in noticed.given(answers) if fact not in asked and fact not in found.stated(answers))
    if not facts:
        return fixed
    after = next(place for place, page in enumerate(fixed, start=1) if page.slug == DATES)
    own = Page(slug=NOTICE_FACTS, title=_("What the notice says"), task=PROCUREMENT, facts=facts)
    return (*fixed[:after], own, *fixed[after:])


def _with_award_date(page: Page, answers: Answers) -> Page:
    if page.slug == DATES and answers.stage in AWARDED_STAGES:
        return replace(page, facts=(*DATE_FACTS, AWARD_NOTICE_FACT))
    return page


def _scope_pages(answers: Answers) -> tuple[Page, ...]:
    body = Page(slug=SCOPE_BODY, title=SCOPE_TITLES["body"], task=HELP, is_required=True)
    checks = Page(slug=SCOPE_CHECKS, title=_("What is your report about?"), task=HELP, is_required=True)
    given = {question: answers.scope[question] for question in ("body",) if question in answers.scope}
    return (body, checks) if given and scope.decide(given) is None else (body,)


def scope_path(answers: Answers) -> dict[str, str]:
    """Return the answers of the scope questions that count, in order: none after the one that decided."""
    given: dict[str, str] = {}
    while (question := scope.next_question(given)) is not None and question in answers.scope:
        given[question] = answers.scope[question]
    return given


def scope_questions(slug: str) -> tuple[str, ...]:
    """Return the questions of the scope check that a page asks, in order."""
    return tuple(question for question in scope.QUESTIONS if scope_slug(question) == slug)


def scope_slug(question: str) -> str:
    """Return the page that asks a question of the scope check."""
    return SCOPE_BODY if question == "body" else SCOPE_CHECKS


def _family_pages(answers: Answers, families: Sequence[Family], asked: set[str]) -> tuple[Page, ...]:
    found = []
    seen = set(asked)
    for family in families:
        if family.id not in answers.barriers:
            continue
        facts = tuple(fact for fact in family.facts if fact not in seen and is_asked(fact))
        seen.update(facts)
        if facts:
            found.append(Page(slug=f"{BARRIER_PREFIX}{family.id}", title=family.title, task=PROBLEM, facts=facts))
    return tuple(found)


def section_of(page: Page) -> str:
    """Return the heading of the task list a page stands under."""
    return next((title for title, tasks in SECTIONS if page.task in tasks), "")


def is_asked(fact_id: str) -> bool:
    """Tell whether reporters are asked a fact (others come from the register or the scope check)."""
    definition = registry().get(fact_id)
    return definition is not None and definition.asked_of is AskedOf.REPORTER


def more_questions(answers: Answers, families: Sequence[Family], wanted: Sequence[str], *, most: int) -> Page | None:
    """Return a page that asks the first `most` of the `wanted` facts no other page asks, None when none is left."""
    asked = {fact for page in pages(answers, families) for fact in page.facts}
    facts = tuple(fact for fact in wanted if fact not in asked and is_asked(fact))
    if not facts:
        return None
    return Page(slug=MORE, title=_("A few more questions"), task=PROBLEM, facts=facts[:most])


def is_in_play(fact_id: str, answers: Answers, families: Sequence[Family]) -> bool:
    """Tell whether an answered fact still counts: not when it belongs only to barriers that were unticked since."""
    owners = {family.id for family in families if fact_id in family.facts}
    fixed = {*VALUE_FACTS, *DATE_FACTS, AWARD_NOTICE_FACT}
    return fact_id in fixed or not owners or bool(owners & set(answers.barriers))


def settle(answers: Answers, families: Sequence[Family]) -> Answers:
    """Return the answers without what no page asks any more: the form in which they are judged and sent."""
    said = found.stated(answers).union(noticed.given(answers))
    facts = {
        name: value for name, value in answers.facts.items() if name in said or is_in_play(name, answers, families)
    }
    settled = replace(answers, facts=facts, scope=scope_path(answers))
    if answers.reporter_kind != TRADE_BODY:
        settled = replace(settled, trade_body="", mandate="", member_choice="", member="")
    if answers.identity_choice == ANONYMOUS:
        settled = replace(settled, name="", organisation="", trading_names="", email="", phone="", wants_email=False)
    return settled


def find_page(slug: str, answers: Answers, families: Sequence[Family]) -> Page | None:
    """Return a page of this report by its slug."""
    return next((page for page in pages(answers, families) if page.slug == slug), None)


def slug_after(slug: str, answers: Answers, families: Sequence[Family]) -> str | None:
    """Return the page that follows, None after the last."""
    order = [page.slug for page in pages(answers, families)]
    place = order.index(slug) + 1 if slug in order else len(order)
    return order[place] if place < len(order) else None


def slug_before(slug: str, answers: Answers, families: Sequence[Family]) -> str | None:
    """Return the page that comes before, None for the first."""
    order = [page.slug for page in pages(answers, families)]
    place = order.index(slug) if slug in order else 0
    return order[place - 1] if place > 0 else None


def next_open_of_task(slug: str, answers: Answers, families: Sequence[Family]) -> str | None:
    """Return the next page of the same task that was never saved: a new choice may have brought new questions."""
    found = pages(answers, families)
    task = next((page.task for page in found if page.slug == slug), "")
    return next((page.slug for page in found if page.task == task and page.slug not in answers.saved), None)


def first_gap(answers: Answers, families: Sequence[Family]) -> Page | None:
    """Return the first page without which the report cannot be sent."""
    return next(
        (page for page in pages(answers, families) if page.is_required and page.slug not in answers.saved), None
    )


def page_of_fact(fact_id: str, answers: Answers, families: Sequence[Family]) -> str:
    """Return the slug of the page that asks a fact."""
    if fact_id in found.stated(answers):
        return FOUND
    return next((page.slug for page in pages(answers, families) if fact_id in page.facts), MORE)


def sections(answers: Answers, families: Sequence[Family]) -> tuple[Section, ...]:
    """Return the task list."""
    found = pages(answers, families)
    return tuple(
        Section(title, tuple(_task(name, [page for page in found if page.task == name], answers) for name in names))
        for title, names in SECTIONS
    )


def _task(title: str, members: Sequence[Page], answers: Answers) -> Task:
    saved = [page for page in members if page.slug in answers.saved]
    return Task(title, members[0].slug, _status(len(saved), len(members)))


def _status(saved: int, of_all: int) -> Status:
    if saved == of_all:
        return Status.DONE
    return Status.STARTED if saved else Status.OPEN
