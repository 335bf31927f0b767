"""What an auditor can ask for, pure: the kinds of things in the log, and the names of those that are no people."""

from mystery_shopper.audit.actions import Action
from mystery_shopper.core.events import REPORTER, SYSTEM

ANYTHING = ":*"
OTHER_ACTORS = {REPORTER: "a reporter", SYSTEM: "the service", "authority": "an authority"}
SEEN = "seen"
NO_ACTION = "none"
"""What no entry is about: a kind that does not exist is asked for by this, never by what was typed."""
LOOKS = frozenset(
    {
        Action.CASE_VIEWED,
        Action.EVIDENCE_VIEWED,
        Action.EVIDENCE_ORIGINAL_OPENED,
        Action.IDENTITY_REVEALED,
        Action.IDENTITY_VIEWED,
        Action.INTERESTS_VIEWED,
        Action.SUGGESTION_VIEWED,
        Action.SEARCH_RUN,
        Action.EXPORT_MADE,
        Action.EMERGENCY_OPENED,
        Action.AUDIT_VIEWED,
    }
)
"""What is looked at and changes nothing."""


def kinds() -> list[tuple[str, str]]:
    """Return the kinds that can be asked for, with their words: everything seen, whole families, single actions."""
    found = [(SEEN, "Everything that was looked at")]
    families: dict[str, list[str]] = {}
    for action in Action:
        families.setdefault(action.value.split(":")[0], []).append(action.value)
    for family in sorted(families):
        words = family.replace("-", " ").capitalize()
        if len(families[family]) > 1:
            found.append((f"{family}{ANYTHING}", f"{words}: everything"))
        found += [(value, f"{words}: {value.split(':')[1].replace('-', ' ')}") for value in sorted(families[family])]
    return found


def actions_of(kind: str) -> tuple[str, ...]:
    """Return the actions of a kind, empty for all; for one that does not exist what is in no log."""
    if not kind:
        return ()
    if kind == SEEN:
        return tuple(sorted(action.value for action in LOOKS))
    if kind.endswith(ANYTHING):
        start = kind.removesuffix("*")
        return tuple(action.value for action in Action if action.value.startswith(start)) or (NO_ACTION,)
    return (kind,) if kind in set(Action) else (NO_ACTION,)
