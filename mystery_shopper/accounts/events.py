"""What happened to an account, for the parts that tell its owner. The subject of the occasion is the user."""

from dataclasses import dataclass
from typing import ClassVar

from mystery_shopper.core.events import Event


@dataclass(frozen=True, kw_only=True)
class LinkMade(Event):
    """There is a link that works once for the person: an invitation, or one to come in again."""

    tag: ClassVar[str] = "account-link:made"
    is_invitation: bool


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """The person has another password."""

    tag: ClassVar[str] = "password:changed"


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event):
    """A second factor was added or taken away, or the recovery codes were replaced."""

    tag: ClassVar[str] = "second-factor:changed"


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Event):
    """The person holds other roles."""

    tag: ClassVar[str] = "account:roles-changed"


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """The account was closed; `holds_work` when something has to be handed over."""

    tag: ClassVar[str] = "account:disabled"
    holds_work: bool
