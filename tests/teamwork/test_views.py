"""Working together in a browser without JavaScript: one journey for each thing a person can do."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mystery_shopper.accounts.policy import Role
from mystery_shopper.core import clock
from tests.casework.pages import Desk, day
from tests.factories.reports import Filed
from tests.factories.staff import Member, sign_in_member, token_in


@pytest.fixture
def filed(file_report: Callable[..., Filed]) -> Filed:
    return file_report()


def enter(app: Flask, member: Member) -> FlaskClient:
    browser = app.test_client()
    sign_in_member(browser, member)
    return browser


def link_to(page: str, words: str) -> str:
    """Return the path of a link below the case whose words begin like this."""
    found = re.search(rf'href="/cases/[^/"]+/([^"]+)">{re.escape(words)}', page)
    assert found, words
    return found.group(1)


def test_a_task_is_put_down_changed_settled_and_opened_again(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    ada, ben = make_user(Role.CASEWORKER, name="Ada Example"), make_user(Role.CASEWORKER, name="Ben Example")
    desk, other = Desk(enter(app, ada), filed.case_reference), Desk(enter(app, ben), filed.case_reference)
    wrong = desk.send("tasks/new", {"title": "", "when": "other", "assignee": str(ben.id)})
    assert "Enter what is to be done" in wrong.text
    assert "Enter the day" in wrong.text
    past = day("due_on", clock.today() - timedelta(days=1))
    kept = desk.send("tasks/new", {"title": "Ring them", "when": "other", **past, "assignee": str(ben.id)})
    assert "The day must be today or in the future" in kept.text
    assert 'value="Ring them"' in kept.text
    assert desk.send("tasks/new", {"title": "Ring them", "when": "3", "assignee": str(ben.id)}).status_code == 302
    assert "Ring them" in other.client.get("/desk").text

    change = link_to(desk.see(), 'Change<span class="govuk-visually-hidden">: Ring them')
    hers, his = desk.carried(desk.url(change)), other.carried(other.url(change))
    fields = {"assignee": str(ben.id), **day("due_on", clock.today())}
    assert desk.send(change, {**fields, "title": "Ring them today"}, carried=hers).status_code == 302
    clash = other.send(change, {**fields, "title": "Write to them"}, carried=his)
    assert clash.status_code == 409
    assert "Ring them today" in clash.text
    assert "Write to them" in clash.text

    token = {"csrf_token": token_in(desk.see()), "version": desk.carried(desk.url())["version"]}
    assert desk.client.post(desk.url("take"), data=token).status_code == 302
    assert "Ben Example (cannot see this case any more)" in desk.see(change)
    assert "Ring them today" not in other.client.get("/desk").text, "Ben may not see the case any more"

    settle = f"{change}/settle"
    assert "Enter why" in desk.send(settle, {"new": "cancelled", "reason": ""}).text
    assert desk.send(settle, {"new": "done"}).status_code == 302
    assert "This task is done." in desk.see(change)
    assert desk.send(settle, {"new": "open", "reason": "No answer"}).status_code == 302
    timeline = desk.see("timeline")
    assert "Task opened again: “Ring them today”. No answer" in timeline
    assert "Task “Ring them” for Ben Example, due" in timeline


def test_a_note_names_colleagues_by_box_or_by_name_and_they_say_that_they_read_it(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    ada, ben = make_user(Role.CASEWORKER, name="Ada Example"), make_user(Role.CASEWORKER, name="Ben Author")
    cem = make_user(Role.CASEWORKER, name="Cem Example")
    author, reader = Desk(enter(app, ben), filed.case_reference), Desk(enter(app, ada), filed.case_reference)
    refused = author.send("note", {"body": "", "readers": [str(ada.id)]})
    assert re.search(rf'value="{ada.id}"[^>]*checked', refused.text)
    sent = author.send("note", {"body": "@Ada Example and @Nobody: look", "readers": [str(cem.id)]})
    assert sent.status_code == 302
    page = author.see()
    assert "Nobody was told of “@Nobody”" in page
    assert "Ada Example (not read yet), Cem Example (not read yet)" in page
    assert "Ben Author wrote a note for you" in reader.client.get("/desk").text
    assert "I have read the notes for me" in reader.see()
    token = token_in(reader.see())
    assert reader.client.post(reader.url("notes/read"), data={"csrf_token": token}).status_code == 302
    assert "wrote a note" not in reader.client.get("/desk").text
    assert "Ada Example (read " in author.see()


def test_seniors_keep_the_labels_and_caseworkers_choose_from_them(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    senior = enter(app, make_user(Role.SENIOR_CASEWORKER))
    desk = Desk(enter(app, make_user(Role.CASEWORKER)), filed.case_reference)
    assert "No label has been put on the list yet" in desk.see("labels")

    def keep(**fields: str) -> str:
        data = {"csrf_token": token_in(senior.get("/labels").text), **fields}
        return senior.post("/labels", data=data, follow_redirects=True).text

    assert "Select a colour" in keep(name="Press", colour="")
    assert "Label saved" in keep(name="Press", colour="red")
    page = keep(name="press", colour="red")
    assert "There is a label “Press” already" in page
    (label_id,) = set(re.findall(r"/labels/([0-9a-f-]{36})\"", page))
    assert desk.client.get("/labels").status_code == 403

    hidden = desk.carried(desk.url("labels"))
    assert desk.send("labels", {"labels": [label_id]}, carried=hidden).status_code == 302
    assert desk.send("labels", {"labels": [label_id]}, carried=hidden).status_code == 302, "sent twice is no error"
    assert re.search(r"govuk-tag--red[^>]*>\s*Press\s*<", desk.see())
    change = f"/labels/{label_id}"
    data = {"csrf_token": token_in(senior.get(change).text), "name": "Media", "colour": "blue", "version": "1"}
    assert senior.post(change, data=data).status_code == 302
    again = senior.post(change, data={**data, "name": "Papers"})
    assert "Somebody else changed this label" in again.text
    assert 'value="Papers"' in again.text
    token = {"csrf_token": token_in(senior.get("/labels").text)}
    assert "Bring it back" in senior.post(f"{change}/retire", data=token, follow_redirects=True).text
    assert "No longer on the list" in desk.see("labels")
    assert "Take it off the list" in senior.post(f"{change}/bring-back", data=token, follow_redirects=True).text
    assert desk.send("labels", {}).status_code == 302
    assert "Label removed: Media" in desk.see("timeline")


def test_a_checklist_is_ticked_and_closing_names_what_is_open(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    desk = Desk(enter(app, make_user(Role.CASEWORKER, name="Ada Example")), filed.case_reference)
    assert desk.send("checklists/every-case", {"items": ["facts-checked"]}).status_code == 302
    assert "Every case: 1 of 4" in desk.see()
    assert "Ticked by Ada Example" in desk.see("checklists/every-case")
    assert desk.send("tasks/new", {"title": "Ring them", "when": "1"}).status_code == 302
    desk.move("acknowledged", "triage", "out-of-scope")
    closing = desk.see("move")
    assert "Ring them, due" in closing
    assert "Nothing sent to the authority lets it tell who reported" not in closing, "it ended before anybody was asked"
    answer = desk.send("checklists/every-case?then=move", {"items": ["facts-checked"]})
    assert answer.headers["Location"].endswith("/move"), "back to closing"


def test_a_watched_case_says_what_changed_and_mail_is_chosen(
    app: Flask, filed: Filed, make_user: Callable[..., Member]
) -> None:
    ada, ben = make_user(Role.CASEWORKER), make_user(Role.CASEWORKER)
    watcher, other = Desk(enter(app, ada), filed.case_reference), Desk(enter(app, ben), filed.case_reference)
    token = {"csrf_token": token_in(watcher.see())}
    assert watcher.client.post(watcher.url("watch"), data=token).status_code == 302
    other.move("acknowledged")
    assert "Watched: changed since your last look" in watcher.client.get("/desk").text
    assert "1 change by others</a>" in watcher.see()
    assert "by others" not in watcher.see()
    assert "Watched: changed" not in watcher.client.get("/desk").text
    assert "Stop watching" in watcher.see()
    assert watcher.client.post(watcher.url("watch/end"), data=token).status_code == 302

    page = watcher.client.get("/account/mail").text
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["mentions", "tasks"]
    token = {"csrf_token": token_in(page)}
    assert watcher.client.post("/account/mail", data={**token, "about": ["watched"]}).status_code == 302
    assert re.findall(r'value="(\w+)"[^>]* checked', watcher.client.get("/account/mail").text) == ["watched"]
