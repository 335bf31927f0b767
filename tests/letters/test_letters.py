"""Letters to an authority: drafted, past the gate, approved by a second person, sent with their clock."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mystery_shopper.accounts.policy import Role, StaffMember
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.queries import get_case_for_update
from mystery_shopper.cases.services import ask_override, decide_override
from mystery_shopper.core import clock
from mystery_shopper.core.calendar import format_day
from mystery_shopper.core.db import db, transaction
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.languages import speaking
from mystery_shopper.interventions.models import Intervention
from mystery_shopper.letters import services
from mystery_shopper.letters.models import AuthorityLetter
from tests.architecture.world import as_staff
from tests.casework.pages import Desk, day
from tests.factories.letters import add_approved_letter, draft_letter
from tests.factories.publications import add_authority
from tests.factories.reports import IDENTITY, Filed
from tests.factories.staff import Member

SAYS = "{date} Answer by {due}. Why?"


def test_a_notice_is_drafted_sent_back_changed_approved_and_sent(
    app: Flask, file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    reference = file_report().case_reference
    desk, senior = Desk(signed_in("caseworker"), reference), Desk(signed_in("senior-caseworker"), reference)
    stranger = Desk(signed_in("caseworker"), reference)
    desk.client.post(desk.url("take"), data=desk.carried(desk.url()))
    desk.move("acknowledged", "triage", "accepted", "authority-contacted")
    assert "section 108" in desk.see("letters/new")
    assert "section 40" not in desk.see("letters/new"), "that power has ended"
    assert desk.client.get(desk.url("letters/new/section-40-notice/en")).status_code == 404
    assert "Hysbysiad o dan adran 108" in desk.see("letters/new/section-108-notice/cy")
    path = "letters/new/section-108-notice/en"
    page = desk.see(path)
    assert "a bond of £" in page
    assert desk.reference not in re.search(r"<textarea.*?</textarea>", page, re.S)[0]  # type: ignore[index]
    assert "May it go all the same" not in page, "only after the warning"

    carried = desk.carried(desk.url(path))
    kept = desk.send(path, {"summary": f"{IDENTITY.organisation} says so.", "save": "yes"}, carried=carried)
    assert kept.status_code == 302, kept.text
    assert desk.send(path, {"summary": "Once", "save": "yes"}, carried=carried).location == kept.location, "once"
    letter = kept.location.removeprefix(desk.url() + "/")
    drafted = desk.see(letter)
    assert "Remove words that could identify the reporter" in drafted, "the gate reads drafts"
    assert f'href="{desk.url("words")}"' in drafted, "the way to what it looks for"
    edit, fields = f"{letter}/edit", {"known_by": "few", "moves_case": "yes", "submit": "yes"}
    stopped = desk.send(edit, fields | {"summary": f"{IDENTITY.organisation} says so. {{due}}"}).text
    assert "Remove words that could identify the reporter" in stopped
    assert "Ask a second person" in stopped
    assert f'href="{desk.url("words")}"' in stopped
    warned = desk.send(edit, fields | {"summary": SAYS}).text
    assert "can guess who told us" in warned
    assert "May it go all the same" in warned
    assert "Select yes if the case moves on" in desk.send(edit, {"summary": SAYS, "submit": "yes"}).text
    stale = desk.carried(desk.url(edit))
    assert desk.send(edit, fields | {"summary": SAYS, "is_confirmed": "yes"}).status_code == 302
    late = desk.send(edit, {"summary": "Typed over it", "save": "yes"}, carried=stale)
    assert late.status_code == 409
    assert "Typed over it" in late.text, "nothing typed is lost"

    assert stranger.client.get(desk.url(letter)).status_code == 404
    assert stranger.client.get(desk.url(edit)).status_code == 404
    assert desk.client.get(desk.url(f"{letter}/decide")).status_code == 403, "a caseworker approves nothing"
    assert "Letters to approve" in senior.client.get("/desk").text
    assert "Letters to approve" not in desk.client.get("/desk").text
    decide = f"{letter}/decide"
    assert "The writer was warned" in senior.see(decide)
    assert "Enter what must change" in senior.send(decide, {"approve": "no"}).text
    senior.send(decide, {"approve": "no", "reason": "Say what the law is"})
    assert "Say what the law is" in desk.see(letter)
    assert "Letters sent back to me" in desk.client.get("/desk").text
    assert "cannot be sent" in desk.client.get(desk.url(f"{letter}/send")).text, "only what was approved goes"
    final = f"{SAYS} Section 108."
    desk.send(edit, fields | {"summary": final, "is_confirmed": "yes"})
    seen = senior.carried(senior.url(decide))
    desk.send(edit, fields | {"summary": f"{final}..", "is_confirmed": "yes"})
    desk.send(edit, fields | {"summary": final, "is_confirmed": "yes"})
    assert senior.send(decide, {"approve": "yes"}, carried=seen).status_code == 409, "another text than was read"
    assert senior.send(decide, {"approve": "yes"}).status_code == 302
    assert "My letters that can go" in desk.client.get("/desk").text

    soon = desk.send(f"{letter}/send", {"when": "now"}).text
    assert "A report came today" in soon
    assert "Must it go today?" in soon
    sent = desk.send(f"{letter}/send", {"when": "now", "is_confirmed": "yes"})
    assert sent.status_code == 302, sent.text
    due = format_day(clock.today() + timedelta(days=30))
    shown = desk.see(letter)
    assert f"Answer by {due}. Why? Section 108." in shown
    assert (
        "govuk-notification-banner" not in shown or "ms-no-print" in shown.split("govuk-notification-banner", 1)[1][:80]
    )
    assert all(f"Version {number}, written by" in shown for number in range(1, 6)), "every text stays"
    assert "Say what the law is" in shown
    assert desk.client.get(desk.url(edit)).status_code == 404, "what went is not changed"
    text = desk.client.get(desk.url(f"{letter}/text"))
    assert text.text == f"{format_day(clock.today())} Answer by {due}. Why? Section 108."
    assert re.search(r'filename="LTR-[0-9A-F]{8}\.txt"', text.headers["Content-Disposition"])
    whole = desk.see()
    assert "Letters to the authority" in whole
    assert "The writer was warned" in whole
    assert re.search(r"Letter LTR-\w+ sent back", desk.see("timeline"))
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        row = db.session.scalars(select(Intervention)).one()
        assert case.state == "formal-notice"
        assert case.step_due_on == row.response_due_on == clock.today() + timedelta(days=30)


def test_nobody_approves_what_they_wrote_and_a_given_up_letter_goes_nowhere(
    file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    desk = Desk(signed_in("senior-caseworker"), file_report().case_reference)
    desk.move("acknowledged", "triage", "accepted")
    path = "letters/new/reminder/en"
    fields = {"summary": "Please answer by {due}.", "known_by": "more", "answer_days": "7"}
    fields |= {"submit": "yes", "moves_case": "no"}
    letter = desk.send(path, fields).location.removeprefix(desk.url() + "/")
    assert "somebody else must approve it" in desk.see(letter)
    assert "Save decision" not in desk.see(f"{letter}/decide")
    assert "Letters to approve" not in desk.client.get("/desk").text
    tried = desk.send(f"{letter}/decide", {"approve": "yes"}, carried=desk.carried(desk.url(f"{letter}/edit")))
    assert tried.status_code == 403
    assert "You wrote some of this letter" in tried.text
    given_up = desk.client.post(desk.url(f"{letter}/drop"), data=desk.carried(desk.url(letter)))
    assert given_up.status_code == 302
    assert "Not sent" in desk.see(letter)
    assert desk.client.get(desk.url(f"{letter}/send")).status_code == 409


def test_what_a_second_person_let_out_is_approved_and_goes_on_any_day(
    app: Flask,
    file_report: Callable[..., Filed],
    signed_in: Callable[..., FlaskClient],
    make_user: Callable[..., Member],
) -> None:
    filed = file_report()
    writer, other = (make_user(role) for role in ("caseworker", "senior-caseworker"))
    people = [as_staff(writer, Role.CASEWORKER), as_staff(other, Role.SENIOR_CASEWORKER)]
    text = f"{{date}} {IDENTITY.organisation} is named in the notice. Answer by {{due}}."
    with app.app_context(), transaction():
        case, now = get_case_for_update(filed.case_id), clock.utc_now()
        letter = draft_letter(case, people[0], text=text, kind="reminder")
        with pytest.raises(DisclosureError) as stopped:
            services.submit_letter(case, letter, writer=people[0], now=now)
        asked = ask_override(case, stopped.value, "It is public", page="/", by=people[0], now=now)
        decide_override(case, asked, allows=True, answer="It is", known_by="more", by=people[1], now=now)
        services.submit_letter(case, letter, writer=people[0], now=now)
        services.approve_letter(case, letter, version=letter.version, by=people[1], now=now)
        until = clock.today() + timedelta(days=3)
        services.hold_letter(case, letter, until, version=letter.version, actor=people[0].actor, now=now)
        with pytest.raises(DomainError, match="held until"):
            send(case, letter, people[0], now)
        later = now + timedelta(days=3)
        row = send(case, letter, people[0], later)
        assert row.summary(case.data_key).startswith(format_day(row.made_on))
        assert row.response_due_on == row.made_on + timedelta(days=14), "counted from the day it goes"
        assert IDENTITY.organisation in services.take_out(case, letter)


def send(case: Case, letter: AuthorityLetter, by: StaffMember, now: datetime) -> Intervention:
    return services.send_letter(case, letter, version=letter.version, is_confirmed=False, sender=by, now=now)


def test_letters_to_one_authority_are_held_and_go_together_or_not_at_all(
    app: Flask,
    file_report: Callable[..., Filed],
    signed_in: Callable[..., FlaskClient],
    make_user: Callable[..., Member],
) -> None:
    filed = [
        file_report(identity=replace(IDENTITY, organisation=f"Brackenfold {name}")) for name in ("Kitchens", "Vans")
    ]
    people = [make_user(role) for role in (Role.CASEWORKER, Role.SENIOR_CASEWORKER)]
    with app.app_context():
        writer, other = (as_staff(person, role) for person, role in zip(people, Role, strict=False))
        with transaction():
            authority = add_authority()
            for one in filed:
                case = get_case_for_update(one.case_id)
                case.authority = authority
            ids = [str(add_approved_letter(get_case_for_update(one.case_id), writer, other).id) for one in filed]
        page = f"/letters/authorities/{authority.id}"
        name = authority.name
        db.session.remove()
    desk = Desk(signed_in(Role.CASEWORKER))
    listed = desk.client.get("/letters").text
    assert name in listed
    assert listed.count("LTR-") == 2
    together = {"letters": ids}
    refused = desk.client.post(page, data={**desk.carried(page), **together}).text
    assert "Nothing was sent" in refused
    assert "A report came today" in refused
    for one, letter in zip(filed, ids, strict=True):
        desk.reference = one.case_reference
        way = f"letters/{letter}/send"
        assert "must be in the future" in desk.send(way, {"when": "hold", **day("not_before", clock.today())}).text
        soon = clock.today() + timedelta(days=1)
        assert desk.send(way, {"when": "hold", **day("not_before", soon)}).status_code == 302
    assert "No letter to this authority can go today" in desk.client.get(page).text
    assert desk.send(way, {"when": "free"}).status_code == 302
    with clock.frozen(clock.utc_now() + timedelta(days=1)):
        tomorrow = Desk(signed_in(Role.CASEWORKER))
        refused = tomorrow.client.post(page, data={**tomorrow.carried(page), **together}).text
        assert "A report came yesterday" in refused, "one that was not held is asked about on its own page"
        with app.app_context():
            assert db.session.scalars(select(Intervention)).all() == [], "all go or none"
        gone = tomorrow.client.post(page, data={**tomorrow.carried(page), "letters": ids[:1]})
        assert gone.status_code == 302, gone.text
        batch = tomorrow.client.get(gone.location).text
        assert f"{filed[0].case_reference}/letters/{ids[0]}/text" in batch
        assert ids[1] not in batch
        assert ids[0] not in tomorrow.client.get("/letters").text


def test_a_live_tender_has_its_words_and_a_moved_deadline_moves_its_clock(
    app: Flask, file_report: Callable[..., Filed], signed_in: Callable[..., FlaskClient]
) -> None:
    soon, later = clock.today() + timedelta(days=4), clock.today() + timedelta(days=11)
    desk = Desk(signed_in(Role.CASEWORKER), file_report(tender_closes_on=soon).case_reference)
    assert f"Tenders close on {format_day(soon)}: in 4 days" in desk.see()
    script = desk.see("letters/call/en")
    assert f"Tenders must be in by {format_day(soon)}" in script
    assert "a bond of £" in script
    assert IDENTITY.organisation not in script
    with speaking("cy"):
        assert format_day(soon) in desk.see("letters/call/cy")
    assert "call script" in desk.see("letters/new/urgent/en")
    assert f"until {format_day(soon)}" in desk.see("letters/new/urgent/en")
    answer = desk.send("facts/deadline_date", {**day("value", later), "origin": "Amended notice"})
    assert answer.status_code == 302, answer.text
    assert f"Tenders close on {format_day(later)}: in 11 days" in desk.see()
    assert f"Deadline for tenders moved from {format_day(soon)} to {format_day(later)}" in desk.see("timeline")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.tender_closes_on == later
        assert (case.due_on, case.due_kind) != (soon, "tender")
    past = {**day("value", clock.today() - timedelta(days=1)), "origin": "Amended notice"}
    assert desk.send("facts/deadline_date", past).status_code == 302
    assert "What can still change" not in desk.see()
    assert desk.client.get(desk.url("letters/call/en")).status_code == 404
    assert "until" not in desk.see("letters/new/urgent/en").split("<textarea")[1].split("</textarea>")[0]
