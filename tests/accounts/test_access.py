"""The marks of pages and how they are enforced, on a small application of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import uuid4

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from flask_login import LoginManager

from mystery_shopper.accounts import access
from mystery_shopper.accounts.access import Permission, public, requires
from mystery_shopper.accounts.login import Visitor
from mystery_shopper.accounts.policy import ROLE_PERMISSIONS, Role, StaffMember
from mystery_shopper.core import clock
from mystery_shopper.core.errors import ConfigurationError, DomainError

INSIDE = "what only some may see"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Site:
    """An application with a page for each permission, and who is signed in there."""

    app: Flask
    user: StaffMember | None = None

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()


def staff(*roles: Role, **changes: Any) -> StaffMember:
    details: dict[str, Any] = {"has_second_factor": True, "must_change_password": False, **changes}
    return StaffMember(id=uuid4(), email="a@example.org", name="A", roles=frozenset(roles), **details)


def endpoint_of(name: str, view: Callable[[], str]) -> Callable[[], str]:
    view.__name__ = name
    return view


def make_site() -> Site:
    app = Flask(__name__)
    site = Site(app)
    manager = LoginManager()
    manager.anonymous_user = Visitor
    manager.request_loader(lambda _request: site.user)
    manager.init_app(app)
    app.secret_key = "tests only"
    access.init_app(app)
    app.register_error_handler(DomainError, lambda error: (error.message, int(error.status)))
    accounts = Blueprint("accounts", __name__)
    for name in ("sign_in", "set_up_second_factor"):
        accounts.add_url_rule(f"/{name}", name, public(endpoint_of(name, lambda: "open")))
    for name in ("change_password", "confirm_identity"):
        marked = requires(Permission.OWN_ACCOUNT)(endpoint_of(name, lambda: "own"))
        accounts.add_url_rule(f"/{name}", name, marked)
    app.register_blueprint(accounts)
    for permission in Permission:
        view = requires(permission)(endpoint_of(permission.value, lambda: INSIDE))
        app.add_url_rule(f"/{permission.value}", permission.value, view, methods=METHODS)
    stepped = requires(Permission.OWN_ACCOUNT, step_up=True)(endpoint_of("careful", lambda: INSIDE))
    app.add_url_rule("/careful", "careful", stepped, methods=["GET", "POST"])
    access.check_every_route_declares(app)
    return site


@pytest.fixture(scope="module")
def shared_site() -> Site:
    return make_site()


@pytest.fixture
def site(shared_site: Site) -> Site:
    """A site with nobody signed in; its pages are those of every test."""
    shared_site.user = None
    return shared_site


@pytest.fixture
def own_site() -> Site:
    """A site of this test alone, which may add to it."""
    return make_site()


def test_a_route_that_declares_nothing_stops_the_start(own_site: Site) -> None:
    own_site.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with pytest.raises(ConfigurationError, match="forgotten"):
        access.check_every_route_declares(own_site.app)


def test_a_route_that_declares_nothing_is_closed_if_it_is_reached_all_the_same(own_site: Site) -> None:
    own_site.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    own_site.user = staff(*Role)
    assert own_site.client.get("/forgotten").status_code == 403


def test_the_mark_survives_decorators_around_the_view(own_site: Site) -> None:
    @requires(Permission.CASE_READ)
    def view() -> str:
        return "in"

    @wraps(view)
    def outer() -> str:
        return view()

    own_site.app.add_url_rule("/wrapped", "wrapped", outer)
    access.check_every_route_declares(own_site.app)
    assert access.find_mark(own_site.app, "wrapped") == access.Mark(Permission.CASE_READ)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("permission", list(Permission))
def test_a_visitor_gets_nothing_by_any_method(site: Site, permission: Permission, method: str) -> None:
    answer = site.client.open(f"/{permission.value}", method=method)
    assert answer.status_code == (302 if method in ("GET", "HEAD") else 401)
    assert INSIDE not in answer.text


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("method", METHODS)
def test_a_role_opens_exactly_the_pages_of_its_permissions(
    site: Site, role: Role, permission: Permission, method: str
) -> None:
    site.user = staff(role)
    expected = 200 if permission in ROLE_PERMISSIONS[role] else 403
    assert site.client.open(f"/{permission.value}", method=method).status_code == expected


def test_a_visitor_is_sent_to_sign_in_and_back(site: Site) -> None:
    assert site.client.get("/case-read?page=2").location == "/sign_in?next=/case-read?page%3D2"


@pytest.mark.parametrize("permission", list(Permission))
def test_without_a_second_factor_only_setting_it_up_is_open(site: Site, permission: Permission) -> None:
    site.user = staff(*Role, has_second_factor=False)
    for method in METHODS:
        answer = site.client.open(f"/{permission.value}", method=method)
        assert (answer.status_code, answer.location) == (302, "/set_up_second_factor")


def test_with_a_one_time_password_only_changing_it_is_open(site: Site) -> None:
    site.user = staff(Role.CASEWORKER, must_change_password=True)
    assert site.client.get("/case-read").location == "/change_password"
    assert site.client.get("/change_password").text == "own"


@pytest.mark.parametrize(("minutes", "is_open"), [(0, True), (4, True), (6, False), (None, False)])
def test_a_careful_page_asks_for_a_proof_of_the_last_five_minutes(
    site: Site, minutes: int | None, is_open: bool
) -> None:
    confirmed_at = None if minutes is None else clock.utc_now() - timedelta(minutes=minutes)
    site.user = staff(Role.CASEWORKER, confirmed_at=confirmed_at)
    assert site.client.get("/careful").status_code == (200 if is_open else 302)
    assert site.client.post("/careful").status_code == (200 if is_open else 403)


def test_an_unknown_address_is_not_found_for_everybody(site: Site) -> None:
    assert site.client.get("/nothing").status_code == 404


def test_a_visitor_can_do_nothing() -> None:
    assert not any(Visitor().can(permission) for permission in Permission)
    assert staff(Role.AUDITOR).can("audit-read")
