"""Who may open which page: every endpoint is marked, one hook enforces the marks, an unmarked endpoint stops the start.

A view is marked `@requires(Permission.X)` or `@public` (core.permissions; offered here too). The hook runs before
every request, whatever its method.

**Step-up.** A view marked `@requires(Permission.X, step_up=True)` opens only to somebody who proved who they are
within the last minutes (`data/periods.csv`); the view itself has nothing to do. Whoever has not is asked for a code on
the page "Confirm that it is you" and goes on from there:

* a GET comes back to the same address, so mark the page that shows the form, not only the one that takes it;
* a POST is kept on that page, with all that was typed, and sent again by the browser once the code is right (307); the
  view sees it as if nothing had been asked. A page that was sent without a valid token is never sent again for
  anybody: its text is shown, to be sent by hand.

Attempts are counted as at sign-in; a right code is `account:confirmed` in the audit log, a wrong one
`second-factor:failed`. Files that were sent are not kept: their form is shown again.
"""

from http import HTTPStatus

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mystery_shopper.accounts.periods import step_up_age
from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.core import clock
from mystery_shopper.core.errors import ConfigurationError, DomainError, PermissionDeniedError
from mystery_shopper.core.permissions import Mark, Permission, mark_of, public, requires

__all__ = [
    "Permission",
    "Role",
    "SignInRequiredError",
    "StepUpRequiredError",
    "actor",
    "check_every_route_declares",
    "find_signed_in_user",
    "init_app",
    "public",
    "requires",
    "signed_in_user",
]

SIGN_IN_ENDPOINT = "accounts.sign_in"
SET_UP_ENDPOINT = "accounts.set_up_second_factor"
CHANGE_PASSWORD_ENDPOINT = "accounts.change_password"  # noqa: S105 - the name of a page
CONFIRM_ENDPOINT = "accounts.confirm_identity"
SAFE_METHODS = frozenset({"GET", "HEAD"})


class SignInRequiredError(DomainError):
    """Nobody is signed in, and the request cannot simply be repeated after signing in."""

    status = HTTPStatus.UNAUTHORIZED
    title = "Sign in to continue"

    def __init__(self) -> None:
        super().__init__("You were signed out, so nothing was saved. Sign in and do it again.")


class StepUpRequiredError(PermissionDeniedError):
    """The person may do this, after proving again who they are."""

    title = "Confirm that it is you"

    def __init__(self) -> None:
        super().__init__("Nothing was saved. Confirm that it is you and do it again.")


def find_mark(app: Flask, endpoint: str) -> Mark | None:
    """Return what the view of an endpoint declares, None when it declares nothing."""
    return mark_of(app.view_functions.get(endpoint))


def is_static(endpoint: str) -> bool:
    """Tell whether an endpoint serves the files of a static folder (the app's or a blueprint's)."""
    return endpoint == "static" or endpoint.endswith(".static")


def check_every_route_declares(app: Flask) -> None:
    """Refuse to start with an endpoint that says nothing about who may open it.

    Raises:
        ConfigurationError: naming the endpoints.
    """
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    silent = sorted(name for name in endpoints if not is_static(name) and find_mark(app, name) is None)
    if silent:
        raise ConfigurationError("These endpoints do not say who may open them: " + ", ".join(silent))


def init_app(app: Flask) -> None:
    """Enforce the marks on every request of `app`."""
    app.before_request(enforce)


def enforce() -> ResponseReturnValue | None:
    """Let the request through, send the person to the step that is missing, or refuse.

    Raises:
        SignInRequiredError: nobody is signed in and the request would have changed something.
        StepUpRequiredError: the proof of identity is too old and the request would have changed something.
        PermissionDeniedError: the person does not hold the permission, or the endpoint declares nothing.
    """
    endpoint = request.endpoint
    if endpoint is None or is_static(endpoint):
        return None
    mark = find_mark(current_app, endpoint)
    if mark is None:
        raise PermissionDeniedError("You do not have permission to see this page")
    if mark.permission is None:
        return None
    user = find_signed_in_user()
    if user is None:
        return _ask_to_sign_in()
    return _missing_step(user, endpoint) or _check(user, mark)


def find_signed_in_user() -> StaffMember | None:
    """Return the member of staff this request belongs to, None for a visitor."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def signed_in_user() -> StaffMember:
    """Return the member of staff this request belongs to.

    Raises:
        SignInRequiredError: nobody is signed in.
    """
    user = find_signed_in_user()
    if user is None:
        raise SignInRequiredError
    return user


def actor() -> str:
    """Return how the signed-in person is named in events and in the audit log."""
    return signed_in_user().actor


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method not in SAFE_METHODS:
        raise SignInRequiredError
    return redirect(url_for(SIGN_IN_ENDPOINT, next=_here()))


def _missing_step(user: StaffMember, endpoint: str) -> ResponseReturnValue | None:
    if not user.has_second_factor:
        return redirect(url_for(SET_UP_ENDPOINT))
    if user.must_change_password and endpoint != CHANGE_PASSWORD_ENDPOINT:
        return redirect(url_for(CHANGE_PASSWORD_ENDPOINT))
    return None


def _check(user: StaffMember, mark: Mark) -> ResponseReturnValue | None:
    if mark.permission not in user.permissions:
        raise PermissionDeniedError("You do not have permission to see this page")
    if not mark.step_up or user.has_confirmed_since(clock.utc_now() - step_up_age()):
        return None
    if request.method not in SAFE_METHODS:
        raise StepUpRequiredError
    return redirect(url_for(CONFIRM_ENDPOINT, next=_here()))


def _here() -> str:
    return request.full_path if request.query_string else request.path
