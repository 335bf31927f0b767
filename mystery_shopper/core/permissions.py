"""What a page can ask of a person, and the marks by which a view says so.

The marks are attributes of the view function, so any decorator that uses functools.wraps keeps them. They only
declare; accounts.access enforces them and refuses to start with a view that declares nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

MARK = "access_mark"

V = TypeVar("V", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a page can ask for."""

    CASE_READ = "case-read"
    CASE_WORK = "case-work"
    CASE_ALLOCATE = "case-allocate"
    IDENTITY_REVEAL = "identity-reveal"
    EVIDENCE_ORIGINAL = "evidence-original"
    GATE_OVERRIDE = "gate-override"
    LETTER_APPROVE = "letter-approve"
    FLAG_OVERRULE = "flag-overrule"
    SUGGESTION_READ = "suggestion-read"
    SUGGESTION_ANSWER = "suggestion-answer"
    SUGGESTION_APPROVE = "suggestion-approve"
    PUBLICATION_READ = "publication-read"
    PUBLICATION_WRITE = "publication-write"
    PUBLICATION_APPROVE = "publication-approve"
    RULES_READ = "rules-read"
    RULES_CHANGE = "rules-change"
    RECORDS_KEEP = "records-keep"
    AUDIT_READ = "audit-read"
    ACCOUNTS_MANAGE = "accounts-manage"
    OWN_ACCOUNT = "own-account"


@dataclass(frozen=True)
class Mark:
    """What a view declares: `permission` None means that everybody may open it."""

    permission: Permission | None
    step_up: bool = False


def public(view: V) -> V:
    """Mark a view as open to everybody."""
    setattr(view, MARK, Mark(None))
    return view


def requires(permission: Permission, *, step_up: bool = False) -> Callable[[V], V]:
    """Mark a view as open to those who hold `permission`.

    With `step_up` they must also have proved who they are in the last minutes: see accounts.access for what happens to
    somebody who has not.
    """

    def mark(view: V) -> V:
        setattr(view, MARK, Mark(permission, step_up))
        return view

    return mark


def mark_of(view: Callable[..., Any] | None) -> Mark | None:
    """Return what a view declares, None when it declares nothing."""
    mark = getattr(view, MARK, None)
    return mark if isinstance(mark, Mark) else None
