"""What a notice filled in of a report, and what the reporter made of it. Pure.

The notice is kept with the answers, sealed as those are: the version that was looked up, or the text that was pasted.
It fills in only what was not answered, and what it filled in before; the reporter changes it like any other answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from mystery_shopper.core.text import clean_line
from mystery_shopper.facts.definitions import AskedOf
from mystery_shopper.facts.policy import to_json
from mystery_shopper.facts.registry import registry
from mystery_shopper.intake.answers import Answers
from mystery_shopper.notices.policy import NoticeView
from mystery_shopper.notices.stating import facts_of

TITLE_MAX = 300
REFERENCE_MAX = 100
BUYER_MAX = 200
TEXTS = ("procurement_title", "procurement_reference", "authority_text", "authority_id")
"""The answers that are no facts and that a notice fills in."""


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """A notice with the answers. `is_used` is False while the reporter looks at what was found.

    `version_id` names a frozen copy we have, `copy` is the canonical text of one that was pasted. `texts` and `facts`
    are what it filled in.
    """

    is_used: bool = False
    version_id: str = ""
    copy: str = ""
    number: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def noticed(answers: Answers) -> Noticed | None:
    """Return the notice kept with the answers, None when there is none."""
    if not answers.notice:
        return None
    known = {item.name for item in fields(Noticed)}
    return Noticed(**{name: value for name, value in answers.notice.items() if name in known})


def used(answers: Answers) -> Noticed | None:
    """Return the notice the reporter uses, None while there is none."""
    found = noticed(answers)
    return found if found is not None and found.is_used else None


def offer(answers: Answers, *, version_id: str = "", copy: str = "", number: str) -> Answers:
    """Return the answers with a notice to look at, in place of one that was there."""
    found = {"is_used": False, "version_id": version_id, "copy": copy, "number": number}
    return replace(drop(answers), notice=found)


def facts_for_reporters(view: NoticeView) -> dict[str, Any]:
    """Return the facts a notice states that reporters are asked, in the JSON form of the registry."""
    definitions = registry()
    return {
        fact_id: to_json(definitions[fact_id], value)
        for fact_id, value in facts_of(view).items()
        if definitions[fact_id].asked_of is AskedOf.REPORTER
    }


def use(answers: Answers, view: NoticeView, *, authority_id: str) -> Answers:
    """Return the answers with what the notice says wherever nothing was answered."""
    found = noticed(answers)
    if found is None:
        return answers
    said = {
        "procurement_title": clean_line(view.title)[:TITLE_MAX],
        "procurement_reference": clean_line(view.number)[:REFERENCE_MAX],
    }
    if not answers.authority_text:
        said |= {"authority_text": clean_line(view.buyer.name)[:BUYER_MAX], "authority_id": authority_id}
    texts: dict[str, Any] = {name: text for name, text in said.items() if text and not getattr(answers, name)}
    facts = {name: value for name, value in facts_for_reporters(view).items() if name not in answers.facts}
    kept = {"is_used": True, "version_id": found.version_id, "copy": found.copy, "number": found.number}
    return replace(
        answers,
        **texts,
        facts={**answers.facts, **facts},
        unsure=tuple(name for name in answers.unsure if name not in facts),
        notice={**kept, "texts": texts, "facts": facts},
    )


def drop(answers: Answers) -> Answers:
    """Return the answers without the notice and without what it filled in; what the reporter changed stays."""
    found = noticed(answers)
    if found is None:
        return answers
    stands = {name for name, text in found.texts.items() if getattr(answers, name) == text}
    if "authority_text" not in stands or answers.authority_id != found.texts.get("authority_id", ""):
        stands -= {"authority_text", "authority_id"}
    facts = {name: value for name, value in answers.facts.items() if name not in standing(answers)}
    emptied: dict[str, Any] = dict.fromkeys(stands & set(TEXTS), "")
    return replace(answers, facts=facts, notice={}, **emptied)


def standing(answers: Answers) -> frozenset[str]:
    """Return the facts that stand as the notice gave them."""
    found = used(answers)
    given = found.facts if found is not None else {}
    return frozenset(name for name, value in given.items() if answers.facts.get(name) == value)


def given(answers: Answers) -> tuple[str, ...]:
    """Return the facts the notice gave, whether or not the reporter changed them since."""
    found = used(answers)
    return registry().sorted_ids(found.facts) if found is not None else ()
