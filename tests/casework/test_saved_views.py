"""Saved views of the list: whose they are, what is new in them, what of them is stored in the open."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.accounts.queries import get_user
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import assign
from mystery_shopper.casework.models import SavedView
from mystery_shopper.casework.policy import CaseFilter, Figure, figures
from mystery_shopper.casework.queries import saved_views
from mystery_shopper.casework.queries.saved_views import count_new, get_view, list_views
from mystery_shopper.casework.services.saved_views import change_view, delete_view, look_at, make_default, save_view
from mystery_shopper.core import clock
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError, NotFoundError, StaleEditError
from mystery_shopper.core.vault import DataKey
from tests.factories.reports import add_report
from tests.factories.staff import Member, add_member, sign_in_member, token_in

NOW = clock.utc_now()


def keep(name: str, by: StaffMember, *, is_shared: bool = False) -> SavedView:
    with transaction():
        return save_view(name, "q=pelican", is_shared=is_shared, by=by, now=NOW)


@pytest.mark.both
@pytest.mark.usefixtures("app_context")
def test_views_are_their_owners_until_a_senior_shares_them() -> None:
    with transaction():
        members = [add_member(role).id for role in ("caseworker", "caseworker", "senior-caseworker")]
    ann, ben, sue = (get_user(one).to_staff_member() for one in members)
    own, shared = keep("Mine", ann), keep("Press", sue, is_shared=True)
    assert b"pelican" not in own.content_sealed
    assert b"Mine" not in own.content_sealed
    assert [(view.name, view.is_own) for view in list_views(ann)] == [("Mine", True), ("Press", False)]
    assert [view.name for view in list_views(ben)] == ["Press"]
    for other in (ben, sue):
        with pytest.raises(NotFoundError):
            get_view(own.id, other)
    for wrong in (lambda: keep("Team", ann, is_shared=True), lambda: delete_view(shared, by=ann, now=NOW)):
        with pytest.raises(DomainError, match="Ask a senior caseworker"):
            wrong()
    with pytest.raises(DomainError, match="There is a view “mine” already"):
        keep("mine", ann)
    with pytest.raises(StaleEditError), transaction():
        change_view(own, name="Other", is_shared=False, version=own.version - 1, by=ann, now=NOW)

    with transaction():
        change_view(own, name="Birds", is_shared=False, version=own.version, by=ann, now=NOW)
        for view in (own, shared):
            make_default(view, is_default=True, by=ann)
    assert [(view.name, view.query, view.is_default) for view in list_views(ann)] == [
        ("Birds", "q=pelican", False),
        ("Press", "q=pelican", True),
    ]
    key_id = shared.data_key_id
    with transaction():
        delete_view(shared, by=sue, now=NOW)
    assert db.session.get(DataKey, key_id) is None
    assert [view.name for view in list_views(ann)] == ["Birds"]
    for number in range(figures()[Figure.VIEWS_OWN] - 1):
        keep(f"View {number}", ann)
    with pytest.raises(DomainError, match="You keep 15 views already"):
        keep("One more", ann)


@pytest.mark.both
@pytest.mark.usefixtures("app_context")
def test_new_is_what_others_brought_in_since_one_looked_and_one_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        members = [add_member(role).id for role in ("caseworker", "caseworker", "senior-caseworker")]
        cases = [get_case_for_update(add_report().case_id) for _ in range(3)]
    ann, ben, sue = (get_user(one).to_staff_member() for one in members)
    view, mine = keep("All", ann), CaseFilter(owner="me")

    def new(wanted: CaseFilter, user: StaffMember = ann) -> int:
        seen = next((one.seen_sequence or 0 for one in list_views(user)), 0)
        counts = set()
        for many in (-1, 1_000_000):  # by the cases of the view, and by the events since
            monkeypatch.setattr(saved_views, "MANY_EVENTS", many)
            counts.add(int(count_new([(wanted, seen)], user, clock.today())[0]))
        (count,) = counts
        return count

    def give(number: int, owner: StaffMember, by: StaffMember) -> None:
        with transaction():
            assign(cases[number], get_user(owner.id), actor=by.actor, now=clock.utc_now())

    assert new(CaseFilter()) == 0, "a view that is saved has been looked at"
    give(0, ann, sue)
    give(1, ann, ann)
    give(2, ben, sue)
    assert new(mine) == 1, "what one did oneself is not new"
    assert new(CaseFilter()) == 1, "a case of a colleague is not counted"
    assert new(CaseFilter(), sue) == 3
    with transaction() as session:
        look_at(session, view, ann)
        add_report()
    assert (new(mine), new(CaseFilter())) == (0, 1)


def test_a_view_is_saved_opened_changed_and_deleted_in_a_browser(
    app: Flask, client: FlaskClient, make_user: Callable[..., Member]
) -> None:
    sign_in_member(client, make_user(Role.SENIOR_CASEWORKER))
    address = "/cases/views/new?state=all&column=received&queue=&cursor=x"
    form = client.get(address).text
    sent = {"csrf_token": token_in(form), "save": "Save the view"}
    assert "Enter what the view is called" in client.post(address, data=sent).text
    saved = client.post(address, data={**sent, "name": "Latest", "is_shared": "yes", "is_default": "yes"})
    assert saved.status_code == 302
    opened = client.get(saved.location)
    assert re.fullmatch(r"/cases\?state=all&column=received&view=[0-9a-f-]{36}", opened.location)
    assert client.get("/cases").location == saved.location, "the list opens with the default"
    assert client.get("/cases?state=open").status_code == 200

    other = app.test_client()
    sign_in_member(other, make_user(Role.CASEWORKER))
    assert " new</strong>" not in other.get("/cases").text, "a view that was never opened"
    assert other.get(saved.location).status_code == 302
    with app.app_context():
        with transaction():
            add_report()
        db.session.remove()
    assert "1 new" in other.get("/cases").text
    page = other.get(saved.location, follow_redirects=True).text
    assert "Cases: Latest" in page
    assert "1 new" not in page
    change = html.unescape(re.search(r'href="(/cases/views/[^"]+/change)"', page)[1])  # type: ignore[index]
    assert "Delete this view" not in other.get(change).text
    token = {"csrf_token": token_in(other.get(change).text)}
    assert other.post(change.replace("change", "delete"), data=token).status_code == 422
    assert other.post(change, data={**token, "is_default": "yes"}).status_code == 302

    form = client.get(change).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', form)
    assert version
    renamed = {"csrf_token": token_in(form), "version": version[1], "name": "Newest", "is_default": "yes"}
    assert client.post(change, data=renamed).status_code == 302
    assert "Cases: Newest" not in other.get("/cases", follow_redirects=True).text, "it is shared no longer"
    assert client.post(change.replace("change", "delete"), data={"csrf_token": token_in(form)}).status_code == 302
    assert client.get(saved.location).status_code == 404
