"""Flask-Login: who the current user is. The session itself knows; no user id travels in a cookie."""

from flask import Flask, Request
from flask_login import LoginManager

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.accounts.sessions import current_session
from mystery_shopper.core.permissions import Permission


class Visitor:
    """Somebody who is not signed in: a reporter, a commissioner, the public."""

    is_authenticated = False
    is_active = False
    is_anonymous = True

    def get_id(self) -> None:
        """Return no id."""

    def can(self, permission: Permission | str) -> bool:
        """Tell that a visitor holds no permission."""
        return False


def init_app(app: Flask) -> None:
    """Let Flask-Login take the current user from the server-side session."""
    manager = LoginManager()
    # Its own protection would store a digest of the visitor's address and browser.
    manager.session_protection = None
    manager.anonymous_user = Visitor
    manager.request_loader(_load_staff)
    manager.init_app(app)


def _load_staff(_request: Request) -> StaffMember | None:
    return current_session().staff
