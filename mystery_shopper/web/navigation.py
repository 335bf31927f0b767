"""The service navigation: which places a page offers, by what the person may do."""

from dataclasses import dataclass

from flask import Flask, request

from config import Config
from mystery_shopper.accounts.access import find_signed_in_user
from mystery_shopper.accounts.shortcuts import Shortcut, shortcuts_for
from mystery_shopper.core.languages import _
from mystery_shopper.core.permissions import Permission

NavigationItem = dict[str, object]
"""What the service navigation component takes: text, href, and current or active."""


@dataclass(frozen=True)
class Place:
    """One entry: its words, its address, and the permission it needs (None: everybody)."""

    text: str
    path: str
    permission: Permission | None = None


PUBLIC_PLACES = (
    Place(_("Report a barrier"), "/report"),
    Place(_("Tell us how"), "/tell-us-how"),
    Place(_("Check a requirement"), "/check-a-requirement"),
    Place(_("Guidance"), "/guidance"),
    Place(_("Your report"), "/receipt"),
    Place(_("Results"), "/results"),
)
STAFF_PLACES = (
    Place("Desk", "/desk", Permission.CASE_READ),
    Place("Cases", "/cases", Permission.CASE_READ),
    Place("Recommendations", "/recommendations", Permission.CASE_READ),
    Place("Allocation", "/allocation", Permission.CASE_ALLOCATE),
    Place("Interests", "/interests/people", Permission.CASE_ALLOCATE),
    Place("Repeat patterns", "/repeat-patterns", Permission.CASE_ALLOCATE),
    Place("Notices", "/notices", Permission.CASE_READ),
    Place("Suggestions", "/suggestions", Permission.SUGGESTION_READ),
    Place("You said, we did", "/suggestions/texts", Permission.SUGGESTION_APPROVE),
    Place("Rules", "/rules", Permission.RULES_READ),
    Place("Mutuals", "/mutuals", Permission.CASE_READ),
    Place("Right to Provide", "/guidance/right-to-provide/stages", Permission.RULES_CHANGE),
    Place("Publication", "/publication", Permission.PUBLICATION_READ),
    Place("Records", "/records", Permission.RECORDS_KEEP),
    Place("Audit", "/audit", Permission.AUDIT_READ),
    Place("Accounts", "/admin", Permission.ACCOUNTS_MANAGE),
)


def navigation_items(
    places: tuple[Place, ...], path: str, permissions: frozenset[Permission] = frozenset()
) -> list[NavigationItem]:
    """Return the entries this person may use; the one that holds `path` is marked."""
    items: list[NavigationItem] = []
    for place in places:
        if place.permission is not None and place.permission not in permissions:
            continue
        item: NavigationItem = {"text": str(place.text), "href": place.path}
        if path == place.path:
            item["current"] = True
        elif path.startswith(f"{place.path}/"):
            item["active"] = True
        items.append(item)
    return items


def public_navigation() -> list[NavigationItem]:
    """Return the navigation of public pages."""
    return navigation_items(PUBLIC_PLACES, request.path)


def staff_navigation() -> list[NavigationItem]:
    """Return the navigation of the person who is signed in; empty for a visitor."""
    user = find_signed_in_user()
    return [] if user is None else navigation_items(STAFF_PLACES, request.path, user.permissions)


def keyboard_shortcuts() -> list[tuple[str, list[Shortcut]]]:
    """Return the shortcuts of the person who is signed in; none for a visitor and for who switched them off."""
    user = find_signed_in_user()
    return [] if user is None or not user.has_shortcuts else shortcuts_for(user.permissions)


def signed_in_name() -> str:
    """Return the name of the person who is signed in; empty for a visitor."""
    user = find_signed_in_user()
    return "" if user is None else user.name


def init_app(app: Flask, settings: Config) -> None:
    """Give the templates the navigation."""
    app.jinja_env.globals.update(
        public_navigation=public_navigation,
        staff_navigation=staff_navigation,
        keyboard_shortcuts=keyboard_shortcuts,
        signed_in_name=signed_in_name,
    )
