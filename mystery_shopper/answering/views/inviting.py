"""Inviting officers, and dealing with what came from them. A code is shown once, on the answer to the form itself."""

from datetime import date
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from mystery_shopper.accounts.access import actor, signed_in_user
from mystery_shopper.answering import queries, services
from mystery_shopper.answering.forms.staff import ConfirmForm, DecideForm, InviteForm, person_of
from mystery_shopper.answering.models import Inquiry, InquiryRequest
from mystery_shopper.answering.policy import Person, spoken
from mystery_shopper.answering.services import Invited
from mystery_shopper.answering.states import KIND_LABELS
from mystery_shopper.answering.views import bp
from mystery_shopper.answering.views.staff import back_to
from mystery_shopper.cases.gate import DisclosureError
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.on_record import open_case
from mystery_shopper.cases.second_person import ask_second_person, let_out
from mystery_shopper.core import clock
from mystery_shopper.core.db import transactional
from mystery_shopper.core.errors import DomainError
from mystery_shopper.core.permissions import Permission, requires


def show_code(case: Case, invited: Invited) -> ResponseReturnValue:
    """Show the code of somebody who was just invited: it is never shown again."""
    person: Person = invited.officer.person(case.data_key)
    return render_template(
        "answering/show_code.html",
        case=case,
        person=person,
        code=spoken(invited.code),
        expires_on=invited.officer.expires_on,
    )


@bp.route("/cases/<reference>/inquiries/<uuid:inquiry_id>/invite", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def invite_officer(reference: str, inquiry_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    inquiry = queries.get_inquiry(case, inquiry_id)
    form = InviteForm(data=let_out(case))
    if form.validate_on_submit():
        try:
            invited = services.invite(case, inquiry, person_of(form), actor=actor(), now=clock.utc_now())
            return show_code(case, invited)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    view = queries.show_inquiry(case, inquiry, clock.today())
    return render_template("answering/invite_officer.html", case=case, form=form, view=view)


@bp.route("/cases/<reference>/officers/<uuid:officer_id>/again", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def invite_again(reference: str, officer_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    inquiry, officer = queries.get_officer(case, officer_id)
    form = ConfirmForm()
    form.confirm.label.text = "Make a new link and code"
    if form.validate_on_submit():
        try:
            return show_code(case, services.invite_again(case, inquiry, officer, actor=actor(), now=clock.utc_now()))
        except DomainError as error:
            form.add_error(error)
    person = officer.person(case.data_key)
    return render_template("answering/invite_again.html", case=case, form=form, person=person)


@bp.route("/cases/<reference>/officers/<uuid:officer_id>/revoke", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def revoke_officer(reference: str, officer_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    _inquiry, officer = queries.get_officer(case, officer_id)
    form = ConfirmForm()
    form.confirm.label.text = "Take the access back"
    if form.validate_on_submit():
        services.revoke(case, officer, actor=actor(), now=clock.utc_now())
        return back_to(case, "Access taken back. The link and the code are worthless now")
    person = officer.person(case.data_key)
    return render_template("answering/revoke_officer.html", case=case, form=form, person=person)


@bp.route("/cases/<reference>/requests-of-authority/<uuid:inquiry_request_id>", methods=["GET", "POST"])
@requires(Permission.CASE_WORK)
@transactional
def decide_request(reference: str, inquiry_request_id: UUID) -> ResponseReturnValue:
    case = open_case(reference)
    inquiry, row = queries.get_request(case, inquiry_request_id)
    content = row.content(case.data_key)
    form = DecideForm(data=let_out(case))
    form.offer(row.kind, date.fromisoformat(content["until"]) if "until" in content else None)
    if form.validate_on_submit():
        try:
            return _decide(case, inquiry, row, form)
        except DisclosureError as error:
            if form.wants_override(error):
                return ask_second_person(case, error, form)
        except DomainError as error:
            form.add_error(error)
    return render_template(
        "answering/decide_request.html",
        case=case,
        form=form,
        row=row,
        label=KIND_LABELS[row.kind],
        content=content,
        view=queries.show_inquiry(case, inquiry, clock.today()),
    )


def _decide(case: Case, inquiry: Inquiry, row: InquiryRequest, form: DecideForm) -> ResponseReturnValue:
    invited = services.decide_request(
        case, inquiry, row, form.to_ruling(row.kind), by=signed_in_user(), now=clock.utc_now()
    )
    if invited is not None:
        return show_code(case, invited)
    return back_to(case, "Saved")
