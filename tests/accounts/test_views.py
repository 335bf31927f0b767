"""The pages of accounts."""

import re
import uuid
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mystery_shopper.accounts import closing, second_factor, services
from mystery_shopper.accounts.models import User
from mystery_shopper.accounts.policy import Role
from mystery_shopper.allocation import holdings as allocation_holdings
from mystery_shopper.audit.actions import Action
from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.core import clock
from mystery_shopper.core.db import separate_reading, transaction
from mystery_shopper.notifications import worker
from mystery_shopper.notifications.cli import render_letter
from mystery_shopper.notifications.queries import outbox_status
from mystery_shopper.notifications.transport import FolderTransport
from tests.factories.staff import PASSWORD, Member, add_member, give_password, sign_in_member, token_in
from tests.intake.walking import read_forms

NEW_PASSWORD = "walnut ferry lantern orbit"
WRONG = "kettle nimbus cobalt zebra"


@pytest.fixture
def member(app: Flask) -> Member:
    with app.app_context():
        return add_member(Role.AUDITOR)


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    with app.app_context():
        person = add_member(Role.ADMINISTRATOR, name="Admin Example")
    client = app.test_client()
    sign_in_member(client, person)
    return client


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send the form of a page, with its token."""
    return client.post(path, data={"csrf_token": token_in(client.get(path).text), **fields})


def state_of(app: Flask, member: Member) -> User:
    with app.app_context(), separate_reading() as session:
        return session.get_one(User, member.id)


def second_factor_time(steps: int) -> timedelta:
    """Return the time in which the code changes so many times."""
    return timedelta(seconds=steps * second_factor.STEP_SECONDS)


def form_in(page: str) -> tuple[str, dict[str, list[str]]]:
    """Return where the form that waits on a page goes, and what it carries."""
    (found,) = [form for form in read_forms(page) if "/sign-out" not in form[0]]
    return found


def entries_of(app: Flask, action: Action, member: Member) -> list[AuditEntry]:
    """Return the entries of an action about a person, oldest first."""
    wanted = select(AuditEntry).where(AuditEntry.action == action.value, AuditEntry.subject_id == str(member.id))
    with app.app_context(), separate_reading() as session:
        return list(session.scalars(wanted.order_by(AuditEntry.seq)))


def letters_of(app: Flask, folder: Path) -> list[EmailMessage]:
    """Send what waits in the outbox and return every letter sent so far."""
    with app.app_context():
        worker.run(FolderTransport(folder), render_letter, sender="no-reply@example.org", once=True)
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    return cast("list[EmailMessage]", read)


def link_in(letter: EmailMessage) -> str:
    """Return the path of the link in a letter."""
    found = re.search(r"/sign-in/link/[\w-]{43}", letter.get_content())
    assert found, letter.get_content()
    return found.group(0)


def set_up(client: FlaskClient) -> TestResponse:
    """Set up the second factor as the page says."""
    page = client.get("/sign-in/set-up").text
    secret = re.search(r'class="app-secret"[^>]*>([A-Z2-7 ]+)<', page).group(1).replace(" ", "")  # type: ignore[union-attr]
    return send(client, "/sign-in/set-up", code=second_factor.code_at(secret, second_factor.step_at(clock.utc_now())))


def without_token(page: str) -> str:
    return re.sub(r'value="[^"]{40,}"', "", page)


def test_signing_in_leads_to_the_page_of_the_role_or_to_the_page_wanted(app: Flask, member: Member) -> None:
    for path, expected in (("/sign-in", "/account/home"), ("/sign-in?next=/audit?action%3Dx", "/audit?action=x")):
        client = app.test_client()
        give_password(client, member.email, PASSWORD, path=path)
        code = member.code(steps=0 if expected == "/account/home" else 1)
        assert send(client, "/sign-in/code", code=code).location == expected
    assert client.get("/account/home").location == "/audit"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/%2f/evil.example"])
def test_signing_in_never_leads_to_another_site(app: Flask, client: FlaskClient, member: Member, target: str) -> None:
    answer = client.get("/sign-in", query_string={"next": target})
    assert "evil" not in answer.text
    client.post(
        "/sign-in",
        query_string={"next": target},
        data={"csrf_token": token_in(answer.text), "email": member.email, "password": PASSWORD},
    )
    assert send(client, "/sign-in/code", code=member.code()).location == "/account/home"


def test_unknown_wrong_and_locked_are_answered_with_the_same_page(app: Flask, member: Member) -> None:
    with app.app_context():
        disabled, locked = add_member(), add_member()
        with transaction() as session:
            services.disable_user(session.get_one(User, disabled.id), actor="system", now=clock.utc_now())
    pages = set()
    for email, password in (
        ("a@example.org", PASSWORD),
        (member.email, WRONG),
        (disabled.email, PASSWORD),
        *[(locked.email, WRONG)] * 5,
        (locked.email, PASSWORD),
    ):
        answer = give_password(app.test_client(), email, password)
        pages.add((answer.status_code, without_token(answer.text).replace(email, "EMAIL")))
    assert len(pages) == 1
    assert "Enter a correct email address and password" in pages.pop()[1]


def test_the_password_is_never_shown_back(client: FlaskClient, member: Member) -> None:
    assert WRONG not in give_password(client, member.email, WRONG).text


def test_the_fields_say_what_password_managers_need(client: FlaskClient, member: Member) -> None:
    page = client.get("/sign-in").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    give_password(client, member.email, PASSWORD)
    assert 'autocomplete="one-time-code"' in client.get("/sign-in/code").text


def test_the_password_alone_opens_nothing(client: FlaskClient, member: Member) -> None:
    give_password(client, member.email, PASSWORD)
    assert client.get("/account").location.startswith("/sign-in")
    assert client.get("/audit").location.startswith("/sign-in")


def test_the_second_step_is_closed_without_the_first_and_after_ten_minutes(client: FlaskClient, member: Member) -> None:
    assert client.get("/sign-in/code").location == "/sign-in"
    assert client.get("/sign-in/set-up").location == "/sign-in"
    give_password(client, member.email, PASSWORD)
    with clock.frozen(clock.utc_now() + second_factor_time(21)):
        assert client.get("/sign-in/code").location == "/sign-in"


def test_a_wrong_code_is_refused_and_a_recovery_code_lets_in(client: FlaskClient, member: Member) -> None:
    give_password(client, member.email, PASSWORD)
    assert "Enter a correct code" in send(client, "/sign-in/code", code="12345").text
    assert send(client, "/sign-in/code", code=member.recovery_codes[0]).status_code == 302
    assert client.get("/account").status_code == 200


def test_a_new_person_sets_up_the_second_factor_and_changes_the_password_before_anything_else(app: Flask) -> None:
    with app.app_context(), transaction():
        made = services.create_user(
            email="new@example.org", name="New", roles=[Role.AUDITOR], actor="system", now=clock.utc_now()
        )
        password = made.one_time_password
    client = app.test_client()
    assert give_password(client, "new@example.org", password).location == "/sign-in/set-up"
    page = client.get("/sign-in/set-up").text
    assert "<svg" in page
    assert "style=" not in page
    secret = re.search(r'class="app-secret"[^>]*>([A-Z2-7 ]+)<', page).group(1).replace(" ", "")  # type: ignore[union-attr]
    assert client.get("/audit").location.startswith("/sign-in")
    assert "Enter a correct code" in send(client, "/sign-in/set-up", code="1").text
    code = second_factor.code_at(secret, second_factor.step_at(clock.utc_now()))
    codes_page = send(client, "/sign-in/set-up", code=code).text
    assert len(re.findall(r"<code[^>]*>[0-9A-Z-]{19}</code>", codes_page)) == 10
    assert client.get("/audit").location == "/account/password"
    assert client.get("/sign-in/set-up").status_code == 404
    answer = send(client, "/account/password", current=password, password=NEW_PASSWORD)
    assert answer.location == "/account"
    assert client.get("/audit").status_code == 200


def test_signing_out_is_a_post_that_ends_the_session_and_clears_the_browser(
    client: FlaskClient, member: Member
) -> None:
    sign_in_member(client, member)
    assert client.get("/sign-out").status_code == 405
    cookie = client.get_cookie("session").value  # type: ignore[union-attr]
    token = token_in(client.get("/account").text)
    answer = client.post("/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"*"')
    client.set_cookie("session", cookie)
    assert client.get("/account").status_code == 302


def test_another_site_cannot_sign_a_person_out(client: FlaskClient, member: Member) -> None:
    sign_in_member(client, member)
    assert client.post("/sign-out").status_code in (400, 422)
    assert client.get("/account").status_code == 200


def test_a_disabled_person_is_out_with_the_next_request(app: Flask, client: FlaskClient, member: Member) -> None:
    sign_in_member(client, member)
    with app.app_context(), transaction() as session:
        services.disable_user(session.get_one(User, member.id), actor="system", now=clock.utc_now())
    assert client.get("/account").status_code == 302
    assert client.post("/account/sessions/x/end").status_code == 401


def test_a_person_sees_and_ends_own_sessions(app: Flask, client: FlaskClient, member: Member) -> None:
    other = app.test_client()
    other.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Firefox/140.0"
    sign_in_member(other, member)
    with clock.frozen(clock.utc_now() + second_factor_time(1)):
        sign_in_member(client, member)
    page = client.get("/account").text
    assert "Firefox on Windows" in page
    assert "Mozilla" not in page
    assert "You have 10 recovery codes left" in page
    (key,) = re.findall(r"/account/sessions/([0-9a-f]+)/end\b", page)
    assert client.post(f"/account/sessions/{key}/end", data={"csrf_token": token_in(page)}).status_code == 303
    assert other.get("/account").status_code == 302
    with clock.frozen(clock.utc_now() + second_factor_time(2)):
        sign_in_member(other, member)
        page = client.get("/account").text
        assert client.post("/account/sessions/end-others", data={"csrf_token": token_in(page)}).status_code == 303
        assert other.get("/account").status_code == 302
        assert "Sign out everywhere else" not in client.get("/account").text


def test_changing_the_password_needs_the_current_one_and_gives_a_new_session(
    app: Flask, client: FlaskClient, member: Member
) -> None:
    sign_in_member(client, member)
    before = client.get_cookie("session").value  # type: ignore[union-attr]
    page = send(client, "/account/password", current=WRONG, password=NEW_PASSWORD).text
    assert "Enter your correct password" in page
    assert "harder to guess" in send(client, "/account/password", current=PASSWORD, password="password" * 3).text
    assert send(client, "/account/password", current=PASSWORD, password=NEW_PASSWORD).location == "/account"
    assert client.get_cookie("session").value != before  # type: ignore[union-attr]
    assert client.get("/account").status_code == 200


def test_an_old_proof_of_identity_is_renewed_by_a_code_and_leads_back(client: FlaskClient, member: Member) -> None:
    sign_in_member(client, member)
    with clock.frozen(clock.utc_now() + second_factor_time(11)):
        asked = client.get("/account/recovery-codes")
        assert asked.location == "/account/confirm?next=/account/recovery-codes"
        assert "more than 5 minutes ago" in client.get(asked.location).text
        assert "Enter a correct code" in send(client, asked.location, confirm_code=member.code(steps=-9)).text
        cookie = client.get_cookie("session").value  # type: ignore[union-attr]
        assert send(client, asked.location, confirm_code=member.code()).location == "/account/recovery-codes"
        assert client.get_cookie("session").value != cookie  # type: ignore[union-attr]
        answer = send(client, "/account/recovery-codes")
    assert len(re.findall(r"<code[^>]*>", answer.text)) == 10


def test_what_was_sent_too_late_is_kept_and_goes_on_with_the_code(
    app: Flask, client: FlaskClient, member: Member
) -> None:
    with app.app_context():
        person = add_member(Role.ADMINISTRATOR)
    sign_in_member(client, person)
    typed = {"name": "Ada Lovelace", "email": "ada@example.org", "roles": ["caseworker", "publisher"]}
    token = token_in(client.get("/admin/users/new").text)
    with clock.frozen(clock.utc_now() + second_factor_time(11)):
        page = client.post("/admin/users/new", data={"csrf_token": token, **typed})
        assert page.status_code == 403
        assert "Ada Lovelace" in page.text
        action, kept = form_in(page.text)
        assert action == "/account/confirm?next=/admin/users/new"
        wrong = client.post(action, data={**kept, "confirm_code": "000000"})
        action, kept = form_in(wrong.text)
        assert kept["roles"] == ["caseworker", "publisher"]
        assert wrong.text.count("Ada Lovelace") == 2  # to be read, and to be sent
        right = client.post(action, data={**kept, "confirm_code": person.code()})
        assert (right.status_code, right.location) == (307, "/admin/users/new")
        assert client.post(right.location, data={**kept, "confirm_code": "1"}).status_code == 303
        assert "ada@example.org" in client.get("/admin/users").text


def test_a_page_another_site_sent_is_never_sent_again_by_a_code(
    app: Flask, client: FlaskClient, member: Member
) -> None:
    with app.app_context():
        person = add_member(Role.ADMINISTRATOR)
    sign_in_member(client, person)
    with clock.frozen(clock.utc_now() + second_factor_time(11)):
        forged = {"csrf_token": "x", "name": "Mallory Example", "email": "mallory@example.org", "roles": "auditor"}
        page = client.post("/admin/users/new", data=forged)
        assert page.status_code == 403
        assert "confirm_code" not in page.text
        action, kept = form_in(page.text)
        assert (action, kept["csrf_token"]) == ("/admin/users/new", ["x"])


def test_codes_of_the_page_that_confirms_are_counted_as_at_sign_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person = add_member(Role.AUDITOR)
    sign_in_member(client, person)
    later = clock.utc_now() + second_factor_time(11)
    with clock.frozen(later):
        path = "/account/confirm?next=/account/recovery-codes"
        for _ in range(5):
            assert "Enter a correct code" in send(client, path, confirm_code="000000").text
        assert "Enter a correct code" in send(client, path, confirm_code=person.code()).text
        outcomes = [entry.outcome for entry in entries_of(app, Action.SECOND_FACTOR_FAILED, person)]
    assert outcomes == ["failed"] * 5 + ["refused"]
    with clock.frozen(later + second_factor_time(3)):
        assert send(client, path, confirm_code=person.code()).status_code == 303
    assert len(entries_of(app, Action.ACCOUNT_CONFIRMED, person)) == 1


def test_a_post_after_the_session_ended_is_told_so(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/account/password", data={"current": "x"})
    assert answer.status_code == 401


def test_an_invited_person_comes_in_by_a_link_nobody_else_saw(
    app: Flask, administrator: FlaskClient, tmp_path: Path
) -> None:
    answer = send(administrator, "/admin/users/new", name="Ada", email="ada@example.org", roles=["caseworker"])
    seen = administrator.get(answer.location).text + administrator.get("/admin/users").text
    assert "Invited" in seen
    (letter,) = letters_of(app, tmp_path)
    assert letter["To"] == "ada@example.org"
    path = link_in(letter)
    assert path.rsplit("/", 1)[1] not in seen
    client = app.test_client()
    assert client.get(path).location == "/sign-in/link"  # opening it, as mail scanners do, does not use it up
    assert client.get(path).status_code == 302
    page = client.get("/sign-in/link").text
    assert "Ada, you have been invited" in page
    assert "harder to guess" in send(client, "/sign-in/link", password="password" * 3).text
    assert send(client, "/sign-in/link", password=NEW_PASSWORD).location == "/sign-in/set-up"
    assert set_up(client).status_code == 200
    assert client.get("/desk").status_code == 200
    assert administrator.get("/admin/users").text.count("In use") == 2
    for browser in (client, app.test_client()):
        assert browser.get(path).status_code == 410
    assert give_password(app.test_client(), "ada@example.org", NEW_PASSWORD).location == "/sign-in/code"


def test_a_link_that_is_over_replaced_withdrawn_or_invented_opens_nothing(
    app: Flask, administrator: FlaskClient, tmp_path: Path
) -> None:
    base = send(administrator, "/admin/users/new", name="Ada", email="ada@example.org", roles=["auditor"]).location
    (first,) = (link_in(letter) for letter in letters_of(app, tmp_path))
    client = app.test_client()
    client.get(first)
    assert send(administrator, f"{base}/link").location == base
    assert client.get("/sign-in/link").status_code == 410
    (second,) = {link_in(letter) for letter in letters_of(app, tmp_path)} - {first}
    with clock.frozen(clock.utc_now() + timedelta(days=3, minutes=1)):
        assert client.get(second).status_code == 410
    assert client.get(second).status_code == 302
    token = token_in(administrator.get(base).text)
    assert administrator.post(f"{base}/link/withdraw", data={"csrf_token": token}).location == base
    assert "Invitation is over" in administrator.get(base).text
    assert give_password(app.test_client(), "ada@example.org", "").status_code == 400
    for invented in (second, "/sign-in/link/" + "A" * 43, "/sign-in/link/x", "/sign-in/link/" + "é" * 43):
        assert client.get(invented).status_code == 410


def test_a_letter_whose_link_was_withdrawn_is_given_up(app: Flask, administrator: FlaskClient, tmp_path: Path) -> None:
    base = send(administrator, "/admin/users/new", name="Ada", email="ada@example.org", roles=["auditor"]).location
    token = token_in(administrator.get(base).text)
    administrator.post(f"{base}/link/withdraw", data={"csrf_token": token})
    assert letters_of(app, tmp_path) == []
    with app.app_context():
        assert outbox_status().given_up == 1


def test_a_link_for_a_new_password_keeps_the_second_factor_and_a_reset_does_not(
    app: Flask, administrator: FlaskClient, member: Member, tmp_path: Path
) -> None:
    base, client = f"/admin/users/{member.id}", app.test_client()
    sign_in_member(client, member)
    assert send(administrator, f"{base}/link").location == base
    (link,) = (link_in(letter) for letter in letters_of(app, tmp_path))
    assert client.get("/account").status_code == 200  # the link alone changes nothing
    client.get(link)
    assert send(client, "/sign-in/link", password=NEW_PASSWORD).location == "/sign-in/code"
    assert client.get("/account").status_code == 302
    assert send(client, "/sign-in/code", code=member.code(steps=1)).status_code == 302
    assert send(administrator, f"{base}/reset").location == base
    assert client.get("/account").status_code == 302
    assert give_password(app.test_client(), member.email, NEW_PASSWORD).status_code == 400
    sent = letters_of(app, tmp_path)
    assert sorted(letter["Subject"] for letter in sent) == [
        "A link to sign in again",
        "A link to sign in again",
        "Your password was changed",
    ]
    other = app.test_client()
    other.get(({link_in(letter) for letter in sent if "link" in letter["Subject"]} - {link}).pop())
    assert send(other, "/sign-in/link", password=NEW_PASSWORD).location == "/sign-in/set-up"


def test_a_closed_account_waits_for_its_cases_or_is_closed_all_the_same(
    app: Flask, administrator: FlaskClient, tmp_path: Path
) -> None:
    with app.app_context():
        owner, senior = add_member(Role.CASEWORKER), add_member(Role.SENIOR_CASEWORKER)
    closing.add_holding("cases", "open case", "open cases", lambda user_id: 2 * (user_id == owner.id))
    base = f"/admin/users/{owner.id}"
    try:
        assert "still has 2 open cases" in send(administrator, f"{base}/disable").text
        assert not state_of(app, owner).is_disabled
        assert send(administrator, f"{base}/disable", at_once="yes").location == base
    finally:
        allocation_holdings.register()
    (letter,) = letters_of(app, tmp_path)
    assert (letter["To"], letter["Subject"]) == (senior.email, "There is work to hand over")
    assert send(administrator, f"{base}/reset").location == base
    assert not state_of(app, owner).is_disabled
    assert not state_of(app, owner).has_second_factor


def test_everybody_can_be_signed_out_or_one_person(app: Flask, administrator: FlaskClient, member: Member) -> None:
    client = app.test_client()
    sign_in_member(client, member)
    base = f"/admin/users/{member.id}"
    assert send(administrator, f"{base}/sign-out").location == base
    assert client.get("/account").status_code == 302
    with clock.frozen(clock.utc_now() + second_factor_time(1)):
        sign_in_member(client, member)
        assert send(administrator, "/admin/sign-everybody-out").location == "/sign-in?signed_out=yes"
        assert client.get("/account").status_code == 302
        assert administrator.get("/admin/users").status_code == 302


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "", "email": "a@example.org", "roles": ["auditor"]}, "Enter a name"),
        ({"name": "A", "email": "x", "roles": ["auditor"]}, "Enter an email address in the correct format"),
        ({"name": "A", "email": "a@example.org", "roles": []}, "Select at least one role"),
        ({"name": "A", "email": "a@example.org", "roles": ["administrator", "auditor"]}, "administrator on its own"),
        ({"name": "A", "email": "a@example.org", "roles": ["king"]}, "Select at least one role"),
    ],
)
def test_a_wrong_detail_of_a_new_account_is_named(
    administrator: FlaskClient, fields: dict[str, object], message: str
) -> None:
    answer = send(administrator, "/admin/users/new", **fields)
    assert message in answer.text
    assert "Error: Invite a person" in answer.text


def test_the_administrator_changes_roles_resets_and_disables(
    app: Flask, administrator: FlaskClient, member: Member
) -> None:
    base = f"/admin/users/{member.id}"
    assert send(administrator, f"{base}/roles", roles=["publisher", "policy-owner"]).location == base
    assert state_of(app, member).roles == {Role.PUBLISHER, Role.POLICY_OWNER}
    assert send(administrator, f"{base}/reset").location == base
    assert not state_of(app, member).has_second_factor
    assert send(administrator, f"{base}/disable").location == base
    assert state_of(app, member).is_disabled
    assert "Closed" in administrator.get("/admin/users").text


def test_the_administrator_never_sees_a_secret(app: Flask, administrator: FlaskClient, member: Member) -> None:
    paths = ["/admin/users", f"/admin/users/{member.id}", f"/admin/users/{member.id}/reset"]
    pages = "".join(administrator.get(path).text for path in paths)
    assert state_of(app, member).password_hash not in pages
    assert (member.secret or "") not in pages
    assert not [code for code in member.recovery_codes if code in pages]


def test_an_account_that_does_not_exist_is_not_found(administrator: FlaskClient) -> None:
    assert administrator.get(f"/admin/users/{uuid.uuid4()}").status_code == 404
    assert administrator.get("/admin/users/1").status_code == 404


@pytest.mark.parametrize("path", ["/admin", "/admin/users", "/admin/users/new"])
def test_only_administrators_manage_accounts(client: FlaskClient, member: Member, path: str) -> None:
    sign_in_member(client, member)
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/sign-in", "/account/password", "/admin/users/new"])
def test_odd_input_is_answered_with_a_page(administrator: FlaskClient, app: Flask, path: str) -> None:
    client = app.test_client() if path == "/sign-in" else administrator
    token = token_in(client.get(path).text)
    for odd in ("\x00", "x" * 5000, "<script>alert(1)</script>", "\u202e\u200b", "\U0001f40d" * 100):
        fields = dict.fromkeys(("email", "password", "current", "name", "roles", "code"), odd)
        answer = client.post(path, data={"csrf_token": token, **fields})
        assert answer.status_code == 400
        assert "<script>alert" not in answer.text
