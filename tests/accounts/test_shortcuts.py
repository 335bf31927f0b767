"""Keyboard shortcuts: listed, for what a person may do, and gone from every page once they are switched off."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role, permissions_of
from mystery_shopper.accounts.shortcuts import Does, shortcuts, shortcuts_for
from tests.factories.staff import Member, sign_in_member, token_in

PAGE = "/account/keyboard-shortcuts"
KEYS = re.compile(r'data-keys="([^"]+)"')


def test_no_shortcut_is_the_beginning_of_another_and_each_is_there_once() -> None:
    keys = [one.keys for one in shortcuts()]
    assert len(set(keys)) == len(keys)
    assert not [(one, other) for one in keys for other in keys if one != other and other[: len(one)] == one]
    assert {one.does for one in shortcuts()} == set(Does)


def test_each_role_is_offered_what_it_may_do() -> None:
    def keys_of(role: Role) -> set[str]:
        return {" ".join(one.keys) for _, some in shortcuts_for(permissions_of([role])) for one in some}

    assert {"g d", "g c", "x", "n", "t"} <= keys_of(Role.CASEWORKER)
    assert not {"g d", "g c", "/", "n"} & keys_of(Role.ADMINISTRATOR)
    assert "g p" in keys_of(Role.PUBLISHER)


def test_who_switches_them_off_has_no_page_that_listens_to_keys(
    client: FlaskClient, make_user: Callable[..., Member]
) -> None:
    sign_in_member(client, make_user(Role.CASEWORKER))
    desk = client.get("/desk").text
    assert '<dialog class="ms-dialog" id="shortcuts"' in desk
    assert 'data-keys="g d" data-does="go" data-target="/desk"' in desk
    assert "/shortcuts." in desk

    page = client.get(PAGE).text
    wrong = client.post(PAGE, data={"csrf_token": token_in(page), "has_shortcuts": "perhaps"})
    assert "There is a problem" in wrong.text
    saved = client.post(PAGE, data={"csrf_token": token_in(page), "has_shortcuts": "no"}, follow_redirects=True)
    assert "Keyboard shortcuts are off" in saved.text
    assert {"g d", "j"} <= set(KEYS.findall(saved.text))
    for address in ("/desk", PAGE, "/account"):
        answer = client.get(address).text
        assert "<dialog" not in answer
        assert "/shortcuts." not in answer

    client.post(PAGE, data={"csrf_token": token_in(page), "has_shortcuts": "yes"})
    assert "<dialog" in client.get("/desk").text
