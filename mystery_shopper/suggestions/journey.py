"""The pages of Tell us How in order, as data: which there are, when each is asked, what is still missing. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from mystery_shopper.core.languages import _, current
from mystery_shopper.rules.loading import families
from mystery_shopper.rules.translating import catalogue_in
from mystery_shopper.suggestions.bodies import OTHER_BODY, OTHER_TITLE, UNKNOWN_BODY, UNKNOWN_TITLE, imposing_bodies
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, SOMETHING_ELSE, ForcedBy, in_pounds

SOMETHING_ELSE_TITLE = _("Something else")
NO_RULE = "none"
NO_RULE_TITLE = _("None of these, or I am not sure")
CHECK = "check"


@dataclass(frozen=True)
class Answers:
    """What was answered so far, as texts by field, and the pages that were saved."""

    values: Mapping[str, str] = field(default_factory=dict)
    saved: frozenset[str] = frozenset()

    def get(self, name: str) -> str:
        """Return an answer, empty when there is none."""
        return self.values.get(name, "")

    def number(self, name: str) -> int | None:
        """Return an answer that is a whole number, None when there is none."""
        text = self.get(name)
        return int(text) if text else None

    def with_page(self, slug: str, given: Mapping[str, str]) -> "Answers":
        """Return the answers with those of a page."""
        return replace(self, values={**self.values, **given}, saved=self.saved | {slug})

    def to_json(self) -> dict[str, Any]:
        """Return the answers as JSON values."""
        return {"values": dict(self.values), "saved": sorted(self.saved)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Answers":
        """Return the answers a draft holds."""
        return cls(dict(value["values"]), frozenset(value["saved"]))


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


@dataclass(frozen=True)
class Step:
    """One page: its address, the answers it asks for, its short name and its task. A page may be left out."""

    slug: str
    fields: tuple[str, ...]
    title: str
    task: str
    is_optional: bool = False
    applies: Callable[[Answers], bool] = lambda _answers: True


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    title: str
    first_slug: str
    status: Status
    is_optional: bool

    @property
    def words(self) -> str:
        """Return how far it is, in words."""
        return STATUS_WORDS[self.status]

    @property
    def is_done(self) -> bool:
        """Tell whether nothing of it is left."""
        return self.status is Status.DONE


FORCE, ABOUT, INSTEAD, WEIGHT, SAFETY = (
    _("What forces you"),
    _("What you have to ask for"),
    _("What you would rather do"),
    _("How much it matters"),
    _("Keeping you unknown"),
)

STEPS = (
    Step("force", ("forced_by", "forced_by_other"), _("What makes you ask for it"), FORCE),
    Step("body", ("body", "body_other"), _("Who imposes it"), FORCE),
    Step("about", ("family",), _("What it is about"), ABOUT),
    Step(
        "rule",
        ("rule",),
        _("The rule it meets"),
        ABOUT,
        is_optional=True,
        applies=lambda answers: bool(rules_of(answers.get("family"))),
    ),
    Step("requirement", ("requirement",), _("What you have to ask for"), ABOUT),
    Step("instead", ("would_rather",), _("What you would rather do"), INSTEAD),
    Step("value", ("value_pence", "tenders"), _("Value and number of tenders"), WEIGHT, is_optional=True),
    Step("authority", ("authority", "giveaways"), _("What must not get out"), SAFETY, is_optional=True),
)


def steps(answers: Answers) -> tuple[Step, ...]:
    """Return the pages this suggestion needs, in order."""
    return tuple(step for step in STEPS if step.applies(answers))


def find_step(slug: str) -> Step | None:
    """Return the step of an address."""
    return next((step for step in STEPS if step.slug == slug), None)


def first_gap(answers: Answers) -> Step | None:
    """Return the first step that is not answered and must be; None when all are."""
    return next((step for step in steps(answers) if not step.is_optional and not answers.get(step.fields[0])), None)


def next_slug(step: Step, answers: Answers) -> str:
    """Return where to go after a step: the next page that was never saved, else the check page."""
    order = [one for one in STEPS if one in steps(answers) or one is step]
    later = order[order.index(step) + 1 :]
    unseen = [one for one in (*later, *order) if one.slug not in answers.saved and one is not step]
    return unseen[0].slug if unseen else CHECK


def previous_slug(step: Step, answers: Answers) -> str:
    """Return the page before a step, empty for the first."""
    before = [one for one in STEPS[: STEPS.index(step)] if one in steps(answers)]
    return before[-1].slug if before else ""


def tasks(answers: Answers) -> tuple[Task, ...]:
    """Return the task list."""
    found = steps(answers)
    names = list(dict.fromkeys(step.task for step in found))
    return tuple(_task(name, [step for step in found if step.task == name], answers) for name in names)


def _task(title: str, members: list[Step], answers: Answers) -> Task:
    saved = sum(_is_done(step, answers) for step in members)
    status = Status.DONE if saved == len(members) else Status.STARTED if saved else Status.OPEN
    first_open = next((step.slug for step in members if not _is_done(step, answers)), members[0].slug)
    return Task(title, first_open, status, all(step.is_optional for step in members))


def _is_done(step: Step, answers: Answers) -> bool:
    return step.slug in answers.saved and (step.is_optional or bool(answers.get(step.fields[0])))


def settle(answers: Answers) -> Answers:
    """Return the answers without what belongs to a choice that was changed since: as they are shown and sent."""
    values = dict(answers.values)
    if values.get("rule") not in rules_of(values.get("family", "")):
        values["rule"] = ""
    if values.get("forced_by") != ForcedBy.OTHER:
        values["forced_by_other"] = ""
    if values.get("body") != OTHER_BODY:
        values["body_other"] = ""
    return replace(answers, values=values)


def family_title(family: str) -> str:
    """Return the title of a kind of barrier; one the catalogue no longer has keeps its id."""
    titles = {one.id: one.title for one in families(catalogue_in(current()))} | {SOMETHING_ELSE: SOMETHING_ELSE_TITLE}
    return titles.get(family, family)


def family_options() -> list[tuple[str, str, str]]:
    """Return the kinds of barrier to choose from: id, title, hint; "something else" last."""
    known = [(one.id, one.title, one.hint) for one in families(catalogue_in(current())) if one.id != SOMETHING_ELSE]
    return [*known, (SOMETHING_ELSE, SOMETHING_ELSE_TITLE, "")]


def rules_of(family: str) -> dict[str, str]:
    """Return the rules of a kind of barrier: id and title."""
    pack = catalogue_in(current())
    found = next((one.rules for one in families(pack) if one.id == family), ())
    return {rule_id: pack.rule(rule_id).title for rule_id in found}


def family_of_rule(rule_id: str) -> str:
    """Return the kind of barrier a rule belongs to, empty when it belongs to none."""
    return next((one.id for one in families() if rule_id in one.rules), "")


def rule_title(rule_id: str | None) -> str:
    """Return the title of a rule; one the catalogue no longer has keeps its id."""
    if not rule_id:
        return ""
    return next((rule.title for rule in catalogue_in(current()).rules if rule.id == rule_id), rule_id)


def body_title(body_id: str) -> str:
    """Return an imposing body in the words a commissioner chose it by."""
    special = {OTHER_BODY: OTHER_TITLE, UNKNOWN_BODY: UNKNOWN_TITLE, "": ""}
    known = imposing_bodies().by_id
    return special.get(body_id) or (known[body_id].title if body_id in known else body_id)


def lines(answers: Answers) -> list[tuple[str, str, str]]:
    """Return question, answer in words, and slug of each answer, for the check page."""
    settled = settle(answers)
    words = _words(settled)
    rows = []
    for step in steps(settled):
        rows += [(question, text, step.slug) for question, text in words[step.slug]]
    return rows


def _words(answers: Answers) -> dict[str, list[tuple[str, str]]]:
    force = answers.get("forced_by")
    value = answers.number("value_pence")
    forced = FORCED_BY_LABELS[ForcedBy(force)] if force else ""
    return {
        "force": [(_("What makes you ask for it"), answers.get("forced_by_other") or forced)],
        "body": [(_("Who imposes it"), answers.get("body_other") or body_title(answers.get("body")))],
        "about": [(_("What it is about"), family_title(answers.get("family")))],
        "rule": [(_("The rule it meets"), rule_title(answers.get("rule")) or _("None chosen"))],
        "requirement": [(_("What you have to ask for"), answers.get("requirement"))],
        "instead": [(_("What you would rather do"), answers.get("would_rather"))],
        "value": [
            (_("Value of one contract"), in_pounds(value)),
            (_("Tenders affected in a year"), answers.get("tenders")),
        ],
        "authority": [
            (_("Your authority (sealed)"), answers.get("authority")),
            (_("Words that would point to you (sealed)"), answers.get("giveaways")),
        ],
    }
