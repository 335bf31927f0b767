"""The pages of Tell us How in order, and the answers kept between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from mystery_shopper.rules.loading import families
from mystery_shopper.suggestions.policy import FORCED_BY_LABELS, SOMETHING_ELSE, VALUE_BAND_LABELS, ForcedBy, ValueBand

SOMETHING_ELSE_TITLE = "Something else"
CHECK = "check"
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One page: its address, the answers it asks for (the first decides whether it is done), and its short name."""

    slug: str
    fields: tuple[str, ...]
    title: str
    is_optional: bool = False


STEPS = (
    Step("force", ("forced_by", "forced_by_other"), "What makes you ask for it"),
    Step("about", ("family",), "What it is about"),
    Step("requirement", ("requirement",), "What you have to ask for"),
    Step("instead", ("would_rather",), "What you would rather do"),
    Step("value", ("value_band",), "Value of the contracts"),
    Step("authority", ("authority",), "Your authority", is_optional=True),
)


def find_step(slug: str) -> Step | None:
    """Return the step of an address."""
    return next((step for step in STEPS if step.slug == slug), None)


def first_gap(answers: Answers) -> Step | None:
    """Return the first step that is not answered and must be; None when all are."""
    return next((step for step in STEPS if not step.is_optional and not answers.get(step.fields[0])), None)


def next_slug(step: Step, answers: Answers) -> str:
    """Return where to go after a step: the check page once nothing is missing, else the next page."""
    later = STEPS[STEPS.index(step) + 1 :]
    optional_seen = all(other.fields[0] in answers for other in later)
    if (first_gap(answers) is None and optional_seen) or not later:
        return CHECK
    return later[0].slug


def previous_slug(step: Step) -> str:
    """Return the page before a step, empty for the first."""
    place = STEPS.index(step)
    return STEPS[place - 1].slug if place else ""


def family_title(family: str) -> str:
    """Return the title of a kind of barrier; one the catalogue no longer has keeps its id."""
    titles = {one.id: one.title for one in families()} | {SOMETHING_ELSE: SOMETHING_ELSE_TITLE}
    return titles.get(family, family)


def family_options() -> list[tuple[str, str, str]]:
    """Return the kinds of barrier to choose from: id, title, hint; "something else" last."""
    known = [(one.id, one.title, one.hint) for one in families() if one.id != SOMETHING_ELSE]
    return [*known, (SOMETHING_ELSE, SOMETHING_ELSE_TITLE, "")]


def lines(answers: Answers) -> list[tuple[str, str, str]]:
    """Return question, answer in words, and slug of each step, for the check page."""
    return [(step.title, words_of(step, answers), step.slug) for step in STEPS]


def words_of(step: Step, answers: Answers) -> str:
    """Return the answer of a step in words."""
    value = answers.get(step.fields[0], "")
    if not value:
        return ""
    if step.slug == "force":
        return answers.get("forced_by_other", "") if value == ForcedBy.OTHER else FORCED_BY_LABELS[ForcedBy(value)]
    if step.slug == "about":
        return family_title(value)
    return VALUE_BAND_LABELS[ValueBand(value)] if step.slug == "value" else value
